"""A draft is found at no public address in any form; of what was withdrawn nothing but that, and its title.

A crawl of every address: all names in both languages, and what pages, sitemaps, files and answers link to.
"""

import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit
from zipfile import ZipFile, is_zipfile

import pytest
from django.test import Client

from initiatives.history import settle
from tests.helpers import current_index
from tests.release_worker import LANGUAGES, names, parts
from tests.sites import RunningSite, manage, new_site

TITLE, SLUG, SUMMARY = "Zibaldone inedito", "zibaldone-inedito", "Quisquilia mai letta."
WORDS = re.compile("zibaldone|oddment|quisquilia", re.IGNORECASE)  # of its titles and slug, of the rest
TELLING_APART = frozenset(("q", "i", "page", "view"))  # parameters that make a page another one
CONTENT = re.compile("quisquilia|bozza segreta", re.IGNORECASE)
# Where the title of what was withdrawn may be read, and its name in the feeds.
TELLING = re.compile(r"(/en)?/(modifiche|changes)/(feed/)?(\?.*)?|/api/v1/changes/(\?.*)?|(/en)?/feed/(\?.*)?")
MAKE = f"""
from initiatives.models import *
entry = Initiative.objects.create(slug="{SLUG}", title="{TITLE}", title_en="Oddment", summary="{SUMMARY}",
    parent=Initiative.objects.get(slug="coworking"), classification_note="Quisquilia.", status="{{}}", position=99)
entry.passages.set(Passage.objects.filter(anchor="coworking"))
entry.lead_ins.set(Passage.objects.filter(anchor="coworking"))
for link in LINKS.values():
    term = link.vocabulary().objects.all()[0]
    link.objects.create(initiative=entry, term=term, basis="editorial", note="Quisquilia.")
"""
PUBLISH = f"""
from initiatives.models import *
entry = Initiative.objects.get(slug="{SLUG}")
entry.status = "published"
entry.save()
entry.summary = "Quisquilia cambiata."
entry.save()
"""
WITHDRAW = f"""
from initiatives.models import *
entry = Initiative.objects.get(slug="{SLUG}")
entry.status, entry.title = "draft", "Bozza segreta"
entry.save()
entry.public.reason = "Non era un’iniziativa."
entry.public.save()
"""


class Found(NamedTuple):
    address: str
    status: int
    text: str


Get = Callable[[str], tuple[int, bytes, str]]


def crawl(get: Get) -> Iterator[Found]:
    """Each page once; of the endless selections, for each view, one with a text, one of named entries, and so on."""
    waiting = dict.fromkeys(starts())
    kinds: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        address = next(iter(waiting))
        waiting.pop(address)
        if (kind := kind_of(address)) in kinds:
            continue
        kinds.add(kind)
        status, body, location = get(address)
        text = text_of(body)
        yield Found(address, status, f"{text} {location}")
        waiting |= dict.fromkeys(links_in(text, location))


def kind_of(address: str) -> tuple[str, frozenset[str]]:
    path, query = urlsplit(address).path, urlsplit(address).query
    if path.endswith(".png"):  # which no word is read in
        return re.sub("(?<=/)[^/]+(?=/[^/]+$)", "…", path), frozenset()
    if not query:
        return path, frozenset()
    return re.sub("(?<=/)[^/]+/$", "…/", path), TELLING_APART & {name for name, _ in parse_qsl(query)}


def starts() -> Iterator[str]:
    from django.urls import get_resolver, reverse
    from django.utils.translation import override

    for language in LANGUAGES:
        with override(language):
            for name in dict.fromkeys(names(get_resolver().url_patterns)):
                yield from (reverse(name, kwargs=arguments) for arguments in parts(name)[:2])
    yield from ("/robots.txt", "/iniziative/?q=servizi", "/suggerimenti/?q=ser", "/fonte/?q=lavoro")


def links_in(text: str, location: str) -> Iterator[str]:
    """Those of pages, and whole addresses wherever they stand."""
    found = re.findall(r'(?:href|src)="([^"]*)"', text) + re.findall(
        r"https?://127\.0\.0\.1:\d+[^\s\"'<>)\\|,;]*", text
    )
    for link in [*found, location]:
        parsed = urlsplit(unescape(link))
        if parsed.netloc.startswith("127.0.0.1") or not parsed.netloc:
            address = parsed.path + (f"?{parsed.query}" if parsed.query else "")
            if address.startswith("/") and not address.startswith(("/static/", "/admin/", "//")):
                yield address


def text_of(body: bytes) -> str:
    """Of workbooks all that they hold."""
    if not is_zipfile(BytesIO(body)):
        return body.decode("utf-8", "replace")
    with ZipFile(BytesIO(body)) as parts_of_it:
        return " ".join(parts_of_it.read(name).decode("utf-8", "replace") for name in parts_of_it.namelist())


def by_client(client: Client) -> Get:
    def get(address: str) -> tuple[int, bytes, str]:
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
        return response.status_code, body, response.headers.get("Location", "")

    return get


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        return None


def by_http(site: RunningSite) -> Get:
    opener = urllib.request.build_opener(Stay)

    def get(address: str) -> tuple[int, bytes, str]:
        try:
            answer = opener.open(site.url + address, timeout=60)
        except urllib.error.HTTPError as refused:
            answer = refused
        with answer:
            return answer.status, answer.read(), answer.headers.get("Location", "")

    return get


ADDRESSES = ("/iniziative/{}/", "/en/initiatives/{}/", "/api/v1/initiatives/{}/", "/iniziative/{}/storia/")
GRAPHS = ("/iniziative/{}.ttl", "/iniziative/{}.jsonld", "/iniziative/{}.rdf")


def check_draft(get: Get) -> None:
    pages = list(crawl(get))
    assert len(pages) > 300
    assert {found.status for found in pages} <= {200, 301, 302, 400, 404, 503}
    assert [found.address for found in pages if WORDS.search(found.text)] == []
    for address in (*ADDRESSES, *GRAPHS):
        status, body, _location = get(address.format(SLUG))
        assert status == 404
        assert not re.search("zibaldone inedito|quisquilia|oddment", body.decode(), re.IGNORECASE)
    for q in ("zibaldoni", "quisquilie"):  # nothing that looks like it is offered either
        for address in ("/iniziative/?q=", "/suggerimenti/?q=", "/api/v1/initiatives/?q="):
            assert not re.search("zibaldone|quisquilia", get(address + q)[1].decode(), re.IGNORECASE)
    assert get(f"/api/v1/initiatives/?i={SLUG}")[0] == 404


def check_published(get: Get) -> None:
    there = {found.address for found in crawl(get) if WORDS.search(found.text)}
    assert {"/iniziative.csv", "/iniziative.xlsx", "/feed/", "/modifiche/", "/api/v1/passages/"} <= there
    assert len(there) > 30


def check_withdrawn(get: Get) -> None:
    every = list(crawl(get))
    pages = [found for found in every if WORDS.search(found.text)]
    assert {"/modifiche/", "/modifiche/feed/", "/api/v1/changes/", "/feed/"} <= {found.address for found in pages}
    assert [f.address for f in pages if f.status != 410 and not TELLING.fullmatch(f.address)] == []
    assert [found.address for found in every if CONTENT.search(found.text)] == []
    for address in (*ADDRESSES, *GRAPHS):
        status, body, _location = get(address.format(SLUG))
        assert (status, bool(CONTENT.search(body.decode()))) == (410, False)
    assert "Non era un’iniziativa." in get("/modifiche/")[1].decode()


@pytest.mark.django_db
def test_draft_is_found_nowhere_and_of_what_was_withdrawn_the_title_alone(client: Client) -> None:
    settle()
    exec(MAKE.format("draft"), {})
    settle()
    check_draft(by_client(client))
    for code, check in ((PUBLISH, check_published), (WITHDRAW, check_withdrawn)):
        exec(code, {})
        settle()
        current_index()
        check(by_client(client))


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    folder: Path = tmp_path_factory.mktemp("drafts") / "var"
    running = new_site(folder, "catalogue_drafts")
    yield running
    running.stop()


def run(site: RunningSite, code: str) -> None:
    done = manage("shell", "-v0", "-c", code, **site.variables)
    assert done.returncode == 0, done.stderr


@pytest.mark.django_db
def test_no_kept_answer_has_it_either(own_site: RunningSite) -> None:
    """What was asked before is asked again: each answer was kept, of another version."""
    get = by_http(own_site)
    run(own_site, MAKE.format("draft"))
    check_draft(get)
    run(own_site, PUBLISH)
    check_published(get)
    run(own_site, WITHDRAW)
    check_withdrawn(get)
