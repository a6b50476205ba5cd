"""What each group may do on the editors’ pages, by address and by what is sent, and what nobody else sees."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from catalogue.access.groups import GROUPS, make_groups
from catalogue.admin.history.pages import HistoryAdmin
from catalogue.submissions.models import Submission
from initiatives.models import Expression, Initiative, Status, SynonymGroup
from tests.helpers import address_of, form_of

pytestmark = pytest.mark.django_db
LOGIN = "/admin/login/"


def is_in(response: Any) -> bool:
    return response.status_code == 302


# What each group may do with the models that have pages; all else of the catalogue they may see.
RIGHTS: dict[str, dict[str, str]] = {
    "Redazione": {"initiative": "add change", "synonymgroup": "add change"},
    "Responsabili": {
        "initiative": "add change delete publish",
        "synonymgroup": "add change delete",
        **dict.fromkeys(
            ("source", "passage", "interventioncategory", "specificobjective", "prioritysector"), "add change"
        ),
        "publicentry": "change",
    },
}
# What not even administrators do: what was public, who has done what and the groups of the house stay.
NEVER = {"publicentry": "add delete", "account": "delete", "accountgroup": "delete", "submission": "add change delete"}


def may(group: str, model: Any, verb: str) -> bool:
    name = model._meta.model_name
    if group == "administrators":
        return verb not in NEVER.get(name, "").split()
    of_catalogue = model._meta.app_label in ("initiatives", "taxonomy", "submissions")
    return of_catalogue and verb in ("view " + RIGHTS[group].get(name, "")).split()


@pytest.fixture
def submission() -> Submission:
    """For the pages of what was handed in."""
    return Submission.objects.create(initiative=Initiative.objects.get(slug="coworking"))


def open_pages(model: Any) -> Iterator[tuple[str, str, dict[str, str] | None]]:
    """Each page of a model: the right it asks for, its address, what is sent to it."""
    thing, base = model._default_manager.order_by("pk").last(), f"{model._meta.app_label}_{model._meta.model_name}"
    yield "view", reverse(f"admin:{base}_changelist"), None
    yield "view", address_of(thing), None
    yield "view", address_of(thing, "history"), None
    yield "add", reverse(f"admin:{base}_add"), None
    yield "add", reverse(f"admin:{base}_add"), {}
    yield "change", address_of(thing), {}
    if model is Initiative:
        yield from _pages_of_review(thing)
    if issubclass(type(admin.site._registry[model]), HistoryAdmin):
        yield "delete", reverse(f"admin:{base}_deleted"), None
    yield "delete", address_of(thing, "delete"), None
    yield "delete", address_of(thing, "delete"), {"post": "yes"}


def _pages_of_review(entry: Initiative) -> Iterator[tuple[str, str, dict[str, str] | None]]:
    pk = str(Submission.objects.create(initiative=entry).pk)
    yield "view", address_of(entry, "preview"), None
    yield "change", address_of(entry, "preview"), {"title": ""}
    yield "view", address_of(entry, "review"), None
    yield "publish", address_of(entry, "review"), {"decision": "publish", "submission": pk}
    yield "publish", address_of(entry, "review"), {"decision": "return", "submission": pk, "reason": "Perché no."}
    yield "move", address_of(entry, "address"), None
    yield "move", address_of(entry, "address"), {"slug": ""}


@pytest.mark.usefixtures("submission")
@pytest.mark.parametrize("model", admin.site._registry)
@pytest.mark.parametrize("group", [*RIGHTS, "administrators"])
def test_each_may_do_what_its_group_may(client: Client, make: Any, group: str, model: Any) -> None:
    client.force_login(make("anna", group))
    make("zeno")  # on whom administrators try
    for verb, address, data in open_pages(model):
        response: Any = client.get(address) if data is None else client.post(address, data)
        assert (response.status_code != 403) == may(group, model, verb), (verb, address, data)


@pytest.mark.usefixtures("submission")
@pytest.mark.parametrize("model", admin.site._registry)
def test_nobody_else_sees_anything(client: Client, make: Any, model: Any) -> None:
    make("zeno")
    things = list(model._default_manager.values())
    for verb, address, data in open_pages(model):
        response = client.get(address) if data is None else client.post(address, data)
        assert response.headers["Location"].startswith(LOGIN), verb
    assert list(model._default_manager.values()) == things


@pytest.mark.usefixtures("submission")
@pytest.mark.parametrize("model", admin.site._registry)
@pytest.mark.parametrize("group", RIGHTS)
def test_actions_on_lists_do_no_more_than_pages(client: Client, make: Any, group: str, model: Any) -> None:
    client.force_login(make("anna", group))
    ids, published = set(model._default_manager.values_list("pk", flat=True)), set(Initiative.objects.published())
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    actions = [getattr(action, "__name__", action) for action in admin.site._registry[model].actions or ()]
    for name in ("delete_selected", *actions):
        client.post(address, {"action": name, "_selected_action": list(ids), "post": "yes", "confirmed": "on"})
        if not may(group, Initiative, "publish"):
            assert set(Initiative.objects.published()) == published
    if not may(group, model, "delete"):
        assert set(model._default_manager.values_list("pk", flat=True)) == ids


@pytest.mark.parametrize("model", [m for m, pages in admin.site._registry.items() if isinstance(pages, HistoryAdmin)])
@pytest.mark.parametrize("group", [*RIGHTS, "administrators"])
def test_who_may_delete_finds_what_was_deleted(client: Client, make: Any, group: str, model: Any) -> None:
    client.force_login(make("anna", group))
    base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    leads_there = f'href="{reverse(f"{base}_deleted")}"' in client.get(reverse(f"{base}_changelist")).content.decode()
    assert leads_there == may(group, model, "delete")


def test_redazione_writes_entries_with_their_links_and_synonyms(client: Client, make: Any) -> None:
    client.force_login(make("anna"))
    Initiative.objects.filter(slug="coworking").update(status=Status.DRAFT)
    address, data = form_of(client, Initiative.objects.get(slug="coworking"))
    assert is_in(client.post(address, {**data, "title": "Spazi condivisi", "categorylinks-0-DELETE": "on"}))
    entry = Initiative.objects.get(slug="coworking")
    assert entry.title == "Spazi condivisi"
    assert not entry.categorylinks.filter(pk=data["categorylinks-0-id"]).exists()
    group = SynonymGroup.objects.first()
    address, data = form_of(client, group)
    assert is_in(client.post(address, {**data, "expressions-0-text": "zibibbo"}))
    assert Expression.objects.filter(group=group, text="zibibbo").exists()


def test_responsible_editors_publish_and_the_others_do_not() -> None:
    may_publish = Group.objects.filter(permissions__codename="publish_initiative")
    assert [group.name for group in may_publish] == ["Responsabili"]
    assert set(Group.objects.values_list("name", flat=True)) == set(GROUPS)


def test_what_administrators_change_of_a_group_stays() -> None:
    group = Group.objects.get(name="Redazione")
    group.permissions.clear()
    call_command("migrate", verbosity=0)
    assert not group.permissions.exists()
    Group.objects.filter(name="Responsabili").delete()
    call_command("migrate", verbosity=0)
    assert Group.objects.get(name="Responsabili").permissions.filter(codename="publish_initiative").exists()


def test_group_is_not_made_before_its_permissions_are_there() -> None:
    Group.objects.all().delete()
    Permission.objects.filter(codename="publish_initiative").delete()
    make_groups("default")
    assert [group.name for group in Group.objects.all()] == ["Redazione"]
