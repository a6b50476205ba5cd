"""Texts that are few and stay in memory: labels, the wording of terms, the passages of the document."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from functools import cached_property, lru_cache
from typing import Generic, TypeVar

from initiatives.search.reading import Clause, Reading, rarest
from initiatives.search.words import Atom, Word

REMEMBERED = 1000
Key = TypeVar("Key", bound=Hashable)


class Shelf(Generic[Key]):
    """Which texts have an atom; a key may have several texts. What was asked for is remembered."""

    def __init__(self, texts: Iterable[tuple[Key, Sequence[Word]]]) -> None:
        self._texts = list(texts)
        self.having = lru_cache(maxsize=REMEMBERED)(self._having)

    def _having(self, atom: Atom) -> frozenset[Key]:
        possible = (self._texts[number] for number in self._possible(atom))
        return frozenset(key for key, text in possible if atom.found_in(text))

    def saying(self, reading: Reading) -> frozenset[Key]:
        """Whose texts say all that is asked for and nothing that must not be there."""
        if reading.phrase and (having := self.having(reading.phrase)):
            return having
        said = [self._saying(clause) for clause in reading.clauses]
        if reading.phrase:
            said = rarest(said) or [frozenset()]
        every = frozenset(key for key, _ in self._texts) if reading.clauses or reading.excluded else frozenset[Key]()
        return every.intersection(*said).difference(*map(self._saying, reading.excluded))

    def _saying(self, clause: Clause) -> frozenset[Key]:
        """In whose texts one of the ways is in which the clause may be said."""
        return frozenset[Key]().union(*map(self.having, clause.spoken))

    def _possible(self, atom: Atom) -> set[int]:
        """The numbers of the texts that have the first word, or one that begins so."""
        first = atom.words[0]
        begun = [w for w in self._numbers if w.startswith(first.folded)] if atom.prefix else []
        return set().union(*(self._numbers.get(form, ()) for form in (*first.forms, *begun)))

    @cached_property
    def _numbers(self) -> dict[str, set[int]]:
        """For each form of a word, those of the texts that have it."""
        numbers = defaultdict(set)
        for number, (_, text) in enumerate(self._texts):
            for form in {form for word in text for form in word.forms if form}:
                numbers[form].add(number)
        return dict(numbers)
