"""The matrix: every number against the list that it opens and against counting by hand."""

from itertools import product

import pytest
from bs4 import Tag
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from catalogue.presenters.matrix import cross
from catalogue.query import Axes
from initiatives.facets import FACETS, Selection
from tests.helpers import FixtureEntry, GetPage, current_index, main_of, text, total_of
from tests.oracle import PlainSQL
from tests.strategies import selections

pytestmark = pytest.mark.django_db


def number(cell: Tag) -> int:
    link = cell.a
    return int(link.get_text().split()[0]) if link else 0


def test_cells_are_counted_by_hand(page: GetPage, fixture_entries: list[FixtureEntry]) -> None:
    rows = main_of(page("/matrice/?rows=category&columns=sector")).select("tbody tr")
    slugs = {
        dimension: sorted({slug for entry in fixture_entries for slug in entry.terms[dimension]})
        for dimension in ("category", "sector")
    }
    by_hand = {
        (category, sector): sum(
            category in entry.terms["category"] and sector in entry.terms["sector"] for entry in fixture_entries
        )
        for category, sector in product(slugs["category"], slugs["sector"])
    }
    shown = sorted(number(cell) for row in rows[:3] for cell in row.select("td")[:7])
    assert shown == sorted(by_hand.values())
    assert sum(number(cell) for cell in rows[-1].select("td")[:-1]) == 3  # without a category


@pytest.mark.parametrize(
    "query",
    ["", "?rows=sector&columns=category", "?basis=source", "?objective=os-ix&objective=none", "?rows=level&q=servizi"],
)
def test_every_number_opens_the_entries_it_counts(page: GetPage, query: str) -> None:
    soup = main_of(page(f"/matrice/{query}"))
    cells = soup.select("td.cell")
    assert any(cell.a for cell in cells)
    for cell in cells:
        if cell.a:
            assert total_of(page(str(cell.a["href"]))) == number(cell)
        else:
            assert "nessuna" in cell.get_text()
            assert "cell-gap" in cell["class"]


def test_double_counting_and_gaps_are_explained(page: GetPage) -> None:
    said = " ".join(main_of(page("/matrice/")).get_text().split())
    assert "La somma delle celle è 32 e le voci sono 27" in said
    assert "3 combinazioni di valori non hanno alcuna voce" in said  # without those of what is unclassified
    gaps = [gap.get_text() for gap in main_of(page("/matrice/")).select(".gaps li")]
    assert gaps[0].startswith("Welfare e servizi sociali, OS i —")
    assert len(gaps) == 3


def test_chosen_values_alone_make_an_axis(page: GetPage) -> None:
    soup = main_of(page("/matrice/?objective=os-ix"))
    assert [cell.get_text().split()[0] for cell in soup.select("thead th")] == ["OS", "Totale"]


def test_selection_is_kept_when_axes_change(page: GetPage) -> None:
    soup = page("/matrice/?rows=sector&columns=category&objective=os-ix&q=servizi")
    kept = {str(field["name"]): str(field["value"]) for field in soup.select("form.axes input[type=hidden]")}
    assert kept == {"objective": "os-ix", "q": "servizi"}
    assert "«servizi» e OS ix" in text(soup, ".sentence")


def test_objectives_as_rows_take_other_columns(page: GetPage) -> None:
    soup = page("/matrice/?rows=objective")
    assert not main_of(soup).select(".alert")
    assert "Obiettivo specifico 2021-27 per Categoria" in text(soup, "#matrix-title")


@pytest.mark.parametrize(
    "query", ["rows=scope&rows=level", "rows=inventata", "rows=level&columns=level", "colonne=category", "category=no"]
)
def test_what_is_not_understood_is_named(page: GetPage, query: str) -> None:
    soup = page(f"/matrice/?{query}")
    way_on = main_of(soup).select_one(".alert a")
    assert way_on is not None
    assert str(way_on["href"]).startswith("/matrice/")
    assert not main_of(page(str(way_on["href"]))).select(".alert")


def test_canonical_address_has_axes_and_selection(client: Client) -> None:
    html = client.get("/matrice/?objective=os-ix&rows=sector&columns=level&page=2&order=title").content.decode()
    assert (
        'rel="canonical" href="http://127.0.0.1:8000/matrice/?columns=level&amp;objective=os-ix&amp;rows=sector"'
        in html
    )


def test_facet_is_not_crossed_with_itself(page: GetPage, client: Client) -> None:
    """One rule: the page names it and shows another matrix, files and API say that there is none."""
    query = "?rows=level&columns=level"
    assert "columns=level – righe e colonne sono uguali" in text(page(f"/matrice/{query}"), ".alert")
    for address in ("/matrice.csv", "/matrice.xlsx", "/api/v1/matrix/"):
        response = client.get(f"{address}{query}")
        assert response.status_code == 404, address
        assert "columns=level: righe e colonne sono uguali" in response.json()["detail"]


class CrossTest(TestCase):
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(selections(), st.permutations(list(FACETS)))
    def test_index_and_sql_cross_alike(self, selection: Selection, order: list[str]) -> None:
        index, plain, axes = current_index(), PlainSQL(), Axes(order[0], order[1])
        by_index = cross(index, selection, axes)
        by_sql = cross(plain, selection, axes)  # type: ignore[arg-type]
        assert (by_index.columns, by_index.rows) == (by_sql.columns, by_sql.rows)
        assert by_index.found.total == by_sql.found.total
        for row in by_index.rows:
            assert row.total.count <= sum(cell.count for cell in row.cells) or not row.cells
