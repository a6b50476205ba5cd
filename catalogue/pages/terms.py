"""The pages of the three vocabularies: each as a whole, and each of its terms."""

from dataclasses import replace

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from catalogue.answers import negotiated, public_page
from catalogue.files.views import as_graph
from catalogue.linked_data.editions import last_day
from catalogue.linked_data.rdf import page_of
from catalogue.linked_data.schema_org import term_block
from catalogue.linked_data.signposting import of_term, point
from catalogue.linked_data.things import term_graph
from catalogue.pages.editing import edit_address, editable_page
from catalogue.presenters.cards import cards
from catalogue.presenters.citation import cite_term
from catalogue.presenters.report import present_reports
from catalogue.presenters.text import plain
from catalogue.query import Axes
from catalogue.workbench.crosswalk import draw
from catalogue.workbench.facets import present_facets
from catalogue.workbench.views import LIST, present_account, present_files
from initiatives.facets import Selection, Vocabularies, index_at
from initiatives.models import Basis, Passage
from initiatives.versions import Snapshot, name_of
from taxonomy.models import Term

MOST_ENTRIES = 50  # on the page of a term


@public_page
def vocabulary(request: HttpRequest, snapshot: Snapshot, dimension: str) -> HttpResponse:
    """All its terms with the document's words, and how many entries stand under each."""
    index, selection = index_at(snapshot), Selection()
    found = index.find(selection)
    facets = {facet.name: facet for facet in present_facets(selection, found, index.terms)}
    strata = index.strata(selection, dimension)
    context = {
        "dimension": dimension,
        "values": [(value, *strata[value.value]) for value in facets[dimension].values if value.term],
        "unclassified": next((value for value in facets[dimension].values if not value.term), None),
        "caveats": Passage.objects.caveats(),
        "matrix_query": Axes(dimension, "objective" if dimension != "objective" else "category").query(selection),
    }
    return render(request, "term/index.html", context)


@negotiated
@editable_page
def term_detail(request: HttpRequest, snapshot: Snapshot, slug: str, dimension: str) -> HttpResponse:
    index = index_at(snapshot)
    terms = index.terms
    term = term_at(terms, dimension, slug)
    selection = Selection().choosing(dimension, slug)
    found = index.find(replace(selection, page_size=MOST_ENTRIES))
    by_source = replace(selection, basis=Basis.SOURCE.value)
    facets = present_facets(selection, found, terms)
    passages = list(term.passages.all())
    citation = cite_term(term, passages, last_day(snapshot.version))
    whole_address = settings.PUBLIC_URL + reverse("initiative-list") + selection.query
    context = {
        "term": term,
        "dimension": dimension,
        "vocabulary": reverse(f"{dimension}-index"),
        "structured": term_block(term),
        "found": found,
        "query": selection.query,
        "whole_address": whole_address,
        "account": present_account(found.total, selection, terms, whole_address, snapshot.version),
        "by_source": index.find(by_source).total,
        "by_source_query": by_source.query,
        "cards": cards(index, found.ids),
        "crossings": [
            {"facet": facet, "matrix": Axes(facet.name, dimension).query(selection)}
            for facet in facets
            if facet.name in terms and facet.name != dimension
        ],
        "crosswalk": draw(index, selection, found),
        "passages": passages,
        "is_quoted": any(term.text.strip() in plain(passage.text) for passage in passages),
        "more_caveats": Passage.objects.caveats() if dimension == "objective" else (),
        "citation": citation,
        "files": present_files(selection, Axes(), LIST),
        "matches": term.matches.all(),
        "edit": edit_address(request, term),
        "reports": present_reports(term.label, citation.page, name_of(snapshot.version), passages),
    }
    response = render(request, "term/page.html", context)
    point(response, of_term(term))
    return response


@public_page
def term_detail_graph(request: HttpRequest, snapshot: Snapshot, slug: str, dimension: str, form: str) -> HttpResponse:
    terms = index_at(snapshot).terms
    term = term_at(terms, dimension, slug)
    return as_graph(term_graph(term, terms), form, page_of(term))


def term_at(terms: Vocabularies, dimension: str, slug: str) -> Term:
    if slug not in terms[dimension]:
        raise Http404(f"No {dimension} {slug}")
    return terms[dimension][slug]
