"""Whose site this is, whom one writes to and what one may do with it: read on every page, without a click."""

from io import BytesIO
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from pytest_django import Settings
from resvg_py import svg_to_bytes

from catalogue.pictures.codes import LONGEST
from catalogue.rights import CC_BY as CC_BY_NAME
from catalogue.rights import LICENCES, OPEN_LICENCES
from tests.helpers import KINDS, GetPage

pytestmark = pytest.mark.django_db
CC_BY = f"{LICENCES}A21_CCBY40"


def said_in(soup: BeautifulSoup, selector: str) -> str:
    return " ".join(soup.select(selector)[0].get_text().split())


@pytest.fixture
def signed(settings: Settings) -> None:
    settings.PUBLISHER_NAME, settings.PUBLISHER_URL = "Regione d’Esempio & figli", "https://www.example.it/"
    settings.CONTACT_EMAIL, settings.DATA_LICENCE = "catalogo@example.it", CC_BY
    settings.ACCESSIBILITY_DECLARATION_URL = "https://form.agid.gov.it/view/esempio"


@pytest.mark.usefixtures("signed")
@pytest.mark.parametrize("address", KINDS)
def test_every_page_is_signed(page: GetPage, address: str) -> None:
    soup = page(address)
    for link in (soup.select_one(".slim .publisher a"), soup.select_one(".signature a")):
        assert link is not None
        assert (link.get_text(), link["href"]) == ("Regione d’Esempio & figli", "https://www.example.it/")
    assert soup.select_one('.signature a[href="mailto:catalogo@example.it"]')
    assert said_in(soup, f'.signature a[rel="license"][href="{CC_BY}"]') == "CC BY 4.0"
    assert not soup.select(".unsigned")
    statement = soup.select_one('footer [data-element="accessibility-link"]')
    assert statement is not None
    assert statement["href"] == "https://form.agid.gov.it/view/esempio"


def test_what_nobody_has_signed_says_so_in_one_place(page: GetPage, settings: Settings) -> None:
    said = "Nessun ente ha ancora firmato questo sito. Da indicare ancora:"
    for address in KINDS:
        soup = page(address)
        assert said_in(soup, ".unsigned") == f"{said} recapito, licenza dei dati"
        assert soup.get_text().count(said) == 1
    settings.PUBLISHER_NAME = "Regione d’Esempio"
    assert said_in(page("/"), ".unsigned") == "Da indicare ancora: recapito, licenza dei dati"
    assert said_in(page("/"), ".slim .publisher") == "Regione d’Esempio"


@pytest.mark.usefixtures("signed")
def test_legal_notes_are_as_the_validator_of_agid_reads_them(page: GetPage) -> None:
    home = page("/")
    link = home.select_one('footer [data-element="legal-notes"]')
    assert link is not None
    address, anchor = str(link["href"]).split("#")
    notes = page(address)
    assert notes.select(f"#{anchor}")
    assert said_in(notes, '[data-element="legal-notes-section"]') == "Licenza dei contenuti"
    body = said_in(notes, 'p[data-element="legal-notes-body"]')
    assert body.startswith("In applicazione del principio open by default ai sensi dell’articolo 52")
    assert "sono rilasciati con licenza CC-BY 4.0" in body


@pytest.mark.parametrize(
    ("licence", "said"),
    [
        *((f"{LICENCES}{each.code}", each.short) for each in OPEN_LICENCES),
        *((f"https://{each.text}/", each.short) for each in OPEN_LICENCES),
        ("http://creativecommons.org/licenses/by/4.0/deed.it", "CC BY 4.0"),
        ("https://creativecommons.org/licenses/by/4.0/legalcode", "CC BY 4.0"),
        ("https://example.it/licenza", "https://example.it/licenza"),
    ],
)
def test_licence_is_called_by_its_name(page: GetPage, settings: Settings, licence: str, said: str) -> None:
    settings.DATA_LICENCE = licence
    for address in ("/", "/dati/", "/privacy/"):
        assert said_in(page(address), f'.signature [href="{licence}"]') == said
    named = said_in(page("/privacy/"), f'[data-element="legal-notes-body"] [href="{licence}"]')
    assert named == ("CC-BY 4.0" if said == CC_BY_NAME else said)  # AgID’s words have a hyphen


@pytest.mark.parametrize("address", KINDS)
def test_every_page_prints_its_citation_and_a_code_that_leads_back(client: Client, page: GetPage, address: str) -> None:
    soup = page(address)
    canonical = str(soup.select('link[rel="canonical"]')[0]["href"])
    cited = said_in(soup, "#colophon")
    assert canonical in cited
    assert "versione" in cited
    image = soup.select_one("#colophon img[loading=lazy]")
    assert image is not None
    drawn = client.get(str(image["src"]))
    assert drawn.headers["Content-Type"] == "image/svg+xml"
    reader, pil = pytest.importorskip("zxingcpp"), pytest.importorskip("PIL.Image")
    points = svg_to_bytes(svg_string=drawn.content.decode(), width=400, background="white")
    assert [code.text for code in reader.read_barcodes(pil.open(BytesIO(bytes(points))))] == [canonical]


@pytest.mark.parametrize("of", ["", "https://example.it/", "iniziative", "/" + "x" * LONGEST, "/😀", "/a\nb", "/\x00"])
def test_code_leads_nowhere_else(client: Client, of: str) -> None:
    assert client.get(f"/codice.svg?{urlencode({'of': of})}").status_code == 404


def test_address_too_long_for_a_code_has_none(page: GetPage) -> None:
    assert not page(f"/iniziative/?q={'a' * 300}{'%C3%A0' * 100}").select("#colophon img")
