"""The code to paste, in another page: all of it is read where it is offered, and its frame shows all at once."""

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.helpers import OpenPage, resize

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

OTHER = '<!doctype html><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><p>…</p>'


def code_of(page: "Page") -> str:
    page.locator(".embedding > summary").click()
    return page.locator("#embed-code").inner_text()


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("address", ["/figura/?objective=os-i", "/matrice/"])
def test_code_is_shown_whole(open_page: OpenPage, address: str, width: int) -> None:
    page = open_page(address, width, java_script_enabled=False)
    assert code_of(page).startswith("<iframe")
    assert page.locator("#embed-code").evaluate("code => code.scrollWidth <= code.clientWidth")


@pytest.mark.parametrize("address", ["/figura/", "/en/picture/?objective=os-i", "/figura/?category=cura-conciliazione"])
def test_frame_shows_all_of_the_picture_on_every_screen(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    code = code_of(page).replace("http://127.0.0.1:8000", page.url.partition("/figura")[0].partition("/en/")[0])

    def answer(route: "Route") -> None:
        route.fulfill(body=OTHER + code, content_type="text/html")

    page.route("**/altro-sito/", answer)
    for width in (1280, 1000, 800, 600, 360, 320):
        resize(page, width)
        page.goto("/altro-sito/")
        frame = page.frames[1]
        frame.wait_for_url(re.compile("/(embed|incorpora)/"))  # and for its stylesheets
        high, shown = frame.evaluate("[document.documentElement.scrollHeight, innerHeight]")
        assert high <= shown, width
        end = frame.locator("main").evaluate("main => main.lastElementChild.getBoundingClientRect().bottom")
        assert shown - end < 250, width
