import threading
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, islice
from operator import or_

from pyroaring import BitMap

from initiatives.facets.bitmaps import bitmap, union
from initiatives.search import engine
from initiatives.search.shelf import Shelf
from initiatives.search.words import Atom

REMEMBERED = 256  # atoms
MOST_READ_AGAIN = 64  # entries that changed: of more the engine is asked
TIERS = (engine.FIELDS[:1], engine.FIELDS[:2], engine.FIELDS)  # of relevance, the best first

Having = dict[Atom, BitMap]  # the entries that have an atom


class Texts:
    """Which entries of one index have a text; the words and phrases asked for last are remembered."""

    def __init__(self, everything: BitMap, quoting: Mapping[int, BitMap], document: Shelf[int]) -> None:
        """`quoting` has the entries that quote a passage, by its id; `document` the passages that have an atom."""
        self._all, self._quoting, self._document = everything, quoting, document
        self._lock = threading.Lock()
        self.known: dict[Atom, list[BitMap]] = {}  # of each tier, or of all fields alone
        # What an older index knew, and the entries that have changed since: those are read again when it is asked for.
        self._former: dict[Atom, list[BitMap]] = {}
        self._changed = BitMap()

    def followed(self, changed: BitMap, everything: BitMap, quoting: Mapping[int, BitMap]) -> "Texts":
        texts = Texts(everything, quoting, self._document)
        with self._lock:
            if len(self._changed | changed) <= MOST_READ_AGAIN:
                texts._changed = self._changed | changed
                texts._former = dict(islice({**self.known, **self._former}.items(), REMEMBERED))
        return texts

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
        for atom in wanted:
            if atom not in found and len(self._former.get(atom, ())) >= len(tiers):
                found[atom] = self._read_again(atom, self._former[atom])
        unknown = [atom for atom in dict.fromkeys(wanted) if atom not in found]
        if unknown:
            found |= self._look_up(unknown, by_relevance)
        with self._lock:
            for atom in wanted:  # the last used are the last to go
                self.known.pop(atom, None)
                self.known[atom] = found[atom]
            while len(self.known) > REMEMBERED:
                del self.known[next(iter(self.known))]
        return found

    def _read_again(self, atom: Atom, tiers: list[BitMap]) -> list[BitMap]:
        quoting = union(self._quoting.get(passage, BitMap()) for passage in self._document.having(atom))
        again = []
        for bits, fields in zip(tiers, TIERS[-len(tiers) :], strict=True):
            own = (pk for pk, texts in self._changed_texts.items() if _is_in(atom, fields, texts))
            theirs = quoting & self._changed if fields == TIERS[-1] else BitMap()
            again.append((bits - self._changed) | BitMap(own) | theirs)
        return again

    @cached_property
    def _changed_texts(self) -> dict[int, engine.Fields]:
        return {unit // 2: texts for unit, texts in engine.texts_of([pk * 2 for pk in self._changed])}

    def _look_up(self, wanted: Sequence[Atom], by_relevance: bool) -> dict[Atom, list[BitMap]]:
        # For relevance field by field: of tiers, the engine would give most entries twice or three times.
        asked: Sequence[tuple[str, ...]] = [(field,) for field in engine.FIELDS] if by_relevance else [engine.FIELDS]
        hits, stale = engine.look_up([engine.query(atom, fields) for fields in asked for atom in wanted])
        bitmaps = [[BitMap() for _ in wanted] for _ in asked]
        believed = self._all - union(self._of_unit(unit) for unit in stale if not unit % 2)
        for n, entries, passages in hits:
            part, atom = divmod(n, len(wanted))
            quoted = (pk for pk in bitmap(passages) if pk * 2 + 1 not in stale)
            quoting = union(self._quoting.get(pk, BitMap()) for pk in quoted)
            bitmaps[part][atom] = (bitmap(entries) & believed) | quoting
        # What the engine does not know yet is read here: a page never writes, and never waits for who does.
        for unit, texts in engine.texts_of(stale):
            for part, fields in enumerate(asked):
                for place, each in enumerate(wanted):
                    if _is_in(each, fields, texts):
                        bitmaps[part][place] |= self._of_unit(unit)
        return {atom: [*accumulate(parts, or_)] for atom, parts in zip(wanted, zip(*bitmaps, strict=True), strict=True)}

    def _of_unit(self, unit: int) -> BitMap:
        return self._quoting.get(unit // 2, BitMap()) if unit % 2 else BitMap([unit // 2]) & self._all


def _is_in(atom: Atom, fields: Collection[str], texts: engine.Fields) -> bool:
    return any(atom.found_in(text) for field in fields for text in texts.get(field, ()))
