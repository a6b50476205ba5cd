"""What a selection finds: total, ids of the page and disjunctive counts, asked of the database."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from django.db.models import Count, FilteredRelation, Q

from initiatives.models import LINKS, Basis, Initiative, Level
from initiatives.selection import NONE, Selection


@dataclass(frozen=True)
class Found:
    """`page` is the one asked for or, beyond the end, the last.

    `counts[facet][value]` lets every choice count but the facet's own; a value that is not there
    counts 0.
    """

    levels: Mapping[str, int]
    page: int
    pages: int
    ids: tuple[int, ...]
    counts: Mapping[str, Mapping[str, int]]

    @property
    def total(self) -> int:
        return sum(self.levels.values())


def find(selection: Selection) -> Found:
    grid = _scope_by_level(selection)
    counts = {dimension: _term_counts(dimension, selection) for dimension in LINKS}
    counts["scope"] = _sums((scope, n) for (scope, level), n in grid.items() if level in (selection.level or Level))
    by_level = [(level, n) for (scope, level), n in grid.items() if not selection.scope or scope in selection.scope]
    counts["level"] = _sums(by_level)
    levels = {level.value: counts["level"][level] * (level in (selection.level or Level)) for level in Level}
    pages = max(1, ceil(sum(levels.values()) / selection.page_size))
    page = min(selection.page, pages)
    start = (page - 1) * selection.page_size
    chosen = Initiative.objects.published().matching(selection).in_order(selection.order)
    ids = chosen.values_list("pk", flat=True)[start : start + selection.page_size]
    return Found(levels=levels, page=page, pages=pages, ids=tuple(ids), counts=counts)


def totals_without(selection: Selection) -> dict[str, int]:
    """For each active parameter the total that dropping it would give: the way on where nothing was found."""
    published = Initiative.objects.published()
    return published.aggregate(
        **{
            name: Count("pk", filter=Q(pk__in=published.matching(selection.without(name)).values("pk")))
            for name in selection.active
        }
    )


def _scope_by_level(selection: Selection) -> dict[tuple[str, str], int]:
    # One query for two facets: neither's own choice is applied here, each applies the other's afterwards.
    rows = Initiative.objects.published().matching(selection.without("scope", "level"))
    cells = rows.annotate(root=Q(parent=None)).values_list("scope", "root").annotate(n=Count("pk")).order_by()
    return {(scope, Level.INITIATIVE if root else Level.MEASURE): n for scope, root, n in cells}


def _term_counts(dimension: str, selection: Selection) -> dict[str, int]:
    # An outer join keeps the entries without a link that counts: they come back under NULL, as "unclassified".
    links = f"{dimension}links"
    counting = Q((f"{links}__basis", selection.basis)) if selection.basis in Basis else Q()
    rows = Initiative.objects.published().matching(selection.without(dimension))
    slugs = rows.alias(counting=FilteredRelation(links, condition=counting)).values_list(f"counting__{dimension}__slug")
    return {slug or NONE: n for slug, n in slugs.annotate(n=Count("pk")).order_by()}


def _sums(pairs: Iterable[tuple[str, int]]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for value, n in pairs:
        sums[value] += n
    return sums
