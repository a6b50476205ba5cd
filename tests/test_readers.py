"""A served site is read while its database is edited from another process by every road.

No page is torn, none is older than the edit, and each is byte for byte the one that plain SQL makes.
"""

import os
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from django.apps import apps
from django.db import connection, connections, transaction
from django.test import Client, override_settings
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from catalogue.files import records
from catalogue.files import views as files
from catalogue.pages import workbench
from catalogue.presenters import cards
from catalogue.presenters.cards import Card
from initiatives.facets import FacetIndex, Selection
from initiatives.models import Initiative
from initiatives.versions import Snapshot, triggers
from initiatives.versions.snapshot import LEFT_OPEN
from tests.helpers import ROADS, take
from tests.oracle import answering_pages
from tests.sites import RunningSite, manage, new_site
from tests.strategies import selections

Edit = tuple[str, bool]
EDITS = st.lists(st.tuples(st.sampled_from(sorted(ROADS)), st.booleans()), min_size=1, max_size=2)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """A site of these tests' own: they leave it changed."""
    running = new_site(tmp_path_factory.mktemp("edited") / "var", "catalogue_edited")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def editor(site: RunningSite, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Lets this process work on the database that the other one serves."""
    own = connections["default"]
    url = site.variables.get("DATABASE_URL")
    name = urlsplit(url).path[1:] if url else str(site.data_dir / "catalogue.sqlite3")
    connections["default"] = type(own)({**own.settings_dict, "NAME": name}, "default")
    with django_db_blocker.unblock(), override_settings(PUBLIC_URL=site.url):
        yield
        connections["default"].close()
    connections["default"] = own


@pytest.fixture(scope="module")
def put_back(editor: None) -> Callable[[], None]:
    """Brings the catalogue back to what it was."""
    models = [
        model for app in triggers.APPS for model in apps.get_app_config(app).get_models(include_auto_created=True)
    ]
    rows = {model: list(model._default_manager.all()) for model in models}

    def now() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for model in models:
                cursor.execute(f"DELETE FROM {model._meta.db_table}")
            for model in models:
                model._default_manager.bulk_create(rows[model])

    return now


def served(site: RunningSite, query: str) -> bytes:
    with urlopen(f"{site.url}/iniziative/{query}", timeout=30) as page:
        return page.read()


def made_of_plain_sql(query: str) -> bytes:
    with answering_pages():
        return Client().get(f"/iniziative/{query}").content


@contextmanager
def reading(site: RunningSite) -> Iterator[tuple[list[str], list[int]]]:
    """Reads on and on in a thread: the pages it found torn, and the totals of all it read."""
    torn: list[str] = []
    totals: list[int] = []
    stopped = threading.Event()

    def go_on() -> None:
        while not stopped.wait(0.2):  # often enough, and no hindrance to the pages that are compared
            page = served(site, "?page_size=100").decode()
            total = int(re.findall(r"(\d+)\s+sched[ae]", page)[0])
            counted = {
                facet: sum(map(int, re.findall(rf'for="{facet}-.*class="count">(\d+)<', page)))
                for facet in ("scope", "level")
            }
            totals.append(total)
            if not total == page.count("<article") == counted["scope"] == counted["level"]:
                torn.append(page)

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield torn, totals
    finally:
        stopped.set()
        thread.join()


def test_pages_are_those_of_plain_sql_after_every_commit(site: RunningSite, put_back: Callable[[], None]) -> None:
    @settings(max_examples=int(os.environ.get("SEQUENCES", 30)), deadline=None)
    @given(EDITS, selections())
    def edited_and_read(edits: list[Edit], asked: Selection) -> None:
        put_back()
        for road, kept in edits:
            with transaction.atomic():
                take(road)
                transaction.set_rollback(not kept)
            query = replace(asked, page_size=10).query
            assert served(site, query) == made_of_plain_sql(query), query

    with reading(site) as (torn, totals):
        edited_and_read()
        put_back()
        Initiative.objects.filter(slug="coworking").update(status="draft")
        for _ in range(100):
            time.sleep(0.1)
            if totals[-1] == 26:
                break
    assert torn == []
    assert len(totals) > 30, "the other reader must have read meanwhile"
    assert totals[-1] == 26
    assert len(set(totals)) > 1


def test_page_is_of_one_moment(
    site: RunningSite, put_back: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Total and counts are found before the edit, rows are read after it."""
    put_back()
    change = (
        "from initiatives.models import *; Initiative.objects.update(title='Cambiato in corsa');"
        "Initiative.objects.filter(slug='coworking').delete()"
    )

    def edit_and_read(index: FacetIndex, ids: Sequence[int]) -> list[Card]:
        assert manage("shell", "-v0", "-c", change, **site.variables).returncode == 0
        return cards.cards(index, ids)

    monkeypatch.setattr(workbench, "cards", edit_and_read)
    page = Client().get("/iniziative/?page_size=100").content.decode()
    monkeypatch.undo()
    assert "Cambiato in corsa" not in page
    assert page.count("<article") == 27
    assert 'href="/iniziative/coworking/?page_size=100"' in page
    page = Client().get("/iniziative/?page_size=100").content.decode()
    assert page.count("<article") == page.count("Cambiato in corsa</a></h3>") == 26
    put_back()


def test_file_is_of_one_moment(
    site: RunningSite, put_back: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "BATCH", 5)
    monkeypatch.setattr(files, "BLOCK", 1)
    monkeypatch.setattr(files, "MOST_AT_ONCE", 0)
    put_back()
    change = "from initiatives.models import *; Initiative.objects.update(title='Cambiato in corsa')"
    pieces = iter(Client().get("/iniziative.csv").streaming_content)  # type: ignore[attr-defined]
    begun = [next(pieces) for _ in range(3)]
    assert manage("shell", "-v0", "-c", change, **site.variables).returncode == 0
    assert b"Cambiato in corsa" not in b"".join([*begun, *pieces])
    assert served(site, "").count(b"Cambiato in corsa") >= 25
    put_back()


def test_reader_who_goes_away_gives_the_moment_back(
    site: RunningSite, put_back: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "BLOCK", 1)
    monkeypatch.setattr(files, "MOST_AT_ONCE", 0)
    put_back()
    for goes_away in (False, True):
        response = Client().get("/iniziative.csv")
        next(iter(response.streaming_content))  # type: ignore[attr-defined]
        if goes_away:
            response.close()
        change = f"from initiatives.models import *; Initiative.objects.update(title='Dopo {goes_away}')"
        assert manage("shell", "-v0", "-c", change, **site.variables).returncode == 0
        # Also where nobody closed the response: what is left open is rolled back, never read on.
        assert f"Dopo {goes_away}" in Client().get("/iniziative/").content.decode()
    put_back()


def test_moment_that_is_found_late_ends_no_other(put_back: Callable[[], None]) -> None:
    """As that of a reader who went away is, once what held it is cleared up."""
    put_back()
    forgotten, read = Snapshot(), Snapshot()
    forgotten.close()
    is_open = LEFT_OPEN[connection.vendor]
    assert is_open(connection.connection)
    read.close()
    assert not is_open(connection.connection)


def test_worker_keeps_within_its_memory(site: RunningSite) -> None:
    served(site, "?q=servizi")
    children = Path(f"/proc/{site.process.pid}/task/{site.process.pid}/children")
    if not children.exists():
        pytest.skip("this system does not tell how much memory a process takes")
    for pid in children.read_text().split():
        status = Path(f"/proc/{pid}/status").read_text()
        assert int(status.split("VmRSS:")[1].split()[0]) < 120 * 1024, status
