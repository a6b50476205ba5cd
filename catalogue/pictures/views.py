"""The addresses of pictures that are taken away."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from catalogue.answers import public_page, unless_in_a_hurry
from catalogue.files.names import file_name, named
from catalogue.pictures.raster import as_png
from catalogue.pictures.slide import slide
from catalogue.query import Asked, strictly
from initiatives.facets import FacetIndex
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
