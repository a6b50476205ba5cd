"""The API, version 1: what the pages show, as JSON. Its description, OpenAPI, is made of what stands here."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial, wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import Error
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

from initiatives import facets, presenters, versions
from initiatives import matrix as matrices
from initiatives.facets import Catalogue
from initiatives.filters import BASIS_CHOICES, ORDER_CHOICES, PAGE_SIZES, Ignored
from initiatives.models import Basis, Initiative, Level, Passage, Scope, vocabularies
from initiatives.problems import busy, not_understood, problem, strictly
from initiatives.selection import FACETS, NONE, Selection
from initiatives.serializers import (
    EntrySerializer,
    FoundSerializer,
    MatrixSerializer,
    PassagesSerializer,
    ProblemSerializer,
    TermsSerializer,
)
from initiatives.versions import public_page
from initiatives.views import cards

# A letter or digit at least, and twenty words at most: what `filters.SearchField` takes of plain text.
SEARCHABLE = r"^([^0-9A-Za-z\u0000]*([0-9A-Za-z]+[^0-9A-Za-z\u0000]*){1,20})?$"
SELECTION = [
    *(
        OpenApiParameter(
            facet, str, many=True, explode=True, description=f"Entries under any of these values of the facet {facet}."
        )
        for facet in FACETS
    ),
    OpenApiParameter(
        "basis", enum=list(dict(BASIS_CHOICES)), default="all", description="Whose links filter and count."
    ),
    OpenApiParameter(
        "q", {"type": "string", "maxLength": 500, "pattern": SEARCHABLE}, description="Words, or “a phrase”, to find."
    ),
]
PAGING = [
    OpenApiParameter("order", enum=list(dict(ORDER_CHOICES)), default="position", description="Relevance needs words."),
    OpenApiParameter(
        "page", {"type": "integer", "minimum": 1, "maximum": 10**9, "default": 1}, description="Page of the entries."
    ),
    OpenApiParameter(
        "page_size", {"type": "integer", "enum": [*PAGE_SIZES], "default": 25}, description="Entries on a page."
    ),
]
AXES = [
    OpenApiParameter("rows", enum=FACETS, default="category", description="The facet of the rows."),
    OpenApiParameter("columns", enum=FACETS, default="objective", description="Another facet than the rows'."),
]
PROBLEMS = {
    400: "Something in the query string is not understood; `detail` names it.",
    404: "There is no such entry, page or matrix.",
    503: "The catalogue is changing, or its database is gone: ask again in some seconds.",
}
_header = partial(OpenApiParameter, type=str, location=OpenApiParameter.HEADER, response=[200])
ALWAYS = [
    _header("ETag", description="Send it back as If-None-Match: 304, if unchanged."),
    _header("Cache-Control", description="Always no-cache: keep, but ask again."),
]


def resource(
    name: str, answer: type[serializers.Serializer], parameters: Iterable[OpenApiParameter] = ()
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """An address of the API: read only, of one version, described by its docstring."""

    def made(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        problems = {
            (status, "application/problem+json"): OpenApiResponse(ProblemSerializer, says)
            for status, says in PROBLEMS.items()
        }

        @wraps(view)
        def strict(request: Request, *args: Any, **address: str) -> HttpResponseBase:
            given = [] if parameters else [(n, v) for n, values in request.query_params.lists() for v in values if v]
            ignored = [Ignored(name, value, _("il parametro non esiste")) for name, value in given]
            return not_understood(ignored) if ignored else view(request, *args, **address)

        described = extend_schema(
            operation_id=name, parameters=[*parameters, *ALWAYS], responses={200: answer, **problems}
        )
        return public_page(described(api_view(["GET", "HEAD"])(strict)), busy=busy)

    return made


@resource("initiatives", FoundSerializer, [*SELECTION, *PAGING])
@strictly
def initiatives(request: Request, catalogue: Catalogue, selection: Selection, version: int) -> HttpResponse:
    """The entries of a selection, a page at a time, with the counts of every facet."""
    found = catalogue.find(selection)
    if found.page != selection.page:
        raise Http404(_("L’ultima pagina è la %(n)s.") % {"n": found.pages})
    shown = cards(found, catalogue.terms)
    prefetch_related_objects(shown, "passages")
    body = {
        "count": found.total,
        "next": _address(selection.at_page(found.page + 1)) if found.page < found.pages else None,
        "previous": _address(selection.at_page(found.page - 1)) if found.page > 1 else None,
        "facets": {f.name: f.values for f in presenters.present_facets(selection, found, catalogue.terms)},
        "results": shown,
    }
    return Response(FoundSerializer(body).data)


def _address(selection: Selection) -> str:
    return settings.PUBLIC_URL + reverse("api:initiatives") + selection.query


@resource("initiative", EntrySerializer)
def initiative(request: Request, version: int, slug: str) -> HttpResponse:
    """One entry."""
    entry = get_object_or_404(Initiative.objects.published().for_page(), slug=slug)
    catalogue = facets.at(version)
    return Response(EntrySerializer(entry.with_links(catalogue.links_of(entry.pk), catalogue.terms)).data)


def terms(name: str, dimension: str) -> Callable[..., HttpResponseBase]:
    @resource(name, TermsSerializer)
    def view(request: Request, version: int) -> HttpResponse:
        """The values of one classification, with the document's wording and the editors' caveats."""
        catalogue = facets.at(version)
        counts = catalogue.find(Selection()).counts[dimension]
        by_source = catalogue.find(Selection(basis=Basis.SOURCE.value)).counts[dimension]
        results = [
            {"term": term, "count": counts.get(slug, 0), "count_by_source": by_source.get(slug, 0)}
            for slug, term in catalogue.terms[dimension].items()
        ]
        return Response(TermsSerializer({"count": len(results), "results": results}).data)

    return view


@resource("passages", PassagesSerializer)
def passages(request: Request, version: int) -> HttpResponse:
    """The whole document, passage by passage, each with the entries and terms that come from it."""
    found = Passage.objects.with_ties()
    return Response(PassagesSerializer({"count": len(found), "results": found}).data)


@resource("matrix", MatrixSerializer, [*AXES, *SELECTION])
def matrix(request: Request, version: int) -> HttpResponse:
    """Two facets crossed under a selection."""
    catalogue = facets.at(version)
    if request.query_params.get("rows") == request.query_params.get("columns") in FACETS:
        raise Http404(_("Una classificazione non si incrocia con sé stessa."))
    axes, selection, ignored = matrices.read(request.query_params, catalogue.terms)
    if ignored:
        return not_understood(ignored)
    crossed = matrices.cross(catalogue, selection, axes, catalogue.terms)
    body = {
        "count": crossed.found.total,
        "rows": [row.total for row in crossed.rows],
        "columns": crossed.columns,
        "cells": [[cell.count for cell in row.cells] for row in crossed.rows],
    }
    return Response(MatrixSerializer(body).data)


@extend_schema(
    operation_id="status",
    responses={
        (status, "application/problem+json"): OpenApiResponse(ProblemSerializer, says)
        for status, says in ((200, "All is well."), (503, PROBLEMS[503]))
    },
)
@api_view(["GET", "HEAD"])
def status(request: Request) -> HttpResponse:
    """Whether the catalogue answers, in the form that the Italian interoperability guidelines ask for."""
    try:
        versions.current()
    except Error:
        return busy(request)
    return problem(200, "OK", headers={"Cache-Control": "no-store"})


def nothing(request: HttpRequest) -> HttpResponse:
    here = {"path": request.path, "schema": reverse("api:schema")}
    return problem(404, "Not Found", _("%(path)s non c’è: gli indirizzi sono in %(schema)s.") % here)


@partial(public_page, busy=busy)
def schema(request: HttpRequest, version: int) -> HttpResponse:
    return JsonResponse(described(), json_dumps_params={"ensure_ascii": False})


def described() -> dict[str, Any]:
    """The API in OpenAPI, with the values that each facet takes today: made anew for each version of the catalogue."""
    made = SchemaGenerator(urlconf="initiatives.api_urls").get_schema(public=True)
    made["servers"] = [{"url": settings.PUBLIC_URL}]
    made["info"]["contact"] = {
        "name": settings.PUBLISHER_NAME or "Redazione del catalogo",
        "url": settings.PUBLIC_URL + reverse("about"),
    }
    if settings.CONTACT_EMAIL:
        made["info"]["contact"]["email"] = settings.CONTACT_EMAIL
    known = {dimension: [*found, NONE] for dimension, found in vocabularies().items()}
    known |= {"scope": Scope.values, "level": Level.values}
    for methods in made["paths"].values():
        for parameter in methods["get"].get("parameters", ()):
            if parameter["in"] == "query":
                parameter["allowEmptyValue"] = True  # forms send them; they stand for the default
            if parameter["name"] in known:
                parameter["schema"]["items"]["enum"] = known[parameter["name"]]
    return _with_formats(made)


def _with_formats(node: Any) -> Any:
    """Every number says how large it may be, as the Italian interoperability guidelines ask."""
    if isinstance(node, dict):
        sized = {"format": "int32"} if node.get("type") == "integer" else {}
        return sized | {name: _with_formats(value) for name, value in node.items()}
    return [_with_formats(value) for value in node] if isinstance(node, list) else node


def as_problem(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """REST framework's errors in the one form that this API has; what it does not know is not its own."""
    if isinstance(error, SuspiciousOperation):  # a query string that Django refuses to read
        return problem(400, _("Una parte dell’indirizzo non si capisce"), str(error))
    known = exception_handler(error, context)
    return known and problem(known.status_code, known.status_text, str(error))
