"""Words as they are compared, each in four forms: folded, its Italian stem found after folding (`_`) and before (`__`),
and its English stem (`___`).

Folding first keeps "responsabilità" from "responsabile", stemming first keeps "qualità" from "qualita". A text has the
stems of its own language alone; a query has all, because nobody says in which language it is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Literal

import snowballstemmer
from django.core.exceptions import ValidationError

from initiatives.search.folding import INVISIBLE, fold

Language = Literal["it", "en", ""]  # of a query it is not known

# Of these rules, of the fields of `engine` and of their tables. Who changes what is kept of a text raises it: `migrate`
# then makes all words anew.
RULES = 2
LONGEST_WORD = 64  # PostgreSQL takes no word beyond 2 KB
# PostgreSQL takes no entry whose words take more than 1 MB. Editors are told of a text that is too long; one that comes
# past them is searched up to there, on both databases.
LONGEST_TEXT = 1500
LEAST_PREFIX = 3
# With accents that are characters of their own, and what nobody sees.
_WORD = rf"[^\W_](?:[^\W_]|[\u0300-\u036f{INVISIBLE}])*"
_LETTERS = re.compile(_WORD)
_COMPOUND = re.compile(rf"(?<![^\W_]){_WORD}(?:[-\u2010\u2011]{_WORD})+")


@dataclass(frozen=True)
class Word:
    """A form is empty where the language of its text has none such; `raw` is the word as written, in lower case."""

    folded: str
    late: str
    early: str
    english: str
    raw: str = field(default="", compare=False)

    @cached_property
    def forms(self) -> tuple[str, str, str, str]:
        return self.folded, self.late, self.early, self.english


def word(raw: str, language: Language = "") -> Word:
    return _word(raw[:LONGEST_WORD], language)


@lru_cache(maxsize=50_000)
def _word(raw: str, language: Language) -> Word:
    folded = fold(raw)[:LONGEST_WORD]
    late = early = english = ""
    if language != "en":
        italian = snowballstemmer.stemmer("italian")
        late = f"_{italian.stemWord(folded)}"
        early = "__" + re.sub("[^a-z0-9]", "", fold(italian.stemWord(raw)))[:LONGEST_WORD]
    if language != "it":
        english = f"___{snowballstemmer.stemmer('english').stemWord(_american(folded))}"
    return Word(folded, late, early, english, raw)


# British spellings as American ones, whether or not such a word exists: both sides are compared after it.
_SPELLINGS = (
    (r"(?<=..)is(e|es|ed|er|ers|ing|ation|ations|ational)$", r"iz\1"),
    (r"(?<=..)ys(e|es|ed|er|ers|ing)$", r"yz\1"),
    (r"(?<=..)our(s|ed|ing|al|hood|hoods|ly)?$", r"or\1"),
    (r"(?<=..)tre(s?)$", r"ter\1"),
    (r"(?<=..)ogue(s?)$", r"og\1"),
    (r"^programme(s?)$", r"program\1"),
    (r"^ageing$", "aging"),
    (r"^(.*[aeiouy][^aeiouy]+[aeiou])ll(ed|ing|er|ers)$", r"\1l\2"),
)


def _american(folded: str) -> str:
    for british, american in _SPELLINGS:
        folded = re.sub(british, american, folded)
    return folded


def spans(text: str, language: Language = "") -> Iterator[tuple[int, int, Word]]:
    """The words of a text, each with the place it has there."""
    for match in _LETTERS.finditer(text):
        if match[0].isascii():
            yield match.start(), match.end(), word(match[0].lower(), language)
            continue
        raw = _bare(match[0]).lower()
        if re.fullmatch("[a-z0-9]+", fold(raw)):
            yield match.start(), match.end(), word(raw, language)
        else:
            pieces = re.findall("[a-z0-9]+", fold(raw))
            yield from ((match.start(), match.end(), word(piece, language)) for piece in pieces)


def _bare(text: str) -> str:
    return re.sub(f"[{INVISIBLE}]", "", text)


def words(text: str, language: Language = "") -> list[Word]:
    return [each for _, _, each in spans(text, language)]


@lru_cache(maxsize=2000)
def once(text: str, language: Language = "") -> tuple[Word, ...]:
    """The words of a short text that is read again and again: a label, a title."""
    return tuple(words(text, language))


def compound_spans(text: str, language: Language = "") -> Iterator[tuple[int, int, Word]]:
    """Its hyphened words as one, "startup" of "start-up", each with its place; `raw` is empty: nobody wrote it so."""
    for match in _COMPOUND.finditer(text):
        if joined := "".join(re.findall("[a-z0-9]+", fold(match[0]))):
            yield match.start(), match.end(), replace(word(joined, language), raw="")


def compounds(text: str, language: Language = "") -> list[Word]:
    return list(dict.fromkeys(each for _, _, each in compound_spans(text, language)))


def searchable_whole(text: str) -> None:
    """Validates an editor's text."""
    if len(words(text)) > LONGEST_TEXT:
        raise ValidationError(f"Ha più di {LONGEST_TEXT} parole: quelle oltre non si troverebbero con la ricerca.")


@dataclass(frozen=True)
class Atom:
    """One thing that may be found: a word, the beginning of one, or a phrase."""

    words: tuple[Word, ...]
    prefix: bool = False

    def found_in(self, text: Sequence[Word]) -> bool:
        return any(self.found_at(text, start) for start in range(len(text) - len(self.words) + 1))

    def found_at(self, text: Sequence[Word], start: int) -> bool:
        """Whether its words stand there, all in one and the same form."""
        first, *others = self.words
        there = text[start].forms
        return (self.prefix and text[start].folded.startswith(first.folded)) or any(
            there[n] == form and all(text[start + k].forms[n] == w.forms[n] for k, w in enumerate(others, 1))
            for n, form in enumerate(first.forms)
        )


def as_atom(text: str) -> Atom:
    """All of a text, word after word."""
    return Atom(once(text))
