"""Citations for reference managers: of entries, terms, passages and the data; of versions they are with their pages."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from catalogue.answers import public_page
from catalogue.files.references import reference_file
from catalogue.linked_data.editions import edition_of, last_day
from catalogue.pages.data import citation_of_data
from catalogue.pages.entries import at_former_address
from catalogue.pages.terms import term_at
from catalogue.presenters.cards import card_of, whole
from catalogue.presenters.citation import cite_entry, cite_passage, cite_term
from initiatives.facets import index_at
from initiatives.models import Passage
from initiatives.versions import Snapshot


@public_page
def entry(request: HttpRequest, snapshot: Snapshot, slug: str, form: str) -> HttpResponseBase:
    index = index_at(snapshot)
    try:
        card = card_of(slug, index)
    except Http404:
        return at_former_address(request, slug, "initiative-citation", form)
    (card,) = whole(index, [card])
    return reference_file(request, cite_entry(card), form)


@public_page
def term(request: HttpRequest, snapshot: Snapshot, slug: str, dimension: str, form: str) -> HttpResponseBase:
    cited = term_at(index_at(snapshot).terms, dimension, slug)
    return reference_file(request, cite_term(cited, cited.passages.all(), last_day(snapshot.version)), form)


@public_page
def passage(request: HttpRequest, snapshot: Snapshot, anchor: str, form: str) -> HttpResponseBase:
    cited = get_object_or_404(Passage.objects.select_related("source"), anchor=anchor)
    return reference_file(request, cite_passage(cited, last_day(snapshot.version)), form)


@public_page
def data(request: HttpRequest, snapshot: Snapshot, form: str) -> HttpResponseBase:
    index = index_at(snapshot)
    return reference_file(request, citation_of_data(index, edition_of(index, snapshot.version)), form)
