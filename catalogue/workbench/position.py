"""An entry inside the result that it was opened from: which one it is, its neighbours, the way back."""

from dataclasses import dataclass, replace
from math import ceil

from django.urls import reverse

from catalogue.query import Asked, query_of
from catalogue.workbench.selection import ORPHANS, present_sentence
from catalogue.workbench.views import LIST, TABLE, View
from initiatives.facets import FacetIndex, Selection
from initiatives.models import Initiative

LONGEST = 1000  # letters of a query string that every link of a page repeats


@dataclass(frozen=True)
class Neighbour:
    entry: Initiative
    address: str


@dataclass(frozen=True)
class InResult:
    """`back` is the page of the result that has the entry; `sentence` says what was chosen, if anything was."""

    number: int
    total: int
    sentence: str
    back: str
    previous: Neighbour | None
    following: Neighbour | None


def entry_query(selection: Selection, view: View) -> str:
    """With which an entry's page knows the result that it was opened from; a text too long for that is left out."""
    pairs = replace(selection, page=1).pairs + [("view", view.name)] * (view is TABLE)
    query = query_of(pairs)
    return query if len(query) <= LONGEST else ""


def present_position(entry: Initiative, asked: Asked, index: FacetIndex) -> InResult | None:
    selection = replace(asked.selection, page=1)
    position = index.position_of(entry.pk, selection)
    if position is None:
        return None
    entries = Initiative.objects.in_bulk([pk for pk in (position.previous, position.following) if pk])
    view = TABLE if asked.view == TABLE.name else LIST
    query = entry_query(selection, view)

    def neighbour(pk: int | None) -> Neighbour | None:
        return Neighbour(entries[pk], entries[pk].get_absolute_url() + query) if pk else None

    return InResult(
        position.number,
        position.total,
        present_sentence(selection, index.terms) if selection.active else "",
        reverse(view.name) + selection.at_page(_page(position.number, position.total, selection)).query,
        neighbour(position.previous),
        neighbour(position.following),
    )


def _page(number: int, total: int, selection: Selection) -> int:
    pages = max(1, ceil((total - ORPHANS) / selection.page_size))
    return min(pages, ceil(number / selection.page_size))
