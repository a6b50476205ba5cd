from initiatives.models.entries import (
    ORDERS,
    Funding,
    Initiative,
    InitiativeQuerySet,
    Level,
    Scope,
    Status,
    passages_with_ties,
)
from initiatives.models.links import LINKS, Basis, CategoryLink, Link, ObjectiveLink, SectorLink, vocabularies
from initiatives.models.sources import Kind, Passage, Source

__all__ = [
    "LINKS",
    "ORDERS",
    "Basis",
    "CategoryLink",
    "Funding",
    "Initiative",
    "InitiativeQuerySet",
    "Kind",
    "Level",
    "Link",
    "ObjectiveLink",
    "Passage",
    "Scope",
    "SectorLink",
    "Source",
    "Status",
    "passages_with_ties",
    "vocabularies",
]
