"""Entries as lists, files and the API show them: each with its terms, and where it has what was searched."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from weakref import WeakKeyDictionary

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override

from catalogue.presenters.text import plain
from initiatives.facets import Attribution, Attributions, FacetIndex
from initiatives.models import Initiative, Passage, lead_ins_of, reasons_of
from initiatives.search.marks import snippet
from initiatives.search.words import Atom
from taxonomy.models import Term

BATCH = 1000  # entries read at once: all that a file of any size takes of memory
WITH_NAMES = (
    "parent",
    "public",
    "parent__public",
)  # those that stay are said of an entry and of what it is a measure of
MOST_KNOWN = 500  # cards that pages have shown and the next ones may show again


@dataclass(frozen=True)
class Snippet:
    """What else of an entry has what was searched; `place` is document, note or translation."""

    place: str
    language: str
    text: SafeString


@dataclass(frozen=True)
class Card:
    """An entry, its terms and the passages that it quotes.

    `snippet` or `found_by` show what title and summary do not have of what was searched.
    """

    entry: Initiative
    links: Attributions
    passages: list[Passage]
    lead_ins: list[Passage] = field(default_factory=list)
    snippet: Snippet | None = None
    found_by: Term | None = None


# The cards of each index that pages have shown.
_known: WeakKeyDictionary[FacetIndex, dict[int, Card]] = WeakKeyDictionary()


def cards(index: FacetIndex, ids: Sequence[int]) -> list[Card]:
    """The entries of these ids, which the index found, in their order; those shown before are not asked for again."""
    known = _known.setdefault(index, {})
    shown = {pk: card for pk in ids if (card := known.get(pk))}
    if missing := [pk for pk in ids if pk not in shown]:
        shown |= {card.entry.pk: card for card in _loaded(index, missing)}
        if len(known) > MOST_KNOWN:
            known.clear()
        known |= shown
    return [shown[pk] for pk in ids]


def card_of(slug: str, index: FacetIndex) -> Card:
    """Of a published entry. Raises Http404."""
    entry = get_object_or_404(Initiative.objects.published().select_related(*WITH_NAMES), slug=slug)
    return Card(entry, index.attributions(entry.pk), index.passages_of(entry.pk))


def _loaded(index: FacetIndex, ids: Sequence[int]) -> list[Card]:
    # By id alone: asked for the published among these ids, SQLite would walk through all that are published.
    entries, links = Initiative.objects.select_related(*WITH_NAMES).in_bulk(ids), index.attributions_of(ids)
    return [Card(entries[pk], links[pk], index.passages_of(pk)) for pk in ids]


def whole(index: FacetIndex, shown: Sequence[Card]) -> list[Card]:
    """With why each entry stands under its terms, and the words that introduce it."""
    ids, passages = [card.entry.pk for card in shown], {passage.pk: passage for passage in index.passages}
    reasons, lead_ins = reasons_of(ids, passages), lead_ins_of(ids, passages)

    def explained(card: Card, dimension: str, link: Attribution) -> Attribution:
        return replace(link, reason=reasons.get((dimension, card.entry.pk, link.term.pk)))

    return [
        replace(
            card,
            links={d: [explained(card, d, link) for link in links] for d, links in card.links.items()},
            lead_ins=lead_ins[card.entry.pk],
        )
        for card in shown
    ]


def batches_of_cards(index: FacetIndex, ids: Iterable[int]) -> Iterator[Card]:
    """All of them whole, few in memory at a time."""
    rest = iter(ids)
    while batch := list(islice(rest, BATCH)):
        yield from whole(index, _loaded(index, batch))


def with_what_was_found(shown: Sequence[Card], wanted: Sequence[Atom]) -> list[Card]:
    """Those that show nothing of what was searched get a snippet of what does, or the term that is named so."""
    return [_with_what_was_found(card, wanted) if wanted else card for card in shown]


def _with_what_was_found(card: Card, wanted: Sequence[Atom]) -> Card:
    entry = card.entry
    if snippet((entry.heading, entry.abstract), wanted) is not None:
        return card
    if (text := snippet((plain(passage.text) for passage in card.passages), wanted)) is not None:
        return replace(card, snippet=Snippet("document", "it", text))
    for term in (link.term for links in card.links.values() for link in links):
        if snippet((term.label, term.name, term.name_en), wanted) is not None:
            return replace(card, found_by=term)
    for place, language, texts in _other_texts(entry):
        if (text := snippet(texts, wanted)) is not None:
            return replace(card, snippet=Snippet(place, language, text))
    return card


def _other_texts(entry: Initiative) -> Iterator[tuple[str, str, Iterable[str]]]:
    """Place, language and texts of an entry that a card does not show."""
    language = get_language() or settings.LANGUAGE_CODE
    yield "note", language, (entry.reading_note,)
    other = "en" if language == "it" else "it"
    with override(other):
        twins = entry.heading, entry.abstract, entry.reading_note
    yield "translation", other, twins
