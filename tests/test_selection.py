"""Counts, totals and ids of random selections over random catalogues, against counting by hand."""

import os
from collections.abc import Mapping
from dataclasses import replace

from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from initiatives.facets import FACETS, FacetIndex, Position, Selection
from initiatives.models import Initiative
from tests.helpers import current_index
from tests.oracle import PlainSQL, SelectionSQL
from tests.strategies import VALUES, Text, catalogues, make, matches, selections, values

SLUGS = [f"voce-{n}" for n in range(9)]


class SelectionTest(TestCase):
    @settings(
        max_examples=int(os.environ.get("CATALOGUES", 100)), deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(catalogues(8), st.lists(selections(SLUGS), min_size=1, max_size=2))
    def test_found_is_what_counting_by_hand_finds(self, rows: list[Mapping], asked: list[Selection]) -> None:
        made = make(rows)
        for selection in asked:
            chosen = [made[n] for n, row in enumerate(rows) if matches(row, selection)]
            plain, index = PlainSQL(), current_index()
            for finder in (plain, index):
                self.check(finder, selection, rows, chosen)
            filtered = SelectionSQL(QueryDict(replace(selection, page_size=25).query[1:]), index.terms).qs
            assert {entry.pk for entry in filtered} == {entry.pk for entry in chosen}
            active = ["q"] * bool(selection.q) + ["entries"] * bool(selection.entries)
            active += [facet for facet in FACETS if selection.chosen(facet)]
            active += ["basis"] if selection.basis == "source" else []
            expected = {name: sum(matches(row, selection.without(name)) for row in rows) for name in active}
            assert plain.totals_without(selection) == index.totals_without(selection) == expected

    def check(
        self, finder: FacetIndex | PlainSQL, selection: Selection, rows: list[Mapping], chosen: list[Initiative]
    ) -> None:
        found = finder.find(selection)
        assert found.total == len(chosen)
        for facet in FACETS:
            siblings = [row for row in rows if matches(row, selection.without(facet))]
            expected = {v: sum(v in values(row, facet, selection.basis) for row in siblings) for v in VALUES[facet]}
            assert {v: found.counts[facet].get(v, 0) for v in VALUES[facet]} == expected, facet
        assert found.levels["measure"] == sum(entry.parent_id is not None for entry in chosen)
        assert found.page == max(1, min(selection.page, -(-len(chosen) // selection.page_size)))
        # Made one after the other, with titles in order: the last one made is the last one updated.
        ordered = chosen[::-1] if selection.order == "-updated" else chosen
        if selection.order == "relevance":  # what only a term says comes after what the summary says
            ordered = sorted(chosen, key=lambda e: not Text.of(selection.q).is_all_said(e.summary.split()))
        if selection.order == "level":
            ordered = sorted(chosen, key=lambda e: e.parent_id is not None)
        if selection.order != "relevance":  # whose ties within a tier are told by the ids of the page alone
            ids = [None, *(entry.pk for entry in ordered), None]
            for number, entry in enumerate(ordered, 1):
                around = Position(number, len(ordered), ids[number - 1], ids[number + 1])
                assert finder.position_of(entry.pk, selection) == around
        start = (found.page - 1) * selection.page_size
        assert list(found.ids) == [entry.pk for entry in ordered][start : start + selection.page_size]
        by_id = {entry.pk: entry for entry in chosen}
        for pk, attributions in finder.attributions_of(found.ids).items():
            for dimension, links in attributions.items():
                expected = getattr(by_id[pk], f"{dimension}links").values_list("term__slug", "basis")
                assert [(link.term.slug, link.basis) for link in links] == list(expected)
