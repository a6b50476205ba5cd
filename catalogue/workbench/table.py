"""The entries as the rows of a table, whose heads sort them and whose values choose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalogue.presenters.cards import Card
from catalogue.query import facet_labels
from initiatives.facets import Attribution, Found, Selection
from initiatives.models import LINKS


@dataclass(frozen=True)
class Head:
    """`query` sorts by it, where it can be sorted by; `sorted` is its `aria-sort`; `title` says what a short
    label cannot."""

    label: str
    query: str | None = None
    sorted: str = ""
    title: str = ""


@dataclass(frozen=True)
class Chosen:
    """A value, and the query string that chooses it alone of its facet."""

    label: str
    query: str
    link: Attribution | None = None


@dataclass(frozen=True)
class Row:
    number: int
    card: Card
    level: Chosen
    terms: Mapping[str, list[Chosen]]
    scope: Chosen


def present_heads(selection: Selection) -> list[Head]:
    short = {"objective": _("Obiettivo"), "category": _("Categoria"), "sector": _("Settore")}
    return [
        _sorting(_("N."), "position", selection, _("Ordina come nel documento")),
        _sorting(_("Titolo"), "title", selection),
        _sorting(_("Tipo di scheda"), "level", selection),
        *(Head(short.get(dimension, facet_labels()[dimension])) for dimension in LINKS),
        Head(facet_labels()["scope"]),
        _sorting(_("Aggiornata"), "-updated", selection),
    ]


def _sorting(label: str, order: str, selection: Selection, title: str = "") -> Head:
    is_current = selection.ordering == order
    direction = "descending" if order.startswith("-") else "ascending"
    return Head(label, selection.ordered(order).query, direction if is_current else "", title)


def present_rows(shown: Sequence[Card], found: Found, selection: Selection) -> list[Row]:
    first = (found.page - 1) * selection.page_size + 1
    return [_row(number, card, selection) for number, card in enumerate(shown, first)]


def _row(number: int, card: Card, selection: Selection) -> Row:
    entry = card.entry

    def choosing(facet: str, value: str, label: str, link: Attribution | None = None) -> Chosen:
        return Chosen(label, selection.only(facet, value).query, link)

    return Row(
        number,
        card,
        choosing("level", entry.level, entry.level_name),
        {
            dimension: [choosing(dimension, link.term.slug, link.term.short, link) for link in links]
            for dimension, links in card.links.items()
        },
        choosing("scope", entry.scope, entry.get_scope_display()),
    )
