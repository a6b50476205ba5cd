"""How search engines and browsers find the way: sitemap, robots.txt, OpenSearch."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import override

from catalogue.answers import public_page
from catalogue.query import PARAMETERS
from initiatives.facets import Selection, index_at
from initiatives.models import Initiative, PublicChange
from initiatives.versions import Snapshot

PAGES = (
    "home",
    "objective-index",
    "category-index",
    "sector-index",
    "initiative-list",
    "table",
    "matrix",
    "picture",
    "source",
    "data",
    "api",
    "about",
    "glossary",
    "coverage",
    "changes",
    "accessibility",
    "privacy",
)
SELECTED = ("initiative-list", "table", "matrix", "picture", "compare", "dossier")  # endless, by their query strings
# Who shows a page where its address is shared, by the names they look for.
PREVIEWS = (
    *("LinkedInBot", "Twitterbot", "facebookexternalhit", "Facebot", "WhatsApp", "TelegramBot", "Discordbot"),
    *("Slackbot", "Slackbot-LinkExpanding", "SkypeUriPreview", "MicrosoftPreview", "BingPreview", "Mastodon"),
    *("Cardyb", "Synapse", "Viber", "redditbot", "vkShare", "Embedly", "Iframely"),
)
ENTRIES_IN_A_SITEMAP = 5000  # of the 50,000 that sitemaps.org allows: each is two addresses, made in a second or so


@dataclass(frozen=True)
class Place:
    """A page's address in each language, whole, and when it changed, if that is known."""

    addresses: dict[str, str]
    changed: datetime | None = None


@public_page
def robots(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    """Keeps crawlers out of query strings: the selections are endless, the entries are in the sitemap.

    Who shows a link in a chat reads that one page. Parsers that know no `*` are told how each query string begins: of
    a rule that ends in `?` Python's own reads nothing but the path. Who looks at no query string, as wget, is told by
    the pages themselves (`nofollow`).
    """
    begun = sorted({name[0] for name in PARAMETERS})
    selected = [f"Disallow: {path}?{b}" for name in SELECTED for path in _everywhere(name).values() for b in begun]
    closed = f"Disallow: {reverse('admin:index')}"
    lines = [*(f"User-agent: {name}" for name in PREVIEWS), closed, ""]
    lines += ["User-agent: *", "Disallow: /*?", *dict.fromkeys(selected), closed, ""]
    lines += [f"Sitemap: {settings.PUBLIC_URL}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@public_page
def opensearch(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    kind = "application/opensearchdescription+xml"
    return render(request, "site/opensearch.xml", {"site": settings.PUBLIC_URL}, content_type=kind)


@public_page
def sitemap(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    """The index of its parts."""
    parts = range(_parts(snapshot))
    addresses = [settings.PUBLIC_URL + reverse("sitemap-part", args=[number]) for number in parts]
    return _xml(request, "site/sitemap_index.xml", {"addresses": addresses})


@public_page
def sitemap_part(request: HttpRequest, snapshot: Snapshot, number: int) -> HttpResponse:
    if number >= _parts(snapshot):
        raise Http404(f"No part {number}")
    places = list(_entries(number) if number else _pages(snapshot))
    return _xml(request, "site/sitemap.xml", {"places": places})


def _parts(snapshot: Snapshot) -> int:
    """The pages, then the entries in as many parts as they need."""
    return 1 + ceil(index_at(snapshot).find(Selection()).total / ENTRIES_IN_A_SITEMAP)


def _pages(snapshot: Snapshot) -> Iterator[Place]:
    changed = PublicChange.objects.last_moment()
    yield from (Place(_whole(name), changed) for name in PAGES)  # each says at its foot of when the data are
    for dimension, terms in index_at(snapshot).terms.items():
        yield from (Place(_whole(f"{dimension}-detail", slug), changed) for slug in terms)


def _entries(number: int) -> Iterator[Place]:
    stop = number * ENTRIES_IN_A_SITEMAP
    rows = Initiative.objects.published().in_order("position").values_list("slug", "updated")
    for slug, updated in rows[stop - ENTRIES_IN_A_SITEMAP : stop]:
        yield Place(_whole("initiative-detail", slug), updated)


def _whole(name: str, *args: str) -> dict[str, str]:
    return {language: settings.PUBLIC_URL + path for language, path in _everywhere(name, *args).items()}


def _everywhere(name: str, *args: str) -> dict[str, str]:
    paths = {}
    for language, _ in settings.LANGUAGES:
        with override(language):
            paths[language] = reverse(name, args=args)
    return paths


def _xml(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context, content_type="application/xml; charset=utf-8")
