"""The citable version: says whether an entry, a passage or the whole catalogue still is what somebody cited.

Made of what is said alone, it is the same in every copy of the catalogue, and back again when a change is undone. What
is said is taken as rows, each hashed (SHA-256 of its JSON); their sum makes the version, so that their order, which
databases do not agree on, does not matter.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import lru_cache

from initiatives.models import LINKS, Initiative, Passage, Status

DIGITS = 12
MOST_HASHED = 100_000  # entries read in 4 seconds; a larger catalogue is cited by its version in the archive
ENTRY = (
    "slug",
    "title",
    "title_en",
    "summary",
    "summary_en",
    "parent__slug",
    "scope",
    "funding",
    "classification_note",
    "classification_note_en",
)
TERM = ("slug", "code", "name", "name_en", "text", "note", "note_en")
PASSAGE = ("source__slug", "anchor", "position", "kind", "text", "is_caveat")

Row = tuple[str | int | bool | None, ...]


def of_entry(entry: Initiative) -> str:
    """Of an entry with its links (`with_links`) and passages."""
    parent = entry.parent.slug if entry.parent else None
    fields = {name: getattr(entry, name) for name in ENTRY if name != "parent__slug"} | {"parent__slug": parent}
    links = [(d, entry.slug, link.term.slug, link.basis) for d, found in entry.links.items() for link in found]
    passages = [(entry.slug, passage.anchor, passage.text) for passage in entry.passages.all()]
    return _version([tuple(fields[name] for name in ENTRY), *links, *passages])


def of_passage(passage: Passage) -> str:
    return _version([(passage.anchor, passage.text)])


@lru_cache(maxsize=1)
def of_catalogue(version: int) -> str:
    """Of all that is published in this version of the archive: reads it whole."""
    return _version(_all_rows())


def _all_rows() -> Iterator[Row]:
    yield from Passage.objects.order_by().values_list(*PASSAGE)
    entries = Initiative.objects.published().order_by()
    yield from entries.values_list(*ENTRY).iterator()
    quotes = Initiative.passages.through.objects.filter(initiative__status=Status.PUBLISHED)
    yield from quotes.values_list("initiative__slug", "passage__anchor").iterator()
    for dimension, link in LINKS.items():
        for row in link.vocabulary().objects.order_by().values_list(*TERM):
            yield dimension, *row
        links = link.counting("all").filter(initiative__status=Status.PUBLISHED).order_by()
        for row in links.values_list("initiative__slug", f"{dimension}__slug", "basis").iterator():
            yield dimension, *row


def _version(rows: Iterable[Row]) -> str:
    total = 0
    for row in rows:
        text = json.dumps(row, ensure_ascii=False)
        total += int.from_bytes(hashlib.sha256(text.encode()).digest())
    return f"{total % 2**256:064x}"[:DIGITS]
