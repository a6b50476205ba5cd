"""The matrix: every number against the list that it opens and against counting by hand."""

from itertools import product
from urllib.parse import parse_qsl

import pytest
from bs4 import Tag
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from catalogue.query import Axes
from catalogue.workbench import matrix
from catalogue.workbench.matrix import cross
from initiatives.facets import FACETS, Selection
from tests.helpers import FixtureEntry, GetPage, current_index, main_of, text, total_of
from tests.oracle import PlainSQL
from tests.strategies import selections

pytestmark = pytest.mark.django_db
SOME = [
    "coworking",
    "scale-up",
    "servizi-infanzia",
    "servizi-di-cura",
    "organizzazione-lavoro",
    "istruzione-formazione",
]
MENTIONED = "organizzazione-lavoro"  # a sector that repeats words of the introduction


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
    assert any(map(number, cells))
    for cell in cells:
        assert cell.a is not None
        opened = page(str(cell.a["href"]))
        assert total_of(opened) == number(cell)
        titles = [str(link["href"]).partition("?")[0] for link in cell.select(".titles a")]
        first = [str(link["href"]).partition("?")[0] for link in main_of(opened).select("article h3 a")]
        assert set(titles[:3]) <= set(first) if "q=" in query else titles[:3] == (first[:3] if titles else [])


def test_double_counting_and_gaps_are_explained(page: GetPage) -> None:
    said = " ".join(main_of(page("/matrice/")).get_text().split())
    assert "La somma delle celle è 32 e le schede sono 27" in said
    assert "Nessuna scheda: 3 combinazioni" in said  # without those of what is unclassified
    assert "Aggiunta solo dalla redazione: 1 combinazione" in said
    assert "non che nessuno l’abbia fatto" in said
    gaps = main_of(page("/matrice/")).select(".gaps li a")
    assert gaps[0].get_text() == "Welfare e servizi sociali × OS i"
    assert len(gaps) == 4
    assert "togliendo" in main_of(page(str(gaps[0]["href"]))).get_text()


def test_gaps_are_of_three_kinds(page: GetPage) -> None:
    """Counted by hand: care is the editors' own reading; what the introduction only mentions has sectors of its own."""
    care = "category=cura-conciliazione"
    for query, address, kind in (
        ("", "category=welfare-servizi-sociali&objective=os-i", "nessuna scheda"),
        ("", f"{care}&objective=os-ix", "aggiunta solo dalla redazione"),
        ("?basis=source", f"basis=source&{care}&objective=os-ix", "aggiunta solo dalla redazione"),
        ("?columns=sector", f"{care}&columns=sector&rows=category&sector={MENTIONED}", "solo in premessa"),
        ("?columns=sector", f"{care}&columns=sector&rows=category&sector={MENTIONED}", "aggiunta solo dalla redazione"),
    ):
        cell = main_of(page(f"/matrice/{query}")).select_one(f'.matrix td:has(> a[href="/iniziative/?{address}"])')
        assert cell is not None, address
        assert kind in cell.get_text()


def test_titles_of_a_cell_say_which_the_editors_put_there(page: GetPage, fixture_entries: list[FixtureEntry]) -> None:
    by_title, marked = {str(entry.fields["title"]): entry for entry in fixture_entries}, set()
    for cell in main_of(page("/matrice/?rows=sector&columns=category")).select("td.cell:has(.titles)"):
        assert cell.a is not None
        asked = dict(parse_qsl(str(cell.a["href"]).partition("?")[2]))
        for item in cell.select(".titles li:not(:has([href^='/iniziative/?']))"):
            assert item.a is not None
            terms = by_title[item.a.get_text()].terms
            bases = {terms[facet].get(asked[facet]) for facet in ("category", "sector")}
            assert ("aggiunta dalla redazione" in item.get_text()) is ("editorial" in bases)
            marked.add("editorial" in bases)
    assert marked == {True, False}


def test_empty_cells_mean_no_more_than_they_do(page: GetPage) -> None:
    for query, said in (
        ("", "il documento non riporta schede"),
        ("?basis=source", "il documento non mette nessuna scheda"),
        ("?level=measure", "nessuna delle schede trovate sta"),
        ("?level=measure&basis=source", "il documento non mette nessuna delle schede trovate"),
    ):
        assert f"Una cella a zero vuol dire che {said}" in main_of(page(f"/matrice/{query}")).get_text()


def test_strata_are_counted_by_hand(page: GetPage, fixture_entries: list[FixtureEntry]) -> None:
    for cell in main_of(page("/matrice/?rows=sector&columns=category")).select("tbody td.cell:not(:last-child)"):
        assert cell.a is not None
        asked = dict(parse_qsl(str(cell.a["href"]).partition("?")[2]))
        if "none" in (asked["category"], asked["sector"]):
            continue
        both = [
            (entry.terms["category"][asked["category"]], entry.terms["sector"][asked["sector"]])
            for entry in fixture_entries
            if asked["category"] in entry.terms["category"] and asked["sector"] in entry.terms["sector"]
        ]
        assert number(cell) == len(both)
        if both:
            said = f"di cui {both.count(('source', 'source'))} dal documento"
            assert said in " ".join(cell.get_text().split())


def test_what_has_no_basis_says_none(page: GetPage) -> None:
    assert not main_of(page("/matrice/?rows=level&columns=scope")).select(".matrix .strata-words")


def test_large_matrix_shows_no_titles(page: GetPage, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main_of(page("/matrice/")).select(".titles")
    monkeypatch.setattr(matrix, "MOST_CELLS", 11)
    assert not main_of(page("/matrice/")).select(".titles")


def test_chosen_values_alone_make_an_axis(page: GetPage) -> None:
    soup = main_of(page("/matrice/?objective=os-ix"))
    assert [cell.get_text().split()[0] for cell in soup.select("thead th")] == ["OS", "Totale"]


def test_selection_is_kept_when_axes_change(page: GetPage) -> None:
    soup = page("/matrice/?rows=sector&columns=category&objective=os-ix&q=servizi")
    form = soup.select_one("form#selection")
    assert form is not None
    assert form["action"] == "/matrice/"
    assert [str(box["value"]) for box in form.select("input[checked][type=checkbox]")] == ["os-ix"]
    assert [str(box["value"]) for box in form.select("input[name=q]")] == ["servizi"]
    assert [str(chosen["value"]) for chosen in soup.select("select[form=selection] option[selected]")] == [
        "sector",
        "category",
    ]
    assert "«servizi» e OS ix" in text(soup, ".sentence")


def test_list_of_a_cell_leads_back_to_the_same_rows_and_columns(page: GetPage) -> None:
    cell = main_of(page("/matrice/?rows=sector&columns=level&objective=os-ix")).select_one(".matrix td.cell a")
    assert cell is not None
    opened = main_of(page(str(cell["href"])))
    back = opened.select_one(".views a[href^='/matrice/']")
    assert back is not None
    assert "rows=sector" in str(back["href"])
    assert "columns=level" in str(back["href"])
    assert "objective=os-ix" in str(back["href"])
    kept = {str(field["name"]): str(field["value"]) for field in opened.select("#carried input")}
    assert kept == {"rows": "sector", "columns": "level"}


def test_objectives_as_rows_take_other_columns(page: GetPage) -> None:
    soup = page("/matrice/?rows=objective")
    assert not main_of(soup).select(".alert")
    assert "Obiettivo specifico 2021-27 per Categoria" in text(soup, "#found h2")


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
    @given(selections(SOME), st.permutations(list(FACETS)))
    def test_index_and_sql_cross_alike(self, selection: Selection, order: list[str]) -> None:
        index, plain, axes = current_index(), PlainSQL(), Axes(order[0], order[1])
        by_index = cross(index, selection, axes)
        by_sql = cross(plain, selection, axes)  # type: ignore[arg-type]
        assert (by_index.columns, by_index.rows) == (by_sql.columns, by_sql.rows)
        assert by_index.found.total == by_sql.found.total
        for row in by_index.rows:
            assert row.head.total.count <= sum(cell.count for cell in row.cells) or not row.cells
