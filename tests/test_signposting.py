"""Links in the headers lead programs to what belongs to a page or a file, and claim nothing that is not known."""

import re
from collections.abc import Mapping
from typing import NamedTuple

import pytest
from django.test import Client
from pytest_django import Settings

from tests.helpers import coworking, read_whole

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"
LINK = re.compile(r'<([^>]*)>; rel="([\w-]+)"(?:; type="([\w/.+-]+)")?(?:, |$)')


class Found(NamedTuple):
    target: str
    media_type: str


def head(client: Client, address: str) -> Mapping[str, str]:
    response = read_whole(client.get(address))
    assert response.status_code == 200, address
    return response.headers


def links(client: Client, address: str) -> dict[str, list[Found]]:
    header = head(client, address)["Link"]
    assert LINK.sub("", header) == ""
    by_relation: dict[str, list[Found]] = {}
    for target, relation, media_type in LINK.findall(header):
        by_relation.setdefault(relation, []).append(Found(target.removeprefix(SITE), media_type))
    return by_relation


def targets(found: list[Found]) -> list[str]:
    return [each.target for each in found]


PAGES = {
    "/": ("/", "DataCatalog"),
    "/en/": ("/", "DataCatalog"),
    "/dati/": ("/dati/", "Dataset"),
    "/en/data/": ("/dati/", "Dataset"),
    "/iniziative/coworking/": ("/iniziative/coworking/", "CreativeWork"),
    "/en/initiatives/coworking/": ("/iniziative/coworking/", "CreativeWork"),
    "/obiettivi/os-ix/": ("/obiettivi/os-ix/", "DefinedTerm"),
    "/en/sectors/inclusione-attiva/": ("/settori/inclusione-attiva/", "DefinedTerm"),
}
FILES = [
    "/iniziative.csv",
    "/en/initiatives.csv?objective=os-ix",
    "/iniziative.xlsx",
    "/iniziative.json",
    "/iniziative.ttl",
    "/classificazioni.csv",
    "/matrice.csv",
    "/en/matrix.xlsx",
    "/copertura.csv",
]


@pytest.mark.parametrize(("address", "expected"), PAGES.items())
def test_page_says_what_it_is_and_how_it_is_cited(client: Client, address: str, expected: tuple[str, str]) -> None:
    found, (cited, kind) = links(client, address), expected
    assert targets(found["cite-as"]) == [cited]
    assert targets(found["type"]) == ["https://schema.org/AboutPage", f"https://schema.org/{kind}"]
    assert {"text/turtle", "application/ld+json", "application/rdf+xml"} <= {e.media_type for e in found["describedby"]}


@pytest.mark.parametrize("address", FILES)
def test_file_leads_back_to_the_data(client: Client, address: str) -> None:
    found = links(client, address)
    data = "/en/data/" if address.startswith("/en/") else "/dati/"
    assert found["collection"] == [(data, "text/html")]
    assert targets(found["cite-as"]) == ["/dati/"]
    assert targets(found["type"]) == ["https://schema.org/Dataset"]
    asked = read_whole(client.head(address))
    assert asked.headers["Link"] == head(client, address)["Link"]


def test_what_describes_leads_back(client: Client) -> None:
    for address, page in {
        "/catalogo.ttl": "/dati/",
        "/datapackage.json": "/dati/",
        "/en/initiatives.schema.json": "/dati/",
        "/iniziative/coworking.ttl": "/iniziative/coworking/",
        "/categorie/cura-conciliazione.rdf": "/categorie/cura-conciliazione/",
    }.items():
        assert links(client, address)["describes"] == [(page, "text/html")]
        assert address in targets(links(client, "/en/data/" if "/en/" in address else page)["describedby"])


def test_data_page_has_its_files_as_items(client: Client) -> None:
    for address in ("/dati/", "/en/data/"):
        items = links(client, address)["item"]
        assert len(items) == 5
        for item in items:
            assert address in targets(links(client, item.target)["collection"])


def test_api_is_described_to_programs_and_to_people(client: Client) -> None:
    for address in ("/", "/en/data/"):
        found = links(client, address)
        assert targets(found["service-desc"]) == ["/api/v1/openapi.json"]
        assert targets(found["service-doc"]) == ["/en/data/api/" if "/en/" in address else "/dati/api/"]


def test_licence_and_author_are_there_if_they_are_known(client: Client, settings: Settings) -> None:
    for address in (*PAGES, *FILES, "/catalogo.ttl"):
        assert not {"license", "author"} & set(links(client, address))
    settings.DATA_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
    settings.PUBLISHER_NAME, settings.PUBLISHER_URL = "Regione d’Esempio", "https://www.example.it/"
    for address in (*PAGES, *FILES, "/catalogo.ttl"):
        found = links(client, address)
        assert targets(found["license"]) == [settings.DATA_LICENCE]
        assert targets(found["author"]) == [settings.PUBLISHER_URL]


def test_entry_is_cited_by_the_name_that_stays(client: Client) -> None:
    entry = coworking()
    entry.slug = "spazi-condivisi"
    entry.save()
    found = links(client, "/iniziative/spazi-condivisi/")
    assert targets(found["cite-as"]) == ["/iniziative/coworking/"]
    assert client.get("/iniziative/coworking/").headers["Location"] == "/iniziative/spazi-condivisi/"
