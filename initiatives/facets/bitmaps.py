"""Which published entries stand where: bit n of every bitmap is the entry whose id is n."""

from array import array
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

import orjson
from django.db import connection
from django.db.models import Aggregate, QuerySet, TextField
from pyroaring import BitMap

from initiatives.facets.found import Vocabularies
from initiatives.facets.kinds import choice_facets
from initiatives.facets.selection import NONE
from initiatives.models import LINKS, Basis, Initiative
from initiatives.search.labels import Labelled

ByValue = Mapping[str, BitMap]
BLOCK = 2**20  # characters of ids read at once: all that a million of them take of memory


@dataclass(frozen=True)
class Bitmaps:
    """Of all published entries, or of some of them.

    `values` has by facet and basis a bitmap for each value, `none` among them; `funds` those that have no facet, and
    `quoting` the entries that quote a passage, by its id.
    """

    all: BitMap
    values: Mapping[tuple[str, str], ByValue]
    funds: Mapping[Labelled, BitMap]
    quoting: Mapping[int, BitMap]

    @classmethod
    def of(cls, terms: Vocabularies, published: BitMap, ids: Collection[int] | None = None) -> "Bitmaps":
        """Asks the database; `ids`, where they are given, are the only ones asked for, and `published` are of them."""
        # By id alone: asked for the published among some ids, SQLite would walk through all that are published.
        entries = Initiative.objects.published() if ids is None else Initiative.objects.filter(pk__in=published)
        links = {} if ids is None else {"initiative__in": ids}
        quoted = Initiative.passages.through.objects.filter(**links).values_list("passage_id")
        return cls(
            published,
            _of_links(terms, published, links) | _of_choices(entries),
            {("funding", fund): bits for fund, bits in _grouped(entries.values_list("funding"), "pk")},
            {passage: bits & published for passage, bits in _grouped(quoted, "initiative_id")},
        )

    def followed(self, changed: BitMap, now: "Bitmaps") -> "Bitmaps":
        """With what `now` says of the entries that changed."""
        values = {at: _followed(by_value, changed, now.values[at]) for at, by_value in self.values.items()}
        funds, quoting = (
            _followed(before, changed, after)
            for before, after in ((self.funds, now.funds), (self.quoting, now.quoting))
        )
        return Bitmaps((self.all - changed) | now.all, values, funds, quoting)


def _followed(before: Mapping[Any, BitMap], changed: BitMap, now: Mapping[Any, BitMap]) -> dict[Any, BitMap]:
    return {at: (before.get(at, BitMap()) - changed) | now.get(at, BitMap()) for at in {**before, **now}}


def _of_links(
    terms: Vocabularies, published: BitMap, some: Mapping[str, Collection[int]]
) -> dict[tuple[str, str], ByValue]:
    """By facet and basis: a bitmap for each term and one for the entries without any."""
    bitmaps: dict[tuple[str, str], ByValue] = {}
    for dimension, link in LINKS.items():
        slugs = {term.pk: slug for slug, term in terms[dimension].items()}
        rows = _grouped(link._default_manager.filter(**some).values_list("term_id", "basis"), "initiative_id")
        by_basis = {(slugs[pk], basis): bits & published for pk, basis, bits in rows}
        for basis, counting in (("all", list(Basis)), (Basis.SOURCE.value, [Basis.SOURCE])):
            under = {slug: union(by_basis.get((slug, b), BitMap()) for b in counting) for slug in terms[dimension]}
            bitmaps[dimension, basis] = {**under, NONE: published - union(under.values())}
    return bitmaps


def _of_choices(entries: QuerySet) -> dict[tuple[str, str], ByValue]:
    facets = choice_facets()
    bitmaps = {name: {value: BitMap() for value in facet.choices.values} for name, facet in facets.items()}
    for *values, bits in _grouped(entries.values_list(*(facet.value for facet in facets.values())), "pk"):
        for name, value in zip(facets, values, strict=True):
            bitmaps[name][value] |= bits
    return {(name, basis): values for name, values in bitmaps.items() for basis in ("all", Basis.SOURCE.value)}


def union(bitmaps: Iterable[BitMap]) -> BitMap:
    return reduce(or_, bitmaps, BitMap())


def bitmap(ids: str | None) -> BitMap:
    """Of ids separated by commas."""
    bits, start = BitMap(), 0
    while ids and start < len(ids):
        comma = ids.find(",", start + BLOCK)
        stop = comma if comma >= 0 else len(ids)
        bits |= BitMap(array("I", orjson.loads(f"[{ids[start:stop]}]")))  # a third of the time of split and int
        start = stop + 1
    return bits


def _grouped(rows: QuerySet, field: str) -> list[tuple[Any, ...]]:
    """Each distinct row with the bitmap of its ids as its last value."""
    return [(*values, bitmap(ids)) for *values, ids in rows.annotate(ids=IdList(field)).order_by()]


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
