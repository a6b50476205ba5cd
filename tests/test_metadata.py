"""What search engines, social networks, phones and printers read of a page."""

import json
import re
from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client

from initiatives.versions import current_version, moment_of, name_of
from tests.helpers import KINDS, GetPage

pytestmark = pytest.mark.django_db
ENGLISH = ["/en/", "/en/initiatives/", "/en/initiatives/coworking/", "/en/objectives/os-ix/"]


def meta(soup: BeautifulSoup, name: str) -> str:
    tag = soup.select_one(f"meta[name='{name}'], meta[property='{name}']")
    assert tag is not None, name
    return str(tag["content"])


@pytest.mark.parametrize("address", [*KINDS, *ENGLISH])
def test_every_page_introduces_itself(page: GetPage, client: Client, address: str) -> None:
    soup = page(address)
    assert soup.title is not None
    assert soup.title.get_text() == " ".join(soup.title.get_text().split())
    assert 20 <= len(meta(soup, "description")) <= 300
    assert meta(soup, "og:title") in soup.title.get_text()
    assert meta(soup, "og:url") == f"http://127.0.0.1:8000{address}"
    assert re.fullmatch(
        r"http://127\.0\.0\.1:8000/(static/pictures/card\.\w+|.+/(immagine|picture))\.png", meta(soup, "og:image")
    )
    twins = {str(link["hreflang"]): str(link["href"]) for link in soup.select("link[rel=alternate][hreflang]")}
    assert twins["x-default"] == twins["it"]
    assert twins["en" if address.startswith("/en/") else "it"] == meta(soup, "og:url")
    for href in twins.values():
        assert client.get(href.removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_titles_tell_pages_apart(page: GetPage) -> None:
    addresses = [*KINDS, *ENGLISH]
    assert len({str(page(address).title) for address in addresses}) == len(addresses)


def test_title_of_a_list_says_what_is_chosen(page: GetPage) -> None:
    soup = page("/iniziative/?objective=os-ix&category=economia-sociale&category=none&q=a%26b")
    assert soup.title is not None
    assert soup.title.get_text().startswith(
        "«a&b» e OS ix e (Economia sociale o non classificata per categoria) · Iniziative e misure · "
    )
    assert "0 schede del catalogo: «a&b» e OS ix" in meta(soup, "description")


def test_long_texts_are_cut_between_letters(page: GetPage) -> None:
    soup = page("/iniziative/?q=" + "%26%27%22" * 60 + "cura")
    for name in ("description", "og:title"):
        assert set(meta(soup, name)) <= set("0123456789 schede del catalogo: «&'\"…»cura")
    assert soup.title is not None
    assert len(soup.title.get_text()) < 200


def test_breadcrumb_is_structured(page: GetPage) -> None:
    crumbs = page("/iniziative/coworking/").select("[itemtype='https://schema.org/BreadcrumbList'] > li")
    names = [crumb.select_one("[itemprop=name]") for crumb in crumbs]
    assert [name.get_text() for name in names if name] == [
        "Pagina iniziale",
        "Iniziative e misure",
        "Spazi collaborativi di lavoro (coworking)",
    ]
    assert [str(meta["content"]) for crumb in crumbs for meta in crumb.select("[itemprop=position]")] == ["1", "2", "3"]


def test_manifest_names_pictures_that_are_there(client: Client) -> None:
    manifest = json.loads(client.get("/manifest.webmanifest").content)
    assert manifest["lang"] == "it"
    assert len(manifest["icons"]) == 3
    for icon in manifest["icons"]:
        with staticfiles_storage.open(icon["src"].removeprefix("/static/")) as picture:
            head = picture.read(24)
        if icon["type"] == "image/png":
            assert "x".join(str(int.from_bytes(head[n : n + 4])) for n in (16, 20)) == icon["sizes"]
    assert json.loads(client.get("/en/manifest.webmanifest").content)["start_url"] == "/en/"


def test_every_page_says_of_which_version_it_is(page: GetPage) -> None:
    version = current_version()
    assert abs((datetime.now(tz=UTC) - moment_of(version)).total_seconds()) < 3600
    for address in KINDS:
        footer = page(address).select_one("#colophon")
        assert footer is not None
        assert name_of(version) in footer.get_text()
        assert f"http://127.0.0.1:8000{address}" in footer.get_text()


def test_version_is_named_by_its_second() -> None:
    second = int(datetime(2026, 11, 22, 15, 30, 42, tzinfo=UTC).timestamp())
    assert name_of((second << 31) + 0x0A1B2C3D) == "20261122-163042-0a1b2c3d"
