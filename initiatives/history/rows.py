"""The rows that entries are made of, as they are and as they were: what triggers kept is put back, the last first."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection

from initiatives.content import TEXTS, Classified, Quoted, Wording
from initiatives.models import LINKS, Initiative, Passage, Status, one_of_these
from initiatives.versions.befores import COLUMNS

Row = dict[str, Any]
Table = dict[int, Row]
ENTRIES, PASSAGES = Initiative._meta.db_table, Passage._meta.db_table
QUOTES, LEAD_INS = Initiative.passages.through._meta.db_table, Initiative.lead_ins.through._meta.db_table
LINK_TABLES = {dimension: link._meta.db_table for dimension, link in LINKS.items()}
TERM_TABLES = {dimension: link.vocabulary()._meta.db_table for dimension, link in LINKS.items()}
# Of each vocabulary, what its terms are matched with.
MATCH_TABLES = {
    TERM_TABLES[dimension]: link.vocabulary().match_model()._meta.db_table for dimension, link in LINKS.items()
}
SHARED = (PASSAGES, *TERM_TABLES.values(), *MATCH_TABLES.values())  # what many entries are made of
OF_ENTRIES = (ENTRIES, QUOTES, LEAD_INS, *LINK_TABLES.values())


class Line(NamedTuple):
    """What a trigger kept: a row before its change, nothing where there was none."""

    id: int
    token: int
    table: str
    number: int
    entry: int | None
    old: Row | None


def kept_lines(entries: Collection[int] | None = None) -> list[Line]:
    """Of these entries, or of what many are made of; in the order of the changes."""
    these = "entry IS NULL" if entries is None else one_of_these("entry", entries)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, token, name, number, entry, old FROM initiatives_before WHERE {these} ORDER BY id")
        return [Line._make((*line, json.loads(old) if old else None)) for *line, old in cursor.fetchall()]


@dataclass(frozen=True)
class Rows:
    """Of some entries and of all that is shared, by table and id; `uids` are the entries' names that stay."""

    tables: Mapping[str, Table]
    uids: Mapping[int, str]

    @classmethod
    def of(cls, entries: Collection[int], uids: Mapping[int, str]) -> "Rows":
        """As they are now."""
        own = {table: _read(table, "id" if table == ENTRIES else "initiative_id", entries) for table in OF_ENTRIES}
        return cls(own | {table: _read(table) for table in SHARED}, uids)

    def undone(self, lines: Iterable[Line]) -> "Rows":
        """As they were before these changes, which are the last."""
        tables = {name: dict(table) for name, table in self.tables.items()}
        for line in sorted(lines, reverse=True):
            if line.old is None:
                tables[line.table].pop(line.number, None)
            else:
                tables[line.table][line.number] = line.old
        return replace(self, tables=tables)

    def with_shared_of(self, other: "Rows") -> "Rows":
        """In the other's words, where it still has them."""
        shared = {name: self.tables[name] | other.tables[name] for name in SHARED}
        return replace(self, tables={**self.tables, **shared})

    def shared(self, table: str, pk: int) -> Row | None:
        """A passage, or a term with its matches."""
        row = self.tables[table].get(pk)
        if row is None or table == PASSAGES:
            return row
        matches = [match for match in self.tables[MATCH_TABLES[table]].values() if match["term_id"] == pk]
        return {
            **row,
            "matches": [_without(match, "id", "term_id") for match in sorted(matches, key=itemgetter("code"))],
        }

    def entry(self, pk: int) -> Row | None:
        """If it is published."""
        row = self.tables[ENTRIES].get(pk)
        return row if row and row["status"] == Status.PUBLISHED else None

    def wording(self, pk: int) -> Wording | None:
        """Of a published entry."""
        if not (row := self.entry(pk)):
            return None
        parent = self.entry(row["parent_id"]) if row["parent_id"] else None
        return Wording(
            self.uids.get(pk, row["slug"]),
            self.uids.get(parent["id"], parent["slug"]) if parent else None,
            {name: row[name] for name in TEXTS},
            tuple(sorted(self._terms(pk))),
            *(tuple(sorted(self._quoted(table, pk))) for table in (QUOTES, LEAD_INS)),
        )

    def _quoted(self, table: str, pk: int) -> list[Quoted]:
        ties = (row for row in self.tables[table].values() if row["initiative_id"] == pk)
        return [self._passage(row["passage_id"]) for row in ties]

    def _passage(self, pk: int) -> Quoted:
        row = self.tables[PASSAGES][pk]
        return Quoted(row["anchor"], row["text"])

    def _terms(self, pk: int) -> list[Classified]:
        found = []
        for dimension, table in LINK_TABLES.items():
            for link in (row for row in self.tables[table].values() if row["initiative_id"] == pk):
                term = self.tables[TERM_TABLES[dimension]][link["term_id"]]
                name = term["slug"], term["name"], term["name_en"], bool(term.get("from_introduction"))
                quoted = self._passage(link["passage_id"]) if link["passage_id"] else None
                notes = link["note"] or "", link["note_en"] or ""
                found.append(Classified._make((dimension, *name, link["basis"], quoted, *notes)))
        return found


def _without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}


def _read(table: str, column: str = "", ids: Collection[int] = ()) -> Table:
    columns = COLUMNS[table]
    these = f" WHERE {one_of_these(column, ids)}" if column else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM {table}{these}")
        return {row[0]: dict(zip(columns, row, strict=True)) for row in cursor.fetchall()}
