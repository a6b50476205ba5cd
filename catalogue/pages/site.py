"""What the catalogue says of itself, and the document that it comes from."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.translation import gettext as _

from catalogue.answers import public_page
from catalogue.changes.told import latest_news
from catalogue.linked_data.editions import last_day
from catalogue.linked_data.schema_org import site_block
from catalogue.linked_data.signposting import of_catalogue, point
from catalogue.pages.editing import editable_page, may_edit
from catalogue.presenters.citation import cite_passage
from catalogue.presenters.coverage import cover
from catalogue.presenters.document import find_in_document, passages_beside, present_documents
from catalogue.query import Ignored, as_slug, read_document
from catalogue.workbench.crosswalk import draw
from catalogue.workbench.facets import present_facets
from initiatives.facets import Selection, index_at
from initiatives.models import Passage, Scope, Source, passages_with_ties
from initiatives.versions import Snapshot


@public_page
def home(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    index, selection = index_at(snapshot), Selection()
    found = index.find(selection)
    sources = dict.fromkeys(passage.source for passage in index.passages)
    doorways = {
        facet.name: facet for facet in present_facets(selection, found, index.terms) if facet.name in index.terms
    }
    objectives = doorways.pop("objective")
    context = {
        "found": found,
        "objectives": objectives,
        "papers": [value for value in objectives.values if value.term and value.count],
        "doorways": [facet for facet in doorways.values() if facet.values],
        "sources": sources,
        "crosswalk": draw(index, selection, found),
        "news": latest_news(index),
        "structured": site_block(),
    }
    response = render(request, "site/home.html", context)
    point(response, of_catalogue())
    return response


@editable_page
def source(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    q, cited, ignored = read_document(request.GET)
    passages = passages_with_ties()
    anchors = {passage.anchor for passage in index_at(snapshot).passages}
    if cited not in anchors and as_slug(cited) in anchors:
        cited = as_slug(cited)
    if cited and cited not in anchors:
        ignored.append(Ignored("cite", cited, _("nessun passo ha questo nome")))
    found = find_in_document(index_at(snapshot), q, passages) if q else None
    documents = present_documents(Source.objects.all(), passages)
    day = last_day(snapshot.version)
    citations = {passage.anchor: cite_passage(passage, day) for passage in passages_beside(cited, documents)}
    context = {
        "documents": documents,
        "citations": citations,
        "citation": citations.get(cited),
        "q": q,
        "cited": cited,
        "ignored": ignored,
        "canonical_query": Selection(q=q).query,
        "found": found,
        "wanted": found.wanted if found else (),
        "edits_source": may_edit(request, Source),
        "edits_passages": may_edit(request, Passage),
    }
    return render(request, "document/page.html", context)


@public_page
def about(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    context = {
        "found": index_at(snapshot).find(Selection()),
        "sources": Source.objects.all(),
        "caveats": Passage.objects.caveats(),
    }
    return render(request, "site/about.html", context)


@public_page
def coverage(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    index = index_at(snapshot)
    context = {
        "coverage": cover(index),
        "found": index.find(Selection()),
        "further_query": Selection().choosing("scope", Scope.FURTHER).query,
    }
    return render(request, "site/coverage.html", context)


@public_page
def accessibility(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    return render(request, "site/accessibility.html")


@public_page
def privacy(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    return render(request, "site/privacy.html")


def favicon(request: HttpRequest) -> HttpResponse:
    """For those who ask without having read which icon a page names."""
    return redirect(static("icons/favicon.ico"))
