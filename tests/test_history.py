"""What readers could see change is told once, on every road a change can take; of drafts nothing is."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from catalogue.presenters.cards import card_of, whole
from initiatives import content
from initiatives.content import Wording
from initiatives.history import enter, past_wordings, settle
from initiatives.models import CategoryLink, ChangeKind, Initiative, Passage, PublicChange, PublicEntry, Status
from initiatives.models.addresses import keep_addresses
from initiatives.versions.moments import RANDOM_BITS
from taxonomy.models import InterventionCategory, PrioritySector
from tests.helpers import ROADS, current_index, raw, take

pytestmark = pytest.mark.django_db
TOLD_OF_ALL = (ChangeKind.PASSAGE, ChangeKind.TERM)


@pytest.fixture(autouse=True)
def _settled(db: None) -> None:
    """Nothing is left to tell of how the tests' catalogue was made."""
    settle()


def wordings() -> dict[str, Wording]:
    """What the page of every published entry says."""
    index = current_index()
    slugs = Initiative.objects.published().values_list("slug", flat=True)
    shown = whole(index, [card_of(slug, index) for slug in slugs])
    said = (content.wording(card.entry, card.links, card.passages, card.lead_ins) for card in shown)
    return {wording.uid: wording for wording in said}


def slugs() -> dict[str, str]:
    return {entry.uid: entry.slug for entry in Initiative.objects.published().select_related("public")}


def told(after: int = 0) -> list[tuple[str, str]]:
    rows = PublicChange.objects.filter(pk__gt=after).order_by("pk").select_related("entry")
    return [(change.kind, change.entry.uid if change.entry else change.subject) for change in rows]


def last() -> int:
    return PublicChange.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def change(which: str, **fields: Any) -> Initiative:
    entry = Initiative.objects.get(slug=which)
    for name, value in fields.items():
        setattr(entry, name, value)
    entry.save()
    return entry


def test_new_catalogue_tells_when_its_entries_were_made() -> None:
    entered = PublicChange.objects.filter(kind=ChangeKind.ENTERED)
    made = set(Initiative.objects.published().values_list("public", "created"))
    assert set(entered.values_list("entry", "moment")) == made
    assert PublicChange.objects.count() == 27


def test_stored_wording_is_that_of_the_page_and_comes_back() -> None:
    for wording in wordings().values():
        assert Wording.of_json(wording.as_json()) == wording
        assert Wording.of_json(wording.as_json()).version == wording.version


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("seed", range(3))
def test_every_road_tells_what_changed_and_no_more(road: str, seed: int) -> None:
    """The slow twin reads every page before and after."""
    rng = random.Random(f"{road} {seed}")
    for step in (road, *rng.choices(list(ROADS), k=2 * seed)):
        keep_addresses()
        before, before_at, since = wordings(), slugs(), last()
        take(step)
        settle()
        keep_addresses()
        check(before, before_at, since, told(since))


def check(before: dict[str, Wording], before_at: dict[str, str], since: int, changes: list[tuple[str, str]]) -> None:
    after, after_at = wordings(), slugs()
    assert len(changes) == len(set(changes)), "each is told once"
    kinds = {kind: {name for of, name in changes if of == kind} for kind in ChangeKind}
    assert kinds[ChangeKind.WITHDRAWN] == set(before) - set(after)
    assert kinds[ChangeKind.ENTERED] | kinds[ChangeKind.RETURNED] == set(after) - set(before)
    both = set(before) & set(after)
    assert kinds[ChangeKind.MOVED] == {uid for uid in both if before_at[uid] != after_at[uid]}
    others = list(PublicChange.objects.filter(pk__gt=since, kind__in=TOLD_OF_ALL))
    for uid in both:
        own = list(PublicChange.objects.filter(pk__gt=since, entry__uid=uid))
        past = list(past_wordings(after[uid], [*own, *others]))
        assert (past[-1].wording if past else after[uid]) == before[uid], uid
        if before[uid] != after[uid]:
            assert past
        if not others:
            assert (uid in kinds[ChangeKind.CHANGED]) == (before[uid] != after[uid]), uid


@pytest.mark.parametrize("seed", range(5))
def test_several_edits_in_one_go_are_told_as_one(seed: int) -> None:
    rng = random.Random(seed)
    before, before_at, since = wordings(), slugs(), last()
    for step in rng.choices(list(ROADS), k=6):
        take(step)
    settle()
    check(before, before_at, since, told(since))


@pytest.mark.parametrize("road", ["update", "term"])
def test_change_is_told_at_its_own_moment_not_that_of_the_one_before(road: str) -> None:
    since, long_ago = last(), int(datetime(2020, 1, 1, tzinfo=UTC).timestamp()) << RANDOM_BITS
    raw(f"UPDATE initiatives_version SET token = {long_ago}")
    take(road)
    settle()
    told_at = PublicChange.objects.get(pk__gt=since).moment
    assert timedelta(0) <= timezone.now() - told_at < timedelta(minutes=5)


def test_drafts_leave_nothing() -> None:
    since = last()
    draft = Initiative.objects.create(slug="bozza", title="Bozza", summary="Sintesi.")
    draft.passages.set(Passage.objects.all()[:3])
    CategoryLink.objects.create(initiative=draft, term=InterventionCategory.objects.all()[0], basis="editorial")
    change("bozza", title="Altra bozza", slug="altra")
    settle()
    Initiative.objects.get(slug="altra").delete()
    settle()
    assert told(since) == []


def test_change_that_is_undone_leaves_nothing() -> None:
    since, entry = last(), Initiative.objects.get(slug="coworking")
    with transaction.atomic():
        change("coworking", title="Altro")
        change("coworking", title=entry.title)
    saved = transaction.savepoint()
    change("coworking", title="Altro")
    transaction.savepoint_rollback(saved)
    settle()
    assert told(since) == []


def test_entry_is_told_from_its_publication_to_its_withdrawal_and_back() -> None:
    since = last()
    draft = Initiative.objects.create(slug="nuova", title="Nuova", summary="Sintesi.")
    settle()
    change("nuova", status=Status.PUBLISHED)
    settle()
    change("nuova", slug="altra", title="Altra")
    settle()
    change("altra", status=Status.DRAFT, summary="Nuova sintesi.")
    settle()
    change("altra", title="Bozza")
    settle()
    change("altra", status=Status.PUBLISHED)
    settle()
    draft.refresh_from_db()
    draft.delete()
    settle()
    kinds = [kind for kind, uid in told(since) if uid == "nuova"]
    assert kinds == ["entered", "moved", "changed", "withdrawn", "returned", "withdrawn"]


def test_term_and_passage_are_told_once_however_many_entries_show_them() -> None:
    since, before = last(), wordings()
    sector = PrioritySector.objects.get(slug="inclusione-attiva")
    sector.name = "Altro nome"
    sector.save()
    passage = Passage.objects.get(anchor="coworking")
    passage.text = "Altro testo."
    passage.save()
    settle()
    assert sorted(told(since)) == [("passage", "coworking"), ("term", "sector/inclusione-attiva")]
    changes = list(PublicChange.objects.filter(pk__gt=since))
    for uid, wording in wordings().items():
        past = list(past_wordings(wording, changes))
        assert (past[-1].wording if past else wording) == before[uid]
    assert len(list(past_wordings(wordings()["coworking"], changes))) == 2


def test_parent_that_is_withdrawn_changes_what_its_measures_say() -> None:
    since = last()
    Initiative.objects.filter(slug="servizi-di-cura").update(status=Status.DRAFT)
    settle()
    measures = {uid for kind, uid in told(since) if kind == "changed"}
    assert measures == {
        "servizi-infanzia",
        "assistenza-domiciliare",
        "assistenza-condivisa",
        "mutuo-aiuto-crowdfunding",
    }
    kept: Any = PublicChange.objects.get(pk__gt=since, entry__uid="servizi-infanzia")
    assert (kept.before["parent"], kept.after["parent"]) == ("servizi-di-cura", None)


def test_what_came_past_python_is_told_with_the_next_edit(django_capture_on_commit_callbacks: Any) -> None:
    since = last()
    raw("UPDATE initiatives_initiative SET title = 'Oltre Python' WHERE slug = 'coworking'")
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        change("scale-up", title="Con Python")
        change("scale-up", summary="Con Python.")
    assert sum(callback is settle for callback in callbacks) == 1
    assert told(since) == [("changed", "coworking"), ("changed", "scale-up")]
    assert PublicEntry.objects.get(uid="coworking").title == "Oltre Python", "its public title too"


def test_what_stood_before_the_changes_were_told_is_entered_at_once() -> None:
    PublicChange.objects.all().delete()
    Initiative.objects.filter(slug="coworking").update(status=Status.DRAFT)
    keep_addresses()
    raw("DELETE FROM initiatives_before")
    enter()
    assert sorted(kind for kind, _ in told()) == ["entered"] * 26 + ["withdrawn"]
    enter()
    assert PublicChange.objects.count() == 27


def test_dump_of_the_catalogue_has_its_names_and_changes(tmp_path: Any) -> None:
    change("coworking", slug="spazi", title="Spazi")
    change("scale-up", status=Status.DRAFT)
    settle()
    told_before, names = told(), set(PublicEntry.objects.values_list("uid", "tag", "withdrawn"))
    file = tmp_path / "catalogue.yaml"
    options = {"natural_foreign": True, "natural_primary": True, "format": "yaml", "output": str(file)}
    call_command("dumpdata", "taxonomy", "initiatives", verbosity=0, **options)
    for model in (PublicChange, PublicEntry):
        model.objects.all().delete()
    Initiative.objects.exclude(parent=None).delete()
    Initiative.objects.all().delete()
    PublicEntry.objects.all().delete()
    raw("DELETE FROM initiatives_before")
    call_command("loaddata", str(file), verbosity=0)
    keep_addresses()
    settle()
    assert sorted(told()) == sorted(told_before)
    assert set(PublicEntry.objects.values_list("uid", "tag", "withdrawn")) == names
    assert Initiative.objects.get(slug="spazi").uid == "coworking"


def test_nothing_is_kept_longer_than_it_takes_to_tell() -> None:
    for road in ROADS:
        take(road)
    settle()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM initiatives_before")
        assert cursor.fetchone() == (0,)
