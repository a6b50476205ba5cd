"""The API's description, OpenAPI: its parameters are those of the query's FilterSet."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.conf import settings
from django.urls import reverse
from django_filters import FilterSet
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from catalogue.api.serializers import ProblemSerializer
from catalogue.query import (
    MOST_ENTRIES,
    Axes,
    EntryFilter,
    FacetFilter,
    OneOf,
    PageFilter,
    PagesFilter,
    SelectionFilter,
    TextFilter,
    value_labels,
)
from catalogue.rights import publisher
from initiatives.facets import DEFAULTS, FACETS
from initiatives.models import vocabularies
from initiatives.search.words import spans

# A letter or digit at least, Latin and its neighbours: what `query.SearchField` takes of plain text.
_latin = " ".join(map(chr, range(0x250)))
LETTERS = "".join(dict.fromkeys("".join(_latin[start:stop] for start, stop, _ in spans(_latin))))
SEARCHABLE = rf"^([^{LETTERS}\u0000]*[{LETTERS}][^\u0000]*)?$"
PROBLEMS = {
    400: "Something in the query string is not understood; `detail` names it.",
    404: "There is no such entry, page or matrix.",
    410: "The entry was withdrawn; `detail` is the last title that was published.",
    503: "The catalogue is changing, or its database is gone: ask again in some seconds.",
}
_header = partial(OpenApiParameter, type=str, location=OpenApiParameter.HEADER, response=[200])
ALWAYS = [
    _header("ETag", description="Send it back as If-None-Match: 304, if unchanged."),
    _header("Cache-Control", description="Keep it, but ask again; an hour old where nobody answers."),
]


def parameters(filters: type[FilterSet], names: Iterable[str]) -> list[OpenApiParameter]:
    defaults = DEFAULTS | {"rows": Axes.rows, "columns": Axes.columns}
    return [_parameter(name, filters.base_filters[name], defaults.get(name)) for name in names]


def _parameter(name: str, parameter: Any, default: Any) -> OpenApiParameter:
    if isinstance(parameter, FacetFilter):
        meaning = f"Entries under any of these values of the facet {name}."
        return OpenApiParameter(name, str, many=True, explode=True, description=meaning)
    if isinstance(parameter, EntryFilter):
        meaning = parameter.extra["help_text"]
        slugs = {"type": "array", "items": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"}, "maxItems": MOST_ENTRIES}
        return OpenApiParameter(name, slugs, explode=True, description=meaning)
    limits, kind = parameter.extra, "integer" if isinstance(default, int) else "string"
    if isinstance(parameter, OneOf):
        choices = limits["choices"]() if callable(limits["choices"]) else limits["choices"]
        schema = {"type": kind, "enum": sorted(value for value, _ in choices)}
        if default != "":  # the order depends on whether there is a text
            schema["default"] = default
    elif isinstance(parameter, PageFilter):
        schema = {"type": kind, "minimum": limits["min_value"], "maximum": limits["max_value"], "default": default}
    else:
        schema = {"type": kind, "maxLength": limits["max_length"], "pattern": SEARCHABLE}
    return OpenApiParameter(name, schema, description=limits["help_text"])


SELECTION = parameters(SelectionFilter, [*FACETS, "basis", "q", "i"])
SEARCH = parameters(TextFilter, ["q"])
PAGING = parameters(SelectionFilter, ["order", "page", "page_size"])
PAGES = parameters(PagesFilter, ["page"])
AXES = parameters(SelectionFilter, ["rows", "columns"])


def problems(meanings: Mapping[int, str]) -> dict[Any, OpenApiResponse]:
    kind = "application/problem+json"
    return {(status, kind): OpenApiResponse(ProblemSerializer, meaning) for status, meaning in meanings.items()}


def openapi() -> dict[str, Any]:
    """The API in OpenAPI, with the values that each facet takes today: made anew for each version of the catalogue."""
    from drf_spectacular.generators import SchemaGenerator  # a sixth of what a worker would import, for this answer

    schema = SchemaGenerator(urlconf="catalogue.api.urls").get_schema(public=True)
    schema["servers"] = [{"url": settings.PUBLIC_URL}]
    schema["info"]["contact"] = {"name": str(publisher()), "url": settings.PUBLIC_URL + reverse("about")}
    if settings.CONTACT_EMAIL:
        schema["info"]["contact"]["email"] = settings.CONTACT_EMAIL
    terms = vocabularies()
    known = {facet: list(value_labels(facet, terms)) for facet in FACETS}
    for methods in schema["paths"].values():
        for parameter in methods["get"].get("parameters", ()):
            if parameter["in"] == "query":
                parameter["allowEmptyValue"] = True  # forms send them; they stand for the default
            if parameter["name"] in known:
                parameter["schema"]["items"]["enum"] = known[parameter["name"]]
    return _with_formats(schema)


def _with_formats(node: Any) -> Any:
    """Every number says how large it may be, as the Italian interoperability guidelines ask."""
    if isinstance(node, dict):
        sized = {"format": "int32"} if node.get("type") == "integer" else {}
        return sized | {name: _with_formats(value) for name, value in node.items()}
    return [_with_formats(value) for value in node] if isinstance(node, list) else node
