from dataclasses import replace

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from initiatives import comparison, content, facets, presenters, schema_org, search
from initiatives import matrix as matrices
from initiatives.crosswalk import draw
from initiatives.document import plain, present_documents
from initiatives.facets import Catalogue
from initiatives.filters import BASIS_CHOICES, ORDER_CHOICES, PAGE_SIZES, Ignored, read
from initiatives.models import Basis, Initiative, Passage, Source
from initiatives.related import kin_of, related_to
from initiatives.selection import Selection
from initiatives.sql import Found
from initiatives.versions import public_page
from taxonomy.models import Term

TERM_PAGE_ENTRIES = 50


def cards(found: Found, terms: presenters.Vocabularies) -> list[Initiative]:
    """The entries found, in their order, with all that a card shows."""
    # By id alone: asked for the published among these ids, SQLite would walk through all that are published.
    entries = Initiative.objects.select_related("parent").in_bulk(found.ids)
    # An entry withdrawn since the ids were found is left out here, and then the page is made again.
    shown = [entries[pk] for pk in found.ids if pk in entries and entries[pk].is_published]
    return [entry.with_links(found.links[entry.pk], terms) for entry in shown]


def show_where_found(entries: list[Initiative], q: str) -> None:
    """Gives each entry that shows nothing of what was searched a snippet of its passages or of its terms' wording."""
    if not q:
        return
    prefetch_related_objects(entries, "passages")
    for entry in entries:
        if search.snippet((entry.heading, entry.abstract), q) is None:
            entry.snippet = search.snippet((plain(passage.text) for passage in entry.passages.all()), q)
            linked = (link.term for links in entry.links.values() for link in links)
            if entry.snippet is None:
                entry.found_by = next((term for term in linked if search.snippet((term.label, term.text), q)), None)


@public_page
def initiative_list(request: HttpRequest, version: int) -> HttpResponse:
    catalogue = facets.at(version)
    terms = catalogue.terms
    selection, ignored = read(request.GET, terms)
    found = catalogue.find(selection)
    if found.page != selection.page:
        ignored.append(Ignored("page", str(selection.page), _("le pagine sono di meno: ecco l’ultima")))
        selection = replace(selection, page=found.page)
    shown = cards(found, terms)
    show_where_found(shown, selection.q)
    sentence = presenters.present_sentence(selection, terms)
    said = presenters.as_text(sentence)
    described = ngettext("%(n)s voce del catalogo: %(said)s", "%(n)s voci del catalogo: %(said)s", found.total)
    context = {
        "selection": selection,
        "canonical_query": selection.query,
        "files_query": selection.without("page_size").query,
        "feed_query": selection.without("page_size", "order").query,
        "ignored": ignored,
        "found": found,
        "cards": shown,
        "facets": presenters.present_facets(selection, found, terms),
        "sentence": sentence,
        "said": said,
        "description": described % {"n": found.total, "said": said},
        "narrowed": bool(selection.active),
        "chips": presenters.present_chips(selection, terms),
        "rescue": []
        if found.total
        else presenters.present_rescue(selection, catalogue.totals_without(selection), terms),
        "suggested": None if found.total else suggested(selection, catalogue),
        "pages": presenters.present_pages(selection, found),
        "basis_choices": BASIS_CHOICES,
        "order_choices": ORDER_CHOICES,
        "page_sizes": PAGE_SIZES,
    }
    response = render(request, "list/page.html", context)
    # For every reader alike, so that no `Vary` is needed: what htmx shows as the address is the canonical one, unless
    # the page speaks of something that the canonical one has not.
    response.headers["HX-Push-Url"] = request.get_full_path() if ignored else request.path + selection.query
    return response


def suggested(selection: Selection, catalogue: Catalogue) -> Selection | None:
    """The same selection with its text spelt as the catalogue does, if that finds anything."""
    terms = [term for terms in catalogue.terms.values() for term in terms.values()]
    spelt = replace(selection, q=search.suggestion(selection.q, terms), page=1)
    return spelt if spelt.q and catalogue.find(spelt).total else None


@public_page
def initiative_detail(request: HttpRequest, version: int, slug: str) -> HttpResponse:
    entry = get_object_or_404(Initiative.objects.published().for_page(), slug=slug)
    catalogue = facets.at(version)
    entry.with_links(catalogue.links_of(entry.pk), catalogue.terms)
    context = {
        "entry": entry,
        "related": related_to(entry, catalogue),
        "compare_query": comparison.query_of([entry.slug]),
        "content": content.of_entry(entry),
        "heading_language": get_language() if entry.title_en else settings.LANGUAGE_CODE,
        "quoted": " · ".join(dict.fromkeys(passage.source.title for passage in entry.passages.all())),
        "site": settings.PUBLIC_URL,
    }
    return render(request, "entry/page.html", context)


@public_page
def compare(request: HttpRequest, version: int) -> HttpResponse:
    catalogue = facets.at(version)
    entries, ignored = comparison.read(request.GET)
    links = catalogue.links([entry.pk for entry in entries])
    compared = comparison.compare([entry.with_links(links[entry.pk], catalogue.terms) for entry in entries])
    alone = entries[0] if len(entries) == 1 else None
    context = {
        "canonical_query": comparison.query_of(entry.slug for entry in entries),
        "ignored": ignored,
        "comparison": compared,
        "alone": alone,
        "related": related_to(alone, catalogue) if alone else [],
        "kin": kin_of(alone) if alone else [],
    }
    return render(request, "comparison/page.html", context)


@public_page
def term_detail(request: HttpRequest, version: int, slug: str, model: type[Term]) -> HttpResponse:
    catalogue = facets.at(version)
    terms = catalogue.terms
    if slug not in terms[model.dimension]:
        raise Http404(f"No {model.dimension} {slug}")
    term = terms[model.dimension][slug]
    selection = Selection().choosing(model.dimension, slug)
    found = catalogue.find(replace(selection, page_size=TERM_PAGE_ENTRIES))
    by_source = replace(selection, basis=Basis.SOURCE.value)
    context = {
        "term": term,
        "dimension": model.dimension,
        "structured": schema_org.term_block(term),
        "found": found,
        "query": selection.query,
        "by_source": catalogue.find(by_source).total,
        "by_source_query": by_source.query,
        "cards": cards(found, terms),
        "crossings": [
            f
            for f in presenters.present_facets(selection, found, terms)
            if f.name in terms and f.name != model.dimension
        ],
        "crosswalk": draw(catalogue, selection, found, terms),
        "passages": term.passages.all(),
        "caveats": Passage.objects.caveats() if model.dimension == "objective" else (),
    }
    return render(request, "term/page.html", context)


@public_page
def matrix(request: HttpRequest, version: int) -> HttpResponse:
    catalogue = facets.at(version)
    axes, selection, ignored = matrices.read(request.GET, catalogue.terms)
    context = {
        "axes": axes,
        "selection": selection,
        "canonical_query": axes.query(selection),
        "ignored": ignored,
        "matrix": matrices.cross(catalogue, selection, axes, catalogue.terms),
        "sentence": presenters.present_sentence(selection, catalogue.terms),
        "facet_choices": presenters.FACET_LABELS.items(),
    }
    return render(request, "matrix/page.html", context)


@public_page
def source(request: HttpRequest, version: int) -> HttpResponse:
    documents = present_documents(Source.objects.all(), Passage.objects.with_ties())
    return render(request, "document/page.html", {"documents": documents, "site": settings.PUBLIC_URL})
