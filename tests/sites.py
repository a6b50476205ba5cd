"""Sites that tests run in processes of their own, and who visits them."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from functools import cache
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from bs4 import BeautifulSoup

from tests.helpers import ROOT, data_of

FIRST = "catalogue_first_start"  # a database


def clean_environment(**extra: str) -> dict[str, str]:
    """This process's environment without what would steer the site."""
    ours = {"DATA_DIR", "DATABASE_URL", "PUBLIC_URL", "SECRET_KEY", "CONTACT_EMAIL", "ACCESSIBILITY_DECLARATION_URL"}
    ours |= {
        "PUBLISHER_NAME",
        "PUBLISHER_URL",
        "PUBLISHER_IPA",
        "PUBLISHER_TYPE",
        "DATA_LICENCE",
        "DJANGO_SETTINGS_MODULE",
    }
    ours |= {"TRUSTED_PROXIES", "SECOND_FACTOR"}
    return {name: value for name, value in os.environ.items() if name not in ours} | extra


def manage(*arguments: str, root: Path = ROOT, **extra: str) -> subprocess.CompletedProcess[str]:
    """Runs manage.py in a process of its own, as an operator would."""
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=root, env=clean_environment(**extra), capture_output=True, text=True, timeout=120, check=False
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class RunningSite:
    process: subprocess.Popen[str]
    url: str
    variables: dict[str, Any]
    output: Path

    @property
    def data_dir(self) -> Path:
        return Path(self.variables["DATA_DIR"])

    def stop(self) -> str:
        """Ends the server as Ctrl+C does; returns what it printed."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=30)
        return self.output.read_text("utf-8")


def run_site(data_dir: Path, *options: str, **extra: str) -> RunningSite:
    """`manage.py start` in a process of its own, once it answers."""
    port, variables = free_port(), {"DATA_DIR": str(data_dir), **extra}
    # To a file: a pipe that nobody reads is full after 64 KB, and then the site stands still.
    output = Path(f"{data_dir}-{port}.log")
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "start", "--port", str(port), *options],
            cwd=ROOT,
            env=clean_environment(**variables),
            stdout=file,
            stderr=subprocess.STDOUT,
            text=True,
        )
    site = RunningSite(process, f"http://127.0.0.1:{port}", variables, output)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(site.url, timeout=5).close()
            return site
        except OSError:
            assert process.poll() is None, output.read_text("utf-8")
            time.sleep(0.05)
    process.kill()
    raise AssertionError(f"no answer from {site.url}: {output.read_text('utf-8')}")


def new_site(data_dir: Path, name: str, **extra: str) -> RunningSite:
    """A site of some tests' own, as its first start has left it; on PostgreSQL in a database of this name."""
    shutil.copytree(_first_start().name, data_dir)
    return run_site(data_dir, **own_database(name, FIRST), **extra)


@cache
def _first_start() -> "tempfile.TemporaryDirectory[str]":
    """Made once: filling a database and collecting files takes longer than most tests."""
    folder = tempfile.TemporaryDirectory()
    run_site(Path(folder.name), **own_database(FIRST)).stop()
    return folder


# What a site answered: its status, its headers by their names in small letters, and its body.
Answer = tuple[int, dict[str, str], bytes]


def ask(site: RunningSite, address: str, method: str = "GET", body: str | None = None, **headers: str) -> Answer:
    """Follows nothing, and unpacks nothing."""
    connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=30)
    try:
        connection.request(method, address, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


class Staying(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        """Follows none."""


class Editor:
    """A browser without scripts in which an administrator of a running site is signed in."""

    def __init__(self, site: RunningSite) -> None:
        self.site = site
        password = "prova-prova-1"
        made = manage(
            "createsuperuser",
            "--noinput",
            "--username=capo",
            "--email=c@example.it",
            DJANGO_SUPERUSER_PASSWORD=password,
            **site.variables,
        )
        assert made.returncode == 0, made.stderr
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self.opener, self.stayer = urllib.request.build_opener(cookies), urllib.request.build_opener(cookies, Staying)
        login = self.ask("/admin/login/")[1]
        self.ask("/admin/login/", {**data_of(login, "form"), "username": "capo", "password": password})

    def ask(
        self, address: str, data: dict[str, Any] | list[tuple[str, str]] | None = None, follows: bool = True
    ) -> tuple[int, BeautifulSoup]:
        body = urllib.parse.urlencode(data, doseq=True).encode() if data else None
        request = urllib.request.Request(self.site.url + address, body, {"Origin": self.site.url} if body else {})
        opener = self.opener if follows else self.stayer
        try:
            with opener.open(request, timeout=30) as response:
                return response.status, BeautifulSoup(response.read().decode(), "lxml")
        except urllib.error.HTTPError as error:
            return error.code, BeautifulSoup(error.read().decode(), "lxml")


@dataclass
class Taken:
    """An answer, and after how many seconds it was there."""

    status: int
    seconds: float
    headers: dict[str, str]
    body: bytes


def taken(site: RunningSite, address: str, encoding: str = "") -> Taken:
    began = time.monotonic()
    try:
        answer = urllib.request.urlopen(
            urllib.request.Request(site.url + address, headers={"Accept-Encoding": encoding}), timeout=60
        )
    except urllib.error.HTTPError as refused:
        answer = refused
    with answer:
        seconds, headers = time.monotonic() - began, {name.lower(): value for name, value in answer.headers.items()}
        return Taken(answer.status, seconds, headers, answer.read())


def own_database(name: str, template: str = "template1") -> dict[str, str]:
    """The setting of a new database beside the one that the tests run on; SQLite needs none, its folder is new."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        return {}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return {"DATABASE_URL": urlsplit(url)._replace(path=f"/{name}").geturl()}
