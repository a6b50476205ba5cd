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
from catalogue.linked_data.skos import scheme_uri
from catalogue.presenters.cards import Card, cards
from catalogue.presenters.text import in_xml, without_markup
from catalogue.problems import problem
from catalogue.query import Asked, not_understood, query_of_page, read_page, strictly
from catalogue.rights import publisher, signature
from catalogue.workbench.selection import present_sentence
from initiatives.facets import FacetIndex, index_at
from initiatives.models import PublicChange, PublicEntry
from initiatives.models.entries import tag_of
from initiatives.versions import Snapshot, moment_of

MOST_WITHDRAWN = 100


class Pages(Atom1Feed):
    """Says how many entries all its pages have, and where the others are."""

    def root_attributes(self) -> dict[str, str]:
        spaces = {"opensearch": "http://a9.com/-/spec/opensearch/1.1/", "at": "http://purl.org/atompub/tombstones/1.0"}
        return super().root_attributes() | {f"xmlns:{prefix}": space for prefix, space in spaces.items()}

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("opensearch:totalResults", str(self.feed["total"]))
        handler.addQuickElement("icon", settings.PUBLIC_URL + reverse("favicon"))
        for relation, address in self.feed["pages"].items():
            handler.addQuickElement("link", "", {"rel": relation, "href": address})
        for left in self.feed["withdrawn"]:
            self._add_withdrawn(handler, left)

    def _add_withdrawn(self, handler: Any, left: PublicEntry) -> None:
        when = timezone.localtime(left.withdrawn).isoformat()
        handler.startElement("at:deleted-entry", {"ref": left.tag, "when": when})
        if left.why:
            language = "it" if left.why == left.reason else "en"
            handler.addQuickElement("at:comment", in_xml(left.why), {"xml:lang": language})
        handler.endElement("at:deleted-entry")

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for category in item["filed"]:
            handler.addQuickElement("category", "", category)

    def latest_post_date(self) -> datetime:
        return self.feed["changed"]


def _pages(request: HttpRequest, snapshot: Snapshot, name: str, query: str, numbers: dict[str, str]) -> dict[str, Any]:
    """What both feeds say of themselves: all pages are of one feed, which `query` chooses, whatever its address."""
    return {
        "description": None,
        "author_name": str(publisher()),
        "language": get_language(),
        "feed_url": settings.PUBLIC_URL + request.get_full_path(),
        "feed_guid": f"{_giver(snapshot)}:{name}/{get_language()}{query}",
        "feed_copyright": _rights(),
        "pages": {relation: settings.PUBLIC_URL + reverse(name) + page for relation, page in numbers.items()},
    }


def _giver(snapshot: Snapshot) -> str:
    """Who names what is here and since when (RFC 4151): as the first entry was named, whatever the host is now."""
    first = PublicEntry.objects.order_by("pk").values_list("tag", flat=True).first()
    return (first or tag_of("", moment_of(snapshot.version))).rpartition(":")[0]


def _rights() -> str:
    signed = signature()
    if not signed.licence:
        return _("La licenza dei dati non è ancora indicata.")
    return " ".join(dict.fromkeys([_("La licenza dei dati è"), signed.licence_name, signed.licence]))


def _relations(number: int, last: int) -> dict[str, int]:
    """The other pages, as RFC 5005 calls them."""
    near = {"previous": number - 1, "next": number + 1}
    return {"first": 1, **{relation: n for relation, n in near.items() if 1 <= n <= last}, "last": last}


@public_page
@strictly
def feed(request: HttpRequest, snapshot: Snapshot, index: FacetIndex, asked: Asked) -> HttpResponse:
    selection = replace(asked.selection, order="-updated")
    found = index.find(selection)
    if found.page != selection.page:
        return problem(404, _("Ci sono meno pagine"), f"page={selection.page}")
    chosen = without_markup(present_sentence(selection, index.terms)) if selection.active else _("tutte le schede")
    shown = cards(index, found.ids)
    withdrawn = list(_withdrawn())
    gone = [left.withdrawn for left in withdrawn if left.withdrawn]
    whole = selection.without("order")
    numbers = {relation: whole.at_page(n).query for relation, n in _relations(found.page, found.pages).items()}
    pages = Pages(
        title=in_xml(": ".join([_("Catalogo dell’innovazione sociale"), chosen])),
        link=settings.PUBLIC_URL + reverse("initiative-list") + selection.query,
        total=found.total,
        withdrawn=withdrawn if found.page == 1 else [],
        changed=max([card.entry.updated for card in shown] + gone, default=moment_of(snapshot.version)),
        **_pages(request, snapshot, "feed", whole.without("page_size").query, numbers),
    )
    for card in shown:
        pages.add_item(**_item(card))
    return HttpResponse(pages.writeString("utf-8"), content_type=pages.content_type)


def _withdrawn() -> QuerySet[PublicEntry]:
    """The last ones, of any selection: nobody knows any more what they were under."""
    return PublicEntry.objects.exclude(withdrawn=None).order_by("-withdrawn", "pk")[:MOST_WITHDRAWN]


def _item(card: Card) -> dict[str, Any]:
    links = (link for links in card.links.values() for link in links)
    return {
        "title": in_xml(card.entry.heading),
        "link": settings.PUBLIC_URL + card.entry.get_absolute_url(),
        "unique_id": card.entry.tag,
        "description": escape(in_xml(card.entry.abstract)),  # sent as HTML
        "pubdate": card.entry.created,
        "updateddate": card.entry.updated,
        "filed": [
            _category(link.term.slug, scheme_uri(link.term.dimension), f"{link.term.label} ({link.basis_label})")
            for link in links
        ],
    }


def _category(term: str, scheme: str, label: str) -> dict[str, str]:
    return {"term": term, "scheme": scheme, "label": in_xml(label)}


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
    numbers = {relation: query_of_page(n) for relation, n in _relations(page, changes.num_pages).items()}
    pages = Pages(
        title=": ".join([_("Catalogo dell’innovazione sociale"), _("modifiche")]),
        link=settings.PUBLIC_URL + reverse("changes"),
        total=changes.count,
        withdrawn=[],
        changed=max((row.moment for row in rows), default=moment_of(snapshot.version)),
        **_pages(request, snapshot, "changes-feed", "", numbers),
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
        "description": escape(in_xml(" ".join(filter(None, words)))) or None,  # an empty one is shown as such
        "pubdate": row.moment,
        "updateddate": row.moment,
        "filed": [_category(row.kind, settings.PUBLIC_URL + reverse("changes"), told.label)],
    }
