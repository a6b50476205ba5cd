"""How much of the document the catalogue takes up, who made its attributions, and where it has none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, TextChoices, Value, When
from django.utils.translation import gettext_lazy

from catalogue.query import parameter
from initiatives.facets import NONE, FacetIndex, Selection
from initiatives.models import LINKS, Basis, Initiative, Passage


class Use(TextChoices):
    """What the catalogue has of a passage: the first of these that holds."""

    ENTRIES = "entries", gettext_lazy("Ne vengono schede")
    LEAD_IN = "lead-in", gettext_lazy("Non ne vengono schede, ma aprono un elenco da cui ne vengono")
    TERMS = "terms", gettext_lazy("Nominano soltanto valori delle classificazioni, o sono avvertenze")
    NEITHER = "neither", gettext_lazy("Nessuna di queste cose: titoli, e ciò che il documento dice in generale")


@dataclass(frozen=True)
class Dimension:
    """The attributions of one classification, and the entries that have none, of anyone and of the document."""

    label: str
    by_source: int
    editorial: int
    without: int
    without_query: str
    without_by_source: int
    without_by_source_query: str

    @property
    def attributions(self) -> int:
        return self.by_source + self.editorial


@dataclass(frozen=True)
class Coverage:
    passages: Mapping[Use, Sequence[Passage]]
    dimensions: tuple[Dimension, ...]

    @property
    def passages_in_all(self) -> int:
        return sum(map(len, self.passages.values()))

    @property
    def by_source(self) -> int:
        return sum(dimension.by_source for dimension in self.dimensions)

    @property
    def editorial(self) -> int:
        return sum(dimension.editorial for dimension in self.dimensions)

    @property
    def attributions(self) -> int:
        return self.by_source + self.editorial


def cover(index: FacetIndex) -> Coverage:
    passages = Passage.objects.annotate(use=_use())
    counts = index.find(Selection()).counts
    counts_by_source = index.find(Selection(basis=Basis.SOURCE.value)).counts
    return Coverage(
        {use: list(passages.filter(use=use)) for use in Use},
        tuple(_dimension(name, counts[name], counts_by_source[name]) for name in LINKS),
    )


def _use() -> Case:
    here = OuterRef("pk")
    published = Initiative.objects.published().values("pk")

    def of_published(ties: Any) -> Exists:
        return Exists(ties._default_manager.filter(passage=here, initiative__in=published))

    names = Q(is_caveat=True)
    for ties in (Passage.objectives.through, Passage.categories.through, Passage.sectors.through):
        names |= Q(Exists(ties._default_manager.filter(passage=here)))
    for link in LINKS.values():
        names |= Q(of_published(link))
    return Case(
        When(of_published(Initiative.passages.through), then=Value(Use.ENTRIES.value)),
        When(of_published(Initiative.lead_ins.through), then=Value(Use.LEAD_IN.value)),
        When(names, then=Value(Use.TERMS.value)),
        default=Value(Use.NEITHER.value),
    )


def _dimension(name: str, counts: Mapping[str, int], counts_by_source: Mapping[str, int]) -> Dimension:
    """A link is one entry under one term: so the sum of the terms' counts is that of the links."""
    links, links_by_source = (sum(of.values()) - of[NONE] for of in (counts, counts_by_source))
    unclassified = Selection().choosing(name, NONE)
    return Dimension(
        label=str(parameter(name).label),
        by_source=links_by_source,
        editorial=links - links_by_source,
        without=counts[NONE],
        without_query=unclassified.query,
        without_by_source=counts_by_source[NONE],
        without_by_source_query=replace(unclassified, basis=Basis.SOURCE.value).query,
    )
