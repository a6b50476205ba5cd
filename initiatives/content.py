"""The citable version: says whether an entry, a passage or the whole catalogue still is what somebody cited.

Made of what is said alone, it is the same in every copy of the catalogue, and back again when a change is undone. What
is said is taken as rows, each hashed (SHA-256 of its JSON); their sum makes the version, so that their order, which
databases do not agree on, does not matter.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple, Self

from initiatives.facets import Attribution, Attributions
from initiatives.models import LINKS, Initiative, Passage, Source, Status
from initiatives.versions import name_of
from taxonomy.models import PrioritySector, Term

DIGITS = 12
MOST_HASHED = 10_000  # entries, read in half a second; a larger catalogue is cited by its version in the archive
SOURCE = ("slug", "title", "note", "note_en")
PASSAGE = ("source__slug", "anchor", "position", "kind", "text", "is_caveat")
TERM = ("slug", "code", "name", "name_en", "text", "note", "note_en")
MATCH = ("term__slug", "code", "vocabulary", "relation", "name", "name_en", "note", "note_en")
NOTES = ("classification_note", "classification_note_en")
TEXTS = ("title", "title_en", "summary", "summary_en", "scope", "funding", *NOTES)

Row = tuple[str | int | bool | None, ...]


class Quoted(NamedTuple):
    """A passage by its anchor, and its text."""

    anchor: str
    text: str


class Classified(NamedTuple):
    """A term that an entry stands under, on whose word and why."""

    dimension: str
    slug: str
    name: str
    name_en: str
    from_introduction: bool
    basis: str
    passage: Quoted | None
    note: str
    note_en: str

    @property
    def row(self) -> Row:
        reason = (*(self.passage or ()), self.note, self.note_en) if self.passage or self.note else ()
        return (*self[:6], *reason)


@dataclass(frozen=True)
class Wording:
    """All that an entry says, in both languages, with its terms and the names and texts of what it quotes.

    Entries are named by what stays: an address may change, and what is said is the same. Of several things the order
    says nothing: they are in one that every database gives.
    """

    uid: str
    parent: str | None
    texts: dict[str, str]
    terms: tuple[Classified, ...]
    passages: tuple[Quoted, ...]
    lead_ins: tuple[Quoted, ...]

    @property
    def version(self) -> str:
        own = (self.uid, *(self.texts[name] for name in TEXTS), self.parent)
        introducing = [("lead-in", *quoted) for quoted in self.lead_ins]
        return _version([own, *(term.row for term in self.terms), *self.passages, *introducing])

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Self:
        terms = (Classified._make((*t[:6], Quoted(*t[6]) if t[6] else None, *t[7:])) for t in kept["terms"])
        passages, lead_ins = (tuple(Quoted(*each) for each in kept[name]) for name in ("passages", "lead_ins"))
        return cls(kept["uid"], kept["parent"], kept["texts"], tuple(terms), passages, lead_ins)


def wording(
    entry: Initiative, attributions: Attributions, passages: Iterable[Passage], lead_ins: Iterable[Passage]
) -> Wording:
    return Wording(
        entry.uid,
        entry.public_parent.uid if entry.public_parent else None,
        {name: getattr(entry, name) for name in TEXTS},
        tuple(sorted(_classified(each) for terms in attributions.values() for each in terms)),
        tuple(sorted(_quoted(passage) for passage in passages)),
        tuple(sorted(_quoted(passage) for passage in lead_ins)),
    )


def _quoted(passage: Passage) -> Quoted:
    return Quoted(passage.anchor, passage.text)


def _classified(link: Attribution) -> Classified:
    term, why = link.term, link.reason
    quoted = _quoted(why.passage) if why and why.passage else None
    notes = (why.note, why.note_en) if why else ("", "")
    name = term.dimension, term.slug, term.name, term.name_en, term.from_introduction
    return Classified._make((*name, link.basis, quoted, *notes))


def of_entry(
    entry: Initiative, attributions: Attributions, passages: Iterable[Passage], lead_ins: Iterable[Passage]
) -> str:
    return wording(entry, attributions, passages, lead_ins).version


def of_several(wordings: Iterable[Wording]) -> str:
    """Of the entries that say this."""
    return _version((each.uid, each.version) for each in wordings)


def of_term(term: Term, passages: Iterable[Passage]) -> str:
    """Of its wording and of the passages that name it; the entries under it have versions of their own."""
    own = (term.dimension, *(getattr(term, name) for name in TERM), bool(term.from_introduction))
    return _version([own, *_matches(term), *map(_quoted, passages)])


def of_passage(passage: Passage) -> str:
    return _version([(passage.anchor, passage.text)])


def of_values(rows: Iterable[Row]) -> str:
    """Of what is said elsewhere than in the database."""
    return _version(rows)


def of_vocabulary(dimension: str, terms: Collection[Term]) -> str:
    """Of its terms, and of the objectives under whose heading the document has them."""
    own = ((*(getattr(term, name) for name in TERM), term.from_introduction) for term in terms)
    return _version([*own, *chain(*map(_matches, terms)), *(_headings() if dimension == "sector" else ())])


def _matches(term: Term) -> list[Row]:
    return [(term.slug, *(getattr(match, name) for name in MATCH[1:])) for match in term.matches.all()]


def of_whole(version: int, total: int) -> str:
    """What the catalogue is cited by, with this many entries in this version of the archive."""
    return of_catalogue(version) if total <= MOST_HASHED else name_of(version)


@lru_cache(maxsize=1)
def of_catalogue(version: int) -> str:
    """Of all that is published in this version of the archive: reads it whole."""
    return _version(chain(_document_rows(), _term_rows(), _entry_rows()))


def _document_rows() -> Iterator[Row]:
    yield from Source.objects.order_by().values_list(*SOURCE)
    yield from Passage.objects.order_by().values_list(*PASSAGE)
    for ties, dimension in (("categories", "category"), ("objectives", "objective"), ("sectors", "sector")):
        for row in Passage.objects.exclude(**{ties: None}).order_by().values_list("anchor", f"{ties}__slug"):
            yield dimension, *row


def _term_rows() -> Iterator[Row]:
    for dimension, link in LINKS.items():
        for row in link.vocabulary().objects.order_by().values_list(*TERM):
            yield dimension, *row
        for row in link.vocabulary().match_model().objects.order_by().values_list(*MATCH):
            yield dimension, "match", *row
    yield from _headings()
    yield from PrioritySector.objects.order_by().values_list("slug", "from_introduction")


def _headings() -> Iterable[Row]:
    """Of the sectors, each with an objective."""
    return PrioritySector.objects.exclude(objectives=None).order_by().values_list("slug", "objectives__slug")


def _entry_rows() -> Iterator[Row]:
    entries = Initiative.objects.published().order_by().values_list("slug", *TEXTS, "parent__slug", "parent__status")
    for *fields, parent, status in entries.iterator():
        yield *fields, parent if status == Status.PUBLISHED else None
    for ties in (Initiative.passages.through, Initiative.lead_ins.through):
        quotes = ties._default_manager.filter(initiative__status=Status.PUBLISHED)
        for row in quotes.values_list("initiative__slug", "passage__anchor").iterator():
            yield ties.__name__, *row
    for dimension, link in LINKS.items():
        links = link._default_manager.filter(initiative__status=Status.PUBLISHED).order_by()
        why = "passage__anchor", "note", "note_en"
        for *row, note, note_en in links.values_list("initiative__slug", "term__slug", "basis", *why).iterator():
            yield dimension, *row, note or "", note_en or ""


def _version(rows: Iterable[Row]) -> str:
    total = 0
    for row in rows:
        text = json.dumps(row, ensure_ascii=False)
        total += int.from_bytes(hashlib.sha256(text.encode()).digest())
    return f"{total % 2**256:064x}"[:DIGITS]
