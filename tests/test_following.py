"""An index that followed edits is, bit for bit, the one that would be built anew."""

import random
from collections.abc import Callable

import pytest
from django.db import connection
from pyroaring import BitMap

from initiatives.facets import FacetIndex, Selection, orders
from initiatives.facets.texts import SUMMARY, TITLE
from initiatives.models import LINKS, ORDERS, Initiative, Passage, Status
from initiatives.search import engine
from initiatives.search.words import as_atom
from initiatives.versions import changes_since, current_version
from tests.helpers import raw

pytestmark = pytest.mark.django_db
ATOMS = [as_atom(text) for text in ("servizi", "nuove parole", "innovazione sociale", "famiglie", "coworking", "ixy")]
FIELDS = TITLE, SUMMARY, engine.FIELDS


def any_entry(rng: random.Random) -> Initiative:
    return rng.choice(list(Initiative.objects.order_by("pk")))


def rename(rng: random.Random) -> None:
    entry = any_entry(rng)
    entry.title = f"{rng.choice('abcxyzè')} nuove parole ixy {rng.random()}"
    entry.save()


def hide_or_show(rng: random.Random) -> None:
    for entry in Initiative.objects.filter(pk=any_entry(rng).pk):
        hidden = entry.status == Status.PUBLISHED
        Initiative.objects.filter(pk=entry.pk).update(status=Status.DRAFT if hidden else Status.PUBLISHED)


def move(rng: random.Random) -> None:
    Initiative.objects.filter(pk=any_entry(rng).pk).update(position=rng.randrange(40))


def scope_and_funding(rng: random.Random) -> None:
    entry = any_entry(rng)
    entry.scope, entry.funding = rng.choice(("focus", "further")), rng.choice(("fse", "fse-fesr"))
    Initiative.objects.bulk_update([entry], ["scope", "funding"])


def place_under(rng: random.Random) -> None:
    entry, parent = any_entry(rng), rng.choice([None, any_entry(rng)])
    if parent is None or (parent.pk != entry.pk and parent.parent_id is None):
        Initiative.objects.filter(pk=entry.pk).update(parent=parent)


def link(rng: random.Random) -> None:
    model = rng.choice(list(LINKS.values()))
    term = rng.choice(list(model.vocabulary()._default_manager.all()))
    model._default_manager.update_or_create(
        initiative=any_entry(rng), term=term, defaults={"basis": rng.choice(("source", "editorial"))}
    )


def unlink(rng: random.Random) -> None:
    model = rng.choice(list(LINKS.values()))
    if links := list(model._default_manager.order_by("pk")):
        rng.choice(links).delete()


def quote(rng: random.Random) -> None:
    any_entry(rng).passages.set(rng.sample(list(Passage.objects.order_by("pk")), 3))


def lead_in(rng: random.Random) -> None:
    any_entry(rng).lead_ins.set(rng.sample(list(Passage.objects.order_by("pk")), 1))


def add(rng: random.Random) -> None:
    Initiative.objects.create(
        slug=f"nuova-{rng.randrange(10**9)}",
        title="Nuove parole per le famiglie",
        summary="Servizi.",
        position=rng.randrange(40),
        status=rng.choice([Status.PUBLISHED, Status.DRAFT]),
    )


def remove(rng: random.Random) -> None:
    childless = [e for e in Initiative.objects.order_by("pk") if not Initiative.objects.filter(parent=e).exists()]
    rng.choice(childless).delete()


def touch_in_sql(rng: random.Random) -> None:
    raw(f"UPDATE initiatives_initiative SET summary = 'Coworking per le famiglie' WHERE id = {any_entry(rng).pk}")


def nothing(rng: random.Random) -> None:
    raw("UPDATE initiatives_initiative SET title = title WHERE id = -1")


EDITS: list[Callable[[random.Random], None]] = [
    rename, hide_or_show, move, scope_and_funding, place_under, link, unlink, quote, lead_in, add, remove,
    touch_in_sql, nothing,
]  # fmt: skip


def ask(index: FacetIndex) -> None:
    """What it remembers then has to follow too."""
    for fields in FIELDS:
        index.texts.having(ATOMS, fields)
    for order in ORDERS:
        index.find(Selection(order=order))


def all_of_it(index: FacetIndex) -> dict[str, object]:
    return {
        "entries": index.all,
        "values": {at: dict(values) for at, values in index.bitmaps.items()},
        "funds": {at: bits for at, bits in index._found.funds.items() if bits},
        "quoting": {at: bits for at, bits in index.quoting.items() if bits},
        "orders": {order: list(index.all_of(Selection(order=order))) for order in ORDERS},
        "texts": [index.texts.having(ATOMS, fields) for fields in FIELDS],
        "likeness": {pk: index.attributions(pk) for pk in index.all},
    }


@pytest.mark.parametrize("seed", range(12))
def test_followed_index_is_a_fresh_one(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "SIZE", 4)
    rng = random.Random(seed)
    nothing(
        rng
    )  # what tests before rolled back has left a gap in the notes of PostgreSQL, as long as all that are kept
    index = FacetIndex(current_version())
    ask(index)
    followed = 0
    for _ in range(25):
        for _ in range(rng.randrange(1, 4)):
            rng.choice(EDITS)(rng)
        if rng.random() < 0.3:
            engine.restem()
        version = current_version()
        changes = changes_since(index.version, index.read_to, version)
        if index.version != version:
            assert changes is not None
            index = index.followed(version, changes)
            followed += 1
        if rng.random() < 0.5:
            ask(index)
        fresh = FacetIndex(version)
        assert index.read_to == fresh.read_to
        mine, anew = all_of_it(index), all_of_it(fresh)
        for name, value in anew.items():
            assert mine[name] == value, name
    assert followed > 20


def test_order_is_kept_in_small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "SIZE", 2)
    index = FacetIndex(current_version())
    blocks = index._orders.default.blocks
    assert max(len(block.ids) for block in blocks) <= 4
    every = [pk for block in blocks for pk in block.ids]
    order = index._orders.default
    for start in range(len(every)):
        assert list(order.page(index.all, start, start + 3)) == every[start : start + 3]
        assert order.before(index.all, every[start]) == order.place(every[start]) == start
    odd = BitMap(every[1::2])
    assert list(order.page(odd, 2, 5)) == every[1::2][2:5]
    assert list(order.page(odd, 100, 105)) == []
    with pytest.raises(LookupError):
        order.before(odd, 10**6)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE taxonomy_specificobjective SET name = name",
        "UPDATE taxonomy_sectormatch SET name = name",
        "UPDATE initiatives_passage SET text = text",
        "UPDATE initiatives_source SET title = title",
        "DELETE FROM initiatives_synonymgroup WHERE id IN (SELECT min(id) FROM initiatives_expression WHERE false)",
    ],
)
def test_more_than_entries_is_never_followed(change: str) -> None:
    index = FacetIndex(current_version())
    raw(change)
    version = current_version()
    if version != index.version:
        assert changes_since(index.version, index.read_to, version) is None


def test_gap_in_the_notes_is_never_followed() -> None:
    Initiative.objects.update(scope="focus")
    index = FacetIndex(current_version())
    Initiative.objects.filter(slug="coworking").update(scope="further")
    version = current_version()
    assert changes_since(index.version, index.read_to, version) is not None
    assert changes_since(index.version + 1, index.read_to, version) is None
    assert changes_since(index.version, index.read_to + 1, version) is None
    assert changes_since(index.version, index.read_to, version + 1) is None
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM initiatives_change WHERE id <= %s", [index.read_to])
    assert changes_since(index.version, index.read_to, version) is None


def test_too_many_entries_are_not_followed() -> None:
    index = FacetIndex(current_version())
    for n in range(70):
        Initiative.objects.create(slug=f"n-{n}", title="Nuova", summary="Nuova.", position=n)
    assert changes_since(index.version, index.read_to, current_version()) is None


@pytest.mark.parametrize("q", ["zzqq wwxx -lavoro", "servizi -famiglie", "-servizi", '"zz" o -casa'])
def test_asking_changes_nothing(q: str) -> None:
    index, fresh = FacetIndex(current_version()), FacetIndex(current_version())
    selection = Selection(q=q)
    for ask_for in (
        index.find, index.counts_alone, index.totals_without, index.spelt, index.also_found, index.terms_speaking,
        index.total, index.all_of, lambda s: index.nearest(s, 5), lambda s: index.strata(s, "level"),
        lambda s: index.pairs(s, "level", "objective"), lambda s: index.first_of_pairs(s, ("level", "scope"), [], 3),
    ):  # fmt: skip
        ask_for(selection)
    assert all_of_it(index) == all_of_it(fresh)
