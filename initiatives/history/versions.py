"""What an entry said, version by version: from what it says now back to where the changes began to be told."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from initiatives.content import Classified, Quoted, Wording
from initiatives.models import ChangeKind, PublicChange


@dataclass(frozen=True)
class Past:
    """What an entry said until a change."""

    wording: Wording
    change: PublicChange

    @property
    def until(self) -> datetime:
        return self.change.moment


def past_wordings(present: Wording, changes: Iterable[PublicChange]) -> Iterator[Past]:
    """The latest first; `changes` are those of the entry since it came or came back, and of passages and terms."""
    now = present
    for change in sorted(changes, key=lambda change: change.pk, reverse=True):
        before = _before(now, change)
        if before != now:
            yield Past(before, change)
        now = before


def _before(now: Wording, change: PublicChange) -> Wording:
    before: Any = change.before
    after: Any = change.after
    if change.kind == ChangeKind.CHANGED:
        return Wording.of_json(before)
    if change.kind == ChangeKind.PASSAGE:
        return _with_passage(now, Quoted(after["anchor"], after["text"]), before)
    if change.kind == ChangeKind.TERM:
        return replace(now, terms=tuple(_with_term(term, change.subject, before) for term in now.terms))
    return now


def _with_passage(now: Wording, later: Quoted, before: Mapping[str, Any]) -> Wording:
    def earlier(quoted: Quoted) -> Quoted:
        return Quoted(before["anchor"], before["text"]) if quoted.anchor == later.anchor else quoted

    return replace(
        now,
        terms=tuple(term._replace(passage=term.passage and earlier(term.passage)) for term in now.terms),
        passages=tuple(map(earlier, now.passages)),
        lead_ins=tuple(map(earlier, now.lead_ins)),
    )


def _with_term(term: Classified, subject: str, before: Mapping[str, Any]) -> Classified:
    if subject != f"{term.dimension}/{term.slug}":
        return term
    name = {each: before[each] for each in ("slug", "name", "name_en")}
    return term._replace(**name, from_introduction=bool(before.get("from_introduction")))
