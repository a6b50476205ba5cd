"""The crosswalk of a selection as one slide, drawn in lines."""

from textwrap import shorten

from django.conf import settings
from django.http import Http404
from django.template.loader import render_to_string
from django.urls import reverse

from catalogue.presenters.text import in_xml, without_markup
from catalogue.workbench.crosswalk import Crosswalk, draw, how_many
from catalogue.workbench.selection import present_sentence
from initiatives.facets import FacetIndex, Selection

DRAWING = 60, 138, 1480, 650  # its left, top, width and height on a slide of 1600 × 900


def slide(index: FacetIndex, selection: Selection, version: int) -> str:
    """Raises Http404 where the values are too many to be drawn."""
    found = index.find(selection)
    crosswalk = draw(index, selection, found)
    if found.total and not crosswalk.wide.nodes:
        raise Http404("Too many values for a picture")
    listed = settings.PUBLIC_URL + reverse("initiative-list")  # away from the site links need whole addresses
    sentence = without_markup(present_sentence(selection, index.terms)) if selection.active else ""
    context = {
        "crosswalk": crosswalk,
        "drawing": crosswalk.wide,
        "placed": crosswalk.wide.fitted(*DRAWING),
        "sentence": shorten(sentence, 80, placeholder="…"),
        "count": how_many(found.total),
        "list": listed,
        "address": listed + crosswalk.query,
        "version": version,
    }
    return in_xml(render_to_string("crosswalk/slide.svg", context))


def drawing(crosswalk: Crosswalk) -> str:
    """The crosswalk alone, as a document has it."""
    return in_xml(render_to_string("crosswalk/alone.svg", {"drawing": crosswalk.wide, "list": settings.PUBLIC_URL}))
