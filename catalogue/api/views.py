"""The API, version 1: what the pages show, as JSON."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue.answers import WITHOUT_DATABASE
from catalogue.api.description import AXES, ENTRY, PAGES, PAGING, RETRY, SEARCH, SELECTION, problems
from catalogue.api.framework import resource
from catalogue.api.serializers import (
    LISTS,
    ChangesSerializer,
    EntrySerializer,
    FoundSerializer,
    IndexSerializer,
    MatrixSerializer,
    PassagesSerializer,
    TermsSerializer,
)
from catalogue.changes.told import pages_of_changes
from catalogue.presenters.cards import MOST_KNOWN, Card, card_of, cards, whole
from catalogue.problems import TITLES, busy, problem
from catalogue.query import NO_SUCH_ENTRY, Asked, not_understood, read_page, read_search, strictly, unknown
from catalogue.workbench.facets import FacetValue, present_facets
from catalogue.workbench.matrix import cross
from initiatives.content import Wording
from initiatives.facets import FacetIndex, Selection, index_at
from initiatives.models import Basis, ChangeKind, PublicChange, passages_with_ties, read_at
from initiatives.versions import Snapshot, current_version


@resource("index", "What there is", "service", IndexSerializer)
def index(request: Request, snapshot: Snapshot) -> HttpResponse:
    """Where everything is: the resources, their description, the page that explains them and the data's licence."""
    lists = {name: reverse(f"api:{name}") for name in LISTS}
    places = lists | {
        "status": reverse("api:status"),
        "openapi": reverse("api:schema"),
        "documentation": reverse("api"),
    }
    addresses = {name: settings.PUBLIC_URL + place for name, place in places.items()}
    return Response(IndexSerializer({**addresses, "licence": settings.DATA_LICENCE}).data)


@resource("initiatives", "Entries of a selection", "entries", FoundSerializer, [*SELECTION, *PAGING], [404])
@strictly
def initiatives(request: Request, snapshot: Snapshot, index: FacetIndex, asked: Asked) -> HttpResponse:
    """The entries of a selection, a page at a time, with the counts of every facet."""
    selection = asked.selection
    found = index.find(selection)
    if found.page != selection.page:
        raise Http404(_("L’ultima pagina è la %(n)s.") % {"n": found.pages})
    facets = present_facets(selection, found, index.terms)
    body = {
        "count": found.total,
        "next": _address(selection.at_page(found.page + 1)) if found.page < found.pages else None,
        "previous": _address(selection.at_page(found.page - 1)) if found.page > 1 else None,
        "facets": {facet.name: [_counted(value) for value in facet.values] for facet in facets},
        "results": _represented(index, cards(index, found.ids)),
    }
    return Response(body)


def _counted(value: FacetValue) -> dict[str, Any]:
    """A FacetValueSerializer's; there are many."""
    return {"value": value.value, "label": value.label, "count": value.count, "selected": value.selected}


# Of each index what was said of its entries, by entry and language: serializing takes longer than all else.
_represented_of: WeakKeyDictionary[FacetIndex, dict[tuple[int, str | None], dict[str, Any]]] = WeakKeyDictionary()


def _represented(index: FacetIndex, shown: Sequence[Card]) -> list[dict[str, Any]]:
    """As EntrySerializer does it."""
    known, language = _represented_of.setdefault(index, {}), get_language()
    data = {card.entry.pk: known.get((card.entry.pk, language)) for card in shown}
    if new := whole(index, [card for card in shown if data[card.entry.pk] is None]):
        if len(known) > MOST_KNOWN:
            known.clear()
        for card, represented in zip(new, EntrySerializer(new, many=True).data, strict=True):
            data[card.entry.pk] = known[card.entry.pk, language] = represented
    return [represented for represented in data.values() if represented]


def _address(selection: Selection) -> str:
    return settings.PUBLIC_URL + reverse("api:initiatives") + selection.query


@resource("initiative", "One entry", "entries", EntrySerializer, [ENTRY], [404, 410])
def initiative(request: Request, snapshot: Snapshot, slug: str) -> HttpResponse:
    """One entry. Where it was before its address changed, 301; where it was withdrawn, 410."""
    index = index_at(snapshot)
    try:
        card = card_of(slug, index)
    except Http404:
        known = read_at(slug)
        if not known:
            raise Http404(NO_SUCH_ENTRY) from None
        if not known.leads_to:
            return problem(410, _("La scheda è stata ritirata"), known.heading)
        return redirect("api:initiative", slug=known.leads_to.slug, permanent=True)
    (entry,) = _represented(index, [card])
    return Response(entry)


def terms(name: str, summary: str, dimension: str) -> Callable[..., HttpResponseBase]:
    @resource(name, summary, "classifications", TermsSerializer)
    def view(request: Request, snapshot: Snapshot) -> HttpResponse:
        """The values of one classification, with the document's wording and the editors' caveats."""
        index = index_at(snapshot)
        counts = index.find(Selection()).counts[dimension]
        by_source = index.find(Selection(basis=Basis.SOURCE.value)).counts[dimension]
        results = [
            {"term": term, "count": counts.get(slug, 0), "count_by_source": by_source.get(slug, 0)}
            for slug, term in index.terms[dimension].items()
        ]
        return Response(TermsSerializer({"count": len(results), "results": results}).data)

    return view


categories = terms("categories", "Intervention categories", "category")
objectives = terms("objectives", "Specific objectives 2021-27", "objective")
sectors = terms("sectors", "Priority sectors (Annex D)", "sector")


@resource("passages", "Passages of the document", "document", PassagesSerializer, SEARCH, [404])
def passages(request: Request, snapshot: Snapshot) -> HttpResponse:
    """The document, passage by passage, or the passages that have a text; each with the entries and terms it names."""
    q, ignored = read_search(request.query_params)
    if ignored:
        return not_understood(ignored)
    found = passages_with_ties()
    if q:
        found = found.filter(pk__in=[passage.pk for passage in index_at(snapshot).passages_with(q)])
    return Response(PassagesSerializer({"count": len(found), "results": found}).data)


@resource("matrix", "Cross table", "entries", MatrixSerializer, [*AXES, *SELECTION], [404])
@partial(strictly, is_whole=True, is_crossed=True)
def matrix(request: Request, snapshot: Snapshot, index: FacetIndex, asked: Asked) -> HttpResponse:
    """Two facets crossed under a selection."""
    crossed = cross(index, asked.selection, asked.axes)
    body = {
        "count": crossed.found.total,
        "rows": [row.head for row in crossed.rows],
        "columns": crossed.columns,
        "cells": [[cell.count for cell in row.cells] for row in crossed.rows],
        "source": [[cell.by_source for cell in row.cells] for row in crossed.rows],
        "editorial": [[cell.editorial for cell in row.cells] for row in crossed.rows],
    }
    return Response(MatrixSerializer(body).data)


@resource("changes", "Changes, the latest first", "changes", ChangesSerializer, PAGES, [404])
def changes(request: Request, snapshot: Snapshot) -> HttpResponse:
    """What changed in the catalogue, the latest first, fifty on a page; not who changed it."""
    page, ignored = read_page(request.query_params)
    if ignored:
        return not_understood(ignored)
    pages = pages_of_changes()
    if page > pages.num_pages:
        raise Http404(_("L’ultima pagina è la %(n)s.") % {"n": pages.num_pages})
    at = settings.PUBLIC_URL + reverse("api:changes")
    body = {
        "count": pages.count,
        "next": f"{at}?page={page + 1}" if page < pages.num_pages else None,
        "previous": f"{at}?page={page - 1}" if page > 1 else None,
        "results": [told(change) for change in pages.page(page).object_list],
    }
    return Response(ChangesSerializer(body).data)


def told(change: PublicChange) -> dict[str, Any]:
    """A change with the reason of a withdrawal that lasts, and nothing of what may not be read."""
    fields = {name: getattr(change, name) for name in ("key", "moment", "kind", "entry", "subject")}
    fields |= {name: getattr(change, name) if change.tells else None for name in ("before", "after")}
    if change.kind == ChangeKind.CHANGED and change.tells:
        fields |= {name: Wording.of_json(fields[name]) for name in ("before", "after")}
    if change.entry and change.gives_reason:
        fields |= {"reason": change.entry.reason, "reason_en": change.entry.reason_en}
    return fields


@extend_schema(
    operation_id="status",
    summary="Whether it answers",
    tags=["service"],
    parameters=[RETRY],
    responses=problems(200, 400, 503),
)
@api_view(["GET", "HEAD"])
def status(request: Request) -> HttpResponse:
    """Whether the catalogue answers, in the form that the Italian interoperability guidelines ask for."""
    if ignored := unknown(request.query_params):
        return not_understood(ignored)
    try:
        if request.META.get(WITHOUT_DATABASE):
            return busy(request)
        current_version()
    except Error:
        return busy(request)
    return problem(200, "OK")


def nothing(request: HttpRequest) -> HttpResponse:
    here = {"path": request.path, "schema": reverse("api:schema")}
    return problem(404, str(TITLES[404]), _("%(path)s non c’è: gli indirizzi sono in %(schema)s.") % here)
