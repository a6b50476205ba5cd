"""Entries as lists, files and the API show them: each with its terms, and where it has what was searched."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override

from catalogue.presenters.text import plain
from initiatives.facets import Attribution, Attributions, FacetIndex
from initiatives.models import Initiative, reasons_of
from initiatives.search.marks import snippet
from initiatives.search.words import Atom
from taxonomy.models import Term

BATCH = 1000  # entries read at once: all that a file of any size takes of memory


@dataclass(frozen=True)
class Snippet:
    """What else of an entry has what was searched; `place` is document, note or translation."""

    place: str
    language: str
    text: SafeString


@dataclass(frozen=True)
class Card:
    """An entry and its terms; `snippet` or `found_by` show what title and summary do not have of what was searched."""

    entry: Initiative
    links: Attributions
    snippet: Snippet | None = None
    found_by: Term | None = None


def cards(index: FacetIndex, ids: Sequence[int]) -> list[Card]:
    """The entries of these ids, which the index found, in their order."""
    # By id alone: asked for the published among these ids, SQLite would walk through all that are published.
    entries, links = Initiative.objects.select_related("parent").in_bulk(ids), index.attributions_of(ids)
    return [Card(entries[pk], links[pk]) for pk in ids]


def with_reasons(shown: Sequence[Card]) -> list[Card]:
    """With why each entry stands under its terms."""
    reasons = reasons_of(card.entry.pk for card in shown)

    def explained(card: Card, dimension: str, link: Attribution) -> Attribution:
        return replace(link, reason=reasons.get((dimension, card.entry.pk, link.term.pk)))

    return [
        replace(card, links={d: [explained(card, d, link) for link in links] for d, links in card.links.items()})
        for card in shown
    ]


def whole(shown: Sequence[Card]) -> list[Card]:
    """With all that files and the API say of an entry."""
    prefetch_related_objects([card.entry for card in shown], "passages", "lead_ins")
    return with_reasons(shown)


def batches_of_cards(
    index: FacetIndex, ids: Iterable[int], load: Callable[[Sequence[Card]], list[Card]]
) -> Iterator[Card]:
    """All of them, with what `load` brings, few in memory at a time."""
    rest = iter(ids)
    while batch := list(islice(rest, BATCH)):
        yield from load(cards(index, batch))


def with_what_was_found(index: FacetIndex, shown: Sequence[Card], wanted: Sequence[Atom]) -> list[Card]:
    """Those that show nothing of what was searched get a snippet of what does, or the term that is named so."""
    return [_with_what_was_found(index, card, wanted) if wanted else card for card in shown]


def _with_what_was_found(index: FacetIndex, card: Card, wanted: Sequence[Atom]) -> Card:
    entry = card.entry
    if snippet((entry.heading, entry.abstract), wanted) is not None:
        return card
    if (text := snippet((plain(passage.text) for passage in index.passages_of(entry.pk)), wanted)) is not None:
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
