"""A served site is read while its database is edited from outside: no page is torn, and none is older than the edit."""

import random
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psycopg
import pytest
from bs4 import BeautifulSoup

from tests.conftest import RunningSite, facet_counts, main_of, own_database, run_site, total_of

EDITS = 60
PUBLISHED = "SELECT id FROM initiatives_initiative WHERE status = 'published'"
CHANGES = [
    "UPDATE initiatives_initiative SET status = 'draft' WHERE id = {pk}",
    "UPDATE initiatives_initiative SET status = 'published' WHERE id = {pk}",
    "UPDATE initiatives_initiative SET scope = 'further' WHERE id = {pk}",
    "UPDATE initiatives_initiative SET parent_id = NULL WHERE id = {pk}",
    "UPDATE initiatives_objectivelink SET basis = 'editorial' WHERE initiative_id = {pk}",
    "DELETE FROM initiatives_objectivelink WHERE initiative_id = {pk}",
    "DELETE FROM initiatives_categorylink WHERE initiative_id = {pk}",
]
Ask = Callable[[str], list[Any]]
Torn = list[tuple[int, int, dict[str, dict[str, int]]]]


def database(site: RunningSite) -> Any:
    url = site.variables.get("DATABASE_URL")
    return psycopg.connect(url) if url else sqlite3.connect(site.data_dir / "catalogue.sqlite3", timeout=30)


def read(site: RunningSite) -> BeautifulSoup:
    with urlopen(f"{site.url}/iniziative/?page_size=100", timeout=30) as page:
        return BeautifulSoup(page.read(), "html.parser")


def numbers(soup: BeautifulSoup) -> tuple[int, int, dict[str, dict[str, int]]]:
    return total_of(soup), len(main_of(soup).select("article")), facet_counts(soup)


def by_hand(ask: Ask) -> tuple[int, dict[str, int], dict[str, int]]:
    """Total, counts by scope and by objective, asked of the database in the plainest SQL."""
    total = ask(f"SELECT count(*) FROM ({PUBLISHED}) p")[0][0]
    scopes = dict(ask("SELECT scope, count(*) FROM initiatives_initiative WHERE status = 'published' GROUP BY scope"))
    objectives = dict(
        ask(
            "SELECT t.slug, count(*) FROM initiatives_objectivelink l JOIN taxonomy_specificobjective t"
            f" ON t.id = l.objective_id WHERE l.initiative_id IN ({PUBLISHED}) GROUP BY t.slug"
        )
    )
    return total, scopes, objectives


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """A site of these tests' own: they leave it changed."""
    running = run_site(tmp_path_factory.mktemp("edited") / "var", **own_database("catalogue_edited"))
    yield running
    running.stop()


@pytest.fixture
def reader(site: RunningSite) -> Iterator[tuple[Torn, list[int]]]:
    """Reads on and on in a thread: the pages it found torn, and the totals of all it read."""
    torn: Torn = []
    totals: list[int] = []
    stopped = threading.Event()

    def go_on() -> None:
        while not stopped.is_set():
            total, cards, counts = numbers(read(site))
            totals.append(total)
            if not total == cards == sum(counts["scope"].values()) == sum(counts["level"].values()):
                torn.append((total, cards, counts))

    thread = threading.Thread(target=go_on)
    thread.start()
    yield torn, totals
    stopped.set()
    thread.join()


def nonzero(counts: dict[str, int]) -> dict[str, int]:
    return {value: n for value, n in counts.items() if n and value != "none"}


def test_pages_follow_every_commit_and_are_never_torn(site: RunningSite, reader: tuple[Torn, list[int]]) -> None:
    rng, connection = random.Random(2020), database(site)

    def ask(sql: str) -> list[Any]:
        rows = connection.cursor().execute(sql).fetchall()
        connection.commit()
        return rows

    ids = [pk for (pk,) in ask("SELECT id FROM initiatives_initiative")]
    for _ in range(EDITS):
        for _ in range(rng.randint(1, 3)):
            connection.cursor().execute(rng.choice(CHANGES).format(pk=rng.choice(ids)))
        connection.rollback() if rng.random() < 0.2 else connection.commit()
        shown, cards, counts = numbers(read(site))
        total, scopes, objectives = by_hand(ask)
        assert shown == cards == total
        assert nonzero(counts["scope"]) == scopes
        assert nonzero(counts["objective"]) == objectives
    connection.close()
    torn, totals = reader
    assert torn == []
    assert len(totals) > EDITS / 4, "the other reader must have read meanwhile"
    assert len(set(totals)) > 2


def test_worker_keeps_within_its_memory(site: RunningSite) -> None:
    read(site)
    children = Path(f"/proc/{site.process.pid}/task/{site.process.pid}/children")
    if not children.exists():
        pytest.skip("this system does not tell how much memory a process takes")
    for pid in children.read_text().split():
        status = Path(f"/proc/{pid}/status").read_text()
        assert int(status.split("VmRSS:")[1].split()[0]) < 120 * 1024, status
