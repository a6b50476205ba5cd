"""A database that an earlier release made keeps its data; what it could not hold is empty, nothing is unwatched."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.sites import manage, own_database

BEFORE = "0004_draft_titles"
NEWER = ("lead_ins", "passage", "note", "note_en")  # fields that it did not have, or not of links
DUMP = ["dumpdata", "--natural-foreign", "--natural-primary", "initiatives", "taxonomy"]


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, Any]:
    return {"DATA_DIR": str(tmp_path / "var"), **own_database("catalogue_migrated")}


def run(variables: dict[str, Any], *arguments: str) -> str:
    done = manage(*arguments, **variables)
    assert done.returncode == 0, done.stderr
    return done.stdout


def asked(variables: dict[str, Any], sql: str) -> str:
    """What the database itself answers, past every line of the product."""
    url, file = variables.get("DATABASE_URL"), f"{variables['DATA_DIR']}/catalogue.sqlite3"
    with closing(psycopg.connect(url) if url else sqlite3.connect(file)) as database:
        return str(database.cursor().execute(sql).fetchall())


def dumped(variables: dict[str, Any]) -> list[dict[str, Any]]:
    rows = [row for row in json.loads(run(variables, *DUMP)) if row["model"] != "initiatives.publicchange"]
    for row in rows:
        for name in NEWER:
            row["fields"].pop(name, None)
    return rows  # without what is told of changes, which is told anew


def test_links_keep_their_terms_and_bases_there_and_back(variables: dict[str, Any]) -> None:
    run(variables, "migrate", "-v0")
    run(variables, "loaddata", "-v0", "taxonomy", "source", "initiatives", "links")
    now, version = dumped(variables), asked(variables, "SELECT count(*) FROM initiatives_version")
    assert sum(row["model"].endswith("link") for row in now) == 92
    run(variables, "migrate", "-v0", "initiatives", BEFORE)
    run(variables, "migrate", "-v0", "taxonomy", "0001_initial")
    by_objective = "SELECT t.slug, count(*) FROM initiatives_objectivelink l JOIN taxonomy_specificobjective t"
    assert asked(variables, f"{by_objective} ON t.id = l.objective_id GROUP BY 1 ORDER BY 1") == (
        "[('os-i', 10), ('os-ix', 13)]"
    )
    run(variables, "migrate", "-v0")
    assert dumped(variables) == now
    assert asked(variables, f"{by_objective} ON t.id = l.term_id GROUP BY 1 ORDER BY 1") == (
        "[('os-i', 10), ('os-ix', 13)]"
    )
    marked = "SELECT count(*) FROM taxonomy_prioritysector WHERE from_introduction"
    assert asked(variables, marked) == "[(4,)]"
    assert version == asked(variables, "SELECT count(*) FROM initiatives_version") == "[(1,)]"
    assert asked(variables, "SELECT count(*) FROM initiatives_stale") == "[(0,)]"
    run(variables, "check")
    missing = "from initiatives.versions import triggers; print(triggers.missing())"
    assert run(variables, "shell", "-v0", "-c", missing).strip() == "set()"


def test_dump_of_an_earlier_release_loads(variables: dict[str, Any], tmp_path: Path) -> None:
    """It has null where nobody had given a reason."""
    run(variables, "migrate", "-v0")
    run(variables, "loaddata", "-v0", "taxonomy", "source", "initiatives", "links")
    rows = json.loads(run(variables, *DUMP))
    for row in rows:
        if row["model"].endswith("link"):
            row["fields"] |= dict.fromkeys(("passage", "note", "note_en"))
    (tmp_path / "old.json").write_text(json.dumps(rows), "utf-8")
    run(variables, "loaddata", "-v0", str(tmp_path / "old.json"))
    assert asked(variables, "SELECT count(*) FROM initiatives_sectorlink WHERE note IS NULL") == "[(40,)]"


def filled(variables: dict[str, Any], *statements: str) -> None:
    code = f"from django.db import connection as c; k = c.cursor(); [k.execute(sql) for sql in {statements!r}]"
    run(variables, "shell", "-v0", "-c", code)


def test_addresses_of_one_entry_become_one_public_entry_there_and_back(variables: dict[str, Any]) -> None:
    run(variables, "migrate", "-v0")
    run(variables, "loaddata", "-v0", "taxonomy", "source", "initiatives", "links")
    run(variables, "migrate", "-v0", "initiatives", "0009_publish_permission")
    columns = "slug, initiative_id, title, title_en, withdrawn, reason, reason_en"
    into = f"INSERT INTO initiatives_publicaddress ({columns})"
    moved = (
        "SELECT 'spazi', initiative_id, title, title_en, withdrawn, reason, reason_en FROM initiatives_publicaddress"
    )
    gone = "SELECT '{}', NULL, 'Tolta', '', '2026-11-20 10:00:00', 'Doppia.', 'Double.'"
    also = [f"{into} {gone.format(slug)}" for slug in ("tolta", "tolta-due")]
    filled(variables, f"{into} {moved} WHERE slug = 'coworking'", *also)
    before = asked(variables, f"SELECT {columns} FROM initiatives_publicaddress ORDER BY 1")
    run(variables, "migrate", "-v0")
    named = "SELECT e.uid, e.tag, e.reason_en, e.initiative_id IS NULL FROM initiatives_publicaddress a"
    named += " JOIN initiatives_publicentry e ON e.id = a.entry_id WHERE a.slug IN ('{}', '{}')"
    tag = "tag:127.0.0.1,2026-11-25:coworking"
    both = asked(variables, named.format("coworking", "spazi"))
    assert both.count(tag) == 2, both
    both = asked(variables, named.format("tolta", "tolta-due"))
    assert both.count("'tag:127.0.0.1,2026-11-20:tolta', 'Double.'") == 2, both
    run(variables, "migrate", "-v0", "initiatives", "0009_publish_permission")
    assert asked(variables, f"SELECT {columns} FROM initiatives_publicaddress ORDER BY 1") == before
    run(variables, "migrate", "-v0")
    assert asked(variables, named.format("coworking", "spazi")).count(tag) == 2
