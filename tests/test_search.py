"""What a reader types and what it finds: the same on both databases, because both are held against Python."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from urllib.parse import quote

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pytest_django import DjangoAssertNumQueries

from initiatives.facets import Selection, texts
from initiatives.models import LINKS, Funding, Initiative, Passage, PublicEntry, Scope, vocabularies
from initiatives.search import engine
from initiatives.search.labels import EVERY, labels_of
from initiatives.search.reading import Clause
from initiatives.search.words import LONGEST_TEXT, Word, spans, words
from initiatives.versions import triggers
from tests.helpers import GetPage, current_index, main_of, raw, slugs, stale, text, titles, total_of
from tests.oracle import PlainSQL, own_words, read

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("q", "slug"),
    [
        ("famiglie", "presa-in-carico-integrata"),  # the plural finds the singular
        ("presa in carico", "contatto-grave-marginalita"),
        ('"presa in carico"', "contatto-grave-marginalita"),
        ("«presa in carico»", "contatto-grave-marginalita"),
        ("qualita", "istruzione-formazione"),
        ("QUALITÀ", "istruzione-formazione"),
        ("responsabilità", "responsabilita-sociale-impresa"),
        ("responsabili", "responsabilita-sociale-impresa"),
        ("cowork", "coworking"),  # the last word may be the beginning of one
        ("dell'infanzia", "servizi-infanzia"),
        ("badanti", "assistenza-condivisa"),
        ("welfare territoriale assistenza", "assistenza-leggera"),  # the initiative's title finds its measures
        ("conciliazione", "servizi-di-cura"),  # a term's name finds its entries
        ("childcare", "servizi-infanzia"),  # English titles too
    ],
)
def test_what_finds_what(q: str, slug: str) -> None:
    assert slug in slugs(q)


@pytest.mark.parametrize("q", ['"carico in presa"', "inesistente", "coworking agricoltura", "artigiani"])
def test_what_finds_nothing(q: str) -> None:
    assert slugs(q) == []


@pytest.mark.parametrize("q", ["zz wwxx -servizi", "zz -servizi", "servizi -famiglie", "-servizi", "zz o -servizi"])
def test_what_somebody_asks_changes_nothing_for_others(page: GetPage, q: str) -> None:
    """Also where nothing is found, and its page says what each word finds alone."""
    before = [(asked, slugs(asked)) for asked in ("", "servizi", "famiglie")]
    for address in ("/iniziative/", "/tabella/", "/matrice/", "/figura/"):
        page(f"{address}?q={quote(q)}")
    assert [(asked, slugs(asked)) for asked, _ in before] == before
    assert total_of(page("/iniziative/")) == 27


def test_relevance_puts_titles_first() -> None:
    found = slugs("cura", order="relevance")
    assert found[0] == "servizi-di-cura"
    assert sorted(found) == sorted(slugs("cura"))


def test_found_words_are_marked_and_nothing_else_is_markup(page: GetPage) -> None:
    Initiative.objects.filter(slug="coworking").update(title="<b>Famiglie</b> & famiglia", summary='"Famigliari" <i>')
    soup = main_of(page("/iniziative/?q=famiglia&order=relevance"))
    marked = [mark.get_text() for mark in soup.select("h3 mark")]
    assert {"Famiglie", "famiglia"} <= set(marked)
    assert not soup.select("h3 b, article i")
    assert "&lt;b&gt;<mark>Famiglie</mark>&lt;/b&gt; &amp; <mark>famiglia</mark>" in str(soup)


def test_word_found_only_in_a_passage_is_shown_where_it_stands(page: GetPage) -> None:
    Passage.objects.filter(anchor="coworking").update(text="Prima. " * 40 + "Un *rosmarino* <b> qui. " + "Dopo. " * 40)
    shown = main_of(page("/iniziative/?q=rosmarini")).select_one(".snippet")
    assert shown is not None
    assert shown.select("mark")[0].get_text() == "rosmarino"
    assert "<b>" in shown.get_text()
    assert shown.get_text().count("Prima.") < 20


def test_misspelt_word_gets_a_suggestion_that_finds_something(page: GetPage) -> None:
    soup = page("/iniziative/?q=agricolutra")
    assert total_of(soup) == 0
    assert text(soup, ".suggested") == "Forse cercavi «agricoltura»?"
    link = main_of(soup).select_one(".suggested a")
    assert link is not None
    assert titles(page(str(link["href"]))) == ["Reti per rafforzare l’economia sociale e solidale"]
    assert not main_of(page("/iniziative/?q=zzzzzzzz")).select(".suggested")


def test_a_changed_text_is_found_by_its_new_words_only() -> None:
    Initiative.objects.filter(slug="servizi-di-cura").update(title="Ginestra")
    Passage.objects.filter(anchor="coworking").update(text="Rosmarino")
    assert "servizi-di-cura" in slugs("ginestre")
    assert "servizi-infanzia" in slugs("ginestra"), "a measure is found by its initiative's title"
    assert slugs("rosmarino") == ["coworking"]
    Initiative.objects.filter(slug="coworking").delete()
    assert slugs("rosmarino") == []


def test_text_is_searched_up_to_its_longest(client: Client) -> None:
    """Of the longest words that are told apart: what the engine takes least of."""
    filling = " ".join(f"{n:064}" for n in range(LONGEST_TEXT - 2))
    whole = f"Rosmarino {filling} ginepro"
    Initiative.objects.filter(slug="coworking").update(summary=f"{whole} timo {'ab1c' * 800}", summary_en=whole)
    assert slugs("rosmarino") == slugs("ginepro") == ["coworking"]
    assert slugs("timo") == []
    assert client.get("/iniziative/?q=rosmarino").status_code == 200


def test_editors_are_told_of_a_text_that_is_too_long() -> None:
    whole = "parola " * LONGEST_TEXT
    for model, field in ((Initiative, "summary"), (Initiative, "summary_en"), (Passage, "text")):
        model._meta.get_field(field).clean(whole, None)  # type: ignore[union-attr]
        with pytest.raises(ValidationError, match="più di 1500 parole"):
            model._meta.get_field(field).clean(f"{whole} e basta", None)  # type: ignore[union-attr]


def test_texts_changed_while_nothing_watched_are_found_anew() -> None:
    triggers.drop()
    Initiative.objects.filter(slug="coworking").update(title="Ginepro")
    triggers.install()
    assert slugs("ginepro") == ["coworking"]


@contextmanager
def read_only() -> Iterator[None]:
    """The database refuses every write meanwhile."""
    if connection.vendor == "sqlite":
        raw("PRAGMA query_only = ON")
        try:
            yield
        finally:
            raw("PRAGMA query_only = OFF")
    else:
        with transaction.atomic():
            raw("SET TRANSACTION READ ONLY")
            yield
            transaction.set_rollback(True)


@pytest.mark.parametrize("order", ["position", "relevance"])
def test_public_read_never_writes(client: Client, order: str) -> None:
    """What came past Python is searched before it is stemmed."""
    Initiative.objects.filter(slug="coworking").update(title="Ginepro")
    Passage.objects.filter(anchor="scale-up").update(text="Rosmarino")
    with read_only():
        assert slugs("ginepri", order) == ["coworking"]
        assert slugs("rosmar", order) == ["scale-up"]
        assert "coworking" in slugs("spazi collaborativi", order), "its summary and passage still say so"
        for address in ("/iniziative/?q=ginepro", "/iniziative/coworking/", "/iniziative.csv?q=ginepro", "/"):
            assert client.get(address).status_code == 200, address
        with pytest.raises(DatabaseError), transaction.atomic():
            engine.restem()


@pytest.mark.parametrize("order", ["position", "relevance"])
def test_words_of_what_was_deleted_past_python_find_nothing(client: Client, order: str) -> None:
    """Until they are stemmed again the search tables name an id that no entry has any more, or that none reaches."""
    last = Initiative.objects.order_by("-pk")[0]
    assert last.slug in slugs("riqualificazione", order)
    for link in LINKS.values():
        link._default_manager.filter(initiative=last)._raw_delete(last._state.db)
    for ties in (Initiative.passages.through, Initiative.lead_ins.through):
        ties._default_manager.filter(initiative=last)._raw_delete(last._state.db)
    PublicEntry.objects.filter(initiative=last).update(initiative=None)
    Initiative.objects.filter(pk=last.pk)._raw_delete(last._state.db)
    assert last.slug not in slugs("riqualificazione", order)
    raw("DELETE FROM initiatives_stale")
    current_index().texts.known.clear()
    assert client.get("/iniziative/", {"q": "riqualificazione", "order": order}).status_code == 200


@pytest.mark.parametrize("few", [1, 2000])
def test_relevance_is_the_same_of_rare_words_and_of_common_ones(monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    """What is common is asked for when the order needs it, and no further than it does."""
    monkeypatch.setattr(texts, "FEW", few)
    for q in ("servizi", "servizi cura", "famiglie -cura", '"servizi sociali"', "innovazione o lavoro", "zibibbo"):
        for page in (1, 2, 9):
            selection = Selection(q=q, page=page, page_size=10)
            current_index().texts.known.clear()
            assert current_index().find(selection).ids == PlainSQL().find(selection).ids, (q, page)


def test_order_asks_no_further_than_its_page(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    index, selection = current_index(), Selection(q="servizi", page_size=1)
    with pytest.MonkeyPatch.context() as patch, django_assert_num_queries(2):  # everywhere, then in titles
        patch.setattr(texts, "FEW", 1)
        index.texts.known.clear()
        index.find(selection)


def test_edit_makes_its_words_when_it_commits(
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list]],
) -> None:
    raw("INSERT INTO initiatives_stale SELECT id * 2 FROM initiatives_initiative WHERE slug = 'scale-up'")
    with django_capture_on_commit_callbacks(execute=True):
        Initiative.objects.get(slug="coworking").save()
        assert stale()
    assert stale() == 0, "and of whatever came past Python before"
    with django_capture_on_commit_callbacks(execute=True):
        call_command("loaddata", "initiatives", verbosity=0)
        assert stale() == 27
    assert stale() == 0


CHOKING = [
    '"',
    '""""',
    "AND OR NOT NEAR(",
    "title:cura",
    "{title} : x",
    "cura*",
    "* *",
    "^cura",
    "cura -servizi",
    "a & b | !c <-> d:*A",
    "'; DROP TABLE initiatives_search; --",
    "\\",
    "a\x00b",
    "😀 cura",
    "il la lo di",
    "ﬁglio",
    "İstanbul",
    "٣٤",
    "ß",
    "_ __ ___ _cur",
    "x" * 10_000,
    "parola " * 2000,
    "%s %d %%",
    " ".join(f"parola{n}" for n in range(400)),
    "asilo casa badanti anziani disabili migranti donne scuola stage NEET RSI CSR SIB ADI RSA LPU PPP ESG UVM SAD ETS",
    "- -- -a NOT NOT NOT o o o or or",
]


@pytest.mark.parametrize("q", CHOKING, ids=range(len(CHOKING)))
@pytest.mark.parametrize("order", ["position", "relevance"])
def test_nothing_chokes(client: Client, q: str, order: str) -> None:
    assert client.get("/iniziative/", {"q": q, "order": order}).status_code == 200


def spoken() -> list[str]:
    passages = [p.text for p in Passage.objects.all()]
    entries = [f"{e.title} {e.summary}" for e in Initiative.objects.all()]
    return sorted({text[start:stop] for text in [*passages, *entries] for start, stop, _ in spans(text)})


def found_by_reading(q: str) -> set[str]:
    """The engine's twin: every text of every entry read in Python."""
    reading, labels = read(q), labels_of(vocabularies(), {"scope": Scope, "funding": Funding})
    found = set()
    for entry in Initiative.objects.published():
        own = own_words(entry)
        called = {(d, link.term.slug) for d in LINKS for link in getattr(entry, f"{d}links").all()}
        called |= {(dimension, "") for dimension, _ in called}
        called |= {("scope", entry.scope), ("funding", entry.funding), EVERY}

        def has(clause: Clause, own: list[list[Word]] = own, called: set = called) -> bool:
            return (
                clause.is_everywhere
                or bool(called & set(clause.named))
                or any(atom.found_in(text) for atom in clause.ways for text in own)
                or any(called & labels.having(atom) for atom in clause.atoms)
            )

        if all(map(has, reading.clauses)):
            found.add(entry.slug)
    return found


def all_units() -> list[int]:
    entries, passages = Initiative.objects.values_list("pk", flat=True), Passage.objects.values_list("pk", flat=True)
    return [*(pk * 2 for pk in entries), *(pk * 2 + 1 for pk in passages), 10**6, 10**6 + 1]


class Engine(TestCase):
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.data())
    def test_engine_finds_what_reading_finds(self, data: st.DataObject) -> None:
        pick = st.sampled_from(spoken())
        q = data.draw(
            st.one_of(
                st.lists(pick, min_size=1, max_size=3).map(" ".join),
                pick.map(lambda word: word[: max(3, len(word) // 2)]),
                st.lists(pick, min_size=2, max_size=2).map(lambda pair: f'"{" ".join(pair)}"'),
                st.integers(0, 40).map(lambda n: f'"{" ".join(Passage.objects.all()[n].text.split()[:3])}"'),
            )
        )
        if words(q):
            expected, ordered = found_by_reading(q), slugs(q, "relevance")
            assert set(slugs(q)) == set(ordered) == expected, q
            units = [f"SELECT {data.draw(st.sampled_from(all_units()))}" for _ in range(data.draw(st.integers(1, 9)))]
            raw(f"INSERT INTO initiatives_stale {' UNION '.join(units)}")
            current_index().texts.known.clear()
            assert slugs(q, "relevance") == ordered, q
            raw("DELETE FROM initiatives_stale")


def test_title_of_a_draft_finds_none_of_its_measures(page: GetPage) -> None:
    Initiative.objects.filter(slug="servizi-di-cura").update(title="Segretissimo zibibbo")
    assert total_of(page("/iniziative/?q=zibibbo")) == 5
    Initiative.objects.filter(slug="servizi-di-cura").update(status="draft")
    assert total_of(page("/iniziative/?q=zibibbo")) == 0
    assert "zibibbo" not in main_of(page("/iniziative/?q=zibbibo")).get_text()
