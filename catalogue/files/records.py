"""Entries as the rows of files need them: plain values, read a batch at a time; what many share is said once."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache, lru_cache
from itertools import islice
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue.presenters.text import plain
from initiatives.facets import FacetIndex
from initiatives.models import LINKS, Basis, Funding, Initiative, Scope, Status, among, link_rows, tied
from taxonomy.models import Match, Term

BATCH = 1000  # entries read at once: all that a file of any size takes of memory


class Matched(NamedTuple):
    """What a term is matched with in other vocabularies, one after the other; then its codes of today in one text."""

    names: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    codes_today: str = ""
    codes_basis: str = ""


class Link(NamedTuple):
    """A term of an entry, on whose word and why; `passage` is the address of the one that says so."""

    slug: str
    label: str
    basis: str
    why: str
    passage: str
    matched: Matched


class Links(NamedTuple):
    """All of an entry in one dimension, in the order of their terms: one after the other, and what each says."""

    each: tuple[Link, ...]
    slugs: tuple[str, ...]
    labels: tuple[str, ...]
    bases: tuple[str, ...]
    whys: tuple[str, ...]


class Record(NamedTuple):
    """An entry in the reader's language; `uid` and `parent` are names that stay."""

    uid: str
    title: str
    summary: str
    level: str
    parent: str
    scope: str
    funding: str
    note: str
    updated: date
    address: str
    links: dict[str, Links]
    quotes: tuple[str, ...]
    lead_ins: tuple[str, ...]


def levels() -> tuple[str, str]:
    """What an entry is called that is no other's measure, and one that is."""
    return _("Iniziativa"), _("Misura")


class Records:
    """Of one index; in the language that is active while they are read."""

    def __init__(self, index: FacetIndex) -> None:
        self._terms = {
            dimension: {term.pk: term for term in terms.values()} for dimension, terms in index.terms.items()
        }
        self._matched = {
            (dimension, term.pk): _matched(term) for dimension, terms in index.terms.items() for term in terms.values()
        }
        self._order = {(d, slug): n for d, terms in index.terms.items() for n, slug in enumerate(terms)}
        self._is_english = get_language() == "en"
        self._passages = {passage.pk: passage for passage in index.passages}
        self._places = {pk: place for place, pk in enumerate(self._passages)}
        self._levels = levels()
        self._scopes = {scope.value: str(scope.label) for scope in Scope}
        self._funds = {fund.value: str(fund.label) for fund in Funding}
        self._address = settings.PUBLIC_URL + reverse("initiative-detail", args=["-"])
        self._text = cache(self._text_of)
        self._texts_of = lru_cache(maxsize=10_000)(self._texts)
        self._links_of = lru_cache(maxsize=10_000)(self._several)  # notes may be as many as links

    def of(self, ids: Iterable[int]) -> Iterator[Record]:
        """In the order of the ids, which are of published entries."""
        for batch in _batches(ids):
            yield from self._batch(batch)

    def classified(self, ids: Iterable[int]) -> Iterator[tuple[str, dict[str, Links]]]:
        """In the same order the names of entries that stay, each with its links by dimension."""
        for batch in _batches(ids):
            rows = Initiative.objects.filter(among("initiatives_initiative.id", batch)).order_by()
            names = {pk: uid or slug for pk, slug, uid in rows.values_list("pk", "slug", "public__uid")}
            links = self._links(batch)
            yield from ((names[pk], links[pk]) for pk in batch)

    def _batch(self, ids: Sequence[int]) -> Iterator[Record]:
        entries = Initiative.objects.filter(among("initiatives_initiative.id", ids)).order_by()
        names = "slug", "public__uid", "parent__slug", "parent__public__uid"
        own = "pk", *names, "scope", "funding", "updated", "parent_id", "parent__status"
        texts = "title", "title_en", "summary", "summary_en", "classification_note", "classification_note_en"
        rows = {row[0]: row[1:] for row in entries.values_list(*own, *texts)}
        quotes, lead_ins = (self._quoted(ties, ids) for ties in (Initiative.passages, Initiative.lead_ins))
        links = self._links(ids)
        english, zone = self._is_english, get_current_timezone()
        for pk in ids:
            slug, uid, parent_slug, parent_uid, scope, funding, updated, parent, parent_status, *both = rows[pk]
            title, title_en, summary, summary_en, note, note_en = both
            yield Record(
                uid or slug,
                (english and title_en) or title,
                (english and summary_en) or summary,
                self._levels[bool(parent)],
                (parent_uid or parent_slug) if parent_status == Status.PUBLISHED else "",
                self._scopes[scope],
                self._funds[funding],
                (english and note_en) or note,
                updated.astimezone(zone).date(),
                self._address.replace("/-/", f"/{slug}/"),
                links[pk],
                quotes[pk],
                lead_ins[pk],
            )

    def _quoted(self, ties: Any, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """The texts of each entry's passages, in the document's order."""
        passages: dict[int, list[int]] = {pk: [] for pk in ids}
        for passage, entry in tied(ties, ids):
            passages[entry].append(passage)
        return {pk: self._texts_of(*several) for pk, several in passages.items()}

    def _texts(self, *passages: int) -> tuple[str, ...]:
        return tuple(self._text(passage) for passage in sorted(passages, key=self._places.__getitem__))

    def _links(self, ids: Sequence[int]) -> dict[int, dict[str, Links]]:
        rows: dict[int, dict[str, list[tuple[Any, ...]]]] = {pk: {dimension: [] for dimension in LINKS} for pk in ids}
        for dimension, entry, *link in link_rows(ids):
            rows[entry][dimension].append(tuple(link))
        return {pk: {d: self._links_of(d, *each) for d, each in of_entry.items()} for pk, of_entry in rows.items()}

    def _several(self, dimension: str, *rows: tuple[Any, ...]) -> Links:
        links = sorted(
            (self._link(dimension, *row) for row in rows), key=lambda link: self._order[dimension, link.slug]
        )
        told = ([getattr(link, name) for link in links] for name in ("slug", "label", "basis", "why"))
        return Links(tuple(links), *map(tuple, told))

    def _text_of(self, passage: int) -> str:
        return plain(self._passages[passage].text)

    def _link(
        self, dimension: str, pk: int, basis: str, passage: int | None, note: str | None, note_en: str | None
    ) -> Link:
        term = self._terms[dimension][pk]
        if basis == Basis.EDITORIAL:
            why = (self._is_english and note_en) or note or ""
        else:
            why = self._text(passage) if passage else ""
        address = settings.PUBLIC_URL + self._passages[passage].get_absolute_url() if passage else ""
        return Link(term.slug, term.label, str(Basis(basis).label), why, address, self._matched[dimension, pk])


def _matched(term: Term) -> Matched:
    matches, by_editors = term.matches.all(), str(Basis(Match.basis).label)
    return Matched(
        tuple(str(match) for match in matches),
        tuple(str(match.get_relation_display()) for match in matches),
        tuple(match.address for match in matches),
        tuple(by_editors for _match in matches),
        ", ".join(term.codes_today),
        by_editors if term.codes_today else "",
    )


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(ids)
    while batch := list(islice(rest, BATCH)):
        yield batch
