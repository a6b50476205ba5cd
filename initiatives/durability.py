"""What is committed outlives a power cut; what could be made from it again need not."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def derived() -> Iterator[None]:
    """On SQLite the commits of what is derived inside do not wait for the disk; no editor waits for them in turn.

    A power cut may take them, and with them the mark that it was made: the next start makes it again. PostgreSQL's
    server knows how to wait for many commits at once.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:  # inside a transaction SQLite refuses to be told
        yield
        return
    _synchronous("NORMAL")
    try:
        yield
    finally:
        _synchronous("FULL")


def _synchronous(level: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA synchronous = {level}")
