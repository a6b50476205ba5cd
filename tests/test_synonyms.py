"""Synonyms that editors keep: each group joins words of the texts to words they have not; the page says so."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from initiatives.facets import Selection
from initiatives.models import Expression, Initiative, SynonymGroup
from initiatives.search.words import Atom, words
from tests.helpers import GetPage, current_index, main_of, text, titles, total_of
from tests.oracle import own_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("redazione"))
    return client


def test_each_group_joins_what_is_there_to_what_is_not() -> None:
    groups = list(SynonymGroup.objects.all())
    assert len(groups) >= 60
    for group in groups:
        found = {each.text: current_index().in_own_words(each.text) for each in group.expressions.all()}
        assert any(found.values()), (group.slug, found)
        assert not all(found.values()), (group.slug, found)


def test_no_expression_is_found_where_another_word_is_said() -> None:
    """Stems are short: "lavoratrici" would find whatever says "lavoro"."""
    for entry in Initiative.objects.published():
        said = {w.folded for text in own_words(entry) for w in text}
        for expression in Expression.objects.all():
            (first, *others) = words(expression.text)
            if not others and any(Atom((first,)).found_in(text) for text in own_words(entry)):
                beginning = first.folded[: max(3, len(first.folded) - 3)]
                assert any(word.startswith(beginning) for word in said), (expression.text, entry.slug)


def test_expression_without_words_is_never_searched(client: Client) -> None:
    """Forms refuse it; `loaddata` does not."""
    group = SynonymGroup.objects.create(slug="prova")
    for expression in ("zibibbo", "—"):
        Expression.objects.create(group=group, text=expression)
    assert client.get("/iniziative/?q=zibibbo").status_code == 200
    assert client.get("/suggerimenti/?q=zibib").status_code == 200


def test_page_says_what_else_was_searched(page: GetPage) -> None:
    soup = page("/iniziative/?q=asili+nido")
    said = "Cercato anche: servizi per l’infanzia, micronidi, nidi familiari, nursery. Solo le parole scritte"
    assert text(soup, ".also") == said
    alone = main_of(soup).select_one(".also a")
    assert alone is not None
    assert alone["href"] == "/iniziative/?q=%3Dasili+nido"
    assert total_of(page(str(alone["href"]))) == 0
    assert titles(soup)[0] == "Erogazione e fruizione flessibile dei servizi per l’infanzia"
    assert "micronidi" in [mark.get_text() for mark in main_of(soup).select("mark")]
    assert not main_of(page("/iniziative/?q=coworking")).select(".also")


def test_editors_change_what_is_searched(page: GetPage, client: Client) -> None:
    assert total_of(page("/iniziative/?q=ludoteca")) == 0
    Expression.objects.create(group=SynonymGroup.objects.get(slug="asili-nido"), text="ludoteca")
    assert titles(page("/iniziative/?q=ludoteche")) == ["Erogazione e fruizione flessibile dei servizi per l’infanzia"]


def test_synonyms_classify_nothing() -> None:
    """They are looked for in the entries' own words, not in the names of terms."""
    group = SynonymGroup.objects.create(slug="prova")
    for expression in ("zibibbo", "economia sociale"):
        Expression.objects.create(group=group, text=expression)
    index = current_index()
    assert index.find(Selection(q="economia sociale")).total > index.find(Selection(q="zibibbo")).total


def test_editors_see_what_each_expression_finds(editor: Client) -> None:
    group = SynonymGroup.objects.get(slug="asili-nido")
    page = editor.get(reverse("admin:initiatives_synonymgroup_change", args=[group.pk])).content.decode()
    assert page.count("1 scheda") >= 2
    assert "nessuna scheda" in page
    assert "trova tutto il gruppo" in page.lower()
