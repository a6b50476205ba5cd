from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from catalogue.answers import public_page
from catalogue.presenters.cards import cards, suggested, with_what_was_found
from catalogue.presenters.comparison import comparison_query
from catalogue.presenters.facets import present_facets
from catalogue.presenters.related import related_to
from catalogue.presenters.selection import present_chips, present_pages, present_rescue, present_sentence
from catalogue.presenters.text import without_markup
from catalogue.query import Ignored, parameter, read
from initiatives import content
from initiatives.facets import index_at
from initiatives.models import Initiative
from initiatives.versions import Snapshot


@public_page
def initiative_list(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    index = index_at(snapshot)
    terms = index.terms
    selection, ignored = read(request.GET, terms)
    found = index.find(selection)
    if found.page != selection.page:
        ignored.append(Ignored("page", str(selection.page), _("le pagine sono di meno: ecco l’ultima")))
        selection = replace(selection, page=found.page)
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
        "cards": with_what_was_found(cards(index, found.ids), selection.q),
        "facets": present_facets(selection, found, terms),
        "sentence": sentence,
        "in_words": in_words,
        "description": description % {"n": found.total, "said": in_words},
        "narrowed": bool(selection.active),
        "chips": present_chips(selection, terms),
        "rescue": [] if found.total else present_rescue(selection, index.totals_without(selection), terms),
        "suggested": None if found.total else suggested(selection, index),
        "pages": present_pages(selection, found),
        **{f"{name}_choices": parameter(name).extra["choices"] for name in ("basis", "order", "page_size")},
    }
    response = render(request, "list/page.html", context)
    # For every reader alike, so that no `Vary` is needed: what htmx shows as the address is the canonical one, unless
    # the page speaks of something that the canonical one has not.
    response.headers["HX-Push-Url"] = request.get_full_path() if ignored else request.path + selection.query
    return response


@public_page
def initiative_detail(request: HttpRequest, snapshot: Snapshot, slug: str) -> HttpResponse:
    entry = get_object_or_404(Initiative.objects.published().for_page(), slug=slug)
    index = index_at(snapshot)
    links = index.attributions(entry.pk)
    context = {
        "entry": entry,
        "links": links,
        "related": related_to(entry, index),
        "compare_query": comparison_query([entry.slug]),
        "content": content.of_entry(entry, links),
        "heading_language": get_language() if entry.title_en else settings.LANGUAGE_CODE,
        "quoted": " · ".join(dict.fromkeys(passage.source.title for passage in entry.passages.all())),
        "site": settings.PUBLIC_URL,
    }
    return render(request, "entry/page.html", context)
