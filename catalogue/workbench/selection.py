"""A selection in words: what is on screen, the ways to change it, and what a search leads to beside its entries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from catalogue.presenters.cards import Card, cards, with_what_was_found
from catalogue.presenters.text import quoted
from catalogue.query import facet_labels, parameter, value_labels
from initiatives.facets import FACETS, NONE, FacetIndex, Found, Selection, Vocabularies, suggest
from initiatives.models import Basis
from initiatives.search.words import Atom
from taxonomy.models import Term

ORPHANS = 4  # entries that a last page takes rather than leave them a page of their own
MOST_OFFERED = 10  # entries, where none was found
MOST_ALONE = 10  # words counted each by itself


@dataclass(frozen=True)
class Chip:
    """One active choice, and the query string that is left without it."""

    label: str
    query: str


def short_label(facet: str, value: str, terms: Vocabularies) -> str:
    """A value as the sentence and the chips name it: "OS ix", not the objective's whole wording."""
    if value == NONE:
        return str(parameter(facet).unclassified)
    term = terms.get(facet, {}).get(value)
    return term.short if term else value_labels(facet, terms)[value]


def these(selection: Selection) -> str:
    """The entries that it names, as the sentence and the chips say it."""
    return ngettext("una scheda scelta", "%(n)s schede scelte", len(selection.entries)) % {"n": len(selection.entries)}


def basis_label(basis: str) -> str:
    return str(dict(parameter("basis").extra["choices"])[basis])


def present_sentence(selection: Selection, terms: Vocabularies) -> SafeString:
    """What is on screen: `OS ix <strong>e</strong> (Welfare <strong>o</strong> Cura)`."""
    either = format_html(" <strong>{}</strong> ", pgettext("joins", "o"))
    both = format_html(" <strong>{}</strong> ", pgettext("joins", "e"))
    groups = [[quoted(selection.q)]] if selection.q else []
    groups += [[these(selection)]] if selection.entries else []
    groups += [
        [short_label(facet, value, terms) for value in value_labels(facet, terms) if value in selection.chosen(facet)]
        for facet in FACETS
        if selection.chosen(facet)
    ]
    joined = [(format_html_join(either, "{}", ((label,) for label in group)), len(group)) for group in groups]
    bracketed = len(groups) > 1
    parts = ((format_html("({})", html) if bracketed and size > 1 else html,) for html, size in joined)
    sentence = format_html_join(both, "{}", parts) if groups else format_html("{}", _("tutte le schede"))
    if selection.basis in Basis:
        only = _("si considera solo la classificazione del documento")
        return format_html("{} ({})", sentence, only) if groups else format_html("{}", only)
    return sentence


def present_chips(selection: Selection, terms: Vocabularies) -> list[Chip]:
    chips = [Chip(quoted(selection.q), selection.without("q").query)] if selection.q else []
    chips += [Chip(these(selection), selection.without("entries").query)] if selection.entries else []
    for name in FACETS:
        for value in selection.chosen(name):
            chips.append(Chip(short_label(name, value, terms), selection.dropping(name, value).query))
    if selection.basis in Basis:
        chips.append(Chip(_("solo la classificazione del documento"), selection.without("basis").query))
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
    elif name == "entries":
        labels = [these(selection)]
    elif name == "basis":
        labels = [_("solo la classificazione del documento")]
    else:
        labels = [short_label(name, value, terms) for value in selection.chosen(name)]
    return f" {pgettext('joins', 'o')} ".join(map(quoted, labels))


@dataclass(frozen=True)
class PageLink:
    number: int
    query: str


def pages_of(total: int, selection: Selection) -> Paginator:
    return Paginator(range(total), selection.page_size, orphans=ORPHANS)


def present_pages(selection: Selection, found: Found) -> list[PageLink | None]:
    """The links of the pager; nothing where it leaves pages out."""
    numbers = pages_of(found.total, selection).get_elided_page_range(found.page, on_each_side=1, on_ends=1)
    return [PageLink(n, selection.at_page(n).query) if isinstance(n, int) else None for n in numbers]


@dataclass(frozen=True)
class Speaking:
    """A term whose wording has the text, its entries and the query string that opens them."""

    term: Term
    count: int
    query: str


@dataclass(frozen=True)
class Counted:
    """A text, how many entries have it under the other choices, and the query string that opens these, if one does."""

    text: str
    count: int
    query: str


@dataclass(frozen=True)
class Offer:
    """What is shown where nothing was found: the entries of the text as `spelt`, or those that have most of its words.

    `alone` counts each word by itself, `any_of` those that have at least one.
    """

    spelt: Selection | None
    cards: Sequence[Card]
    wanted: Sequence[Atom]
    alone: Sequence[Counted]
    any_of: Counted | None


def present_terms(index: FacetIndex, selection: Selection) -> list[Speaking]:
    plain = Selection(basis=selection.basis, carried=selection.carried)
    return [
        Speaking(term, count, replace(plain, choices={term.dimension: (term.slug,)}).query)
        for term, count in index.terms_speaking(selection)
    ]


@dataclass(frozen=True)
class Option:
    """Something to choose under a search box, and where it leads; `text` is what it would search."""

    kind: str
    label: str
    address: str
    count: int | None = None
    text: str = ""


def present_suggestions(index: FacetIndex, q: str) -> list[Option]:
    suggested, search, document = suggest(index, q), reverse("initiative-list"), reverse("source")
    return [
        *(Option(_("Cerca"), text, search + Selection(q=text).query, text=text) for text in suggested.texts),
        *(Option(_("Cerca nel documento"), text, document + Selection(q=text).query) for text in suggested.in_document),
        *(Option(facet_labels()[t.dimension], t.label, t.get_absolute_url(), count) for t, count in suggested.terms),
        *(Option(entry.level_name, entry.heading, entry.get_absolute_url()) for entry in suggested.entries),
    ]


def present_offer(index: FacetIndex, selection: Selection) -> Offer:
    reading, spelt = index.reading(selection.q), index.spelt(selection)
    either = pgettext("joins", "o")
    alone = [f" {either} ".join(clause.typed) for clause in reading.clauses]
    texts = [*alone, reading.any_of(either)] if 1 < len(alone) <= MOST_ALONE else []
    index.look_up([spelt, *texts])
    counts = index.counts_alone(selection) if texts else []
    counted = [_counted(index, selection, text, count) for text, count in zip(texts, counts, strict=True)]
    whole = replace(selection, q=spelt, page=1, page_size=MOST_OFFERED)
    ids = index.find(whole).ids if spelt else ()
    is_spelt = bool(ids or (spelt and index.passages_with(spelt)))
    wanted = index.reading(spelt if is_spelt else selection.q).wanted
    shown = cards(index, ids if is_spelt else index.nearest(selection, MOST_OFFERED))
    return Offer(
        whole.without("page_size") if is_spelt else None,
        with_what_was_found(shown, wanted),
        wanted,
        counted[:-1],
        counted[-1] if counted else None,
    )


def _counted(index: FacetIndex, selection: Selection, text: str, count: int) -> Counted:
    """By itself a word may be read as the beginning of one, which here it is not: then it opens nothing."""
    asked = replace(selection, q=text, page=1)
    return Counted(text, count, asked.query if index.total(asked) == count else "")
