"""What the description of the API is made of: its parameters are those of the query's FilterSet."""

from collections.abc import Iterable
from functools import partial
from typing import Any

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
)
from initiatives.facets import DEFAULTS, FACETS

UNCHANGED = OpenApiResponse(description="What you have is what there is.")
MOVED = OpenApiResponse(description="The entry has another address now, or its address is written otherwise.")
PROBLEMS = {
    200: "All is well.",
    400: "Something in the query string is not understood; `detail` names it.",
    404: "There is no such entry, page or matrix, or nothing to search for in `q`.",
    410: "The entry was withdrawn; `detail` is the last title that was published.",
    503: "The catalogue is changing, or its database is gone: ask again in some seconds.",
}
_header = partial(OpenApiParameter, type=str, location=OpenApiParameter.HEADER, response=[200, 304])
LOCATION = OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[301], description="Where it is.")
RETRY = _header("Retry-After", type=int, response=[503], description="In how many seconds.")
ALWAYS = [
    _header("ETag", description="Send it back as If-None-Match: 304, if unchanged."),
    _header(
        "Last-Modified",
        description="Since when it is known to be so. Send it back as If-Modified-Since, if you keep no ETag: 304.",
    ),
    _header("Cache-Control", description="`max-age=0`: keep it, but ask again; an hour old where nobody answers."),
    RETRY,
    LOCATION,
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
        schema = {"type": kind, "maxLength": limits["max_length"], "pattern": r"^[^\u0000]*$"}
    return OpenApiParameter(name, schema, description=limits["help_text"])


SELECTION = parameters(SelectionFilter, [*FACETS, "basis", "q", "i"])
SEARCH = parameters(TextFilter, ["q"])
PAGING = parameters(SelectionFilter, ["order", "page", "page_size"])
PAGES = parameters(PagesFilter, ["page"])
AXES = parameters(SelectionFilter, ["rows", "columns"])
ENTRY = OpenApiParameter(
    "slug",
    {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"},
    OpenApiParameter.PATH,
    description="The entry's `id`, or the last part of an address that it has or had.",
)


def problems(*statuses: int) -> dict[Any, OpenApiResponse]:
    kind = "application/problem+json"
    return {(status, kind): OpenApiResponse(ProblemSerializer, PROBLEMS[status]) for status in statuses}
