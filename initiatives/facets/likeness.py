"""The entries most like one: by the Jaccard index of their sets of terms, on whosever word the terms are theirs."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import reduce
from itertools import groupby
from operator import itemgetter, or_

from pyroaring import BitMap

from initiatives.facets.orders import Order


def by_count(bitmaps: Iterable[BitMap], among: BitMap) -> list[BitMap]:
    """The n-th holds the entries that stand in exactly n of the bitmaps; the last is not empty, unless the only one."""
    counted = [among]
    for bits in bitmaps:
        inside, outside = [some & bits for some in counted], [some - bits for some in counted]
        counted = [outside[0], *map(or_, outside[1:], inside), inside[-1]]
        if not counted[-1]:
            counted.pop()
    return counted


def most_alike(
    own: Sequence[BitMap], sizes: Sequence[BitMap], others: BitMap, pk: int, most: int, order: Order
) -> list[int]:
    """Ids among the others, by likeness to the one that stands in `own`, then by nearness to it, then in their order.

    `sizes[m]` holds the entries with m terms in all. Who shares k of n own has the Jaccard index k / (n + m - k).
    """
    shared, alike_most = by_count(own, others), list[int]()
    pairs = [(Fraction(k, len(own) + m - k), k, m) for k in range(1, len(shared)) for m in range(max(k, 1), len(sizes))]
    for _likeness, alike in groupby(sorted(pairs, reverse=True), key=itemgetter(0)):
        bits = reduce(or_, (shared[k] & sizes[m] for _, k, m in alike))
        alike_most += _nearest(bits, pk, most - len(alike_most), order)
        if len(alike_most) == most:
            break
    return alike_most


def _nearest(bits: BitMap, pk: int, most: int, order: Order) -> list[int]:
    before, place = order.before(bits, pk), order.place(pk)
    around = {order.place(other): other for other in order.page(bits, max(0, before - most), before + most)}
    return [around[other] for other in sorted(around, key=lambda other: (abs(other - place), other))[:most]]
