"""The addresses of pictures that are taken away."""

from functools import partial
from textwrap import shorten

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from catalogue.answers import public_page, unless_in_a_hurry
from catalogue.files.names import file_name, named
from catalogue.pictures.card import card
from catalogue.pictures.codes import LONGEST, code_of
from catalogue.pictures.raster import as_png
from catalogue.pictures.slide import slide
from catalogue.presenters.cards import card_of
from catalogue.query import Asked, facet_labels, strictly
from catalogue.workbench.crosswalk import how_many
from initiatives.facets import FacetIndex, Selection, index_at
from initiatives.versions import Snapshot


@public_page
@partial(strictly, is_whole=True)
def crosswalk_file(
    request: HttpRequest, snapshot: Snapshot, index: FacetIndex, asked: Asked, content_type: str
) -> HttpResponseBase:
    """The crosswalk of a selection as a slide, in lines (SVG) or in points (PNG)."""
    is_png = content_type == "image/png"
    if is_png and (later := unless_in_a_hurry(request)):  # it takes half a second
        return later
    selection = asked.selection.without("order")
    drawn = slide(index, selection, snapshot.version)
    name = file_name(request.path, selection, index.terms, snapshot.version)
    return named(HttpResponse(as_png(drawn) if is_png else drawn, content_type=content_type), name)


def code(request: HttpRequest) -> HttpResponse:
    """Of a page of the site: what a telephone's camera reads from its print."""
    page = request.GET.get("of", "")
    if not (page.startswith("/") and page.isascii() and page.isprintable() and len(page) <= LONGEST):
        raise Http404("No such page")
    drawn = code_of(page, "svg", 2.5)
    return HttpResponse(drawn, content_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})


@public_page
def entry_card(request: HttpRequest, snapshot: Snapshot, slug: str) -> HttpResponseBase:
    index = index_at(snapshot)
    entry = card_of(slug, index).entry
    parent = entry.public_parent
    kind = f"{entry.level_name} · {parent.heading}" if parent else entry.level_name
    return _card(request, kind, entry.heading, _("Le regioni italiane e i POR FSE 2014-2020"))


@public_page
def term_card(request: HttpRequest, snapshot: Snapshot, slug: str, dimension: str) -> HttpResponseBase:
    index = index_at(snapshot)
    if slug not in index.terms[dimension]:
        raise Http404(f"No {dimension} {slug}")
    found = index.find(Selection().choosing(dimension, slug))
    label = str(index.terms[dimension][slug].label)
    return _card(request, facet_labels()[dimension], label, how_many(found.total), dimension)


def _card(request: HttpRequest, kind: str, title: str, note: str, dimension: str = "objective") -> HttpResponseBase:
    if later := unless_in_a_hurry(request):
        return later
    drawn = card(shorten(kind, 70, placeholder="…"), title, note, dimension)
    return HttpResponse(as_png(drawn, density=1), content_type="image/png")
