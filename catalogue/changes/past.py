"""What an entry said once, put into the form that its page of that time has."""

from collections.abc import Iterable
from dataclasses import dataclass

from initiatives.content import Classified, Quoted, Wording
from initiatives.facets import FacetIndex
from initiatives.models import LINKS, Basis, Funding, PublicEntry, Scope
from taxonomy.models import INTRODUCTION


@dataclass(frozen=True)
class PastTerm:
    """`remarks` are where it comes from, if from the introduction, and on whose word the entry stands under it."""

    name: str
    name_language: str
    remarks: list[str]
    why: str
    why_language: str
    passage: Quoted | None


@dataclass(frozen=True)
class PastEntry:
    """In the reader's language, where it had been translated."""

    title: str
    title_language: str
    summary: str
    summary_language: str
    parent: str
    parent_language: str
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
    texts = (
        text
        for name in ("title", "summary", "classification_note")
        for text in _text(wording.texts[name], wording.texts[f"{name}_en"], language)
    )
    title, title_language, summary, summary_language, note, note_language = texts
    return PastEntry(
        *(title, title_language, summary, summary_language),
        *(_text(parent.title, parent.title_en, language) if parent else ("", language)),
        str(Scope(wording.texts["scope"]).label),
        str(Funding(wording.texts["funding"]).label),
        *(note, note_language),
        {dimension: _terms(wording, dimension, index, language) for dimension in LINKS},
        _in_order(wording.passages, order),
        _in_order(wording.lead_ins, order),
    )


def _text(italian: str, english: str, language: str) -> tuple[str, str]:
    """In the reader's language or, where there was none, in Italian; and which of them."""
    return (english, "en") if language == "en" and english else (italian, "it")


def _in_order(quoted: Iterable[Quoted], order: dict[str, int]) -> list[Quoted]:
    """The document's; what it no longer has comes last."""
    return sorted(quoted, key=lambda each: (order.get(each.anchor, len(order)), each.anchor))


def _terms(wording: Wording, dimension: str, index: FacetIndex, language: str) -> list[PastTerm]:
    order = {slug: place for place, slug in enumerate(index.terms[dimension])}
    own = [term for term in wording.terms if term.dimension == dimension]
    in_order = sorted(own, key=lambda term: (order.get(term.slug, len(order)), term.slug))
    return [_term(term, language) for term in in_order]


def _term(term: Classified, language: str) -> PastTerm:
    remarks = [str(INTRODUCTION)] if term.from_introduction else []
    return PastTerm(
        *_text(term.name, term.name_en, language),
        [*remarks, str(Basis(term.basis).label)],
        *_text(term.note, term.note_en, language),
        term.passage,
    )
