"""What is offered under a search box while somebody types; a piece of a page, fetched by htmx."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from catalogue.answers import public_page
from catalogue.query import read_search
from catalogue.workbench.selection import present_suggestions
from initiatives.facets import index_at
from initiatives.versions import Snapshot


@public_page
def suggestions(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    q, _ignored = read_search(request.GET)
    options = present_suggestions(index_at(snapshot), q) if q else []
    response = render(request, "parts/suggestions.html", {"options": options})
    response.headers["Cache-Control"] = "no-store"  # what somebody types is kept nowhere
    return response
