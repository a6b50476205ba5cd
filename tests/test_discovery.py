"""How search engines and browsers find the way."""

from datetime import datetime
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from django.test import Client

from catalogue.pages import discovery
from initiatives.models import Initiative, PublicChange
from tests.helpers import KINDS

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"
MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def addresses(client: Client, path: str) -> list[str]:
    root = ElementTree.fromstring(client.get(path).content)
    return [str(element.text) for element in root.iterfind(".//s:loc", MAP)]


def test_sitemap_names_every_page_in_both_languages(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "ENTRIES_IN_A_SITEMAP", 10)
    Initiative.objects.filter(slug="coworking").update(status="draft")
    parts = addresses(client, "/sitemap.xml")
    assert len(parts) == 4  # the pages, and 26 entries by tens
    named = [address for part in parts for address in addresses(client, part.removeprefix(SITE))]
    assert len(named) == len(set(named)) == 2 * (17 + 12 + 26)
    assert f"{SITE}/en/initiatives/servizi-di-cura/" in named
    assert not any("coworking" in address for address in named)
    for number in (4, 10**16, 10**25):
        assert client.get(f"/sitemap-{number}.xml").status_code == 404


def test_every_public_page_is_in_the_sitemap(client: Client) -> None:
    named = set(addresses(client, "/sitemap-0.xml") + addresses(client, "/sitemap-1.xml"))
    for address in KINDS:
        assert "?" in address or SITE + address in named, address


def test_robots_read_pages_and_no_selections(client: Client) -> None:
    robots = RobotFileParser()
    lines = client.get("/robots.txt").content.decode().splitlines()
    robots.parse(lines)
    assert "Disallow: /*?" in lines  # RFC 9309; the parser at hand does not know wildcards
    assert robots.can_fetch("*", "/iniziative/coworking/")
    assert not robots.can_fetch("*", "/admin/login/")
    assert robots.site_maps() == [f"{SITE}/sitemap.xml"]


@pytest.mark.parametrize(("path", "search"), [("/", "/iniziative/"), ("/en/", "/en/initiatives/")])
def test_browser_can_search_the_catalogue(client: Client, path: str, search: str) -> None:
    described = ElementTree.fromstring(client.get(f"{path}opensearch.xml").content)
    space = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
    url = described.find("o:Url[@type='text/html']", space)
    assert url is not None
    assert url.attrib["template"] == f"{SITE}{search}?q={{searchTerms}}"
    assert len(described.findtext("o:ShortName", "", space)) <= 16  # OpenSearch 1.1
    assert client.get(f"{search}?q=cura&order=relevance").status_code == 200


@pytest.mark.parametrize("bot", ["LinkedInBot/1.0", "Twitterbot/1.0", "WhatsApp/2.23", "facebookexternalhit/1.1"])
def test_who_shows_links_reads_what_people_share(client: Client, bot: str) -> None:
    robots = RobotFileParser()
    robots.parse(client.get("/robots.txt").content.decode().splitlines())
    assert robots.can_fetch(bot, "/iniziative/?objective=os-ix")
    assert robots.can_fetch(bot, "/en/initiatives/coworking/")
    assert not robots.can_fetch(bot, "/admin/login/")


@pytest.mark.parametrize("path", ["/iniziative/", "/en/initiatives/", "/matrice/", "/tabella/", "/en/picture/"])
def test_parsers_that_know_no_wildcards_see_a_rule_too(client: Client, path: str) -> None:
    robots = RobotFileParser()
    robots.parse(client.get("/robots.txt").content.decode().splitlines())
    assert robots.can_fetch("SomeBot", path)
    for query in ("objective=os-ix", "basis=source", "page=2", "q=cura", "columns=sector"):
        assert not robots.can_fetch("SomeBot", f"{path}?{query}")


def test_pages_with_a_query_string_lead_no_crawler_on(client: Client) -> None:
    """Who honours no rule on query strings, as wget, stops there."""
    for address in KINDS:
        nofollow = b'<meta name="robots" content="nofollow">' in client.get(address).content
        assert nofollow == ("?" in address), address


def test_sitemap_says_when_pages_changed(client: Client) -> None:
    latest = PublicChange.objects.latest_first().first()
    assert latest is not None
    dated = {}
    for part in ("/sitemap-0.xml", "/sitemap-1.xml"):
        for url in ElementTree.fromstring(client.get(part).content).iterfind("s:url", MAP):
            dated[str(url.findtext("s:loc", "", MAP)).removeprefix(SITE)] = url.findtext("s:lastmod", "", MAP)
    assert all(dated.values())
    for address in ("/", "/en/initiatives/", "/obiettivi/os-ix/", "/dati/", "/en/glossary/"):
        assert datetime.fromisoformat(dated[address]) == latest.moment
