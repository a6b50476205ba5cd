"""Turns what was found into what the list's templates show; asks the database nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape

from django.core.paginator import Paginator
from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from initiatives.filters import BASIS_CHOICES
from initiatives.models import LINKS, Basis, Level, Scope
from initiatives.selection import FACETS, NONE, Selection
from initiatives.sql import Found
from taxonomy.models import Term

Vocabularies = Mapping[str, Mapping[str, Term]]


@dataclass(frozen=True)
class FacetValue:
    value: str
    label: str
    count: int
    selected: bool
    query: str  # the selection with this value chosen too
    term: Term | None  # whose wording defines it; the other values have a definition of ours
    definition: str


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True)
class Chip:
    """One active choice, and the query string that is left without it."""

    label: str
    query: str


FACET_LABELS = {
    "objective": gettext_lazy("Obiettivo specifico 2021-27"),
    "category": gettext_lazy("Categoria d’intervento"),
    "sector": gettext_lazy("Settore prioritario (Annex D)"),
    "scope": gettext_lazy("Ambito"),
    "level": gettext_lazy("Livello"),
}

DEFINITIONS = {
    NONE: gettext_lazy("Né il documento né la redazione danno a queste voci un valore in questa classificazione."),
    Scope.FOCUS: gettext_lazy("Le riporta il Focus del documento sull’obiettivo tematico Inclusione sociale."),
    Scope.FURTHER: gettext_lazy("La Premessa le nomina tra le esperienze di altri obiettivi e dice di non riportarle."),
    Level.INITIATIVE: gettext_lazy("Le azioni che il documento elenca, ciascuna con le sue misure, se ne ha."),
    Level.MEASURE: gettext_lazy(
        "Azioni più specifiche che il documento riporta sotto un’iniziativa o che la redazione vi colloca."
    ),
}
UNCLASSIFIED_BY_SOURCE = gettext_lazy(
    "Il documento non dà a queste voci un valore in questa classificazione; la redazione può averlo dato."
)


def present_facets(selection: Selection, found: Found, terms: Vocabularies) -> list[Facet]:
    return [
        Facet(name, str(label), tuple(_values(name, selection, found.counts[name], terms)))
        for name, label in FACET_LABELS.items()
    ]


def _values(name: str, selection: Selection, counts: Mapping[str, int], terms: Vocabularies) -> Iterator[FacetValue]:
    for value, label in _labels(name, terms).items():
        count, selected = counts.get(value, 0), value in selection.chosen(name)
        if value != NONE or count or selected:
            term, definition = terms.get(name, {}).get(value), DEFINITIONS.get(value, "")
            if value == NONE and selection.basis == Basis.SOURCE:
                definition = UNCLASSIFIED_BY_SOURCE
            query = selection.choosing(name, value).query
            yield FacetValue(value, label, count, selected, query, term, str(definition))


def _labels(name: str, terms: Vocabularies) -> dict[str, str]:
    if name in LINKS:
        return {slug: term.label for slug, term in terms[name].items()} | {NONE: _("Non classificato")}
    return {value: str(label) for value, label in {"scope": Scope, "level": Level}[name].choices}


def short_label(name: str, value: str, terms: Vocabularies) -> str:
    """A value as the sentence and the chips name it: "OS ix", not the objective's whole wording."""
    term = terms.get(name, {}).get(value)
    if value == NONE:
        return {
            "objective": _("senza obiettivo"),
            "category": _("senza categoria"),
            "sector": _("senza settore"),
        }[name]
    return term.short if term else _labels(name, terms)[value]


def present_sentence(selection: Selection, terms: Vocabularies) -> SafeString:
    """What is on screen: `OS ix <strong>e</strong> (Welfare <strong>o</strong> Cura)`."""
    either = format_html(" <strong>{}</strong> ", pgettext("joins", "o"))
    both = format_html(" <strong>{}</strong> ", pgettext("joins", "e"))
    groups = [[f"«{selection.q}»"]] if selection.q else []
    groups += [
        [short_label(name, value, terms) for value in _labels(name, terms) if value in selection.chosen(name)]
        for name in FACETS
        if selection.chosen(name)
    ]
    joined = [(format_html_join(either, "{}", ((label,) for label in group)), len(group)) for group in groups]
    bracketed = len(groups) > 1
    parts = ((format_html("({})", html) if bracketed and size > 1 else html,) for html, size in joined)
    sentence = format_html_join(both, "{}", parts) if groups else format_html("{}", _("tutte"))
    if selection.basis in Basis:
        only = _("si considerano solo le attribuzioni del documento")
        return format_html("{} ({})", sentence, only)
    return sentence


def as_text(html: SafeString) -> str:
    return unescape(strip_tags(html))


def present_chips(selection: Selection, terms: Vocabularies) -> list[Chip]:
    chips = [Chip(f"«{selection.q}»", selection.without("q").query)] if selection.q else []
    for name in FACETS:
        for value in selection.chosen(name):
            chips.append(Chip(short_label(name, value, terms), selection.dropping(name, value).query))
    if selection.basis in Basis:
        chips.append(Chip(str(dict(BASIS_CHOICES)[selection.basis]), selection.without("basis").query))
    return chips


@dataclass(frozen=True)
class WayOut:
    """An active choice, the query string that is left without it, and the total that gives."""

    dropped: str
    query: str
    total: int


def present_rescue(selection: Selection, totals: Mapping[str, int], terms: Vocabularies) -> list[WayOut]:
    return [
        WayOut(_or(name, selection, terms), selection.without(name).query, totals[name]) for name in selection.active
    ]


def _or(name: str, selection: Selection, terms: Vocabularies) -> str:
    """What an active parameter asks for, in quotes."""
    if name == "q":
        labels = [selection.q]
    elif name == "basis":
        labels = [str(dict(BASIS_CHOICES)[selection.basis])]
    else:
        labels = [short_label(name, value, terms) for value in selection.chosen(name)]
    return f" {pgettext('joins', 'o')} ".join(f"«{label}»" for label in labels)


@dataclass(frozen=True)
class Page:
    """A link of the pager; a gap between pages has number 0."""

    number: int
    query: str


def present_pages(selection: Selection, found: Found) -> list[Page]:
    paginator = Paginator(range(found.total), selection.page_size)
    numbers = paginator.get_elided_page_range(found.page, on_each_side=1, on_ends=1)
    return [
        Page(number, selection.at_page(number).query) if isinstance(number, int) else Page(0, "") for number in numbers
    ]
