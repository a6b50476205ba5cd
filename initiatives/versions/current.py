"""One number that every change to the catalogue moves, drafts too, in the change's own transaction (see `triggers`)."""

import time
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


# The last version that this process has read, and the second of `known_since`.
_known: tuple[int | None, int] = None, 0


def known_since(version: int) -> int:
    """A second at which whoever read the catalogue read this version, or one after it: the one after this process knew.

    `moment_of` is no such thing. A change is read by others when its transaction ends, which may be later; two may be
    of one second; and another release or other settings say something else of the same version: they are of another
    process. What was read before is given up: a version that comes back, with a backup, is known anew. Nor does it go
    back with the clock.
    """
    global _known
    last, since = _known
    if version != last:
        following = int(time.time()) + 1
        since = following if following >= since else since + 1
        _known = version, since
    return since


def name_of(version: int) -> str:
    """As readers read it, in the site's own time: 20261122-163042-0a1b2c3d."""
    return f"{moment_of(version):%Y%m%d-%H%M%S}-{version % 2**RANDOM_BITS:08x}"


@cache
def _check_once() -> None:
    if gone := triggers.missing():
        raise ImproperlyConfigured(f"Triggers are missing ({', '.join(sorted(gone))}): run manage.py migrate.")
