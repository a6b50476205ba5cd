"""What a reader types and what it finds: the same on both databases, because both are held against Python."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from urllib.parse import urlencode

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from initiatives.facets import Selection
from initiatives.models import LINKS, Funding, Initiative, Passage, Scope, vocabularies
from initiatives.search import engine
from initiatives.search.labels import EVERY, labels_of
from initiatives.search.reading import Clause
from initiatives.search.words import LONGEST_TEXT, Word, spans, word, words
from initiatives.versions import triggers
from tests.helpers import GetPage, current_index, main_of, raw, stale, text, titles, total_of
from tests.oracle import own_words, read

pytestmark = pytest.mark.django_db


def slugs(q: str, order: str = "position") -> list[str]:
    index = current_index()
    ids = index.find(Selection(q=q, order=order, page_size=100)).ids
    by_id = Initiative.objects.in_bulk(ids)
    return [by_id[pk].slug for pk in ids]


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
    assert titles(page(str(link["href"]))) == ["Reti per rafforzare l'economia sociale e solidale"]
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
    Initiative.objects.filter(pk=last.pk)._raw_delete(last._state.db)
    assert last.slug not in slugs("riqualificazione", order)
    raw("DELETE FROM initiatives_stale")
    current_index().texts.known.clear()
    assert client.get("/iniziative/", {"q": "riqualificazione", "order": order}).status_code == 200


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


# What people type, and the entries that it finds: all of them, or among others first.
TYPED = [
    ("asilo", ["servizi-infanzia"]),
    ("nido", ["servizi-infanzia"]),
    ("startup", ["scale-up"]),
    ("start-up", ["scale-up"]),
    ("start-ups", ["scale-up"]),
    ("co-working", ["coworking"]),
    ("co working", ["coworking"]),
    ("CoWorking", ["coworking"]),
    ("lavoro agile", ["organizzazione-lavoro"]),
    ("nursery", ["servizi-infanzia"]),
    ("organizational", ["responsabilita-sociale-impresa"]),
    ("organisational", ["responsabilita-sociale-impresa"]),
    ("aziendale -welfare", ["reti-partenariali"]),
    ("aziendale NOT welfare", ["reti-partenariali"]),
    ("infanzia", ["servizi-infanzia"]),
]


@pytest.mark.parametrize(("q", "expected"), TYPED)
def test_what_people_type_finds_what_they_mean(client: Client, q: str, expected: list[str]) -> None:
    assert set(expected) <= set(slugs(q, order=""))
    assert slugs(q, order="")[: len(expected)] == expected
    answer = client.get("/api/v1/initiatives/", {"q": q}).json()
    assert [each["id"] for each in answer["results"]] == slugs(q, order="")[:25]


@pytest.mark.parametrize(
    ("q", "total"),
    [
        ("OS i", 10),
        ("os-i", 10),
        ("OS 9", 13),
        ("os ix", 13),
        ("obiettivo specifico ix", 13),
        ("Inclusione attiva", 10),
        ("annex d", 27),
        ("allegato D", 27),
        ("FSE", 27),
        ("welfare OR aziendale", 15),
        ("welfare o aziendale", 15),
        ("iniziative", 27),
        ("inno\u00advazione", 17),
        ("innovazione", 17),
    ],
)
def test_codes_names_and_signs(page: GetPage, q: str, total: int) -> None:
    assert total_of(page(f"/iniziative/?{urlencode({'q': q})}")) == total


def test_the_same_under_every_spelling() -> None:
    for spellings in (
        ("coworking", "co-working", "co working"),
        ("fund", "funds"),
        ("organisational", "organizational"),
        ("annex d", "allegato D"),
        ("l'autonomia", "l’autonomia", "autonomia"),
        ("qualità", "qualita", "QUALITA\u0300", "qua\u200blità"),
        ('"presa in carico"', "«presa in carico»", "“presa in carico”", "‘presa in carico’"),
    ):
        assert len({tuple(slugs(each, order="")) for each in spellings}) == 1, spellings


def test_pasted_sentences_find_their_entry_and_stay_in_the_box(page: GetPage) -> None:
    for anchor in ("presa-in-carico-integrata", "coworking", "pay-by-result"):
        pasted = Passage.objects.get(anchor=anchor).text.replace("*", "")
        soup = page(f"/iniziative/?{urlencode({'q': pasted})}")
        first = main_of(soup).select_one("article h3 a")
        assert first is not None
        assert first["href"] == f"/iniziative/{anchor}/"
        box = main_of(soup).select_one("#q")
        assert box is not None
        assert box["value"] == pasted


def test_words_are_searched_by_relevance_unless_one_chooses(page: GetPage) -> None:
    for address, order in (
        ("/iniziative/", ""),
        ("/iniziative/?q=cura", ""),
        ("/iniziative/?q=cura&order=position", "position"),
        ("/iniziative/?q=cura&order=relevance", ""),
        ("/iniziative/?order=position", ""),
    ):
        chosen = main_of(page(address)).select_one("#order option[selected]")
        assert chosen is not None
        assert chosen["value"] == order, address
    assert titles(page("/iniziative/?q=servizi+per+l'infanzia"))[0].startswith("Erogazione e fruizione")


@pytest.mark.parametrize(
    ("q", "other"),
    [
        ("aziendale -l'welfare", "aziendale -welfare"),
        ("welfare NOT la scuola", "welfare -scuola"),
        ("welfare -osix", "welfare -OS ix"),
        ("welfare OS-9", "welfare OS ix"),
        ("infanzia o i tirocini", "infanzia oppure tirocini"),
        ("spazi -co-working", "spazi -coworking"),
        ("autonomia -'presa in carico'", 'autonomia -"presa in carico"'),
    ],
)
def test_signs_mean_the_same_however_they_are_written(q: str, other: str) -> None:
    assert slugs(q) == slugs(other)


@pytest.mark.parametrize(
    ("q", "other"),
    [
        ("smart-working", "smart working"),
        ("smartworking", "smart working"),
        ("terzo-settore", "terzo settore"),
        ("work-life balance", "work life balance"),
        ("co-wor\u00adking", "coworking"),
        ("cre\u0300che", "crèche"),
        ("OS i, impresa", "impresa OS i"),
        ("so ix", "os9"),
    ],
)
def test_spellings_meet(q: str, other: str) -> None:
    assert slugs(q) == slugs(other) != []
    assert current_index().passages_with(q) == current_index().passages_with(other)


def test_signs_keep_words_apart() -> None:
    """A code or an expression does not run across them."""
    assert read("OS i, ix").clauses != read("OS ix").clauses
    assert "lavoro agile" in read("smart working").also
    assert set(read("lavoro o agile").also) == {*read("lavoro").also, *read("agile").also}
    assert set(read("asilo -x nido").also) == {*read("asilo").also, *read("nido").also}
    assert [clause.typed for clause in read("OS o ix").clauses] == [("OS", "ix")]


def test_words_true_of_every_entry_exclude_none() -> None:
    assert len(slugs("-progetti")) == len(slugs("iniziativa progetto")) == 27
    assert read("welfare -progetti").generic == ("progetti",)


def test_ligatures_are_letters() -> None:
    for stored, asked in (
        ("Œuvre", "oeuvre"),
        ("Straße", "strasse"),
        ("smørrebrød", "smorrebrod"),
        ("co-wor\u00adking", "coworking"),
    ):
        Initiative.objects.filter(slug="scale-up").update(title=stored)
        assert "scale-up" in slugs(asked), stored


def test_what_must_not_be_there_is_not() -> None:
    assert len(slugs("welfare OS ix")) == 13
    assert set(slugs("welfare")) - set(slugs("welfare OS ix")) == set(slugs("welfare -OS ix"))
    assert set(slugs("-Inclusione attiva")).isdisjoint(slugs("inclusione"))
    assert slugs(" ".join(f"zzz{n}" for n in range(40))) == [], "of a pasted text that the catalogue has nothing of"


def test_reading_is_bounded_work() -> None:
    began = time.monotonic()
    for q in ("a" * 5000, "a-" * 2500, "‘" * 5000, "xqzw " * 999, "-" * 5000, '"' * 4999 + "a"):
        read(q)
    assert time.monotonic() - began < 1


def test_english_words_meet_their_own_forms() -> None:
    for one, other in (("skilled", "skills"), ("calls", "called"), ("travelling", "traveling"), ("centre", "center")):
        assert word(one).english == word(other).english, one
