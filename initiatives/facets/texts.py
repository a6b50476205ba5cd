import threading
from collections.abc import Mapping, Sequence

from pyroaring import BitMap

from initiatives.facets.places import Places, union
from initiatives.search import engine
from initiatives.search.words import Atom

REMEMBERED = 64
TIERS = (engine.FIELDS[:1], engine.FIELDS[:2], engine.FIELDS)  # of relevance, the best first

Having = dict[Atom, BitMap]  # the entries that have an atom


class Texts:
    """Which entries of one index have a text; the last few texts are remembered."""

    def __init__(self, places: Places, quoting: Mapping[int, BitMap]) -> None:
        """`quoting` has the entries that quote a passage, by its id."""
        self._places, self._quoting = places, quoting
        self._lock = threading.Lock()
        self.known: dict[tuple[tuple[Atom, ...], bool], list[Having]] = {}

    def having(self, wanted: tuple[Atom, ...], by_relevance: bool) -> Having:
        """For each atom the entries that have it; `by_relevance` says that `tiers` will be asked for too."""
        return self._looked_up(wanted, by_relevance)[-1] if wanted else {}

    def tiers(self, wanted: tuple[Atom, ...]) -> list[Having]:
        """The same of the title alone, of title and summary, and of all of an entry's own texts."""
        return self._looked_up(wanted, True) if wanted else [{}, {}, {}]

    def _looked_up(self, wanted: tuple[Atom, ...], by_relevance: bool) -> list[Having]:
        """For each tier, the last being all fields."""
        key = wanted, by_relevance
        with self._lock:
            found = self.known.pop(key, None)
        if found is None:
            tiers = self._look_up(wanted, TIERS if by_relevance else TIERS[-1:])
            found = [dict(zip(wanted, bitmaps, strict=True)) for bitmaps in tiers]
        with self._lock:
            self.known[key] = found  # the last used is the last to go
            while len(self.known) > REMEMBERED:
                del self.known[next(iter(self.known))]
        return found

    def _look_up(self, wanted: tuple[Atom, ...], tiers: Sequence[tuple[str, ...]]) -> list[list[BitMap]]:
        hits, stale = engine.look_up([engine.query(atom, fields) for fields in tiers for atom in wanted])
        bitmaps = [[BitMap() for _ in wanted] for _ in tiers]
        believed = self._places.all - union(self._of_unit(unit) for unit in stale if not unit % 2)
        for n, is_passage, ids in hits:
            tier, atom = divmod(n, len(wanted))
            if is_passage:
                passages = (pk for pk in map(int, ids.split(",")) if pk * 2 + 1 not in stale)
                bitmaps[tier][atom] |= union(self._quoting.get(pk, BitMap()) for pk in passages)
            else:
                bitmaps[tier][atom] |= self._places.bitmap(ids) & believed
        # What the engine does not know yet is read here: a page never writes, and never waits for who does.
        for unit, texts in engine.texts_of(stale):
            for tier, fields in enumerate(tiers):
                for place, each in enumerate(wanted):
                    if any(each.found_in(text) for field in fields for text in texts.get(field, ())):
                        bitmaps[tier][place] |= self._of_unit(unit)
        return bitmaps

    def _of_unit(self, unit: int) -> BitMap:
        return self._quoting.get(unit // 2, BitMap()) if unit % 2 else self._places.bitmap(str(unit // 2))
