import threading
from collections.abc import Collection, Mapping, Sequence

from pyroaring import BitMap

from initiatives.facets.places import Places, union
from initiatives.search import engine
from initiatives.search.words import Atom

REMEMBERED = 256  # atoms
TIERS = (engine.FIELDS[:1], engine.FIELDS[:2], engine.FIELDS)  # of relevance, the best first

Having = dict[Atom, BitMap]  # the entries that have an atom


class Texts:
    """Which entries of one index have a text; the words and phrases asked for last are remembered."""

    def __init__(self, places: Places, quoting: Mapping[int, BitMap]) -> None:
        """`quoting` has the entries that quote a passage, by its id."""
        self._places, self._quoting = places, quoting
        self._lock = threading.Lock()
        self.known: dict[Atom, list[BitMap]] = {}  # of each tier, or of all fields alone

    def having(self, wanted: Collection[Atom], by_relevance: bool) -> Having:
        """For each atom the entries that have it; `by_relevance` says that `tiers` will be asked for too."""
        return {atom: tiers[-1] for atom, tiers in self._looked_up(wanted, by_relevance).items()}

    def tiers(self, wanted: Collection[Atom]) -> list[Having]:
        """The same of the title alone, of title and summary, and of all of an entry's own texts."""
        found = self._looked_up(wanted, True)
        return [{atom: found[atom][tier] for atom in wanted} for tier in range(len(TIERS))]

    def _looked_up(self, wanted: Collection[Atom], by_relevance: bool) -> dict[Atom, list[BitMap]]:
        tiers = TIERS if by_relevance else TIERS[-1:]
        with self._lock:
            found = {atom: self.known[atom] for atom in wanted if len(self.known.get(atom, ())) >= len(tiers)}
        unknown = [atom for atom in dict.fromkeys(wanted) if atom not in found]
        if unknown:
            found |= self._look_up(unknown, tiers)
        with self._lock:
            for atom in wanted:  # the last used are the last to go
                self.known.pop(atom, None)
                self.known[atom] = found[atom]
            while len(self.known) > REMEMBERED:
                del self.known[next(iter(self.known))]
        return found

    def _look_up(self, wanted: Sequence[Atom], tiers: Sequence[tuple[str, ...]]) -> dict[Atom, list[BitMap]]:
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
        return {atom: [bits[place] for bits in bitmaps] for place, atom in enumerate(wanted)}

    def _of_unit(self, unit: int) -> BitMap:
        return self._quoting.get(unit // 2, BitMap()) if unit % 2 else self._places.bitmap(str(unit // 2))
