"""The editor's pages: they load, they save, they refuse what is broken."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from initiatives.models import LINKS, Basis, Initiative, Passage, PublicEntry, Status
from taxonomy.models import InterventionCategory, PrioritySector
from tests.helpers import data_of, form_of

pytestmark = pytest.mark.django_db
MODELS = [model for model in admin.site._registry if model._meta.app_label in ("initiatives", "taxonomy")]


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("redazione"))
    return client


@pytest.mark.parametrize("model", MODELS)
def test_list_search_and_forms_load(editor: Client, model: Any) -> None:
    base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    assert editor.get(reverse(f"{base}_changelist")).status_code == 200
    assert editor.get(reverse(f"{base}_changelist"), {"q": "servizi"}).status_code == 200
    assert editor.get(reverse(f"{base}_add")).status_code == (403 if model is PublicEntry else 200)
    row = model._default_manager.first()
    assert editor.get(reverse(f"{base}_change", args=[row.pk])).status_code == 200


def test_editor_changes_an_entry_and_the_page_follows(editor: Client) -> None:
    entry = Initiative.objects.get(slug="coworking")
    address, data = form_of(editor, entry)
    assert data["seen"]
    response = editor.post(address, {**data, "title": "Spazi di lavoro condivisi"})
    assert response.status_code == 302, BeautifulSoup(response.content, "lxml").select(".errorlist")
    assert "Spazi di lavoro condivisi" in editor.get("/iniziative/coworking/").content.decode()
    assert Initiative.objects.get(slug="coworking").updated > entry.updated


def test_editor_adds_a_link_with_its_basis(editor: Client) -> None:
    entry = Initiative.objects.get(slug="istruzione-formazione")
    address, data = form_of(editor, entry)
    category = InterventionCategory.objects.get(slug="economia-sociale")
    data |= {
        "categorylinks-TOTAL_FORMS": "1",
        "categorylinks-0-term": category.pk,
        "categorylinks-0-basis": Basis.EDITORIAL,
        "categorylinks-0-initiative": entry.pk,
        "categorylinks-0-id": "",
        "categorylinks-0-note": "",
    }
    refused = editor.post(address, data)
    assert refused.status_code == 200
    assert "Scrivi perché la redazione l’ha aggiunta: Economia sociale." in refused.content.decode()
    data["categorylinks-0-note"] = "Perché sì."
    assert editor.post(address, data).status_code == 302
    assert editor.post(address, {**data, "title": "Perduto"}).status_code == 200, "an older form must not overwrite"
    assert [str(link) for link in entry.categorylinks.all()] == ["Economia sociale (aggiunta dalla redazione)"]


def test_published_entry_must_quote_the_document(editor: Client) -> None:
    entry = Initiative.objects.get(slug="coworking")
    address, data = form_of(editor, entry)
    response = editor.post(address, {**data, "passages": []})
    assert response.status_code == 200
    assert "cita almeno un passo" in response.content.decode()
    assert entry.passages.exists()
    Initiative.objects.filter(pk=entry.pk).update(status=Status.DRAFT)
    address, data = form_of(editor, entry)
    assert editor.post(address, {**data, "passages": []}).status_code == 302


def test_entry_is_withdrawn_by_the_action_that_asks_why(editor: Client) -> None:
    entry = Initiative.objects.get(slug="coworking")
    address, data = form_of(editor, entry)
    assert "status" not in data
    assert editor.post(address, {**data, "status": Status.DRAFT, "title": "Altro"}).status_code == 302
    entry.refresh_from_db()
    assert (entry.status, entry.title) == (Status.PUBLISHED, "Altro")
    soup = BeautifulSoup(editor.get(address).content, "lxml")
    sent = data_of(soup, "form:has([value=withdraw_selected])") | {"action": "withdraw_selected"}
    asked = editor.post("/admin/initiatives/initiative/", sent)
    assert "Perché, per il pubblico" in asked.content.decode()


def test_term_in_use_is_not_deleted(editor: Client) -> None:
    term = InterventionCategory.objects.get(slug="economia-sociale")
    response = editor.post(reverse("admin:taxonomy_interventioncategory_delete", args=[term.pk]), {"post": "yes"})
    assert InterventionCategory.objects.filter(pk=term.pk).exists()
    soup = BeautifulSoup(response.content, "lxml")
    named = [link.text for link in soup.select("#content li a")]
    assert len(named) == len(set(named)) == 10
    assert "Spazi collaborativi di lavoro (coworking)" in named


def test_passage_that_a_published_entry_quotes_is_not_deleted(editor: Client) -> None:
    passage = Passage.objects.get(anchor="coworking")
    for address, data in (
        (reverse("admin:initiatives_passage_delete", args=[passage.pk]), {"post": "yes"}),
        (
            reverse("admin:initiatives_passage_changelist"),
            {"action": "delete_selected", "_selected_action": passage.pk, "post": "yes"},
        ),
    ):
        response = editor.post(address, data)
        assert "Spazi collaborativi di lavoro" in response.content.decode()
        assert Passage.objects.filter(pk=passage.pk).exists()


def test_second_link_to_the_same_term_is_a_message_not_a_failure(editor: Client) -> None:
    address, data = form_of(editor, Initiative.objects.get(slug="coworking"))
    data |= {
        "categorylinks-TOTAL_FORMS": "2",
        "categorylinks-1-term": data["categorylinks-0-term"],
        "categorylinks-1-basis": Basis.SOURCE,
    }
    response = editor.post(address, data)
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()


def test_entry_whose_links_have_no_reasons_yet_can_be_saved(editor: Client) -> None:
    entry = Initiative.objects.get(slug="coworking")
    for link in LINKS.values():
        link._default_manager.update(passage=None, note=None)
    Initiative.objects.filter(pk=entry.pk).update(status=Status.DRAFT)
    address, data = form_of(editor, entry)
    assert editor.post(address, data).status_code == 302
    _, data = form_of(editor, entry)
    refused = editor.post(address, {**data, "status": Status.PUBLISHED})
    errors = BeautifulSoup(refused.content, "lxml").select(".links .errorlist li")
    terms = [link._default_manager.get(initiative=entry).term for link in LINKS.values()]
    assert [error.text for error in errors] == [f"Indica il passo che lo dice: {term.label}." for term in terms]
    for button in ("_save", "_continue"):
        sent = {
            **data,
            "categorylinks-0-basis": Basis.EDITORIAL,
            "summary": f"Mezz’ora di lavoro: {button}.",
            button: "on",
        }
        assert editor.post(address, sent).status_code == 302
        entry.refresh_from_db()
        assert (entry.summary, entry.status) == (sent["summary"], Status.DRAFT)
        _, data = form_of(editor, entry)
    assert [link.basis for link in entry.categorylinks.all()] == [Basis.EDITORIAL]
    refused = editor.post(address, {**data, "status": Status.PUBLISHED})
    assert "Scrivi perché la redazione l’ha aggiunta: Economia sociale." in refused.content.decode()
    entry.refresh_from_db()
    assert entry.status == Status.DRAFT


def test_link_of_the_document_needs_its_passage(editor: Client) -> None:
    address, data = form_of(editor, Initiative.objects.get(slug="coworking"))
    refused = editor.post(address, {**data, "categorylinks-0-passage": ""})
    assert "Indica il passo che lo dice: Economia sociale." in refused.content.decode()
    refused = editor.post(address, {**data, "categorylinks-0-note": "Lettura nostra."})
    assert "non quelle del documento" in refused.content.decode()
    assert editor.post(address, data).status_code == 302


def test_admin_is_closed_to_the_public_and_keeps_its_headers(client: Client) -> None:
    response = client.get("/admin/")
    assert response.status_code == 302
    login = client.get("/admin/login/")
    assert "unsafe" not in login.headers["Content-Security-Policy"]
    assert login.cookies["csrftoken"]["httponly"]


def test_value_of_the_introduction_stands_under_no_objective(editor: Client) -> None:
    sector = PrioritySector.objects.get(slug="inclusione-attiva")
    address, data = form_of(editor, sector)
    data["from_introduction"] = "on"
    assert data["objectives"]
    refused = editor.post(address, data)
    assert "Un valore della premessa non sta sotto un obiettivo." in refused.content.decode()
    assert editor.post(address, {**data, "objectives": []}).status_code == 302
