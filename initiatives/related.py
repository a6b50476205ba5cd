"""The entries most like one: by the Jaccard index of their sets of terms, on whosever word the terms are theirs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import groupby
from operator import itemgetter, or_
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from pyroaring import BitMap

from initiatives import comparison
from initiatives.models import Basis, Initiative
from initiatives.presenters import Vocabularies

if TYPE_CHECKING:
    from initiatives.facets import Catalogue
    from initiatives.sql import Links

MOST = 5


@dataclass(frozen=True)
class Related:
    """`reason` says what is in common and on whose word; `query` is that of the page that compares the two."""

    entry: Initiative
    reason: str
    query: str


def related_to(entry: Initiative, catalogue: "Catalogue") -> list[Related]:
    """The most alike first; those that the entry's page links anyway are left out."""
    ids = catalogue.related(entry, [other.pk for other in entry.kin], MOST)
    others, links = Initiative.objects.in_bulk(ids), catalogue.links([entry.pk, *ids])
    return [
        Related(
            others[pk],
            _reason(links[entry.pk], links[pk], catalogue.terms),
            comparison.query_of([entry.slug, others[pk].slug]),
        )
        for pk in ids
        if pk in others and others[pk].is_published  # if not, the page is made again
    ]


def kin_of(entry: Initiative) -> list[Related]:
    """Those that stand around it: their place is reason enough."""
    return [Related(other, "", comparison.query_of([entry.slug, other.slug])) for other in entry.kin]


def _reason(own: "Links", others: "Links", terms: Vocabularies) -> str:
    """The terms in common, by whose word they are; the document's only where it says so of both."""
    shared: dict[str, list[str]] = {basis: [] for basis in Basis.values}
    for dimension, pairs in own.items():
        theirs = dict(others[dimension])
        for slug, basis in pairs:
            if slug in theirs and slug in terms[dimension]:
                agreed = Basis.SOURCE if basis == theirs[slug] == Basis.SOURCE else Basis.EDITORIAL
                shared[agreed.value].append(terms[dimension][slug].short)
    said = {
        Basis.SOURCE.value: _("secondo il documento: %(terms)s"),
        Basis.EDITORIAL.value: _("per attribuzione redazionale: %(terms)s"),
    }
    return "; ".join(said[basis] % {"terms": ", ".join(names)} for basis, names in shared.items() if names)


def by_count(bitmaps: Iterable[BitMap], among: BitMap) -> list[BitMap]:
    """The n-th holds the places that stand in exactly n of the bitmaps; the last is not empty, unless the only one."""
    counted = [among]
    for bits in bitmaps:
        inside, outside = [places & bits for places in counted], [places - bits for places in counted]
        counted = [outside[0], *map(or_, outside[1:], inside), inside[-1]]
        if not counted[-1]:
            counted.pop()
    return counted


def most_alike(own: Sequence[BitMap], sizes: Sequence[BitMap], others: BitMap, place: int, most: int) -> list[int]:
    """Places among the others, by likeness to the one that stands in `own`, then by nearness to it, then by place.

    `sizes[m]` holds the places with m terms in all. Who shares k of n own has the Jaccard index k / (n + m - k).
    """
    shared, found = by_count(own, others), list[int]()
    pairs = [(Fraction(k, len(own) + m - k), k, m) for k in range(1, len(shared)) for m in range(max(k, 1), len(sizes))]
    for _likeness, alike in groupby(sorted(pairs, reverse=True), key=itemgetter(0)):
        bits = reduce(or_, (shared[k] & sizes[m] for _, k, m in alike))
        found += _nearest(bits, place, most - len(found))
        if len(found) == most:
            break
    return found


def _nearest(bits: BitMap, place: int, most: int) -> list[int]:
    before = bits.rank(place)
    around = bits[max(0, before - most) : before + most]
    return sorted(around, key=lambda other: (abs(other - place), other))[:most]
