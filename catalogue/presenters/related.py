"""The entries most like one, and the reason in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalogue.presenters.comparison import comparison_query
from initiatives.facets import Attributions, FacetIndex
from initiatives.models import Basis, Initiative

MOST = 5


@dataclass(frozen=True)
class Related:
    """`reason` says what is in common and on whose word; `query` is that of the page that compares the two."""

    entry: Initiative
    reason: str
    query: str


def related_to(entry: Initiative, index: FacetIndex) -> list[Related]:
    """The most alike first; those that the entry's page links anyway are left out."""
    ids, own = index.related(entry, [other.pk for other in entry.kin], MOST), index.attributions(entry.pk)
    others = Initiative.objects.in_bulk(ids)
    return [
        Related(others[pk], _reason(own, index.attributions(pk)), comparison_query([entry.slug, others[pk].slug]))
        for pk in ids
    ]


def kin_of(entry: Initiative) -> list[Related]:
    """Those that stand around it: their place is reason enough."""
    return [Related(other, "", comparison_query([entry.slug, other.slug])) for other in entry.kin]


def _reason(own: Attributions, others: Attributions) -> str:
    """The terms in common, by whose word they are; the document's only where it says so of both."""
    shared: dict[str, list[str]] = {basis: [] for basis in Basis.values}
    for dimension, links in own.items():
        theirs = {link.term.slug: link.basis for link in others[dimension]}
        for link in links:
            if link.term.slug in theirs:
                agreed = Basis.SOURCE if link.basis == theirs[link.term.slug] == Basis.SOURCE else Basis.EDITORIAL
                shared[agreed.value].append(link.term.short)
    words = {
        Basis.SOURCE.value: _("secondo il documento: %(terms)s"),
        Basis.EDITORIAL.value: _("per attribuzione redazionale: %(terms)s"),
    }
    return "; ".join(words[basis] % {"terms": ", ".join(names)} for basis, names in shared.items() if names)
