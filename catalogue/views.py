from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from initiatives.facets import find
from initiatives.models import Passage, Source, vocabularies
from initiatives.presenters import present_facets
from initiatives.selection import Selection


def home(request: HttpRequest) -> HttpResponse:
    terms, selection = vocabularies(), Selection()
    found = find(selection)
    doorways = [facet for facet in present_facets(selection, found, terms) if facet.name in terms]
    return render(request, "catalogue/home.html", {"found": found, "doorways": doorways})


def about(request: HttpRequest) -> HttpResponse:
    caveats = Passage.objects.caveats()
    context = {"found": find(Selection()), "sources": Source.objects.all(), "caveats": caveats}
    return render(request, "catalogue/about.html", context)
