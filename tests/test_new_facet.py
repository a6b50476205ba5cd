"""A new facet is declared in two places: its kind, and its parameter. Everything else follows."""

import csv
import io
from collections.abc import Iterator

import pytest
from django.db.models import F
from django.test import Client

from catalogue.query import FacetFilter, SelectionFilter
from initiatives.facets import FACETS, ChoiceFacet, Selection, index
from initiatives.models import Funding
from tests.helpers import GetPage, current_index, facet_counts, fetch, main_of, text, total_of
from tests.oracle import PlainSQL

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def funding(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The funds of an entry as a facet."""
    monkeypatch.setitem(FACETS, "funding", ChoiceFacet(Funding, F("funding")))
    monkeypatch.setitem(SelectionFilter.base_filters, "funding", FacetFilter(label="Fondi"))
    monkeypatch.setattr(index, "_newest", None)
    yield
    index._newest = None


def test_it_is_shown_counted_and_chosen_on_pages(page: GetPage) -> None:
    soup = page("/iniziative/?objective=os-i")
    assert facet_counts(soup)["funding"] == {"fse": 9, "fse-fesr": 1}
    soup = page("/iniziative/?objective=os-i&funding=fse-fesr")
    assert total_of(soup) == 1
    assert text(soup, ".sentence").startswith("Filtri attivi: OS i e FSE e FESR, in maniera integrata")
    assert facet_counts(soup)["funding"] == {"fse": 9, "fse-fesr": 1}
    assert main_of(page("/iniziative/?funding=altro")).select(".alert")


def test_it_crosses_every_other_facet(page: GetPage, client: Client) -> None:
    rows = main_of(page("/matrice/?rows=funding&columns=objective")).select("tbody tr")
    assert [str(row.th.contents[0]).strip() for row in rows if row.th] == [str(label) for label in Funding.labels]
    body = client.get("/api/v1/matrix/?rows=level&columns=funding&objective=os-i").json()
    assert body["cells"] == [[9, 0], [0, 1]]


def test_it_narrows_files_and_the_api(client: Client) -> None:
    rows = list(csv.reader(io.StringIO(fetch(client, "/iniziative.csv?funding=fse-fesr").decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["social-impact-investing"]
    body = client.get("/api/v1/initiatives/?funding=fse-fesr").json()
    assert [entry["id"] for entry in body["results"]] == ["social-impact-investing"]
    assert [value["count"] for value in body["facets"]["funding"]] == [26, 1]
    assert client.get("/feed/?funding=fse-fesr").content.count(b"<entry>") == 1


@pytest.mark.parametrize("chosen", [{}, {"funding": ("fse",)}, {"funding": ("fse-fesr",), "category": ("none",)}])
def test_index_and_sql_agree(chosen: dict[str, tuple[str, ...]]) -> None:
    selection, found = Selection(chosen), current_index().find(Selection(chosen))
    plain = PlainSQL().find(selection)
    assert (found.ids, found.levels) == (plain.ids, plain.levels)
    assert found.counts["funding"] == {value: plain.counts["funding"].get(value, 0) for value in Funding.values}
