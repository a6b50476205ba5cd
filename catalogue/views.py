from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from initiatives import facets
from initiatives.models import Passage, Source
from initiatives.presenters import present_facets
from initiatives.selection import Selection
from initiatives.versions import public_page


@public_page
def home(request: HttpRequest, version: int) -> HttpResponse:
    catalogue, selection = facets.at(version), Selection()
    found = catalogue.find(selection)
    terms = catalogue.terms
    doorways = [facet for facet in present_facets(selection, found, terms) if facet.name in terms]
    return render(request, "catalogue/home.html", {"found": found, "doorways": doorways})


@public_page
def about(request: HttpRequest, version: int) -> HttpResponse:
    caveats = Passage.objects.caveats()
    context = {"found": facets.at(version).find(Selection()), "sources": Source.objects.all(), "caveats": caveats}
    return render(request, "catalogue/about.html", context)
