"""Every road that a change can take moves the version, and no page is older than it."""

import threading
from collections.abc import Callable, Iterator
from urllib.request import urlopen

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from initiatives import facets, schema, versions
from initiatives.models import Passage
from initiatives.sql import PlainSQL
from taxonomy.models import PrioritySector
from tests.helpers import ROADS, RunningSite, add_link, coworking, manage, raw

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("road", ROADS)
def test_every_road_moves_the_version(road: str) -> None:
    if road == "passage's term":
        Passage.objects.get(anchor="os-i").sectors.add(PrioritySector.objects.get(slug="inclusione-attiva"))
    before = versions.current()
    ROADS[road]()
    assert versions.current() != before


def test_every_public_table_moves_the_version() -> None:
    for table in schema.public_tables():
        before = versions.current()
        raw(f"UPDATE {table} SET id = id")
        assert versions.current() != before, table


def test_change_rolled_back_moves_nothing() -> None:
    before = versions.current()
    savepoint = transaction.savepoint()
    add_link()
    assert versions.current() != before
    transaction.savepoint_rollback(savepoint)
    assert versions.current() == before


def test_missing_trigger_is_noticed_and_mended() -> None:
    name = "initiatives_initiative_update_stale"
    on = " ON initiatives_initiative" if connection.vendor == "postgresql" else ""
    raw(f"DROP TRIGGER {name}{on}")
    assert schema.missing() == {name}
    schema.install()
    assert schema.missing() == set()


def test_unchanged_page_costs_one_query(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for address in ("/", "/iniziative/?objective=os-i", "/iniziative/coworking/", "/fonte/", "/en/about/"):
        etag = client.get(address).headers["ETag"]
        with django_assert_num_queries(1):
            response = client.get(address, headers={"if-none-match": etag})
        assert response.status_code == 304
        assert response.headers["ETag"] == etag
        assert response.headers["Vary"] == "Accept-Encoding"
        assert not response.content


def test_etag_is_the_same_compressed_or_not(client: Client) -> None:
    plain = client.get("/iniziative/").headers
    packed = client.get("/iniziative/", headers={"accept-encoding": "gzip"}).headers
    assert packed["Content-Encoding"] == "gzip"
    assert packed["ETag"] == plain["ETag"]
    assert packed["Vary"] == plain["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("headers", [{"if-match": '"y"'}, {"if-unmodified-since": "Sun, 06 Nov 1994 08:49:37 GMT"}])
def test_readers_conditions_for_writers_are_not_asked(client: Client, headers: dict[str, str]) -> None:
    assert client.get("/iniziative/", headers={"if-none-match": '"x"', **headers}).status_code == 200
    assert client.get("/iniziative/manca/", headers={"if-none-match": '"x"', **headers}).status_code == 404


def test_etag_changes_with_the_catalogue_the_language_and_the_selection(client: Client) -> None:
    addresses = ["/iniziative/", "/en/initiatives/", "/iniziative/?objective=os-i"]
    before = [client.get(address).headers["ETag"] for address in addresses]
    assert len(set(before)) == 3
    coworking().save()
    after = [client.get(address, headers={"if-none-match": e}) for address, e in zip(addresses, before, strict=True)]
    assert [response.status_code for response in after] == [200, 200, 200]


def moving(numbers: list[int]) -> tuple[Callable[[], int], Callable[[HttpRequest, int], HttpResponse]]:
    """A version that moves as told, and a view that writes down which versions it was made for."""
    given_out = iter(numbers)

    def view(request: HttpRequest, version: int) -> HttpResponse:
        return HttpResponse(str(version))

    return lambda: next(given_out), view


def test_page_during_whose_making_something_changed_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    current, view = moving([1, 2, 2, 2])
    monkeypatch.setattr(versions, "current", current)
    response = versions.public_page(view)(RequestFactory().get("/"))
    assert isinstance(response, HttpResponse)
    assert response.content == b"2"


def test_catalogue_that_never_rests_is_a_503_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    current, view = moving(list(range(2 * versions.TRIES)))
    monkeypatch.setattr(versions, "current", current)
    response = versions.public_page(view)(RequestFactory().get("/"))
    assert isinstance(response, HttpResponse)
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert "non può rispondere ora" in response.content.decode()


def test_plain_sql_answers_while_another_thread_builds(client: Client) -> None:
    coworking().save()
    with facets._building:
        assert isinstance(facets.at(versions.current()), PlainSQL)
        html = client.get("/iniziative/?objective=os-ix").content.decode()
    assert "<strong>13 voci</strong>" in " ".join(html.split()).replace("<strong> ", "<strong>").replace(" </", "</")


def test_no_index_is_built_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    built, started = [], threading.Barrier(8)

    class Slow:
        def __init__(self, version: int) -> None:
            built.append(version)
            threading.Event().wait(0.2)
            self.version = version

    def ask() -> None:
        started.wait()
        facets.at(7)

    monkeypatch.setattr(versions, "current", lambda: 7)
    monkeypatch.setattr(facets, "FacetIndex", Slow)
    monkeypatch.setattr(facets, "_latest", None)
    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert built == [7]


def test_edit_of_one_process_is_on_the_next_page_of_another(site: RunningSite) -> None:
    for title in ("Titolo cambiato una volta", "Titolo cambiato due volte"):
        change = f"from initiatives.models import *; Initiative.objects.filter(slug='scale-up').update(title='{title}')"
        assert manage("shell", "-v0", "-c", change, **site.variables).returncode == 0
        for address in ("/iniziative/?q=cambiato", "/iniziative/scale-up/", "/obiettivi/os-i/"):
            with urlopen(site.url + address, timeout=10) as page:
                text = page.read().decode().replace("<mark>", "").replace("</mark>", "")
            assert title in text, address


@pytest.fixture(autouse=True)
def _fresh_index() -> Iterator[None]:
    yield
    facets._latest = None
