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
    """`shade` goes from 0, a gap, to 5, the fullest cell; `editorial` of the `count` are the editors' doing."""

    label: str
    count: int
    editorial: int
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
    def is_editorial(self) -> bool:
        return any(cell.editorial for row in self.rows for cell in row.cells)

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
    most = max((pairs.get((row.value, column.value), (0, 0))[0] for row in rows for column in columns), default=0)

    def cell(row: FacetValue, column: FacetValue) -> Cell:
        count, by_source = pairs.get((row.value, column.value), (0, 0))
        both = selection.only(axes.rows, row.value).only(axes.columns, column.value)
        shade = -(-SHADES * count // most) if count else 0
        return Cell(f"{row.label}, {column.label}", count, count - by_source, both.query, shade)

    def total(facet: str, value: FacetValue) -> Total:
        return Total(value.value, value.label, value.count, selection.only(facet, value.value).query)

    return Matrix(
        tuple(total(axes.columns, column) for column in columns),
        tuple(Row(total(axes.rows, row), tuple(cell(row, column) for column in columns)) for row in rows),
        found,
    )
