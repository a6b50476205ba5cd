"""A long answer on its way from the thread that makes it to a reader who takes it at another speed."""

import asyncio
import os
import tempfile
import zlib
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

import brotli

from catalogue.serving.kept import BROTLI, GZIP, Headers
from catalogue.serving.through_django import answered

BLOCK = 64 * 1024


def packed(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    if encoding == BROTLI:
        packing = brotli.Compressor(quality=4)
        yield from filter(None, map(packing.process, pieces))
        yield packing.finish()
    elif encoding == GZIP:
        deflating = zlib.compressobj(wbits=31)
        yield from filter(None, map(deflating.compress, pieces))
        yield deflating.flush()
    else:
        yield from pieces


class Spool:
    """A temporary file that one thread writes while the event loop reads it: who makes never waits for who reads."""

    def __init__(self) -> None:
        self.head: asyncio.Future[tuple[int, Headers]] = asyncio.get_running_loop().create_future()
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - see `_close`
        self._more = asyncio.Event()
        self._is_made = self._is_left = False
        self._failure: BaseException | None = None

    def make(self, environ: dict[str, Any], encoding: str) -> None:
        """On a thread: until the file is whole, or its reader has left."""
        try:
            with answered(environ) as (status, headers, response):
                said = ((b"content-encoding", encoding.encode()),) if encoding else ()
                self._call(self.head.set_result, (status, (*headers, *said)))
                for piece in packed(response, encoding):
                    if self._is_left:
                        break
                    self._write(piece)
                    self._call(self._more.set)
        except BaseException as failure:  # on its way up; who reads must not take what is there for the whole
            self._failure = failure
            raise
        finally:
            self._is_made = True
            self._call(self._end)

    def _write(self, piece: bytes) -> None:
        rest = memoryview(piece)
        while rest:
            rest = rest[self._file.write(rest) :]

    def _end(self) -> None:
        self._more.set()
        if not self.head.done():
            self.head.set_exception(RuntimeError("nothing was made"))
        self._close()

    def _call(self, what: Any, *values: Any) -> None:
        self.head.get_loop().call_soon_threadsafe(what, *values)

    async def blocks(self) -> AsyncIterator[bytes]:
        at = 0
        while not self._is_left:
            was_made = self._is_made  # looked at first: what is not there then will never be
            block = os.pread(self._file.fileno(), BLOCK, at)
            if block:
                at += len(block)
                yield block
            elif was_made and self._failure:
                raise self._failure
            elif was_made:
                return
            else:
                await self._more.wait()
                self._more.clear()

    def leave(self) -> None:
        self._is_left = True
        self._more.set()
        self._close()

    def _close(self) -> None:
        """Whoever is the last to go."""
        if self._is_made and self._is_left:
            self._file.close()
