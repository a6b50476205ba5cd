"""The words of the catalogue that a misspelt one may have meant."""

from difflib import SequenceMatcher

from django.db import connection

FEW = 5  # are looked for, and of so many words of a text
ALIKE = 0.72


def nearest_words(folded: str) -> list[str]:
    """The most similar first; some may be of texts that are no longer there."""
    if len(folded) < 4:
        return []
    # Few are compared: those about as long that begin or end alike.
    sql = (
        "SELECT word FROM initiatives_word WHERE length(word) BETWEEN %s AND %s"
        " AND (substr(word, 1, 2) = %s OR substr(word, length(word) - 2) = %s OR substr(word, 2, 2) = %s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [len(folded) - 2, len(folded) + 2, folded[:2], folded[-3:], folded[1:3]])
        known = [word for (word,) in cursor.fetchall() if word != folded]
    matcher, ratios = SequenceMatcher(autojunk=False), []
    matcher.set_seq2(folded)
    for word in known:
        matcher.set_seq1(word)
        if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE:
            ratios.append((-matcher.ratio(), word))
    return [word for _, word in sorted(ratios)[:FEW]]
