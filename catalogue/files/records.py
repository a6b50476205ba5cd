"""Entries as the rows of files need them: plain values, read a batch at a time; what many share is said once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from itertools import islice
from typing import NamedTuple

from django.conf import settings
from django.db.models import Model
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue.presenters.text import plain
from initiatives.facets import FacetIndex
from initiatives.models import Basis, Funding, Initiative, Scope, Status, among, reason_rows

BATCH = 1000  # entries read at once: all that a file of any size takes of memory


class Link(NamedTuple):
    """A term of an entry, on whose word and why; `passage` is the address of the one that says so."""

    slug: str
    label: str
    basis: str
    why: str
    passage: str


class Record(NamedTuple):
    """An entry in the reader's language."""

    slug: str
    title: str
    summary: str
    level: str
    parent: str
    scope: str
    funding: str
    note: str
    updated: date
    address: str
    links: dict[str, list[Link]]
    quotes: list[str]
    lead_ins: list[str]


class Records:
    """Of one index; in the language that is active while they are read."""

    def __init__(self, index: FacetIndex) -> None:
        self._index = index
        self._is_english = get_language() == "en"
        self._passages = {passage.pk: passage for passage in index.passages}
        self._levels = _("Iniziativa"), _("Misura")
        self._scopes = {scope.value: str(scope.label) for scope in Scope}
        self._funds = {fund.value: str(fund.label) for fund in Funding}
        self._address = settings.PUBLIC_URL + reverse("initiative-detail", args=["-"])
        self._text = cache(self._text_of)
        self._link = cache(self._link_of)

    def of(self, ids: Iterable[int]) -> Iterator[Record]:
        """In the order of the ids, which are of published entries."""
        rest = iter(ids)
        while batch := list(islice(rest, BATCH)):
            yield from self._batch(batch)

    def _batch(self, ids: Sequence[int]) -> Iterator[Record]:
        entries = Initiative.objects.filter(among("initiatives_initiative.id", ids)).order_by()
        own = "pk", "slug", "scope", "funding", "updated", "parent_id", "parent__slug", "parent__status"
        texts = "title", "title_en", "summary", "summary_en", "classification_note", "classification_note_en"
        rows = {row[0]: row[1:] for row in entries.values_list(*own, *texts)}
        quotes, lead_ins = (self._quoted(of, ids) for of in (Initiative.passages.through, Initiative.lead_ins.through))
        links = self._links(ids)
        for pk in ids:
            slug, scope, funding, updated, parent, parent_slug, parent_status, *italian_and_english = rows[pk]
            title, summary, note = (
                (self._is_english and english) or italian
                for italian, english in zip(italian_and_english[::2], italian_and_english[1::2], strict=True)
            )
            yield Record(
                slug,
                title,
                summary,
                self._levels[bool(parent)],
                parent_slug if parent_status == Status.PUBLISHED else "",
                self._scopes[scope],
                self._funds[funding],
                note,
                localtime(updated).date(),
                self._address.replace("/-/", f"/{slug}/"),
                links[pk],
                quotes[pk],
                lead_ins[pk],
            )

    def _quoted(self, of: type[Model], ids: Sequence[int]) -> dict[int, list[str]]:
        """The texts of each entry's passages, in the document's order."""
        entries, texts = defaultdict[int, list[int]](list), defaultdict[int, list[str]](list)
        pairs = of._default_manager.filter(among("initiative_id", ids)).values_list("passage_id", "initiative_id")
        for passage, entry in pairs:
            entries[passage].append(entry)
        for passage in self._passages:
            for entry in entries[passage]:
                texts[entry].append(self._text(passage))
        return texts

    def _links(self, ids: Sequence[int]) -> dict[int, dict[str, list[Link]]]:
        reasons = {row[:3]: row[3:] for row in reason_rows(ids)}
        links: dict[int, dict[str, list[Link]]] = {}
        for pk in ids:
            links[pk] = {}
            for dimension, attributions in self._index.attributions(pk).items():
                why = (reasons.get((dimension, pk, each.term.pk), (None, "", "")) for each in attributions)
                links[pk][dimension] = [
                    self._link(dimension, each.term.slug, each.basis, *reason)
                    for each, reason in zip(attributions, why, strict=True)
                ]
        return links

    def _text_of(self, passage: int) -> str:
        return plain(self._passages[passage].text)

    def _link_of(
        self, dimension: str, slug: str, basis: str, passage: int | None, note: str | None, note_en: str | None
    ) -> Link:
        if basis == Basis.EDITORIAL:
            why = (self._is_english and note_en) or note or ""
        else:
            why = self._text(passage) if passage else ""
        address = settings.PUBLIC_URL + self._passages[passage].get_absolute_url() if passage else ""
        return Link(slug, self._index.terms[dimension][slug].label, str(Basis(basis).label), why, address)
