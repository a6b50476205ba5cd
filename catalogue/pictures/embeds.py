"""Picture and cross table as pages to be put inside another's: the only addresses that may be framed."""

from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt

from catalogue.answers import public_page
from catalogue.headers import CONTENT_SECURITY_POLICY
from catalogue.presenters.text import without_markup
from catalogue.query import Asked, read
from catalogue.workbench.crosswalk import draw
from catalogue.workbench.matrix import cross
from catalogue.workbench.selection import present_sentence
from initiatives.facets import FacetIndex, Found, index_at
from initiatives.versions import Snapshot

# As everywhere, but framed by anybody; there is no form.
POLICY = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *").replace(
    "form-action 'self'", "form-action 'none'"
)


def framed_by_anybody(view: Any) -> Any:
    @xframe_options_exempt
    @wraps(view)
    def framed(request: HttpRequest, **address: str) -> HttpResponseBase:
        response = view(request, **address)
        if response.status_code in (200, 304):
            response.headers["Content-Security-Policy"] = POLICY
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return framed


@framed_by_anybody
@public_page
def picture(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    index = index_at(snapshot)
    asked = read(request.GET, index)
    found = index.find(asked.selection.bare)
    crosswalk = draw(index, asked.selection.bare, found)
    context = _said(index, asked, found, snapshot, reverse("picture") + crosswalk.query)
    return render(request, "embed/picture.html", {**context, "crosswalk": crosswalk})


@framed_by_anybody
@public_page
def matrix(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    index = index_at(snapshot)
    asked = read(request.GET, index)
    crossed = cross(index, asked.selection.bare, asked.axes)
    context = _said(index, asked, crossed.found, snapshot, reverse("matrix") + asked.axes.query(asked.selection))
    return render(request, "embed/matrix.html", {**context, "matrix": crossed, "axes": asked.axes})


def _said(index: FacetIndex, asked: Asked, found: Found, snapshot: Snapshot, whole: str) -> dict[str, Any]:
    """What both say of themselves; `whole` is the page of the site that shows it too."""
    return {
        "found": found,
        "sentence": without_markup(present_sentence(asked.selection.bare, index.terms)),
        "ignored": asked.ignored,
        "canonical_query": asked.axes.query(asked.selection),
        "kept_query": asked.selection.bare.query,
        "whole": settings.PUBLIC_URL + whole,
        "version": snapshot.version,
        "target": "_top",  # of links: outside the frame
    }
