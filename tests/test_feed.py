"""The feed: new and changed entries of a selection, the latest first."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from initiatives.models import Initiative
from taxonomy.models import InterventionCategory
from tests.helpers import GetPage, main_of, total_of

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
    said = {category.attrib["term"] for category in first.findall("a:category", ATOM)}
    assert (
        "Servizi di cura e di organizzazione del lavoro a sostegno della conciliazione (aggiunta dalla redazione)"
        in said
    )
    assert "Welfare e servizi sociali (dal documento)" in said


def test_pages_of_the_feed_hold_everything_once(client: Client) -> None:
    address, seen = "/feed/?page_size=10", []
    while address:
        feed = read(client, address)
        seen += [entry.findtext("a:id", "", ATOM) for entry in feed.findall("a:entry", ATOM)]
        following = feed.find("a:link[@rel='next']", ATOM)
        address = following.attrib["href"].removeprefix("http://127.0.0.1:8000") if following is not None else ""
    assert len(seen) == len(set(seen)) == 27


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
