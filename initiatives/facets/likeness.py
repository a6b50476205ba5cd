"""The entries most like one: by the Jaccard index of their sets of terms, on whosever word the terms are theirs."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import reduce
from itertools import groupby
from operator import itemgetter, or_

from pyroaring import BitMap


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
    shared, alike_most = by_count(own, others), list[int]()
    pairs = [(Fraction(k, len(own) + m - k), k, m) for k in range(1, len(shared)) for m in range(max(k, 1), len(sizes))]
    for _likeness, alike in groupby(sorted(pairs, reverse=True), key=itemgetter(0)):
        bits = reduce(or_, (shared[k] & sizes[m] for _, k, m in alike))
        alike_most += _nearest(bits, place, most - len(alike_most))
        if len(alike_most) == most:
            break
    return alike_most


def _nearest(bits: BitMap, place: int, most: int) -> list[int]:
    before = bits.rank(place)
    around = bits[max(0, before - most) : before + most]
    return sorted(around, key=lambda other: (abs(other - place), other))[:most]
