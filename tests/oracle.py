"""What a selection finds, asked of the database alone: the slow twin that the index is held against."""

from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, reduce
from math import ceil
from operator import add, and_
from typing import Any
from unittest import mock

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    FilteredRelation,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Abs, Cast, Coalesce, RowNumber

from catalogue.query import SelectionFilter, selected
from initiatives.facets import (
    FACETS,
    NONE,
    Attribution,
    Attributions,
    Found,
    Pairs,
    Selection,
    TermFacet,
    Vocabularies,
    index,
)
from initiatives.facets.kinds import choice_facets
from initiatives.models import LINKS, ORDERS, Basis, Initiative, InitiativeQuerySet, Level, Link, vocabularies
from initiatives.search import engine
from initiatives.search.words import Atom, atoms, terms_with
from taxonomy.models import Term


class SelectionSQL(SelectionFilter):
    """The FilterSet with an SQL for its filters."""

    def filter_queryset(self, queryset: InitiativeQuerySet) -> InitiativeQuerySet:
        given = {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "", [])}
        return in_order_of(matching(selected(given), queryset), selected(given))


def matching(selection: Selection, entries: InitiativeQuerySet | None = None) -> InitiativeQuerySet:
    """The entries that a selection chooses: OR within a facet, AND across facets and words; no order, no page."""
    found = Initiative.objects.published() if entries is None else entries
    for name, slugs in selection.choices.items():
        facet = FACETS[name]
        if isinstance(facet, TermFacet):
            found = found.filter(under(facet.link, slugs, selection.basis))
        else:
            found = found.alias(**{f"own_{name}": facet.value}).filter((f"own_{name}__in", slugs))
    if wanted := atoms(selection.q):
        engine.restem()
        terms = vocabularies()
        for atom in wanted:
            found = found.filter(in_texts(atom) | under_terms_with(atom, terms, selection.basis))
    return found


def counting(link: type[Link], basis: str) -> QuerySet:
    """The links that count under `basis`: all of them, or the document's alone."""
    links = link._default_manager.all()
    return links.filter(basis=basis) if basis in Basis else links


def under(link: type[Link], slugs: Collection[str], basis: str) -> Q:
    """Entries under any of the terms; `none` stands for those under no term at all."""
    links = counting(link, basis)
    named = [slug for slug in slugs if slug != NONE]
    condition = Q(pk__in=links.filter(term__slug__in=named).values("initiative")) if named else Q(pk__in=[])
    return condition | ~Q(pk__in=links.values("initiative")) if NONE in slugs else condition


def under_terms_with(atom: Atom, terms: Vocabularies, basis: str) -> Q:
    """Entries under a term whose name or wording has it."""
    condition = Q(pk__in=[])
    for dimension, link in LINKS.items():
        if slugs := terms_with(atom, terms[dimension]):
            condition |= under(link, slugs, basis)
    return condition


def in_texts(atom: Atom, fields: tuple[str, ...] = engine.FIELDS) -> Q:
    """The entries whose own text, initiative's title or passages have it."""
    query = engine.query(atom, fields)
    units = f"SELECT rowid / 2 FROM initiatives_search WHERE {engine.matches()} AND rowid %% 2 = "
    quoted = f"SELECT initiative_id FROM initiatives_initiative_passages WHERE passage_id IN ({units} 1)"
    return Q(pk__in=RawSQL(f"{units} 0", [query])) | Q(pk__in=RawSQL(quoted, [query]))


def in_order_of(entries: InitiativeQuerySet, selection: Selection) -> InitiativeQuerySet:
    wanted = atoms(selection.q)
    if selection.order != "relevance" or not wanted:
        return entries.in_order("position" if selection.order == "relevance" else selection.order)
    tiers = [
        When(reduce(and_, (in_texts(atom, engine.FIELDS[:most]) for atom in wanted)), then=Value(most))
        for most in (1, 2)
    ]
    return entries.order_by(Case(*tiers, default=Value(3)), *ORDERS["position"])


class PlainSQL:
    """Answers all that an index does, of whatever version the database is."""

    version = mock.ANY

    @cached_property
    def terms(self) -> dict[str, dict[str, Term]]:
        return vocabularies()

    def find(self, selection: Selection) -> Found:
        counts = {dimension: _term_counts(dimension, selection) for dimension in LINKS} | _choice_counts(selection)
        levels = {v: counts["level"].get(v, 0) for v in Level.values if v in (selection.chosen("level") or Level)}
        levels = dict.fromkeys(Level.values, 0) | levels
        pages = max(1, ceil(sum(levels.values()) / selection.page_size))
        page = min(selection.page, pages)
        start = (page - 1) * selection.page_size
        ordered = in_order_of(matching(selection), selection).values_list("pk", flat=True)
        return Found(levels, page, pages, tuple(ordered[start : start + selection.page_size]), counts)

    def all_of(self, selection: Selection) -> Sequence[int]:
        """The ids of everything found, in its order."""
        ordered = in_order_of(matching(selection), selection)
        return array("Q", ordered.values_list("pk", flat=True).iterator())

    def attributions(self, pk: int) -> Attributions:
        return self.attributions_of([pk])[pk]

    def attributions_of(self, ids: Collection[int]) -> dict[int, Attributions]:
        attributions: dict[int, dict[str, list[Attribution]]] = {pk: {name: [] for name in LINKS} for pk in ids}
        for dimension, link in LINKS.items():
            rows = counting(link, "all").filter(initiative__in=ids).values_list("initiative", "term__slug", "basis")
            for pk, slug, basis in rows:
                attributions[pk][dimension].append(Attribution(self.terms[dimension][slug], basis))
        return dict(attributions)

    def related(self, entry: Initiative, besides: Collection[int], most: int) -> tuple[int, ...]:
        """The ids of the entries most like it, without those given."""
        own = {name: [link.term.pk for link in links] for name, links in self.attributions(entry.pk).items() if links}
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
        return Initiative.objects.aggregate(
            **{
                name: Count("pk", filter=Q(pk__in=matching(selection.without(name)).values("pk")))
                for name in selection.active
            }
        )

    def pairs(self, selection: Selection, one: str, other: str) -> Pairs:
        rows = _with_values(_with_values(matching(selection), one, selection, "these"), other, selection, "those")
        cells = rows.values_list("these_value", "these_basis", "those_value", "those_basis")
        pairs: dict[tuple[str, str], tuple[int, int]] = {}
        for value, basis, other_value, other_basis, n in cells.annotate(n=Count("pk")).order_by():
            count, sourced = pairs.get((value, other_value), (0, 0))
            pairs[value, other_value] = count + n, sourced + n * ({basis, other_basis} <= {Basis.SOURCE, None})
        return pairs


def _with_values(entries: InitiativeQuerySet, name: str, selection: Selection, alias: str) -> Any:
    """Each entry once for each of its values in a facet: `…_value` and, of a term, `…_basis`."""
    if name in choice_facets():
        nobody = Value(None, output_field=CharField())
        return entries.annotate(**{f"{alias}_value": choice_facets()[name].value, f"{alias}_basis": nobody})
    joined: Any = entries.alias(**{alias: _counting(name, selection)})
    value = Coalesce(F(f"{alias}__term__slug"), Value(NONE), output_field=CharField())
    return joined.annotate(**{f"{alias}_value": value, f"{alias}_basis": F(f"{alias}__basis")})


def _term_counts(dimension: str, selection: Selection) -> dict[str, int]:
    rows: Any = matching(selection.without(dimension)).alias(own=_counting(dimension, selection))
    slugs = rows.values_list("own__term__slug").annotate(n=Count("pk")).order_by()
    return {slug or NONE: n for slug, n in slugs}


def _counting(dimension: str, selection: Selection) -> FilteredRelation:
    # An outer join keeps the entries without a link that counts: they come back under NULL, as unclassified.
    links = f"{dimension}links"
    return FilteredRelation(
        links, condition=Q((f"{links}__basis", selection.basis)) if selection.basis in Basis else Q()
    )


def _choice_counts(selection: Selection) -> dict[str, dict[str, int]]:
    # One query for these facets: none's own choice is applied in it, each applies the others' afterwards.
    facets = choice_facets()
    rows = matching(selection.without(*facets)).values_list(*(facet.value for facet in facets.values()))
    counts: dict[str, Counter[str]] = {name: Counter() for name in facets}
    for *values, n in rows.annotate(n=Count("pk")).order_by():
        apart = {name for name, value in zip(facets, values, strict=True) if value not in chosen(name, selection)}
        for name, value in zip(facets, values, strict=True):
            counts[name][value] += n * (apart <= {name})
    return {name: dict(counted) for name, counted in counts.items()}


def chosen(name: str, selection: Selection) -> Collection[str]:
    return selection.chosen(name) or choice_facets()[name].choices.values


def _term_count(dimension: str, among: Collection[int] | None = None) -> Subquery:
    """How many terms of a dimension an entry has, of these ids if any are given."""
    links = counting(LINKS[dimension], "all").filter(initiative=OuterRef("pk")).order_by()
    counted = links if among is None else links.filter(term__in=among)
    # Not Django's Count, which would group what is one group.
    return Subquery(counted.values(n=Func("pk", function="COUNT")), output_field=IntegerField())


@contextmanager
def answering_pages() -> Iterator[None]:
    """Every page of this process is made of plain SQL meanwhile."""
    engine.restem()  # a page cannot: it only reads
    with mock.patch.object(index, "_newest", (0, PlainSQL())):
        yield
