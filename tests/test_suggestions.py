"""What is offered under a search box while somebody types: each option leads where it says, and finds something."""

from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from initiatives.models import Expression, Initiative, Status, SynonymGroup
from initiatives.search import engine
from tests.helpers import GetPage, main_of, raw, total_of
from tests.sites import new_site

pytestmark = pytest.mark.django_db


def options(client: Client, q: str, address: str = "/suggerimenti/") -> list[Tag]:
    response = client.get(address, {"q": q})
    assert response.status_code == 200
    return BeautifulSoup(response.content, "lxml").select("[role=option]")


def labels(client: Client, q: str, address: str = "/suggerimenti/") -> list[str]:
    return [" ".join(option.get_text(" ").split()) for option in options(client, q, address)]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("cowor", "Cerca coworking"),
        ("cowor", "Iniziativa Spazi collaborativi di lavoro (coworking)"),
        ("responsab", "Cerca responsabilità"),  # as it is written, accent and all
        ("servizi per l'inf", "Cerca servizi per l'infanzia"),
        ("asil", "Cerca asilo nido"),  # a synonym
        ("agricolutra", "Cerca agricoltura"),  # misspelt
        ("wellfare", "Cerca welfare"),
        ("OS", "Obiettivo specifico 2021-27 OS i — Migliorare l’accesso all’occupazione di tutte le persone in cerca di"
         " lavoro (10 schede)"),
        ("inclusione a", "Settore prioritario (Allegato D) Inclusione attiva (10 schede)"),
        ("panoram", "Cerca nel documento panoramica"),
        ("QUALITA\u0300 DEI SER", "Cerca QUALITA\u0300 DEI servizi"),
    ],
)  # fmt: skip
def test_what_is_typed_and_what_is_offered(client: Client, q: str, expected: str) -> None:
    assert expected in labels(client, q)


def test_english_pages_offer_english(client: Client) -> None:
    offered = labels(client, "childc", "/en/suggestions/")
    assert "Search childcare" in offered
    assert any(label.startswith("Measure ") and "childcare" in label for label in offered)
    assert labels(client, "social", "/en/suggestions/")[0] != "Search sociale", "it finds the same"


@pytest.mark.parametrize(
    "q", ["", "a", "!!!", "xqzjwk", "\x00", "x" * 6000, "parola " * 9, "il", "' OR 1=1 --", "{title} : x", "%s"]
)
def test_odd_texts_are_offered_nothing(client: Client, q: str) -> None:
    assert options(client, q) == []


def beginnings() -> list[str]:
    return [
        "soc",
        "reg",
        "gio",
        "wel",
        "impr",
        "serv",
        "lav",
        "innov",
        "nid",
        "anzian",
        "start",
        "cur",
        "fam",
        "terr",
        "comp",
        "assist",
    ]


@pytest.mark.parametrize("beginning", beginnings())
def test_every_option_leads_where_it_says(page: GetPage, client: Client, beginning: str) -> None:
    offered = options(client, beginning)
    assert offered
    assert len({option["id"] for option in offered}) == len(offered)
    for option in offered:
        kind, label = (" ".join(part.get_text().split()) for part in option.select("span"))
        soup = page(str(option["href"]))
        if kind == "Cerca":
            assert total_of(soup), label
        elif kind == "Cerca nel documento":
            assert main_of(soup).select(".found-passages li"), label
        else:
            heading = main_of(soup).h1
            assert heading is not None
            assert label.startswith(" ".join(heading.get_text().split())), label
        if label.endswith("schede)"):
            assert total_of(soup) == int(label.split("(")[-1].split()[0])


def test_words_and_titles_of_drafts_and_of_yesterday_are_not_offered(client: Client) -> None:
    """Whether or not their words have been made anew."""
    entry = Initiative.objects.create(slug="zibibbo", title="Zibibbo", summary="Zibibbo.", status=Status.PUBLISHED)
    engine.restem()
    assert labels(client, "zibib") == ["Cerca zibibbo", "Iniziativa Zibibbo"]
    for change in ({"status": Status.DRAFT}, {"status": Status.PUBLISHED, "title": "Altro", "summary": "Altro."}):
        Initiative.objects.filter(pk=entry.pk).update(status=Status.PUBLISHED, title="Zibibbo", summary="Zibibbo.")
        engine.restem()
        Initiative.objects.filter(pk=entry.pk).update(**change)
        assert labels(client, "zibib") == []
        engine.restem()
        assert labels(client, "zibib") == []
    raw("DELETE FROM initiatives_word")
    assert labels(client, "asil")[0] == "Cerca asilo nido"


def test_synonyms_that_find_nothing_are_not_offered(client: Client) -> None:
    group = SynonymGroup.objects.create(slug="prova")
    for text in ("zibibbo", "moscato"):
        Expression.objects.create(group=group, text=text)
    assert labels(client, "zibib") == []


def test_options_cost_few_queries(client: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    client.get("/")
    for q, most in (("serv", 5), ("servizi per l'inf", 6), ("panoram", 6), ("xqzjwk", 6), ("OS i", 5)):
        with django_assert_max_num_queries(most):
            client.get("/suggerimenti/", {"q": q})


def test_nothing_that_is_typed_is_kept(tmp_path: Path) -> None:
    """In no file of the program and in nothing that it prints, whatever comes of it."""
    site = new_site(tmp_path / "var", "catalogue_typed")
    for q in ("zibibbosegreto", "zibibbosegreto%00", "zibibbosegreto+" * 500):
        urlopen(f"{site.url}/suggerimenti/?q={q}").close()
    with pytest.raises(HTTPError):
        urlopen(f"{site.url}/suggerimenti/manca/?q=zibibbosegreto")
    assert "/suggerimenti/manca/" in (printed := site.stop())
    assert "zibibbosegreto" not in printed
    for file in site.data_dir.rglob("*"):
        assert not file.is_file() or b"zibibbosegreto" not in file.read_bytes(), file
