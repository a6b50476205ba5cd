"""What there is to take away, where, and how: the page of the data and that of the API."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from initiatives import api, content, dcat, exports, facets, linked_data, versions
from initiatives.selection import Selection
from initiatives.versions import public_page

CURL = """\
curl --fail --silent --show-error --output os-ix.csv '{csv}?objective=os-ix'
curl --fail --silent --show-error '{api}?category=cura-conciliazione&page_size=10'
"""
PANDAS = """\
import pandas

entries = pandas.read_csv("{csv}?objective=os-ix")
print(len(entries), "{entries}")

links = pandas.read_csv("{classifications}")
print(links.groupby(["{value}", "{basis}"]).size())
"""
R = """\
entries <- read.csv("{csv}?objective=os-ix", fileEncoding = "UTF-8-BOM", check.names = FALSE)
table(entries[["{category}"]])
"""


@dataclass(frozen=True)
class Operation:
    """One address of the API, as its description has it."""

    path: str
    says: str
    parameters: list[dict[str, Any]]

    @property
    def is_whole(self) -> bool:
        return "{" not in self.path


@public_page
def data(request: HttpRequest, version: int) -> HttpResponse:
    found = facets.at(version).find(Selection())
    hashed = found.total <= content.MOST_HASHED
    context = {
        "found": found,
        "columns": exports.columns(),
        "examples": _examples(),
        "licence": linked_data.licence(),
        "content": content.of_catalogue(version) if hashed else versions.name(version),
        "address": settings.PUBLIC_URL + reverse("data"),
        "whole": dcat.DATASET_TITLE,
        "hashed": hashed,
        "changed": versions.changed(version),
    }
    return render(request, "data/page.html", context)


def _examples() -> dict[str, str]:
    site = settings.PUBLIC_URL
    words = {
        "csv": site + reverse("csv"),
        "classifications": site + reverse("classifications"),
        "api": site + reverse("api:initiatives"),
        "entries": _("voci"),
        "value": _("Valore"),
        "basis": _("Base"),
        "category": _("Categoria d’intervento"),
    }
    return {"curl": CURL.format(**words), "pandas": PANDAS.format(**words), "r": R.format(**words)}


@public_page
def api_page(request: HttpRequest, version: int) -> HttpResponse:
    described = api.described()
    context = {"api": described, "operations": list(_operations(described)), "site": settings.PUBLIC_URL}
    return render(request, "data/api.html", context)


def _operations(described: dict[str, Any]) -> Iterator[Operation]:
    for path, methods in described["paths"].items():
        operation = methods["get"]
        parameters = [
            {"name": p["name"], "description": p.get("description", ""), "values": _values(p["schema"])}
            for p in operation.get("parameters", ())
        ]
        yield Operation(path, operation["description"], parameters)


def _values(schema: dict[str, Any]) -> list[Any]:
    return schema.get("enum") or schema.get("items", {}).get("enum", [])
