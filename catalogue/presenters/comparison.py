"""Two to four entries side by side: in each field, what they have in common and in what they differ."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal
from urllib.parse import urlencode

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.presenters.cards import Card, cards
from catalogue.presenters.related import related_to
from catalogue.query import parameter
from initiatives.facets import FacetIndex
from initiatives.models import LINKS, Basis, Initiative

MOST = 4
Shape = Literal["text", "day", "entry", "term", "passage"]  # how a value is shown


class Agreement(TextChoices):
    SAME = "same", gettext_lazy("uguale per tutte")
    PARTLY = "partly", gettext_lazy("uguale in parte")
    DIFFERENT = "different", gettext_lazy("diverso")
    EMPTY = "empty", gettext_lazy("vuoto per tutte")


OF_BOTH = {Agreement.SAME: gettext_lazy("uguale per entrambe"), Agreement.EMPTY: gettext_lazy("vuoto per entrambe")}


@dataclass(frozen=True)
class Statement:
    """What an entry has in a field and, if that is a term, on whose word."""

    what: Any
    basis: str | None = None


@dataclass(frozen=True)
class Value:
    """What one entry has in a row. `shared` and `apart` are marks in words, empty where there is nothing to mark."""

    what: Any
    basis: str | None
    shared: str  # with how many others it has this in common, on the same basis
    apart: str  # that another has it on the other basis: the same term, not the same link

    @property
    def basis_label(self) -> str:
        return str(Basis(self.basis).label) if self.basis else ""


@dataclass(frozen=True)
class Row:
    """One entry alone agrees with none."""

    label: str
    shape: Shape
    empty: str
    cells: tuple[tuple[Value, ...], ...]
    agreement: Agreement | None

    @property
    def in_words(self) -> str:
        """How far they agree: two are both, more are all."""
        if self.agreement is None:
            return ""
        return str((len(self.cells) == 2 and OF_BOTH.get(self.agreement)) or self.agreement.label)


@dataclass(frozen=True)
class Column:
    """An entry, and the query string that is left without it."""

    entry: Initiative
    without: str


@dataclass(frozen=True)
class Comparison:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def is_crowded(self) -> bool:
        return len(self.columns) > MOST

    @property
    def titles(self) -> str:
        return " · ".join(column.entry.heading for column in self.columns)


@dataclass(frozen=True)
class Field:
    label: str | Promise
    shape: Shape
    statements: Callable[[Card], Iterable[Statement]]
    empty: str | Promise = ""
    is_compared: bool = True  # not what each entry has of its own by its nature


def _if_any(*values: Any) -> list[Statement]:
    return [Statement(value) for value in values if value]


def _terms(dimension: str, card: Card) -> list[Statement]:
    return [Statement(link.term, link.basis) for link in card.links[dimension]]


def _day(card: Card) -> list[Statement]:
    updated = timezone.localtime(card.entry.updated)
    return _if_any(updated.replace(hour=0, minute=0, second=0, microsecond=0))


FIELDS = (
    Field(parameter("level").label, "text", lambda card: _if_any(card.entry.level_name)),
    Field(
        gettext_lazy("Misura di"),
        "entry",
        lambda card: _if_any(card.entry.public_parent),
        gettext_lazy("nessuna iniziativa del catalogo"),
    ),
    Field(parameter("scope").label, "text", lambda card: _if_any(card.entry.get_scope_display())),
    Field(gettext_lazy("Fondi"), "text", lambda card: _if_any(card.entry.get_funding_display())),
    *(Field(parameter(name).label, "term", partial(_terms, name), gettext_lazy("Non classificato")) for name in LINKS),
    Field(
        gettext_lazy("Nota sulla classificazione"),
        "text",
        lambda card: _if_any(card.entry.reading_note),
        gettext_lazy("Nessuna nota."),
    ),
    Field(gettext_lazy("Sintesi"), "text", lambda card: _if_any(card.entry.abstract), is_compared=False),
    Field(
        gettext_lazy("Passi del documento"),
        "passage",
        lambda card: _if_any(*card.passages),
        gettext_lazy("Nessun passo indicato."),
    ),
    Field(gettext_lazy("Scheda aggiornata il"), "day", _day, is_compared=False),
)


def comparison_query(slugs: Iterable[str]) -> str:
    """The canonical query string of a comparison: the entries in the order of their columns."""
    pairs = [("i", slug) for slug in slugs]
    return f"?{urlencode(pairs)}" if pairs else ""


@dataclass(frozen=True)
class Addition:
    """An entry to compare with, what it has in common, if that is known, and the query string of both."""

    entry: Initiative
    reason: str
    query: str


def additions(entry: Initiative, index: FacetIndex) -> list[Addition]:
    """First those that stand around it: their place is reason enough."""
    found = [(other, "") for other in entry.kin]
    found += [(other, alike.reason) for alike in related_to(entry, index) for other in alike.entries]
    return [Addition(other, reason, comparison_query([entry.slug, other.slug])) for other, reason in found]


def cards_of(slugs: Sequence[str], index: FacetIndex) -> list[Card]:
    """These entries in this order."""
    named = index.named(tuple(sorted(slugs)))
    return cards(index, [named[slug].pk for slug in slugs])


def compare(shown: Sequence[Card]) -> Comparison:
    """The entries in this order; of too many only what they are, so that one drops some."""
    slugs = [card.entry.slug for card in shown]
    columns = (Column(card.entry, comparison_query(s for s in slugs if s != card.entry.slug)) for card in shown)
    return Comparison(tuple(columns), tuple(_row(field, shown) for field in FIELDS if 1 <= len(shown) <= MOST))


def _row(field: Field, shown: Sequence[Card]) -> Row:
    cells = [list(field.statements(card)) for card in shown]
    agreement = _agreement(cells) if len(cells) > 1 and field.is_compared else None
    # Where a plain text is the same for all, the row says it once.
    marking = agreement not in (None, Agreement.SAME) or field.shape in ("term", "passage")
    values = (tuple(_value(each, cells if marking else [cell]) for each in cell) for cell in cells)
    return Row(str(field.label), field.shape, str(field.empty), tuple(values), agreement)


def _agreement(cells: Sequence[Sequence[Statement]]) -> Agreement:
    if not any(cells):
        return Agreement.EMPTY
    if all(set(cell) == set(cells[0]) for cell in cells):
        return Agreement.SAME
    # Two that have nothing do not agree in anything.
    values, whole = Counter(each for cell in cells for each in cell), Counter(frozenset(cell) for cell in cells if cell)
    return Agreement.PARTLY if max(*values.values(), *whole.values()) > 1 else Agreement.DIFFERENT


def _value(statement: Statement, cells: Sequence[Sequence[Statement]]) -> Value:
    what, basis = statement.what, statement.basis
    same = sum(statement in cell for cell in cells)
    apart = any(other.what == what and other.basis != basis for cell in cells for other in cell)
    return Value(what, basis, _shared(same, len(cells)), _apart(basis) if apart else "")


def _shared(same: int, all_of_them: int) -> str:
    if same < 2:
        return ""
    some = _("in comune a %(same)s su %(all)s") % {"same": same, "all": all_of_them}
    return _("in comune") if same == all_of_them else some


def _apart(basis: str | None) -> str:
    if basis == Basis.SOURCE:
        return _("altrove è aggiunta dalla redazione")
    return _("altrove è dal documento")
