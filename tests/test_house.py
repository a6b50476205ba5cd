"""Imports run one way: catalogue.urls → initiatives → taxonomy; nobody imports catalogue, nor a test another test."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers import ROOT


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # What is imported from a folder may be a module.
            yield from (f"{node.module or ''}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize(
    ("app", "forbidden"), [("taxonomy", {"initiatives", "catalogue"}), ("initiatives", {"catalogue"})]
)
def test_imports_run_one_way(app: str, forbidden: set[str]) -> None:
    for path in (ROOT / app).rglob("*.py"):
        assert not {name.split(".")[0] for name in imported(path)} & forbidden, path


def test_tests_share_through_helpers_alone() -> None:
    """What two test modules need stands in neither, nor in what only pytest reads."""
    for path in (ROOT / "tests").rglob("*.py"):
        for name in imported(path):
            assert not any(part == "conftest" or part.startswith("test_") for part in name.split(".")), (path, name)
