"""Which entries have changed since a version: what the triggers noted, as far back as they keep it."""

from dataclasses import dataclass

from django.db import connection

from initiatives.versions.triggers import MORE

MOST_FOLLOWED = 64  # entries: of more than these an index is built anew in less time than it follows them
MOST_LINES = 2_000  # an edit makes some ten of them


@dataclass(frozen=True)
class Changes:
    """The entries that changed, deleted ones too, and the line of the notes up to which they were read."""

    entries: list[int]
    read_to: int


def last_change() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM initiatives_change")
        return cursor.fetchone()[0]


def changes_since(version: int, read_to: int, now: int) -> Changes | None:
    """None where more than entries changed, or too many, or the notes do not reach from that version to this one."""
    sql = "SELECT id, token, entry FROM initiatives_change WHERE id >= %s ORDER BY id LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [read_to, MOST_LINES])
        lines = cursor.fetchall()
    # Cut short, the lines of one statement could miss their last ones.
    if not 0 < len(lines) < MOST_LINES or lines[0][:2] != (read_to, version) or lines[-1][1] != now:
        return None
    entries = {entry for _, _, entry in lines[1:] if entry is not None}
    if MORE in entries or len(entries) > MOST_FOLLOWED:
        return None
    return Changes(sorted(entries), lines[-1][0])
