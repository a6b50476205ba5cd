"""The numbers on the list page, against a brute-force count over the YAML."""

import random
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlencode

import pytest

from tests.helpers import FixtureEntry, GetPage, facet_counts, total_of

pytestmark = pytest.mark.django_db
FACETS = ("objective", "category", "sector", "scope", "level")
Choices = Mapping[str, Sequence[str]]


def values(entry: FixtureEntry, facet: str, basis: str) -> set[str]:
    if facet in entry.terms:
        return {slug for slug, on in entry.terms[facet].items() if basis in ("all", on)} or {"none"}
    return {entry.fields["scope"] if facet == "scope" else entry.level}


def chosen(entries: list[FixtureEntry], choices: Choices, basis: str) -> list[FixtureEntry]:
    return [
        entry
        for entry in entries
        if all(values(entry, facet, basis) & set(picked) for facet, picked in choices.items() if picked)
    ]


def check(page: GetPage, entries: list[FixtureEntry], choices: Choices, basis: str) -> None:
    query = urlencode([*((f, v) for f, picked in choices.items() for v in picked), ("basis", basis)])
    soup = page(f"/iniziative/?{query}")
    assert total_of(soup) == len(chosen(entries, choices, basis)), query
    for facet, shown in facet_counts(soup).items():
        others = {name: picked for name, picked in choices.items() if name != facet}
        siblings = chosen(entries, others, basis)
        expected = {value: sum(value in values(e, facet, basis) for e in siblings) for value in shown}
        assert shown == expected, (query, facet)
        missing = {value for entry in siblings for value in values(entry, facet, basis)} - shown.keys()
        assert not missing, (query, facet)


def every_value(entries: list[FixtureEntry]) -> Iterator[tuple[str, str]]:
    for facet in FACETS:
        found = {value for entry in entries for value in values(entry, facet, "all")}
        yield from ((facet, value) for value in sorted(found | ({"none"} if facet in entries[0].terms else set())))


@pytest.mark.parametrize("basis", ["all", "source"])
def test_each_value_alone(page: GetPage, fixture_entries: list[FixtureEntry], basis: str) -> None:
    check(page, fixture_entries, {}, basis)
    for facet, value in every_value(fixture_entries):
        check(page, fixture_entries, {facet: [value]}, basis)


@pytest.mark.parametrize("basis", ["all", "source"])
def test_combinations(page: GetPage, fixture_entries: list[FixtureEntry], basis: str) -> None:
    draw = random.Random(2014)
    pairs = list(every_value(fixture_entries))
    for _ in range(60):
        choices: dict[str, list[str]] = {}
        for facet, value in draw.sample(pairs, draw.randint(2, 5)):
            choices.setdefault(facet, []).append(value)
        check(page, fixture_entries, choices, basis)
