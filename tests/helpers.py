"""What the tests share: how a page is read, a site is run, and the catalogue is edited."""

import csv
import io
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import b32decode
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ObjectDoesNotExist
from django.core.management import call_command
from django.core.serializers.base import DeserializationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP

from catalogue.files.writers import BOM
from initiatives.facets import FacetIndex, Selection, index_at
from initiatives.models import CategoryLink, Initiative, ObjectiveLink, Passage, SectorLink, Status
from initiatives.versions import Snapshot
from taxonomy.models import InterventionCategory, PrioritySector, SpecificObjective

ROOT = Path(settings.BASE_DIR)
GetPage = Callable[[str], BeautifulSoup]
KINDS = [
    "/",
    "/iniziative/",
    "/iniziative/?category=welfare-servizi-sociali&objective=os-i",
    "/iniziative/servizi-infanzia/",
    "/iniziative/confronta/?i=servizi-di-cura&i=coworking&i=organizzazione-lavoro",
    "/obiettivi/os-ix/",
    "/categorie/cura-conciliazione/",
    "/settori/inclusione-attiva/",
    "/tabella/",
    "/matrice/",
    "/figura/",
    "/obiettivi/",
    "/fonte/",
    "/dati/",
    "/dati/api/",
    "/informazioni/",
    "/copertura/",
    "/modifiche/",
    "/accessibilita/",
    "/privacy/",
]
JUNK = [
    "OS-IX",
    "os-ix,os-i",
    "-1",
    "0",
    "1e9",
    "9" * 400,
    "' OR 1=1 --",
    "%",
    "<script>",
    "\x00",
    "a\x00b",
    "😀",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "null",
    "true",
    "../../etc/passwd",
    "{{7*7}}",
    "?!",
    "x" * 10_000,
    "nan",
    "\u202e",
    "%s%n",
]


@dataclass(frozen=True)
class FixtureEntry:
    """An entry as the YAML says it; `terms` maps dimension to {slug: basis}."""

    slug: str
    fields: dict[str, Any]
    terms: dict[str, dict[str, str]]

    @property
    def level(self) -> str:
        return "measure" if self.fields.get("parent") else "initiative"


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


def text(soup: BeautifulSoup, selector: str) -> str:
    found = main_of(soup).select_one(selector)
    assert found is not None, selector
    return " ".join(found.get_text().split())


def titles(soup: BeautifulSoup) -> list[str]:
    return [" ".join(heading.get_text().split()) for heading in main_of(soup).select("article h3")]


def fetch(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200, address
    return b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]


def csv_rows(client: Client, address: str) -> list[dict[str, str]]:
    text = fetch(client, address).decode()
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def clean_environment(**extra: str) -> dict[str, str]:
    """This process's environment without what would steer the site."""
    ours = {"DATA_DIR", "DATABASE_URL", "PUBLIC_URL", "SECRET_KEY", "CONTACT_EMAIL", "ACCESSIBILITY_DECLARATION_URL"}
    ours |= {"PUBLISHER_NAME", "PUBLISHER_IPA", "DATA_LICENCE", "DJANGO_SETTINGS_MODULE"}
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
        opener = self.opener if follows else self.stayer
        try:
            with opener.open(self.site.url + address, body, timeout=30) as response:
                return response.status, BeautifulSoup(response.read(), "html.parser")
        except urllib.error.HTTPError as error:
            return error.code, BeautifulSoup(error.read(), "html.parser")


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


def own_database(name: str) -> dict[str, str]:
    """The setting of a new database beside the one that the tests run on; SQLite needs none, its folder is new."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        return {}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    return {"DATABASE_URL": urlsplit(url)._replace(path=f"/{name}").geturl()}


def multiply(times: int) -> None:
    """Copies of the real entries, links and all."""
    objective = SpecificObjective.objects.get(slug="os-ix")
    first = Initiative.objects.get(slug="welfare-territoriale")
    for n in range(times):
        parent = first if n % 2 else None
        copy = Initiative.objects.create(
            slug=f"copia-{n}", title="Copia", summary="Copia.", parent=parent, status=Status.PUBLISHED, position=100 + n
        )
        copy.passages.set(first.passages.all())
        ObjectiveLink.objects.create(initiative=copy, term=objective, basis="source")


def coworking() -> Initiative:
    return Initiative.objects.get(slug="coworking")


def raw(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def stale() -> int:
    """How many texts wait for their words to be made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM initiatives_stale")
        return cursor.fetchone()[0]


def add_link() -> None:
    term = InterventionCategory.objects.get(slug="cura-conciliazione")
    CategoryLink.objects.create(initiative=coworking(), term=term, basis="editorial")


def bulk_create() -> None:
    Initiative.objects.bulk_create([Initiative(slug=f"nuova-{n}", title="Nuova", summary="Nuova.") for n in range(3)])


def publish_in_admin() -> None:
    client = Client()
    client.force_login(
        get_user_model().objects.get_or_create(username="redazione", is_staff=True, is_superuser=True)[0]
    )
    address, data = form_of(client, PrioritySector.objects.get(slug="istruzione-formazione"))
    assert client.post(address, {**data, "name": "Istruzione"}).status_code == 302


ROADS: dict[str, Callable[[], Any]] = {
    "save": lambda: coworking().save(),
    "update": lambda: Initiative.objects.filter(slug="coworking").update(title="Altro"),
    "delete": lambda: coworking().delete(),
    "withdraw": lambda: Initiative.objects.filter(slug="coworking").update(status=Status.DRAFT),
    "bulk create": bulk_create,
    "link": add_link,
    "basis": lambda: SectorLink.objects.update(basis="editorial"),
    "cascade": lambda: Initiative.objects.filter(slug="scale-up").delete(),
    "passage text": lambda: Passage.objects.filter(anchor="coworking").update(text="Altro"),
    "passage quoted": lambda: coworking().passages.add(Passage.objects.get(anchor="os-i")),
    "lead-in": lambda: coworking().lead_ins.clear(),
    "reason": lambda: SectorLink.objects.update(note="Perché sì."),
    "passage's term": lambda: Passage.objects.get(anchor="os-i").sectors.clear(),
    "term": lambda: PrioritySector.objects.filter(slug="inclusione-attiva").update(name="Altro"),
    "sector's objective": lambda: PrioritySector.objects.get(slug="inclusione-attiva").objectives.clear(),
    "admin": publish_in_admin,
    "raw SQL": lambda: raw("UPDATE initiatives_initiative SET position = position + 1 WHERE slug = 'coworking'"),
    "loaddata": lambda: call_command("loaddata", "links", verbosity=0),
}


def take(road: str) -> None:
    """Goes a road, unless an edit before has closed it: the entry is gone, the link is there already."""
    with suppress(ObjectDoesNotExist, IntegrityError, DeserializationError), transaction.atomic():
        ROADS[road]()


def current_index() -> FacetIndex:
    """The index that the next page is made of."""
    with closing(Snapshot()) as snapshot:
        return index_at(snapshot)


def slugs(q: str, order: str = "position") -> list[str]:
    """The entries that a text finds, in this order."""
    index = current_index()
    ids = index.find(Selection(q=q, order=order, page_size=100)).ids
    by_id = Initiative.objects.in_bulk(ids)
    return [by_id[pk].slug for pk in ids]


def form_of(editor: Client, thing: Any) -> tuple[str, dict[str, Any]]:
    """The change form's address and its data as a browser would send them back."""
    address = address_of(thing)
    soup = BeautifulSoup(editor.get(address).content, "html.parser")
    return address, data_of(soup, f"#{thing._meta.model_name}_form")


def address_of(thing: Any, what: str = "change") -> str:
    return reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_{what}", args=[thing.pk])


def data_of(soup: BeautifulSoup, form: str) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for tag in soup.select(f"{form} [name]"):
        if tag.name == "select":
            data[str(tag["name"])] = [option["value"] for option in tag.select("option[selected]") if option["value"]]
        elif tag.name == "textarea":
            data[str(tag["name"])] = tag.get_text().removeprefix("\n")
        elif tag.get("type") == "checkbox" and tag.has_attr("value"):  # one of several
            data.setdefault(str(tag["name"]), []).extend([tag["value"]] if tag.has_attr("checked") else [])
        elif tag.get("type") == "checkbox":
            data |= {str(tag["name"]): "on"} if tag.has_attr("checked") else {}
        elif tag.get("type") != "submit":
            data[str(tag["name"])] = tag.get("value", "")
    return {name: value for name, value in data.items() if "__prefix__" not in name}


def code_of(secret: str, steps: int = 0) -> str:
    """What the app of a second factor shows, now or so many half minutes later."""
    clock = TOTP(b32decode("".join(secret.split())))
    clock.time = time.time() + 30 * steps
    return f"{clock.token():06d}"
