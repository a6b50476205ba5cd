"""What the tests share: how a page is read and the catalogue is edited."""

import csv
import io
import re
import time
from base64 import b32decode
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
PASSWORD = "quattro-gatti-in-fila"  # of the accounts that tests make
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
    "/dossier/?objective=os-ix",
    "/obiettivi/",
    "/fonte/",
    "/dati/",
    "/dati/api/",
    "/informazioni/",
    "/glossario/",
    "/copertura/",
    "/modifiche/",
    "/accessibilita/",
    "/privacy/",
]
JUNK = [
    "OS-XI",
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
    """The first number in `<main>` that is followed by "schede" or "scheda"."""
    match = re.search(r"(\d+)\s+sched[ae]\b", main_of(soup).get_text(" "))
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


def read_whole(response: Any) -> Any:
    """What is sent in pieces: read to its end it is closed; closed otherwise, it would close the test's connection."""
    if response.streaming:
        b"".join(response)
    return response


def fetch(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200, address
    return b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]


def csv_rows(client: Client, address: str) -> list[dict[str, str]]:
    text = fetch(client, address).decode()
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


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
    soup = BeautifulSoup(editor.get(address).content, "lxml")
    return address, data_of(soup, f"#{thing._meta.model_name}_form")


def address_of(thing: Any, what: str = "change") -> str:
    return reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_{what}", args=[thing.pk])


def data_of(soup: BeautifulSoup, form: str) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for tag in soup.select(form)[0].find_all(True, {"name": True}):  # at once it would look for the form at each
        if tag.name == "select":
            options = tag.find_all("option", {"selected": True})
            data[str(tag["name"])] = [option["value"] for option in options if option["value"]]
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
