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

from initiatives import presenters, versions
from initiatives.exports import in_xml
from initiatives.facets import Catalogue
from initiatives.models import Initiative
from initiatives.problems import problem, strictly
from initiatives.selection import Selection
from initiatives.versions import public_page
from initiatives.views import cards


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
def feed(request: HttpRequest, catalogue: Catalogue, selection: Selection, version: int) -> HttpResponse:
    selection = replace(selection, order="-updated")
    found = catalogue.find(selection)
    if found.page != selection.page:
        return problem(404, _("Ci sono meno pagine"), f"page={selection.page}")
    said = presenters.as_text(presenters.present_sentence(selection, catalogue.terms))
    title = ": ".join([_("Catalogo dell’innovazione sociale"), said if selection.active else _("tutte le voci")])
    shown = cards(found, catalogue.terms)
    site = settings.PUBLIC_URL
    pages = Pages(
        title=in_xml(title),
        link=site + reverse("initiative-list") + selection.query,
        description=None,
        author_name=settings.PUBLISHER_NAME or _("Redazione del catalogo"),
        language=get_language(),
        feed_url=site + reverse("feed") + selection.without("order").at_page(found.page).query,
        next=site + reverse("feed") + selection.at_page(found.page + 1).query if found.page < found.pages else "",
        total=found.total,
        changed=max((entry.updated for entry in shown), default=versions.changed(version)),
    )
    for entry in shown:
        pages.add_item(**_item(entry))
    return HttpResponse(pages.writeString("utf-8"), content_type=pages.content_type)


def _item(entry: Initiative) -> dict[str, Any]:
    address = settings.PUBLIC_URL + entry.get_absolute_url()
    return {
        "title": in_xml(entry.heading),
        "link": address,
        "unique_id": address,
        "description": escape(in_xml(entry.abstract)),  # sent as HTML
        "pubdate": entry.created,
        "updateddate": entry.updated,
        "categories": [
            in_xml(f"{link.term.label} ({link.basis_label})") for links in entry.links.values() for link in links
        ],
    }
