"""In which order the entries of a result come."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from math import ceil
from operator import and_, lt

from pyroaring import BitMap

from initiatives.facets.bitmaps import id_array, union
from initiatives.facets.texts import SUMMARY, TITLE, Having, Texts
from initiatives.models import Initiative
from initiatives.search.reading import Reading

SIZE = 1024  # of a block; twice as much at the most
ASKED_AT_ONCE = 32  # entries


class Block:
    """Some entries that come one after the other."""

    def __init__(self, ids: array) -> None:
        self.ids, self.bits = ids, BitMap(ids)
        self._is_ascending = all(map(lt, ids, ids[1:]))

    def of(self, result: BitMap) -> list[int]:
        inside = result & self.bits
        return list(inside) if self._is_ascending else [pk for pk in self.ids if pk in inside]


@dataclass(frozen=True)
class Order:
    """All published entries in one order. A page of a result costs a count for each block before it, and no walk."""

    blocks: tuple[Block, ...]

    @classmethod
    def of(cls, ids: array) -> "Order":
        return cls(_blocks(ids))

    def page(self, result: BitMap, start: int, stop: int) -> Iterator[int]:
        """The ids of a result from the `start`-th up to the `stop`-th, counted from 0."""
        for block in self.blocks:
            if stop <= 0:
                break
            count = result.intersection_cardinality(block.bits)
            if start < count:
                yield from block.of(result)[max(0, start) : stop]
            start, stop = start - count, stop - count

    def before(self, result: BitMap, pk: int) -> int:
        """How many of a result come before an entry that is here. Raises LookupError."""
        count = 0
        for block in self.blocks:
            if pk in block.bits:
                ids = block.ids[: block.ids.index(pk)]
                return count + result.intersection_cardinality(BitMap(ids))
            count += result.intersection_cardinality(block.bits)
        raise LookupError(pk)

    def place(self, pk: int) -> int:
        """Of all, counted from 0. Raises LookupError."""
        start = 0
        for block in self.blocks:
            if pk in block.bits:
                return start + block.ids.index(pk)
            start += len(block.ids)
        raise LookupError(pk)

    def without(self, gone: BitMap) -> "Order":
        blocks: list[Block] = []
        for block in self.blocks:
            if block.bits.isdisjoint(gone):
                blocks.append(block)
            else:
                blocks += _blocks(array("I", (pk for pk in block.ids if pk not in gone)))
        return Order(tuple(blocks))

    def with_one(self, pk: int, place_among: Callable[[Sequence[int], int], int]) -> "Order":
        """`place_among` says how many of some entries, which are in this order, come before another one."""
        lasts = [block.ids[-1] for block in self.blocks]
        n = max(0, min(place_among(lasts, pk), len(lasts) - 1))
        ids = self.blocks[n].ids if self.blocks else array("I")
        place = place_among(ids, pk)
        new = _blocks(ids[:place] + array("I", [pk]) + ids[place:])
        return Order((*self.blocks[:n], *new, *self.blocks[n + 1 :]))


def _blocks(ids: array) -> tuple[Block, ...]:
    size = len(ids) if len(ids) <= 2 * SIZE else SIZE
    return tuple(Block(ids[start : start + size]) for start in range(0, len(ids), size or 1))


class Orders:
    """Of one index: what it takes to put any result of it in order."""

    def __init__(self, default: Order, everything: BitMap, texts: Texts) -> None:
        self.default, self._all, self._texts = default, everything, texts
        self._known = {"position": default}  # the others are found when first asked for

    def of(self, result: BitMap, order: str, reading: Reading) -> "Ordered":
        if order == "relevance":
            return Ordered(self.default, lambda: _by_tiers(result, self._tiers(reading)))
        if order not in self._known:
            self._known[order] = Order.of(id_array(Initiative.objects.published().in_order(order)))
        return Ordered(self._known[order], lambda: [result])

    def followed(self, changed: BitMap, everything: BitMap, texts: Texts) -> "Orders":
        """With the entries that changed where they belong now."""
        known = {}
        for name, order in list(self._known.items()):  # a page may be adding one
            known[name] = order.without(changed)
            for pk in changed & everything:
                known[name] = known[name].with_one(pk, partial(_place_among, name))
        orders = Orders(known["position"], everything, texts)
        orders._known = known
        return orders

    def _tiers(self, reading: Reading) -> Iterator[BitMap]:
        """All as one in the title; all in the title, in title and summary, in all that is the entry's own."""
        atoms = [atom for clause in reading.clauses for atom in clause.ways]
        title = self._texts.having([*atoms, *filter(None, [reading.whole])], TITLE)
        if reading.whole:
            yield title[reading.whole]
        yield self._all_clauses(reading, title)
        summary = self._texts.having(atoms, SUMMARY)
        yield self._all_clauses(reading, {atom: title[atom] | bits for atom, bits in summary.items()})
        yield self._all_clauses(reading, self._texts.having(atoms))

    def _all_clauses(self, reading: Reading, having: Having) -> BitMap:
        clauses = (union(having[atom] for atom in clause.ways) for clause in reading.clauses if clause.ways)
        return reduce(and_, clauses, self._all)


def _place_among(order: str, ids: Sequence[int], pk: int) -> int:
    """As the database puts them, which knows how titles are sorted: it is asked about a few of them, and closer by."""
    start, stop = 0, len(ids)
    while start < stop:
        asked = range(start, stop, ceil((stop - start) / ASKED_AT_ONCE))
        # By id alone: asked for the published among some ids, SQLite would walk through all that are published.
        among = Initiative.objects.filter(pk__in=[*(ids[place] for place in asked), pk]).in_order(order)
        before = id_array(among).index(pk)
        start, stop = (asked[before - 1] + 1 if before else start), (asked[before] if before < len(asked) else stop)
    return start


def _by_tiers(result: BitMap, tiers: Iterator[BitMap]) -> Iterator[BitMap]:
    while result:
        best = result & next(tiers, result)
        yield best
        result = result - best


@dataclass(frozen=True)
class Ordered:
    """A result whose parts come one after the other, each in the same order; what is not needed is not found out."""

    order: Order
    runs: Callable[[], Iterable[BitMap]]

    def ids(self, start: int, stop: int) -> Iterator[int]:
        """Of the entries from the `start`-th up to the `stop`-th, counted from 0."""
        for run in self.runs():
            yield from self.order.page(run, start, stop)
            if stop <= len(run):
                break
            start, stop = start - len(run), stop - len(run)

    def around(self, pk: int) -> tuple[int, int | None, int | None]:
        """Of an entry that is there: how many come before it, and the ids of its two neighbours, if there are any."""
        before = 0
        for run in self.runs():
            if pk in run:
                before += self.order.before(run, pk)
                break
            before += len(run)
        previous = next(self.ids(before - 1, before), None) if before else None
        return before, previous, next(self.ids(before + 1, before + 2), None)
