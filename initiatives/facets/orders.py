"""In which order the entries of a result come."""

from array import array
from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import islice
from operator import and_

from pyroaring import BitMap

from initiatives.facets.places import Places, union
from initiatives.facets.texts import Texts
from initiatives.search.reading import Reading


class Orders:
    """Of one index: what it takes to put any result of it in order."""

    def __init__(self, places: Places, texts: Texts) -> None:
        self._places, self._texts = places, texts
        self._found: dict[str, array] = {}  # all places by other orders than their own, found when first asked for

    def of(self, result: BitMap, order: str, reading: Reading) -> "Ordered":
        if order == "position":
            return InRuns(self._places, [result])
        if order == "relevance":
            return InRuns(self._places, list(_by_tiers(result, self._tiers(reading))))
        if order not in self._found:
            self._found[order] = self._places.in_order(order)
        return InAnotherOrder(self._places, result, self._found[order])

    def _tiers(self, reading: Reading) -> Iterator[BitMap]:
        """All as one in the title; all in the title, in title and summary, in all that is the entry's own."""
        title, *others = self._texts.tiers(reading.atoms)
        if reading.whole:
            yield title[reading.whole]
        for having in (title, *others):
            clauses = (union(having[atom] for atom in clause.ways) for clause in reading.clauses if clause.ways)
            yield reduce(and_, clauses, self._places.all)


def _by_tiers(result: BitMap, tiers: Iterable[BitMap]) -> Iterator[BitMap]:
    for tier in tiers:
        best = result & tier
        result = result - best
        yield best
    yield result


class InRuns:
    """A result whose parts come one after the other, each in the default order: pages of it cost what they hold."""

    def __init__(self, places: Places, runs: list[BitMap]) -> None:
        self._places, self._runs = places, runs

    def ids(self, start: int, stop: int) -> Iterator[int]:
        """Of the entries from the `start`-th up to the `stop`-th, counted from 0."""
        for run in self._runs:
            yield from (self._places.ids[place] for place in run[max(0, start) : max(0, stop)])
            start, stop = start - len(run), stop - len(run)

    def around(self, place: int) -> "Around":
        before = self._before(place)
        previous = next(self.ids(before - 1, before), None) if before else None
        return before, previous, next(self.ids(before + 1, before + 2), None)

    def _before(self, place: int) -> int:
        before = 0
        for run in self._runs:
            if place in run:
                return before + run.rank(place) - 1
            before += len(run)
        raise LookupError(place)


class InAnotherOrder:
    """A result that is picked out of all places: what comes before a page of it is walked through."""

    def __init__(self, places: Places, result: BitMap, order: array) -> None:
        self._places, self._result, self._order = places, result, order

    def ids(self, start: int, stop: int) -> Iterator[int]:
        return islice((self._places.ids[place] for place in self._order if place in self._result), start, stop)

    def around(self, place: int) -> "Around":
        previous, places = None, (other for other in self._order if other in self._result)
        for before, other in enumerate(places):
            if other == place:
                following = next(places, None)
                return before, previous, None if following is None else self._places.ids[following]
            previous = self._places.ids[other]
        raise LookupError(place)


Ordered = InRuns | InAnotherOrder
# Of a place that is there: how many come before it, and the ids of its two neighbours, if there are any.
Around = tuple[int, int | None, int | None]
