"""Who has no ETag is told a date, and asks with it: 304 as long as nothing has changed since, and never of what has."""

import subprocess
import time
from collections.abc import Iterator
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path

import pytest
from django.test import Client

from catalogue.files import views as files
from initiatives.models import Initiative
from initiatives.versions import current
from initiatives.versions.current import known_since
from tests.helpers import ROADS, coworking, read_whole
from tests.sites import RunningSite, ask, manage, new_site

pytestmark = pytest.mark.django_db
FILES = ["/iniziative.csv", "/iniziative.xlsx", "/iniziative.json", "/iniziative.ttl", "/classificazioni.csv"]
OTHERS = [
    "/matrice.csv",
    "/feed/",
    "/api/v1/initiatives/",
    "/catalogo.ttl",
    "/iniziative/coworking/",
    "/datapackage.json",
]


class Clock:
    """What time it is, in the process of these tests."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 2_000_000_000.5
        monkeypatch.setattr(time, "time", lambda: self.now)
        monkeypatch.setattr(current, "_known", (None, 0))

    def date(self, seconds: float = 0) -> str:
        return formatdate(int(self.now + seconds), usegmt=True)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def status(client: Client, address: str, since: str, **headers: str) -> int:
    return read_whole(client.get(address, headers={"if-modified-since": since, **headers})).status_code


@pytest.mark.parametrize("address", FILES + OTHERS)
def test_date_that_was_given_is_known_until_something_changes(client: Client, clock: Clock, address: str) -> None:
    read_whole(client.get(address))
    clock.now += 10
    taken = read_whole(client.get(address))
    date = taken.headers["Last-Modified"]
    assert date == clock.date(-9)
    unchanged = client.get(address, headers={"if-modified-since": date})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["ETag"] == taken.headers["ETag"]
    assert client.head(address, headers={"if-modified-since": date}).status_code == 304
    assert status(client, address, clock.date()) == 304
    assert status(client, address, clock.date(-10)) == 200  # before it
    assert status(client, address, clock.date(60)) == 200  # of a clock ahead of ours
    assert status(client, address, "ieri") == 200
    assert status(client, address, date, **{"if-none-match": '"another"'}) == 200  # who has an ETag asks with that
    coworking().save()
    assert status(client, address, date) == 200


def test_two_changes_of_one_second_are_told_apart(client: Client, clock: Clock) -> None:
    clock.now += 0.1
    first = client.get("/iniziative.csv")
    assert "Last-Modified" not in first.headers  # the second is not over
    dates = [clock.date(), clock.date(1)]
    clock.now += 0.1
    ROADS["basis"]()
    second = client.get("/iniziative.csv")
    assert "Last-Modified" not in second.headers
    for date in dates:
        assert status(client, "/iniziative.csv", date) == 200
    clock.now += 2
    assert status(client, "/iniziative.csv", dates[0]) == 200
    assert "Last-Modified" in client.get("/iniziative.csv").headers


def test_change_is_as_old_as_its_readers_know_it_not_as_its_writer(clock: Clock) -> None:
    """A transaction may end long after the moment that its version is named by."""
    assert known_since(1) == known_since(1) == 2_000_000_001
    clock.now += 100
    assert known_since(2) == 2_000_000_101
    clock.now += 100
    assert known_since(1) == 2_000_000_201  # back, with a backup
    clock.now -= 1000
    assert known_since(3) == 2_000_000_202


def test_page_that_is_not_there_is_not_unchanged(client: Client, clock: Clock) -> None:
    client.get("/")
    clock.now += 60
    for address, expected in {"/iniziative/manca/": 404, "/iniziative.csv?x=1": 400, "/manca": 404}.items():
        assert status(client, address, clock.date(-30)) == expected
    Initiative.objects.filter(slug="coworking").update(status="draft")
    client.get("/")
    clock.now += 60
    assert status(client, "/iniziative/coworking/", clock.date(-30)) in (404, 410)
    assert status(client, "/iniziative.csv", clock.date(-30)) == 304


def test_file_that_is_sent_while_it_is_made_has_no_date(
    client: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have broken off."""
    monkeypatch.setattr(files, "MOST_AT_ONCE", 26)
    client.get("/")
    clock.now += 60
    response = read_whole(client.get("/iniziative.csv", headers={"if-modified-since": clock.date(-30)}))
    assert response.status_code == 200
    assert not response.has_header("Last-Modified")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """A site of these tests' own: they leave it changed."""
    running = new_site(tmp_path_factory.mktemp("dates") / "var", "catalogue_dates")
    yield running
    running.stop()


def test_what_is_kept_has_its_date_too(site: RunningSite) -> None:
    for address in FILES + OTHERS:
        ask(site, address)
    time.sleep(2)
    for address in FILES + OTHERS:
        for _ in range(2):  # as it was made in its first second, and afterwards
            _status, headers, _body = ask(site, address)
            date = headers["last-modified"]
            assert parsedate_to_datetime(date) <= parsedate_to_datetime(headers["date"])
            assert ask(site, address, if_modified_since=date)[0] == 304
            before = formatdate(parsedate_to_datetime(date).timestamp() - 1, usegmt=True)
            assert ask(site, address, if_modified_since=before)[0] == 200
            assert ask(site, address, if_modified_since=date, if_none_match='"another"')[0] == 200


@pytest.mark.parametrize("address", FILES)
def test_curl_takes_a_file_again_only_if_it_has_changed(site: RunningSite, tmp_path: Path, address: str) -> None:
    ask(site, address)
    time.sleep(2)
    file = tmp_path / "file"

    def curl(*options: str) -> str:
        command = ["curl", "-s", "-w", "%{http_code}", "-o", str(file), *options, site.url + address]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert curl("-R") == "200"
    taken = file.read_bytes()
    assert curl("-R", "-z", str(file)) == "304"
    assert file.read_bytes() == taken
    code = "from initiatives.models import *; Initiative.objects.get(slug='coworking').save()"
    assert manage("shell", "-v0", "-c", code, **site.variables).returncode == 0
    assert curl("-R", "-z", str(file)) == "200"
