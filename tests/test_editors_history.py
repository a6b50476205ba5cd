"""What editors did is told, and undone: who, when, why, before and after; any version again, and what was deleted."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from reversion.models import Revision, Version

from catalogue.admin.history.pages import BEFORE, HistoryAdmin
from catalogue.admin.history.told import state_in, state_of
from initiatives.models import CategoryLink, Initiative, Passage, Status, SynonymGroup
from taxonomy.models import InterventionCategory
from tests.helpers import address_of, data_of, form_of

pytestmark = pytest.mark.django_db
ADMINS = [each for each in admin.site._registry.values() if isinstance(each, HistoryAdmin)]


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("anna", first_name="Anna", last_name="Rossi"))
    return client


def save(editor: Client, thing: Any, **fields: Any) -> None:
    address, data = form_of(editor, thing)
    response = editor.post(address, {**data, **fields})
    assert response.status_code == 302, BeautifulSoup(response.content, "lxml").select(".errorlist, .errornote")
    thing.refresh_from_db()


def history(editor: Client, thing: Any) -> list[Any]:
    soup = BeautifulSoup(editor.get(address_of(thing, "history")).content, "lxml")
    return soup.select(".edit")


def version_form(editor: Client, thing: Any, version: Version) -> tuple[str, dict[str, Any], BeautifulSoup]:
    address = address_of(thing)
    soup = BeautifulSoup(editor.get(address, {"version": version.pk}).content, "lxml")
    data = data_of(soup, f"#{thing._meta.model_name}_form")
    return address, data, soup


def versions(thing: Any) -> list[Version]:
    return list(Version.objects.get_for_object(thing))


@pytest.fixture
def coworking() -> Initiative:
    return Initiative.objects.get(slug="coworking")


def test_history_says_who_when_why_before_and_after(editor: Client, coworking: Initiative) -> None:
    save(editor, coworking, title="Spazi condivisi di lavoro", why="Come dice il documento.")
    latest, first = history(editor, coworking)
    assert "Anna Rossi" in latest.h2.text
    assert "Come dice il documento." in latest.text
    changed = latest.select_one("dt:-soup-contains('Titolo') + dd")
    went, came = changed.select("del"), changed.select("ins")
    assert [tag.text for tag in went] == ["collaborativi di lavoro (coworking)"]
    assert [tag.text for tag in came] == ["condivisi di lavoro"]
    assert [tag.text for tag in latest.select("dt")] == ["Titolo"]
    assert BEFORE in first.text


def test_links_passages_and_reasons_are_in_the_history_of_their_entry(editor: Client, coworking: Initiative) -> None:
    _, data = form_of(editor, coworking)
    save(editor, coworking, passages=[*data["passages"], Passage.objects.get(anchor="titolo").pk])
    save(editor, coworking, **{"categorylinks-0-basis": "editorial", "categorylinks-0-passage": "",
                               "categorylinks-0-note": "Lettura della redazione."})  # fmt: skip
    link, passage, _ = history(editor, coworking)
    assert "Lettura della redazione." in link.select_one("dt:-soup-contains('Economia sociale') + dd").text
    assert "titolo" in passage.select_one("dt:-soup-contains('Passi del documento') + dd ins").text


def test_form_that_changes_nothing_is_no_revision_and_no_update(editor: Client, coworking: Initiative) -> None:
    save(editor, coworking, title="Altro")
    updated, count = coworking.updated, Revision.objects.count()
    save(editor, coworking)
    assert (coworking.updated, Revision.objects.count()) == (updated, count)


def test_entry_whose_link_alone_has_changed_is_updated(editor: Client, coworking: Initiative) -> None:
    updated = coworking.updated
    link = coworking.categorylinks.get()
    save(editor, coworking, **{"categorylinks-0-basis": "editorial", "categorylinks-0-passage": "",
                               "categorylinks-0-note": "Perché sì."})  # fmt: skip
    link.refresh_from_db()
    assert link.basis == "editorial"
    assert coworking.updated > updated


def test_any_version_is_had_again_as_a_new_one(editor: Client, coworking: Initiative) -> None:
    old = state_of(coworking, *admin.site._registry[Initiative].rows())  # type: ignore[attr-defined]
    save(editor, coworking, title="Altro", summary="Altra.", passages=[Passage.objects.get(anchor="titolo").pk],
         **{"categorylinks-0-DELETE": "on"})  # fmt: skip
    term = InterventionCategory.objects.get(slug="cura-conciliazione")
    CategoryLink.objects.create(initiative=coworking, term=term, basis="editorial", note="Lettura.")
    save(editor, coworking, title="Altro ancora")
    address, data, soup = version_form(editor, coworking, versions(coworking)[-1])
    assert data["title"] == "Spazi collaborativi di lavoro (coworking)"
    assert not soup.select(".errorlist, .errornote")
    coworking.refresh_from_db()
    assert coworking.title == "Altro ancora", "to open a version saves nothing"
    assert data.pop("only_shown", None) is None
    assert editor.post(address, data).status_code == 302
    coworking.refresh_from_db()
    assert state_of(coworking, *admin.site._registry[Initiative].rows()) == old  # type: ignore[attr-defined]
    assert "Ripristinata la versione del" in history(editor, coworking)[0].text


def test_what_a_version_names_and_is_no_more_is_said(editor: Client, coworking: Initiative) -> None:
    passage = Passage.objects.create(
        anchor="perduto", text="Perduto.", position=999, source=Passage.objects.all()[0].source
    )
    term = InterventionCategory.objects.create(slug="perduta", name="Perduta", text="Perduta.")
    coworking.passages.add(passage)
    link = CategoryLink.objects.create(initiative=coworking, term=term, basis="editorial", note="Lettura.")
    save(editor, coworking, title="Con entrambi")
    link.delete()
    passage.delete()
    term.delete()
    save(editor, coworking, title="Senza")
    with_both = next(each for each in versions(coworking) if "perduto" in each.serialized_data)
    address, data, soup = version_form(editor, coworking, with_both)
    warning = " ".join(tag.text for tag in soup.select(".messagelist .warning"))
    assert "perduto" in warning
    assert "perduta" in warning
    assert editor.post(address, data).status_code == 302
    coworking.refresh_from_db()
    assert coworking.title == "Con entrambi"
    assert "perduta (non c’è più)" in editor.get(address_of(coworking, "history")).content.decode()


@pytest.mark.parametrize("model_admin", ADMINS, ids=lambda each: each.opts.model_name)
def test_versions_tell_what_the_thing_tells(editor: Client, model_admin: Any) -> None:
    """Else each edit would seem to come after one made elsewhere."""
    for thing in model_admin.model._default_manager.all()[:5]:
        model_admin.keep_as_it_is(thing)
        version = versions(thing)[0]
        assert state_in(version, *model_admin.rows()) == state_of(thing, *model_admin.rows())
        model_admin.keep_as_it_is(thing)
        assert versions(thing) == [version]


def test_edit_made_elsewhere_is_a_version_before_the_next_one(editor: Client, coworking: Initiative) -> None:
    save(editor, coworking, title="Qui")
    Initiative.objects.filter(pk=coworking.pk).update(title="Altrove")
    save(editor, coworking, title="Qui di nuovo")
    here, elsewhere, _, _ = history(editor, coworking)
    assert elsewhere.h2.text.count("Anna") == 0
    assert [BEFORE in edit.text for edit in (elsewhere, here)] == [True, False]


@pytest.mark.parametrize("road", ["form", "list"])
def test_deleted_entry_is_recovered_as_a_draft_with_all_it_had(
    editor: Client, coworking: Initiative, road: str
) -> None:
    rows = admin.site._registry[Initiative].rows()  # type: ignore[attr-defined]
    was, pk = state_of(coworking, *rows), coworking.pk
    if road == "form":
        editor.post(address_of(coworking, "delete"), {"post": "yes"})
    else:
        data = {"action": "delete_selected", "_selected_action": pk, "post": "yes"}
        editor.post(reverse("admin:initiatives_initiative_changelist"), data)
    assert not Initiative.objects.filter(pk=pk).exists()
    deleted = reverse("admin:initiatives_initiative_deleted")
    row = BeautifulSoup(editor.get(deleted).content, "lxml").select_one("tbody tr")
    assert row
    assert "Anna Rossi" in row.text
    button = row.select_one("button")
    assert button
    assert editor.post(deleted, {"version": button["value"]}).status_code == 302
    recovered = Initiative.objects.get(pk=pk)
    assert recovered.status == Status.DRAFT
    now = state_of(recovered, *rows)
    assert {**now, "own": {**now["own"], "status": "published"}} == was
    assert not BeautifulSoup(editor.get(deleted).content, "lxml").select("tbody tr")
    save(editor, recovered, status="published")
    assert editor.get("/iniziative/coworking/").status_code == 200
    assert recovered.uid == "coworking"


def test_what_has_no_place_any_more_is_not_recovered_and_says_why(editor: Client) -> None:
    group = SynonymGroup.objects.all()[0]
    editor.post(address_of(group, "delete"), {"post": "yes"})
    SynonymGroup.objects.create(slug=group.slug)
    deleted = reverse("admin:initiatives_synonymgroup_deleted")
    button = BeautifulSoup(editor.get(deleted).content, "lxml").select_one("tbody button")
    assert button
    response = editor.post(deleted, {"version": button["value"]}, follow=True)
    assert "Non si può recuperare" in response.content.decode()
    assert not SynonymGroup.objects.get(slug=group.slug).expressions.exists()


def test_recovery_is_for_who_may_delete(client: Client) -> None:
    client.force_login(get_user_model().objects.create_user("poco", is_staff=True))
    assert client.get(reverse("admin:initiatives_initiative_deleted")).status_code == 403


@pytest.mark.parametrize("model_admin", ADMINS, ids=lambda each: each.opts.model_name)
def test_what_addresses_and_versions_name_stays(editor: Client, model_admin: HistoryAdmin) -> None:
    thing = model_admin.model._default_manager.first()
    name = model_admin.name_field
    address, data = form_of(editor, thing)
    assert name not in data
    assert editor.post(address, {**data, name: "altro", "why": "Prova."}).status_code == 302
    before = getattr(thing, name)
    thing.refresh_from_db()
    assert getattr(thing, name) == before
    if model_admin.has_add_permission(editor.get("/admin/").wsgi_request):
        soup = BeautifulSoup(
            editor.get(reverse(f"admin:{model_admin.opts.label_lower.replace('.', '_')}_add")).content, "lxml"
        )
        assert soup.select_one(f"[name={name}]"), "a new thing is given its name"


def test_history_costs_few_queries(
    editor: Client, coworking: Initiative, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    address = address_of(coworking, "history")
    for number in range(12):
        save(editor, coworking, summary=f"Sintesi, versione {number}.")
        with django_assert_max_num_queries(30):
            assert editor.get(address).status_code == 200
