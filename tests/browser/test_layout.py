"""Every kind of page in a real browser: nothing scrolls sideways, nothing is refused, no cookie is set."""

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, NoReturn

import pytest

from tests.conftest import RunningSite
from tests.test_pages import KINDS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ADDRESSES = [*KINDS, "/iniziative/?category=inventata&q=nulla", "/en/", "/en/initiatives/?objective=os-ix"]


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright is not installed: uv sync --group browser")
    chromium = shutil.which("chromium") or missing("there is no chromium on this machine")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


def missing(reason: str) -> NoReturn:
    """Skips; in CI, where everything must be there, fails."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
@pytest.mark.parametrize("width", [1280, 360, 320])
def test_pages_fit_and_the_browser_has_nothing_to_say(
    browser: "Browser", site: RunningSite, width: int, javascript: bool
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=javascript)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("requestfailed", lambda request: said.append(f"failed: {request.url}"))
    for address in ADDRESSES:
        response = page.goto(site.url + address)
        assert response is not None
        assert response.status == 200, address
        # `locator.evaluate` works with the page's own scripts switched off.
        assert page.locator("html").evaluate("html => html.scrollWidth") <= width, (address, width)
    assert said == []
    assert context.cookies() == []
    context.close()


def test_filters_are_open_on_wide_screens_and_folded_on_narrow_ones(browser: "Browser", site: RunningSite) -> None:
    for width, visible in ((1280, True), (360, False)):
        page = browser.new_page(viewport={"width": width, "height": 900}, java_script_enabled=False)
        page.goto(f"{site.url}/iniziative/")
        assert page.locator("#objective-os-ix").is_visible() is visible
        page.close()


def test_a_reader_filters_without_javascript(browser: "Browser", site: RunningSite) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 900}, java_script_enabled=False)
    page.goto(f"{site.url}/iniziative/")
    page.locator(".filters summary").click()
    page.get_by_label("OS ix").check()
    page.get_by_label("Servizi di cura e di organizzazione").check()
    page.get_by_role("button", name="Aggiorna l’elenco").click()
    assert "5 voci" in page.locator(".total").inner_text()
    page.close()
