"""Two facets crossed under a selection: every cell counts, and opens, the entries that stand under both its values."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from initiatives import filters
from initiatives.facets import Catalogue
from initiatives.filters import GIVEN_AGAIN, Ignored
from initiatives.presenters import FacetValue, Vocabularies, present_facets
from initiatives.selection import FACETS, NONE, Selection
from initiatives.sql import Found

SHADES = 5


@dataclass(frozen=True)
class Axes:
    """The facets that make rows and columns."""

    rows: str = "category"
    columns: str = "objective"

    def query(self, selection: Selection) -> str:
        """The canonical query string of a matrix."""
        pairs = [("rows", self.rows), ("columns", self.columns)] if self != Axes() else []
        pairs += selection.without("order", "page_size").pairs
        return f"?{urlencode(sorted(pairs))}" if pairs else ""


@dataclass(frozen=True)
class Total:
    """A value that makes a row or a column, and how many entries stand under it."""

    value: str
    label: str
    count: int
    query: str


@dataclass(frozen=True)
class Cell:
    """`shade` goes from 0, a gap, to 5, as many as in the fullest cell."""

    label: str
    count: int
    query: str
    shade: int


@dataclass(frozen=True)
class Row:
    total: Total
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Matrix:
    """Totals count an entry once each: they can be less than the sum of their cells."""

    columns: tuple[Total, ...]
    rows: tuple[Row, ...]
    found: Found

    @property
    def sum(self) -> int:
        return sum(cell.count for row in self.rows for cell in row.cells)

    @property
    def gaps(self) -> list[str]:
        """The pairs of values that no entry stands under; what is unclassified is no value."""
        pairs = [(row, column, cell) for row in self.rows for column, cell in zip(self.columns, row.cells, strict=True)]
        return [c.label for row, column, c in pairs if not c.count and NONE not in (row.total.value, column.value)]


def read(query: QueryDict, terms: Vocabularies) -> tuple[Axes, Selection, list[Ignored]]:
    """Rows and columns, the selection, which has neither order nor pages, and what had to be ignored of both."""
    axes, rest, ignored = _read_axes(query)
    selection, more = filters.read(rest, terms)
    return axes, selection.without("order", "page_size"), ignored + more


def _read_axes(query: QueryDict) -> tuple[Axes, QueryDict, list[Ignored]]:
    """Also the query string that is left for the selection."""
    rest, given, ignored = query.copy(), {}, []
    for name in ("rows", "columns"):
        *others, last = list(filter(None, rest.pop(name, []))) or [""]
        ignored += [Ignored(name, str(value), str(GIVEN_AGAIN)) for value in others]
        if last in FACETS:
            given[name] = str(last)
        elif last:
            ignored.append(Ignored(name, str(last), _("il valore non esiste")))
    axes = replace(Axes(), **given)
    if axes.rows == axes.columns:
        if len(given) == 2:
            ignored.append(Ignored("columns", axes.columns, _("righe e colonne sono uguali")))
        other = "columns" if "rows" in given else "rows"
        axes = replace(axes, **{other: Axes.rows if axes.rows == Axes.columns else Axes.columns})
    return axes, rest, ignored


def cross(catalogue: Catalogue, selection: Selection, axes: Axes, terms: Vocabularies) -> Matrix:
    """Of a facet that makes an axis only the chosen values are shown: no address could select another cell."""
    found = catalogue.find(selection)
    values = {facet.name: facet.values for facet in present_facets(selection, found, terms)}
    rows, columns = ([v for v in values[f] if v.selected or not selection.chosen(f)] for f in (axes.rows, axes.columns))
    # With one row chosen, the counts of the columns' facet are that row's cells.
    counts = {row.value: catalogue.find(selection.only(axes.rows, row.value)).counts[axes.columns] for row in rows}
    most = max((counts[row.value].get(column.value, 0) for row in rows for column in columns), default=0)

    def cell(row: FacetValue, column: FacetValue) -> Cell:
        count = counts[row.value].get(column.value, 0)
        both = selection.only(axes.rows, row.value).only(axes.columns, column.value)
        return Cell(f"{row.label}, {column.label}", count, both.query, -(-SHADES * count // most) if count else 0)

    def total(facet: str, value: FacetValue) -> Total:
        return Total(value.value, value.label, value.count, selection.only(facet, value.value).query)

    return Matrix(
        tuple(total(axes.columns, column) for column in columns),
        tuple(Row(total(axes.rows, row), tuple(cell(row, column) for column in columns)) for row in rows),
        found,
    )
