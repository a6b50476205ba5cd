"""What finders give: the index, and in the tests SQL alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from initiatives.models import Basis, Reason
from taxonomy.models import Term


@dataclass(frozen=True, slots=True)
class Attribution:
    """A term of an entry, and on whose word; why is known of what was loaded with its reasons."""

    term: Term
    basis: str
    reason: Reason | None = None

    @property
    def basis_label(self) -> str:
        return str(Basis(self.basis).label)


# An entry's terms by dimension.
Attributions = Mapping[str, list[Attribution]]
# The terms of every dimension by slug.
Vocabularies = Mapping[str, Mapping[str, Term]]
# By a value of one facet and one of another: the entries under both, and those of them that are there on the document's
# word alone. Only links have a basis: where one side is `none`, a scope or a level, the other side's basis decides.
Pairs = Mapping[tuple[str, str], tuple[int, int]]


@dataclass(frozen=True)
class Found:
    """`page` is the one asked for or, beyond the end, the last.

    `counts[facet][value]` lets every choice count but the facet's own; a value that is not there counts 0.
    """

    levels: Mapping[str, int]
    page: int
    pages: int
    ids: tuple[int, ...]
    counts: Mapping[str, Mapping[str, int]]

    @property
    def total(self) -> int:
        return sum(self.levels.values())


@dataclass(frozen=True)
class Position:
    """Where an entry stands in a result: the `number`-th of `total`, between the ids of two others, where there are."""

    number: int
    total: int
    previous: int | None
    following: int | None
