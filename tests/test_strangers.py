"""Nobody waits for a stranger: who sends nothing, takes nothing or asks for much holds up nobody else."""

import asyncio
import gzip
import itertools
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import brotli
import pytest

from tests.sites import RunningSite, Taken, manage, own_database, run_site, taken

ENTRIES = int(os.environ.get("STRANGERS_ENTRIES", "4500"))
AT_ONCE = 24


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """With entries enough for a file that takes long."""
    folder = str(tmp_path_factory.mktemp("strangers") / "var")
    variables: dict[str, Any] = {"DATA_DIR": folder, **own_database("catalogue_strangers")}
    assert manage("migrate", "-v0", **variables).returncode == 0
    made = manage("sample", "--entries", str(ENTRIES), **variables)
    assert made.returncode == 0, made.stderr
    running = run_site(Path(variables.pop("DATA_DIR")), **variables)
    yield running
    running.stop()


def say(site: RunningSite, request: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", urlsplit(site.url).port or 0), timeout=60)
    connection.sendall(request.format(host=urlsplit(site.url).netloc).replace("\n", "\r\n").encode())
    return connection


def slowest(site: RunningSite, addresses: tuple[str, ...]) -> float:
    times = []
    for address in addresses:
        answer = taken(site, address)
        assert answer.status == 200, address
        times.append(answer.seconds)
    return max(times)


KEPT = ("/", "/iniziative/", "/obiettivi/os-ix/")
MADE = tuple(f"/iniziative/?q=servizi&page={n}" for n in range(1, 6))
UNFINISHED = "POST /admin/login/ HTTP/1.1\nHost: {host}\nContent-Length: 1000\n\nusername=a"
UNREAD = "GET /iniziative.csv HTTP/1.1\nHost: {host}\n\n"


@pytest.mark.parametrize("stranger", [UNFINISHED, UNREAD, "GET /iniziative/ HTTP/1.1\nHost: {host}\n"])
def test_strangers_who_send_or_take_nothing_hold_up_nobody(site: RunningSite, stranger: str) -> None:
    slowest(site, (*KEPT, "/iniziative/?q=servizi"))
    with ExitStack() as leaving:
        for _ in range(AT_ONCE):
            leaving.enter_context(say(site, stranger))
        time.sleep(0.3)
        assert slowest(site, KEPT) < 1
        assert slowest(site, MADE) < 1
        assert slowest(site, ("/api/v1/status", "/admin/login/")) < 3
    assert slowest(site, KEPT) < 1


def test_of_long_files_one_is_made_at_a_time_and_the_next_is_told_when_to_come(site: RunningSite) -> None:
    """Pages are answered meanwhile; whoever waits a second for the file before gets theirs."""
    while taken(site, "/iniziative.csv").status == 503:  # one of the test before may still be being made
        time.sleep(0.2)
    answers: list[Taken] = []
    asking = [
        threading.Thread(target=lambda: answers.append(taken(site, "/iniziative.ttl?q=servizi"))) for _ in range(10)
    ]
    for thread in asking:
        thread.start()
    time.sleep(0.2)
    assert slowest(site, KEPT) < 1
    assert slowest(site, MADE) < 1.5
    for thread in asking:
        thread.join()
    assert {answer.status for answer in answers} == {200, 503}
    assert all(answer.seconds < 3 for answer in answers if answer.status == 503)


def test_long_file_is_whole_however_it_is_packed(site: RunningSite) -> None:
    whole = taken(site, "/iniziative.csv").body
    assert whole.count(b"\r\n") > ENTRIES * 0.8
    assert gzip.decompress(taken(site, "/iniziative.csv", "gzip").body) == whole
    assert brotli.decompress(taken(site, "/iniziative.csv", "br").body) == whole


def test_reader_who_leaves_frees_the_thread_and_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    from catalogue.serving import spool  # sets Django up, which needs the tests' static files

    @contextmanager
    def endless(environ: dict[str, Any]) -> Iterator[tuple[int, tuple[()], Iterator[bytes]]]:
        yield 200, (), itertools.repeat(b"a row\n")

    async def leave() -> None:
        file = spool.Spool()
        making = asyncio.get_running_loop().run_in_executor(None, file.make, {}, "")
        assert (await anext(file.blocks())).startswith(b"a row\n")
        file.leave()
        await asyncio.wait_for(making, 10)

    monkeypatch.setattr(spool, "answered", endless)
    asyncio.run(leave())


def test_unfinished_form_is_answered_in_time(site: RunningSite) -> None:
    with say(site, UNFINISHED) as connection:
        connection.settimeout(30)
        assert connection.recv(1000).startswith(b"HTTP/1.1 408")


def test_form_that_breaks_off_is_never_taken_for_a_whole_one(site: RunningSite) -> None:
    with say(site, UNFINISHED) as connection:
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(15)
        assert not connection.recv(1000).startswith(b"HTTP/1.1 2")


def test_body_longer_than_any_form_is_refused_before_it_is_read(site: RunningSite) -> None:
    head = "POST /admin/login/ HTTP/1.1\nHost: {host}\nContent-Length: 99999999\n\n"
    with say(site, head) as connection:
        connection.settimeout(5)
        assert connection.recv(1000).startswith(b"HTTP/1.1 413")


def test_server_ends_in_time_with_a_file_that_nobody_takes(site: RunningSite) -> None:
    with say(site, UNREAD):
        time.sleep(0.5)
        began = time.monotonic()
        site.process.send_signal(signal.SIGTERM)
        site.process.wait(timeout=40)
        assert time.monotonic() - began < 30


def test_file_that_breaks_off_does_not_end_as_a_whole_one(monkeypatch: pytest.MonkeyPatch) -> None:
    from catalogue.serving import spool  # sets Django up, which needs the tests' static files

    @contextmanager
    def breaking(environ: dict[str, Any]) -> Iterator[tuple[int, tuple[()], Iterator[bytes]]]:
        yield 200, (), map(b"%d\n".__mod__, [1, "not a number"])

    async def take() -> None:
        file = spool.Spool()
        making = asyncio.get_running_loop().run_in_executor(None, file.make, {}, "")
        try:
            blocks = file.blocks()
            assert await anext(blocks) == b"1\n"
            with pytest.raises(TypeError):
                await anext(blocks)
        finally:
            file.leave()
        with pytest.raises(TypeError):
            await making

    monkeypatch.setattr(spool, "answered", breaking)
    asyncio.run(take())
