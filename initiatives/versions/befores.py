"""What readers could read before a change: triggers keep it, on every road a change can take, until it is told.

They note each row that an entry is made of as it was, in the change's own transaction: what is rolled back leaves
nothing, what is committed is never missed. `initiatives.history` makes of it what readers are told.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

from initiatives.versions.moments import NOW

OWN_TEXTS = ("title", "title_en", "summary", "summary_en", "classification_note", "classification_note_en")
ENTRY = ("id", "slug", *OWN_TEXTS, "scope", "funding", "parent_id", "status")
LINK = ("id", "initiative_id", "term_id", "basis", "passage_id", "note", "note_en")
TIE = ("id", "initiative_id", "passage_id")
TERM = ("id", "slug", "code", "name", "name_en", "text", "note", "note_en")
MATCH = ("id", "term_id", "code", "vocabulary", "relation", "name", "name_en", "note", "note_en")
COLUMNS = {
    "initiatives_initiative": ENTRY,
    "initiatives_objectivelink": LINK,
    "initiatives_categorylink": LINK,
    "initiatives_sectorlink": LINK,
    "initiatives_initiative_passages": TIE,
    "initiatives_initiative_lead_ins": TIE,
    "initiatives_passage": ("id", "anchor", "text"),
    "taxonomy_specificobjective": TERM,
    "taxonomy_interventioncategory": TERM,
    "taxonomy_prioritysector": (*TERM, "from_introduction"),
    "taxonomy_objectivematch": MATCH,
    "taxonomy_categorymatch": MATCH,
    "taxonomy_sectormatch": MATCH,
}
TABLES = {
    "sqlite": [
        "CREATE TABLE IF NOT EXISTS initiatives_before (id integer PRIMARY KEY, token integer NOT NULL,"
        " name text NOT NULL, number integer NOT NULL, entry integer, old text)",
        "CREATE INDEX IF NOT EXISTS initiatives_before_entry ON initiatives_before (entry)",
    ],
    "postgresql": [
        "CREATE TABLE IF NOT EXISTS initiatives_before (id bigserial PRIMARY KEY, token bigint NOT NULL,"
        " name text NOT NULL, number bigint NOT NULL, entry bigint, old text)",
        "CREATE INDEX IF NOT EXISTS initiatives_before_entry ON initiatives_before (entry)",
    ],
}
OBJECT = {"sqlite": "json_object", "postgresql": "json_build_object"}
DIFFERENT = {"sqlite": "IS NOT", "postgresql": "IS DISTINCT FROM"}


def whole(using: BaseDatabaseWrapper, tables: list[str]) -> list[str]:
    """Of these tables those that have all columns already: half-way through the migrations some lack them."""
    with using.cursor() as cursor:
        there = {
            table: {column.name for column in using.introspection.get_table_description(cursor, table)}
            for table in tables
            if table in COLUMNS
        }
    return [table for table, columns in there.items() if columns >= set(COLUMNS[table])]


def triggers(vendor: str, tables: list[str]) -> list[str]:
    return [
        statement
        for table, columns in COLUMNS.items()
        if table in tables
        for event in ("INSERT", "UPDATE", "DELETE")
        for statement in _trigger(vendor, table, event, columns)
    ]


def drop(using: BaseDatabaseWrapper) -> None:
    """Before a migration: they name columns, and SQLite drops none that a trigger names."""
    there = set(using.introspection.table_names())
    with using.cursor() as cursor:
        for statement in triggers(using.vendor, [table for table in COLUMNS if table in there]):
            if statement.startswith("DROP TRIGGER"):
                cursor.execute(statement)


def _trigger(vendor: str, table: str, event: str, columns: tuple[str, ...]) -> list[str]:
    name, note = f"{table}_{event.lower()}_before", _note(vendor, table, event, columns)
    changed = " OR ".join(f"OLD.{column} {DIFFERENT[vendor]} NEW.{column}" for column in columns)
    when = f" WHEN ({changed})" if event == "UPDATE" else ""
    create = f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW{when}"
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}", f"{create} BEGIN {note}; END"]
    body = f"$$ BEGIN {note}; RETURN NULL; END $$"
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS {body}",
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        f"{create} EXECUTE FUNCTION {name}()",
    ]


def _note(vendor: str, table: str, event: str, columns: tuple[str, ...]) -> str:
    side = "NEW" if event == "INSERT" else "OLD"
    entry = "id" if columns is ENTRY else "initiative_id" if "initiative_id" in columns else ""
    pairs = ", ".join(f"'{column}', OLD.{column}" for column in columns)
    old = "NULL" if event == "INSERT" else f"{OBJECT[vendor]}({pairs})"
    # Not the version's token: SQLite may fire this trigger before the one that moves the version.
    return (
        "INSERT INTO initiatives_before (token, name, number, entry, old)"
        f" VALUES ({NOW[vendor]}, '{table}', {side}.id, {f'{side}.{entry}' if entry else 'NULL'}, {old})"
    )
