"""What describes the files to programs is true of every file: columns, types, keys, and what the JSON holds."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from catalogue.files.writers import SEPARATOR
from initiatives.models import Initiative
from tests.helpers import fetch

pytestmark = pytest.mark.django_db
LANGUAGES = {"it": "/", "en": "/en/"}


@pytest.fixture(params=LANGUAGES)
def base(request: pytest.FixtureRequest) -> str:
    return LANGUAGES[request.param]


def package_of(client: Client, base: str) -> dict[str, Any]:
    response = client.get(f"{base}datapackage.json")
    assert response.headers["Content-Type"] == "application/vnd.datapackage+json"
    return json.loads(response.content)


def table(client: Client, base: str, resource: dict[str, Any]) -> list[dict[str, str]]:
    text = fetch(client, base + resource["path"]).decode(f"{resource['encoding']}-sig")
    dialect = resource["dialect"]
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=dialect["delimiter"], strict=True))


def disturb() -> None:
    """What editors may write and the columns must bear."""
    Initiative.objects.filter(slug="coworking").update(title='=1+1 "a", b', summary="Riga\r\nRiga; | fine\t")
    Initiative.objects.filter(slug="scale-up").update(title_en="", summary_en="")
    Initiative.objects.filter(slug="servizi-di-cura").update(status="draft")  # the parent of some


@pytest.mark.parametrize("disturbed", [False, True])
def test_package_is_true_of_its_tables(client: Client, base: str, disturbed: bool) -> None:
    if disturbed:
        disturb()
    package = package_of(client, base)
    tables = {each["name"]: table(client, base, each) for each in package["resources"]}
    for resource in package["resources"]:
        schema, rows = resource["schema"], tables[resource["name"]]
        assert rows
        for row in rows:
            assert list(row) == [field["name"] for field in schema["fields"]]
            for field in schema["fields"]:
                check_cell(field, row[field["name"]], schema.get("missingValues", [""]))
        keys = [tuple(row[name] for name in schema["primaryKey"]) for row in rows]
        assert len(set(keys)) == len(keys)
        for key in schema["foreignKeys"]:
            reference = key["reference"]
            there = {row[reference["fields"][0]] for row in tables[reference["resource"] or resource["name"]]}
            assert {row[key["fields"][0]] for row in rows} - {""} <= there


def check_cell(field: dict[str, Any], value: str, missing: list[str]) -> None:
    constraints = field.get("constraints", {})
    if value in missing:
        assert not constraints.get("required"), field
        return
    if "enum" in constraints:
        assert value in constraints["enum"], field
    if field["type"] == "date":
        date.fromisoformat(value)
    if field.get("format") == "uri":
        assert value.startswith("http://127.0.0.1:8000/")


def test_identifiers_stand_beside_the_labels(client: Client, base: str) -> None:
    """As many, in the same order, and those of the table of classifications."""
    entries, links = package_of(client, base)["resources"]
    names = [field["name"] for field in entries["schema"]["fields"]]
    identifiers = names[21:24]  # after all that there was before
    of_links: dict[tuple[str, str], list[str]] = {}
    key, classification, value_id, _value, *_ = (field["name"] for field in links["schema"]["fields"])
    for row in table(client, base, links):
        of_links.setdefault((row[key], row[classification]), []).append(row[value_id])
    for row in table(client, base, entries):
        for column in identifiers:
            label = column.rpartition(": ")[0]
            ids, labels = row[column].split(SEPARATOR), row[label].split(SEPARATOR)
            assert ids == of_links[row[key], label]
            assert len(ids) == len(labels)


def test_package_says_where_its_data_come_from(client: Client, settings: Settings) -> None:
    package = package_of(client, "/")
    assert package["id"] == "http://127.0.0.1:8000/catalogo.ttl#dataset"
    assert [source["path"] for source in package["sources"]] == ["http://127.0.0.1:8000/fonte/"]
    assert not {"licenses", "contributors"} & set(package)
    version = package["version"]
    assert f"versione del contenuto {version}," in " ".join(fetch(client, "/dati/").decode().split())
    settings.DATA_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
    settings.PUBLISHER_NAME, settings.PUBLISHER_URL = "Regione d’Esempio", "https://www.example.it/"
    package = package_of(client, "/")
    assert package["licenses"] == [{"path": settings.DATA_LICENCE, "title": "CC BY 4.0"}]
    publisher = {"title": "Regione d’Esempio", "role": "publisher", "path": "https://www.example.it/"}
    assert package["contributors"] == [publisher]
    Initiative.objects.filter(slug="coworking").update(title="Altro")
    assert package_of(client, "/")["version"] != version


@pytest.mark.parametrize("disturbed", [False, True])
def test_package_is_valid_to_frictionless(client: Client, base: str, disturbed: bool, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    if disturbed:
        disturb()
    for name in ("datapackage.json", *(each["path"] for each in package_of(client, base)["resources"])):
        (tmp_path / name).write_bytes(fetch(client, base + name))
    report = frictionless.Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "message"])
    assert len(report.tasks) == 2


TABLES = [
    "iniziative.csv?q=zzzz",
    "iniziative.csv?objective=os-ix&order=title",
    "classificazioni.csv?category=none",
    "en/classifications.csv?basis=source",
    "matrice.csv",
    "matrice.csv?rows=sector&columns=level",
    "en/matrix.csv?rows=scope&columns=category&q=zzzz",
    "copertura.csv",
    "en/coverage.csv",
]


@pytest.mark.parametrize("address", TABLES)
def test_every_table_is_one_to_frictionless(client: Client, address: str, tmp_path: Path) -> None:
    """One header, no column of its name twice, no row longer or shorter than it."""
    frictionless = pytest.importorskip("frictionless")
    disturb()
    (tmp_path / "table.csv").write_bytes(fetch(client, f"/{address}"))
    report = frictionless.Resource("table.csv", basepath=str(tmp_path), encoding="utf-8").validate()
    assert report.valid, report.flatten(["type", "message"])


def test_frictionless_would_see_a_fault(client: Client, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    for name in ("datapackage.json", "iniziative.csv", "classificazioni.csv"):
        (tmp_path / name).write_bytes(fetch(client, f"/{name}").replace(b",Misura,", b",Altro,"))
    assert not frictionless.Package(str(tmp_path / "datapackage.json")).validate().valid


def schema_of(client: Client, address: str) -> dict[str, Any]:
    response = client.get(address)
    assert response.headers["Content-Type"] == "application/schema+json"
    return json.loads(response.content)


FILES = {"/iniziative.schema.json": "/iniziative.json", "/en/initiatives.schema.json": "/en/initiatives.json"}


@pytest.mark.parametrize(("schema", "file"), FILES.items())
@pytest.mark.parametrize("query", ["", "?objective=os-ix&basis=source", "?q=zzzz", "?category=none"])
def test_schema_knows_all_that_the_file_says(client: Client, schema: str, file: str, query: str) -> None:
    described, taken = schema_of(client, schema), json.loads(fetch(client, file + query))
    assert described["$id"] == f"http://127.0.0.1:8000{schema}"
    said = [name for name in taken if not name.startswith("caveat_")]
    assert said == list(described["properties"]) == described["required"]
    row = described["properties"]["results"]["items"]
    for entry in taken["results"]:
        assert list(entry) == list(row["properties"]) == row["required"]


@pytest.mark.parametrize("disturbed", [False, True])
@pytest.mark.parametrize(("schema", "file"), FILES.items())
def test_file_is_valid_by_its_schema(client: Client, schema: str, file: str, disturbed: bool) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    if disturbed:
        disturb()
    described, taken = schema_of(client, schema), json.loads(fetch(client, file))
    jsonschema.Draft202012Validator.check_schema(described)
    checker = jsonschema.Draft202012Validator(described, format_checker=jsonschema.FormatChecker())
    assert list(checker.iter_errors(taken)) == []
    taken["results"][0]["level"] = "altro"
    taken["results"][1]["updated"] = "ieri"
    del taken["results"][2]["category_id"]
    assert len(list(checker.iter_errors(taken))) == 3


@pytest.mark.parametrize("address", ["/datapackage.json", "/iniziative.schema.json"])
def test_description_is_kept_as_pages_are_and_takes_no_parameters(client: Client, address: str) -> None:
    etag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"if-none-match": etag}).status_code == 304
    refused = client.get(f"{address}?objective=os-ix")
    assert refused.status_code == 400
    assert "objective=os-ix" in json.loads(refused.content)["detail"]
