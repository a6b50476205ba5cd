"""An address that people cite goes on leading somewhere: to its entry, wherever it is now, or to what is left of it."""

import json
from typing import Any
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.test import Client
from rdflib import DCTERMS, FOAF, Graph, Literal, URIRef

from initiatives.models import Initiative, PublicAddress, PublicEntry, Status
from initiatives.models.addresses import keep_addresses
from tests.helpers import address_of, csv_rows, fetch, form_of, total_of

pytestmark = pytest.mark.django_db


def change(which: str, **fields: Any) -> Initiative:
    entry = Initiative.objects.get(slug=which)
    for name, value in fields.items():
        setattr(entry, name, value)
    entry.save()
    return entry


def test_every_published_entry_has_its_address() -> None:
    published = set(Initiative.objects.published().values_list("slug", "pk", "title"))
    shown = PublicAddress.objects.values_list("slug", "entry__initiative", "entry__title")
    assert set(shown) == published == set(PublicEntry.objects.values_list("uid", "initiative", "title"))


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
    PublicEntry.objects.filter(uid="coworking").update(reason="Il documento non la riporta.")
    for address, words in (("/iniziative/coworking/", "ritirata"), ("/en/initiatives/coworking/", "withdrawn")):
        response = client.get(address)
        page = response.content.decode()
        assert response.status_code == 410
        assert response.headers["Cache-Control"] == "no-cache", "or it is not read when it is published again"
        assert words in page
        assert "Titolo di una bozza" not in page
        assert "nessuno legge" not in page
    italian = BeautifulSoup(client.get("/iniziative/coworking/").content, "lxml").main
    assert italian
    assert "Spazi collaborativi di lavoro (coworking)" in italian.text
    assert "Il documento non la riporta." in italian.text
    answer = client.get("/api/v1/initiatives/coworking/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (410, "application/problem+json")
    assert answer.headers["Cache-Control"] == "no-store"


def test_publishing_again_ends_it(client: Client) -> None:
    change("coworking", status=Status.DRAFT)
    assert PublicEntry.objects.get(uid="coworking").withdrawn
    change("coworking", status=Status.PUBLISHED)
    assert client.get("/iniziative/coworking/").status_code == 200
    assert PublicEntry.objects.get(uid="coworking").withdrawn is None


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
    assert "Manca il perché di una classificazione" in refused.content.decode()
    entry.refresh_from_db()
    assert not entry.is_published


def test_fixtures_loaded_again_tell_where_entries_are(django_capture_on_commit_callbacks: Any) -> None:
    names = set(PublicEntry.objects.values_list("uid", "tag"))
    PublicEntry.objects.filter(uid="coworking").update(title="Vecchio titolo", reason="Vecchia ragione.")
    Initiative.objects.filter(slug="scale-up").delete()
    assert PublicEntry.objects.get(uid="scale-up").withdrawn
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        call_command("loaddata", "initiatives", verbosity=0)
    assert sum(callback is keep_addresses for callback in callbacks) == 1
    coworking, scale_up = (PublicEntry.objects.get(uid=uid) for uid in ("coworking", "scale-up"))
    assert coworking.title == "Spazi collaborativi di lavoro (coworking)"
    assert coworking.reason == ""
    assert scale_up.withdrawn is None
    assert scale_up.leads_to
    assert set(PublicEntry.objects.values_list("uid", "tag")) == names


def test_reason_of_a_withdrawal_is_written_and_the_rest_is_not(administrator: Client) -> None:
    change("coworking", status=Status.DRAFT)
    withdrawn = PublicEntry.objects.get(uid="coworking")
    address, data = form_of(administrator, withdrawn)
    assert set(data) == {"csrfmiddlewaretoken", "seen", "why", "reason", "reason_en"}
    assert administrator.post(address, {**data, "reason": "Doppia.", "uid": "altro"}).status_code == 302
    withdrawn.refresh_from_db()
    assert (withdrawn.reason, withdrawn.uid) == ("Doppia.", "coworking")
    assert administrator.get(address_of(withdrawn, "delete")).status_code == 403


# What stays whatever the address


def test_data_name_an_entry_as_before_when_its_address_changes(client: Client) -> None:
    measure = "servizi-infanzia"
    tags = {e.findtext("{*}id") for e in ElementTree.fromstring(fetch(client, "/feed/?page_size=50"))}
    versions = [cited(client, slug) for slug in ("servizi-di-cura", measure)]
    change("servizi-di-cura", slug="cura")
    for address in ("/iniziative.csv", "/classificazioni.csv"):
        ids = {row["Identificativo"] for row in csv_rows(client, address)}
        assert "servizi-di-cura" in ids
        assert "cura" not in ids
    rows = {row["Identificativo"]: row for row in csv_rows(client, "/iniziative.csv")}
    assert rows["servizi-di-cura"]["Indirizzo"].endswith("/iniziative/cura/")
    assert rows[measure]["Misura di"] == "servizi-di-cura"
    of_json = {row["id"]: row for row in json.loads(fetch(client, "/iniziative.json"))["results"]}
    assert of_json[measure]["measure_of"] == "servizi-di-cura"
    assert client.get("/api/v1/initiatives/cura/").json()["id"] == "servizi-di-cura"
    assert client.get(f"/api/v1/initiatives/{measure}/").json()["measure_of"] == "servizi-di-cura"
    passages = client.get("/api/v1/passages/").json()["results"]
    assert {"servizi-di-cura"} <= {name for passage in passages for name in passage["entries"]}
    assert "cura" not in {name for passage in passages for name in (*passage["entries"], *passage["introduces"])}
    assert {e.findtext("{*}id") for e in ElementTree.fromstring(fetch(client, "/feed/?page_size=50"))} == tags
    assert [cited(client, slug) for slug in ("cura", measure)] == versions, "what is said is the same"


def cited(client: Client, slug: str) -> str:
    soup = BeautifulSoup(client.get(f"/iniziative/{slug}/").content, "lxml")
    return soup.select("#citazione")[0].text.partition("versione del contenuto ")[2].split(",")[0]


def test_uri_of_an_entry_stays_and_leads_to_its_page(client: Client) -> None:
    change("coworking", slug="spazi-di-lavoro")
    graph = Graph().parse(data=fetch(client, "/iniziative.ttl"), format="turtle")
    site = "http://127.0.0.1:8000"
    thing = URIRef(f"{site}/iniziative/coworking/#this")
    assert graph.value(thing, DCTERMS.identifier) == Literal("coworking")
    pages = [f"{site}/iniziative/spazi-di-lavoro/", f"{site}/en/initiatives/spazi-di-lavoro/"]
    assert set(graph.objects(thing, FOAF.page)) == set(map(URIRef, pages))
    assert client.get("/iniziative/coworking/", follow=True).status_code == 200


def test_selections_know_former_addresses(client: Client) -> None:
    change("coworking", slug="spazi-di-lavoro")
    change("spazi-di-lavoro", slug="lavoro-condiviso")
    for slug in ("coworking", "spazi-di-lavoro", "lavoro-condiviso"):
        (row,) = csv_rows(client, f"/iniziative.csv?i={slug}")
        assert row["Identificativo"] == "coworking"
        page = BeautifulSoup(client.get(f"/iniziative/?i={slug}&pick={slug}").content, "lxml")
        assert total_of(page) == 1
        assert page.select("input.tick[checked]")
        assert not page.select(".alert-warning")
    compared = client.get("/iniziative/confronta/?i=coworking&i=spazi-di-lavoro&i=scale-up").content.decode()
    assert 'href="http://127.0.0.1:8000/iniziative/confronta/?i=lavoro-condiviso&amp;i=scale-up"' in compared


def test_tag_is_given_once(client: Client, settings: Any) -> None:
    tag = PublicEntry.objects.get(uid="coworking").tag
    assert tag == "tag:127.0.0.1,2026-11-25:coworking"
    settings.PUBLIC_URL = "https://catalogo.example.it"
    change("coworking", slug="altro", status=Status.DRAFT)
    change("altro", status=Status.PUBLISHED)
    assert PublicEntry.objects.get(initiative__slug="altro").tag == tag
    new = Initiative.objects.create(slug="nuova", title="Nuova", summary="Nuova.", status=Status.PUBLISHED)
    assert new.tag == f"tag:catalogo.example.it,{new.created:%Y-%m-%d}:nuova"


def test_name_that_stays_goes_to_no_other_entry(administrator: Client) -> None:
    change("coworking", slug="spazi-di-lavoro")
    PublicAddress.objects.filter(slug="coworking").delete()
    address = address_of(Initiative.objects.get(slug="servizi-infanzia"), "address")
    assert "si è letta, un’altra scheda" in administrator.post(address, {"slug": "coworking"}).content.decode()
    Initiative.objects.bulk_create([Initiative(slug="coworking", title="A", summary="B", status=Status.PUBLISHED)])
    keep_addresses()
    new = Initiative.objects.get(slug="coworking")
    assert new.uid == f"coworking--{new.pk}"
    assert PublicAddress.objects.get(slug="coworking").entry.initiative == new


def test_what_came_past_saving_is_named_alike() -> None:
    """In SQL all at once, and one by one: of the same entries the same names."""
    one_by_one = names()
    PublicEntry.objects.all().delete()
    keep_addresses()
    assert names() == one_by_one
    Initiative.objects.filter(slug="coworking").update(status=Status.DRAFT, slug="bozza")
    Initiative.objects.filter(slug="scale-up").update(slug="su", title="Su")
    ids = Initiative.objects.filter(slug__in=["bozza", "su"]).values_list("pk", flat=True)
    keep_addresses(list(ids))
    assert PublicEntry.objects.get(uid="coworking").withdrawn
    assert set(PublicAddress.objects.filter(entry__title="Su").values_list("slug", flat=True)) == {"scale-up", "su"}
    assert not PublicAddress.objects.filter(slug="bozza").exists()


def names() -> set[tuple[Any, ...]]:
    rows = PublicAddress.objects.values_list("slug", "entry__uid", "entry__tag", "entry__initiative", "entry__title")
    return set(rows)
