"""What changed, for everybody: in the whole catalogue, in one entry, and what an entry said before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language

from catalogue.answers import public_page
from catalogue.changes.past import present_past
from catalogue.changes.told import Told, by_day, pages_of_changes, present_changes
from catalogue.files.references import reference_file
from catalogue.pages.entries import at_former_address
from catalogue.presenters.cards import Card, card_of, whole
from catalogue.presenters.citation import cite_version
from catalogue.query import query_of_page, read_page
from catalogue.workbench.selection import PageLink
from initiatives import content
from initiatives.content import Wording
from initiatives.facets import index_at
from initiatives.history import Past, past_wordings
from initiatives.models import ChangeKind, PublicChange
from initiatives.versions import Snapshot


@public_page
def changes(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    page, ignored = read_page(request.GET)
    pages = pages_of_changes()
    shown = pages.get_page(page)
    query = query_of_page(shown.number)
    context = {
        "days": by_day(present_changes(list(shown.object_list), index_at(snapshot))),
        "pages": _links(pages, shown.number) if pages.num_pages > 1 else [],
        "current": shown.number,
        "ignored": ignored,
        "canonical_query": query,
        "address": reverse("changes"),
        "query": query,
    }
    return render(request, "changes/page.html", context)


def _links(pages: Paginator, number: int) -> list[PageLink | None]:
    numbers = pages.get_elided_page_range(number, on_each_side=1, on_ends=1)
    return [PageLink(n, query_of_page(n)) if isinstance(n, int) else None for n in numbers]


# One entry


@dataclass(frozen=True)
class Step:
    """A change in an entry's history, and the version that it ended, if one can be opened."""

    told: Told
    version: str


@public_page
def history(request: HttpRequest, snapshot: Snapshot, slug: str) -> HttpResponse:
    index = index_at(snapshot)
    try:
        card = card_of(slug, index)
    except Http404:
        return at_former_address(request, slug, "entry-history")
    (card,) = whole(index, [card])
    rows = _changes_of(card)
    pasts = _pasts(card, rows)
    ended = {past.change.pk: past.wording.version for past in pasts}
    touching = [row for row in rows if row.entry or row.pk in ended]
    told = present_changes(touching, index)
    steps = [Step(each, ended.get(row.pk, "")) for row, each in zip(touching, told, strict=True)]
    context = {"entry": card.entry, "steps": steps, "version": _wording(card).version}
    return render(request, "changes/history.html", context)


@public_page
def version(request: HttpRequest, snapshot: Snapshot, slug: str, version: str, form: str = "") -> HttpResponseBase:
    """What an entry said when somebody cited it, or its citation, in this form.

    What was withdrawn meanwhile is not to be read any more.
    """
    now, then = ("initiative-citation", "version-citation") if form else ("initiative-detail", "entry-version")
    ending = [form] if form else []
    index = index_at(snapshot)
    try:
        card = card_of(slug, index)
    except Http404:
        return at_former_address(request, slug, then, version, *ending)
    (card,) = whole(index, [card])
    if _wording(card).version == version:
        return redirect(now, card.entry.slug, *ending)
    rows = _changes_of(card)
    pasts = _pasts(card, rows)
    place = next((n for n, past in enumerate(pasts) if past.wording.version == version), None)
    if place is None:
        context = {"entry": card.entry, "version": version}
        return render(request, "changes/no_version.html", context, status=404)
    past = pasts[place]
    shown = present_past(past.wording, index, get_language() or settings.LANGUAGE_CODE)
    since = pasts[place + 1].until if pasts[place + 1 :] else _came(card, rows)
    anchors = {quoted.anchor for quoted in past.wording.passages}
    passages = (passage for passage in index.passages if passage.anchor in anchors)
    citation = cite_version(card.entry, (shown.title, shown.title_language), passages, version, since)
    if form:
        return reference_file(request, citation, form)
    context = {"entry": card.entry, "past": shown, "until": past.until, "version": version, "citation": citation}
    return render(request, "changes/version.html", context)


COMING_AND_GOING = (ChangeKind.ENTERED, ChangeKind.RETURNED, ChangeKind.WITHDRAWN)


def _wording(card: Card) -> Wording:
    return content.wording(card.entry, card.links, card.passages, card.lead_ins)


def _changes_of(card: Card) -> list[PublicChange]:
    """The entry's own, and those of passages and terms, which may touch it; the latest first."""
    own = PublicChange.objects.filter(entry__initiative=card.entry)
    shared = PublicChange.objects.filter(entry=None)
    return list((own | shared).with_withdrawals().order_by("-pk"))


def _came(card: Card, rows: Iterable[PublicChange]) -> datetime:
    """When it came, or came back: what it said before is not told any more."""
    return next((row.moment for row in rows if row.kind in COMING_AND_GOING), card.entry.created)


def _pasts(card: Card, rows: Iterable[PublicChange]) -> list[Past]:
    """As far back as it has been there without a break."""
    told = list(rows)
    closed = max((row.pk for row in told if row.kind in COMING_AND_GOING), default=0)
    return list(past_wordings(_wording(card), [row for row in told if row.pk > closed]))
