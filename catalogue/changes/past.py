"""What an entry said once, put into the form that its page of that time has."""

from collections.abc import Iterable
from dataclasses import dataclass

from catalogue.changes.told import name_of_term
from initiatives.content import Classified, Quoted, Wording
from initiatives.facets import FacetIndex
from initiatives.models import LINKS, Basis, Funding, PublicEntry, Scope
from taxonomy.models import INTRODUCTION, translated


@dataclass(frozen=True)
class PastTerm:
    name: str
    basis: str
    why: str
    passage: Quoted | None


@dataclass(frozen=True)
class PastEntry:
    """In the reader's language, where it had been translated."""

    title: str
    title_language: str
    summary: str
    summary_language: str
    parent: str
    scope: str
    funding: str
    note: str
    note_language: str
    terms: dict[str, list[PastTerm]]
    passages: list[Quoted]
    lead_ins: list[Quoted]


def present_past(wording: Wording, index: FacetIndex, language: str) -> PastEntry:
    order = {passage.anchor: place for place, passage in enumerate(index.passages)}
    parent = PublicEntry.objects.filter(uid=wording.parent).first() if wording.parent else None
    texts = (text for name in ("title", "summary", "classification_note") for text in _text(wording, name, language))
    title, title_language, summary, summary_language, note, note_language = texts
    return PastEntry(
        *(title, title_language, summary, summary_language),
        parent.heading if parent else "",
        str(Scope(wording.texts["scope"]).label),
        str(Funding(wording.texts["funding"]).label),
        *(note, note_language),
        {dimension: _terms(wording, dimension, index) for dimension in LINKS},
        _in_order(wording.passages, order),
        _in_order(wording.lead_ins, order),
    )


def _text(wording: Wording, name: str, language: str) -> tuple[str, str]:
    """In the reader's language or, where there was none, in Italian; and which of them."""
    english = wording.texts[f"{name}_en"] if language == "en" else ""
    return (english, "en") if english else (wording.texts[name], "it")


def _in_order(quoted: Iterable[Quoted], order: dict[str, int]) -> list[Quoted]:
    """The document's; what it no longer has comes last."""
    return sorted(quoted, key=lambda each: (order.get(each.anchor, len(order)), each.anchor))


def _terms(wording: Wording, dimension: str, index: FacetIndex) -> list[PastTerm]:
    order = {slug: place for place, slug in enumerate(index.terms[dimension])}
    own = [term for term in wording.terms if term.dimension == dimension]
    return [_term(term) for term in sorted(own, key=lambda term: (order.get(term.slug, len(order)), term.slug))]


def _term(term: Classified) -> PastTerm:
    name = f"{name_of_term(term)} ({INTRODUCTION})" if term.from_introduction else name_of_term(term)
    return PastTerm(name, str(Basis(term.basis).label), translated(term, "note"), term.passage)
