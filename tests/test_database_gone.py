"""Where the database does not answer what was kept is given with its age, all else is a 503, and nobody waits long."""

import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.sites import RunningSite, new_site, taken

POSTGRESQL = pytest.mark.skipif("postgresql" not in os.environ.get("DATABASE_URL", ""), reason="is about PostgreSQL")
KEPT = ("/", "/iniziative/", "/api/v1/initiatives/", "/iniziative.csv")
LATE = 1.3  # seconds: one, and what a busy machine takes


@pytest.fixture
def site(tmp_path: Path) -> Iterator[RunningSite]:
    running = new_site(tmp_path / "var", "catalogue_gone")
    for address in KEPT:
        assert taken(running, address).status == 200
    yield running
    running.stop()


def check_what_is_answered_meanwhile(site: RunningSite, is_kept_with_age: bool) -> None:
    """More than once: the first who asks may find out, the others must not have to."""
    for n in (10, 25, 50):
        for address in KEPT:
            answer = taken(site, address)
            assert (answer.status, answer.seconds < LATE) == (200, True), (address, answer)
            assert ("age" in answer.headers) is is_kept_with_age
        for address in (
            f"/iniziative/?order=title&page_size={n}",
            f"/api/v1/initiatives/?order=title&page_size={n}",
            "/iniziative/coworking/",
            "/en/initiatives/coworking/",
        ):
            answer = taken(site, address)
            assert (answer.status, answer.seconds < LATE) == (503, True), (address, answer)
            assert answer.headers["retry-after"] == "5"
        assert b"non pu\xc3\xb2 rispondere ora" in taken(site, f"/tabella/?order=title&page_size={n}").body
        assert (
            taken(site, f"/api/v1/initiatives/?order=-updated&page_size={n}").headers["content-type"]
            == "application/problem+json"
        )
        assert taken(site, "/admin/login/").seconds < 3
        assert taken(site, "/api/v1/status").seconds < 3


def check_that_all_is_well_again(site: RunningSite) -> None:
    deadline = time.monotonic() + 15
    while taken(site, "/iniziative/?q=servizi").status != 200:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    answer = taken(site, "/")
    assert (answer.status, "age" in answer.headers) == (200, False)
    assert taken(site, "/admin/login/").status == 200


@contextmanager
def stopped(site: RunningSite) -> Iterator[None]:
    """Every process of the server that serves this site's database."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as own:
        rows = own.execute("SELECT pid FROM pg_stat_activity WHERE datname = 'catalogue_gone'").fetchall()
        (postmaster,) = own.execute("SELECT pg_read_file('postmaster.pid')").fetchone() or ("",)
    pids = [int(postmaster.split()[0]), *(pid for (pid,) in rows)]
    assert len(pids) > 2
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


@POSTGRESQL
def test_stopped_server(site: RunningSite) -> None:
    with stopped(site):
        check_what_is_answered_meanwhile(site, is_kept_with_age=True)
    check_that_all_is_well_again(site)


@POSTGRESQL
def test_locked_table(site: RunningSite) -> None:
    """The version can be read meanwhile: what is kept is known to be of today."""
    with psycopg.connect(site.variables["DATABASE_URL"]) as locking:
        locking.execute("LOCK TABLE initiatives_initiative IN ACCESS EXCLUSIVE MODE")
        check_what_is_answered_meanwhile(site, is_kept_with_age=False)
    check_that_all_is_well_again(site)


@POSTGRESQL
def test_restarted_connections(site: RunningSite) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as own:
        own.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'catalogue_gone'")
    for address in (*KEPT, "/iniziative/?q=casa", "/obiettivi/os-ix/"):
        assert taken(site, address).status == 200, address


@pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="is about SQLite's file")
def test_damaged_file(site: RunningSite) -> None:
    path = site.data_dir / "catalogue.sqlite3"
    whole = path.read_bytes()
    for beside in path.parent.glob("catalogue.sqlite3-*"):
        beside.write_bytes(b"x" * 4096)
    path.write_bytes(b"damaged" * (len(whole) // 7))
    check_what_is_answered_meanwhile(site, is_kept_with_age=True)


@pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="is about SQLite's file")
def test_file_that_somebody_writes(site: RunningSite) -> None:
    writing = sqlite3.connect(site.data_dir / "catalogue.sqlite3", isolation_level=None)
    writing.execute("BEGIN EXCLUSIVE")
    for address in (*KEPT, "/iniziative/?q=casa", "/obiettivi/os-ix/", "/api/v1/status"):
        answer = taken(site, address)
        assert (answer.status, answer.seconds < LATE, "age" in answer.headers) == (200, True, False), address
    writing.execute("ROLLBACK")
    writing.close()
