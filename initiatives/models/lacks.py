"""What an entry lacks to be published, and what its readers would miss."""

from collections.abc import Iterator, Sized
from dataclasses import dataclass
from enum import StrEnum

from initiatives.models.entries import Initiative
from initiatives.models.links import LINKS, WITHOUT_REASON, Basis, Link


class Lacking(StrEnum):
    TITLE = "title"
    SUMMARY = "summary"
    PASSAGES = "passages"
    SOURCE_REASON = "source-reason"
    EDITORIAL_REASON = "editorial-reason"
    PUBLISHED_PARENT = "published-parent"
    TERM = "term"
    ENGLISH = "english"
    ENGLISH_REASON = "english-reason"


@dataclass(frozen=True)
class Lack:
    """`field` is one of the entry or, with a link, of the link; of a kind of links that has none, its dimension.

    What is only advice hinders no publication.
    """

    what: Lacking
    field: str
    link: Link | None = None
    is_advice: bool = False


def lacks(entry: Initiative, passages: Sized | None = None) -> list[Lack]:
    """`passages` are those that the entry is about to have, where they are not saved yet."""
    return sorted([*_own(entry, passages), *_of_links(entry)], key=lambda lack: lack.is_advice)


def obstacles(entry: Initiative, passages: Sized | None = None) -> list[Lack]:
    return [lack for lack in lacks(entry, passages) if not lack.is_advice]


def _own(entry: Initiative, passages: Sized | None) -> Iterator[Lack]:
    if not entry.title:
        yield Lack(Lacking.TITLE, "title")
    if not entry.summary:
        yield Lack(Lacking.SUMMARY, "summary")
    if not (_quotes(entry) if passages is None else passages):
        yield Lack(Lacking.PASSAGES, "passages")
    if entry.parent and not entry.parent.is_published:
        yield Lack(Lacking.PUBLISHED_PARENT, "parent")
    for field in ("title", "summary", "classification_note"):
        if getattr(entry, field) and not getattr(entry, f"{field}_en"):
            yield Lack(Lacking.ENGLISH, f"{field}_en", is_advice=True)


def _quotes(entry: Initiative) -> bool:
    return entry.pk is not None and entry.passages.exists()


def _of_links(entry: Initiative) -> Iterator[Lack]:
    for dimension, link in LINKS.items():
        own = link._default_manager.filter(initiative=entry.pk).annotate(is_unexplained=WITHOUT_REASON)
        links = list(own.select_related("term"))
        for each in links:
            yield from _of_link(each, each.is_unexplained)
        if not links:
            yield Lack(Lacking.TERM, dimension, is_advice=True)


def _of_link(link: Link, is_unexplained: bool) -> Iterator[Lack]:
    if is_unexplained and link.basis == Basis.SOURCE:
        yield Lack(Lacking.SOURCE_REASON, "passage", link)
    elif is_unexplained:
        yield Lack(Lacking.EDITORIAL_REASON, "note", link)
    elif link.note and not link.note_en:
        yield Lack(Lacking.ENGLISH_REASON, "note_en", link, is_advice=True)
