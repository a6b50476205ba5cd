"""What was answered once is answered again as long as it is true, and not a moment longer."""

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest

from catalogue.serving.kept import HEADERS_WEIGH, Answer, Store, encoding_for
from tests.helpers import ROOT
from tests.sites import RunningSite, ask, clean_environment, manage, new_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """A site of these tests' own: they leave it changed."""
    running = new_site(tmp_path_factory.mktemp("kept") / "var", "catalogue_kept")
    yield running
    running.stop()


def change(site: RunningSite, slug: str, **fields: str) -> None:
    code = f"from initiatives.models import *; Initiative.objects.filter(slug='{slug}').update(**{fields!r})"
    done = manage("shell", "-v0", "-c", code, **site.variables)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP;q=0.5, br;q=0", "gzip"),
        ("br;q=0.000, gzip; q=0", ""),
        ("br ; q = 1.0", "br"),
        ("brotli, gzipped", ""),
        ("*", ""),
    ],
)
def test_encoding_is_the_best_that_a_reader_takes(accepted: str, encoding: str) -> None:
    assert encoding_for(accepted.encode()) == encoding


def answer(body: bytes, version: int = 1, kind: bytes = b"text/html") -> Answer:
    return Answer(200, ((b"content-type", kind),), body, version)


def test_answer_is_the_same_in_every_encoding() -> None:
    body = b"<p>parole</p>" * 100
    plain = answer(body)
    packed = plain.packed("br")
    assert brotli.decompress(packed.body) == body
    assert gzip.decompress(packed.packed("gzip").body) == body
    assert packed.packed("gzip").packed("br").packed("").body == body
    assert (b"content-encoding", b"br") in packed.headers_sent
    assert (b"content-length", b"%d" % len(packed.body)) in packed.headers_sent


def test_what_packing_would_not_make_smaller_stays_as_it_is() -> None:
    for thing in (
        answer(b"short"),
        answer(b"x" * 999, kind=b"image/png"),
        answer(b"x" * 999, kind=b"application/vnd.openxmlformats-officedocument"),
    ):
        assert thing.packed("br").headers_sent == thing.headers_sent
    static = Answer(200, ((b"content-type", b"text/css"), (b"content-encoding", b"br")), b"x" * 999)
    assert static.packed("gzip").body == static.body


def test_store_holds_one_version_and_its_bytes_and_forgets_what_was_not_asked_for() -> None:
    store = Store(4 * (HEADERS_WEIGH + 1000))
    store.move_to(1)
    for name in (b"a", b"b", b"c"):
        store.keep(name, "", answer(b"x" * 999))
    assert store.get(b"a", "")
    store.keep(b"d", "", answer(b"x" * 999))
    assert store.get(b"b", "")
    store.keep(b"e", "", answer(b"x" * 999))
    assert [name for name in (b"a", b"b", b"c", b"d", b"e") if store.get(name, "")] == [b"a", b"b", b"d", b"e"]
    store.keep(b"older", "", answer(b"x", version=0))
    store.keep(b"of none", "", Answer(200, (), b"x"))
    store.keep(b"large", "", answer(b"x" * 2**21))
    assert not any(store.get(name, "") for name in (b"older", b"of none", b"large"))
    store.move_to(2)
    assert store.get(b"a", "") is None
    assert store.weight == 0


def test_store_weighs_what_it_holds() -> None:
    store = Store(10**6)
    store.move_to(1)
    for n in range(2000):
        store.keep(b"%d" % n, "", answer(b"x" * n))
        assert store.weight <= 10**6
    assert store.weight == sum(HEADERS_WEIGH + n + len(b"%d" % n) for n in range(2000) if store.get(b"%d" % n, ""))


ADDRESSES = [
    "/",
    "/iniziative/?objective=os-ix",
    "/en/table/",
    "/iniziative/coworking/",
    "/iniziative.csv",
    "/api/v1/initiatives/",
    "/feed/",
    "/catalogo.ttl",
    "/incroci.svg",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_kept_answer_is_the_one_that_was_made(site: RunningSite, address: str) -> None:
    first, again = (ask(site, address) for _ in range(2))
    assert first[0] == 200
    assert again[2] == first[2]
    # In the second in which a worker first knows its version it gives no date of it.
    of_its_moment = {"date": "", "last-modified": ""}
    assert again[1] | of_its_moment == first[1] | of_its_moment
    for encoding, unpacked in (("gzip", gzip.decompress), ("br", brotli.decompress)):
        status, headers, body = ask(site, address, accept_encoding=encoding)
        assert (status, headers["content-encoding"], headers["etag"]) == (200, encoding, first[1]["etag"])
        assert unpacked(body) == first[2]
        varies = ", Accept" if address == "/iniziative/coworking/" else ""  # a program is led elsewhere
        assert headers["vary"] == f"Accept-Encoding{varies}"
        assert headers["cache-control"] == "max-age=0, stale-if-error=3600"
    head = ask(site, address, "HEAD")
    assert (head[0], head[2], head[1]["etag"]) == (200, b"", first[1]["etag"])
    weak = first[1]["etag"]
    for etag in (weak, weak.removeprefix("W/"), f'"another", {weak}'):
        known = ask(site, address, if_none_match=etag)
        assert (known[0], known[2], known[1]["etag"]) == (304, b"", weak)
    assert ask(site, address, if_none_match='"another"')[0] == 200


def test_no_reader_is_given_what_an_edit_has_overtaken(site: RunningSite) -> None:
    for title in ("Prima modifica", "Seconda modifica"):
        known = ask(site, "/iniziative/?q=scale-up")[1]["etag"]
        change(site, "scale-up", title=title)
        status, _, _ = ask(site, "/iniziative/?q=scale-up", if_none_match=known)
        assert status == 200
        for address in ("/iniziative/", "/iniziative/scale-up/", "/iniziative.csv", "/api/v1/initiatives/scale-up/"):
            assert title in ask(site, address)[2].decode(), address


def test_draft_is_gone_from_every_kept_answer(site: RunningSite) -> None:
    there = [address for address in ADDRESSES if b"/coworking/" in ask(site, address)[2]]
    assert len(there) > 4
    change(site, "coworking", status="draft")
    assert ask(site, "/iniziative/coworking/")[0] == 410
    answers = {address: ask(site, address) for address in there}
    assert [address for address, (status, _, body) in answers.items() if status == 200 and b"/coworking/" in body] == []
    change(site, "coworking", status="published")
    assert ask(site, "/iniziative/coworking/")[0] == 200


def test_errors_strangers_and_editors_go_past_the_store(site: RunningSite) -> None:
    assert ask(site, "/iniziative/manca/")[0] == ask(site, "/iniziative/manca/")[0] == 404
    assert ask(site, "/", host="altrove.example")[0] == 400
    assert ask(site, "/")[0] == 200
    assert ask(site, "/", host="altrove.example")[0] == 400
    for address in ("/api/v1/status", "/suggerimenti/?q=cas"):
        assert ask(site, address)[1]["cache-control"] == "no-store"
    assert ask(site, "/", cookie="sessionid=abc; other=1")[0] == 200
    assert ask(site, "/", "POST")[0] == 405


def test_scripts_of_other_sites_may_read_what_they_know_already(site: RunningSite) -> None:
    for address in ("/api/v1/initiatives/", "/iniziative.csv", "/feed/"):
        etag = ask(site, address)[1]["etag"]
        status, headers, _body = ask(site, address, **{"If-None-Match": etag})
        assert (status, headers["access-control-allow-origin"]) == (304, "*"), address
        assert "ETag" in headers["access-control-expose-headers"]


def test_what_is_wrong_is_kept_for_nobody_else(site: RunningSite) -> None:
    """The API has one address in every language."""
    for language in ("it", "en", "it"):
        status, headers, _body = ask(site, "/api/v1/initiatives/?x=1", **{"Accept-Language": language})
        assert (status, headers["content-language"], headers["cache-control"]) == (400, language, "no-store")


def test_address_is_the_one_that_was_sent(site: RunningSite) -> None:
    """Neither what is written another way nor a header whose name could pass for another gets another's answer."""
    assert ask(site, "/iniziative/?q=casa")[2] != ask(site, "/iniziative/?q=lavoro")[2]
    assert json.loads(ask(site, "/api/v1/initiatives/?q=casa")[2]) == json.loads(
        ask(site, "/api/v1/initiatives/?q=%63asa")[2]
    )
    assert ask(site, "/iniziative/?objective=os-ix&objective=os-i")[0] == 200
    assert ask(site, "/en/initiatives/")[1]["content-language"] == "en"
    assert ask(site, "/iniziative/")[1]["content-language"] == "it"


HTTPS = """
from catalogue.serving.asgi import Asked
scope = {"method": "GET", "raw_path": b"/", "query_string": b"", "client": ("127.0.0.1", 1)}
for sent in ([(b"x-forwarded-proto", b"https")], []):
    print(Asked(scope | {"headers": [(b"host", b"catalogo.example.it"), *sent]}).may_be_kept)
"""


@pytest.mark.parametrize(("proxies", "kept"), [("", "True"), ("127.0.0.1", "True"), ("10.0.0.7", "False")])
def test_over_https_answers_are_kept_too(tmp_path: Path, proxies: str, kept: str) -> None:
    """The proxy in front says so in a header; who comes without it is sent to https. Nothing else has set Django up."""
    variables = {"PUBLIC_URL": "https://catalogo.example.it", "TRUSTED_PROXIES": proxies}
    environment = clean_environment(DATA_DIR=str(tmp_path), **variables)
    done = subprocess.run(
        [sys.executable, "-c", HTTPS], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [kept, "False"]


NEWSLETTER = """
from catalogue.serving.asgi import Asked
scope = {"method": "GET", "raw_path": b"/iniziative/", "client": ("127.0.0.1", 1), "headers": []}
keys = {Asked(scope | {"query_string": b"objective=os-ix&mc_eid=%d" % reader}).address for reader in range(1000)}
print(*keys, Asked(scope | {"raw_path": b"/admin/", "query_string": b"mc_eid=1"}).address)
"""


def test_thousand_addresses_of_a_newsletter_are_one_answer(tmp_path: Path) -> None:
    environment = clean_environment(DATA_DIR=str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", NEWSLETTER], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["b'/iniziative/?objective=os-ix'", "b'/admin/?mc_eid=1'"]
