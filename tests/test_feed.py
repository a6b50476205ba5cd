"""The feed: new and changed entries of a selection, the latest first."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from rdflib import RDF, SKOS, Graph

from initiatives.models import Initiative
from taxonomy.models import InterventionCategory
from tests.helpers import GetPage, fetch, main_of, total_of

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom", "o": "http://a9.com/-/spec/opensearch/1.1/"}


def read(client: Client, address: str) -> ElementTree.Element:
    response = client.get(address)
    assert response.status_code == 200, address
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def total(feed: ElementTree.Element) -> int:
    return int(feed.findtext("o:totalResults", "", ATOM))


@pytest.mark.parametrize("query", ["", "?objective=os-ix", "?category=none&basis=source", "?q=servizi", "?q=zzzz"])
def test_feed_has_the_entries_of_the_page_latest_first(client: Client, page: GetPage, query: str) -> None:
    soup = main_of(page(f"/iniziative/{query}{'&' if query else '?'}order=-updated&page_size=100"))
    feed, slugs = read(client, f"/feed/{query}{'&' if query else '?'}page_size=100"), []
    for link in feed.findall("a:entry/a:link", ATOM):
        slugs.append(link.attrib["href"].split("/")[-2])
    assert slugs == [str(link["href"]).split("/")[-2] for link in soup.select("article h3 a")]
    assert feed.findtext("a:author/a:name", "", ATOM) == "Redazione del catalogo (ente non indicato)"  # RFC 4287, 4.1.1
    assert total(feed) == len(slugs) == total_of(page(f"/iniziative/{query}"))


def test_changed_entry_comes_first_with_the_basis_of_its_links(client: Client) -> None:
    later = timezone.now() + timedelta(days=1)
    Initiative.objects.filter(slug="servizi-di-cura").update(updated=later, summary="Se a < b & c.")
    first = read(client, "/feed/").find("a:entry", ATOM)
    assert first is not None
    assert first.findtext("a:summary", "", ATOM) == "Se a &lt; b &amp; c."
    filed = {category.attrib["term"]: category.attrib for category in first.findall("a:category", ATOM)}
    assert filed["cura-conciliazione"]["label"] == (
        "Servizi di cura e di organizzazione del lavoro a sostegno della conciliazione (aggiunta dalla redazione)"
    )
    assert filed["welfare-servizi-sociali"]["label"] == "Welfare e servizi sociali (dal documento)"
    schemes = {category["scheme"] for category in filed.values()}
    graph = Graph().parse(data=fetch(client, "/catalogo.ttl").decode(), format="turtle")
    assert schemes <= {str(scheme) for scheme in graph.subjects(RDF.type, SKOS.ConceptScheme)}
    assert len(schemes) == 3


def test_pages_of_the_feed_hold_everything_once(client: Client) -> None:
    address, seen = "/feed/?page_size=10", []
    while address:
        feed = read(client, address)
        seen += [entry.findtext("a:id", "", ATOM) for entry in feed.findall("a:entry", ATOM)]
        following = feed.find("a:link[@rel='next']", ATOM)
        address = following.attrib["href"].removeprefix("http://127.0.0.1:8000") if following is not None else ""
    assert len(seen) == len(set(seen)) == 27


def links(feed: ElementTree.Element) -> dict[str, str]:
    return {link.attrib["rel"]: link.attrib["href"] for link in feed.findall("a:link", ATOM)}


SITE = "http://127.0.0.1:8000"


@pytest.mark.parametrize("address", ["/feed/?page_size=10", "/en/feed/?page_size=10&q=servizi", "/modifiche/feed/"])
def test_pages_are_of_one_feed_and_lead_to_each_other(
    client: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RFC 5005, 3: from any page to the others; the id is the feed's, `self` the page's."""
    monkeypatch.setattr("catalogue.changes.told.ON_A_PAGE", 10)
    pages = [read(client, address)]
    while following := links(pages[-1]).get("next"):
        pages.append(read(client, following.removeprefix(SITE)))
    assert len(pages) > 1
    assert len({page.findtext("a:id", "", ATOM) for page in pages}) == 1
    own = [set(parse_qsl(urlsplit(links(page)["self"]).query)) for page in pages]
    for number, page in enumerate(pages):
        places = {"first": 0, "last": len(pages) - 1, "previous": number - 1, "next": number + 1}
        expected = {relation: own[n] for relation, n in places.items() if 0 <= n < len(pages)}
        ways = {relation: set(parse_qsl(urlsplit(at).query)) for relation, at in links(page).items()}
        assert {relation: ways[relation] for relation in places if relation in ways} == expected


def test_self_is_the_address_that_was_asked(client: Client) -> None:
    for address in (
        "/feed/?q=caff%C3%A8%20sociale&page_size=10",
        "/feed/?order=title",
        "/feed/?objective=os-ix&page=1",
    ):
        assert links(read(client, address))["self"] == SITE + address


def test_names_stay_under_another_address_of_the_site(client: Client, settings: LazySettings) -> None:
    for address in ("/feed/", "/feed/?objective=os-ix", "/en/feed/", "/modifiche/feed/"):
        ids = []
        for settings.PUBLIC_URL in (SITE, "https://catalogo.example.it"):
            feed = read(client, address)
            assert links(feed)["self"].startswith(settings.PUBLIC_URL)
            ids.append([each.text for each in feed.iter(f"{{{ATOM['a']}}}id")])
        assert ids[0] == ids[1]
        assert len(ids[0]) == len(set(ids[0])) > 1
        assert all(str(each).startswith(("tag:", "urn:uuid:")) for each in ids[0])


def test_each_selection_is_a_feed_of_its_own_whatever_its_pages_hold(client: Client) -> None:
    def name(address: str) -> str:
        return read(client, address).findtext("a:id", "", ATOM)

    assert name("/feed/") == name("/feed/?page_size=10&page=2") == name("/feed/?order=title")
    others = ["/feed/", "/en/feed/", "/feed/?objective=os-ix", "/feed/?q=cura", "/modifiche/feed/", "/en/changes/feed/"]
    assert len({name(address) for address in others}) == len(others)


def test_feed_says_on_what_terms_and_shows_its_icon(client: Client, settings: LazySettings) -> None:
    assert read(client, "/feed/").findtext("a:rights", "", ATOM) == "La licenza dei dati non è ancora indicata."
    settings.DATA_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
    feed = read(client, "/en/changes/feed/")
    assert feed.findtext("a:rights", "", ATOM).endswith("CC BY 4.0 https://creativecommons.org/licenses/by/4.0/")
    icon = client.get(feed.findtext("a:icon", "", ATOM).removeprefix(SITE))
    assert icon.headers["Location"].endswith(".ico")


@pytest.mark.parametrize(("query", "status"), [("?objective=boh", 400), ("?page=9", 404)])
def test_feed_never_widens_what_was_asked(client: Client, query: str, status: int) -> None:
    response = client.get(f"/feed/{query}")
    assert (response.status_code, response.headers["Content-Type"]) == (status, "application/problem+json")


def test_text_that_xml_cannot_hold_does_not_break_the_feed(client: Client) -> None:
    InterventionCategory.objects.filter(slug="economia-sociale").update(name="Econ\x0bomia")
    Initiative.objects.filter(slug="coworking").update(title="Co\x0bworking\ufffe", summary="\x1f&")
    assert "Coworking" in {
        e.findtext("a:title", "", ATOM) for e in read(client, "/feed/?page_size=50").findall("a:entry", ATOM)
    }


def test_draft_is_in_no_feed(client: Client) -> None:
    Initiative.objects.filter(slug="coworking").update(status="draft")
    assert total(read(client, "/en/feed/")) == 26
    assert b"coworking" not in client.get("/en/feed/?page_size=50").content


def test_list_names_the_feed_of_its_selection(page: GetPage) -> None:
    link = page("/en/initiatives/?objective=os-ix&page=2&page_size=10").select_one("link[type='application/atom+xml']")
    assert link is not None
    assert link["href"] == "/en/feed/?objective=os-ix"
