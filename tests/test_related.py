"""The entries most like one: against counting by hand, on the real entries and on random catalogues."""

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction

import pytest
from bs4 import Tag
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from initiatives.models import CategoryLink, Initiative, Status
from tests.helpers import FixtureEntry, GetPage, current_index, main_of
from tests.oracle import PlainSQL
from tests.strategies import TERMS, entries, make

pytestmark = pytest.mark.django_db
Terms = Collection[tuple[str, str]]


def related(page: GetPage, slug: str) -> dict[str, list[str]]:
    """Of each reason on an entry's page the entries that it is given for."""
    items = main_of(page(f"/iniziative/{slug}/")).select(".related li")
    return {reason(item): [str(link["href"]).split("/")[-2] for link in item.select("a")] for item in items}


def reason(item: Tag) -> str:
    said = item.select_one(".reason")
    assert said is not None
    return " ".join(said.get_text().split())


CARE = "Servizi di cura e di organizzazione del lavoro a sostegno della conciliazione"


def by_hand(terms: Sequence[Terms], place: int, besides: Collection[int], most: int) -> list[int]:
    """Places of the most alike: terms in common among all terms of both, then nearness, then the order."""
    own = set(terms[place])
    likeness = {
        other: Fraction(len(own & set(theirs)), len(own | set(theirs)))
        for other, theirs in enumerate(terms)
        if other != place and other not in besides and own & set(theirs)
    }
    return sorted(likeness, key=lambda other: (-likeness[other], abs(other - place), other))[:most]


def test_what_the_document_says_of_a_whole_section_is_not_told_again(page: GetPage) -> None:
    """Eight of OS i stand in one section, under the same three terms of the document."""
    assert related(page, "coworking") == {}


def test_those_with_the_same_in_common_are_told_together(page: GetPage) -> None:
    nearest = ["mutuo-aiuto-crowdfunding", "assistenza-condivisa", "assistenza-domiciliare", "servizi-infanzia"]
    assert related(page, "organizzazione-lavoro") == {
        f"In comune: {CARE} (aggiunta dalla redazione)": [*nearest, "servizi-di-cura"]
    }
    assert related(page, "servizi-infanzia") == {
        f"In comune: {CARE} (aggiunta dalla redazione)": ["organizzazione-lavoro"]
    }


def test_what_the_document_says_of_one_alone_is_not_its_word_on_both(page: GetPage) -> None:
    CategoryLink.objects.filter(initiative__slug="centri-aggregazione").update(basis="editorial")
    assert related(page, "coworking") == {
        "In comune: OS i, Inclusione attiva (dal documento); Economia sociale (aggiunta dalla redazione)": [
            "centri-aggregazione"
        ]
    }


def test_entries_that_the_page_links_anyway_are_left_out(page: GetPage) -> None:
    for slug in ("servizi-di-cura", "servizi-infanzia", "social-impact-investing"):
        links = [
            str(link["href"])
            for link in main_of(page(f"/iniziative/{slug}/")).select(
                "a[href^='/iniziative/']:not(.breadcrumb-item a, .position a, .entry-kind a)"
            )
        ]
        shown = [link for link in links if "?" not in link]
        assert len(shown) == len(set(shown))
        assert f"/iniziative/{slug}/" not in shown


def test_nothing_in_common_shows_nothing(page: GetPage) -> None:
    assert "Schede simili" not in main_of(page("/iniziative/istruzione-formazione/")).get_text()


def test_drafts_are_related_to_nothing(page: GetPage) -> None:
    Initiative.objects.filter(slug="assistenza-condivisa").update(status=Status.DRAFT)
    (found,) = related(page, "organizzazione-lavoro").values()
    assert "assistenza-condivisa" not in found
    assert len(found) == 4


def test_real_entries_are_related_as_counted_by_hand(fixture_entries: list[FixtureEntry]) -> None:
    index, ordered = current_index(), list(Initiative.objects.in_order("position"))
    from_yaml = {entry.slug: [(d, slug) for d in TERMS for slug in entry.terms[d]] for entry in fixture_entries}
    terms = [from_yaml[entry.slug] for entry in ordered]
    for place, entry in enumerate(ordered):
        expected = tuple(ordered[other].pk for other in by_hand(terms, place, (), 7))
        assert index.related(entry, (), 7) == PlainSQL().related(entry, (), 7) == expected, entry.slug


class RelatedTest(TestCase):
    @settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(entries(), min_size=1, max_size=9), st.sets(st.integers(0, 8), max_size=3), st.integers(1, 6))
    def test_index_and_sql_and_counting_agree(self, rows: list[Mapping], left_out: set[int], most: int) -> None:
        made = make(rows)
        index = current_index()
        public = [(entry, row) for entry, row in zip(made, rows, strict=True) if entry.is_published]
        terms = [[(d, slug) for d in TERMS for slug in row[d]] for _, row in public]
        besides = [made[n].pk for n in left_out if n < len(made)]
        hidden = [place for place, (entry, _) in enumerate(public) if entry.pk in besides]
        for place, (entry, _) in enumerate(public):
            expected = tuple(public[other][0].pk for other in by_hand(terms, place, hidden, most))
            assert index.related(entry, besides, most) == expected
            assert PlainSQL().related(entry, besides, most) == expected
