from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from catalogue.answers import public_page
from catalogue.linked_data.schema_org import term_block
from catalogue.presenters.cards import cards
from catalogue.presenters.crosswalk import draw
from catalogue.presenters.facets import present_facets
from initiatives.facets import Selection, index_at
from initiatives.models import Basis, Passage
from initiatives.versions import Snapshot

MOST_ENTRIES = 50


@public_page
def term_detail(request: HttpRequest, snapshot: Snapshot, slug: str, dimension: str) -> HttpResponse:
    index = index_at(snapshot)
    terms = index.terms
    if slug not in terms[dimension]:
        raise Http404(f"No {dimension} {slug}")
    term = terms[dimension][slug]
    selection = Selection().choosing(dimension, slug)
    found = index.find(replace(selection, page_size=MOST_ENTRIES))
    by_source = replace(selection, basis=Basis.SOURCE.value)
    facets = present_facets(selection, found, terms)
    context = {
        "term": term,
        "dimension": dimension,
        "structured": term_block(term),
        "found": found,
        "query": selection.query,
        "by_source": index.find(by_source).total,
        "by_source_query": by_source.query,
        "cards": cards(index, found.ids),
        "crossings": [facet for facet in facets if facet.name in terms and facet.name != dimension],
        "crosswalk": draw(index, selection, found),
        "passages": term.passages.all(),
        "caveats": Passage.objects.caveats() if dimension == "objective" else (),
    }
    return render(request, "term/page.html", context)
