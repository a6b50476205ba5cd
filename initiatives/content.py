"""The citable version: says whether an entry, a passage or the whole catalogue still is what somebody cited.

Made of what is said alone, it is the same in every copy of the catalogue, and back again when a change is undone. What
is said is taken as rows, each hashed (SHA-256 of its JSON); their sum makes the version, so that their order, which
databases do not agree on, does not matter.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain

from initiatives.facets import Attributions
from initiatives.models import LINKS, Initiative, Passage, Reason, Source, Status
from taxonomy.models import PrioritySector, Term

DIGITS = 12
MOST_HASHED = 10_000  # entries, read in half a second; a larger catalogue is cited by its version in the archive
SOURCE = ("slug", "title", "note", "note_en")
PASSAGE = ("source__slug", "anchor", "position", "kind", "text", "is_caveat")
TERM = ("slug", "code", "name", "name_en", "text", "note", "note_en")
NOTES = ("classification_note", "classification_note_en")
TEXTS = ("title", "title_en", "summary", "summary_en", "scope", "funding", *NOTES)

Row = tuple[str | int | bool | None, ...]


def of_entry(
    entry: Initiative, attributions: Attributions, passages: Iterable[Passage], lead_ins: Iterable[Passage]
) -> str:
    """Of an entry with its terms, each with its reason, the names of what it links, and its passages.

    Entries are named by what stays: an address may change, and what is said is the same.
    """
    parent = entry.public_parent.uid if entry.public_parent else None
    own = [each for terms in attributions.values() for each in terms]
    links = [(*_name(each.term), each.basis, *_reason(each.reason)) for each in own]
    quoted = [(passage.anchor, passage.text) for passage in passages]
    introducing = [("lead-in", passage.anchor, passage.text) for passage in lead_ins]
    return _version([(entry.uid, *(getattr(entry, name) for name in TEXTS), parent), *links, *quoted, *introducing])


def _name(term: Term) -> Row:
    return term.dimension, term.slug, term.name, term.name_en, term.from_introduction


def _reason(reason: Reason | None) -> Row:
    if not reason:
        return ()
    quoted = (reason.passage.anchor, reason.passage.text) if reason.passage else ()
    return (*quoted, reason.note, reason.note_en)


def of_passage(passage: Passage) -> str:
    return _version([(passage.anchor, passage.text)])


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
    yield from PrioritySector.objects.exclude(objectives=None).order_by().values_list("slug", "objectives__slug")
    yield from PrioritySector.objects.order_by().values_list("slug", "from_introduction")


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
