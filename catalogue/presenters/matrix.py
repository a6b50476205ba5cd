"""Two facets crossed under a selection: every cell counts, and opens, the entries that stand under both its values."""

from dataclasses import dataclass

from catalogue.presenters.facets import FacetValue, present_facets
from catalogue.query import Axes
from initiatives.facets import NONE, FacetIndex, Found, Selection

SHADES = 5


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


def cross(index: FacetIndex, selection: Selection, axes: Axes) -> Matrix:
    """Of a facet that makes an axis only the chosen values are shown: no address could select another cell."""
    found = index.find(selection)
    values = {facet.name: facet.values for facet in present_facets(selection, found, index.terms)}
    rows, columns = ([v for v in values[f] if v.selected or not selection.chosen(f)] for f in (axes.rows, axes.columns))
    pairs = index.pairs(selection, axes.rows, axes.columns)
    counts = {(row.value, column.value): 0 for row in rows for column in columns}
    counts |= {pair: count for pair, (count, _) in pairs.items() if pair in counts}
    most = max(counts.values(), default=0)

    def cell(row: FacetValue, column: FacetValue) -> Cell:
        count = counts[row.value, column.value]
        both = selection.only(axes.rows, row.value).only(axes.columns, column.value)
        return Cell(f"{row.label}, {column.label}", count, both.query, -(-SHADES * count // most) if count else 0)

    def total(facet: str, value: FacetValue) -> Total:
        return Total(value.value, value.label, value.count, selection.only(facet, value.value).query)

    return Matrix(
        tuple(total(axes.columns, column) for column in columns),
        tuple(Row(total(axes.rows, row), tuple(cell(row, column) for column in columns)) for row in rows),
        found,
    )
