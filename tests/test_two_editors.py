"""Two editors of one thing: the second is told, sees both versions side by side, and nothing is lost."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.test import Client

from initiatives.models import CategoryLink, Expression, Initiative, Passage, Source, SynonymGroup
from taxonomy.models import InterventionCategory, PrioritySector, SpecificObjective
from tests.helpers import data_of, form_of

pytestmark = pytest.mark.django_db
FIELDS = {
    Initiative: "summary",
    Source: "note",
    Passage: "text",
    InterventionCategory: "note",
    SpecificObjective: "note",
    PrioritySector: "note",
    SynonymGroup: "note",
}


def signed_in(name: str) -> Client:
    client = Client()
    user = get_user_model().objects.create_superuser(name.lower(), first_name=name, last_name="Rossi")
    client.force_login(user)
    return client


@pytest.fixture
def anna() -> Client:
    return signed_in("Anna")


@pytest.fixture
def bruno() -> Client:
    return signed_in("Bruno")


@pytest.mark.parametrize("model", FIELDS, ids=lambda model: model.__name__)
def test_second_to_save_is_told_and_loses_nothing(anna: Client, bruno: Client, model: Any) -> None:
    thing, field = model._default_manager.first(), FIELDS[model]
    address, of_anna = form_of(anna, thing)
    _, of_bruno = form_of(bruno, thing)
    before = getattr(thing, field)
    assert anna.post(address, {**of_anna, field: "Scritto da Anna."}).status_code == 302
    refused = bruno.post(address, {**of_bruno, field: "Scritto da Bruno."})
    thing.refresh_from_db()
    assert getattr(thing, field) == "Scritto da Anna."
    soup = BeautifulSoup(refused.content, "lxml")
    assert "Anna Rossi" in soup.select(".errorlist")[0].text
    assert [cell.text for cell in soup.select(".differences tbody td")] == [
        before or "—",
        "Scritto da Anna.",
        "Scritto da Bruno.",
    ]
    mended = data_of(soup, f"#{model._meta.model_name}_form")
    assert mended[field] == "Scritto da Bruno.", "what was written is still in the form"
    assert bruno.post(address, {**mended, field: "Scritto da tutti e due."}).status_code == 302
    thing.refresh_from_db()
    assert getattr(thing, field) == "Scritto da tutti e due."


def test_links_and_passages_are_part_of_an_entry(anna: Client, bruno: Client) -> None:
    entry = Initiative.objects.get(slug="coworking")
    address, of_bruno = form_of(bruno, entry)
    CategoryLink.objects.filter(initiative=entry).update(basis="editorial", note="Lettura di Anna.")
    entry.passages.add(Passage.objects.get(anchor="titolo"))
    soup = BeautifulSoup(bruno.post(address, {**of_bruno, "summary": "Nuova."}).content, "lxml")
    changed = {row.th.text: row.text for row in soup.select(".differences tbody tr") if row.th}
    assert list(changed) == ["Passi del documento", "Categoria della scheda: Economia sociale"]
    assert "Lettura di Anna." in changed["Categoria della scheda: Economia sociale"]


def test_expressions_are_part_of_a_group(bruno: Client) -> None:
    group = SynonymGroup.objects.all()[0]
    address, of_bruno = form_of(bruno, group)
    expression = Expression.objects.filter(group=group)[0]
    Expression.objects.create(group=group, text="parola di Anna", position=99)
    Expression.objects.filter(pk=expression.pk).delete()
    refused = bruno.post(address, {**of_bruno, "note": "Nuova."})
    labels = [str(tag.text) for tag in BeautifulSoup(refused.content, "lxml").select(".differences tbody th")]
    assert [label.split(": ")[1] for label in labels] == ["parola di Anna", expression.text]
    assert "apri in un’altra finestra la versione di ora" in refused.content.decode(), "what is gone is not sent again"


def test_row_that_is_changed_in_place_is_still_there(anna: Client, bruno: Client) -> None:
    group = SynonymGroup.objects.all()[0]
    address, of_bruno = form_of(bruno, group)
    _, of_anna = form_of(anna, group)
    assert anna.post(address, {**of_anna, "expressions-0-text": "parola di Anna"}).status_code == 302
    soup = BeautifulSoup(bruno.post(address, {**of_bruno, "note": "Nuova."}).content, "lxml")
    assert "Riporta nel modulo ciò che vuoi tenere" in soup.select(".errorlist")[0].text
    assert bruno.post(address, data_of(soup, "#synonymgroup_form")).status_code == 302
    group.refresh_from_db()
    assert group.note == "Nuova."


def test_form_that_does_not_say_what_it_saw_overwrites_nothing(bruno: Client) -> None:
    entry = Initiative.objects.get(slug="coworking")
    address, data = form_of(bruno, entry)
    for seen in ("", "altro", data["seen"][:-1]):
        assert bruno.post(address, {**data, "seen": seen, "title": "Altro"}).status_code == 200
    entry.refresh_from_db()
    assert entry.title != "Altro"


def test_who_saves_what_is_deleted_keeps_the_texts(bruno: Client) -> None:
    draft = Initiative.objects.create(slug="bozza", title="Bozza", summary="Sintesi.")
    address, data = form_of(bruno, draft)
    draft.delete()
    gone = bruno.post(address, {**data, "summary": "Un’ora di lavoro."})
    assert gone.status_code == 409
    soup = BeautifulSoup(gone.content, "lxml")
    assert [tag.text for tag in soup.select(".kept-texts dt")] == ["Titolo", "Sintesi", "Identificativo"]
    assert [tag.text for tag in soup.select("dt:-soup-contains('Sintesi') + dd")] == ["Un’ora di lavoro."]
    assert bruno.get(address).status_code == 302


def test_texts_are_stored_tidy(bruno: Client) -> None:
    entry = Initiative.objects.get(slug="coworking")
    address, data = form_of(bruno, entry)
    typed = "Prima riga.\r\nSeconda\u200b riga\u00ad, perche\u0301 si\u0300.\rTerza\ufeff."
    assert bruno.post(address, {**data, "summary": typed}).status_code == 302
    entry.refresh_from_db()
    assert entry.summary == "Prima riga.\nSeconda riga, perché sì.\nTerza."


def test_form_that_is_sent_back_as_it_came_changes_nothing(bruno: Client) -> None:
    address, data = form_of(bruno, Initiative.objects.get(slug="coworking"))
    assert bruno.post(address, data).status_code == 302
    assert LogEntry.objects.latest("pk").get_change_message() == "Nessun campo modificato."


def test_text_of_two_lines_that_is_sent_back_as_it_came_changes_nothing(bruno: Client) -> None:
    entry = Initiative.objects.get(slug="coworking")
    Initiative.objects.filter(pk=entry.pk).update(summary="Prima riga.\nSeconda riga.")
    entry.categorylinks.update(basis="editorial", note="Prima.\nSeconda.", passage=None)
    entry.refresh_from_db()
    address, data = form_of(bruno, entry)
    data |= {name: data[name].replace("\n", "\r\n") for name in ("summary", "categorylinks-0-note")}
    assert bruno.post(address, data).status_code == 302
    assert LogEntry.objects.latest("pk").get_change_message() == "Nessun campo modificato."
    assert Initiative.objects.get(pk=entry.pk).updated == entry.updated


def test_who_did_not_save_is_not_named(bruno: Client) -> None:
    entry = Initiative.objects.get(slug="coworking")
    address, data = form_of(bruno, entry)
    assert bruno.post(address, data).status_code == 302
    _, data = form_of(bruno, entry)
    Initiative.objects.filter(pk=entry.pk).update(summary="Cambiata altrove.")
    refused = BeautifulSoup(bruno.post(address, data).content, "lxml").select(".errorlist li")[0].text
    assert refused.startswith("Qualcosa è cambiato"), refused


def test_form_that_is_sent_back_as_it_came_changes_no_text(bruno: Client) -> None:
    for passage in Passage.objects.all():
        address, data = form_of(bruno, passage)
        assert bruno.post(address, {**data, "text": data["text"].replace("\n", "\r\n")}).status_code == 302
        assert Passage.objects.get(pk=passage.pk).text == passage.text
