"""Accents and case folded away: by Python for searching, by both databases for sorting."""

import unicodedata
from typing import Any

from django.db.models import Expression, F, Func, TextField, Value
from django.db.models.functions import Lower, Replace

# Italian's accented vowels and no more: SQLite's parser takes 28 nested calls at the most.
_VOWELS = {"a": "àá", "e": "èé", "i": "ìí", "o": "òó", "u": "ùú"}
_TABLE = {accented: plain for plain, group in _VOWELS.items() for accented in group + group.upper()}

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d"})  # Unicode knows the others

# Soft hyphens, zero-width spaces and joiners: they come with text pasted from PDF, and nobody sees them.
INVISIBLE = "\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufeff"


def fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(_LIGATURES))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def sort_key(expression: F) -> Expression:
    result: Any = expression
    for accented, plain in _TABLE.items():
        result = Replace(result, Value(accented), Value(plain), output_field=TextField())
    return Lower(result, output_field=TextField())


class CodePointOrder(Func):
    """Sorts folded text alike on every database and under every collation."""

    template = "%(expressions)s"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template='(%(expressions)s) COLLATE "C"', **context)
