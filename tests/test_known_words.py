"""The words that the catalogue knows: those of what is published and of the document, after any change."""

from collections import Counter

import pytest
from django.db import connection

from initiatives.models import Initiative, Passage, Status
from initiatives.search import engine
from initiatives.search.words import LEAST_PREFIX, RULES
from initiatives.versions import triggers
from tests.helpers import ROADS, raw, stale, take
from tests.oracle import own_words

pytestmark = pytest.mark.django_db


def known() -> Counter[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT word, units FROM initiatives_word")
        return Counter(dict(cursor.fetchall()))


def counted_by_hand() -> Counter[str]:
    """Of how many published entries, by their own fields, and passages each word is."""
    counted: Counter[str] = Counter()
    for entry in Initiative.objects.published():
        entry.passages.clear()
        counted.update({w.folded for text in own_words(entry) for w in text})
    for passage in Passage.objects.all():
        counted.update({w.folded for text in engine.words_of(passage.text) for w in text})
    return Counter({word: n for word, n in counted.items() if len(word) >= LEAST_PREFIX})


@pytest.mark.parametrize("road", ROADS)
def test_words_are_those_of_today(road: str) -> None:
    take(road)
    engine.restem()
    assert known() == counted_by_hand()


def test_words_of_a_draft_are_known_once_it_is_published() -> None:
    draft = Initiative.objects.create(slug="bozza", title="Zibibbo", summary="Bozza.", status=Status.DRAFT)
    engine.restem()
    assert "zibibbo" not in known()
    for status, is_known in ((Status.PUBLISHED, True), (Status.DRAFT, False)):
        Initiative.objects.filter(pk=draft.pk).update(status=status)
        engine.restem()
        assert ("zibibbo" in known()) is is_known


def test_other_rules_make_all_words_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    before, told = known(), list[str]()
    triggers.install()
    assert stale() == 0, "of the same rules nothing has to be made anew"
    raw(f"UPDATE initiatives_rules SET number = {RULES - 1}")
    triggers.install()
    assert stale() == Initiative.objects.count() + Passage.objects.count() == 73
    monkeypatch.setattr(engine, "BATCH", 30)
    engine.restem(told.append)
    assert (known(), stale()) == (before, 0)
    assert [line.rsplit(",")[0].rsplit(" in ")[0] for line in told] == [
        "Words made of 0 of 73 texts",
        "Words made of 30 of 73 texts",
        "Words made of 60 of 73 texts",
        "Words made of 73 texts",
    ]
