"""An entry inside the result that it was opened from: which one it is, its neighbours, the way back."""

from dataclasses import dataclass, replace
from math import ceil

from django.urls import reverse

from catalogue.presenters.cards import cards
from catalogue.query import ALONE, Asked, query_of
from catalogue.workbench.selection import pages_of, present_sentence
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
    """With which an entry's page knows the result that it was opened from; what is too long for that is left out."""
    for kept in (replace(selection, page=1), replace(selection, page=1, carried=())):
        query = query_of(kept.pairs + [("view", view.name)] * (view is TABLE))
        if len(query) <= LONGEST:
            return query
    return f"?view={ALONE}"


def query_in(asked: Asked) -> str:
    """With which the pages that an entry's leads on to know the result too."""
    if asked.view == ALONE:
        return f"?view={ALONE}"
    return entry_query(asked.selection, _view(asked))


def _view(asked: Asked) -> View:
    return TABLE if asked.view == TABLE.name else LIST


def present_position(entry: Initiative, asked: Asked, index: FacetIndex) -> InResult | None:
    selection = replace(asked.selection, page=1)
    position = None if asked.view == ALONE else index.position_of(entry.pk, selection)
    if position is None:
        return None
    shown = cards(index, [pk for pk in (position.previous, position.following) if pk])
    view, query = _view(asked), query_in(asked)
    neighbours = {card.entry.pk: Neighbour(card.entry, card.entry.get_absolute_url() + query) for card in shown}
    return InResult(
        position.number,
        position.total,
        present_sentence(selection, index.terms) if selection.active else "",
        reverse(view.name) + selection.at_page(_page(position.number, position.total, selection)).query,
        neighbours.get(position.previous or 0),
        neighbours.get(position.following or 0),
    )


def _page(number: int, total: int, selection: Selection) -> int:
    return min(pages_of(total, selection).num_pages, ceil(number / selection.page_size))
