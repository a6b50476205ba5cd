"""What OpenAPI cannot say of the API, told to schemathesis in its own process (SCHEMATHESIS_HOOKS)."""

from typing import Any

import django
import schemathesis

django.setup()

from catalogue.query import MOST_WORDS  # noqa: E402
from initiatives.search.words import atoms  # noqa: E402


@schemathesis.hook
def filter_query(context: Any, query: dict[str, Any] | None) -> bool:
    """OpenAPI can limit the characters of a text but not its words, which are counted after folding."""
    return len(atoms(str((query or {}).get("q", "")))) <= MOST_WORDS
