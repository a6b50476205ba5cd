"""What is wrong with a form stands in one list at its top: how much, of which field, and the way there."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from catalogue.access.models import Account, AccountGroup
from initiatives.models import CategoryLink, Expression, Initiative, Passage, PublicEntry, Source, SynonymGroup
from taxonomy.models import InterventionCategory, PrioritySector, SpecificObjective
from tests.helpers import address_of, coworking, data_of, form_of

pytestmark = pytest.mark.django_db
EMPTIED = {
    Initiative: ["title", "summary", "passages", "scope"],
    Source: ["title", "file_name"],
    Passage: ["text", "kind", "source"],
    InterventionCategory: ["name"],
    SpecificObjective: ["name", "position"],
    PrioritySector: ["name"],
    SynonymGroup: ["expressions-0-text", "expressions-1-position"],
    Account: ["username"],
    AccountGroup: ["name"],
}
Problems = list[tuple[str, str]]


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("redazione"))
    return client


def refused(response: Any) -> tuple[BeautifulSoup, Problems]:
    """The page, and each problem's words with what it leads to, which must be there."""
    assert response.status_code == 200
    soup = BeautifulSoup(response.content, "lxml")
    (refusal,) = soup.select(".errornote")
    problems = [(item.text, str(item.a["href"]) if item.a else "") for item in refusal.select("li")]
    for _, anchor in problems:
        assert not anchor or len(soup.select(anchor)) == 1, anchor
    assert (refusal["tabindex"], refusal.has_attr("autofocus")) == ("-1", True)
    assert refusal.h2
    number = f"c’è {len(problems)} cosa" if len(problems) == 1 else f"ci sono {len(problems)} cose"
    assert refusal.h2.text == f"Non è stato salvato nulla: {number} da correggere."
    beside = {error.text for error in soup.select("form .errorlist li") if refusal not in error.parents}
    assert all(any(words.endswith(error) for words, _ in problems) for error in beside)
    assert soup.title
    assert soup.title.text.startswith("Errore")
    return soup, problems


def thing_of(model: Any) -> Any:
    return coworking() if model is Initiative else model._default_manager.first()


@pytest.mark.parametrize("model", EMPTIED, ids=lambda model: model.__name__)
def test_every_field_that_is_wrong_is_led_to(editor: Client, model: Any) -> None:
    if model is AccountGroup:
        AccountGroup.objects.all().delete()
        AccountGroup.objects.create(name="Lettori")
    address, data = form_of(editor, thing_of(model))
    _, problems = refused(editor.post(address, {**data, **dict.fromkeys(EMPTIED[model], "")}))
    assert {anchor for _, anchor in problems} == {f"#id_{name}" for name in EMPTIED[model]}
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
    page = editor.get(address)
    assert not BeautifulSoup(page.content, "lxml").select(".errornote")
    data = data_of(BeautifulSoup(page.content, "lxml"), f"#{model._meta.model_name}_form")
    soup, _ = refused(editor.post(address, {**data, "slug": ""} | ({} if model is not AccountGroup else {"name": ""})))
    assert not soup.select("#django-admin-form-add-constants"), "it would move the focus to the first field"


def test_labels_are_those_of_the_form(editor: Client) -> None:
    address, data = form_of(editor, coworking())
    _, problems = refused(editor.post(address, {**data, "title": "", "passages": [], "why": "x" * 301}))
    assert [words.partition(" — ")[0] for words, _ in problems] == [
        "Titolo",
        "Passi del documento",
        "Perché questa modifica",
    ]
    assert problems[-1][1] == "#id_why"


def test_rows_are_named_by_what_tells_them_apart(editor: Client) -> None:
    entry = coworking()
    address, data = form_of(editor, entry)
    term = InterventionCategory.objects.exclude(links__initiative=entry)[0]
    data |= {
        "categorylinks-TOTAL_FORMS": "3",
        "categorylinks-0-passage": "",
        "categorylinks-1-term": term.pk,
        "categorylinks-1-basis": "editorial",
        "categorylinks-2-basis": "editorial",
        "categorylinks-2-note": "Di nulla.",
        "sectorlinks-0-term": "",
        "sectorlinks-0-DELETE": "on",
    }
    _, problems = refused(editor.post(address, data))
    assert [(words.partition(" — ")[0], anchor) for words, anchor in problems] == [
        ("Categoria d’intervento «Economia sociale»: Passo su cui si fonda", "#id_categorylinks-0-passage"),
        (f"Categoria d’intervento «{term}»: Perché", "#id_categorylinks-1-note"),
        ("Categoria d’intervento, riga 3: Categoria", "#id_categorylinks-2-term"),
    ]


def test_what_rows_have_twice_leads_to_their_kind(editor: Client) -> None:
    address, data = form_of(editor, coworking())
    data |= {"categorylinks-TOTAL_FORMS": "2", "categorylinks-1-term": data["categorylinks-0-term"]}
    data |= {"categorylinks-1-basis": "source", "categorylinks-1-passage": data["categorylinks-0-passage"]}
    _, problems = refused(editor.post(address, data))
    assert problems[0][1] == "#categorylinks-group"
    assert [anchor for _, anchor in problems[1:]] == [""], "of the row's none of its fields"
    assert "Categoria d’intervento" in problems[1][0]


def test_row_that_is_gone_is_named_and_leads_nowhere(editor: Client) -> None:
    entry = coworking()
    address, data = form_of(editor, entry)
    CategoryLink.objects.filter(initiative=entry).delete()
    _, problems = refused(editor.post(address, data))
    (gone,) = ((words, anchor) for words, anchor in problems if "l’ha tolto" in words)
    assert gone == (
        "Categoria d’intervento «Economia sociale» — Nel frattempo qualcuno l’ha tolto: non si può più salvare.",
        "",
    )


def test_row_that_stands_where_one_is_gone_leads_nowhere(editor: Client) -> None:
    """Of the rows of the form the page shows as many as there still are."""
    entry = coworking()
    term = InterventionCategory.objects.exclude(links__initiative=entry)[0]
    CategoryLink.objects.create(initiative=entry, term=term, basis="editorial", note="Perché sì.")
    first, second = entry.categorylinks.all()
    address, data = form_of(editor, entry)
    first.delete()
    _, problems = refused(editor.post(address, {**data, "categorylinks-1-note": "", "categorylinks-1-passage": ""}))
    row = f"Categoria d’intervento «{second.term}»: "
    assert [anchor for words, anchor in problems if words.startswith(row)] == [""]


def test_expression_that_is_gone_is_named_too(editor: Client) -> None:
    group = SynonymGroup.objects.all()[0]
    address, data = form_of(editor, group)
    gone = Expression.objects.filter(group=group)[0]
    Expression.objects.filter(pk=gone.pk).delete()
    _, problems = refused(editor.post(address, data))
    assert any(f"«{gone.text}» — Nel frattempo" in words for words, _ in problems)


def test_what_is_of_no_field_leads_nowhere(editor: Client) -> None:
    address, data = form_of(editor, coworking())
    Initiative.objects.filter(slug="coworking").update(summary="Cambiata altrove.")
    _, problems = refused(editor.post(address, data))
    assert [anchor for _, anchor in problems] == [""]


def test_reason_of_what_was_withdrawn(editor: Client) -> None:
    coworking().delete()
    address, data = form_of(editor, public := PublicEntry.objects.get(uid="coworking"))
    assert address == address_of(public)
    _, problems = refused(editor.post(address, {**data, "why": "x" * 301}))
    assert [anchor for _, anchor in problems] == ["#id_why"]
