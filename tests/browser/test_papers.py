"""What is printed, counted in sheets, and what of it stands on a screen."""

import re

import pytest

from tests.browser.helpers import OpenPage

SHEET = re.compile(rb"/Type\s*/Page\b")
SMALLEST = 12  # CSS pixels, which are 9 points
# Of words that one reads, the sizes; those of the picture are the drawing’s.
SIZES = """article => [...article.querySelectorAll("h1, h2, p, li, th, td, figcaption")]
  .map(each => parseFloat(getComputedStyle(each).fontSize))"""
# A word that a line’s end goes through is in two places.
BROKEN = """heads => heads.flatMap(head => [...head.textContent.matchAll(/[^\\s-]+/g)].filter(word => {
  const range = document.createRange();
  range.setStart(head.firstChild, word.index);
  range.setEnd(head.firstChild, word.index + word[0].length);
  return range.getClientRects().length > 1;
}).map(word => word[0]))"""


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("query", ["?objective=os-i", "?objective=os-ix", ""])
def test_short_dossier_is_one_sheet(open_page: OpenPage, prefix: str, query: str) -> None:
    """With room for some more lines, and no words too small to read."""
    page = open_page(f"{prefix}/dossier/{query}")
    article = page.locator(".dossier")
    article.evaluate("article => article.insertAdjacentHTML('beforeend', '<p>·</p>'.repeat(2))")
    assert len(SHEET.findall(page.pdf(prefer_css_page_size=True, print_background=True))) == 1
    page.emulate_media(media="print")
    assert min(article.evaluate(SIZES)) >= SMALLEST


@pytest.mark.parametrize("address", ["/dossier/?objective=os-ix", "/en/dossier/"])
def test_dossiers_table_breaks_no_word(open_page: OpenPage, address: str) -> None:
    heads = open_page(address, 360).locator(".dossier-counts th")
    assert heads.count() > 4
    assert heads.evaluate_all(BROKEN) == []


def test_dossier_says_one_version(open_page: OpenPage) -> None:
    """That of its citation."""
    page = open_page("/dossier/?objective=os-i")
    assert "versione del contenuto" in page.locator(".dossier-citation").inner_text()
    assert "versione" not in page.locator(".site-footer").inner_text()


def test_home_prints_what_is_counted_and_no_way_to_it(open_page: OpenPage) -> None:
    page = open_page("/")
    assert len(SHEET.findall(page.pdf(prefer_css_page_size=True, print_background=True))) == 2
    page.emulate_media(media="print")
    assert page.locator(".doorway:visible h2").all_inner_texts() == [
        "Obiettivo specifico 2021-27",
        "Categoria d’intervento",
        "Settore prioritario (Allegato D)",
    ]
    assert page.locator("main .count:visible").count() == 14
    for useless in ("Cerca nel catalogo", "Fai clic", "Prepara un dossier", "Scarica", "Tutte le modifiche"):
        assert useless not in page.locator("main").inner_text()
    for part, points in ((".hero h1", 18), (".hero .lead", 11), (".doorway h2", 13), (".site-footer p", 9.5)):
        size = page.locator(part).first.evaluate("part => parseFloat(getComputedStyle(part).fontSize)")
        assert size * 0.75 == pytest.approx(points, abs=0.01), part
