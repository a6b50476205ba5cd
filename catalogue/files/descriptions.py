"""The files as programs have them described: a data package for the CSV (Frictionless), a schema for the JSON."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from catalogue.answers import public_page
from catalogue.files.rows import Field, classification_columns, columns
from catalogue.files.writers import SEPARATOR
from catalogue.formats import CLASSIFICATIONS, CSV, Format
from catalogue.linked_data.datasets import DATASET_ABOUT, DATASET_TITLE
from catalogue.linked_data.rdf import own
from catalogue.linked_data.signposting import DATA_PACKAGE, JSON_SCHEMA, of_description, point
from catalogue.query import not_understood, unknown
from catalogue.rights import signature
from initiatives import content
from initiatives.facets import Selection, index_at
from initiatives.models import Source
from initiatives.versions import Snapshot

# What the values of a column are, in the words of each.
TABLE_TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "several": {"type": "string", "separator": SEPARATOR},
    "date": {"type": "date"},
    "address": {"type": "string", "format": "uri"},
}
JSON_TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "several": {"type": "array", "items": {"type": "string"}},
    "date": {"type": "string", "format": "date"},
    "address": {"type": "string", "format": "uri"},
}


@public_page
def data_package(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    """https://specs.frictionlessdata.io: its paths are those of the files beside it, on the site or on a disk."""
    if ignored := unknown(request.GET):
        return not_understood(ignored)
    signed, version = signature(), snapshot.version
    total = index_at(snapshot).find(Selection()).total
    sources = [{"title": each.title, "path": _whole(each.get_absolute_url())} for each in Source.objects.all()]
    package: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": "iniziative-innovazione-sociale",
        "id": own()["dataset"],
        "title": str(DATASET_TITLE),
        "description": str(DATASET_ABOUT),
        "homepage": _whole(reverse("data")),
        "version": content.of_whole(version, total),
        "sources": sources,
        "resources": [_entries(), _classifications()],
    }
    if signed.licence:
        package["licenses"] = [{"path": signed.licence, "title": signed.licence_name}]
    if signed.publisher:
        publisher = {"title": signed.publisher, "role": "publisher"}
        package["contributors"] = [publisher | ({"path": signed.address} if signed.address else {})]
    return _described(package, DATA_PACKAGE)


def _entries() -> dict[str, Any]:
    fields = columns()
    names = {field.name: field.label for field in fields}
    schema = {
        "fields": [_table_field(field) for field in fields],
        "primaryKey": [names["id"]],
        "foreignKeys": [{"fields": [names["measure_of"]], "reference": {"resource": "", "fields": [names["id"]]}}],
    }
    return _resource(CSV, schema)


def _classifications() -> dict[str, Any]:
    fields = classification_columns()
    names = {field.name: field.label for field in fields}
    schema = {
        "fields": [_table_field(field) for field in fields],
        # An empty identifier says of an entry that it has no value there: it is part of the key as any other.
        "missingValues": [],
        "primaryKey": [names[name] for name in ("id", "classification", "value_id")],
        "foreignKeys": [
            {"fields": [names["id"]], "reference": {"resource": _file_of(CSV)[0], "fields": [columns()[0].label]}}
        ],
    }
    return _resource(CLASSIFICATIONS, schema)


def _resource(form: Format, schema: dict[str, Any]) -> dict[str, Any]:
    name, path = _file_of(form)
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": path,
        "title": str(form.title),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\r\n", "header": True},
        "schema": schema,
    }


def _file_of(form: Format) -> tuple[str, str]:
    """What the table is called, and its file."""
    file = reverse(form.name).rpartition("/")[2]
    return file.partition(".")[0], file


def _table_field(field: Field) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if field.is_required else {}
    if field.is_key:
        constraints["unique"] = True
    if field.choices:
        constraints["enum"] = list(field.choices)
    described = {"name": field.label, **TABLE_TYPES[field.kind], "description": field.meaning}
    return described | ({"constraints": constraints} if constraints else {})


@public_page
def json_schema(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    if ignored := unknown(request.GET):
        return not_understood(ignored)
    fields = columns()
    text, date, address = (JSON_TYPES[kind] for kind in ("text", "date", "address"))
    about = {"selection": text, "count": {"type": "integer", "minimum": 0}, "address": address, "version": text}
    about |= {"changed": date, "licence": text, "classification": text}
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": _whole(reverse("json-schema")),
        "title": str(DATASET_TITLE),
        "description": _("Le schede di una selezione in JSON, con ciò che il file dice di sé."),
        "type": "object",
        "properties": about
        | {
            "results": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {field.name: _json_field(field) for field in fields},
                    "required": [field.name for field in fields],
                },
            }
        },
        "patternProperties": {"^caveat_": text | {"description": _("Avvertenza del documento")}},
        "required": [*about, "results"],
    }
    return _described(schema, JSON_SCHEMA)


def _json_field(field: Field) -> dict[str, Any]:
    least = {"minLength": 1} if field.is_required and field.kind == "text" else {}
    choices = {"enum": list(field.choices)} if field.choices else {}
    return {**JSON_TYPES[field.kind], "title": field.label, "description": field.meaning, **least, **choices}


def _described(description: dict[str, Any], content_type: str) -> HttpResponse:
    response = JsonResponse(
        description, content_type=content_type, json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    point(response, of_description())
    return response


def _whole(address: str) -> str:
    return settings.PUBLIC_URL + address
