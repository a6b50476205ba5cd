"""The API's description is valid, and the served API does what it says."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from catalogue.query import SelectionFilter
from initiatives.models import ChangeKind
from tests.sites import RunningSite, ask, clean_environment

pytest.importorskip("schemathesis")
PROBLEM = "application/problem+json"
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
    known = described["paths"]["/initiatives/"]["get"]["parameters"]
    assert next(p for p in known if p["name"] == "objective")["schema"]["items"]["enum"] == ["os-i", "os-ix", "none"]
    assert {p["name"] for p in known} == set(SelectionFilter.base_filters) - ONLY_ON_PAGES


def test_values_are_explained_in_english_as_all_the_rest_is(described: Any) -> None:
    kinds = described["components"]["schemas"]
    assert "`editorial` - added by the editors" in kinds["Link"]["properties"]["basis"]["description"]
    assert "aggiunta dalla redazione" not in json.dumps(kinds)


def test_numbers_have_formats_and_paths_are_kebab_case(described: Any) -> None:
    said = json.dumps(described)
    assert said.count('"type": "integer"') == said.count('"format": "int32"') > 10
    assert all(re.fullmatch(r"(/[a-z0-9-]+|/\{slug\})*/?", path) for path in described["paths"])


def test_description_says_what_the_italian_guidelines_ask(described: Any) -> None:
    """Those of italia/api-oas-checker-rules that are errors, and what redocly recommends."""
    info = described["info"]
    assert info["x-summary"]
    assert info["x-api-id"]
    assert info["termsOfService"].endswith("/dati/#licenza")
    assert info["license"] == {
        "name": "Not stated, therefore unknown",
        "url": "https://w3id.org/italia/controlled-vocabulary/licences/C1_Unknown",
    }
    assert described["security"] == []
    (server,) = described["servers"]
    assert server["url"].endswith("/api/v1")
    assert server["description"]
    assert server["x-sandbox"] is not server["url"].startswith("https:")
    tags = {tag["name"] for tag in described["tags"] if tag["description"]}
    status = described["paths"]["/status"]["get"]["responses"]
    for path, methods in described["paths"].items():
        (operation,) = methods.values()
        assert operation["summary"], path
        assert set(operation["tags"]) <= tags, path
        assert "Retry-After" in operation["responses"]["503"]["headers"], path
        for code, answer in operation["responses"].items():
            if code in ("301", "304"):
                continue  # they have no words
            kinds = {"application/json"} if code == "200" and answer is not status["200"] else {PROBLEM}
            assert set(answer["content"]) == kinds, (path, code)


def test_answers_that_may_be_asked_again_say_how(site: RunningSite, described: Any) -> None:
    time.sleep(1.1)  # in its own second a version has no date yet
    for path, methods in described["paths"].items():
        responses = methods["get"]["responses"]
        assert ("301" in responses) == ("Location" in responses.get("301", {}).get("headers", ())) == ("{" in path)
        assert ("304" in responses) == ("ETag" in responses["200"].get("headers", ())) == (path != "/status"), path
        if "{" in path or "304" not in responses:
            continue
        _, headers, _ = ask(site, f"/api/v1{path}")
        assert {"etag", "last-modified"} <= {name.lower() for name in responses["200"]["headers"]} & set(headers), path
        for name, condition in {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}.items():
            status, again, body = ask(site, f"/api/v1{path}", **{condition: headers[name]})
            assert (status, body) == (304, b""), (path, condition)
            assert {name.lower() for name in responses["304"]["headers"]} >= {"etag", "cache-control"} & set(again)


def test_every_answer_has_an_example_that_is_one(described: Any) -> None:
    from openapi_schema_validator import OAS30ReadValidator

    examples = 0
    for path, methods in described["paths"].items():
        for kind, answer in methods["get"]["responses"]["200"]["content"].items():
            if kind != PROBLEM:
                examples += 1
                validator = OAS30ReadValidator({**answer["schema"], "components": described["components"]})
                assert [error.message for error in validator.iter_errors(answer["example"])] == [], path
    assert examples == 9


def test_every_kind_of_change_says_what_was_there_before_and_after(described: Any) -> None:
    schemas = described["components"]["schemas"]
    change = schemas["Change"]
    assert change["discriminator"]["propertyName"] == "kind"
    kinds = change["discriminator"]["mapping"]
    assert set(kinds) == set(ChangeKind)
    for kind, reference in kinds.items():
        told = schemas[reference.rpartition("/")[2]]
        assert kind in told["properties"]["kind"]["enum"]
        for name in ("before", "after"):
            assert name in told["required"]
            said = told["properties"][name]
            typed, *null = said.get("oneOf", [said])
            assert null in ([], [{"enum": [None]}])
            assert schemas[typed["$ref"].rpartition("/")[2]]["properties"], kind


def test_api_does_what_it_says(site: RunningSite, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{site.url}/api/v1/openapi.json"]
    options = ["--checks", "all", "--max-examples", "100", "--seed", "27", "--continue-on-failure", "--no-color"]
    environment = clean_environment(**site.variables)
    ran = subprocess.run(
        [*command, *options], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=240, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "10 selected / 10 total" in ran.stdout
