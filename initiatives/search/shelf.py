"""Texts that are few and stay in memory: labels, the wording of terms, the passages of the document."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from functools import cached_property
from typing import Generic, TypeVar

from initiatives.search.reading import Clause
from initiatives.search.words import Atom, Word

REMEMBERED = 1000
Key = TypeVar("Key", bound=Hashable)


class Shelf(Generic[Key]):
    """Which texts have an atom; a key may have several texts. What was asked for is remembered."""

    def __init__(self, texts: Iterable[tuple[Key, Sequence[Word]]]) -> None:
        self._texts = list(texts)
        self._known: dict[Atom, set[Key]] = {}

    def having(self, atom: Atom) -> set[Key]:
        having = self._known.get(atom)
        if having is None:
            having = {key for key, text in map(self._texts.__getitem__, self._possible(atom)) if atom.found_in(text)}
            if len(self._known) < REMEMBERED:
                self._known[atom] = having
        return having

    def saying(self, clause: Clause) -> set[Key]:
        """In whose texts one of the ways is in which the clause may be said."""
        return set().union(*map(self.having, clause.spoken))

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
