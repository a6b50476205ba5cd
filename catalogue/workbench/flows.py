"""The numbers of the crosswalk picture: how many entries go from a category to an objective, and on to a sector."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise, product

from catalogue.workbench.facets import FacetValue, values_of
from initiatives.facets import NONE, FacetIndex, Found, Pairs, Selection
from initiatives.models import Basis

COLUMNS = ("category", "objective", "sector")
MOST_NODES = 12  # in a column: with more, the matrices are easier to read


@dataclass(frozen=True)
class Flow:
    """What goes from one value to another, each with its dimension.

    `parts` are its entries by basis, or by `none` where neither side has a link.
    """

    left: tuple[str, str]
    right: tuple[str, str]
    parts: Mapping[str, int]


def flows_of(index: FacetIndex, selection: Selection, found: Found) -> tuple[dict[str, list[FacetValue]], list[Flow]]:
    """The values of each column, in an order in which few ribbons cross, and what goes from one to the next."""
    facets = {d: values_of(d, selection, found, index.terms) for d in COLUMNS}
    columns = {d: [v for v in facets[d] if v.count and (v.selected or not selection.chosen(d))] for d in COLUMNS}
    if any(len(values) > MOST_NODES for values in columns.values()):
        return {dimension: [] for dimension in COLUMNS}, []
    flows: list[Flow] = []
    for one, other in pairwise(COLUMNS):
        pairs = index.pairs(selection, one, other)
        columns[other] = _untangled(columns[one], columns[other], pairs)
        both = ((a.value, b.value) for a, b in product(columns[one], columns[other]))
        flows += [Flow((one, a), (other, b), _parts(a, b, *pairs[a, b])) for a, b in both if (a, b) in pairs]
    return columns, flows


def _untangled(before: list[FacetValue], values: list[FacetValue], pairs: Pairs) -> list[FacetValue]:
    """By the mean place of the nodes that lead to each; the unclassified last."""

    def place(value: FacetValue) -> tuple[bool, float]:
        counts = [pairs.get((other.value, value.value), (0, 0))[0] for other in before]
        return value.value == NONE, sum(n * count for n, count in enumerate(counts)) / max(1, sum(counts))

    return sorted(values, key=place)


def _parts(one: str, other: str, count: int, sourced: int) -> dict[str, int]:
    if one == other == NONE:
        return {NONE: count}
    parts = {Basis.SOURCE.value: sourced, Basis.EDITORIAL.value: count - sourced}
    return {kind: n for kind, n in parts.items() if n}
