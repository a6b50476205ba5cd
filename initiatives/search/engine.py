"""Full text, looked up by the database's own engine: SQLite's FTS5 or PostgreSQL's tsvector.

Both are given words that were made in Python, so both find the same. Entries are found under the number 2 × id,
passages under 2 × id + 1: a unit. Triggers put units whose text changed into `initiatives_stale`, where they stand
until `restem` has made their words; what the engine says of them is not to be believed.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches

from django.db import connection, transaction

from initiatives.search.words import LEAST_PREFIX, LONGEST_TEXT, STOP_WORDS, Atom, Word, term_words, words
from taxonomy.models import Term

FIELDS = ("title", "summary", "other")
WEIGHTS = {"title": "A", "summary": "B", "other": "C"}
BATCH = 2000
GAP = "___"  # between two texts of a field: no phrase runs across
LAST_PLACE = 16383  # the last that PostgreSQL tells from others; and of one word it knows 256 places in a text
STALE = -1
ENTRIES = (
    "SELECT e.id, e.title, e.title_en, e.summary, e.summary_en, coalesce(p.title, ''), coalesce(p.title_en, '')"
    " FROM initiatives_initiative e LEFT JOIN initiatives_initiative p ON p.id = e.parent_id"
    " AND p.status = 'published' WHERE e.id IN ({})"
)
PASSAGES = "SELECT id, text FROM initiatives_passage WHERE id IN ({})"

# By field the texts that a unit is found by, each as its words.
Fields = Mapping[str, list[list[Word]]]


# Looking up


def query(atom: Atom, fields: Sequence[str] = FIELDS) -> str:
    """In the language of the database's engine; of letters and digits alone, so nothing breaks out of it."""
    phrases = dict.fromkeys(zip(*(w.forms for w in atom.words), strict=True))
    if connection.vendor == "sqlite":
        parts = [f'"{" ".join(phrase)}"' for phrase in phrases]
        parts += [f'"{atom.words[0].folded}" *'] if atom.prefix else []
        return f"{{{' '.join(fields)}}} : ({' OR '.join(parts)})"
    weights = "".join(WEIGHTS[field] for field in fields)
    parts = ["(" + " <-> ".join(f"'{form}':{weights}" for form in phrase) + ")" for phrase in phrases]
    parts += [f"'{atom.words[0].folded}':*{weights}"] if atom.prefix else []
    return " | ".join(parts)


def matches() -> str:
    """The condition that a unit matches a query."""
    return {"sqlite": "initiatives_search MATCH %s", "postgresql": "tokens @@ %s::tsquery"}[connection.vendor]


def look_up(queries: Sequence[str]) -> tuple[list[tuple[int, bool, str]], set[int]]:
    """What the engine finds, and the units of which it may be wrong; one query of the database.

    A hit is the place of its query, whether it is of passages, and their ids separated by commas.
    """
    lists = {"sqlite": "group_concat(rowid / 2)", "postgresql": "string_agg((rowid / 2)::text, ',')"}
    each = f"SELECT %s, rowid %% 2, {lists[connection.vendor]} FROM initiatives_search WHERE {matches()} GROUP BY 2"
    changed = "SELECT %s, unit, %s FROM initiatives_stale"
    with connection.cursor() as cursor:
        parameters = [STALE, "", *(value for pair in enumerate(queries) for value in pair)]
        cursor.execute(" UNION ALL ".join([changed, *[each] * len(queries)]), parameters)
        rows = cursor.fetchall()
    return [(n, bool(kind), ids) for n, kind, ids in rows if n != STALE], {unit for n, unit, _ in rows if n == STALE}


def texts_of(units: Collection[int]) -> Iterator[tuple[int, Fields]]:
    """All that a unit is found by; a unit that is no more has none. Few texts are in memory at a time."""
    for pk, *texts in _rows(ENTRIES, [unit // 2 for unit in units if not unit % 2]):
        yield pk * 2, {field: _words(*texts[n : n + 2]) for n, field in zip((0, 2, 4), FIELDS, strict=True)}
    for pk, text in _rows(PASSAGES, [unit // 2 for unit in units if unit % 2]):
        yield pk * 2 + 1, {"other": _words(text)}


def _rows(sql: str, ids: list[int]) -> Iterator[tuple]:
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        with connection.cursor() as cursor:
            cursor.execute(sql.format(", ".join(["%s"] * len(some))), some)
            yield from cursor.fetchall()


def _words(*texts: str) -> list[list[Word]]:
    return [words(text)[:LONGEST_TEXT] for text in texts]


# Keeping the words


def restem() -> None:
    """Makes the words of all stale units; a query and no more where there are none."""
    while _any_stale():
        _restem_some()


def _any_stale() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM initiatives_stale LIMIT 1")
        return cursor.fetchone() is not None


def _restem_some() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # First taken off the list and then read: whoever changes a text meanwhile puts it on the list again.
        cursor.execute(
            "DELETE FROM initiatives_stale WHERE unit IN (SELECT unit FROM initiatives_stale LIMIT %s) RETURNING unit",
            [BATCH],
        )
        units = [unit for (unit,) in cursor.fetchall()]
        texts = dict(texts_of(units))
        gone = [(unit,) for unit in units if unit not in texts]
        cursor.executemany("DELETE FROM initiatives_search WHERE rowid = %s", gone)
        store(texts)


def store(texts: Mapping[int, Fields]) -> None:
    """Writes the words of units for the engine to find."""
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


def _tsvector(fields: Fields) -> str:
    lexemes, place = [], 1
    for field, texts in fields.items():
        for text in texts:
            for w in text:
                lexemes += [f"'{form}':{min(place, LAST_PLACE)}{WEIGHTS[field]}" for form in w.forms]
                place += 1
            place += 1
    return " ".join(lexemes)


# What a misspelt text may have meant


def suggestion(q: str, terms: Iterable[Term]) -> str:
    """The query with each word replaced by the most similar one of the catalogue; empty if one has none."""
    bare = [w for w in words(q) if w.folded not in STOP_WORDS]
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM initiatives_word")
        known = {word for (word,) in cursor.fetchall()}
    known |= {w.folded for term in terms for text in (term.name, term.name_en, term.text) for w in term_words(text)}
    similar = {w.folded: get_close_matches(w.folded, known, n=1, cutoff=0.7) for w in bare}
    if not similar or not all(similar.values()):
        return ""
    return " ".join(closest[0] for closest in similar.values())
