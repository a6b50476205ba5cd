"""What an entry lacks to be published: the same list for its form, its refusal and whoever publishes it."""

from collections.abc import Callable

import pytest

from initiatives.models import CategoryLink, Initiative, Lack, Lacking, Passage, Status, lacks, obstacles
from taxonomy.models import InterventionCategory
from tests.helpers import coworking

pytestmark = pytest.mark.django_db


def draft(**fields: object) -> Initiative:
    return Initiative.objects.create(**{"slug": "bozza", "title": "Bozza", "summary": "Sintesi.", **fields})


def named(found: list[Lack]) -> list[tuple[str, str]]:
    return [(lack.what, lack.field) for lack in found]


def test_published_entries_lack_nothing() -> None:
    assert {entry.slug: obstacles(entry) for entry in Initiative.objects.published() if obstacles(entry)} == {}


def test_draft_lacks_its_passages_and_is_advised_of_the_rest() -> None:
    entry = draft()
    assert named(obstacles(entry)) == [(Lacking.PASSAGES, "passages")]
    assert named(lacks(entry))[1:] == [
        (Lacking.ENGLISH, "title_en"),
        (Lacking.ENGLISH, "summary_en"),
        (Lacking.TERM, "objective"),
        (Lacking.TERM, "category"),
        (Lacking.TERM, "sector"),
    ]
    assert obstacles(entry, Passage.objects.all()[:1]) == []
    assert named(obstacles(draft(slug="vuota", title="", summary=""))) == [
        (Lacking.TITLE, "title"),
        (Lacking.SUMMARY, "summary"),
        (Lacking.PASSAGES, "passages"),
    ]


def test_what_was_never_saved_can_be_asked_about() -> None:
    assert named(obstacles(Initiative(title="Nuova", summary="Sintesi."))) == [(Lacking.PASSAGES, "passages")]


@pytest.mark.parametrize(
    ("basis", "reason", "expected"),
    [
        ("source", {}, [(Lacking.SOURCE_REASON, "passage")]),
        ("editorial", {}, [(Lacking.EDITORIAL_REASON, "note")]),
        ("editorial", {"note": ""}, [(Lacking.EDITORIAL_REASON, "note")]),
        ("editorial", {"note": "Perché sì."}, [(Lacking.ENGLISH_REASON, "note_en")]),
        ("editorial", {"note": "Perché sì.", "note_en": "Because."}, []),
    ],
)
def test_link_lacks_its_reason(basis: str, reason: dict[str, str], expected: list[tuple[str, str]]) -> None:
    term = InterventionCategory.objects.all()[0]
    entry = draft()
    link = CategoryLink.objects.create(initiative=entry, term=term, basis=basis, **reason)
    found = [lack for lack in lacks(entry) if lack.link]
    assert named(found) == expected
    assert all(lack.link == link for lack in found)


def test_measure_waits_for_its_initiative(make_entry: Callable[..., Initiative]) -> None:
    parent = make_entry("iniziativa", status=Status.DRAFT)
    measure = make_entry("misura", parent=parent, status=Status.DRAFT)
    measure.passages.add(Passage.objects.all()[0])
    assert named(obstacles(measure)) == [(Lacking.PUBLISHED_PARENT, "parent")]


def test_asking_costs_few_queries(django_assert_num_queries: Callable[[int], object]) -> None:
    entry = coworking()
    with django_assert_num_queries(4):  # type: ignore[attr-defined]
        lacks(entry)
