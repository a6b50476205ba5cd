"""What search engines, social networks, phones and printers read of a page."""

import re
from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from django.utils.translation import override

from initiatives.models import Initiative, vocabularies
from initiatives.versions import current_version, moment_of, name_of
from tests.helpers import KINDS, GetPage

pytestmark = pytest.mark.django_db
ENGLISH = ["/en/", "/en/initiatives/", "/en/initiatives/coworking/", "/en/objectives/os-ix/"]


def meta(soup: BeautifulSoup, name: str) -> str:
    tag = soup.select_one(f"meta[name='{name}'], meta[property='{name}']")
    assert tag is not None, name
    return str(tag["content"])


@pytest.mark.parametrize("address", [*KINDS, *ENGLISH])
def test_every_page_introduces_itself(page: GetPage, address: str) -> None:
    soup = page(address)
    assert soup.title is not None
    assert soup.title.get_text() == " ".join(soup.title.get_text().split())
    assert 20 <= len(meta(soup, "description")) <= 300
    parts = soup.title.get_text().split(" · ")
    assert meta(soup, "og:title").startswith(parts[0].removesuffix("…")) or meta(soup, "og:title") == parts[-1]
    assert meta(soup, "og:url") == f"http://127.0.0.1:8000{address}"
    assert re.fullmatch(
        r"http://127\.0\.0\.1:8000/(static/pictures/card\.\w+|.+/(immagine|picture))\.png", meta(soup, "og:image")
    )


def test_graphs_of_the_catalogue_are_named_in_the_head_of_its_page_and_of_the_datas(page: GetPage) -> None:
    for address in ("/", "/en/", "/dati/", "/en/data/"):
        links = page(address).select("head link[rel=alternate][type]")
        assert {"/catalogo.ttl", "/catalogo.jsonld", "/catalogo.rdf"} <= {link["href"] for link in links}, address


def test_titles_tell_pages_apart(page: GetPage) -> None:
    addresses = [*KINDS, *ENGLISH]
    assert len({str(page(address).title) for address in addresses}) == len(addresses)


def test_titles_are_short_and_end_in_the_name_of_the_site(page: GetPage) -> None:
    terms = [term for values in vocabularies().values() for term in values.values()]
    things = [*Initiative.objects.published(), *terms]
    ours = [thing.get_absolute_url() for thing in things]
    with override("en"):
        theirs = [thing.get_absolute_url() for thing in things]
        of_terms = {term.get_absolute_url() for term in terms} | {*ours[-len(terms) :]}
    named = {}
    for address in [*KINDS, *ours, *theirs]:
        name = "Catalogue of social innovation" if address.startswith("/en/") else "Catalogo dell’innovazione sociale"
        title = page(address).title
        assert title is not None
        named[address] = title.get_text()
        assert named[address].endswith(name), address
        assert len(named[address]) <= 85, address
    assert len(set(named.values())) == len(set(named)), "and tell entries and terms apart"
    assert {address.split("?")[0] for address, title in named.items() if len(title) > 70} - of_terms == {
        "/iniziative/",
        "/iniziative/confronta/",
        "/dossier/",
    }, "those that say their kind too"


def test_title_of_a_list_says_what_is_chosen(page: GetPage) -> None:
    soup = page("/iniziative/?objective=os-ix&category=economia-sociale&category=none&q=a%26b")
    assert soup.title is not None
    assert soup.title.get_text().startswith("«a&b» e OS ix e (Economia… · Iniziative e misure · Catalogo")
    assert "0 schede del catalogo: «a&b» e OS ix" in meta(soup, "description")


def test_long_texts_are_cut_between_letters(page: GetPage) -> None:
    soup = page("/iniziative/?q=" + "%26%27%22" * 60 + "cura")
    for name in ("description", "og:title"):
        assert set(meta(soup, name)) <= set("0123456789 schede del catalogo: «&'\"…»cura")
    assert soup.title is not None
    assert len(soup.title.get_text()) < 95


def test_breadcrumb_is_structured(page: GetPage) -> None:
    crumbs = page("/iniziative/coworking/").select("[itemtype='https://schema.org/BreadcrumbList'] > li")
    names = [crumb.select_one("[itemprop=name]") for crumb in crumbs]
    assert [name.get_text() for name in names if name] == [
        "Pagina iniziale",
        "Iniziative e misure",
        "Spazi collaborativi di lavoro (coworking)",
    ]
    assert [str(meta["content"]) for crumb in crumbs for meta in crumb.select("[itemprop=position]")] == ["1", "2", "3"]


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
