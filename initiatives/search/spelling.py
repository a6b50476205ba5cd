"""The words of the catalogue that a misspelt one may have meant."""

from collections.abc import Collection
from difflib import get_close_matches

from django.db import connection

FEW = 5  # words of a text are looked for
LEAST = 4  # letters
ALIKE = 0.72


def nearest_words(unknown: Collection[str]) -> dict[str, str]:
    """For each word that has one, the most similar of those that the catalogue knows; one query."""
    looked_for = [word for word in sorted(unknown) if len(word) >= LEAST][:FEW]
    known = _about_alike(looked_for) if looked_for else {}
    nearest = {word: get_close_matches(word, known[word], 1, ALIKE) for word in looked_for}
    return {word: found[0] for word, found in nearest.items() if found}


def _about_alike(looked_for: Collection[str]) -> dict[str, list[str]]:
    """Few are compared: those about as long that begin or end alike."""
    about = (
        "SELECT %s, word FROM initiatives_word WHERE length(word) BETWEEN %s AND %s AND word <> %s"
        " AND (substr(word, 1, 2) = %s OR substr(word, length(word) - 2) = %s OR substr(word, 2, 2) = %s)"
    )
    known: dict[str, list[str]] = {word: [] for word in looked_for}
    with connection.cursor() as cursor:
        values = [
            value
            for word in looked_for
            for value in (word, len(word) - 2, len(word) + 2, word, word[:2], word[-3:], word[1:3])
        ]
        cursor.execute(" UNION ALL ".join([about] * len(looked_for)), values)
        for word, each in cursor.fetchall():
            known[word].append(each)
    return known
