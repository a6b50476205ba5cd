"""How what people type is read: codes, spellings, signs, pasted sentences; and in which order it is answered."""

import time
from urllib.parse import urlencode

import pytest
from django.test import Client

from initiatives.models import Initiative, Passage
from initiatives.search.words import word
from tests.helpers import GetPage, current_index, main_of, slugs, titles, total_of
from tests.oracle import read

pytestmark = pytest.mark.django_db

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
        assert str(first["href"]).partition("?")[0] == f"/iniziative/{anchor}/"
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
