"""What OpenAPI cannot say of the API, told to schemathesis in its own process (SCHEMATHESIS_HOOKS)."""

from typing import Any

import django
import schemathesis

django.setup()

from catalogue.query import MOST_WORDS  # noqa: E402
from initiatives.search.words import atoms  # noqa: E402


@schemathesis.hook
def filter_query(context: Any, query: dict[str, Any] | None) -> bool:
    """OpenAPI can limit the characters of a text but not its words, which are counted after folding; nor that rows and
    columns must differ."""
    asked = query or {}
    if asked.get("rows") and asked.get("rows") == asked.get("columns"):
        return False
    return len(atoms(str(asked.get("q", "")))) <= MOST_WORDS
