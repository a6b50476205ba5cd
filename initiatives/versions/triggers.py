"""What migrations cannot make: derived tables, and the triggers that keep them true on every road a change can take.

Everything here is made anew after each migration (SQLite loses a table's triggers when a migration remakes it) and
holds nothing that could not be derived again. Entries are searched under the number 2 × id, passages under 2 × id + 1.
"""

from django.apps import apps
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from initiatives.search.words import RULES
from initiatives.versions import befores
from initiatives.versions.moments import NOW, RANDOM_BITS

APPS = ("initiatives", "taxonomy")
ENTRY_TEXTS = "id, title, summary, title_en, summary_en, classification_note, classification_note_en, parent_id, status"
MOVE = {
    "sqlite": f"UPDATE initiatives_version SET token = {NOW['sqlite']} | (random() & {2**RANDOM_BITS - 1})",
    "postgresql": f"UPDATE initiatives_version SET token = {NOW['postgresql']}"
    f" | floor(random() * {2**RANDOM_BITS})::bigint",
}
# Each change is noted with the version that it made and the entry that it changed: none, or MORE than entries.
MORE = 0
PRUNE = "DELETE FROM initiatives_change WHERE id <= (SELECT max(id) FROM initiatives_change) - 10000"
SIDES = {"INSERT": ("NEW",), "UPDATE": ("NEW", "OLD"), "DELETE": ("OLD",)}
BY_ENTRY = ("objectivelink", "categorylink", "sectorlink", "initiative_passages", "publicentry")
BY_NOTHING = ("initiative_lead_ins", "publicaddress", "publicchange")  # entries are not found by what these hold
TABLES = {
    "sqlite": [
        "CREATE TABLE IF NOT EXISTS initiatives_version (token integer NOT NULL)",
        "CREATE TABLE IF NOT EXISTS initiatives_change (id integer PRIMARY KEY, token integer NOT NULL, entry integer)",
        "CREATE TABLE IF NOT EXISTS initiatives_rules (number integer NOT NULL)",
        "CREATE TABLE IF NOT EXISTS initiatives_stale (unit integer PRIMARY KEY)",
        "CREATE TABLE IF NOT EXISTS initiatives_word"
        " (word text PRIMARY KEY, written text NOT NULL, units integer NOT NULL) WITHOUT ROWID",
        "CREATE VIRTUAL TABLE IF NOT EXISTS initiatives_search"
        " USING fts5(title, summary, other, tokenize = \"ascii tokenchars '_'\")",
        # The engine's words are merged as they are made: by itself it would now and then merge a great many at once.
        "INSERT INTO initiatives_search (initiatives_search, rank) VALUES ('automerge', 0)",
    ],
    "postgresql": [
        "CREATE TABLE IF NOT EXISTS initiatives_version (token bigint NOT NULL)",
        "CREATE TABLE IF NOT EXISTS initiatives_change (id bigserial PRIMARY KEY, token bigint NOT NULL, entry bigint)",
        "CREATE TABLE IF NOT EXISTS initiatives_rules (number integer NOT NULL)",
        "CREATE TABLE IF NOT EXISTS initiatives_stale (unit bigint PRIMARY KEY)",
        "CREATE TABLE IF NOT EXISTS initiatives_word"
        ' (word text COLLATE "C" PRIMARY KEY, written text NOT NULL, units integer NOT NULL)',
        "CREATE TABLE IF NOT EXISTS initiatives_search (rowid bigint PRIMARY KEY, tokens tsvector NOT NULL)",
        "CREATE INDEX IF NOT EXISTS initiatives_search_tokens ON initiatives_search USING gin (tokens)",
    ],
}
INSERT_STALE = {
    "sqlite": "INSERT OR IGNORE INTO initiatives_stale {rows}",
    # A mark that is there already is locked: whoever is about to take it off waits for this change to be committed.
    "postgresql": "INSERT INTO initiatives_stale {rows} ON CONFLICT (unit) DO UPDATE SET unit = excluded.unit",
}


def public_tables() -> list[str]:
    """Every table that a public page reads from."""
    models = [model for app in APPS for model in apps.get_app_config(app).get_models(include_auto_created=True)]
    return sorted(model._meta.db_table for model in models)


def install(using: BaseDatabaseWrapper = connection) -> None:
    """Makes all in one go, with no moment without triggers; texts that nothing watched are found anew."""
    with transaction.atomic(using.alias), using.cursor() as cursor:
        if using.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(2014202127)")
        unwatched = missing(using)
        # Half-way through the migrations some tables are not there yet.
        there = set(using.introspection.table_names(cursor))
        watched = [table for table in public_tables() if table in there]
        if has_other_rules := _has_other_rules(using, there):
            for table in ("initiatives_search", "initiatives_word", "initiatives_rules"):
                cursor.execute(f"DROP TABLE IF EXISTS {table}")
        noted = befores.triggers(using.vendor, befores.whole(using, watched))
        tables = (*TABLES[using.vendor], *befores.TABLES[using.vendor])
        for statement in (*tables, *_moves_and_stale(using.vendor, watched), *noted):
            cursor.execute(statement)
        if has_other_rules:
            cursor.execute("INSERT INTO initiatives_rules VALUES (%s)", [RULES])
        cursor.execute("INSERT INTO initiatives_version SELECT 0 WHERE NOT EXISTS (SELECT * FROM initiatives_version)")
        cursor.execute(MOVE[using.vendor] + ("" if unwatched else " WHERE token = 0"))
        cursor.execute(f"{_note(f'SELECT {MORE} AS entry')} WHERE token NOT IN (SELECT token FROM initiatives_change)")
        if has_other_rules or any(name.endswith("_stale") for name in unwatched):
            for table, kind in (("initiatives_initiative", 0), ("initiatives_passage", 1)):
                if table not in there:
                    continue
                rows = f"SELECT id * 2 + {kind} FROM {table} WHERE true"
                cursor.execute(INSERT_STALE[using.vendor].format(rows=rows))


def _has_other_rules(using: BaseDatabaseWrapper, there: set[str]) -> bool:
    """Whether the words in the database were made by other rules than today's."""
    if "initiatives_rules" not in there:
        return True
    with using.cursor() as cursor:
        cursor.execute("SELECT number FROM initiatives_rules")
        return cursor.fetchall() != [(RULES,)]


def missing(using: BaseDatabaseWrapper = connection) -> set[str]:
    """The names of the triggers that should be there and are not."""
    names = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with using.cursor() as cursor:
        cursor.execute(names[using.vendor])
        there = {name for (name,) in cursor.fetchall()}
    wanted = [
        statement.split()[2]
        for statement in triggers(using.vendor, public_tables())
        if statement.startswith("CREATE TRIGGER")
    ]
    return set(wanted) - there | ({"initiatives_change", "initiatives_before"} - set(using.introspection.table_names()))


def drop(using: BaseDatabaseWrapper = connection) -> None:
    """Takes the triggers away, for filling a new database at full speed; `install` brings them back."""
    with using.cursor() as cursor:
        for statement in triggers(using.vendor, public_tables()):
            if statement.startswith("DROP TRIGGER"):
                cursor.execute(statement)


def triggers(vendor: str, tables: list[str]) -> list[str]:
    return [*_moves_and_stale(vendor, tables), *befores.triggers(vendor, tables)]


def _moves_and_stale(vendor: str, tables: list[str]) -> list[str]:
    return _sqlite_triggers(tables) if vendor == "sqlite" else _postgresql_triggers(tables)


def _sqlite_triggers(tables: list[str]) -> list[str]:
    statements = []
    for table in tables:
        for event in ("INSERT", "UPDATE", "DELETE"):
            statement = "; ".join((MOVE["sqlite"], _note(changed_entries(table, event)), PRUNE))
            statements += _sqlite(f"{table}_{event.lower()}_moves", event, table, statement)
    for table, event, rows in _stale_rows(tables):
        statement = INSERT_STALE["sqlite"].format(rows=rows)
        statements += _sqlite(f"{table}_{event.split()[0].lower()}_stale", event, table, statement)
    return statements


def _sqlite(name: str, event: str, table: str, statement: str) -> list[str]:
    return [f"DROP TRIGGER IF EXISTS {name}", f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {statement}; END"]


def _stale_rows(tables: list[str]) -> list[tuple[str, str, str]]:
    """Table, event and the search numbers whose words have to be found anew."""
    entry, passage = "initiatives_initiative", "initiatives_passage"
    family = f"SELECT NEW.id * 2 UNION SELECT OLD.id * 2 UNION SELECT id * 2 FROM {entry} WHERE parent_id = NEW.id"
    rows = [
        (entry, "INSERT", "SELECT NEW.id * 2"),
        (entry, f"UPDATE OF {ENTRY_TEXTS}", family),  # a measure is found by its initiative's title too
        (entry, "DELETE", "SELECT OLD.id * 2"),
        (passage, "INSERT", "SELECT NEW.id * 2 + 1"),
        (passage, "UPDATE OF id, text", "SELECT NEW.id * 2 + 1 UNION SELECT OLD.id * 2 + 1"),
        (passage, "DELETE", "SELECT OLD.id * 2 + 1"),
    ]
    return [row for row in rows if row[0] in tables]


def _note(entries: str) -> str:
    return (
        "INSERT INTO initiatives_change (token, entry)"
        f" SELECT token, entry FROM initiatives_version, ({entries}) AS changed"
    )


def changed_entries(table: str, event: str) -> str:
    """A query of the entries that a row of a table belongs to, before the change and after: its column is `entry`."""
    name, sides = table.removeprefix("initiatives_"), SIDES[event]
    if name == "initiative":
        own = " UNION ".join(f"SELECT {side}.id AS entry" for side in sides)
        # A measure is found by its initiative's title too.
        return f"{own} UNION SELECT id FROM {table} WHERE parent_id IN ({', '.join(f'{side}.id' for side in sides)})"
    if name in BY_ENTRY:
        return " UNION ".join(f"SELECT {side}.initiative_id AS entry" for side in sides)
    if name in BY_NOTHING:
        return "SELECT NULL AS entry"
    return f"SELECT {MORE} AS entry"


def _postgresql_triggers(tables: list[str]) -> list[str]:
    # Each statement is noted, as if it changed no entry; then, row by row, those that it did change.
    entry = f"SELECT CASE TG_OP WHEN 'TRUNCATE' THEN {MORE} ELSE nullif(TG_ARGV[0], '')::bigint END AS entry"
    statements = [_function("initiatives_moves", "; ".join((MOVE["postgresql"], _note(entry), PRUNE)))]
    for table in tables:
        name = f"{table}_moves"
        more = MORE if changed_entries(table, "INSERT").startswith(f"SELECT {MORE}") else ""
        statements += [
            f"DROP TRIGGER IF EXISTS {name} ON {table}",
            # Before, not after: every writer then locks the version first and its rows next, and no two deadlock.
            f"CREATE TRIGGER {name} BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION initiatives_moves('{more}')",
        ]
    for table in (f"initiatives_{name}" for name in ("initiative", *BY_ENTRY) if f"initiatives_{name}" in tables):
        for event in SIDES:
            name = f"{table}_{event.lower()}_noted"
            statements += [
                _function(name, _note(changed_entries(table, event))),
                f"DROP TRIGGER IF EXISTS {name} ON {table}",
                f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
            ]
    for table, event, rows in _stale_rows(tables):
        name = f"{table}_{event.split()[0].lower()}_stale"
        statements += [
            _function(name, INSERT_STALE["postgresql"].format(rows=rows)),
            f"DROP TRIGGER IF EXISTS {name} ON {table}",
            f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]
    return statements


def _function(name: str, statement: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {statement}; RETURN NULL; END $$"
    )
