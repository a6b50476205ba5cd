"""The API's description is valid, and the served API does what it says."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from catalogue.query import SelectionFilter
from tests.sites import RunningSite, clean_environment

pytest.importorskip("schemathesis")
ONLY_ON_PAGES = {"pick", "rows", "columns", "view"}  # of a list: the API takes and drops them


@pytest.fixture(scope="module")
def described(site: RunningSite) -> Any:
    with urlopen(f"{site.url}/api/v1/openapi.json", timeout=10) as response:
        return json.load(response)


def test_description_is_valid(described: Any) -> None:
    from openapi_spec_validator import OpenAPIV30SpecValidator

    assert list(OpenAPIV30SpecValidator(described).iter_errors()) == []
    assert described["info"]["contact"]["url"].endswith("/informazioni/")


def test_description_names_the_values_there_are(described: Any) -> None:
    known = described["paths"]["/api/v1/initiatives/"]["get"]["parameters"]
    assert next(p for p in known if p["name"] == "objective")["schema"]["items"]["enum"] == ["os-i", "os-ix", "none"]
    assert {p["name"] for p in known} == set(SelectionFilter.base_filters) - ONLY_ON_PAGES


def test_numbers_have_formats_and_paths_are_kebab_case(described: Any) -> None:
    said = json.dumps(described)
    assert said.count('"type": "integer"') == said.count('"format": "int32"') > 10
    assert all(re.fullmatch(r"(/[a-z0-9-]+|/\{slug\})+/?", path) for path in described["paths"])


def test_api_does_what_it_says(site: RunningSite, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{site.url}/api/v1/openapi.json"]
    options = ["--checks", "all", "--max-examples", "100", "--seed", "27", "--continue-on-failure", "--no-color"]
    environment = clean_environment(**site.variables)
    ran = subprocess.run(
        [*command, *options], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=240, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "9 selected / 9 total" in ran.stdout
