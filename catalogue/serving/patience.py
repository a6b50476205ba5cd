"""How long the threads of a worker wait for the database: migrating, importing and the like have more patience."""

import os
import socket
import threading
from contextlib import closing, suppress
from typing import Any
from weakref import WeakSet

from django.db.backends.signals import connection_created

# How the names of threads begin.
EDITOR, READER, VERSION = "editor", "reader", "version"
READERS = READER, VERSION
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
            if threading.current_thread().name.startswith(READERS):
                with _opening:
                    _opened.add(connection.connection)


def limit_waiting() -> None:
    """In this process, from now on."""
    connection_created.connect(_limit, dispatch_uid="patience")


def cut_off() -> None:
    """Ends what readers wait for in PostgreSQL: a server that is stopped, not gone, runs no timeout of its own.

    Editors and files are waited for: what has begun may be done by the time that it answers again.
    """
    with _opening:
        opened = list(_opened)
    if opened:
        from psycopg.pq import TransactionStatus  # who has SQLite need not have read it
    for connection in opened:
        if not connection.closed and connection.pgconn.transaction_status == TransactionStatus.ACTIVE:
            with suppress(OSError), closing(socket.socket(fileno=os.dup(connection.fileno()))) as plug:
                plug.shutdown(socket.SHUT_RDWR)
