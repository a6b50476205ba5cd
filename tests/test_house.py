"""The house: two halves, one way, no circles, no crowded room."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.helpers import ROOT

APPS = ("catalogue", "initiatives", "taxonomy")
MOST_MODULES = 12
Graph = dict[str, set[str]]


@cache
def modules() -> dict[str, Path]:
    """Every module of ours by its dotted name, migrations aside."""
    paths = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


def imported(path: Path) -> Iterator[str]:
    """What a file imports, in functions and for types alone too: modules of ours rather than their package."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports relatively"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            yield from names
            if not names <= set(modules()):  # something of the package itself
                yield str(node.module)


def arrows() -> Graph:
    """From each module to those of ours that it imports."""
    return {
        name: {there for there in imported(path) if there in modules()} - {name} for name, path in modules().items()
    }


def room(name: str) -> str:
    """The folder of a module."""
    return name if modules()[name].name == "__init__.py" else name.rpartition(".")[0]


def circle_of(graph: Graph) -> list[str]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def test_no_circle_of_files() -> None:
    assert circle_of(arrows()) == []


def test_no_circle_of_folders() -> None:
    """What a room takes from the files of the folder that it stands in makes none."""
    graph: Graph = {}
    for name, targets in arrows().items():
        here = room(name)
        there = {room(target) for target in targets} - {here}
        graph.setdefault(here, set()).update(other for other in there if other != here.rpartition(".")[0])
    assert circle_of(graph) == []


def test_a_circle_would_be_seen(tmp_path: Path) -> None:
    assert circle_of({"a": {"b"}, "b": {"c"}, "c": {"a"}})
    file = tmp_path / "file.py"
    file.write_text("from initiatives import facets\nfrom initiatives.facets import Found, index\n")
    assert {name for name in imported(file) if name in modules()} == {"initiatives.facets", "initiatives.facets.index"}
    assert arrows()["catalogue.answers"] >= {"initiatives.facets", "initiatives.versions"}
    assert "initiatives.search.engine" in arrows()["initiatives.apps"], "imports inside functions count"


@pytest.mark.parametrize(
    ("app", "forbidden"),
    [
        ("taxonomy", ("initiatives", "catalogue")),
        ("initiatives", ("catalogue",)),
        *(
            (app, ("django.http", "django.shortcuts", "django.template", "django.views", "django.contrib.admin"))
            for app in ("taxonomy", "initiatives")
        ),
        *((app, ("rest_framework", "drf_spectacular", "django_filters")) for app in ("taxonomy", "initiatives")),
    ],
)
def test_what_keeps_and_finds_knows_nothing_of_the_site(app: str, forbidden: tuple[str, ...]) -> None:
    for name, path in modules().items():
        if name.partition(".")[0] == app:
            assert not [there for there in imported(path) if f"{there}.".startswith(tuple(f"{f}." for f in forbidden))]


def test_no_room_is_crowded() -> None:
    rooms: dict[str, list[str]] = {}
    for name, path in modules().items():
        if path.name != "__init__.py":
            rooms.setdefault(room(name), []).append(name)
    assert {there: len(names) for there, names in rooms.items() if len(names) > MOST_MODULES} == {}


def test_tests_share_through_helpers_alone() -> None:
    """No module of tests, nor a conftest, is imported by another: what they share has modules of its own."""
    for path in (ROOT / "tests").rglob("*.py"):
        for name in imported(path):
            assert not any(part == "conftest" or part.startswith("test_") for part in name.split(".")), (path, name)


# What is written past the models' own saving, which the history hears of, and why it is none of an editor's.
PAST_SAVING = {
    "catalogue.access": "accounts",
    "catalogue.admin.review.preview": "is rolled back",
    "catalogue.serving.patience": "settings of a connection",
    "initiatives.durability": "settings of a connection",
    "initiatives.history": "what readers are told of a change, made of the change",
    "initiatives.management.commands.sample": "a made-up catalogue",
    "initiatives.models.addresses": "what follows from where entries are",
    "initiatives.search": "words, made of the texts",
    "initiatives.versions": "the version, and what triggers are made of",
}
WRITING = re.compile(r"INSERT|UPDATE|DELETE|DROP|SET|PRAGMA")


def writes(path: Path) -> Iterator[str]:
    """The calls that write past saving."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name, of = node.func.attr, ast.unparse(node.func.value)
        is_of_rows = name in ("update", "update_or_create") and of != "digest"
        is_raw = name in ("execute", "executemany") and node.args and WRITING.search(ast.unparse(node.args[0]))
        if is_of_rows or is_raw or name.startswith("bulk_"):
            yield f"{path}:{node.lineno}"


def test_nothing_is_written_past_the_history() -> None:
    found = {
        where
        for name, path in modules().items()
        if not any(name.startswith(allowed) for allowed in PAST_SAVING)
        for where in writes(path)
    }
    assert found == set()


def test_writing_past_the_history_would_be_seen(tmp_path: Path) -> None:
    file = tmp_path / "file.py"
    file.write_text(
        "Entry.objects.filter(pk=1).update(a=1)\nEntry.objects.bulk_create([])\nc.execute('DELETE FROM a')\n"
    )
    assert len(list(writes(file))) == 3
