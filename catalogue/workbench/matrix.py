"""Two facets crossed under a selection: every cell counts, and opens, the entries that stand under both its values."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from catalogue.query import Axes
from catalogue.workbench.facets import FacetValue, values_of
from catalogue.workbench.position import entry_query
from catalogue.workbench.selection import short_label
from catalogue.workbench.views import LIST
from initiatives.facets import FACETS, NONE, FacetIndex, Found, Selection, TermFacet
from initiatives.models import Basis, Initiative, Scope

MOST_TITLES = 3  # in a cell
MOST_CELLS = 60  # that show titles: with more, a number opens its list
EMPTY_CELLS = gettext_lazy(
    "Una cella a zero vuol dire che il documento non riporta schede in quell’incrocio, non che nessuno l’abbia fatto."
)
EMPTY_BY_SOURCE = gettext_lazy(
    "Una cella a zero vuol dire che il documento non mette nessuna scheda sotto entrambi i valori, non che nessuno "
    "l’abbia fatto."
)
EMPTY_AMONG_THE_FOUND = gettext_lazy(
    "Una cella a zero vuol dire che nessuna delle schede trovate sta sotto entrambi i valori."
)
EMPTY_BY_SOURCE_AMONG_THE_FOUND = gettext_lazy(
    "Una cella a zero vuol dire che il documento non mette nessuna delle schede trovate sotto entrambi i valori."
)


class Gap(TextChoices):
    """What is wanting in a cell."""

    EMPTY = "empty", gettext_lazy("nessuna scheda")
    EDITORIAL = "editorial", gettext_lazy("aggiunta solo dalla redazione")
    INTRODUCTION = "introduction", gettext_lazy("solo in premessa")


@dataclass(frozen=True)
class Title:
    """An entry of a cell, and whether it is there on the editors' word."""

    entry: Initiative
    is_added: bool


@dataclass(frozen=True)
class Cell:
    """`by_source` of the `count` are there on the document's word alone; where nothing has a basis it is None.

    `query` opens its list, `entry_query` one of its titles.
    """

    label: str
    count: int
    by_source: int | None
    query: str
    gaps: tuple[Gap, ...] = ()
    titles: tuple[Title, ...] = ()
    entry_query: str = ""

    @property
    def editorial(self) -> int:
        return 0 if self.by_source is None else self.count - self.by_source

    @property
    def untitled(self) -> int:
        return self.count - len(self.titles)


@dataclass(frozen=True)
class Head:
    """A value that makes a row or a column, and its total, which counts an entry once."""

    value: FacetValue
    short: str
    total: Cell


@dataclass(frozen=True)
class Row:
    head: Head
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Matrix:
    """Totals count an entry once each: they can be less than the sum of their cells."""

    columns: tuple[Head, ...]
    rows: tuple[Row, ...]
    found: Found
    empty_cells: str  # what one that is empty means

    @property
    def cells(self) -> list[Cell]:
        return [cell for row in self.rows for cell in row.cells]

    @property
    def has_basis(self) -> bool:
        return any(cell.by_source is not None for cell in self.cells)

    @property
    def sum(self) -> int:
        return sum(cell.count for cell in self.cells)

    @property
    def most(self) -> int:
        return max((cell.count for cell in self.cells), default=0)

    @property
    def gaps(self) -> list[tuple[Gap, list[Cell]]]:
        """The cells that want something, by what."""
        by_kind = [(gap, [cell for cell in self.cells if gap in cell.gaps]) for gap in Gap]
        return [(gap, cells) for gap, cells in by_kind if cells]


def cross(index: FacetIndex, selection: Selection, axes: Axes, has_titles: bool = False) -> Matrix:
    """Of a facet that makes an axis only the chosen values are shown: no address could select another cell."""
    found, facets = index.find(selection), (axes.rows, axes.columns)

    def axis(facet: str) -> list[FacetValue]:
        values = values_of(facet, selection, found, index.terms)
        return [value for value in values if value.selected or not selection.chosen(facet)]

    rows, columns = map(axis, facets)
    pairs, further = index.pairs(selection, *facets), _further(index, selection, facets)
    by_anyone = pairs if selection.basis == "all" else index.pairs(replace(selection, basis="all"), *facets)
    shown = [(row.value, column.value) for row in rows for column in columns]
    titles = _titles(index, selection, facets, shown) if has_titles and len(shown) <= MOST_CELLS else {}

    def cell(row: FacetValue, column: FacetValue) -> Cell:
        at = row.value, column.value
        count, by_source = pairs.get(at, (0, 0))
        has_basis = _has_basis(axes.rows, row) or _has_basis(axes.columns, column)
        labels = short_label(axes.rows, row.value, index.terms), short_label(axes.columns, column.value, index.terms)
        is_value = NONE not in at  # what is unclassified wants nothing
        opened = selection.only(axes.rows, row.value).only(axes.columns, column.value)
        return Cell(
            " × ".join(labels),
            count,
            by_source if has_basis else None,
            opened.query,
            tuple(_gaps(count, by_source if has_basis else count, further.get(at, 0), at in by_anyone))
            if is_value
            else (),
            titles.get(at, ()),
            entry_query(opened, LIST) if at in titles else "",
        )

    def head(facet: str, value: FacetValue, strata: Mapping[str, tuple[int, int]]) -> Head:
        count, by_source = strata.get(value.value, (0, 0))
        short = short_label(facet, value.value, index.terms)
        total = Cell(
            short, count, by_source if _has_basis(facet, value) else None, selection.only(facet, value.value).query
        )
        return Head(value, short, total)

    of_rows, of_columns = (index.strata(selection, facet) for facet in facets)
    return Matrix(
        tuple(head(axes.columns, column, of_columns) for column in columns),
        tuple(Row(head(axes.rows, row, of_rows), tuple(cell(row, column) for column in columns)) for row in rows),
        found,
        str(_empty_cells(selection)),
    )


def _empty_cells(selection: Selection) -> str | Promise:
    """What may be said of the document may not be said of some of its entries."""
    if selection.without("basis").active:
        return EMPTY_AMONG_THE_FOUND if selection.basis == "all" else EMPTY_BY_SOURCE_AMONG_THE_FOUND
    return EMPTY_CELLS if selection.basis == "all" else EMPTY_BY_SOURCE


def _has_basis(facet: str, value: FacetValue) -> bool:
    """Only links have one: not what is unclassified, nor a scope or a level."""
    return isinstance(FACETS[facet], TermFacet) and value.value != NONE


def _gaps(count: int, by_source: int, further: int, is_by_anyone: bool) -> Iterator[Gap]:
    if not count and not is_by_anyone:
        yield Gap.EMPTY
    elif not by_source:
        yield Gap.EDITORIAL
    if count and count == further:
        yield Gap.INTRODUCTION


def _further(index: FacetIndex, selection: Selection, facets: tuple[str, str]) -> Mapping[tuple[str, str], int]:
    """How many of each cell the document only mentions; where the scope is an axis, or chosen, that is said anyway."""
    if "scope" in facets or selection.chosen("scope"):
        return {}
    pairs = index.pairs(selection.only("scope", Scope.FURTHER.value), *facets)
    return {at: count for at, (count, _) in pairs.items()}


def _titles(
    index: FacetIndex, selection: Selection, facets: tuple[str, str], shown: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], tuple[Title, ...]]:
    firsts = index.first_of_pairs(selection, facets, shown, MOST_TITLES)
    entries = Initiative.objects.in_bulk({pk for ids in firsts.values() for pk in ids})

    def is_added(pk: int, at: tuple[str, str]) -> bool:
        links = index.attributions(pk)
        these = ((link, value) for facet, value in zip(facets, at, strict=True) for link in links.get(facet, ()))
        return any(link.term.slug == value and link.basis == Basis.EDITORIAL for link, value in these)

    return {at: tuple(Title(entries[pk], is_added(pk, at)) for pk in ids) for at, ids in firsts.items()}
