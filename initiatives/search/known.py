"""The words that the catalogue knows, of published entries and of the document: counted, completed, and spelt right."""

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches

from django.db import connection

from initiatives.search.words import Word

FEW = 5  # misspelt words of a text are looked for
LEAST = 4  # letters of them
ALIKE = 0.72
LAST = "\U0010ffff"  # comes after every letter


def recount(before: Iterable[str], now: Iterable[Word]) -> None:
    """Units had these words, each once a unit, and have those; a word that no unit has any more is not known."""
    changes, written = Counter[str](), dict[str, str]()
    for word in now:
        changes[word.folded] += 1
        written[word.folded] = unicodedata.normalize("NFC", word.raw) or written.get(word.folded, "")
    changes.subtract(before)
    # In one order: of two who count at the same time one waits for the other.
    changed = sorted((word, written.get(word, ""), change) for word, change in changes.items() if change)
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO initiatives_word (word, written, units) VALUES (%s, %s, %s)"
            " ON CONFLICT (word) DO UPDATE SET units = initiatives_word.units + excluded.units,"
            " written = CASE excluded.written WHEN '' THEN initiatives_word.written ELSE excluded.written END",
            changed,
        )
        gone = [(word,) for word, _, change in changed if change < 0]
        cursor.executemany("DELETE FROM initiatives_word WHERE word = %s AND units <= 0", gone)


def completions(beginning: str, most: int) -> list[str]:
    """The words that begin so, as they are written, those of most units first; compounds are not written as one."""
    sql = (
        "SELECT written FROM initiatives_word WHERE word >= %s AND word < %s AND written <> ''"
        " ORDER BY units DESC, word LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [beginning, beginning + LAST, most])
        return [written for (written,) in cursor.fetchall()]


def nearest(unknown: Collection[str], besides: Mapping[str, str], same_initial: bool = False) -> dict[str, str]:
    """For each misspelt word that has one, the most similar word, as it is written; one query.

    `besides` are words that no text has, and how they are written. For those of the same initial alone the database
    does not look through all words.
    """
    looked_for = [word for word in sorted(unknown) if len(word) >= LEAST][:FEW]
    alike = _about_alike(looked_for, same_initial) if looked_for else {}
    for word, near in alike.items():
        near |= {each: written for each, written in besides.items() if each != word}
    found = {word: get_close_matches(word, alike[word], 1, ALIKE) for word in looked_for}
    return {word: alike[word][best[0]] for word, best in found.items() if best}


def _about_alike(looked_for: Collection[str], same_initial: bool) -> dict[str, dict[str, str]]:
    """Few are compared: those about as long that begin or end alike; each with how it is written."""
    about = (
        "SELECT %s, word, written FROM initiatives_word WHERE word >= %s AND word < %s AND word <> %s AND written <> ''"
        " AND length(word) BETWEEN %s AND %s"
        " AND (substr(word, 1, 2) = %s OR substr(word, length(word) - 2) = %s OR substr(word, 2, 2) = %s)"
    )
    values: list[str | int] = []
    for word in looked_for:
        initial = word[0] if same_initial else ""
        values += [word, initial, initial + LAST, word, len(word) - 2, len(word) + 2, word[:2], word[-3:], word[1:3]]
    alike: dict[str, dict[str, str]] = {word: {} for word in looked_for}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([about] * len(looked_for)), values)
        for word, each, written in cursor.fetchall():
            alike[word][each] = written
    return alike
