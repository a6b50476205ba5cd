from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from catalogue.answers import public_page
from catalogue.presenters.matrix import cross
from catalogue.presenters.selection import present_sentence
from catalogue.query import facet_labels, read_matrix
from initiatives.facets import index_at
from initiatives.versions import Snapshot


@public_page
def matrix(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    index = index_at(snapshot)
    axes, selection, ignored = read_matrix(request.GET, index.terms)
    context = {
        "axes": axes,
        "selection": selection,
        "canonical_query": axes.query(selection),
        "ignored": ignored,
        "matrix": cross(index, selection, axes),
        "sentence": present_sentence(selection, index.terms),
        "facet_choices": facet_labels().items(),
    }
    return render(request, "matrix/page.html", context)
