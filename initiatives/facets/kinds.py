"""The facets: by what entries are chosen and counted. A new one is declared here, and in the query's FilterSet."""

from dataclasses import dataclass

from django.db.models import Case, F, TextChoices, Value, When
from django.db.models.expressions import Combinable

from initiatives.models import LINKS, Level, Link, Scope


@dataclass(frozen=True)
class TermFacet:
    """Its values are the terms of a vocabulary and `none`: an entry has as many as it has links."""

    link: type[Link]


@dataclass(frozen=True)
class ChoiceFacet:
    """Its values are a closed set, of which every entry has one, on nobody's word; `value` says which, in SQL."""

    choices: type[TextChoices]
    value: Combinable


Facet = TermFacet | ChoiceFacet

FACETS: dict[str, Facet] = {
    **{dimension: TermFacet(link) for dimension, link in LINKS.items()},
    "scope": ChoiceFacet(Scope, F("scope")),
    "level": ChoiceFacet(
        Level, Case(When(parent=None, then=Value(Level.INITIATIVE.value)), default=Value(Level.MEASURE.value))
    ),
}


def choice_facets() -> dict[str, ChoiceFacet]:
    return {name: facet for name, facet in FACETS.items() if isinstance(facet, ChoiceFacet)}
