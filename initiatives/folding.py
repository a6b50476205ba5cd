"""Accents and case folded away in the same way by Python (for queries) and by both databases (for columns)."""

import re
from typing import Any

from django.db.models import Expression, F, Func, TextField, Value
from django.db.models.functions import Lower, Replace

# Italian's accented vowels and no more: SQLite's parser takes 28 nested calls at the most.
_FOLDED = {"a": "àá", "e": "èé", "i": "ìí", "o": "òó", "u": "ùú"}
_TABLE = str.maketrans({accented: plain for plain, group in _FOLDED.items() for accented in group + group.upper()})


def fold(text: str) -> str:
    return text.translate(_TABLE).lower()


def words(text: str) -> list[str]:
    """The folded words of a query, each once; an apostrophe parts two words."""
    return list(dict.fromkeys(re.findall("[a-z0-9]+", fold(text))))


def folded(expression: Expression | F) -> Expression:
    """`fold` as a database expression."""
    result: Any = expression
    for accented, plain in _TABLE.items():
        result = Replace(result, Value(chr(accented)), Value(str(plain)), output_field=TextField())
    return Lower(result, output_field=TextField())


class CodePointOrder(Func):
    """Sorts folded text alike on every database and under every collation."""

    template = "%(expressions)s"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template='(%(expressions)s) COLLATE "C"', **context)
