"""Where the published entries stand: place n is the n-th in the default order, and bit n of every bitmap."""

from array import array
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Aggregate, Max, QuerySet, TextField
from pyroaring import BitMap

from initiatives.models import Initiative

ABSENT = 2**32 - 1


class Places:
    def __init__(self) -> None:
        self.ids = id_array(Initiative.objects.published().in_order("position"))
        highest = Initiative.objects.aggregate(highest=Max("pk"))["highest"] or 0  # links and words name drafts too
        self._by_id = array("I", [ABSENT]) * (highest + 1)
        for place, pk in enumerate(self.ids):
            self._by_id[pk] = place
        self.all = BitMap(range(len(self.ids)))

    def of(self, pk: int) -> int:
        return self._by_id[pk]

    def in_order(self, order: str) -> array:
        """All places, in another order than their own."""
        return array("I", map(self._by_id.__getitem__, id_array(Initiative.objects.published().in_order(order))))

    def bitmap(self, ids: str | None) -> BitMap:
        """The places of the entries among these ids, separated by commas, that are published."""
        numbers = array("Q", map(int, ids.split(","))) if ids else array("Q")
        if numbers and max(numbers) >= len(self._by_id):  # until `restem`, words of deleted entries remain
            numbers = array("Q", (pk for pk in numbers if pk < len(self._by_id)))
        places = BitMap(array("I", map(self._by_id.__getitem__, numbers)))
        places.discard(ABSENT)
        return places


def union(bitmaps: Iterable[BitMap]) -> BitMap:
    return reduce(or_, bitmaps, BitMap())


class IdList(Aggregate):
    """Ids as one comma-separated string: far cheaper to fetch than a row each."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="STRING_AGG((%(expressions)s)::text, ',')", **context)


def id_array(entries: QuerySet) -> array:
    """The ids of a query in its order."""
    sql, parameters = entries.values("id").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return array("I", (pk for (pk,) in cursor))
