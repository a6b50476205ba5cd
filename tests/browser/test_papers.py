"""What is printed, counted in sheets."""

import re

import pytest

from tests.browser.helpers import OpenPage

SHEET = re.compile(rb"/Type\s*/Page\b")


@pytest.mark.parametrize("address", ["/dossier/?objective=os-i", "/dossier/", "/en/dossier/?objective=os-ix"])
def test_short_dossier_is_one_sheet(open_page: OpenPage, address: str) -> None:
    assert len(SHEET.findall(open_page(address).pdf(prefer_css_page_size=True, print_background=True))) == 1


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
