"""What a selection finds, asked of the database alone: while an index is built, and to hold indexes against."""

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from math import ceil
from operator import add

from django.db.models import (
    Count,
    F,
    FilteredRelation,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Window,
)
from django.db.models.functions import Abs, Cast, RowNumber

from initiatives.models import LINKS, ORDERS, Basis, Initiative, Level, vocabularies
from initiatives.selection import NONE, Selection
from taxonomy.models import Term

# An entry's terms by dimension, each with its basis.
Links = dict[str, list[tuple[str, str]]]
# By a value of one dimension and one of another: the entries under both, and those of them that are there on the
# document's word alone. `none` is a link that is not there, so only the other side's must be the document's.
Pairs = dict[tuple[str, str], tuple[int, int]]


@dataclass(frozen=True)
class Found:
    """`page` is the one asked for or, beyond the end, the last.

    `counts[facet][value]` lets every choice count but the facet's own; a value that is not there
    counts 0. `links` are those of the page's entries, by id.
    """

    levels: Mapping[str, int]
    page: int
    pages: int
    ids: tuple[int, ...]
    counts: Mapping[str, Mapping[str, int]]
    links: Mapping[int, Links]

    @property
    def total(self) -> int:
        return sum(self.levels.values())


class PlainSQL:
    @cached_property
    def terms(self) -> dict[str, dict[str, Term]]:
        return vocabularies()

    def find(self, selection: Selection) -> Found:
        grid = _scope_by_level(selection)
        counts = {dimension: _term_counts(dimension, selection) for dimension in LINKS}
        counts["scope"] = _sums((scope, n) for (scope, level), n in grid.items() if level in (selection.level or Level))
        by_level = [(level, n) for (scope, level), n in grid.items() if not selection.scope or scope in selection.scope]
        counts["level"] = _sums(by_level)
        levels = {level.value: counts["level"][level] * (level in (selection.level or Level)) for level in Level}
        pages = max(1, ceil(sum(levels.values()) / selection.page_size))
        page = min(selection.page, pages)
        start = (page - 1) * selection.page_size
        chosen = Initiative.objects.published().matching(selection).in_order_of(selection)
        ids = tuple(chosen.values_list("pk", flat=True)[start : start + selection.page_size])
        return Found(levels, page, pages, ids, counts, _links(ids))

    def all_of(self, selection: Selection) -> Sequence[int]:
        """The ids of everything found, in its order."""
        chosen = Initiative.objects.published().matching(selection).in_order_of(selection)
        return array("Q", chosen.values_list("pk", flat=True).iterator())

    def links(self, ids: Iterable[int]) -> dict[int, Links]:
        return _links(tuple(ids))

    def links_of(self, pk: int) -> Links:
        return self.links((pk,))[pk]

    def related(self, entry: Initiative, besides: Collection[int], most: int) -> tuple[int, ...]:
        """The ids of the entries most like it, without those given."""
        links = self.links_of(entry.pk)
        slugs = {name: {slug for slug, _ in pairs} for name, pairs in links.items() if pairs}
        own = {name: [term.pk for term in self.terms[name].values() if term.slug in slugs[name]] for name in slugs}
        if not own:
            return ()
        published = Initiative.objects.published()
        before = published.filter(Q(position__lt=entry.position) | Q(position=entry.position, pk__lt=entry.pk))
        compared = published.annotate(
            shared=reduce(add, (_term_count(dimension, ids) for dimension, ids in own.items())),
            terms=reduce(add, (_term_count(dimension) for dimension in LINKS)),
            place=Window(RowNumber(), order_by=ORDERS["position"]),
        )
        either = F("terms") + sum(map(len, own.values())) - F("shared")
        likeness, distance = Cast("shared", FloatField()) / either, Abs(F("place") - before.count() - 1)
        rows = compared.order_by(likeness.desc(), distance, "place").values_list("pk", "shared")
        without = {entry.pk, *besides}
        return tuple(pk for pk, shared in rows[: most + len(without)] if shared and pk not in without)[:most]

    def totals_without(self, selection: Selection) -> dict[str, int]:
        """For each active parameter the total that dropping it would give: the way on where nothing was found."""
        published = Initiative.objects.published()
        return published.aggregate(
            **{
                name: Count("pk", filter=Q(pk__in=published.matching(selection.without(name)).values("pk")))
                for name in selection.active
            }
        )

    def pairs(self, selection: Selection, one: str, other: str) -> Pairs:
        rows = Initiative.objects.published().matching(selection)
        rows = rows.alias(these=_counting(one, selection), those=_counting(other, selection))
        cells = rows.values_list(f"these__{one}__slug", "these__basis", f"those__{other}__slug", "those__basis")
        pairs: Pairs = {}
        for slug, basis, other_slug, other_basis, n in cells.annotate(n=Count("pk")).order_by():
            pair = slug or NONE, other_slug or NONE
            count, sourced = pairs.get(pair, (0, 0))
            pairs[pair] = count + n, sourced + n * ({basis, other_basis} <= {Basis.SOURCE, None})
        return pairs


def _scope_by_level(selection: Selection) -> dict[tuple[str, str], int]:
    # One query for two facets: neither's own choice is applied here, each applies the other's afterwards.
    rows = Initiative.objects.published().matching(selection.without("scope", "level"))
    cells = rows.annotate(root=Q(parent=None)).values_list("scope", "root").annotate(n=Count("pk")).order_by()
    return {(scope, Level.INITIATIVE if root else Level.MEASURE): n for scope, root, n in cells}


def _term_counts(dimension: str, selection: Selection) -> dict[str, int]:
    rows = Initiative.objects.published().matching(selection.without(dimension))
    slugs = rows.alias(counting=_counting(dimension, selection)).values_list(f"counting__{dimension}__slug")
    return {slug or NONE: n for slug, n in slugs.annotate(n=Count("pk")).order_by()}


def _counting(dimension: str, selection: Selection) -> FilteredRelation:
    # An outer join keeps the entries without a link that counts: they come back under NULL, as "unclassified".
    links = f"{dimension}links"
    return FilteredRelation(
        links, condition=Q((f"{links}__basis", selection.basis)) if selection.basis in Basis else Q()
    )


def _links(ids: tuple[int, ...]) -> dict[int, Links]:
    links: dict[int, Links] = {pk: {dimension: [] for dimension in LINKS} for pk in ids}
    for dimension, link in LINKS.items():
        rows = link.counting("all").filter(initiative__in=ids).values_list("initiative", f"{dimension}__slug", "basis")
        for pk, slug, basis in rows:
            links[pk][dimension].append((slug, basis))
    return links


def _term_count(dimension: str, among: Collection[int] | None = None) -> Subquery:
    """How many terms of a dimension an entry has, of these ids if any are given."""
    links = LINKS[dimension].counting("all").filter(initiative=OuterRef("pk")).order_by()
    counted = links if among is None else links.filter(**{f"{dimension}__in": among})
    # Not Django's Count, which would group what is one group.
    return Subquery(counted.values(n=Func("pk", function="COUNT")), output_field=IntegerField())


def _sums(pairs: Iterable[tuple[str, int]]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for value, n in pairs:
        sums[value] += n
    return sums
