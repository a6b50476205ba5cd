"""One number that every change to the catalogue moves, drafts too, in the change's own transaction (see `triggers`)."""

from datetime import datetime
from functools import cache

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils import timezone

from initiatives.versions import triggers
from initiatives.versions.moments import RANDOM_BITS


def current_version() -> int:
    return version_and_words()[0]


def version_and_words() -> tuple[int, bool]:
    """The version, and whether words of some text are not made yet: when they are, it does not move."""
    _check_once()
    with connection.cursor() as cursor:
        cursor.execute("SELECT token, EXISTS (SELECT * FROM initiatives_stale) FROM initiatives_version")
        version, lacks_words = cursor.fetchone()
    return version, bool(lacks_words)


def hold_version() -> None:
    """Until the transaction ends no other changes anything: every writer locks the version first (see `triggers`)."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE initiatives_version SET token = token")


def moment_of(version: int) -> datetime:
    """When the change was that made this version."""
    return datetime.fromtimestamp(version >> RANDOM_BITS, tz=timezone.get_default_timezone())


def name_of(version: int) -> str:
    """As readers read it, in the site's own time: 20261122-163042-0a1b2c3d."""
    return f"{moment_of(version):%Y%m%d-%H%M%S}-{version % 2**RANDOM_BITS:08x}"


@cache
def _check_once() -> None:
    if gone := triggers.missing():
        raise ImproperlyConfigured(f"Triggers are missing ({', '.join(sorted(gone))}): run manage.py migrate.")
