"""Feeds: the new and changed entries of a selection, and all changes; Atom (RFC 4287), in pages (RFC 5005).

What was withdrawn is said to programs too, as RFC 6721 has it, with the same name that it had as an entry.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue.answers import public_page
from catalogue.changes.told import Told, pages_of_changes, present_changes
from catalogue.presenters.cards import Card, cards
from catalogue.presenters.text import in_xml, without_markup
from catalogue.problems import problem
from catalogue.query import Asked, not_understood, query_of_page, read_page, strictly
from catalogue.rights import publisher
from catalogue.workbench.selection import present_sentence
from initiatives.facets import FacetIndex, index_at
from initiatives.models import PublicChange, PublicEntry
from initiatives.versions import Snapshot, moment_of

MOST_WITHDRAWN = 100


class Pages(Atom1Feed):
    """Says how many entries all its pages have, and where the next one is."""

    def root_attributes(self) -> dict[str, str]:
        spaces = {"opensearch": "http://a9.com/-/spec/opensearch/1.1/", "at": "http://purl.org/atompub/tombstones/1.0"}
        return super().root_attributes() | {f"xmlns:{prefix}": space for prefix, space in spaces.items()}

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("opensearch:totalResults", str(self.feed["total"]))
        if self.feed["next"]:
            handler.addQuickElement("link", "", {"rel": "next", "href": self.feed["next"]})
        for left in self.feed["withdrawn"]:
            self._add_withdrawn(handler, left)

    def _add_withdrawn(self, handler: Any, left: PublicEntry) -> None:
        when = timezone.localtime(left.withdrawn).isoformat()
        handler.startElement("at:deleted-entry", {"ref": left.tag, "when": when})
        if left.why:
            language = "it" if left.why == left.reason else "en"
            handler.addQuickElement("at:comment", in_xml(left.why), {"xml:lang": language})
        handler.endElement("at:deleted-entry")

    def latest_post_date(self) -> datetime:
        return self.feed["changed"]


@public_page
@strictly
def feed(request: HttpRequest, snapshot: Snapshot, index: FacetIndex, asked: Asked) -> HttpResponse:
    selection = replace(asked.selection, order="-updated")
    found = index.find(selection)
    if found.page != selection.page:
        return problem(404, _("Ci sono meno pagine"), f"page={selection.page}")
    chosen = without_markup(present_sentence(selection, index.terms)) if selection.active else _("tutte le schede")
    shown = cards(index, found.ids)
    site, withdrawn = settings.PUBLIC_URL, list(_withdrawn())
    gone = [left.withdrawn for left in withdrawn if left.withdrawn]
    pages = Pages(
        title=in_xml(": ".join([_("Catalogo dell’innovazione sociale"), chosen])),
        link=site + reverse("initiative-list") + selection.query,
        description=None,
        author_name=str(publisher()),
        language=get_language(),
        feed_url=site + reverse("feed") + selection.without("order").at_page(found.page).query,
        next=site + reverse("feed") + selection.at_page(found.page + 1).query if found.page < found.pages else "",
        total=found.total,
        withdrawn=withdrawn if found.page == 1 else [],
        changed=max([card.entry.updated for card in shown] + gone, default=moment_of(snapshot.version)),
    )
    for card in shown:
        pages.add_item(**_item(card))
    return HttpResponse(pages.writeString("utf-8"), content_type=pages.content_type)


def _withdrawn() -> QuerySet[PublicEntry]:
    """The last ones, of any selection: nobody knows any more what they were under."""
    return PublicEntry.objects.exclude(withdrawn=None).order_by("-withdrawn", "pk")[:MOST_WITHDRAWN]


def _item(card: Card) -> dict[str, Any]:
    address = settings.PUBLIC_URL + card.entry.get_absolute_url()
    links = (link for links in card.links.values() for link in links)
    return {
        "title": in_xml(card.entry.heading),
        "link": address,
        "unique_id": card.entry.tag,
        "description": escape(in_xml(card.entry.abstract)),  # sent as HTML
        "pubdate": card.entry.created,
        "updateddate": card.entry.updated,
        "categories": [in_xml(f"{link.term.label} ({link.basis_label})") for link in links],
    }


@public_page
def changes_feed(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    """An entry for each change; its page says what was there before and after."""
    page, ignored = read_page(request.GET)
    changes = pages_of_changes()
    if ignored:
        return not_understood(ignored)
    if page > changes.num_pages:
        return problem(404, _("Ci sono meno pagine"), f"page={page}")
    rows = list(changes.page(page).object_list)
    at = settings.PUBLIC_URL + reverse("changes-feed")
    pages = Pages(
        title=": ".join([_("Catalogo dell’innovazione sociale"), _("modifiche")]),
        link=settings.PUBLIC_URL + reverse("changes"),
        description=None,
        author_name=str(publisher()),
        language=get_language(),
        feed_url=at + query_of_page(page),
        next=at + query_of_page(page + 1) if page < changes.num_pages else "",
        total=changes.count,
        withdrawn=[],
        changed=max((row.moment for row in rows), default=moment_of(snapshot.version)),
    )
    for row, told in zip(rows, present_changes(rows, index_at(snapshot)), strict=True):
        pages.add_item(**_change_item(row, told))
    return HttpResponse(pages.writeString("utf-8"), content_type=pages.content_type)


def _change_item(row: PublicChange, told: Told) -> dict[str, Any]:
    words = [told.fields, told.why]
    return {
        "title": in_xml(f"{told.title}: {told.label}"),
        "link": settings.PUBLIC_URL + (told.history or told.address or reverse("changes")),
        "unique_id": row.key.urn,
        "description": escape(in_xml(" ".join(filter(None, words)))),
        "pubdate": row.moment,
        "updateddate": row.moment,
        "categories": [told.label],
    }
