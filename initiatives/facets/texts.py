import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice

from pyroaring import BitMap

from initiatives.facets.bitmaps import bitmap, union
from initiatives.search import engine
from initiatives.search.shelf import Shelf
from initiatives.search.words import Atom

REMEMBERED = 500  # atoms, in one field or in all
FEW = 2000  # entries
MOST_READ_AGAIN = 64  # entries that changed: of more the engine is asked
TITLE, SUMMARY = engine.FIELDS[:1], engine.FIELDS[1:2]

Fields = tuple[str, ...]
Having = dict[Atom, BitMap]  # the entries that have an atom


class Texts:
    """Which entries of one index have a text; the words and phrases asked for last are remembered."""

    def __init__(self, everything: BitMap, quoting: Mapping[int, BitMap], document: Shelf[int]) -> None:
        """`quoting` has the entries that quote a passage, by its id; `document` the passages that have an atom."""
        self._all, self._quoting, self._document = everything, quoting, document
        self._lock = threading.Lock()
        self.known: dict[tuple[Atom, Fields], BitMap] = {}
        # What an older index knew, and the entries that have changed since: those are read again when it is asked for.
        self._former: dict[tuple[Atom, Fields], BitMap] = {}
        self._changed = BitMap()

    def followed(self, changed: BitMap, everything: BitMap, quoting: Mapping[int, BitMap]) -> "Texts":
        texts = Texts(everything, quoting, self._document)
        with self._lock:
            if len(self._changed | changed) <= MOST_READ_AGAIN:
                texts._changed = self._changed | changed
                texts._former = dict(islice({**self.known, **self._former}.items(), REMEMBERED))
        return texts

    def having(self, wanted: Collection[Atom], fields: Fields = engine.FIELDS, by_relevance: bool = False) -> Having:
        """For each atom the entries that have it in one of these fields; among all of them are the passages quoted.

        `by_relevance` says that titles and summaries will be asked for next: what they have is had along with the rest
        where it is little.
        """
        with self._lock:
            found = {atom: self.known[atom, fields] for atom in wanted if (atom, fields) in self.known}
        for atom in wanted:
            if atom not in found and (atom, fields) in self._former:
                found[atom] = self._read_again(atom, fields)
        unknown = [atom for atom in dict.fromkeys(wanted) if atom not in found]
        parts: list[tuple[Fields, int | None]] = [(fields, None)]
        parts += [(TITLE, FEW), (SUMMARY, FEW)] if by_relevance else []
        looked_up = self._look_up(unknown, parts) if unknown else {}
        found |= {atom: looked_up[atom, fields] for atom in unknown}
        with self._lock:
            self.known |= looked_up
            for atom in wanted:  # the last used are the last to go
                self.known.pop((atom, fields), None)
                self.known[atom, fields] = found[atom]
            while len(self.known) > REMEMBERED:
                del self.known[next(iter(self.known))]
        return found

    def _read_again(self, atom: Atom, fields: Fields) -> BitMap:
        own = BitMap(pk for pk, texts in self._changed_texts.items() if _is_in(atom, fields, texts))
        quoting = self._quoting_atom(atom, fields) & self._changed
        return (self._former[atom, fields] - self._changed) | own | quoting

    @cached_property
    def _changed_texts(self) -> dict[int, engine.Fields]:
        return dict(_texts_of(self._changed))

    def _look_up(
        self, wanted: Sequence[Atom], parts: Sequence[tuple[Fields, int | None]]
    ) -> dict[tuple[Atom, Fields], BitMap]:
        """In each of these fields; where as many are found as a part asks for there may be more, and none is given."""
        asked = [(atom, part, most) for part, most in parts for atom in wanted]
        found, stale = engine.look_up([(engine.query(atom, part), most) for atom, part, most in asked])
        if stale and any(most for _, most in parts):  # text by text, what is stale is read once for all of them
            return self._look_up(wanted, [(part, None) for part, _ in parts])
        having, believed = {}, self._all - BitMap(stale)
        for (atom, part, most), ids in zip(asked, found, strict=True):
            bits = bitmap(ids)
            if most is None or len(bits) < most:
                having[atom, part] = (bits & believed) | self._quoting_atom(atom, part)
        # What the engine does not know yet is read here: a page never writes, and never waits for who does.
        for pk, texts in _texts_of(BitMap(stale) & self._all):
            for (atom, part), bits in having.items():
                if _is_in(atom, part, texts):
                    bits.add(pk)
        return having

    def _quoting_atom(self, atom: Atom, fields: Fields) -> BitMap:
        if fields != engine.FIELDS:
            return BitMap()
        return union(self._quoting.get(passage, BitMap()) for passage in self._document.having(atom))


def _texts_of(entries: BitMap) -> Iterator[tuple[int, engine.Fields]]:
    return ((unit // 2, texts) for unit, texts in engine.texts_of([pk * 2 for pk in entries]))


def _is_in(atom: Atom, fields: Collection[str], texts: engine.Fields) -> bool:
    return any(atom.found_in(text) for field in fields for text in texts.get(field, ()))
