"""The addresses of the site's pages, for models and templates alike."""

from functools import lru_cache

from django.urls import reverse
from django.utils.translation import get_language


def address(name: str, *values: str) -> str:
    """Of a page in the reader's language; pages have many and say most of them again and again."""
    return _address(name, values, get_language())


@lru_cache(maxsize=4000)
def _address(name: str, values: tuple[str, ...], _language: str | None) -> str:
    return reverse(name, args=values)
