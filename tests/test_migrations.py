"""A database as the release before made it keeps its data: links call their term `term`, and may have reasons."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import manage, own_database

BEFORE = "0004_draft_titles"
DUMP = ["dumpdata", "--natural-foreign", "--natural-primary", "initiatives", "taxonomy"]


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, Any]:
    return {"DATA_DIR": str(tmp_path / "var"), **own_database("catalogue_migrated")}


def run(variables: dict[str, Any], *arguments: str) -> str:
    done = manage(*arguments, **variables)
    assert done.returncode == 0, done.stderr
    return done.stdout


def asked(variables: dict[str, Any], sql: str) -> Any:
    code = f"from django.db import connection as c; k = c.cursor(); k.execute({sql!r}); print(list(k.fetchall()))"
    return run(variables, "shell", "-v0", "-c", code).strip()


def test_links_keep_their_terms_and_bases_there_and_back(variables: dict[str, Any]) -> None:
    run(variables, "migrate", "-v0")
    run(variables, "loaddata", "-v0", "taxonomy", "source", "initiatives", "links")
    now, version = json.loads(run(variables, *DUMP)), asked(variables, "SELECT count(*) FROM initiatives_version")
    assert sum(row["model"].endswith("link") for row in now) == 92
    run(variables, "migrate", "-v0", "initiatives", BEFORE)
    by_objective = "SELECT t.slug, count(*) FROM initiatives_objectivelink l JOIN taxonomy_specificobjective t"
    assert asked(variables, f"{by_objective} ON t.id = l.objective_id GROUP BY 1 ORDER BY 1") == (
        "[('os-i', 10), ('os-ix', 13)]"
    )
    run(variables, "migrate", "-v0")
    assert json.loads(run(variables, *DUMP)) == now
    assert asked(variables, f"{by_objective} ON t.id = l.term_id GROUP BY 1 ORDER BY 1") == (
        "[('os-i', 10), ('os-ix', 13)]"
    )
    assert version == asked(variables, "SELECT count(*) FROM initiatives_version") == "[(1,)]"
    assert asked(variables, "SELECT count(*) FROM initiatives_stale") == "[(0,)]"
    run(variables, "check")
