"""A result renewed in place as one chooses (`live.js`): what one sees, the address, the way back, the focus."""

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.helpers import OpenPage, total, wait_for
from tests.sites import manage, new_site

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page, Route

SIXTY_SECTORS = """
from taxonomy.models import PrioritySector
for n in range(60):
    PrioritySector.objects.create(slug=f"settore-{n}", name=f"Settore {n}", text="Prova", position=100 + n)
"""


def test_choosing_updates_everything_in_place(open_page: OpenPage) -> None:
    page = open_page("/iniziative/")
    page.evaluate("window.same = true")
    page.get_by_label("OS ix").check()
    wait_for(page, "13 schede")
    assert page.url.endswith("/iniziative/?objective=os-ix")
    assert page.title().startswith("OS ix · Iniziative e misure")
    assert page.locator(".sentence").inner_text() == "Filtri attivi: OS ix"
    assert page.locator(".chip-remove").all_inner_texts() == ["Togli\nOS ix ×"]
    assert page.locator("label[for=category-economia-sociale] .count").inner_text() == "0"
    assert page.locator(".languages a").get_attribute("href") == "/en/initiatives/?objective=os-ix"
    for selector, attribute in (("link[rel=canonical]", "href"), ("meta[property='og:url']", "content")):
        assert str(page.locator(selector).get_attribute(attribute)).endswith("/iniziative/?objective=os-ix")
    assert page.evaluate("document.activeElement.id") == "objective-os-ix"
    assert page.locator("#total").get_attribute("role") == "status"
    page.locator("#order").select_option("title")
    page.wait_for_url("**/iniziative/?objective=os-ix&order=title")
    page.get_by_label("Cerca nei titoli").fill("infanzia")
    page.get_by_label("Cerca nei titoli").press("Enter")
    page.wait_for_url("**/iniziative/?objective=os-ix&order=title&q=infanzia")
    assert page.evaluate("window.same"), "the page was loaded anew"


def test_what_was_looked_for_among_many_values_outlives_a_choice(open_page: OpenPage, tmp_path: "Path") -> None:
    site = new_site(tmp_path / "var", "catalogue_choosing")
    try:
        made = manage("shell", "-c", SIXTY_SECTORS, **site.variables)
        assert made.returncode == 0, made.stderr
        page = open_page(f"{site.url}/iniziative/")
        box, values = page.get_by_label("Cerca tra i valori"), page.locator(".facet-sector .choice:visible")
        box.press_sequentially("SETTORE 4")
        assert values.count() == 11
        page.get_by_label("Settore 41").check()
        page.wait_for_url("**/iniziative/?sector=settore-41")
        page.locator("#facets input:checked").wait_for(timeout=5000)
        assert box.input_value() == "SETTORE 4"
        assert values.count() == 11
        assert page.get_by_label("Settore 41").is_checked()
    finally:
        site.stop()


def test_ticks_are_no_steps_back(open_page: OpenPage) -> None:
    page = open_page("/iniziative/")
    steps = page.evaluate("history.length")
    for slug in ("coworking", "organizzazione-lavoro"):  # a term is called so too
        page.locator(f'.tick[value="{slug}"]').check()
        page.wait_for_url(f"**pick={slug}**")
        page.locator(f'.picked a[href$="{slug}"]').first.wait_for(timeout=5000)
        assert page.evaluate("document.activeElement.matches('.tick')"), "the focus is lost"
        assert page.evaluate("document.activeElement.value") == slug
    assert page.evaluate("history.length") == steps
    page.get_by_label("OS ix").check()
    wait_for(page, "13 schede")
    assert page.evaluate("history.length") == steps + 1


def test_back_and_reload_show_what_the_address_says(open_page: OpenPage) -> None:
    page = open_page("/iniziative/")
    page.get_by_label("OS ix").check()
    wait_for(page, "13 schede")
    page.get_by_label("Misure").check()
    wait_for(page, "9 schede")
    page.reload()
    assert "9 schede" in total(page)
    page.go_back()
    wait_for(page, "13 schede")
    assert page.get_by_label("OS ix").is_checked()
    assert not page.get_by_label("Misure").is_checked()
    page.go_back()
    wait_for(page, "27 schede")
    assert not page.get_by_label("OS ix").is_checked()


def test_address_after_choosing_is_what_a_colleague_opens(open_page: OpenPage) -> None:
    page = open_page("/iniziative/")
    page.locator("#category-economia-sociale").check()
    wait_for(page, "10 schede")
    colleague = open_page(page.url, java_script_enabled=False)
    assert total(colleague) == total(page)
    assert colleague.locator("article h3").all_inner_texts() == page.locator("article h3").all_inner_texts()


def test_panel_stays_open_and_where_it_was(open_page: OpenPage) -> None:
    page = open_page("/iniziative/", 360)
    page.locator(".filters > summary").click()
    box = page.get_by_label("Inclusione attiva")
    box.scroll_into_view_if_needed()
    before = box.bounding_box()
    box.check()
    wait_for(page, "10 schede")
    after = box.bounding_box()
    assert before is not None
    assert after is not None
    assert page.locator("details.filters").get_attribute("open") is not None
    assert abs(before["y"] - after["y"]) < 2


def test_pressing_the_button_closes_the_panel_and_shows_the_total(open_page: OpenPage) -> None:
    page = open_page("/iniziative/", 360)
    page.locator(".filters > summary").click()
    page.get_by_label("Inclusione attiva").check()
    wait_for(page, "10 schede")
    page.get_by_role("button", name="Applica i filtri").click()
    page.locator("details.filters:not([open])").wait_for(timeout=5000)
    assert page.evaluate("document.activeElement.id") == "total"
    box = page.locator("#total").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 900


def slowly(page: "Page") -> None:
    """Live answers take longer than the reader's next choice."""

    def answer_late(route: "Route") -> None:
        page.wait_for_timeout(300)
        route.continue_()

    page.route(re.compile("page_size="), answer_late)


def test_quick_choices_all_count(open_page: OpenPage) -> None:
    page = open_page("/iniziative/")
    slowly(page)
    page.evaluate("for (const id of ['objective-os-ix', 'level-measure']) document.getElementById(id).click()")
    page.wait_for_url(re.compile("level=measure&objective=os-ix$"))
    wait_for(page, "9 schede")
    assert page.locator("input:checked:not([type=radio])").count() == 2


def test_choice_taken_back_at_once_is_back(open_page: OpenPage) -> None:
    page = open_page("/iniziative/")
    slowly(page)
    page.evaluate("for (let n = 0; n < 2; n++) document.getElementById('objective-os-ix').click()")
    page.wait_for_timeout(1200)
    assert not page.get_by_label("OS ix").is_checked()
    assert "27 schede" in total(page)


def test_focus_that_went_on_is_not_lost(open_page: OpenPage) -> None:
    page = open_page("/iniziative/")
    slowly(page)
    page.locator("#sector-inclusione-attiva").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    wait_for(page, "10 schede")
    assert page.evaluate("document.activeElement.id") == "sector-servizi-pubblici-digitali"
    box = page.locator("#sector-servizi-pubblici-digitali").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 900


def test_same_search_again_is_no_new_step_back(open_page: OpenPage) -> None:
    page = open_page("/iniziative/")
    for _ in range(3):
        page.get_by_label("Cerca nei titoli").fill("coworking")
        page.get_by_label("Cerca nei titoli").press("Enter")
        wait_for(page, "1 scheda")
    page.go_back()
    wait_for(page, "27 schede")


def test_refused_text_is_named_at_an_address_that_names_it_again(open_page: OpenPage) -> None:
    page = open_page("/iniziative/")
    page.get_by_label("Cerca nei titoli").fill("!!!")
    page.get_by_label("Cerca nei titoli").press("Enter")
    page.locator("#ignored", has_text="non contiene parole").wait_for(timeout=5000)
    page.reload()
    assert "non contiene parole" in page.locator("#ignored").inner_text()
    page.get_by_label("OS ix").check()
    wait_for(page, "13 schede")


@pytest.mark.parametrize("failure", ["network", "503"])
def test_failed_request_goes_as_without_scripts(open_page: OpenPage, said: list[str], failure: str) -> None:
    page = open_page("/iniziative/")
    page.evaluate("window.same = true")

    def fail(route: "Route") -> None:
        route.abort("failed") if failure == "network" else route.fulfill(status=503)

    page.route(re.compile("page_size="), fail, times=1)
    page.get_by_label("OS ix").check()
    wait_for(page, "13 schede")
    assert page.evaluate("window.same") is None
    assert said
    said.clear()
