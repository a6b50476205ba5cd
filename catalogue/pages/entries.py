"""The pages of single entries: one, and several side by side."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from catalogue.answers import negotiated, public_page
from catalogue.files.views import as_graph
from catalogue.linked_data.rdf import page_of
from catalogue.linked_data.schema_org import entry_block
from catalogue.linked_data.signposting import of_entry, point
from catalogue.linked_data.things import entry_graph
from catalogue.pages.editing import edit_address, editable_page
from catalogue.presenters.cards import Card, card_of, whole
from catalogue.presenters.citation import cite_entry
from catalogue.presenters.comparison import additions, cards_of, compare, comparison_query
from catalogue.presenters.quotation import quote
from catalogue.presenters.related import related_to
from catalogue.presenters.report import present_reports
from catalogue.query import ALONE, Asked, read, read_entries
from catalogue.workbench.position import present_position, query_in
from initiatives.facets import FacetIndex, index_at
from initiatives.models import read_at
from initiatives.versions import Snapshot


@negotiated
@editable_page
def initiative_detail(request: HttpRequest, snapshot: Snapshot, slug: str) -> HttpResponse:
    index = index_at(snapshot)
    try:
        card = card_of(slug, index)
    except Http404:
        return at_former_address(request, slug)
    response = entry_page(request, card, index, read(request.GET, index))
    point(response, of_entry(card.entry))
    return response


def entry_alone(request: HttpRequest, slug: str, index: FacetIndex, **more: Any) -> HttpResponse:
    """Its page as it is where it was opened from no result. Raises Http404."""
    return entry_page(request, card_of(slug, index), index, read(QueryDict(f"view={ALONE}"), index), **more)


def entry_page(request: HttpRequest, card: Card, index: FacetIndex, asked: Asked, **more: Any) -> HttpResponse:
    (card,) = whole(index, [card])
    entry, quotations, citation = card.entry, quote(card, index), cite_entry(card)
    quoted = {measure.pk for quotation in quotations for measure in quotation.measures}
    context = {
        "entry": entry,
        "links": card.links,
        "lead_ins": card.lead_ins,
        "position": None if asked.ignored else present_position(entry, asked, index),
        "kept_query": query_in(asked),
        "quotations": quotations,
        "other_measures": [measure for measure in entry.public_measures if measure.pk not in quoted],
        "related": related_to(entry, index),
        "compare_query": comparison_query([entry.slug]),
        "structured": entry_block(card),
        "citation": citation,
        "site": settings.PUBLIC_URL,
        "edit": edit_address(request, entry),
        "reports": present_reports(entry.heading, citation.page, citation.version, card.passages),
        **more,
    }
    return render(request, "entry/page.html", context)


@public_page
def initiative_graph(request: HttpRequest, snapshot: Snapshot, slug: str, form: str) -> HttpResponse:
    index = index_at(snapshot)
    try:
        (card,) = whole(index, [card_of(slug, index)])
    except Http404:
        return at_former_address(request, slug, f"initiative-{form}")
    return as_graph(entry_graph(card, cite_entry(card).version), form, page_of(card.entry))


def at_former_address(request: HttpRequest, slug: str, page: str = "initiative-detail", *address: str) -> HttpResponse:
    """Where an entry has been: leads to where it is now, or says that it was withdrawn. Raises Http404."""
    known = read_at(slug)
    if not known:
        raise Http404(f"No entry {slug}")
    if not known.leads_to:
        return render(request, "entry/withdrawn.html", {"left": known}, status=410)
    query = request.GET.urlencode()
    present = reverse(page, args=[known.leads_to.slug, *address])
    return redirect(present + (f"?{query}" if query else ""), permanent=True)


@public_page
def comparison(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    index = index_at(snapshot)
    slugs, ignored = read_entries(request.GET, index)
    shown = cards_of(slugs, index)
    alone = shown[0].entry if len(shown) == 1 else None
    context = {
        "canonical_query": comparison_query(slugs),
        "ignored": ignored,
        "comparison": compare(shown),
        "alone": alone,
        "additions": additions(alone, index) if alone else [],
    }
    return render(request, "comparison/page.html", context)
