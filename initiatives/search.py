"""Full text: Italian stems made in Python, looked up by the database's own engine, the same on SQLite and PostgreSQL.

A word is kept in three forms: folded, its stem found after folding (`_`) and its stem found before (`__`), because
folding first keeps "responsabilità" from "responsabile" and stemming first keeps "qualità" from "qualita".
"""

import re
import weakref
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache, reduce
from operator import and_, or_
from typing import TYPE_CHECKING

import snowballstemmer
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from pyroaring import BitMap

from initiatives.folding import fold
from initiatives.selection import Selection
from taxonomy.models import Term

if TYPE_CHECKING:
    from initiatives.facets import FacetIndex

FIELDS = ("title", "summary", "other")
WEIGHTS = {"title": "A", "summary": "B", "other": "C"}
BATCH = 2000
REMEMBERED = 64
# PostgreSQL takes no word beyond 2 KB, no entry whose words take more than 1 MB. Editors are told of a text that is too
# long; one that comes past them is searched up to there, on both databases. (Of a word that a text has more than 256
# times PostgreSQL knows 256 places: a phrase that stands only beyond them is not found there.)
LONGEST_WORD = 64
LONGEST_TEXT = 1500
LEAST_PREFIX = 3
AROUND = 90  # characters shown on either side of a found word
GAP = "___"  # between two texts of a field: no phrase runs across
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
    return [found for _, _, found in spans(text)]


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

    def query(self, fields: Iterable[str] = FIELDS) -> str:
        """In the language of the database's engine; of letters and digits alone, so nothing breaks out of it."""
        wanted = tuple(fields)
        phrases = dict.fromkeys(zip(*(w.forms for w in self.words), strict=True))
        if connection.vendor == "sqlite":
            parts = [f'"{" ".join(phrase)}"' for phrase in phrases]
            parts += [f'"{self.words[0].folded}" *'] if self.prefix else []
            return f"{{{' '.join(wanted)}}} : ({' OR '.join(parts)})"
        weights = "".join(WEIGHTS[field] for field in wanted)
        parts = ["(" + " <-> ".join(f"'{form}':{weights}" for form in phrase) + ")" for phrase in phrases]
        parts += [f"'{self.words[0].folded}':*{weights}"] if self.prefix else []
        return " | ".join(parts)


def atoms(q: str) -> tuple[Atom, ...]:
    """Phrases in quotes, then the other words without articles and prepositions, the last one as a prefix too."""
    pieces = q.replace("“", '"').replace("”", '"').replace("«", '"').replace("»", '"').split('"')
    phrases = [Atom(tuple(found)) for piece in pieces[1:-1:2] if (found := words(piece))]
    bare = words(" ".join(pieces[::2] if len(pieces) % 2 else [*pieces[::2], pieces[-1]]))
    telling = [w for w in bare if w.folded not in STOP_WORDS] or ([] if phrases else bare)
    singles = [Atom((w,)) for w in telling]
    if singles and bare[-1] == telling[-1] and len(bare[-1].folded) >= LEAST_PREFIX:
        singles[-1] = Atom((bare[-1],), prefix=True)
    return tuple(dict.fromkeys([*phrases, *singles]))


def _matches() -> str:
    return {"sqlite": "initiatives_search MATCH %s", "postgresql": "tokens @@ %s::tsquery"}[connection.vendor]


def in_texts(atom: Atom, fields: tuple[str, ...] = FIELDS) -> Q:
    """Plain SQL: the entries whose own text, initiative's title or passages have it."""
    query = atom.query(fields)
    found = f"SELECT rowid / 2 FROM initiatives_search WHERE {_matches()} AND rowid %% 2 = "
    quoted = f"SELECT initiative_id FROM initiatives_initiative_passages WHERE passage_id IN ({found} 1)"
    return Q(pk__in=RawSQL(f"{found} 0", [query])) | Q(pk__in=RawSQL(quoted, [query]))


def terms_with(atom: Atom, terms: Mapping[str, Term]) -> tuple[str, ...]:
    """The slugs of the terms whose name or wording has it."""
    return tuple(
        slug
        for slug, term in terms.items()
        if any(atom.found_in(_term_words(text)) for text in (term.code, term.name, term.name_en, term.text))
    )


@lru_cache(maxsize=1000)
def _term_words(text: str) -> list[Word]:
    return words(text)


class NotReady(Exception):
    """Changed texts could not be made searchable: the database is busy or may only be read."""


class Cache:
    """Which entries of one index a text finds; the last few are remembered."""

    def __init__(self, index: "FacetIndex") -> None:
        self.index: FacetIndex = weakref.proxy(index)  # a cycle would keep old indexes in memory
        self._known: dict[tuple[tuple[Atom, ...], bool], list[list[BitMap]]] = {}

    def forget(self) -> None:
        self._known.clear()

    def bitmap(self, selection: Selection) -> BitMap:
        wanted = atoms(selection.q)
        if not wanted:
            return self.index.all
        texts = self._texts(wanted, tiers=selection.order == "relevance")[-1]
        found = (text | self._under_terms(a, selection.basis) for a, text in zip(wanted, texts, strict=True))
        return reduce(and_, found)

    def tiers(self, selection: Selection) -> list[BitMap]:
        """Entries that have all of it in the title, then in title and summary."""
        wanted = atoms(selection.q)
        return [reduce(and_, texts) for texts in self._texts(wanted, tiers=True)[:-1]] if wanted else []

    def _texts(self, wanted: tuple[Atom, ...], tiers: bool) -> list[list[BitMap]]:
        """For each tier asked for, the last being all fields: a bitmap for each atom."""
        key = wanted, tiers
        if key not in self._known:
            while len(self._known) >= REMEMBERED:
                del self._known[next(iter(self._known))]
            self._known[key] = self._look_up(wanted, [FIELDS[:1], FIELDS[:2], FIELDS] if tiers else [FIELDS])
        self._known[key] = found = self._known.pop(key)
        return found

    def _look_up(self, wanted: tuple[Atom, ...], tiers: list[tuple[str, ...]]) -> list[list[BitMap]]:
        texts = [[BitMap() for _ in wanted] for _ in tiers]
        queries = [atom.query(fields) for fields in tiers for atom in wanted]
        for n, is_passage, ids in _found_in(queries):
            tier, atom = divmod(n, len(wanted))
            if is_passage:
                quoting = (self.index.passages.get(pk, BitMap()) for pk in map(int, ids.split(",")))
                texts[tier][atom] |= reduce(or_, quoting)
            else:
                texts[tier][atom] |= self.index.bitmap(ids)
        return texts

    def _under_terms(self, atom: Atom, basis: str) -> BitMap:
        bitmaps = self.index.bitmaps
        found = ((d, slug) for d, terms in self.index.terms.items() for slug in terms_with(atom, terms))
        return reduce(or_, (bitmaps[dimension, basis][slug] for dimension, slug in found), BitMap())


def _found_in(queries: list[str]) -> list[tuple[int, int, str]]:
    """The query's place, 0 for entries or 1 for passages, and their ids separated by commas; all in one query."""
    lists = {"sqlite": "group_concat(rowid / 2)", "postgresql": "string_agg((rowid / 2)::text, ',')"}
    each = f"SELECT %s, rowid %% 2, {lists[connection.vendor]} FROM initiatives_search WHERE {_matches()} GROUP BY 2"
    stale = -1, 0, ""  # the row that says, in the same look, that some words are not those of the texts any more
    changed = "SELECT %s, %s, %s WHERE EXISTS (SELECT 1 FROM initiatives_stale)"
    parameters = [*stale, *(value for pair in enumerate(queries) for value in pair)]
    while True:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join([changed, *[each] * len(queries)]), parameters)
            rows = cursor.fetchall()
        if stale not in rows:
            return rows
        restem()


def restem() -> None:
    """Finds the words of all texts that changed since; a query and no more when there are none. Raises NotReady."""
    try:
        while _any_stale():
            _restem_some()
    except DatabaseError as error:
        raise NotReady from error


def _restem_some() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # First taken off the list and then read: whoever changes a text meanwhile puts it on the list again.
        cursor.execute(
            "DELETE FROM initiatives_stale WHERE unit IN (SELECT unit FROM initiatives_stale LIMIT %s) RETURNING unit",
            [BATCH],
        )
        units = [unit for (unit,) in cursor.fetchall()]
        entries, passages = ([unit // 2 for unit in units if unit % 2 == kind] for kind in (0, 1))
        texts = _entry_texts(entries) | _passage_texts(passages)
        _forget([unit for unit in units if unit not in texts])
        store({unit: {f: [words(t) for t in ts] for f, ts in fields.items()} for unit, fields in texts.items()})


def _any_stale() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM initiatives_stale LIMIT 1")
        return cursor.fetchone() is not None


def _rows(sql: str, ids: list[int]) -> list[tuple]:
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql.format(", ".join(["%s"] * len(ids))), ids)
        return cursor.fetchall()


def _entry_texts(ids: list[int]) -> dict[int, dict[str, list[str]]]:
    rows = _rows(
        "SELECT e.id, e.title, e.title_en, e.summary, e.summary_en, coalesce(p.title, ''), coalesce(p.title_en, '')"
        " FROM initiatives_initiative e LEFT JOIN initiatives_initiative p ON p.id = e.parent_id"
        " AND p.status = 'published' WHERE e.id IN ({})",
        ids,
    )
    return {
        pk * 2: {"title": [title, title_en], "summary": [summary, summary_en], "other": list(parent)}
        for pk, title, title_en, summary, summary_en, *parent in rows
    }


def _passage_texts(ids: list[int]) -> dict[int, dict[str, list[str]]]:
    rows = _rows("SELECT id, text FROM initiatives_passage WHERE id IN ({})", ids)
    return {pk * 2 + 1: {"other": [text]} for pk, text in rows}


def _forget(units: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM initiatives_search WHERE rowid = %s", [(unit,) for unit in units])


def store(texts: Mapping[int, Mapping[str, list[list[Word]]]]) -> None:
    """Writes the words of entries and passages, by number and field, for the engine to find."""
    texts = {
        unit: {field: [text[:LONGEST_TEXT] for text in ts] for field, ts in fields.items()}
        for unit, fields in texts.items()
    }
    seen = {w.folded for fields in texts.values() for ts in fields.values() for text in ts for w in text}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(
                "INSERT OR REPLACE INTO initiatives_search (rowid, title, summary, other) VALUES (%s, %s, %s, %s)",
                [(unit, *(_fts(fields.get(field, [])) for field in FIELDS)) for unit, fields in texts.items()],
            )
        else:
            cursor.executemany(
                "INSERT INTO initiatives_search (rowid, tokens) VALUES (%s, %s::tsvector)"
                " ON CONFLICT (rowid) DO UPDATE SET tokens = excluded.tokens",
                [(unit, _tsvector(fields)) for unit, fields in texts.items()],
            )
        cursor.executemany(
            "INSERT INTO initiatives_word (word) VALUES (%s) ON CONFLICT DO NOTHING",
            [(w,) for w in sorted(seen) if len(w) >= LEAST_PREFIX],
        )


def _fts(texts: list[list[Word]]) -> str:
    blocks = [
        " ".join(getattr(w, form) for w in text) for form in ("folded", "late", "early") for text in texts if text
    ]
    return f" {GAP} ".join(blocks)


def _tsvector(fields: Mapping[str, list[list[Word]]]) -> str:
    lexemes, place = [], 1
    for field, texts in fields.items():
        for text in texts:
            for w in text:
                lexemes += [f"'{form}':{min(place, 16383)}{WEIGHTS[field]}" for form in w.forms]
                place += 1
            place += 1
    return " ".join(lexemes)


def suggestion(q: str, terms: Iterable[Term]) -> str:
    """The query with each word replaced by the most similar one of the catalogue; empty if one has none."""
    bare = [w for w in words(q) if w.folded not in STOP_WORDS]
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM initiatives_word")
        known = {word for (word,) in cursor.fetchall()}
    known |= {w.folded for term in terms for text in (term.name, term.name_en, term.text) for w in _term_words(text)}
    similar = {w.folded: get_close_matches(w.folded, known, n=1, cutoff=0.7) for w in bare}
    if not similar or not all(similar.values()):
        return ""
    return " ".join(found[0] for found in similar.values())


def highlight(text: str, q: str) -> SafeString:
    """The text as HTML with the words that `q` found marked."""
    html, end = [], 0
    for start, stop in _found_spans(text, q):
        html += [conditional_escape(text[end:start]), format_html("<mark>{}</mark>", text[start:stop])]
        end = stop
    return mark_safe("".join([*html, conditional_escape(text[end:])]))


def snippet(texts: Iterable[str], q: str) -> SafeString | None:
    """The neighbourhood of the first found word in the first of the texts that has one, marked."""
    for text in texts:
        for start, stop in _found_spans(text, q):
            first = text.rfind(" ", 0, max(0, start - AROUND)) + 1
            last = text.find(" ", stop + AROUND)
            cut = text[first : last if last > 0 else None]
            return format_html("{}{}{}", "… " if first else "", highlight(cut, q), " …" if last > 0 else "")
    return None


def _found_spans(text: str, q: str) -> Iterator[tuple[int, int]]:
    wanted, end = atoms(q), 0
    for start, stop, found in spans(text):
        # A letter such as "½" folds into two words that stand at one place.
        if start >= end and any(_touches(atom, found) for atom in wanted):
            end = stop
            yield start, stop


def _touches(atom: Atom, found: Word) -> bool:
    return any(a == b for mine in atom.words for a, b in zip(mine.forms, found.forms, strict=True)) or (
        atom.prefix and found.folded.startswith(atom.words[0].folded)
    )
