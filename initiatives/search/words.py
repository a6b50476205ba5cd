"""Words as they are compared, each in three forms: folded, its stem found after folding (`_`) and before (`__`).

Folding first keeps "responsabilità" from "responsabile", stemming first keeps "qualità" from "qualita".
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer
from django.core.exceptions import ValidationError

from initiatives.search.folding import fold
from taxonomy.models import Term

LONGEST_WORD = 64  # PostgreSQL takes no word beyond 2 KB
# PostgreSQL takes no entry whose words take more than 1 MB. Editors are told of a text that is too long; one that comes
# past them is searched up to there, on both databases.
LONGEST_TEXT = 1500
LEAST_PREFIX = 3
STOP_WORDS = frozenset(
    """
    a ad al allo alla ai agli alle all di del dello della dei degli delle dell da dal dallo dalla dai dagli dalle dall
    e ed i gli il in la le l lo nel nello nella nei negli nelle nell o per con su sul sulla sui sugli sulle sull tra fra
    un una uno che come si the of and to for
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Word:
    folded: str
    late: str
    early: str

    @property
    def forms(self) -> tuple[str, str, str]:
        return self.folded, self.late, self.early


def word(raw: str) -> Word:
    return _word(raw[:LONGEST_WORD])


@lru_cache(maxsize=50_000)
def _word(raw: str) -> Word:
    italian = snowballstemmer.stemmer("italian")
    folded = fold(raw)[:LONGEST_WORD]
    early = re.sub("[^a-z0-9]", "", fold(italian.stemWord(raw)))[:LONGEST_WORD]
    return Word(folded, f"_{italian.stemWord(folded)}", f"__{early}")


def spans(text: str) -> Iterator[tuple[int, int, Word]]:
    """The words of a text, each with the place it has there."""
    for match in re.finditer(r"[^\W_]+", text):
        raw = match[0].lower()
        if re.fullmatch("[a-z0-9]+", fold(raw)):
            yield match.start(), match.end(), word(raw)
        else:
            yield from ((match.start(), match.end(), word(piece)) for piece in re.findall("[a-z0-9]+", fold(raw)))


def words(text: str) -> list[Word]:
    return [each for _, _, each in spans(text)]


def searchable_whole(text: str) -> None:
    """Validates an editor's text."""
    if len(words(text)) > LONGEST_TEXT:
        raise ValidationError(f"Ha più di {LONGEST_TEXT} parole: quelle oltre non si troverebbero con la ricerca.")


@dataclass(frozen=True)
class Atom:
    """One thing that must be found: a word, the beginning of one, or a phrase."""

    words: tuple[Word, ...]
    prefix: bool = False

    def found_in(self, text: list[Word]) -> bool:
        size = len(self.words)
        windows = ([*zip(*(w.forms for w in text[n : n + size]), strict=True)] for n in range(len(text) - size + 1))
        mine = [*zip(*(w.forms for w in self.words), strict=True)]
        return any(a == b for window in windows for a, b in zip(window, mine, strict=True)) or (
            self.prefix and any(w.folded.startswith(self.words[0].folded) for w in text)
        )


def atoms(q: str) -> tuple[Atom, ...]:
    """Phrases in quotes, then the other words without articles and prepositions, the last one as a prefix too."""
    pieces = q.replace("“", '"').replace("”", '"').replace("«", '"').replace("»", '"').split('"')
    phrases = [Atom(tuple(phrase)) for piece in pieces[1:-1:2] if (phrase := words(piece))]
    bare = words(" ".join(pieces[::2] if len(pieces) % 2 else [*pieces[::2], pieces[-1]]))
    telling = [w for w in bare if w.folded not in STOP_WORDS] or ([] if phrases else bare)
    singles = [Atom((w,)) for w in telling]
    if singles and bare[-1] == telling[-1] and len(bare[-1].folded) >= LEAST_PREFIX:
        singles[-1] = Atom((bare[-1],), prefix=True)
    return tuple(dict.fromkeys([*phrases, *singles]))


def terms_with(atom: Atom, terms: Mapping[str, Term]) -> tuple[str, ...]:
    """The slugs of the terms whose name or wording has it."""
    return tuple(
        slug
        for slug, term in terms.items()
        if any(atom.found_in(term_words(text)) for text in (term.code, term.name, term.name_en, term.text))
    )


@lru_cache(maxsize=1000)
def term_words(text: str) -> list[Word]:
    return words(text)
