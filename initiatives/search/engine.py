"""Full text, looked up by the database's own engine: SQLite's FTS5 or PostgreSQL's tsvector.

Both are given words that were made in Python, so both find the same. Entries are found under the number 2 × id,
passages under 2 × id + 1: a unit. Triggers put units whose text changed into `initiatives_stale`, where they stand
until `restem` has made their words; what the engine says of them is not to be believed.
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from django.db import connection, transaction

from initiatives.durability import derived
from initiatives.search import known
from initiatives.search.words import LEAST_PREFIX, LONGEST_TEXT, Atom, Language, Word, compounds, words

FIELDS = ("title", "summary", "other")
WEIGHTS = {"title": "A", "summary": "B", "other": "C"}
BATCH = 2000
MERGED = 8  # pages of SQLite’s engine, for each text whose words are made
GAP = "___"  # between two texts of a field: no phrase runs across
LAST_PLACE = 16383  # the last that PostgreSQL tells from others; and of one word it knows 256 places in a text
STALE = -1
MOST_AT_ONCE = 400  # queries: SQLite takes 500
# By id alone: asked for the published among some ids, SQLite would walk through all that are published.
ENTRIES = (
    "SELECT e.id, e.status = 'published', e.title, e.title_en, e.summary, e.summary_en,"
    " e.classification_note, e.classification_note_en, coalesce(p.title, ''), coalesce(p.title_en, '')"
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
    if atom.prefix:
        phrases.pop((atom.words[0].folded,), None)  # begins with itself
    if connection.vendor == "sqlite":
        parts = [f'"{" ".join(phrase)}"' for phrase in phrases]
        parts += [f'"{atom.words[0].folded}" *'] if atom.prefix else []
        # Asked for all fields by name, the engine would look where in a text it found each.
        return (f"{{{' '.join(fields)}}} : " if tuple(fields) != FIELDS else "") + f"({' OR '.join(parts)})"
    weights = "".join(WEIGHTS[field] for field in fields)
    parts = ["(" + " <-> ".join(f"'{form}':{weights}" for form in phrase) + ")" for phrase in phrases]
    parts += [f"'{atom.words[0].folded}':*{weights}"] if atom.prefix else []
    return " | ".join(parts)


def matches() -> str:
    """The condition that a unit matches a query."""
    return {"sqlite": "initiatives_search MATCH %s", "postgresql": "tokens @@ %s::tsquery"}[connection.vendor]


def look_up(queries: Sequence[tuple[str, int | None]]) -> tuple[list[str], set[int]]:
    """For each query the ids of the entries that the engine finds, separated by commas, or so many of them as are asked
    for; and the ids of those of which it may be wrong. One query of the database, but for long texts."""
    ids = {"sqlite": "group_concat(rowid / 2)", "postgresql": "string_agg((rowid / 2)::text, ',')"}[connection.vendor]
    matching = f"FROM initiatives_search WHERE {matches()} AND rowid %% 2 = 0"
    all_of, first_of = (
        f"SELECT %s, {ids} {matching}",
        f"SELECT %s, {ids} FROM (SELECT rowid {matching} LIMIT %s) AS first",
    )
    changed = "SELECT %s, CAST(unit / 2 AS text) FROM initiatives_stale WHERE unit %% 2 = 0"
    parts: list[tuple[str, list[str | int]]] = [(changed, [STALE])]
    parts += [(first_of, [n, query, most]) if most else (all_of, [n, query]) for n, (query, most) in enumerate(queries)]
    found, stale = [""] * len(queries), set()
    with connection.cursor() as cursor:
        for start in range(0, len(parts), MOST_AT_ONCE):
            now = parts[start : start + MOST_AT_ONCE]
            cursor.execute(" UNION ALL ".join(sql for sql, _ in now), [value for _, values in now for value in values])
            for n, text in cursor.fetchall():
                if n == STALE:
                    stale.add(int(text))
                else:
                    found[n] = text or ""
    return found, stale


def every(parts: Iterable[str]) -> str:
    """A query that finds what all of these find."""
    return {"sqlite": " AND ", "postgresql": " & "}[connection.vendor].join(f"({part})" for part in parts)


def either(parts: Iterable[str]) -> str:
    return {"sqlite": " OR ", "postgresql": " | "}[connection.vendor].join(f"({part})" for part in parts)


def first_units(queries: Sequence[tuple[str, int]]) -> list[list[int]]:
    """For each query the first units that match it, as many as asked for; one query of the database."""
    each = (
        f"SELECT * FROM (SELECT %s, rowid FROM initiatives_search WHERE {matches()} ORDER BY rowid LIMIT %s) AS found"
    )
    units: list[list[int]] = [[] for _ in queries]
    if queries:
        values = [value for n, (query, most) in enumerate(queries) for value in (n, query, most)]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join([each] * len(queries)), values)
            for n, unit in cursor.fetchall():
                units[n].append(unit)
    return units


def texts_of(units: Collection[int]) -> Iterator[tuple[int, Fields]]:
    """All that a unit is found by; what is no more or not published has none. Few texts are in memory at a time."""
    for pk, is_published, *texts in _rows(ENTRIES, [unit // 2 for unit in units if not unit % 2]):
        if not is_published:
            continue
        title, summary, *other = (words_of(*pair) for pair in zip(texts[::2], texts[1::2], strict=True))
        yield pk * 2, {"title": title, "summary": summary, "other": [text for pair in other for text in pair]}
    for pk, text in _rows(PASSAGES, [unit // 2 for unit in units if unit % 2]):
        yield pk * 2 + 1, {"other": words_of(text)}


def _rows(sql: str, ids: list[int]) -> Iterator[tuple]:
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        with connection.cursor() as cursor:
            cursor.execute(sql.format(", ".join(["%s"] * len(some))), some)
            yield from cursor.fetchall()


def words_of(italian: str, english: str = "") -> list[list[Word]]:
    """The words of a text and its twin; hyphened ones, written as one word, make texts of their own."""
    texts: tuple[tuple[str, Language], ...] = (italian, "it"), (english, "en")
    return [
        each[:LONGEST_TEXT] for text, language in texts for each in (words(text, language), *_apart(text, language))
    ]


def _apart(text: str, language: Language) -> list[list[Word]]:
    return [[compound] for compound in compounds(text, language)]


# Keeping the words


def restem(tell: Callable[[str], object] = lambda message: None) -> None:
    """Makes the words of all stale units; a query and no more where there are none. Tells how far it is of many."""
    began, most = time.monotonic(), 0
    while waiting := count_stale():
        most = max(most, waiting)
        if most > BATCH:
            tell(f"Words made of {most - waiting} of {most} texts, {time.monotonic() - began:.0f} s.")
        with derived():
            _restem_some()
    if most > BATCH:
        tell(f"Words made of {most} texts in {time.monotonic() - began:.0f} s.")


def count_stale() -> int:
    """The units whose words are not made yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM initiatives_stale")
        return cursor.fetchone()[0]


def _restem_some() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # First taken off the list and then read: whoever changes a text meanwhile puts it on the list again.
        cursor.execute(
            "DELETE FROM initiatives_stale WHERE unit IN (SELECT unit FROM initiatives_stale LIMIT %s) RETURNING unit",
            [BATCH],
        )
        units = [unit for (unit,) in cursor.fetchall()]
        texts = dict(texts_of(units))
        before, now = _stored_words(units), (w for fields in texts.values() for w in _distinct_words(fields))
        known.recount(list(before), now)
        cursor.executemany("DELETE FROM initiatives_search WHERE rowid = %s", [(u,) for u in units if u not in texts])
        _store(texts)


def _stored_words(units: list[int]) -> Iterator[str]:
    """The words that the engine knows of these units, each once a unit; stems begin with `_`."""
    columns = {"sqlite": "title || ' ' || summary || ' ' || other", "postgresql": "tsvector_to_array(tokens)"}
    for (found,) in _rows(f"SELECT {columns[connection.vendor]} FROM initiatives_search WHERE rowid IN ({{}})", units):
        every = found.split() if connection.vendor == "sqlite" else found
        yield from {word for word in every if not word.startswith("_") and len(word) >= LEAST_PREFIX}


def _distinct_words(fields: Fields) -> Iterable[Word]:
    every = {w.folded: w for texts in fields.values() for text in texts for w in text}
    return (w for folded, w in every.items() if len(folded) >= LEAST_PREFIX)


def _store(texts: Mapping[int, Fields]) -> None:
    """Writes the words of units for the engine to find."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(
                "INSERT OR REPLACE INTO initiatives_search (rowid, title, summary, other) VALUES (%s, %s, %s, %s)",
                [(unit, *(_fts(fields.get(field, [])) for field in FIELDS)) for unit, fields in texts.items()],
            )
            pages = MERGED * len(texts)
            cursor.execute("INSERT INTO initiatives_search (initiatives_search, rank) VALUES ('merge', %s)", [pages])
        else:
            cursor.executemany(
                "INSERT INTO initiatives_search (rowid, tokens) VALUES (%s, %s::tsvector)"
                " ON CONFLICT (rowid) DO UPDATE SET tokens = excluded.tokens",
                [(unit, _tsvector(fields)) for unit, fields in texts.items()],
            )


def _fts(texts: list[list[Word]]) -> str:
    forms = "folded", "late", "early", "english"
    blocks = (" ".join(filter(None, (getattr(w, form) for w in text))) for form in forms for text in texts)
    return f" {GAP} ".join(filter(None, blocks))


def _tsvector(fields: Fields) -> str:
    lexemes, place = [], 1
    for field, texts in fields.items():
        for text in texts:
            for w in text:
                lexemes += [f"'{form}':{min(place, LAST_PLACE)}{WEIGHTS[field]}" for form in w.forms if form]
                place += 1
            place += 1
    return " ".join(lexemes)
