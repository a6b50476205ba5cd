"""What a selection finds, from bitmaps of one version of the published catalogue.

Bit n stands for the n-th entry in the default order. The index is kept in the process and written nowhere; `at` gives
the one of the version asked for or, while another thread is building it, plain SQL.
"""

import threading
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property, reduce
from itertools import islice
from math import ceil
from operator import and_, or_
from typing import Any

from django.db import connection
from django.db.models import Aggregate, Max, Q, QuerySet, TextField
from pyroaring import BitMap

from initiatives import related, search, versions
from initiatives.models import LINKS, Basis, Initiative, Level, vocabularies
from initiatives.selection import FACETS, NONE, Selection
from initiatives.sql import Found, Links, Pairs, PlainSQL

ABSENT = 2**32 - 1
_building = threading.Lock()
_latest: "FacetIndex | None" = None


def at(version: int) -> "Catalogue":
    global _latest
    index = _latest
    if index is not None and index.version == version:
        return index
    if not _building.acquire(blocking=False):
        return PlainSQL()
    try:
        if _latest is not None and _latest.version == version:  # built between the look and the lock
            return _latest
        if versions.current() != version:  # a late request does not displace the index of the others
            return PlainSQL()
        _latest = None  # two indexes of a million entries need not be in memory together
        _latest = index = FacetIndex(version)
        return index
    finally:
        _building.release()


class FacetIndex:
    """Holds a version only if nothing changed while it was built: the page's own second look at the version says so."""

    def __init__(self, version: int) -> None:
        self.version = version
        self.terms = vocabularies()
        published = Initiative.objects.published()
        self.ids = id_array(published.in_order("position"))
        highest = Initiative.objects.aggregate(highest=Max("pk"))["highest"] or 0  # links and words name drafts too
        self.places = array("I", [ABSENT]) * (max(highest, max(self.ids, default=0)) + 1)
        for place, pk in enumerate(self.ids):
            self.places[pk] = place
        self.all = BitMap(range(len(self.ids)))
        self.bitmaps = self._links() | self._scopes_and_levels(published)
        self.passages = self._passages()
        self._orders: dict[str, array] = {}  # places by other orders, found when first asked for
        self.searched = search.Cache(self)

    def _links(self) -> dict[tuple[str, str], dict[str, BitMap]]:
        """By facet and basis: a bitmap for each term and one for the entries without any."""
        made = {}
        for dimension, link in LINKS.items():
            slugs = {term.pk: slug for slug, term in self.terms[dimension].items()}
            rows = link.counting("all").values_list(f"{dimension}_id", "basis").annotate(ids=IdList("initiative_id"))
            by_basis = {(slugs[pk], basis): self.bitmap(ids) for pk, basis, ids in rows.order_by() if pk in slugs}
            for basis, counting in (("all", list(Basis)), (Basis.SOURCE.value, [Basis.SOURCE])):
                terms = {s: _union(by_basis.get((s, b), BitMap()) for b in counting) for s in self.terms[dimension]}
                made[dimension, basis] = {**terms, NONE: self.all - _union(terms.values())}
        return made

    def _scopes_and_levels(self, published: QuerySet) -> dict[tuple[str, str], dict[str, BitMap]]:
        rows = (
            published.annotate(root=Q(parent=None)).values_list("scope", "root").annotate(ids=IdList("pk")).order_by()
        )
        scopes: dict[str, BitMap] = {}
        levels = {level.value: BitMap() for level in Level}
        for scope, root, ids in rows:
            bitmap = self.bitmap(ids)
            scopes[scope] = scopes.get(scope, BitMap()) | bitmap
            levels[Level.INITIATIVE if root else Level.MEASURE] |= bitmap
        return {(facet, basis): b for facet, b in (("scope", scopes), ("level", levels)) for basis in ("all", "source")}

    def _passages(self) -> dict[int, BitMap]:
        quoted = Initiative.passages.through.objects.values_list("passage_id").annotate(ids=IdList("initiative_id"))
        return {passage: self.bitmap(ids) for passage, ids in quoted.order_by()}

    def bitmap(self, ids: str | None) -> BitMap:
        """The places of the entries among these ids, separated by commas, that are published."""
        numbers = array("Q", map(int, ids.split(","))) if ids else array("Q")
        if numbers and max(numbers) >= len(self.places):  # made after this index, whose page will be made again
            numbers = array("Q", (pk for pk in numbers if pk < len(self.places)))
        places = BitMap(array("I", map(self.places.__getitem__, numbers)))
        places.discard(ABSENT)
        return places

    def find(self, selection: Selection) -> Found:
        text = self.searched.bitmap(selection)
        chosen = {facet: self._chosen(facet, selection) for facet in FACETS if selection.chosen(facet)}
        result = reduce(and_, chosen.values(), text)
        counts = {}
        for facet in FACETS:
            # Its own choices left out, so that the siblings keep their counts.
            others = reduce(and_, (bits for name, bits in chosen.items() if name != facet), text)
            values = self.bitmaps[facet, selection.basis]
            counts[facet] = {value: bits.intersection_cardinality(others) for value, bits in values.items()}
        levels = {
            value: bits.intersection_cardinality(result)
            for value, bits in self.bitmaps["level", selection.basis].items()
        }
        pages = max(1, ceil(len(result) / selection.page_size))
        page = min(selection.page, pages)
        ids = tuple(self._page(result, selection, (page - 1) * selection.page_size))
        return Found(levels, page, pages, ids, counts, self.links(ids))

    def all_of(self, selection: Selection) -> Sequence[int]:
        """The ids of everything found, in its order."""
        whole = replace(selection, page_size=max(1, len(self.ids)))
        return array("I", self._page(self._result(whole), whole, 0))

    def totals_without(self, selection: Selection) -> dict[str, int]:
        """For each active parameter the total that dropping it would give."""
        return {name: len(self._result(selection.without(name))) for name in selection.active}

    def pairs(self, selection: Selection, one: str, other: str) -> Pairs:
        result = self._result(selection)
        (these, sourced), (those, others_sourced) = (self._with_sourced(d, selection.basis) for d in (one, other))
        pairs = {}
        for value, bits in these.items():
            found, by_source = bits & result, sourced[value] & result
            for other_value, other_bits in those.items():
                if count := found.intersection_cardinality(other_bits):
                    pairs[value, other_value] = count, by_source.intersection_cardinality(others_sourced[other_value])
        return pairs

    def _with_sourced(self, dimension: str, basis: str) -> tuple[dict[str, BitMap], dict[str, BitMap]]:
        """All its values under `basis`, and what of them is the document's: of `none`, which nobody wrote, all."""
        values = self.bitmaps[dimension, basis]
        return values, {**self.bitmaps[dimension, Basis.SOURCE.value], NONE: values[NONE]}

    def _result(self, selection: Selection) -> BitMap:
        chosen = (self._chosen(facet, selection) for facet in FACETS if selection.chosen(facet))
        return reduce(and_, chosen, self.searched.bitmap(selection))

    def _chosen(self, facet: str, selection: Selection) -> BitMap:
        values = self.bitmaps[facet, selection.basis]
        return _union(values.get(value, BitMap()) for value in selection.chosen(facet))

    def _page(self, result: BitMap, selection: Selection, start: int) -> Iterable[int]:
        stop = start + selection.page_size
        if selection.order == "relevance":
            return self._by_relevance(result, selection, start, stop)
        if selection.order == "position":
            return (self.ids[place] for place in result[start:stop])
        order = self._order(selection.order)
        return islice((self.ids[place] for place in order if place in result), start, stop)

    def _by_relevance(self, result: BitMap, selection: Selection, start: int, stop: int) -> list[int]:
        """All in the title, then in title and summary, then elsewhere too; each in the default order."""
        places: list[int] = []
        for tier in self.searched.tiers(selection):
            best = result & tier
            result = result - best
            places += best[max(0, start) : max(0, stop)]
            start, stop = start - len(best), stop - len(best)
        places += result[max(0, start) : max(0, stop)]
        return [self.ids[place] for place in places]

    def _order(self, order: str) -> array:
        if order not in self._orders:
            ids = id_array(Initiative.objects.published().in_order(order))
            # An entry published meanwhile has no place here; the page is then made again anyway.
            self._orders[order] = array("I", (self.places[pk] for pk in ids if pk < len(self.places)))
        return self._orders[order]

    def related(self, entry: Initiative, besides: Iterable[int], most: int) -> tuple[int, ...]:
        """The ids of the entries most like it, without those given."""
        place = self._place(entry.pk)
        own = [bits for bits in self._terms if place in bits]
        others = self.all - BitMap([place, *map(self._place, besides)])
        return tuple(self.ids[other] for other in related.most_alike(own, self._sizes, others, place, most))

    @property
    def _terms(self) -> list[BitMap]:
        return [self.bitmaps[dimension, "all"][slug] for dimension, terms in self.terms.items() for slug in terms]

    @cached_property
    def _sizes(self) -> list[BitMap]:
        """The n-th holds the entries that have n terms in all."""
        return related.by_count(self._terms, self.all)

    def _place(self, pk: int) -> int:
        """Of an entry published in another version than this one: none, and the page is made again."""
        return self.places[pk] if pk < len(self.places) else ABSENT

    def links(self, ids: Iterable[int]) -> dict[int, Links]:
        return {pk: self.links_of(pk) for pk in ids}

    def links_of(self, pk: int) -> Links:
        place = self._place(pk)
        return {
            dimension: [
                (slug, (Basis.SOURCE if place in self.bitmaps[dimension, "source"][slug] else Basis.EDITORIAL).value)
                for slug in terms
                if place in self.bitmaps[dimension, "all"][slug]
            ]
            for dimension, terms in self.terms.items()
        }


Catalogue = FacetIndex | PlainSQL  # either answers everything


def _union(bitmaps: Iterable[BitMap]) -> BitMap:
    return reduce(or_, bitmaps, BitMap())


class IdList(Aggregate):
    """Ids as one comma-separated string: far cheaper to fetch than a row each."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="STRING_AGG((%(expressions)s)::text, ',')", **context)


def id_array(entries: QuerySet) -> array:
    """The ids of a query in its order, fetched as one string."""
    sql, parameters = entries.values("id").query.sql_with_params()
    joined = {"sqlite": "group_concat(id)", "postgresql": "string_agg(id::text, ',')"}[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {joined} FROM ({sql}) ordered", parameters)
        ids = cursor.fetchone()[0]
    return array("I", map(int, ids.split(",")) if ids else [])
