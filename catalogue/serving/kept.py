"""What was answered once, kept as long as the catalogue is of the version that it was made of."""

import gzip
import re
from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import brotli
from django.utils.http import http_date, parse_etags

Headers = tuple[tuple[bytes, bytes], ...]
BROTLI, GZIP, PLAIN = "br", "gzip", ""
ENCODINGS = (BROTLI, GZIP, PLAIN)  # the best first
SMALLEST = 200  # bytes: what is shorter is sent as it is
LARGEST = 2**20  # bytes, before packing: what is longer is not kept
HEADERS_WEIGH = 2_500  # bytes, about, that an answer takes beside its address and its body
UNCHANGED = (
    b"etag",
    b"cache-control",
    b"vary",
    # A script that sent If-None-Match itself is given the 304, and may read it only if it says so.
    b"access-control-allow-origin",
    b"access-control-expose-headers",
)
_PACKS_WELL = re.compile(rb"text/|image/svg|application/(?!vnd\.openxmlformats)")
_CODING = re.compile(rb"([\w*-]+)\s*(?:;\s*q\s*=\s*([\d.]+))?")


@lru_cache(maxsize=1000)
def encoding_for(accepted: bytes) -> str:
    """The best that a reader takes, by the `Accept-Encoding` that it sent."""
    takes = {name.lower() for name, quality in _CODING.findall(accepted) if not quality or quality.strip(b"0.")}
    return next((encoding for encoding in ENCODINGS if encoding.encode() in takes), PLAIN)


@dataclass(frozen=True)
class Answer:
    """A whole answer in one encoding; it holds as long as the catalogue is of its version, if it has one."""

    status: int
    headers: Headers  # but Content-Length and Content-Encoding
    body: bytes
    version: int | None = None
    encoding: str = PLAIN

    def packed(self, encoding: str) -> "Answer":
        """The same in another encoding, if it is of a kind that packs well."""
        if self.encoding:
            plain = gzip.decompress(self.body) if self.encoding == GZIP else brotli.decompress(self.body)
        else:
            plain = self.body
        packs_well = len(plain) >= SMALLEST and _PACKS_WELL.match(self.header(b"content-type"))
        if not encoding or not packs_well or self.header(b"content-encoding"):
            return replace(self, body=plain, encoding=PLAIN)
        # Brotli's fifth quality packs better than gzip's best, in less time.
        body = gzip.compress(plain, mtime=0) if encoding == GZIP else brotli.compress(plain, quality=5)
        return replace(self, headers=_varying(self.headers), body=body, encoding=encoding)

    def header(self, wanted: bytes) -> bytes:
        return next((value for name, value in self.headers if name == wanted), b"")

    @cached_property
    def etag(self) -> str:
        return self.header(b"etag").decode("latin-1")

    @cached_property
    def headers_sent(self) -> Headers:
        encoding = ((b"content-encoding", self.encoding.encode()),) if self.encoding else ()
        length = ((b"content-length", b"%d" % len(self.body)),) if self.body else ()
        return (*self.headers, *encoding, *length)

    @cached_property
    def unchanged(self) -> "Answer":
        """304: what a reader who has it already is told."""
        return Answer(304, tuple(header for header in self.headers if header[0] in UNCHANGED), b"")

    def is_known_by(self, if_none_match: bytes) -> bool:
        """By what Django compares too: weak or strong, in this they are the same."""
        known = {each.removeprefix("W/") for each in parse_etags(if_none_match.decode("latin-1"))}
        return self.etag.removeprefix("W/") in known

    @cached_property
    def has_date(self) -> bool:
        return bool(self.header(b"last-modified"))


@lru_cache(maxsize=1)
def last_modified(since: int) -> Headers:
    return ((b"last-modified", http_date(since).encode()),)


def _varying(headers: Headers) -> Headers:
    """What a reader of another encoding is given is another answer."""
    if any(name == b"vary" and b"accept-encoding" in value.lower() for name, value in headers):
        return headers
    return (*headers, (b"vary", b"Accept-Encoding"))


class Store:
    """The answers of one version, of `most` bytes together; those asked for last are the last to go."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._start_with(None)

    def _start_with(self, version: int | None) -> None:
        self.version, self.weight = version, 0
        self._answers: OrderedDict[tuple[bytes, str], Answer] = OrderedDict()

    def move_to(self, version: int) -> None:
        if version != self.version:
            self._start_with(version)

    def get(self, address: bytes, encoding: str) -> Answer | None:
        """The answer in this encoding, made of another that is there if need be."""
        if answer := self._answers.get((address, encoding)):
            self._answers.move_to_end((address, encoding))
            return answer
        others = (self._answers.get((address, other)) for other in ENCODINGS)
        if there := next(filter(None, others), None):
            answer = there.packed(encoding)
            self.keep(address, encoding, answer)
        return answer

    def keep(self, address: bytes, encoding: str, answer: Answer) -> None:
        """What a reader of this encoding is given, unless the catalogue has moved on while it was made."""
        is_of_today = answer.version is not None and answer.version == self.version
        if not is_of_today or (address, encoding) in self._answers:
            return
        # Copied by the door's own thread: among what making pages leaves behind, bodies would take a third more memory.
        self._answers[address, encoding] = replace(answer, body=bytes(memoryview(answer.body)))
        self.weight += self._weight(address, answer)
        while self.weight > self._most:
            (dropped, _), oldest = self._answers.popitem(last=False)
            self.weight -= self._weight(dropped, oldest)

    @staticmethod
    def _weight(address: bytes, answer: Answer) -> int:
        return len(address) + len(answer.body) + len(answer.header(b"link")) + HEADERS_WEIGH
