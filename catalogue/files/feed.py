"""New and changed entries of a selection, the latest first: Atom (RFC 4287), in pages (RFC 5005)."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue.answers import public_page
from catalogue.presenters.cards import Card, cards
from catalogue.presenters.text import in_xml, without_markup
from catalogue.problems import problem
from catalogue.query import Asked, strictly
from catalogue.rights import publisher
from catalogue.workbench.selection import present_sentence
from initiatives.facets import FacetIndex
from initiatives.versions import Snapshot, moment_of


class Pages(Atom1Feed):
    """Says how many entries all its pages have, and where the next one is."""

    def root_attributes(self) -> dict[str, str]:
        return super().root_attributes() | {"xmlns:opensearch": "http://a9.com/-/spec/opensearch/1.1/"}

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("opensearch:totalResults", str(self.feed["total"]))
        if self.feed["next"]:
            handler.addQuickElement("link", "", {"rel": "next", "href": self.feed["next"]})

    def latest_post_date(self) -> datetime:
        return self.feed["changed"]


@public_page
@strictly
def feed(request: HttpRequest, snapshot: Snapshot, index: FacetIndex, asked: Asked) -> HttpResponse:
    selection = replace(asked.selection, order="-updated")
    found = index.find(selection)
    if found.page != selection.page:
        return problem(404, _("Ci sono meno pagine"), f"page={selection.page}")
    chosen = without_markup(present_sentence(selection, index.terms)) if selection.active else _("tutte le voci")
    shown = cards(index, found.ids)
    site = settings.PUBLIC_URL
    pages = Pages(
        title=in_xml(": ".join([_("Catalogo dell’innovazione sociale"), chosen])),
        link=site + reverse("initiative-list") + selection.query,
        description=None,
        author_name=str(publisher()),
        language=get_language(),
        feed_url=site + reverse("feed") + selection.without("order").at_page(found.page).query,
        next=site + reverse("feed") + selection.at_page(found.page + 1).query if found.page < found.pages else "",
        total=found.total,
        changed=max((card.entry.updated for card in shown), default=moment_of(snapshot.version)),
    )
    for card in shown:
        pages.add_item(**_item(card))
    return HttpResponse(pages.writeString("utf-8"), content_type=pages.content_type)


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
