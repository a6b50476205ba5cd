"""The pages that show entries: the list, one entry, several side by side, those of a term, and two facets crossed."""

from dataclasses import replace

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from catalogue.answers import public_page
from catalogue.linked_data.schema_org import term_block
from catalogue.presenters.cards import Card, cards, with_reasons, with_what_was_found
from catalogue.presenters.comparison import cards_of, compare, comparison_query
from catalogue.presenters.crosswalk import draw
from catalogue.presenters.facets import present_facets
from catalogue.presenters.matrix import cross
from catalogue.presenters.related import kin_of, related_to
from catalogue.presenters.selection import (
    present_chips,
    present_offer,
    present_pages,
    present_reading,
    present_rescue,
    present_sentence,
    present_terms,
)
from catalogue.presenters.text import without_markup
from catalogue.query import Ignored, facet_labels, orders, parameter, read, read_matrix, unknown
from initiatives import content
from initiatives.facets import Selection, index_at
from initiatives.models import Basis, Initiative, Passage
from initiatives.search.reading import AS_WRITTEN
from initiatives.versions import Snapshot

LONGEST_HEADER = 2000  # proxies refuse an answer with longer ones
MOST_ENTRIES = 50  # on the page of a term


@public_page
def initiative_list(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    index = index_at(snapshot)
    terms = index.terms
    selection, ignored = read(request.GET, terms)
    found = index.find(selection)
    if found.page != selection.page:
        ignored.append(Ignored("page", str(selection.page), _("le pagine sono di meno: ecco l’ultima")))
        selection = replace(selection, page=found.page)
    reading = index.reading(selection.q)
    offered = None if found.total or not reading.clauses else present_offer(index, selection)
    sentence = present_sentence(selection, terms)
    in_words = without_markup(sentence)
    description = ngettext("%(n)s voce del catalogo: %(said)s", "%(n)s voci del catalogo: %(said)s", found.total)
    context = {
        "selection": selection,
        "canonical_query": selection.query,
        "files_query": selection.without("page_size").query,
        "feed_query": selection.without("page_size", "order").query,
        "ignored": ignored,
        "found": found,
        "cards": with_what_was_found(index, cards(index, found.ids), reading.wanted),
        "wanted": reading.wanted,
        "reading": present_reading(reading, terms),
        "also": index.also_found(selection),
        "exact_query": replace(selection, q=f"{AS_WRITTEN}{selection.q}", page=1).query,
        "speaking": present_terms(index, selection),
        "offered": offered,
        "passages": index.passages_with(selection.q) if reading.clauses else [],
        "text_query": Selection(q=selection.q).query,
        "facets": present_facets(selection, found, terms),
        "sentence": sentence,
        "in_words": in_words,
        "description": description % {"n": found.total, "said": in_words},
        "narrowed": bool(selection.active),
        "chips": present_chips(selection, terms),
        "rescue": [] if found.total else present_rescue(selection, index.totals_without(selection), terms),
        "pages": present_pages(selection, found),
        "order_choices": orders(selection.q),
        **{f"{name}_choices": parameter(name).extra["choices"] for name in ("basis", "page_size")},
    }
    response = render(request, "list/page.html", context)
    # For every reader alike, so that no `Vary` is needed: what htmx shows as the address is the canonical one, unless
    # the page speaks of something that the canonical one has not.
    address = request.get_full_path() if ignored else request.path + selection.query
    response.headers["HX-Push-Url"] = address if len(address) <= LONGEST_HEADER else "false"
    return response


@public_page
def initiative_detail(request: HttpRequest, snapshot: Snapshot, slug: str) -> HttpResponse:
    entry = get_object_or_404(Initiative.objects.published().for_page(), slug=slug)
    index = index_at(snapshot)
    (card,) = with_reasons([Card(entry, index.attributions(entry.pk))])
    context = {
        "entry": entry,
        "links": card.links,
        "related": related_to(entry, index),
        "compare_query": comparison_query([entry.slug]),
        "content": content.of_entry(entry, card.links),
        "heading_language": get_language() if entry.title_en else settings.LANGUAGE_CODE,
        "quoted": " · ".join(dict.fromkeys(passage.source.title for passage in entry.passages.all())),
        "site": settings.PUBLIC_URL,
    }
    return render(request, "entry/page.html", context)


@public_page
def comparison(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    index = index_at(snapshot)
    shown, refused = cards_of(request.GET.getlist("i"), index)
    alone = shown[0].entry if len(shown) == 1 else None
    context = {
        "canonical_query": comparison_query(card.entry.slug for card in shown),
        "ignored": unknown(request.GET, known={"i"}) + refused,
        "comparison": compare(shown),
        "alone": alone,
        "related": related_to(alone, index) if alone else [],
        "kin": kin_of(alone) if alone else [],
    }
    return render(request, "comparison/page.html", context)


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


@public_page
def matrix(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    index = index_at(snapshot)
    axes, selection, ignored = read_matrix(request.GET, index.terms)
    context = {
        "axes": axes,
        "selection": selection,
        "canonical_query": axes.query(selection),
        "ignored": ignored,
        "matrix": cross(index, selection, axes),
        "sentence": present_sentence(selection, index.terms),
        "facet_choices": facet_labels().items(),
    }
    return render(request, "matrix/page.html", context)
