"""The door: who comes is given what is kept, or waits for a thread that asks Django.

Readers, long files and editors have threads of their own. A body is read before a thread is asked for, an answer is
whole before it is sent, and a long file is spooled: however slowly somebody writes or reads, no thread waits for it.
"""

import asyncio
import gc
import re
import time
from collections.abc import Awaitable, Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from importlib import import_module
from threading import Timer
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from catalogue.access.addresses import is_stranger
from catalogue.answers import IN_A_HURRY, WITHOUT_DATABASE, is_as_of
from catalogue.arriving import mended
from catalogue.formats import preferred_form
from catalogue.serving.kept import Answer, Headers, Store, encoding_for, last_modified
from catalogue.serving.patience import EDITOR, READER, limit_waiting
from catalogue.serving.spool import Spool
from catalogue.serving.through_django import Made, environ_of, make
from catalogue.serving.versions import Gone, Versions
from initiatives.models import LINKS
from initiatives.versions import known_since

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

PATIENCE = 10  # seconds, with somebody who sends nothing
TAKING_PATIENCE = 60  # seconds, with somebody who takes nothing: slow lines take a block at a time
MOST_WAITING = 200  # readers for whom something has to be made
FILE_PATIENCE = 1  # seconds, until the file before is made
MOST_EDITS = 20  # whole forms and pages of editors that wait for a thread
MOST_SPOOLED = 32  # files that readers have not taken yet
STALE_FOR = 3600  # seconds that an answer is given on while the database is gone
LONGEST_BODY = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
_REFUSAL = ((b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close"))
TOO_LATE = Answer(408, _REFUSAL, "Il modulo non è arrivato tutto: mandalo di nuovo.\n".encode())
NOT_NOW = Answer(
    503,
    (*_REFUSAL, (b"retry-after", b"5")),
    "Il catalogo non risponde: nulla è stato salvato. Torna indietro e riprova tra qualche secondo.\n".encode(),
)
TOO_LONG = Answer(413, _REFUSAL, "Il modulo è troppo lungo.\n".encode())

_readers, _files, _editors = (ThreadPoolExecutor(n, name) for n, name in ((1, READER), (1, "file"), (2, EDITOR)))
_apologies = ThreadPoolExecutor(1, "apology")  # asks no database
_public = urlsplit(settings.PUBLIC_URL)
_admin = reverse("admin:index").encode()
_store = Store(settings.KEPT_ANSWERS_MB * 2**20)
_versions = Versions()
_waiting: set[asyncio.Future[Made]] = set()
_making: dict[Hashable, asyncio.Task[Made]] = {}
# Long files on their way to readers, each with what makes it: of these one at a time.
_spools: dict[Spool, asyncio.Future[None]] = {}
# Of editors, by whether they have a session.
_edits: dict[bool, set[asyncio.Future[Made]]] = {True: set(), False: set()}
limit_waiting()
# What is imported is no garbage; what answers leave behind is looked for more often than while starting (manage.py).
gc.freeze()
gc.set_threshold(5_000)
# What the first page can do without; who asks the API first would hold up all readers while it is imported.
_later = Timer(1, import_module, ["catalogue.api.views"])
_later.daemon = True
_later.start()


def _addresses(name: str) -> list[str]:
    """In each language, for a regular expression."""
    found = []
    for language, _ in settings.LANGUAGES:
        with override(language):
            found.append(re.escape(reverse(name)))
    return found


# Of entries and terms, which lead programs to their graphs; with the document's, these pages also show editors the way
# to the form that changes them.
_listed = [
    f"{page}[^/]+/"
    for name in ("initiative-list", *(f"{dimension}-index" for dimension in LINKS))
    for page in _addresses(name)
]
_negotiated = re.compile("|".join(_listed).encode())
_editable = re.compile("|".join([*_listed, *_addresses("source")]).encode())


class Asked:
    """What the door has to know of a request."""

    def __init__(self, scope: Scope) -> None:
        headers = dict(scope["headers"])
        self.is_of_editor = scope["raw_path"].startswith(_admin)
        if not self.is_of_editor:  # one answer for all to whom a newsletter has sent an address of their own
            scope = scope | {"query_string": mended(scope["query_string"].decode("latin-1")).encode()}
        self.scope = scope
        self.method: str = scope["method"]
        self.address: bytes = scope["raw_path"] + b"?" + scope["query_string"]
        self.encoding = encoding_for(headers.get(b"accept-encoding", b"")[:200])
        length = headers.get(b"content-length", b"")
        self.length = int(length) if length.isdigit() else 0
        self.if_none_match: bytes = headers.get(b"if-none-match", b"")
        self.if_modified_since: bytes = headers.get(b"if-modified-since", b"")
        self.has_session = settings.SESSION_COOKIE_NAME.encode() in headers.get(b"cookie", b"")
        self.may_be_kept = (
            self.method in ("GET", "HEAD")
            and not self.is_of_editor
            and not (self.has_session and _editable.fullmatch(scope["raw_path"]))
            and not _is_led_to_a_graph(scope["raw_path"], headers.get(b"accept", b""))
            and _is_ours(headers.get(b"host", b""))
            and (_public.scheme == "http" or _is_https(scope, headers))
        )


@lru_cache(maxsize=100)
def _is_ours(host: bytes) -> bool:
    return host == _public.netloc.encode() or re.sub(rb":\d+\Z", b"", host) in (b"127.0.0.1", b"localhost", b"[::1]")


def _is_led_to_a_graph(path: bytes, accepted: bytes) -> bool:
    """Instead of being given the page that is kept for all others."""
    return bool(preferred_form(accepted[:1000].decode("latin-1")) and _negotiated.fullmatch(unquote_to_bytes(path)))


def _is_https(scope: Scope, headers: dict[bytes, bytes]) -> bool:
    """As the proxy in front says."""
    peer, *_ = scope["client"] or ("",)
    return headers.get(b"x-forwarded-proto") == b"https" and not is_stranger(peer)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    asked = Asked(scope)
    if asked.may_be_kept:
        await _give(asked, receive, send)
    elif not asked.is_of_editor:
        await _answer(await _made(asked), asked, receive, send)
    elif asked.length > LONGEST_BODY:
        await _send(TOO_LONG, asked, send)
    elif (body := await _body_of(receive)) is None or len(body) < asked.length:
        await _send(TOO_LATE, asked, send)
    elif len(body) > LONGEST_BODY:
        await _send(TOO_LONG, asked, send)
    else:
        await _send(await _edited(asked, body), asked, send)


async def _edited(asked: Asked, body: bytes) -> Answer:
    """Nothing of it is begun while the database is late; what has begun is waited for, whatever comes of it."""
    with suppress(Gone):
        await _versions.current()  # it may be late without anybody having asked
    # Whoever has no session waits behind others that have none: forms to sign in keep no editor out.
    waiting = _edits[asked.has_session]
    if _versions.is_late or len(waiting) >= MOST_EDITS:
        return NOT_NOW
    environ = environ_of(asked.scope, body)
    making = asyncio.get_running_loop().run_in_executor(_editors, make, environ, asked.encoding)
    waiting.add(making)
    making.add_done_callback(waiting.discard)
    return (await making).answer


async def _give(asked: Asked, receive: Receive, send: Send) -> None:
    """What is kept of today's version; while the database is gone, what was kept last, with its age."""
    age, now = Headers(), time.time()
    try:
        _store.move_to(await _versions.current())
    except Gone:
        age = ((b"age", b"%d" % min(_versions.age, STALE_FOR)),)
    holds = _versions.age <= STALE_FOR and _store.version == _versions.last
    kept = _store.get(asked.address, asked.encoding) if holds else None
    if kept is None:
        await _answer(await _made_for_all(asked), asked, receive, send)
        return
    since = known_since(kept.version or 0)
    is_known = (
        kept.is_known_by(asked.if_none_match)
        if asked.if_none_match
        else is_as_of(asked.if_modified_since.decode("latin-1"), since, now)
    )
    if is_known:
        await _send(kept.unchanged, asked, send, age)
    else:  # what was made in the first second has no date of its own
        date = () if kept.has_date or since > now else last_modified(since)
        await _send(kept, asked, send, (*age, *date))


async def _made_for_all(asked: Asked) -> Made:
    """Once for all who ask the same while the catalogue is of one version."""
    same = asked.method, asked.address, asked.encoding, asked.if_none_match, asked.if_modified_since
    making = _making.get(same)
    if making is not None:
        made = await asyncio.shield(making)
        if made.answer.version is not None and made.answer.version == _store.version:
            return made
    making = _making[same] = asyncio.create_task(_made(asked))
    making.add_done_callback(lambda done: _making.pop(same) if _making.get(same) is done else None)
    made = await asyncio.shield(making)
    if asked.method == "GET" and made.answer.status == 200:
        _store.keep(asked.address, asked.encoding, made.answer)
    return made


async def _made(asked: Asked) -> Made:
    """By Django, or what it says where the database does not answer or too many wait for it."""
    loop = asyncio.get_running_loop()
    if not _versions.is_in_trouble and len(_waiting) < MOST_WAITING:
        making = loop.run_in_executor(_readers, make, environ_of(asked.scope) | {IN_A_HURRY: True}, asked.encoding)
        _waiting.add(making)
        making.add_done_callback(_waiting.discard)
        if await _versions.or_trouble(making):
            if making.result().has_no_database:
                _versions.rest()
            return making.result()
        making.cancel()
    environ = environ_of(asked.scope) | {WITHOUT_DATABASE: True}
    return await loop.run_in_executor(_apologies, make, environ, asked.encoding)


async def _answer(made: Made, asked: Asked, receive: Receive, send: Send) -> None:
    if made.takes_long and await _file_can_be_made():
        await _spool(asked, receive, send)
    else:
        await _send(made.answer, asked, send)


async def _file_can_be_made() -> bool:
    """Whether the one before is made, or is in a moment."""
    if before := [making for making in _spools.values() if not making.done()]:
        await asyncio.wait(before, timeout=FILE_PATIENCE)
    return len(_spools) < MOST_SPOOLED and all(making.done() for making in _spools.values())


async def _send(answer: Answer, asked: Asked, send: Send, more: Headers = ()) -> None:
    await send({"type": "http.response.start", "status": answer.status, "headers": [*answer.headers_sent, *more]})
    if asked.method == "HEAD" and not answer.body:
        await send({"type": "http.response.body", "more_body": True})  # of no known length
    await send({"type": "http.response.body", "body": b"" if asked.method == "HEAD" else answer.body})


async def _spool(asked: Asked, receive: Receive, send: Send) -> None:
    """Whoever makes the file is free for the next as soon as it is made, not when it is taken."""
    spool, environ = Spool(), environ_of(asked.scope)
    _spools[spool] = asyncio.get_running_loop().run_in_executor(_files, spool.make, environ, asked.encoding)
    leaving = asyncio.create_task(_leave_with(receive, spool))
    try:
        status, headers = await spool.head
        await send({"type": "http.response.start", "status": status, "headers": headers})
        async for block in spool.blocks():
            message = {"type": "http.response.body", "body": block, "more_body": True}
            await asyncio.wait_for(send(message), TAKING_PATIENCE)
        await send({"type": "http.response.body"})
    finally:
        leaving.cancel()
        spool.leave()
        try:
            await _spools[spool]
        finally:
            del _spools[spool]


async def _leave_with(receive: Receive, spool: Spool) -> None:
    """As soon as its reader has gone: nothing else tells that nobody takes what is sent."""
    while (await receive())["type"] != "http.disconnect":
        pass
    spool.leave()


async def _body_of(receive: Receive) -> bytes | None:
    """As far as it may be long; None where it breaks off or does not come in time."""
    body = bytearray()
    try:
        async with asyncio.timeout(3 * PATIENCE):
            while len(body) <= LONGEST_BODY:
                message = await asyncio.wait_for(receive(), PATIENCE)
                if message["type"] == "http.disconnect":
                    return None
                body += message.get("body", b"")
                if not message.get("more_body"):
                    break
    except TimeoutError:
        return None
    return bytes(body)
