"""What the database refuses, and what the forms refuse before it."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError

from initiatives.models import CategoryLink, Initiative, Status
from taxonomy.models import InterventionCategory

pytestmark = pytest.mark.django_db
MakeEntry = Callable[..., Initiative]


@pytest.mark.parametrize(
    "fields", [{"scope": "altro"}, {"funding": "altro"}, {"status": "altro"}, {"slug": "none"}, {"slug": "confronta"}]
)
def test_database_refuses_unknown_values(make_entry: MakeEntry, fields: dict[str, str]) -> None:
    with pytest.raises(IntegrityError):
        make_entry(**{"slug": "voce", **fields})


def test_database_refuses_a_second_link_to_the_same_term(make_entry: MakeEntry) -> None:
    link = {"initiative": make_entry("voce"), "term": InterventionCategory.objects.all()[0]}
    CategoryLink.objects.create(**link, basis="source")
    with pytest.raises(IntegrityError):
        CategoryLink.objects.create(**link, basis="editorial")


def test_database_refuses_an_unknown_basis(make_entry: MakeEntry) -> None:
    with pytest.raises(IntegrityError):
        CategoryLink.objects.create(
            initiative=make_entry("voce"), term=InterventionCategory.objects.all()[0], basis="altro"
        )


def test_database_refuses_an_entry_that_is_its_own_parent(make_entry: MakeEntry) -> None:
    entry = make_entry("voce")
    with pytest.raises(IntegrityError):
        Initiative.objects.filter(pk=entry.pk).update(parent=entry)


def test_term_in_use_cannot_be_deleted() -> None:
    with pytest.raises(ProtectedError):
        InterventionCategory.objects.get(slug="economia-sociale").delete()


def test_measure_of_a_measure_is_refused(make_entry: MakeEntry) -> None:
    measure = make_entry("misura", parent=make_entry("iniziativa"))
    with pytest.raises(ValidationError, match="mai sotto un’altra misura"):
        Initiative(slug="x", title="X", summary="X.", parent=measure).full_clean()


def test_initiative_with_measures_cannot_become_a_measure(make_entry: MakeEntry) -> None:
    initiative = make_entry("iniziativa")
    make_entry("misura", parent=initiative)
    initiative.parent = make_entry("altra")
    with pytest.raises(ValidationError, match="mai sotto un’altra misura"):
        initiative.full_clean()


def test_published_measure_needs_a_published_initiative(make_entry: MakeEntry) -> None:
    initiative = make_entry("iniziativa", status=Status.DRAFT)
    with pytest.raises(ValidationError, match="ancora una bozza"):
        Initiative(slug="x", title="X", summary="X.", parent=initiative, status=Status.PUBLISHED).full_clean()


def test_initiative_with_published_measures_cannot_be_withdrawn(make_entry: MakeEntry) -> None:
    initiative = make_entry("iniziativa")
    make_entry("misura", parent=initiative)
    initiative.status = Status.DRAFT
    with pytest.raises(ValidationError, match="Ha misure pubblicate"):
        initiative.full_clean()


def test_saving_again_moves_the_time_of_update(make_entry: MakeEntry) -> None:
    entry = make_entry("voce")
    before = entry.updated
    entry.save()
    assert entry.updated > before
