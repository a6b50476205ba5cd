"""Counts, totals and ids of random selections over random catalogues, against counting by hand."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from initiatives import facets, versions
from initiatives.filters import SelectionFilter
from initiatives.models import LINKS, Initiative, Scope, Status, vocabularies
from initiatives.selection import FACETS, Selection
from initiatives.sql import Found, PlainSQL

TERMS = {
    "objective": ["os-i", "os-ix"],
    "category": ["welfare-servizi-sociali", "cura-conciliazione", "economia-sociale"],
    "sector": ["inclusione-attiva", "servizi-sociali-qualita", "istruzione-formazione"],
}
VALUES = {
    **{dimension: [*slugs, "none"] for dimension, slugs in TERMS.items()},
    "scope": Scope.values,
    "level": ["initiative", "measure"],
}
WORDS = ["cura", "città", "famiglie"]
# What a reader writes and the word of the entry that it must find.
ASKED = {"cura": "cura", "citta": "città", "Famiglia": "famiglie", "fam": "famiglie", "città": "città"}


@st.composite
def entries(draw: st.DrawFn) -> Mapping:
    return {
        "status": draw(st.sampled_from([Status.PUBLISHED] * 4 + [Status.DRAFT])),
        "scope": draw(st.sampled_from(Scope.values)),
        "measure": draw(st.booleans()),
        "words": draw(st.sets(st.sampled_from(WORDS))),
        **{
            dimension: draw(st.dictionaries(st.sampled_from(slugs), st.sampled_from(["source", "editorial"])))
            for dimension, slugs in TERMS.items()
        },
    }


def selections() -> st.SearchStrategy[Selection]:
    facets = {f: st.sets(st.sampled_from(v), max_size=2).map(lambda s: tuple(sorted(s))) for f, v in VALUES.items()}
    return st.builds(
        Selection,
        **facets,
        basis=st.sampled_from(["all", "source"]),
        q=st.lists(st.sampled_from(list(ASKED)), max_size=2, unique=True).map(" ".join),
        order=st.sampled_from(["position", "title", "-updated", "relevance"]),
        page=st.integers(1, 3),
        page_size=st.sampled_from([2, 5]),
    )


def values(entry: Mapping, facet: str, basis: str) -> set[str]:
    if facet in TERMS:
        return {slug for slug, on in entry[facet].items() if basis in ("all", on)} or {"none"}
    return {entry["scope"] if facet == "scope" else "measure" if entry["measure"] else "initiative"}


def said_in(words: Iterable[str], selection: Selection) -> dict[str, bool]:
    """For each word asked for, whether these words have it; only the last of a query may be the beginning of one."""
    asked = selection.q.split()
    return {word: ASKED[word] in words and (word != "fam" or word == asked[-1]) for word in asked}


def matches(entry: Mapping, selection: Selection) -> bool:
    findable = all(
        said or (word == "cura" and "cura-conciliazione" in values(entry, "category", selection.basis))
        for word, said in said_in(entry["words"], selection).items()
    )
    return (
        entry["status"] == Status.PUBLISHED
        and findable
        and all(
            values(entry, facet, selection.basis) & set(selection.chosen(facet))
            for facet in FACETS
            if selection.chosen(facet)
        )
    )


def make(rows: list[Mapping]) -> list[Initiative]:
    Initiative.objects.exclude(parent=None).delete()
    Initiative.objects.all().delete()
    terms = vocabularies()
    parent = Initiative.objects.create(slug="madre", title="Madre", summary="Bozza.")
    made = []
    for n, row in enumerate(rows):
        entry = Initiative.objects.create(
            slug=f"voce-{n}",
            title=f"Voce {n}",
            summary=" ".join(sorted(row["words"])),
            status=row["status"],
            scope=row["scope"],
            parent=parent if row["measure"] else None,
            position=n,
        )
        for dimension, link in LINKS.items():
            for slug, basis in row[dimension].items():
                link._default_manager.create(initiative=entry, basis=basis, **{dimension: terms[dimension][slug]})
        made.append(entry)
    return made


class SelectionTest(TestCase):
    @settings(
        max_examples=500 if os.environ.get("CI") else 100, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(st.lists(entries(), max_size=8), st.lists(selections(), min_size=1, max_size=4))
    def test_found_is_what_counting_by_hand_finds(self, rows: list[Mapping], asked: list[Selection]) -> None:
        made = make(rows)
        for selection in asked:
            chosen = [made[n] for n, row in enumerate(rows) if matches(row, selection)]
            plain, index = PlainSQL(), facets.at(versions.current())
            assert isinstance(index, facets.FacetIndex)
            for found in (plain.find(selection), index.find(selection)):
                self.check(found, selection, rows, chosen)
            filtered = SelectionFilter(QueryDict(replace(selection, page_size=25).query[1:]), index.terms).qs
            assert {entry.pk for entry in filtered} == {entry.pk for entry in chosen}
            active = [name for name in ("q", *FACETS) if getattr(selection, name)]
            active += ["basis"] if selection.basis == "source" else []
            expected = {name: sum(matches(row, selection.without(name)) for row in rows) for name in active}
            assert plain.totals_without(selection) == index.totals_without(selection) == expected

    def check(self, found: Found, selection: Selection, rows: list[Mapping], chosen: list[Initiative]) -> None:
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
            ordered = sorted(chosen, key=lambda e: not all(said_in(e.summary.split(), selection).values()))
        start = (found.page - 1) * selection.page_size
        assert list(found.ids) == [entry.pk for entry in ordered][start : start + selection.page_size]
        for entry in chosen:
            if entry.pk in found.ids:
                for dimension in LINKS:
                    links = getattr(entry, f"{dimension}links").all()
                    assert found.links[entry.pk][dimension] == [(link.term.slug, link.basis) for link in links]
