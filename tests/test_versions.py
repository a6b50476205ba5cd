"""Every road that a change can take moves the version, and no page is older than it."""

import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from urllib.request import urlopen

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from catalogue.answers import public_page
from initiatives.durability import derived
from initiatives.facets import Overtaken, index, index_at
from initiatives.models import Passage
from initiatives.versions import Snapshot, current_version, triggers
from taxonomy.models import PrioritySector
from tests.helpers import ROADS, add_link, coworking, raw
from tests.sites import RunningSite, manage

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("road", ROADS)
def test_every_road_moves_the_version(road: str) -> None:
    if road == "passage's term":
        Passage.objects.get(anchor="os-i").sectors.add(PrioritySector.objects.get(slug="inclusione-attiva"))
    before = current_version()
    ROADS[road]()
    assert current_version() != before


def test_every_public_table_moves_the_version() -> None:
    for table in triggers.public_tables():
        before = current_version()
        raw(f"UPDATE {table} SET id = id")
        assert current_version() != before, table


def test_change_rolled_back_moves_nothing() -> None:
    before = current_version()
    savepoint = transaction.savepoint()
    add_link()
    assert current_version() != before
    transaction.savepoint_rollback(savepoint)
    assert current_version() == before


def test_missing_trigger_is_noticed_and_mended() -> None:
    name = "initiatives_initiative_update_stale"
    on = " ON initiatives_initiative" if connection.vendor == "postgresql" else ""
    raw(f"DROP TRIGGER {name}{on}")
    assert triggers.missing() == {name}
    triggers.install()
    assert triggers.missing() == set()


def test_unchanged_page_costs_one_query(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for address in ("/", "/iniziative/?objective=os-i", "/iniziative/coworking/", "/fonte/", "/en/about/"):
        etag = client.get(address).headers["ETag"]
        with django_assert_num_queries(1):
            response = client.get(address, headers={"if-none-match": etag})
        assert response.status_code == 304
        assert response.headers["ETag"] == etag
        assert response.headers["Vary"].startswith("Accept-Encoding")
        assert not response.content


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


def test_page_older_than_the_newest_index_is_made_of_a_newer_snapshot() -> None:
    asked: list[Snapshot] = []

    def view(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
        asked.append(snapshot)
        if len(asked) == 1:
            raise Overtaken
        return HttpResponse("b")

    response = public_page(view)(RequestFactory().get("/"))
    assert isinstance(response, HttpResponse)
    assert response.content == b"b"
    assert asked[0].opened < asked[1].opened


def test_page_overtaken_twice_is_a_503_that_says_so() -> None:
    def view(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
        raise Overtaken

    response = public_page(view)(RequestFactory().get("/"))
    assert isinstance(response, HttpResponse)
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert "non può rispondere ora" in response.content.decode()


def at(version: int, opened: int) -> Any:
    return SimpleNamespace(version=version, opened=opened)


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The versions of which an index was built, each of which takes its time."""
    versions: list[int] = []

    class Slow:
        def __init__(self, version: int) -> None:
            versions.append(version)
            threading.Event().wait(0.2)
            self.version, self.read_to = version, 0

    monkeypatch.setattr(index, "FacetIndex", Slow)
    monkeypatch.setattr(index, "_newest", None)
    return versions


def test_first_page_after_a_change_builds_the_index_and_the_others_wait_for_it(built: list[int]) -> None:
    started, given = threading.Barrier(8), []

    def ask() -> None:
        started.wait()
        given.append(index_at(at(7, opened=1)))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert built == [7]
    assert {one.version for one in given} == {7}
    assert len(given) == 8


def test_older_snapshot_does_not_displace_a_newer_index(built: list[int]) -> None:
    index_at(at(7, opened=2))
    with pytest.raises(Overtaken):
        index_at(at(6, opened=1))
    index_at(at(8, opened=3))
    assert built == [7, 8]


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
    index._newest = None


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL waits for all commits in its own way")
def test_what_is_derived_alone_does_not_wait_for_the_disk() -> None:
    def synchronous() -> int:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous")
            return cursor.fetchone()[0]

    whole, without_waiting = 2, 1
    assert synchronous() == whole
    with derived():
        assert synchronous() == without_waiting
    assert synchronous() == whole
    with transaction.atomic(), derived():
        assert synchronous() == whole, "of what else is in the transaction everything outlives a power cut"
