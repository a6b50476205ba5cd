"""The API: what the pages show, with every basis; errors in one form; unchanged answers cost nothing."""

import json
from math import inf
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from catalogue.api import views
from initiatives.models import Initiative, Passage
from initiatives.versions import snapshot
from taxonomy.models import SpecificObjective
from tests.helpers import FixtureEntry, GetPage, facet_counts, main_of, read_whole

pytestmark = pytest.mark.django_db


def get(client: Client, address: str, status: int = 200) -> Any:
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == status, response.content
    kind = "application/json" if status == 200 else "application/problem+json"
    assert response.headers["Content-Type"] == kind
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    return json.loads(response.content)


def test_every_link_has_its_basis(client: Client, fixture_entries: list[FixtureEntry]) -> None:
    shown = {entry["id"]: entry for entry in get(client, "initiatives/?page_size=50")["results"]}
    assert set(shown) == {entry.slug for entry in fixture_entries}
    for entry in fixture_entries:
        for dimension, terms in entry.terms.items():
            assert {link["value"]: link["basis"] for link in shown[entry.slug][dimension]} == terms
        assert shown[entry.slug]["level"] == entry.level
    assert get(client, "initiatives/servizi-infanzia/") == shown["servizi-infanzia"]


@pytest.mark.parametrize("query", ["?objective=os-ix&basis=source", "?sector=none&basis=source", "?q=servizi"])
def test_facets_are_those_of_the_page(client: Client, page: GetPage, query: str) -> None:
    shown = get(client, f"initiatives/{query}")["facets"]
    assert {name: {v["value"]: v["count"] for v in values} for name, values in shown.items()} == facet_counts(
        page(f"/iniziative/{query}")
    )


def test_pages_follow_each_other(client: Client) -> None:
    address, seen = "initiatives/?page_size=10&order=title", []
    while address:
        answer = get(client, address)
        seen += [entry["id"] for entry in answer["results"]]
        address = (answer["next"] or "").removeprefix("http://127.0.0.1:8000/api/v1/")
    assert seen == [entry["id"] for entry in get(client, "initiatives/?page_size=50&order=title")["results"]]
    assert get(client, "initiatives/?page_size=10&page=3")["previous"].endswith("page=2&page_size=10")


def test_terms_are_counted_on_both_bases(client: Client) -> None:
    shown = {term["id"]: term for term in get(client, "categories/")["results"]}
    assert {slug: (term["count"], term["count_by_source"]) for slug, term in shown.items()} == {
        "welfare-servizi-sociali": (13, 13),
        "cura-conciliazione": (6, 0),
        "economia-sociale": (10, 10),
    }
    assert get(client, "objectives/")["count"] == SpecificObjective.objects.count()
    assert get(client, "sectors/")["count"] == 7


def test_document_is_whole(client: Client) -> None:
    shown = get(client, "passages/")["results"]
    assert [passage["id"] for passage in shown] == list(Passage.objects.values_list("anchor", flat=True))
    assert "presa-in-carico-integrata" in {slug for passage in shown for slug in passage["entries"]}


def test_matrix_is_that_of_the_page(client: Client, page: GetPage) -> None:
    query = "?rows=sector&columns=level&q=servizi"
    rows = main_of(page(f"/matrice/{query}")).select("tbody tr")
    by_page = [[int(c.a.get_text().split()[0]) if c.a else 0 for c in row.select("td")[:-1]] for row in rows]
    assert get(client, f"matrix/{query}")["cells"] == by_page


def test_draft_is_nowhere(client: Client) -> None:
    Initiative.objects.filter(slug="servizi-di-cura").update(status="draft", title="Bozza")
    assert "Bozza" not in str(get(client, "initiatives/servizi-di-cura/", 410)), "once it was published"
    assert "servizi-di-cura" not in {entry["id"] for entry in get(client, "initiatives/?page_size=50")["results"]}
    assert "servizi-di-cura" not in {slug for p in get(client, "passages/")["results"] for slug in p["entries"]}
    assert get(client, "initiatives/servizi-infanzia/")["measure_of"] is None


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("initiatives/?category=inventata", 400),
        ("initiatives/?page_size=7", 400),
        ("matrix/?rows=boh", 400),
        ("matrix/?rows=boh&columns=boh", 400),
        ("matrix/?rows=scope&rows=level", 400),
        ("categories/?x=1", 400),
        ("?x=1", 400),
        ("initiatives/coworking/?x=1", 400),
        ("status?x=1", 400),
        ("matrix/?page=2", 400),
        ("matrix/?page_size=10", 400),
        ("initiatives/?q=!!!", 404),
        ("passages/?q=!!!", 404),
        ("initiatives/?q=!!!&x=1", 400),
        ("initiatives/?" + "&".join(f"q{n}=1" for n in range(1200)), 400),
        ("matrix/?rows=level&columns=level", 404),
        ("initiatives/?page=9", 404),
        ("initiatives/manca/", 404),
        ("manca/", 404),
    ],
)
def test_errors_are_problems(client: Client, address: str, status: int) -> None:
    told = get(client, address, status)
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]


REFUSED = [
    ("get", "/api/v1/initiatives/?category=boh", 400, "valore", "value"),
    ("get", "/api/v1/initiatives/?" + "&".join(f"q{n}=1" for n in range(1200)), 400, "parametri", "parameters"),
    ("get", "/api/v1/initiatives/?page=9", 404, "L’ultima pagina", "The last page"),
    ("get", "/api/v1/initiatives/manca/", 404, "scheda", "entry"),
    ("get", "/api/v1/manca/", 404, "indirizzi", "addresses"),
    ("get", "/api/manca/", 404, "indirizzi", "addresses"),
    ("get", "/api/v1/status?x=1", 400, "filtro", "filter"),
    ("post", "/api/v1/initiatives/", 405, "GET, HEAD", "GET, HEAD"),
]


@pytest.mark.parametrize(("method", "address", "status", "italian", "english"), REFUSED)
def test_problems_are_in_their_readers_language(
    client: Client, method: str, address: str, status: int, italian: str, english: str
) -> None:
    """The address is one for all, so no cache may keep them."""
    titles = set()
    for accepted, language, words in (("", "it", italian), ("de, en;q=0.5, it;q=0.1", "en", english)):
        answer = getattr(client, method)(address, headers={"accept-language": accepted} if accepted else {})
        assert (answer.status_code, answer.headers["Content-Language"]) == (status, language)
        assert answer.headers["Cache-Control"] == "no-store"
        assert words in answer.json()["detail"]
        titles.add(answer.json()["title"])
    assert len(titles) == 2


def test_address_says_the_language_of_what_is_wrong_where_it_has_one(client: Client) -> None:
    for address, words in (("/feed/?x=1", "non è un filtro"), ("/en/feed/?x=1", "is not a filter")):
        assert words in client.get(address, headers={"accept-language": "en, it;q=0.5"}).json()["detail"]
    assert client.post("/en/feed/").json()["title"] != client.post("/feed/").json()["title"]


def test_answers_are_the_same_in_every_language(client: Client) -> None:
    for address in ("initiatives/", "categories/", "matrix/", "changes/", "", "openapi.json"):
        plain, english = (
            client.get(f"/api/v1/{address}", headers=headers) for headers in ({}, {"accept-language": "en"})
        )
        assert (plain.content, plain.headers["ETag"]) == (english.content, english.headers["ETag"])


def test_index_leads_everywhere(client: Client) -> None:
    assert client.get("/api/").headers["Location"] == "/dati/api/"
    places = get(client, "")
    assert places.pop("licence") == "https://w3id.org/italia/controlled-vocabulary/licences/C1_Unknown"
    assert len(places) == 10
    for name, address in places.items():
        assert client.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200, name


# Scripts of other sites

FOR_PROGRAMS = [
    "/api/v1/",
    "/api/v1/initiatives/coworking/",
    "/api/v1/status",
    "/iniziative.csv",
    "/en/initiatives.xlsx",
    "/catalogo.ttl",
    "/feed/",
    "/en/changes/feed/",
    "/incroci.svg",
]


@pytest.mark.parametrize("address", FOR_PROGRAMS)
def test_scripts_of_other_sites_may_ask_and_read_what_they_need(client: Client, address: str) -> None:
    asked = {"origin": "https://altrove.example", "access-control-request-method": "GET"}
    before = client.options(address, headers={**asked, "access-control-request-headers": "if-none-match"})
    assert (before.status_code, before.content) == (204, b"")
    assert before.headers["Access-Control-Allow-Origin"] == before.headers["Access-Control-Allow-Headers"] == "*"
    assert before.headers["Access-Control-Allow-Methods"] == before.headers["Allow"] == "GET, HEAD"
    answer = read_whole(client.get(address, headers=asked))
    assert answer.headers["Access-Control-Expose-Headers"] == "ETag, Link, Content-Disposition"
    if etag := answer.headers.get("ETag"):
        known = client.get(address, headers={**asked, "if-none-match": etag})
        assert (known.status_code, known.headers["Access-Control-Allow-Origin"]) == (304, "*")


def test_scripts_of_other_sites_are_led_to_where_an_entry_is_now(client: Client) -> None:
    entry = Initiative.objects.get(slug="coworking")
    entry.slug = "spazi"
    entry.save()
    moved = client.get("/api/v1/initiatives/coworking/")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/api/v1/initiatives/spazi/")
    graph = client.get("/iniziative/spazi/", headers={"accept": "text/turtle"})
    assert (graph.status_code, graph.headers["Location"]) == (303, "/iniziative/spazi.ttl")
    assert moved.headers["Access-Control-Allow-Origin"] == graph.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "address", ["/", "/iniziative/", "/en/data/", "/admin/", "/admin/initiatives/initiative/1.csv"]
)
def test_pages_are_not_for_scripts_of_other_sites(client: Client, address: str) -> None:
    before = client.options(address, headers={"origin": "https://altrove.example"})
    assert before.status_code != 204
    assert not before.headers.get("Access-Control-Allow-Methods")
    answer = client.get(address)
    known = client.get(address, headers={"if-none-match": answer.headers.get("ETag", "")})
    for given in (answer, known):
        assert not {"Access-Control-Allow-Origin", "Access-Control-Expose-Headers"} & set(given.headers), given


@pytest.mark.parametrize("query", ["", "?rows=&columns=", "?columns=category", "?rows=objective&order=title"])
def test_matrix_has_defaults(client: Client, query: str) -> None:
    assert get(client, f"matrix/{query}")["count"] == 27


@pytest.mark.parametrize("accept", ["text/html", "application/json; indent=8", "application/problem+json", "x"])
def test_answer_is_the_same_whatever_is_accepted(client: Client, accept: str) -> None:
    asked = client.get("/api/v1/initiatives/", headers={"accept": accept})
    assert (asked.status_code, asked.content) == (200, client.get("/api/v1/initiatives/").content)


def test_head_answers_as_get_does(client: Client) -> None:
    for address in ("/api/v1/status", "/api/v1/initiatives/", "/api/v1/openapi.json", "/feed/", "/iniziative.csv"):
        asked, got = client.head(address), client.get(address)
        assert asked.status_code == 200, address
        assert asked.headers["Content-Type"] == got.headers["Content-Type"]
        assert asked.headers.get("Allow", "GET, HEAD") == "GET, HEAD"
        assert asked.headers.get("Content-Length", "none") != "0"


def test_what_is_only_read_refuses_the_rest(client: Client) -> None:
    refused = client.post("/api/v1/initiatives/")
    assert refused.status_code == 405
    assert refused.headers["Allow"] == "GET, HEAD"
    assert refused.headers["Content-Type"] == "application/problem+json"


def test_unchanged_answer_is_304(client: Client) -> None:
    etag = client.get("/api/v1/initiatives/").headers["ETag"]
    assert client.get("/api/v1/initiatives/", headers={"if-none-match": etag}).status_code == 304
    Initiative.objects.filter(slug="coworking").update(title="Altro")
    assert client.get("/api/v1/initiatives/", headers={"if-none-match": etag}).status_code == 200


def test_catalogue_that_goes_on_changing_is_a_problem(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = SimpleNamespace(version=-1)
    monkeypatch.setattr("initiatives.facets.index._newest", (inf, newer))
    assert get(client, "initiatives/", 503)["title"] == "Il catalogo non può rispondere ora"


def test_status_says_whether_it_answers(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = client.get("/api/v1/status")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/problem+json")

    def gone() -> int:
        raise OperationalError("gone")

    monkeypatch.setattr(snapshot, "version_and_words", gone)
    monkeypatch.setattr(views, "current_version", gone)
    for address in ("status", "initiatives/", "matrix/", "openapi.json"):
        assert get(client, address, 503)["title"] == "Il catalogo non può rispondere ora"
        english = client.get(f"/api/v1/{address}", headers={"accept-language": "en"})
        assert (english.status_code, english.headers["Content-Language"]) == (503, "en")
    page = client.get("/iniziative/")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")


def test_empty_catalogue_is_described_too(client: Client, no_entries: None) -> None:
    paths = get(client, "openapi.json")["paths"]
    answers = {path: methods["get"]["responses"]["200"]["content"] for path, methods in paths.items()}
    assert answers["/initiatives/"]["application/json"]["example"]["results"] == []
    assert answers["/passages/"]["application/json"]["example"]["results"] == []
    assert "example" not in answers["/initiatives/{slug}/"]["application/json"]
