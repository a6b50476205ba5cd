"""One selection, four views of it: a list, a table, a cross table of two facets, a picture."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.answers import public_page
from catalogue.presenters.cards import cards, with_what_was_found
from catalogue.presenters.reading import present_reading
from catalogue.presenters.text import without_markup
from catalogue.query import Asked, Ignored, facet_labels, orders, parameter, read
from catalogue.workbench.crosswalk import draw
from catalogue.workbench.facets import present_facets
from catalogue.workbench.matrix import cross
from catalogue.workbench.position import entry_query
from catalogue.workbench.selection import (
    ORPHANS,
    present_chips,
    present_offer,
    present_pages,
    present_rescue,
    present_sentence,
    present_terms,
)
from catalogue.workbench.table import present_heads, present_rows
from catalogue.workbench.views import (
    LIST,
    MATRIX,
    PICTURE,
    TABLE,
    View,
    canonical_query,
    present_account,
    present_embed,
    present_files,
    present_picked,
    present_views,
    unshown,
)
from initiatives.facets import FacetIndex, Found, Selection, index_at
from initiatives.models import Basis, Passage
from initiatives.search.reading import AS_WRITTEN
from initiatives.versions import Snapshot

LONGEST_HEADER = 2000  # proxies refuse an answer with longer ones
FRAMED_TABLE = 720, 900  # how high its frame is in another site's page, a wide one and a narrow one


@public_page
def initiative_list(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    index = index_at(snapshot)
    asked, found = _find_page(index, read(request.GET, index))
    shown = with_what_was_found(cards(index, found.ids), index.reading(asked.selection.q).wanted)
    pages = present_pages(asked.selection, found)
    return _answer(request, snapshot, LIST, asked, found, cards=shown, pages=pages)


@public_page
def table(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    index = index_at(snapshot)
    asked, found = _find_page(index, read(request.GET, index))
    listed = cards(index, found.ids)
    shown = {
        "cards": listed,
        "heads": present_heads(asked.selection),
        "rows": present_rows(listed, found, asked.selection),
        "pages": present_pages(asked.selection, found),
    }
    return _answer(request, snapshot, TABLE, asked, found, **shown)


@public_page
def matrix(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    index = index_at(snapshot)
    asked = _whole(read(request.GET, index))
    asked.ignored.extend(asked.uncrossed)
    axes, crossed = asked.axes, cross(index, asked.selection, asked.axes, has_titles=True)
    shown = {
        "axes": axes,
        "matrix": crossed,
        "framed": FRAMED_TABLE,
        "facet_choices": facet_labels().items(),
        "chosen_axes": [facet for facet in (axes.rows, axes.columns) if asked.selection.chosen(facet)],
        "caveats": Passage.objects.caveats(),
        "by_source": reverse(MATRIX.name) + replace(asked.selection, basis=Basis.SOURCE.value).query,
    }
    return _answer(request, snapshot, MATRIX, asked, crossed.found, **shown)


@public_page
def picture(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    index = index_at(snapshot)
    asked = _whole(read(request.GET, index))
    found = index.find(asked.selection)
    crosswalk = draw(index, asked.selection, found)
    return _answer(request, snapshot, PICTURE, asked, found, crosswalk=crosswalk, framed=crosswalk.framed)


def _whole(asked: Asked) -> Asked:
    """What counts all that is found has no pages, and leads to the first of those that have."""
    return replace(asked, selection=asked.selection.at_page(1))


def _find_page(index: FacetIndex, asked: Asked) -> tuple[Asked, Found]:
    """The page that is asked for or, beyond the end, the last."""
    found = index.find(asked.selection, ORPHANS)
    if found.page != asked.selection.page:
        asked.ignored.append(Ignored("page", str(asked.selection.page), _("le pagine sono di meno: ecco l’ultima")))
    return replace(asked, selection=asked.selection.at_page(found.page)), found


def _answer(
    request: HttpRequest, snapshot: Snapshot, view: View, asked: Asked, found: Found, **shown: Any
) -> HttpResponse:
    """The view's page: what it alone shows, inside what all views share."""
    index, selection = index_at(snapshot), asked.selection
    sentence = present_sentence(selection, index.terms)
    in_words = without_markup(sentence)
    description = ngettext("%(n)s scheda del catalogo: %(said)s", "%(n)s schede del catalogo: %(said)s", found.total)
    address, canonical = reverse(view.name), canonical_query(asked, view)
    whole_address = settings.PUBLIC_URL + address + canonical
    context = {
        "kind": "" if view is LIST else view.label,
        "address": address,
        "views": present_views(selection, view),
        "canonical_query": canonical,
        "kept_query": selection.query,
        "sentence": sentence,
        "in_words": in_words,
        "description": description % {"n": found.total, "said": in_words},
        "whole_address": whole_address,
        "account": present_account(found.total, selection, index.terms, whole_address, snapshot.version),
        "embed": view.embed and present_embed(view, canonical, f"{view.label}: {in_words}", shown["framed"]),
        **_panel(index, asked, found, view),
        "unshown": unshown(selection, view, [card.entry.slug for card in shown.get("cards", ())]),
        **_found(index, selection, found, view),
        **shown,
    }
    response = render(request, view.template, context)
    # For every reader alike, so that no `Vary` is needed: htmx shows an address that has the selection and what it
    # carries, or all that was asked, where the page speaks of what it ignored. One too long is shown as it was asked.
    pushed = request.get_full_path() if asked.ignored else address + selection.query
    if len(pushed) <= LONGEST_HEADER:
        response.headers["HX-Push-Url"] = pushed
    return response


def _panel(index: FacetIndex, asked: Asked, found: Found, view: View) -> dict[str, Any]:
    """What one chooses with, and what was chosen."""
    selection = asked.selection
    return {
        "selection": selection,
        "ignored": asked.ignored,
        "narrowed": bool(selection.active),
        "cleared_query": selection.whole.query,
        "chips": present_chips(selection, index.terms),
        "facets": present_facets(selection, found, index.terms),
        "picked": present_picked(asked, found),
        "files": present_files(selection, asked.axes, view),
        "feed_query": selection.bare.without("page_size", "order").query,
        "order_choices": orders(selection.q),
        **{f"{name}_choices": parameter(name).extra["choices"] for name in ("basis", "page_size")},
    }


def _found(index: FacetIndex, selection: Selection, found: Found, view: View) -> dict[str, Any]:
    """What was found, what a text leads to beside it, and the ways on where nothing was."""
    reading = index.reading(selection.q)
    offered = None if found.total or not reading.clauses else present_offer(index, selection)
    return {
        "found": found,
        "wanted": reading.wanted,
        "reading": present_reading(reading, index.terms),
        "also": index.also_found(selection),
        "exact_query": replace(selection, q=f"{AS_WRITTEN}{selection.q}", page=1).query,
        "speaking": present_terms(index, selection),
        "offered": offered,
        # Programmes have objectives that the document does not speak of.
        "may_be_code": any(letter.isdigit() for letter in selection.q),
        "passages": index.passages_with(selection.q) if reading.clauses else [],
        "text_query": Selection(q=selection.q).query,
        "rescue": [] if found.total else present_rescue(selection, index.totals_without(selection), index.terms),
        "entry_query": entry_query(selection, view),
    }
