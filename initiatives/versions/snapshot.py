from collections.abc import Callable
from contextlib import ExitStack
from copy import copy
from itertools import count
from typing import Any

from django.db import connection

from initiatives.versions.current import version_and_words

BEGIN = {"sqlite": "BEGIN", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}
# A snapshot that nobody closed, for a failure on its way to the reader.
LEFT_OPEN: dict[str, Callable[[Any], bool]] = {
    "sqlite": lambda driver: driver.in_transaction,
    "postgresql": lambda driver: driver.info.transaction_status.name != "IDLE",
}
_openings = count()


class Snapshot:
    """One moment of the database: all that is read before `close` is of one version. PostgreSQL refuses to write in it.

    Of two snapshots of a process the one with the greater `opened` is the newer one, unless both were being opened at
    the same time: then an index may be built once more than needed. Inside a transaction that is open already, as a
    test's is, that transaction is the snapshot.
    """

    def __init__(self) -> None:
        self.opened = next(_openings)
        self._is_open = not connection.in_atomic_block
        with ExitStack() as failing:
            if self._is_open:
                _begin(self.opened)
            failing.callback(self.close)
            # What is made meanwhile may offer other words than a moment later, of the same version.
            self.version, self.lacks_words = version_and_words()
            failing.pop_all()

    def close(self) -> None:
        if self._is_open:
            self._is_open = False
            _end(self.opened)

    def hand_over(self) -> Callable[[], None]:
        """Leaves it open for who goes on reading after who opened it has closed it; what it gives closes it, once."""
        rest = copy(self)
        self._is_open = False
        return rest.close


def _begin(snapshot: int) -> None:
    # Past Django's cursor, which knows nothing of transactions that it did not begin, but looks after its connection.
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    if LEFT_OPEN[connection.vendor](connection.connection):
        _execute("ROLLBACK")
    _execute(BEGIN[connection.vendor])
    connection.snapshot = snapshot  # type: ignore[attr-defined]


def _end(snapshot: int) -> None:
    """Unless it has been ended: whoever is forgotten without being closed may be found later, while another is read."""
    if getattr(connection, "snapshot", None) == snapshot:
        _execute("ROLLBACK")


def _execute(sql: str) -> None:
    with connection.wrap_database_errors:
        connection.connection.execute(sql)
