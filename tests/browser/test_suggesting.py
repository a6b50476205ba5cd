"""Suggestions under a search box: by keyboard, by touch, without scripts, and when they fail."""

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.helpers import OpenPage, tab_to, total, wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Page


def options(page: "Page") -> list[str]:
    return [" ".join(label.split()) for label in page.locator("#suggestions [role=option]").all_inner_texts()]


def type_in(page: "Page", typed: str) -> None:
    """Types into the search box, with the options that come for it."""
    page.locator("#q").press_sequentially(typed)
    page.locator("#suggestions [role=option]").first.wait_for(timeout=5000)


@pytest.mark.parametrize("width", [1280, 360])
def test_suggestion_is_chosen_with_the_keyboard_alone(open_page: OpenPage, width: int) -> None:
    page = open_page("/", width)
    tab_to(page, "#q")
    assert page.locator("#q").get_attribute("aria-expanded") == "false"
    type_in(page, "cowor")
    assert page.locator("#q").get_attribute("aria-expanded") == "true"
    assert options(page) == ["Cerca coworking", "Iniziativa Spazi collaborativi di lavoro (coworking)"]
    assert page.locator("#suggestions-said").inner_text() == "2 suggerimenti"
    assert page.locator("#suggestions [aria-selected=true]").count() == 0, "nothing is chosen for who only types"
    for key, chosen in (("ArrowDown", 1), ("ArrowDown", 2), ("ArrowDown", 1), ("ArrowUp", 2)):
        page.keyboard.press(key)
        assert page.locator("#q").get_attribute("aria-activedescendant") == f"suggestion-{chosen}"
        assert page.locator("#suggestions [aria-selected=true]").get_attribute("id") == f"suggestion-{chosen}"
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.press("Enter")
    page.wait_for_url("**/iniziative/coworking/")


def test_escape_leaves_what_was_typed(open_page: OpenPage) -> None:
    page = open_page("/iniziative/")
    type_in(page, "cowor")
    page.keyboard.press("Escape")
    assert not page.locator("#suggestions").is_visible()
    assert page.locator("#q").input_value() == "cowor"
    page.keyboard.press("ArrowDown")
    assert page.locator("#suggestions [aria-selected=true]").count() == 1
    page.keyboard.press("Tab")
    assert not page.locator("#suggestions").is_visible()


def test_who_presses_enter_searches_what_was_typed(open_page: OpenPage) -> None:
    page = open_page("/iniziative/")
    page.evaluate("window.same = true")
    type_in(page, "cowor")
    page.keyboard.press("Enter")
    wait_for(page, "1 scheda")
    page.wait_for_timeout(500)
    assert not page.locator("#suggestions").is_visible()
    assert page.evaluate("window.same"), "the page was loaded anew"


def test_suggestion_is_chosen_by_touch(open_page: OpenPage) -> None:
    page = open_page("/iniziative/", 360, has_touch=True)
    page.locator(".filters > summary").tap()
    type_in(page, "inclusione at")
    box = page.locator("#suggestions").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    page.get_by_role("option", name="Inclusione attiva").tap()
    page.wait_for_url("**/settori/inclusione-attiva/")


def test_box_without_suggestions_is_a_box(open_page: OpenPage) -> None:
    page = open_page("/", java_script_enabled=False)
    assert page.locator("#q").get_attribute("role") is None
    page.locator("#q").fill("cowor")
    page.locator("#q").press("Enter")
    assert "1 scheda" in total(page)


def test_failed_suggestions_leave_the_search_as_it_is(open_page: OpenPage, said: list[str]) -> None:
    page = open_page("/iniziative/")
    page.route(re.compile("suggerimenti"), lambda route: route.abort("failed"))
    page.locator("#q").press_sequentially("cowor")
    page.wait_for_timeout(600)
    assert not page.locator("#suggestions").is_visible()
    assert page.url.endswith("/iniziative/")
    page.keyboard.press("Enter")
    wait_for(page, "1 scheda")
    assert said
    said.clear()
