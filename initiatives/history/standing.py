"""What has stood since before the changes were told: all at once, however many entries there are."""

from collections.abc import Collection

from django.db import connection

from initiatives.models import one_of_these

KEY = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}
TOLD = "NOT EXISTS (SELECT 1 FROM initiatives_publicchange c WHERE c.entry_id = p.id)"
ENTERED = (
    "INSERT INTO initiatives_publicchange (key, moment, kind, entry_id, subject)"
    " SELECT {key}, e.created, 'entered', p.id, ''"
    " FROM initiatives_publicentry p JOIN initiatives_initiative e ON e.id = p.initiative_id"
    f" WHERE e.status = 'published' AND {TOLD} AND {{these}} ORDER BY e.created, e.position, e.id"
)
GONE = (
    "INSERT INTO initiatives_publicchange (key, moment, kind, entry_id, subject)"
    " SELECT {key}, p.withdrawn, 'withdrawn', p.id, '' FROM initiatives_publicentry p"
    f" WHERE p.withdrawn IS NOT NULL AND {TOLD} AND {{these}} ORDER BY p.withdrawn, p.id"
)


def enter(entries: Collection[int] | None = None) -> None:
    """Of these entries, or of all, each of which nothing was told yet: that it entered when it was made, or is gone."""
    these = "1 = 1" if entries is None else one_of_these("p.initiative_id", entries)
    with connection.cursor() as cursor:
        for statement in (ENTERED, GONE):
            cursor.execute(statement.format(key=KEY[connection.vendor], these=these))
