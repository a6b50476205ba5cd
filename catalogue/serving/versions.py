"""The catalogue's version, asked once for all who came before it was asked; and whether the database answers at all."""

import asyncio
import logging
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.db import DatabaseError, InterfaceError, connection

from catalogue.serving.patience import VERSION, cut_off
from initiatives.versions import current_version

PATIENCE = 0.8  # seconds
REST = 5.0  # seconds for which a database that did not answer a page is not asked for another

logger = logging.getLogger(__name__)
Waiting = list["asyncio.Future[int]"]


class Gone(Exception):
    """The database does not answer."""


class Versions:
    """Asked on a thread of its own: the event loop never waits for a database."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, VERSION)
        self._waiting: Waiting = []
        self._is_asking = self.is_late = False
        self.last: int | None = None
        self._known_at = self._resting_until = float("-inf")
        self._troubled: Waiting = []

    @property
    def age(self) -> float:
        """For how many seconds nobody knows whether the last version is still today's."""
        return time.monotonic() - self._known_at

    async def current(self) -> int:
        """Of a moment after the call. Raises Gone."""
        if self.is_late:
            raise Gone
        loop = asyncio.get_running_loop()
        waiting = loop.create_future()
        self._waiting.append(waiting)
        if not self._is_asking:
            self._ask_for_all(loop)
        return await waiting

    @property
    def is_in_trouble(self) -> bool:
        """Whether the database owes somebody an answer for too long."""
        return self.is_late or time.monotonic() < self._resting_until

    async def or_trouble(self, made: "asyncio.Future[Any]") -> bool:
        """Waits for something that is made of the database; whether it is there, and not only trouble."""
        trouble = made.get_loop().create_future()
        self._troubled.append(trouble)
        try:
            await asyncio.wait({made, trouble}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._troubled.remove(trouble)
        return made.done()

    def rest(self) -> None:
        """Lets go of all who wait for the database, and lets nobody ask it for some seconds."""
        self._resting_until = time.monotonic() + REST
        self._tell_of_trouble()

    def _tell_of_trouble(self) -> None:
        for trouble in self._troubled:
            if not trouble.done():
                trouble.set_result(0)

    def _ask_for_all(self, loop: asyncio.AbstractEventLoop) -> None:
        """For those who wait; who comes while the database is being asked waits for the answer after."""
        those, self._waiting = self._waiting, []
        self._is_asking = True
        late = loop.call_later(PATIENCE, self._give_up, those)
        asked = self._thread.submit(_ask)

        def told() -> None:
            late.cancel()
            self._is_asking = self.is_late = False
            self._tell(those, asked)
            if self._waiting:
                self._ask_for_all(loop)

        asked.add_done_callback(lambda _: loop.call_soon_threadsafe(told))

    def _tell(self, those: Waiting, asked: "Future[int]") -> None:
        if failure := asked.exception():
            if time.monotonic() >= self._resting_until:  # said once, not to each who comes
                logger.error("The catalogue's version cannot be read", exc_info=failure)
            self._let_go(those)
            self.rest()
        else:
            self._known_at, self.last = time.monotonic(), asked.result()
            for waiting in those:
                if not waiting.done():
                    waiting.set_result(asked.result())

    def _give_up(self, those: Waiting) -> None:
        """Until the database answers again, nobody waits for it."""
        self.is_late = True
        self._let_go([*those, *self._waiting])
        self._waiting = []
        self._tell_of_trouble()
        cut_off()

    @staticmethod
    def _let_go(those: Waiting) -> None:
        for waiting in those:
            if not waiting.done():
                waiting.set_exception(Gone)


def _ask() -> int:
    """Here no request begins or ends, so nobody else looks after this thread's connection."""
    try:
        return current_version()
    except (DatabaseError, InterfaceError):
        connection.close()  # a restarted server answers on a new one
        return current_version()
