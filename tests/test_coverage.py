"""What the catalogue covers is computed, and equals counting by hand."""

from collections import Counter
from collections.abc import Callable

import pytest
import yaml
from bs4 import BeautifulSoup
from django.test import Client

from initiatives.models import Initiative, Status
from tests.helpers import ROOT, FixtureEntry, csv_rows

pytestmark = pytest.mark.django_db


def by_hand(entries: list[FixtureEntry]) -> list[list[str]]:
    """Counted in the YAML, past every line of the product."""
    rows = yaml.safe_load((ROOT / "fixtures" / "source.yaml").read_text("utf-8"))
    passages = [row["fields"] for row in rows if row["model"] == "initiatives.passage"]
    giving = {anchor for entry in entries for (anchor,) in entry.fields["passages"]}
    opening = {anchor for entry in entries for (anchor,) in entry.fields.get("lead_ins", [])} - giving
    naming = {
        passage["anchor"]
        for passage in passages
        if passage.get("is_caveat") or any(passage.get(ties) for ties in ("objectives", "categories", "sectors"))
    }
    naming -= giving | opening
    neither = {passage["anchor"] for passage in passages} - giving - opening - naming
    table = [["Passi del documento", str(len(anchors))] for anchors in (giving, opening, naming, neither)]
    for dimension in ("objective", "category", "sector"):
        bases = Counter(basis for entry in entries for basis in entry.terms[dimension].values())
        without = sum(not entry.terms[dimension] for entry in entries)
        without_by_source = sum("source" not in entry.terms[dimension].values() for entry in entries)
        table += [
            ["Classificazioni dal documento", str(bases["source"])],
            ["Classificazioni aggiunte dalla redazione", str(bases["editorial"])],
            ["Schede non classificate", str(without)],
            ["Schede non classificate dal documento", str(without_by_source)],
        ]
    return table


def test_the_file_equals_counting_by_hand(client: Client, fixture_entries: list[FixtureEntry]) -> None:
    rows = csv_rows(client, "/copertura.csv")
    assert [[row["Che cosa"], row["Quanti"]] for row in rows] == by_hand(fixture_entries)
    assert counts(client, "Passi del documento") == [28, 3, 9, 6]


def counts(client: Client, what: str) -> list[int]:
    return [int(row["Quanti"]) for row in csv_rows(client, "/copertura.csv") if row["Che cosa"] == what]


@pytest.mark.parametrize("address", ["/copertura/", "/en/coverage/"])
def test_the_page_has_the_numbers_of_the_file(
    client: Client, page: Callable[[str], BeautifulSoup], address: str
) -> None:
    shown = [cell.get_text(" ", strip=True).split()[0] for cell in page(address).select("table .cell")]
    assert shown[:5] == [*map(str, counts(client, "Passi del documento")), "46"]
    assert shown[5:17] == ["23", "0", "23", "23", "6", "29", "36", "4", "40", "82", "10", "92"]
    assert shown[17:] == ["4", "4", "3", "4", "0", "4"]


def test_each_number_of_entries_opens_them(client: Client, page: Callable[[str], BeautifulSoup]) -> None:
    links = page("/copertura/").select("table .cell a")
    assert len(links) == 6
    for link in links:
        total = page(str(link["href"])).select_one(".total strong")
        assert total is not None
        assert total.get_text(strip=True).split()[0] == link.get_text(" ", strip=True).split()[0]


def test_a_draft_covers_nothing(client: Client) -> None:
    Initiative.objects.filter(slug="modelli-abitativi").update(status=Status.DRAFT)
    assert counts(client, "Passi del documento") == [27, 3, 9, 7]
    assert counts(client, "Classificazioni dal documento") == [22, 22, 34]
