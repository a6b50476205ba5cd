"""Facets as readers choose by them: each value with its name, its count and what it means."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy

from catalogue.query import facet_labels, value_labels
from initiatives.facets import FACETS, NONE, Found, Selection, TermFacet, Vocabularies
from initiatives.models import Basis, Level, Scope
from taxonomy.models import Term

EXPLAINED = ("scope", "level")  # by the page of information
MANY, FEW = 14, 10  # values of a facet: of more than so many, so many are shown first


@dataclass(frozen=True)
class FacetValue:
    """`query` is the selection with this value chosen too."""

    facet: str
    value: str
    label: str
    count: int
    selected: bool
    selection: Selection
    term: Term | None  # whose wording defines it; the other values have a definition of ours
    definition: str

    @property
    def query(self) -> str:
        return self.selection.choosing(self.facet, self.value).query

    @property
    def meaning(self) -> str:
        return self.term.text if self.term else self.definition


@dataclass(frozen=True)
class Facet:
    """`address` is the page that says what its values mean."""

    name: str
    label: str
    values: tuple[FacetValue, ...]
    address: str

    @property
    def first(self) -> Sequence[FacetValue]:
        """All of them or, of very many, the chosen ones and those with most entries."""
        if len(self.values) <= MANY:
            return self.values
        return sorted(self.values, key=lambda value: (not value.selected, -value.count))[:FEW]

    @property
    def more(self) -> list[FacetValue]:
        first = self.first
        return [value for value in self.values if value not in first]


DEFINITIONS = {
    NONE: gettext_lazy("Né il documento né la redazione danno a queste schede un valore in questa classificazione."),
    Scope.FOCUS: gettext_lazy(
        "Le riporta la sezione principale del documento, il Focus sull’obiettivo tematico Inclusione sociale."
    ),
    Scope.FURTHER: gettext_lazy("La premessa le nomina tra le esperienze di altri obiettivi e dice di non riportarle."),
    Level.INITIATIVE: gettext_lazy("Le azioni che il documento elenca, ciascuna con le sue misure, se ne ha."),
    Level.MEASURE: gettext_lazy(
        "Azioni più specifiche che il documento riporta sotto un’iniziativa o che la redazione vi colloca."
    ),
}
UNCLASSIFIED_BY_SOURCE = gettext_lazy(
    "Il documento non dà a queste schede un valore in questa classificazione; la redazione può averlo dato."
)


def present_facets(selection: Selection, found: Found, terms: Vocabularies) -> list[Facet]:
    return [
        Facet(facet, label, tuple(values_of(facet, selection, found, terms)), _address(facet))
        for facet, label in facet_labels().items()
    ]


def _address(facet: str) -> str:
    if isinstance(FACETS[facet], TermFacet):
        return reverse(f"{facet}-index")
    return f"{reverse('about')}#{facet}" if facet in EXPLAINED else ""


def values_of(facet: str, selection: Selection, found: Found, terms: Vocabularies) -> Iterator[FacetValue]:
    for value, label in value_labels(facet, terms).items():
        count, selected = found.counts[facet].get(value, 0), value in selection.chosen(facet)
        if value != NONE or count or selected:
            term, definition = terms.get(facet, {}).get(value), DEFINITIONS.get(value, "")
            if value == NONE and selection.basis == Basis.SOURCE:
                definition = UNCLASSIFIED_BY_SOURCE
            yield FacetValue(facet, value, label, count, selected, selection, term, str(definition))
