"""How long the threads of a worker wait for the database: migrating, importing and the like have more patience."""

import os
import socket
import threading
from contextlib import closing, suppress
from typing import Any
from weakref import WeakSet

from django.db.backends.signals import connection_created
from psycopg.pq import TransactionStatus

EDITOR = "editor"  # how the names of editors' threads begin
SECONDS = {True: 2.0, False: 0.5}  # for what somebody else has locked: an editor, and everybody else
LONGEST_QUERY = 20  # seconds; the index of a million entries asks for some of them


_opened: WeakSet[Any] = WeakSet()  # psycopg's connections of this process
_opening = threading.Lock()


def _limit(connection: Any, **kwargs: Any) -> None:
    milliseconds = int(1000 * SECONDS[threading.current_thread().name.startswith(EDITOR)])
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")
        else:
            cursor.execute(f"SET lock_timeout = {milliseconds}")
            cursor.execute(f"SET statement_timeout = '{LONGEST_QUERY}s'")
            with _opening:
                _opened.add(connection.connection)


def limit_waiting() -> None:
    """In this process, from now on."""
    connection_created.connect(_limit, dispatch_uid="patience")


def cut_off() -> None:
    """Ends what waits for PostgreSQL: a server that is stopped, not gone, runs no timeout of its own."""
    with _opening:
        opened = list(_opened)
    for connection in opened:
        if not connection.closed and connection.pgconn.transaction_status == TransactionStatus.ACTIVE:
            with suppress(OSError), closing(socket.socket(fileno=os.dup(connection.fileno()))) as plug:
                plug.shutdown(socket.SHUT_RDWR)
