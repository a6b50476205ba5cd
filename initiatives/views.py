from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from initiatives import presenters
from initiatives.document import present_documents
from initiatives.facets import find, totals_without
from initiatives.filters import BASIS_CHOICES, ORDER_CHOICES, PAGE_SIZES, Ignored, read
from initiatives.models import Basis, Initiative, Passage, Source, vocabularies
from initiatives.selection import Selection
from taxonomy.models import Term

TERM_PAGE_ENTRIES = 50


def cards(ids: tuple[int, ...]) -> list[Initiative]:
    """The entries of these ids, in their order, with all that a card shows."""
    entries = Initiative.objects.published().for_cards().in_bulk(ids)
    return [entries[pk] for pk in ids if pk in entries]


def initiative_list(request: HttpRequest) -> HttpResponse:
    terms = vocabularies()
    selection, ignored = read(request.GET, terms)
    found = find(selection)
    if found.page != selection.page:
        ignored.append(Ignored("page", str(selection.page), _("le pagine sono di meno: ecco l’ultima")))
        selection = replace(selection, page=found.page)
    context = {
        "selection": selection,
        "ignored": ignored,
        "found": found,
        "cards": cards(found.ids),
        "facets": presenters.present_facets(selection, found, terms),
        "sentence": presenters.present_sentence(selection, terms),
        "chips": presenters.present_chips(selection, terms),
        "rescue": [] if found.total else presenters.present_rescue(selection, totals_without(selection), terms),
        "pages": presenters.present_pages(selection, found),
        "basis_choices": BASIS_CHOICES,
        "order_choices": ORDER_CHOICES,
        "page_sizes": PAGE_SIZES,
    }
    return render(request, "initiatives/list.html", context)


def initiative_detail(request: HttpRequest, slug: str) -> HttpResponse:
    entry = get_object_or_404(Initiative.objects.published().for_page(), slug=slug)
    parent = entry.public_parent
    siblings = parent.measures.published().exclude(pk=entry.pk) if parent else ()
    return render(request, "initiatives/detail.html", {"entry": entry, "siblings": siblings})


def term_detail(request: HttpRequest, slug: str, model: type[Term]) -> HttpResponse:
    terms = vocabularies()
    if slug not in terms[model.dimension]:
        raise Http404(f"No {model.dimension} {slug}")
    term = terms[model.dimension][slug]
    selection = Selection().choosing(model.dimension, slug)
    found = find(replace(selection, page_size=TERM_PAGE_ENTRIES))
    facets = presenters.present_facets(selection, found, terms)
    by_source = replace(selection, basis=Basis.SOURCE.value)
    context = {
        "term": term,
        "dimension": model.dimension,
        "found": found,
        "query": selection.query,
        "by_source": Initiative.objects.published().matching(by_source).count(),
        "by_source_query": by_source.query,
        "cards": cards(found.ids),
        "crossings": [facet for facet in facets if facet.name in terms and facet.name != model.dimension],
        "passages": term.passages.all(),
        "caveats": Passage.objects.caveats() if model.dimension == "objective" else (),
    }
    return render(request, "initiatives/term.html", context)


def source(request: HttpRequest) -> HttpResponse:
    documents = present_documents(Source.objects.all(), Passage.objects.with_ties())
    return render(request, "initiatives/source.html", {"documents": documents})
