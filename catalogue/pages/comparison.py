from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from catalogue.answers import public_page
from catalogue.presenters.comparison import cards_of, compare, comparison_query
from catalogue.presenters.related import kin_of, related_to
from catalogue.query import unknown
from initiatives.facets import index_at
from initiatives.versions import Snapshot


@public_page
def comparison(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    index = index_at(snapshot)
    shown, refused = cards_of(request.GET.getlist("i"), index)
    alone = shown[0].entry if len(shown) == 1 else None
    context = {
        "canonical_query": comparison_query(card.entry.slug for card in shown),
        "ignored": unknown(request.GET, known={"i"}) + refused,
        "comparison": compare(shown),
        "alone": alone,
        "related": related_to(alone, index) if alone else [],
        "kin": kin_of(alone) if alone else [],
    }
    return render(request, "comparison/page.html", context)
