"""What the browser's tests share with each other and with `.ci/pages`."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.helpers import KINDS

if TYPE_CHECKING:
    from playwright.sync_api import Page

OpenPage = Callable[..., "Page"]
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ENGLISH = [
    "/en/",
    "/en/initiatives/",
    "/en/initiatives/?category=welfare-servizi-sociali&objective=os-i",
    "/en/initiatives/servizi-infanzia/",
    "/en/initiatives/compare/?i=servizi-di-cura&i=coworking&i=organizzazione-lavoro",
    "/en/objectives/os-ix/",
    "/en/categories/cura-conciliazione/",
    "/en/sectors/inclusione-attiva/",
    "/en/matrix/",
    "/en/table/",
    "/en/picture/?objective=os-ix",
    "/en/dossier/?objective=os-i&part=summaries&part=quotations&part=counts",
    "/en/glossary/",
    "/en/objectives/",
    "/en/source/",
    "/en/data/",
    "/en/data/api/",
    "/en/about/",
    "/en/coverage/",
    "/en/changes/",
    "/en/initiatives/coworking/history/",
    "/en/accessibility/",
    "/en/privacy/",
]
ODD = [
    "/iniziative/?q=asilo+nido",
    "/iniziative/?q=zibibbo+welfare+agricoltura",
    "/fonte/?q=servizi+di+cura",
    "/en/initiatives/?q=elderly+zibibbo",
    "/en/source/?q=panoramica",
    "/iniziative/?category=inventata&q=nulla",
    "/iniziative/confronta/",
    "/matrice/?rows=sector&columns=category&objective=os-i",
    "/iniziative/?q=co-working&pick=coworking",
    "/fonte/?cite=coworking",
    "/iniziative/coworking/?objective=os-i&view=table",
    "/iniziative/confronta/?i=coworking&i=manca",
    "/iniziative/servizi-infanzia/storia/",
    "/incorpora/figura/",
    "/en/embed/table/",
]
ADDRESSES = [*KINDS, *ODD, *ENGLISH]
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # to describe every element that is right too takes as long as to look
    "preload": False,  # the media, of which there are none, and stylesheets, in ways that editors' pages forbid
}


def violations(page: "Page") -> list[str]:
    """What axe finds wrong with a page as it stands."""
    from axe_playwright_python.base import AXE_SCRIPT

    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("async options => (await axe.run(options)).violations", AXE)
    return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]


def resize(page: "Page", width: int, height: int = 900) -> None:
    page.set_viewport_size({"width": width, "height": height})


def scroll_width(page: "Page") -> int:
    # `locator.evaluate` works with the page's own scripts switched off.
    return page.locator("html").evaluate("html => html.scrollWidth")


def total(page: "Page") -> str:
    return page.locator(".total").inner_text()


def wait_for(page: "Page", words: str) -> None:
    page.locator(".total", has_text=words).wait_for(timeout=5000)


def tab_to(page: "Page", selector: str, most: int = 80, key: str = "Tab") -> None:
    """Goes on with the Tab key alone, or back with `Shift+Tab`, until the focus is there."""
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the Tab key does not reach {selector}")
