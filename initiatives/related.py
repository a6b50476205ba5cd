"""The entries most like one: by the Jaccard index of their sets of terms, on whosever word the terms are theirs."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import groupby
from operator import itemgetter, or_
from typing import TYPE_CHECKING

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from pyroaring import BitMap

from initiatives import comparison
from initiatives.models import Basis, Initiative

if TYPE_CHECKING:
    from initiatives.facets import FacetIndex
    from initiatives.sql import Links, PlainSQL

MOST = 5


@dataclass(frozen=True)
class Related:
    """`reason` says what is in common and on whose word; `query` is that of the page that compares the two."""

    entry: Initiative
    reason: str
    query: str


def related_to(entry: Initiative, catalogue: "FacetIndex | PlainSQL") -> list[Related]:
    """The most alike first; those that the entry's page links anyway are left out."""
    ids = catalogue.related(entry, [other.pk for other in entry.kin], MOST)
    others, links = Initiative.objects.in_bulk(ids), catalogue.links([entry.pk, *ids])
    return [
        Related(others[pk], _reason(links[entry.pk], links[pk]), comparison.query_of([entry.slug, others[pk].slug]))
        for pk in ids
        if pk in others and others[pk].is_published  # if not, the page is made again
    ]


def kin_of(entry: Initiative) -> list[Related]:
    """Those that stand around it: their place is reason enough."""
    return [Related(other, "", comparison.query_of([entry.slug, other.slug])) for other in entry.kin]


def _reason(own: "Links", others: "Links") -> str:
    shared = Counter(_shared(own, others))
    said = {
        Basis.SOURCE: _("%(what)s secondo il documento"),
        Basis.EDITORIAL: _("%(what)s per attribuzione redazionale"),
    }
    counted = {basis: [_counted(d, shared[basis, d]) for d in own if shared[basis, d]] for basis in said}
    parts = [said[b] % {"what": get_text_list(whats, pgettext("joins", "e"))} for b, whats in counted.items() if whats]
    return "; ".join(parts)


def _shared(own: "Links", others: "Links") -> Iterator[tuple[Basis, str]]:
    """The basis and the dimension of each term in common: the document's only where it says so of both."""
    for dimension, pairs in own.items():
        theirs = dict(others[dimension])
        for slug, basis in pairs:
            if slug in theirs:
                yield Basis.SOURCE if basis == theirs[slug] == Basis.SOURCE else Basis.EDITORIAL, dimension


def _counted(dimension: str, n: int) -> str:
    if dimension == "objective":
        counted = ngettext("un obiettivo", "%(n)s obiettivi", n)
    elif dimension == "category":
        counted = ngettext("una categoria", "%(n)s categorie", n)
    else:
        counted = ngettext("un settore", "%(n)s settori", n)
    return counted % {"n": n}


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
