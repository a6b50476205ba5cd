import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
import yaml
from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from catalogue.management.commands.start import load_catalogue
from initiatives.models import Initiative, Status

ROOT = Path(settings.BASE_DIR)


@pytest.fixture(scope="session", autouse=True)
def static_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The hashed static files that every page names, collected once."""
    with override_settings(STATIC_ROOT=tmp_path_factory.mktemp("static")):
        call_command("collectstatic", verbosity=0, interactive=False)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Every test finds the real entries, loaded once as `start` loads them."""
    with django_db_blocker.unblock():
        load_catalogue()


@pytest.fixture
def no_entries(db: None) -> None:
    """For tests that make their own entries; the terms stay."""
    Initiative.objects.exclude(parent=None).delete()
    Initiative.objects.all().delete()


@dataclass(frozen=True)
class FixtureEntry:
    """An entry as the YAML says it; `terms` maps dimension to {slug: basis}."""

    slug: str
    fields: dict[str, Any]
    terms: dict[str, dict[str, str]]

    @property
    def level(self) -> str:
        return "measure" if self.fields.get("parent") else "initiative"


@pytest.fixture(scope="session")
def fixture_entries() -> list[FixtureEntry]:
    """Read straight from the YAML, past every line of the product: the brute-force count starts here."""
    rows = yaml.safe_load((ROOT / "fixtures" / "initiatives.yaml").read_text("utf-8"))
    entries = {
        row["fields"]["slug"]: FixtureEntry(
            row["fields"]["slug"], row["fields"], {"objective": {}, "category": {}, "sector": {}}
        )
        for row in rows
    }
    for row in yaml.safe_load((ROOT / "fixtures" / "links.yaml").read_text("utf-8")):
        fields = row["fields"]
        dimension = row["model"].removeprefix("initiatives.").removesuffix("link")
        entries[fields["initiative"][0]].terms[dimension][fields[dimension][0]] = fields["basis"]
    return list(entries.values())


@pytest.fixture
def make_entry(no_entries: None) -> Callable[..., Initiative]:
    """Makes a published entry, `title` and all, from as little as its slug."""

    def make(slug: str, **fields: Any) -> Initiative:
        fields = {"title": slug.title(), "summary": f"Sintesi di {slug}.", "status": Status.PUBLISHED, **fields}
        return Initiative.objects.create(slug=slug, **fields)

    return make


@pytest.fixture
def page(client: Client) -> Callable[[str], BeautifulSoup]:
    def get(address: str) -> BeautifulSoup:
        response = client.get(address)
        assert response.status_code == 200, address
        return BeautifulSoup(response.content, "html.parser")

    return get


def main_of(soup: BeautifulSoup) -> Tag:
    assert soup.main is not None
    return soup.main


def total_of(soup: BeautifulSoup) -> int:
    """The first number in `<main>` that is followed by "voci" or "voce"."""
    match = re.search(r"(\d+)\s+voc[ei]\b", main_of(soup).get_text(" "))
    assert match is not None
    return int(match[1])


def facet_counts(soup: BeautifulSoup) -> dict[str, dict[str, int]]:
    """The counts of the facets' checkboxes: the last word of each label."""
    counts: dict[str, dict[str, int]] = {}
    for box in main_of(soup).select(".facet input[type=checkbox]"):
        label = main_of(soup).select_one(f'label[for="{box["id"]}"]')
        assert label is not None
        counts.setdefault(str(box["name"]), {})[str(box["value"])] = int(label.get_text(" ").split()[-1])
    return counts


def clean_environment(**extra: str) -> dict[str, str]:
    """This process's environment without what would steer the site."""
    ours = {"DATA_DIR", "DATABASE_URL", "PUBLIC_URL", "SECRET_KEY", "CONTACT_EMAIL", "ACCESSIBILITY_DECLARATION_URL"}
    ours |= {"PUBLISHER_NAME", "PUBLISHER_IPA", "DATA_LICENCE", "DJANGO_SETTINGS_MODULE"}
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

    @property
    def data_dir(self) -> Path:
        return Path(self.variables["DATA_DIR"])

    def stop(self) -> str:
        """Ends the server as Ctrl+C does; returns what it printed."""
        self.process.send_signal(signal.SIGINT)
        return self.process.communicate(timeout=30)[0]


def run_site(data_dir: Path, *options: str, **extra: str) -> RunningSite:
    """`manage.py start` in a process of its own, once it answers."""
    port, variables = free_port(), {"DATA_DIR": str(data_dir), **extra}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "start", "--port", str(port), *options],
        cwd=ROOT,
        env=clean_environment(**variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    site = RunningSite(process, f"http://127.0.0.1:{port}", variables)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(site.url, timeout=5).close()
            return site
        except OSError:
            assert process.poll() is None, process.communicate()[0]
            time.sleep(0.05)
    process.kill()
    raise AssertionError(f"no answer from {site.url}: {process.communicate()[0]}")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """The site as `start` serves it from an empty folder, on the kind of database that the tests run on."""
    running = run_site(tmp_path_factory.mktemp("site") / "var", **own_database("catalogue_site"))
    yield running
    running.stop()


def own_database(name: str) -> dict[str, str]:
    """The setting of a new database beside the one that the tests run on; SQLite needs none, its folder is new."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        return {}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    return {"DATABASE_URL": urlsplit(url)._replace(path=f"/{name}").geturl()}
