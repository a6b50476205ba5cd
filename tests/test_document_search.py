"""The document searched by itself: every passage is reached, those that belong to no entry too."""

import re

import pytest
from django.test import Client

from initiatives.models import Initiative, Passage, SynonymGroup
from tests.helpers import GetPage, current_index, main_of, text

pytestmark = pytest.mark.django_db


def found(page: GetPage, q: str) -> list[str]:
    links = main_of(page(f"/fonte/?q={q}")).select(".found-passages ol > li > a")
    return [str(link["href"]).removeprefix("#") for link in links]


def test_passages_are_listed_in_order_and_marked_where_they_stand(page: GetPage) -> None:
    soup = page("/fonte/?q=panoramica")
    assert text(soup, ".found-passages h2") == "1 passo per «panoramica»"
    assert found(page, "panoramica") == ["panoramica"]
    piece = main_of(soup).select_one("#panoramica")
    assert piece is not None
    assert [mark.get_text() for mark in piece.select("mark")] == ["panoramica"]
    assert not main_of(page("/fonte/")).select("mark, .found-passages")
    order = [passage.anchor for passage in Passage.objects.all()]
    assert (many := found(page, "servizi")) == sorted(many, key=order.index)
    assert len(many) > 5


def test_entries_that_come_from_a_passage_are_named_with_it(page: GetPage) -> None:
    soup = page("/fonte/?q=coworking")
    assert text(soup, ".found-passages .ties a").startswith("Spazi collaborativi di lavoro")
    link = main_of(soup).select_one(".found-passages a[href^='/iniziative/?q=']")
    assert link is not None
    assert link.get_text() == "La stessa ricerca trova una scheda del catalogo"
    Initiative.objects.filter(slug="coworking").update(status="draft")
    assert "Spazi collaborativi" not in text(page("/fonte/?q=coworking"), ".found-passages")


def test_phrase_is_marked_across_emphasis(page: GetPage) -> None:
    passage = Passage.objects.get(anchor="coworking")
    passage.text = "Un *primo* <b>passo</b> & **poi un** altro"
    passage.save()
    piece = main_of(page('/fonte/?q="primo b passo"')).select_one("#coworking")
    assert piece is not None
    assert piece.decode_contents() == (
        "Un <em><mark>primo</mark></em><mark> &lt;b&gt;passo</mark>&lt;/b&gt; &amp; <strong>poi un</strong> altro"
    )


def test_synonyms_are_said_here_too(page: GetPage) -> None:
    assert SynonymGroup.objects.filter(expressions__text="asilo nido").exists()
    soup = page("/fonte/?q=asilo nido")
    assert "servizi per l’infanzia" in text(soup, ".found-passages .also")
    assert "servizi-infanzia" in found(page, "asilo nido")


@pytest.mark.parametrize(
    ("q", "said"), [("zibibbo", "0 passi per «zibibbo»"), ("zzz -tavolo", "0 passi per «zzz -tavolo»")]
)
def test_nothing_found_says_so_and_leads_on(page: GetPage, q: str, said: str) -> None:
    soup = page(f"/fonte/?q={q}")
    assert text(soup, ".found-passages h2") == said
    assert "La stessa ricerca non trova schede del catalogo." in text(soup, ".found-passages")
    assert main_of(soup).select_one(".document #panoramica"), "the document is still there"


@pytest.mark.parametrize("address", ["/fonte/?q=!!!", "/fonte/?q=cura&q=tavolo", "/fonte/?category=economia-sociale"])
def test_what_is_not_understood_is_named(page: GetPage, client: Client, address: str) -> None:
    assert main_of(page(address)).select(".alert")
    status = 404 if "!!!" in address else 400  # nothing to look for, which the API's description cannot say
    assert client.get(address.replace("/fonte/", "/api/v1/passages/")).status_code == status


def test_api_finds_the_same_passages(page: GetPage, client: Client) -> None:
    for q in ("panoramica", "servizi", "OS ix", "asilo nido", "welfare -aziendale", "zibibbo"):
        answer = client.get("/api/v1/passages/", {"q": q}).json()
        assert [passage["id"] for passage in answer["results"]] == found(page, q), q
        assert answer["count"] == len(answer["results"])
    assert client.get("/api/v1/passages/").json()["count"] == 46


def test_every_word_of_four_letters_leads_to_its_passage(page: GetPage) -> None:
    """Searched alone, in the document's own results: each word asked of the index, some of the page too."""
    anchors: dict[str, set[str]] = {}
    for passage in Passage.objects.all():
        for word in re.findall(r"\w{4,}", passage.text.replace("*", "")):
            anchors.setdefault(word.lower(), set()).add(passage.anchor)
    assert len(anchors) > 400
    index = current_index()
    for word, having in anchors.items():
        assert having <= {passage.anchor for passage in index.passages_with(word)}, word
    for word in sorted(anchors)[::20]:
        assert anchors[word] <= set(found(page, word)), word
