"""An address that people cite goes on leading somewhere: to its entry, wherever it is now, or to what is left of it."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.test import Client

from initiatives.models import Initiative, PublicAddress, Status
from initiatives.models.addresses import keep_addresses
from tests.helpers import address_of, form_of

pytestmark = pytest.mark.django_db


def change(which: str, **fields: Any) -> Initiative:
    entry = Initiative.objects.get(slug=which)
    for name, value in fields.items():
        setattr(entry, name, value)
    entry.save()
    return entry


def test_every_published_entry_has_its_address() -> None:
    published = set(Initiative.objects.published().values_list("slug", "pk", "title"))
    assert set(PublicAddress.objects.values_list("slug", "initiative", "title")) == published


@pytest.mark.parametrize("address", ["/iniziative/{}/", "/en/initiatives/{}/", "/api/v1/initiatives/{}/"])
def test_former_addresses_lead_to_the_present_one(client: Client, address: str) -> None:
    change("coworking", slug="spazi-di-lavoro")
    change("spazi-di-lavoro", slug="lavoro-condiviso")
    for former in ("coworking", "spazi-di-lavoro"):
        response = client.get(address.format(former))
        assert (response.status_code, response.headers["Location"]) == (301, address.format("lavoro-condiviso"))
    assert client.get(address.format("lavoro-condiviso")).status_code == 200


def test_selection_goes_along_to_the_present_address(client: Client) -> None:
    change("coworking", slug="spazi-di-lavoro")
    response = client.get("/iniziative/coworking/?objective=os-i")
    assert response.headers["Location"] == "/iniziative/spazi-di-lavoro/?objective=os-i"


def test_entry_that_takes_its_former_address_again_is_there(client: Client) -> None:
    change("coworking", slug="spazi-di-lavoro")
    change("spazi-di-lavoro", slug="coworking")
    moved = client.get("/iniziative/spazi-di-lavoro/")
    assert moved.headers["Location"] == "/iniziative/coworking/"
    assert moved.headers["Cache-Control"] == "no-cache", "or a browser goes round in circles for ever"
    assert client.get("/iniziative/coworking/").status_code == 200


@pytest.mark.parametrize("how", ["withdrawn", "deleted"])
def test_withdrawn_entry_leaves_a_page_that_says_so(client: Client, how: str) -> None:
    entry = change("coworking", summary="Parole che nessuno legge più.")
    if how == "deleted":
        entry.delete()
    else:
        change("coworking", status=Status.DRAFT, title="Titolo di una bozza")
    PublicAddress.objects.filter(slug="coworking").update(reason="Il documento non la riporta.")
    for address, words in (("/iniziative/coworking/", "ritirata"), ("/en/initiatives/coworking/", "withdrawn")):
        response = client.get(address)
        page = response.content.decode()
        assert response.status_code == 410
        assert response.headers["Cache-Control"] == "no-cache", "or it is not read when it is published again"
        assert words in page
        assert "Titolo di una bozza" not in page
        assert "nessuno legge" not in page
    italian = BeautifulSoup(client.get("/iniziative/coworking/").content, "html.parser").main
    assert italian
    assert "Spazi collaborativi di lavoro (coworking)" in italian.text
    assert "Il documento non la riporta." in italian.text
    answer = client.get("/api/v1/initiatives/coworking/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (410, "application/problem+json")
    assert answer.headers["Cache-Control"] == "no-cache"


def test_publishing_again_ends_it(client: Client) -> None:
    change("coworking", status=Status.DRAFT)
    assert PublicAddress.objects.get(slug="coworking").withdrawn
    change("coworking", status=Status.PUBLISHED)
    assert client.get("/iniziative/coworking/").status_code == 200
    assert PublicAddress.objects.get(slug="coworking").withdrawn is None


def test_what_was_never_published_is_found_nowhere(client: Client) -> None:
    draft = Initiative.objects.create(slug="bozza-segreta", title="Bozza segreta", summary="Sintesi.")
    draft.slug = "altra-bozza"
    draft.save()
    draft.delete()
    for slug in ("bozza-segreta", "altra-bozza"):
        for address in ("/iniziative/{}/", "/en/initiatives/{}/", "/api/v1/initiatives/{}/"):
            assert client.get(address.format(slug)).status_code == 404
    assert not PublicAddress.objects.filter(slug__contains="bozza").exists()


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("amministra"))
    return client


def test_address_that_was_anothers_is_refused(administrator: Client) -> None:
    change("coworking", slug="spazi-di-lavoro")
    Initiative.objects.get(slug="scale-up").delete()
    draft = Initiative.objects.create(slug="bozza", title="Bozza", summary="Sintesi.")
    for taken in ("coworking", "scale-up"):
        published = address_of(Initiative.objects.get(slug="servizi-infanzia"), "address")
        address, data = form_of(administrator, draft)
        for refused in (
            administrator.post(published, {"slug": taken}),
            administrator.post(address, {**data, "slug": taken}),
        ):
            assert "si è letta, un’altra scheda" in refused.content.decode(), taken


def test_no_form_changes_what_people_cite(administrator: Client) -> None:
    entry = Initiative.objects.get(slug="coworking")
    address, data = form_of(administrator, entry)
    assert "slug" not in data
    assert administrator.post(address, {**data, "slug": "altro", "title": "Titolo nuovo"}).status_code == 302
    entry.refresh_from_db()
    assert (entry.slug, entry.title) == ("coworking", "Titolo nuovo")
    draft = Initiative.objects.create(slug="bozza", title="Bozza", summary="Sintesi.")
    assert "slug" in form_of(administrator, draft)[1]


def test_nothing_is_published_past_links_that_an_editor_may_not_see(client: Client) -> None:
    user = get_user_model().objects.create_user("poco", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["view_initiative", "change_initiative", "publish_initiative"])
    )
    client.force_login(user)
    entry = change("coworking", status=Status.DRAFT)
    entry.categorylinks.update(passage=None, note=None)
    address, data = form_of(client, entry)
    refused = client.post(address, {**data, "status": Status.PUBLISHED})
    assert "Manca il perché di un’attribuzione" in refused.content.decode()
    entry.refresh_from_db()
    assert not entry.is_published


def test_fixtures_loaded_again_tell_where_entries_are(django_capture_on_commit_callbacks: Any) -> None:
    PublicAddress.objects.filter(slug="coworking").update(title="Vecchio titolo", reason="Vecchia ragione.")
    Initiative.objects.filter(slug="scale-up").delete()
    assert PublicAddress.objects.get(slug="scale-up").withdrawn
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        call_command("loaddata", "initiatives", verbosity=0)
    assert sum(callback is keep_addresses for callback in callbacks) == 1
    coworking, scale_up = (PublicAddress.objects.get(slug=slug) for slug in ("coworking", "scale-up"))
    assert coworking.title == "Spazi collaborativi di lavoro (coworking)"
    assert coworking.reason == ""
    assert scale_up.withdrawn is None
    assert scale_up.leads_to


def test_reason_of_a_withdrawal_is_written_and_the_rest_is_not(administrator: Client) -> None:
    change("coworking", status=Status.DRAFT)
    withdrawn = PublicAddress.objects.get(slug="coworking")
    address, data = form_of(administrator, withdrawn)
    assert set(data) == {"csrfmiddlewaretoken", "seen", "why", "reason", "reason_en"}
    assert administrator.post(address, {**data, "reason": "Doppia.", "slug": "altro"}).status_code == 302
    withdrawn.refresh_from_db()
    assert (withdrawn.reason, withdrawn.slug) == ("Doppia.", "coworking")
    assert administrator.get(address_of(withdrawn, "delete")).status_code == 403
