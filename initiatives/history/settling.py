"""What triggers kept of each change becomes what readers are told of it.

It happens when an edit has been committed and, of what came past Python, after the next edit or at the next start. One
transaction makes the notes public and takes them away: each change is told once, whatever fails meanwhile.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection, transaction

from initiatives.durability import derived
from initiatives.history.rows import ENTRIES, MATCH_TABLES, PASSAGES, TERM_TABLES, Line, Row, Rows, kept_lines
from initiatives.history.standing import enter
from initiatives.models import ChangeKind, Initiative, PublicAddress, PublicChange, PublicEntry
from initiatives.models.addresses import keep_addresses
from initiatives.versions import hold_version, moment_of

BATCH = 500  # entries read at once
DIMENSIONS = {table: dimension for dimension, table in TERM_TABLES.items()}
MATCHED = {matches: terms for terms, matches in MATCH_TABLES.items()}


def settle_when_committed(**kwargs: Any) -> None:
    """After something that entries are made of was saved or deleted; once a transaction."""
    if not any(waiting[1] is settle for waiting in connection.run_on_commit):
        transaction.on_commit(settle, robust=True)


def settle() -> None:
    if not _last_line():
        return
    with derived(), transaction.atomic():
        hold_version()  # nobody changes or settles anything meanwhile
        if last := _last_line():
            shared = kept_lines()
            PublicChange.objects.bulk_create(_of_shared(shared))
            for entries in _batches(_changed_entries()):
                _settle_entries(entries, shared)
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM initiatives_before WHERE id <= %s", [last])


def _last_line() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM initiatives_before")
        return cursor.fetchone()[0]


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(ids)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _changed_entries() -> list[int]:
    """With the measures of what was published or withdrawn: their pages name it, or no longer do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT entry FROM initiatives_before WHERE entry IS NOT NULL ORDER BY entry")
        own = [entry for (entry,) in cursor.fetchall()]
        cursor.execute("SELECT DISTINCT entry FROM initiatives_before WHERE name = %s ORDER BY entry", [ENTRIES])
        themselves = [entry for (entry,) in cursor.fetchall()]
    measures: set[int] = set()
    for some in _batches(themselves):
        lines = kept_lines(some)
        was = {line.entry: line.old["status"] for line in reversed(lines) if line.table == ENTRIES and line.old}
        now = dict(Initiative.objects.filter(pk__in=was).values_list("pk", "status"))
        other = [pk for pk, status in was.items() if now.get(pk or 0) != status]
        measures |= set(Initiative.objects.filter(parent__in=other).values_list("pk", flat=True))
    return sorted({*own, *measures})


# Passages and terms: one change each, however many entries show them


def _of_shared(lines: Collection[Line]) -> Iterator[PublicChange]:
    if not lines:
        return
    now = Rows.of([], {})
    before = now.undone(lines)
    changed = {subject: line.token for line in lines for subject in _changed(line, now)}
    for (table, number), token in changed.items():
        was, present = before.shared(table, number), now.shared(table, number)
        if was and present and was != present:
            yield _of_row(table, was, present, token)


def _changed(line: Line, now: Rows) -> list[tuple[str, int]]:
    """The passage or term that a line is of; of a match its terms, before and now: none of one that came and went."""
    if line.table not in MATCHED:
        return [(line.table, line.number)]
    rows = (line.old, now.tables[line.table].get(line.number))
    return [(MATCHED[line.table], row["term_id"]) for row in rows if row]


def _of_row(table: str, before: Row, after: Row, token: int) -> PublicChange:
    kind, subject = ChangeKind.PASSAGE, after.get("anchor", "")
    if table != PASSAGES:
        kind, subject = ChangeKind.TERM, f"{DIMENSIONS[table]}/{after['slug']}"
    said, now_said = ({name: value for name, value in row.items() if name != "id"} for row in (before, after))
    return PublicChange(moment=moment_of(token), kind=kind, subject=subject, before=said, after=now_said)


# Entries


@dataclass(frozen=True)
class Settled:
    """Some entries before their changes and now; `as_before` is what they said, in the words that all have now."""

    before: Rows
    as_before: Rows
    now: Rows
    public: dict[int, PublicEntry]
    told: dict[int, str]  # by public entry, whether it entered, returned or was withdrawn: the last that was told
    new: set[int]  # entries that were not there at all

    def changes_of(self, pk: int, token: int) -> Iterator[PublicChange]:
        was, present, public = self.before.entry(pk), self.now.entry(pk), self.public.get(pk)
        if not public:
            return
        last = self.told.get(public.pk)
        if present and last == ChangeKind.WITHDRAWN:
            yield _change(public, ChangeKind.RETURNED, token)
        elif present and not last and pk not in self.new:
            yield _change(public, ChangeKind.ENTERED, token)
        elif was and not present and last != ChangeKind.WITHDRAWN:
            yield _change(public, ChangeKind.WITHDRAWN, token)
        elif was and present:
            yield from self._of_what_stands(pk, public, token)

    def _of_what_stands(self, pk: int, public: PublicEntry, token: int) -> Iterator[PublicChange]:
        (was, slug), (present, new_slug) = ((rows.wording(pk), rows.tables[ENTRIES][pk]["slug"]) for rows in self._both)
        if slug != new_slug:
            yield _change(public, ChangeKind.MOVED, token, {"slug": slug}, {"slug": new_slug})
        if was and present and was != present:
            yield _change(public, ChangeKind.CHANGED, token, was.as_json(), present.as_json())

    @property
    def _both(self) -> tuple[Rows, Rows]:
        return self.as_before, self.now


def _change(
    public: PublicEntry, kind: ChangeKind, token: int, before: Row | None = None, after: Row | None = None
) -> PublicChange:
    return PublicChange(moment=moment_of(token), kind=kind, entry=public, before=before, after=after)


def _settle_entries(entries: Collection[int], shared: list[Line]) -> None:
    lines = kept_lines(entries)
    parents = _parents(entries, lines)
    around = {*entries, *parents}
    around_lines = [*lines, *kept_lines(parents - set(entries))]
    keep_addresses(entries)
    public = _public(around, around_lines)
    now = Rows.of(around, {pk: each.uid for pk, each in public.items()})
    before = now.undone([*shared, *around_lines])
    new = {line.number for line in lines if line.table == ENTRIES and line.old is None}
    settled = Settled(before, before.with_shared_of(now), now, public, _told(public.values()), new)
    newest = max(around_lines)
    last = dict.fromkeys(entries, newest) | {line.entry or 0: line for line in lines}
    changes = (settled.changes_of(pk, last[pk].token) for pk in sorted(entries, key=lambda pk: (last[pk].id, pk)))
    PublicChange.objects.bulk_create(change for several in changes for change in several)
    if new:
        enter(new)


def _told(public: Iterable[PublicEntry]) -> dict[int, str]:
    coming_and_going = ChangeKind.ENTERED, ChangeKind.RETURNED, ChangeKind.WITHDRAWN
    rows = PublicChange.objects.filter(entry__in=[each.pk for each in public], kind__in=coming_and_going)
    return {entry or 0: kind for entry, kind in rows.order_by("pk").values_list("entry", "kind")}


def _parents(entries: Collection[int], lines: Iterable[Line]) -> set[int]:
    """What these are, or were, measures of."""
    now = Initiative.objects.filter(pk__in=entries).exclude(parent=None).values_list("parent", flat=True)
    was = {line.old["parent_id"] for line in lines if line.table == ENTRIES and line.old}
    return {*now, *filter(None, was)}


def _public(entries: Collection[int], lines: Iterable[Line]) -> dict[int, PublicEntry]:
    """By entry; what was deleted is known by the address that it had."""
    known = {public.initiative_id or 0: public for public in PublicEntry.objects.filter(initiative__in=entries)}
    had = {line.old["slug"]: line.number for line in lines if line.table == ENTRIES and line.old}
    gone = {slug: pk for slug, pk in had.items() if pk not in known}
    left = PublicAddress.objects.filter(slug__in=gone, entry__initiative=None).select_related("entry")
    return known | {gone[address.slug]: address.entry for address in left}
