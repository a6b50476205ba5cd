"""What a reader finds where there is nothing: the ways on, and what may have been meant."""

from contextlib import closing
from difflib import get_close_matches
from urllib.parse import unquote

from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from catalogue.answers import WITHOUT_DATABASE
from catalogue.headers import is_editorial
from catalogue.query import as_slug
from initiatives.facets import FacetIndex, Overtaken, index_at, meant_by
from initiatives.models import Initiative
from initiatives.versions import Snapshot
from taxonomy.models import Term

MOST_TERMS = 2


def not_found(request: HttpRequest, exception: Http404) -> HttpResponse:
    return render(request, "404.html", {"meant": _meant(request)}, status=404)


def _meant(request: HttpRequest) -> list[Initiative | Term]:
    """Nothing where the database does not answer: the page is worth having without."""
    steps = [slug for step in unquote(request.path_info).split("/") if (slug := as_slug(step))]
    if not steps or is_editorial(request) or request.META.get(WITHOUT_DATABASE):
        return []
    try:
        with closing(Snapshot()) as snapshot:
            index = index_at(snapshot)
            return [*_terms(index, steps[-1]), *meant_by(index, steps[-1])]
    except (Overtaken, DatabaseError, InterfaceError):
        return []


def _terms(index: FacetIndex, slug: str) -> list[Term]:
    """Those that it names, by a code of today too; else those whose address is most like this one."""
    named = [index.terms[each][name] for clause in index.reading(slug).clauses for each, name in clause.named]
    if named:
        return named[:MOST_TERMS]
    every = {each: term for terms in index.terms.values() for each, term in terms.items()}
    return [every[each] for each in get_close_matches(slug, every, MOST_TERMS)]
