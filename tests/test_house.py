"""Imports run one way: catalogue.urls → initiatives → taxonomy; nobody imports catalogue."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


@pytest.mark.parametrize(
    ("app", "forbidden"), [("taxonomy", {"initiatives", "catalogue"}), ("initiatives", {"catalogue"})]
)
def test_imports_run_one_way(app: str, forbidden: set[str]) -> None:
    for path in (ROOT / app).rglob("*.py"):
        assert not set(imported(path)) & forbidden, path
