"""A walk over the whole site, as crawlers, harvesters and feed readers take it: every address it names leads somewhere.

Each fault is told with the page that has it. Selections are endless: of the addresses with a query string that pages
without one lead to, one of each shape is asked (what answers, in which language, the names of its parameters), and
what it leads to is followed where that has no query string. Of pictures in points and Word files, which take long to
make, one of each kind is asked.
"""

import io
import json
import re
import zipfile
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urljoin
from urllib.robotparser import RobotFileParser

import pytest
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, get_resolver, resolve
from django.utils.translation import override
from lxml import etree, html
from pytest_django import DjangoDbBlocker
from rdflib import DCAT, Graph

from initiatives.history import settle
from initiatives.models import Initiative, Status
from initiatives.models.addresses import keep_addresses

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"
START = ["/", "/en/", "/robots.txt", "/sitemap.xml"]
# Whole addresses in texts of any kind; what stands in braces is for the reader to fill in.
NAMED = re.compile(rf"{SITE}(?:[^\s\"'<>\\{{}}|^`«»,;]|{{\w+}})*")
LINKED = re.compile(r'<([^>]*)>; rel="([\w-]+)"(?:; type="([\w/.+-]+)")?')
FETCHED = {"href", "src", "action", "formaction", "data", "poster", "cite", "data-hx-get", "content"}
IMAGES = {"srcset", "imagesrcset"}
GRAPHS = {"text/turtle", "application/ld+json", "application/rdf+xml"}
SLOW = (".png", ".docx")
ARCHIVES = ("application/vnd.openxmlformats-officedocument",)
FOR_A_READER = re.compile(r"\{\w+\}")
# Where the answer is elsewhere on purpose: the hashed icon; the base of the API's addresses; the last version of an
# entry, which is the entry; the address that stays of an entry that has another now.
LEADS_ON = re.compile(
    r"/favicon\.ico|/api/v1|(/en/initiatives|/iniziative)/[\w-]+/version[is]/\w+/|/iniziative/coworking/"
)
# What changes tell of, and nothing else does.
GONE, TELL_OF_IT = "/scale-up/", {"changes", "modifiche"}


class Link(NamedTuple):
    page: str
    what: str
    target: str  # whole
    media_type: str = ""
    language: str = ""

    @property
    def address(self) -> str:
        return self.target.removeprefix(SITE).partition("#")[0] or "/"

    @property
    def fragment(self) -> str:
        return self.target.partition("#")[2]

    def __str__(self) -> str:
        return f"{self.page} ({self.what}) → {self.target.removeprefix(SITE)}"


@dataclass
class Answer:
    status: int
    media_type: str
    language: str
    location: str
    route: str
    body: bytes
    document: Any = None  # of a page
    ids: set[str] = field(default_factory=set)
    links: list[Link] = field(default_factory=list)


Crawl = dict[str, Answer]


def crawl(client: Client) -> Crawl:
    answers: Crawl = {}
    todo, met = deque(Link("", "start", SITE + address) for address in START), set()
    shapes = set()
    while todo:
        link = todo.popleft()
        if link.address in met or ("?" in link.address and "?" in link.page):
            continue
        met.add(link.address)
        if shape := shape_of(link.address):
            if shape in shapes:
                continue
            shapes.add(shape)
        answers[link.address] = answer = ask(client, link.address)
        todo.extend(answer.links)
    return answers


def shape_of(address: str) -> tuple[str, ...] | None:
    """None for what is asked whatever else was."""
    path, _, query = address.partition("?")
    takes_long = path.endswith(SLOW) and not path.startswith("/static/")
    if not (query or takes_long):
        return None
    language = "en" if path.startswith("/en/") else "it"
    try:
        with override(language):
            name = resolve(path).view_name
    except Resolver404:
        return None
    return (name,) if takes_long else (name, language, *sorted(dict(parse_qsl(query, keep_blank_values=True))))


def ask(client: Client, address: str) -> Answer:
    response = client.get(address)
    headers = response.headers
    media_type, location = headers.get("Content-Type", "").partition(";")[0], headers.get("Location", "")
    match = response.wsgi_request.resolver_match
    route = match.view_name if match else ""  # none of static files
    language = headers.get("Content-Language", "")
    answer = Answer(response.status_code, media_type, language, location, route, b"".join(response))
    found = [(relation, target, kind, "") for target, relation, kind in LINKED.findall(headers.get("Link", ""))]
    if location:
        found.append(("Location", location, "", ""))
    if media_type == "text/html" and answer.body.strip():
        answer.document = html.document_fromstring(answer.body.decode())
        answer.ids = set(answer.document.xpath("//@id"))
    if answer.status == 200:
        found += links_in(answer)
    for what, target, kind, language in found:
        whole = urljoin(SITE + address, FOR_A_READER.sub("cura", target))
        if f"{whole}/".startswith(f"{SITE}/"):
            answer.links.append(Link(address, what, whole, kind, language))
    return answer


Found = tuple[str, str, str, str]  # what it is, where it leads, to what, in which language


def links_in(answer: Answer) -> Iterator[Found]:
    body, kind = answer.body, answer.media_type
    if answer.document is not None:
        yield from links_of_elements(answer.document)
        yield from named_in(" ".join(answer.document.xpath("//body//text()[not(parent::script)]")))
        for script in answer.document.xpath("//script[@type='application/ld+json']/text()"):
            yield from named_in(script, "graph")
            yield from links_of_json(json.loads(script))
    elif kind.startswith(ARCHIVES):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for name in archive.namelist():
                yield from named_in(archive.read(name).decode(errors="replace"))
    elif kind == "text/css":
        yield from (("url()", target, "", "") for target in re.findall(r"url\([\"']?([^\"')]+)", body.decode()))
    elif not kind.startswith(("image/", "font/")):
        yield from named_in(body.decode(), "graph" if kind in GRAPHS else "text")
        if kind.endswith("xml") and kind not in GRAPHS:
            yield from links_of_elements(etree.fromstring(body))
        elif kind.endswith("json"):
            yield from links_of_json(json.loads(body))
        elif kind == "text/turtle" and b"dcat:Distribution" in body:
            yield from links_of_distributions(Graph().parse(data=body, format="turtle"))


def named_in(text: str, what: str = "text") -> Iterator[Found]:
    for address in NAMED.findall(text.replace("&amp;", "&")):
        yield what, address.rstrip(".,;:!?)]…"), "", ""


def links_of_elements(root: Any) -> Iterator[Found]:
    for element in root.iter("*"):
        given = dict(element.attrib)
        name, kind, language = str(etree.QName(element).localname), given.get("type", ""), given.get("hreflang", "")
        if name == "form" and given.get("method", "get").lower() != "get":
            continue
        relation = given.get("rel", "")
        what = relation if relation in ("canonical", "alternate") else " ".join(filter(None, [name, relation]))
        kind = kind if "/" in kind else ""
        for attribute, value in given.items():
            if attribute in IMAGES:
                yield from ((what, image.split()[0], kind, "") for image in value.split(","))
            elif attribute in FETCHED and (name != "meta" or value.startswith(SITE)):
                yield what, value, kind, language
            elif attribute == "template":
                yield what, value, kind, ""
            else:
                yield from named_in(value)


def links_of_json(node: Any) -> Iterator[Found]:
    """Those that say what they lead to: of schema.org and of data packages."""
    if isinstance(node, dict):
        for address, kind in (("contentUrl", "encodingFormat"), ("path", "mediatype")):
            if isinstance(node.get(address), str) and kind in node:
                yield address, node[address], node[kind], ""
        node = list(node.values())
    if isinstance(node, list):
        for value in node:
            yield from links_of_json(value)


def links_of_distributions(graph: Graph) -> Iterator[Found]:
    for distribution, target in graph.subject_objects(DCAT.downloadURL):
        (kind,) = graph.objects(distribution, DCAT.mediaType)
        yield "downloadURL", str(target), str(kind).partition("/media-types/")[2], ""


@pytest.fixture(scope="module")
def crawled(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Crawl:
    """Once, after edits whose traces stay: an entry under a new address and with another title, and one withdrawn."""
    with django_db_blocker.unblock(), transaction.atomic():
        settle()
        Initiative.objects.filter(slug="coworking").update(slug="spazi-condivisi", title="Spazi condivisi")
        Initiative.objects.filter(slug="scale-up").update(status=Status.DRAFT)
        keep_addresses()
        settle()
        answers = crawl(Client())
        transaction.set_rollback(True)
    return answers


def test_every_link_leads_where_it_says(crawled: Crawl) -> None:
    faults = []
    for answer in crawled.values():
        for link in answer.links:
            if fault := fault_of(link, crawled.get(link.address)):
                faults.append(f"{link}: {fault}")
    assert not faults, "\n".join(dict.fromkeys(faults))


def fault_of(link: Link, answer: Answer | None) -> str:
    if answer is None:
        return ""  # of a shape of which another was asked
    if answer.status in (301, 302, 303):
        return "" if LEADS_ON.fullmatch(link.address) else f"leads on to {answer.location}"
    if answer.status == 410 and link.address.endswith(GONE) and TELL_OF_IT & set(link.page.split("/")):
        return ""
    if answer.status != 200:
        return f"answers {answer.status}"
    if link.media_type and link.media_type.partition(";")[0] != answer.media_type:
        return f"is {answer.media_type}, not {link.media_type}"
    if link.language and answer.language != link.language.replace("x-default", "it"):
        return f"is in {answer.language}, not {link.language}"
    if link.fragment and link.what != "graph" and answer.document is not None and link.fragment not in answer.ids:
        return f"has no #{link.fragment}"
    return ""


def test_every_page_and_file_is_linked_from_somewhere(crawled: Crawl) -> None:
    routes = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert routes - {answer.route for answer in crawled.values()} == {"guide", "editors-language"}, "of the editors'"


def test_no_place_of_a_page_is_named_twice(crawled: Crawl) -> None:
    for address, answer in crawled.items():
        ids = answer.document.xpath("//@id") if answer.document is not None else []
        assert len(ids) == len(set(ids)), address


def pages(crawled: Crawl) -> dict[str, Answer]:
    """Those with a place of their own; what other sites frame, and parts of pages, are of other pages."""
    return {
        address: answer
        for address, answer in crawled.items()
        if answer.status == 200 and answer.document is not None and answer.document.xpath("//link[@hreflang]")
    }


def canonical_of(answer: Answer) -> str:
    (address,) = answer.document.xpath("//link[@rel='canonical']/@href")
    return str(address)


def twins_of(answer: Answer) -> dict[str, str]:
    return {
        link.get("hreflang"): link.get("href") for link in answer.document.xpath("//link[@rel='alternate'][@hreflang]")
    }


def test_every_page_has_one_address_and_its_twin_in_the_other_language(crawled: Crawl) -> None:
    whole, faults = pages(crawled), []
    for address, answer in whole.items():
        canonical, twins = canonical_of(answer), twins_of(answer)
        language = "en" if address.startswith("/en/") else "it"
        rules = {
            "is in another language": {answer.document.get("lang"), answer.language} == {language},
            "is not canonical": canonical == SITE + address or "?" in address,
            "has other languages": list(twins) == ["it", "en", "x-default"] and twins["x-default"] == twins["it"],
            "is not its own twin": twins[language] == canonical,
            "has a twin that has another": all(twins_at(whole, twin) in (twins, None) for twin in twins.values()),
        }
        faults += [f"{address} {fault}" for fault, holds in rules.items() if not holds]
    assert not faults, "\n".join(faults)
    assert len(whole) > 200


def path_of(target: str) -> str:
    return target.removeprefix(SITE)


def twins_at(whole: dict[str, Answer], target: str) -> dict[str, str] | None:
    """None of a selection that was not asked."""
    address = path_of(target)
    return None if "?" in address and address not in whole else twins_of(whole[address])


# Sitemaps: https://www.sitemaps.org/protocol.html

MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def test_sitemaps_name_pages_as_these_name_themselves(crawled: Crawl) -> None:
    robots = RobotFileParser()
    robots.parse(crawled["/robots.txt"].body.decode().splitlines())
    parts = [link.address for link in crawled["/sitemap.xml"].links]
    whole, named, now = pages(crawled), [], datetime.now(tz=UTC)
    for part in parts:
        assert len(crawled[part].body) < 50 * 2**20
        for url in etree.fromstring(crawled[part].body).iterfind("s:url", MAP):
            address = path_of(url.findtext("s:loc", namespaces=MAP))
            named.append(address)
            assert canonical_of(whole[address]) == SITE + address
            twins = {link.get("hreflang"): link.get("href") for link in url.iterfind("x:link", MAP)}
            assert twins == twins_of(whole[address]), address
            assert not whole[address].document.xpath("//meta[@name='robots']"), address
            assert robots.can_fetch("*", SITE + address), address
            for changed in url.iterfind("s:lastmod", MAP):
                assert datetime.fromisoformat(changed.text) <= now, address
    assert len(named) == len(set(named)) > 100


# Feeds: RFC 4287 (Atom), 5005 (pages), 6721 (what was deleted)

ATOM = {"a": "http://www.w3.org/2005/Atom", "at": "http://purl.org/atompub/tombstones/1.0"}
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def test_feeds_keep_the_rules(crawled: Crawl) -> None:
    feeds = {address: each for address, each in crawled.items() if each.media_type == "application/atom+xml"}
    faults = []
    for address, answer in feeds.items():
        feed = etree.fromstring(answer.body)
        rules = {"is in another language than it says": feed.get(LANGUAGE) == answer.language}
        rules |= rules_of_elements(feed) | rules_of_dates(feed)
        faults += [f"{address} {fault}" for fault, holds in rules.items() if not holds]
    assert not faults, "\n".join(faults)
    assert {"/feed/", "/en/feed/", "/feed/?page=2", "/modifiche/feed/", "/en/changes/feed/"} <= set(feeds)


def rules_of_elements(feed: Any) -> dict[str, bool]:
    parts = [feed, *feed.findall("a:entry", ATOM)]
    names = [part.findtext("a:id", namespaces=ATOM) for part in parts]
    gone = [each.get("ref") for each in feed.iterfind("at:deleted-entry", ATOM)]
    texts = [each for name in ("title", "summary", "rights") for each in feed.iterfind(f".//a:{name}", ATOM)]
    categories = feed.findall(".//a:category", ATOM)
    once = ("a:id", "a:title", "a:updated", "a:link[@rel='alternate']")
    return {
        "has not one each of what it must have": all(len(part.findall(n, ATOM)) == 1 for part in parts for n in once),
        "has an empty text": all((text.text or "").strip() for text in texts),
        "names two things alike, or one that is gone": len({*names, *gone}) == len(names) + len(gone),
        "has a category that is no vocabulary's": all(
            each.get(name) for each in categories for name in ("term", "scheme", "label")
        ),
    }


def rules_of_dates(feed: Any) -> dict[str, bool]:
    def dates(path: str) -> list[datetime]:
        return [datetime.fromisoformat(element.text) for element in feed.iterfind(path, ATOM)]

    changed, published, (updated,) = dates("a:entry/a:updated"), dates("a:entry/a:published"), dates("a:updated")
    gone = [datetime.fromisoformat(each.get("when")) for each in feed.iterfind("at:deleted-entry", ATOM)]
    return {
        "has not the latest first": changed == sorted(changed, reverse=True),
        "is older than what is in it": updated == max([updated, *changed, *gone]),
        "is of tomorrow": updated <= datetime.now(tz=UTC),
        "changed before it was published": all(first <= last for first, last in zip(published, changed, strict=True)),
    }
