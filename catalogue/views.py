from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static

from initiatives import facets, linked_data, schema_org
from initiatives.crosswalk import draw
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
    context = {
        "found": found,
        "doorways": doorways,
        "crosswalk": draw(catalogue, selection, found, terms),
        "structured": schema_org.dataset_block(version),
    }
    return render(request, "site/home.html", context)


@public_page
def about(request: HttpRequest, version: int) -> HttpResponse:
    caveats = Passage.objects.caveats()
    found = facets.at(version).find(Selection())
    context = {"found": found, "sources": Source.objects.all(), "caveats": caveats, "licence": linked_data.licence()}
    return render(request, "site/about.html", context)


@public_page
def accessibility(request: HttpRequest, version: int) -> HttpResponse:
    context = {"contact": settings.CONTACT_EMAIL, "declaration": settings.ACCESSIBILITY_DECLARATION_URL}
    return render(request, "site/accessibility.html", context)


@public_page
def privacy(request: HttpRequest, version: int) -> HttpResponse:
    context = {"contact": settings.CONTACT_EMAIL, "licence": linked_data.licence()}
    return render(request, "site/privacy.html", context)


@public_page
def manifest(request: HttpRequest, version: int) -> HttpResponse:
    """What a phone shows when the catalogue is put on its home screen."""
    return render(request, "site/manifest.json", content_type="application/manifest+json")


def favicon(request: HttpRequest) -> HttpResponse:
    """For those who ask without having read which icon a page names."""
    return redirect(static("icons/favicon.ico"))
