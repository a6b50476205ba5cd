"""«Modifica» on public pages: for those who may, for nobody else, and kept nowhere."""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from initiatives.models import Initiative, Passage
from taxonomy.models import SpecificObjective
from tests.helpers import address_of, coworking
from tests.sites import RunningSite, ask, manage, new_site

ADDRESSES = ["/iniziative/coworking/", "/obiettivi/os-ix/", "/fonte/", "/en/initiatives/coworking/", "/en/source/"]
PASSWORD = "una-parola-per-le-prove"


def edit_links(page: bytes) -> list[str]:
    soup = BeautifulSoup(page, "lxml")
    return [str(link["href"]) for link in soup.select("main a") if re.match("Modifica|Edit", link.text)]


def editor(*permissions: str) -> Client:
    user = get_user_model().objects.create_user("redazione", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.django_db
def test_editor_is_led_to_what_they_may_change() -> None:
    client = editor("change_initiative", "change_passage")
    page = client.get("/iniziative/coworking/")
    assert edit_links(page.content) == [address_of(coworking())]
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers.get("Vary") in (None, "Accept-Encoding, Accept")
    assert not page.has_header("ETag")
    assert not page.cookies
    assert edit_links(client.get("/obiettivi/os-ix/").content) == []
    assert sorted(edit_links(client.get("/fonte/").content)) == sorted(map(address_of, Passage.objects.all()))
    assert client.get("/iniziative/").headers["Cache-Control"] == "max-age=0, stale-if-error=3600"


@pytest.mark.django_db
def test_editor_of_terms_is_led_to_terms() -> None:
    client = editor("change_specificobjective")
    found = edit_links(client.get("/en/objectives/os-ix/").content)
    assert found == [address_of(SpecificObjective.objects.get(slug="os-ix"))]
    assert edit_links(client.get("/iniziative/coworking/").content) == []


@pytest.mark.django_db
def test_what_an_editors_browser_has_from_before_is_not_taken_for_the_page(client: Client) -> None:
    etag = client.get("/iniziative/coworking/").headers["ETag"]
    assert client.get("/iniziative/coworking/", headers={"if-none-match": etag}).status_code == 304
    page = editor("change_initiative").get("/iniziative/coworking/", headers={"if-none-match": etag})
    assert page.status_code == 200
    assert edit_links(page.content)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_everybody_else_reads_the_ordinary_page(client: Client, address: str) -> None:
    ordinary = client.get(address)
    reader = Client()
    reader.force_login(get_user_model().objects.create_user("lettore"))
    expired = editor("change_initiative", "change_passage")
    expired.session.flush()
    forged = Client()
    forged.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    for other in (reader, expired, forged):
        page = other.get(address)
        assert page.content == ordinary.content
        dated = {"Last-Modified": ""}  # which no answer has in the second that its version was first known in
        assert {**page.headers, **dated} == {**ordinary.headers, **dated}
        assert not page.cookies


@pytest.mark.django_db
def test_editor_is_told_what_is_not_there_as_everybody_is() -> None:
    client = editor("change_initiative")
    assert client.get("/iniziative/manca/").status_code == 404
    withdrawn = Initiative.objects.get(slug="coworking")
    withdrawn.status = "draft"
    withdrawn.save()
    assert client.get("/iniziative/coworking/").status_code == 410


# A site that runs


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    running = new_site(tmp_path_factory.mktemp("edit-links") / "var", "catalogue_edit_links")
    who = ("--username", "redazione", "--email", "redazione@example.org")
    assert (
        manage("createsuperuser", "--noinput", *who, **running.variables, DJANGO_SUPERUSER_PASSWORD=PASSWORD).returncode
        == 0
    )
    yield running
    running.stop()


def cookie(headers: dict[str, str], name: str) -> str:
    found = re.search(rf"{name}=([^;]+)", headers["set-cookie"])
    assert found is not None
    return f"{name}={found[1]}"


def sign_in(site: RunningSite) -> str:
    """The cookie of a session."""
    _, headers, page = ask(site, "/admin/login/")
    token = BeautifulSoup(page, "lxml").select_one("[name=csrfmiddlewaretoken]")
    assert token is not None
    form = urlencode({"csrfmiddlewaretoken": token["value"], "username": "redazione", "password": PASSWORD})
    kind = "application/x-www-form-urlencoded"
    status, headers, _ = ask(
        site, "/admin/login/", "POST", form, cookie=cookie(headers, "csrftoken"), content_type=kind, origin=site.url
    )
    assert status == 302
    return cookie(headers, "sessionid")


@pytest.mark.parametrize("address", [*ADDRESSES, "/fonte/?cite=coworking"])
def test_editors_pages_pass_the_store_and_leave_nothing_in_it(site: RunningSite, address: str) -> None:
    session = sign_in(site)
    mine = ask(site, address, cookie=session)
    ordinary = ask(site, address)
    assert edit_links(mine[2])
    assert mine[1]["cache-control"] == "private, no-store"
    assert not edit_links(ordinary[2])
    assert edit_links(ask(site, address, cookie=session)[2])
    for other in ({}, {"cookie": "sessionid=" + "x" * 32}, {"cookie": f"altro={session}"}):
        again = ask(site, address, **other)
        assert again[2] == ordinary[2]
        assert again[1] | {"date": ""} == ordinary[1] | {"date": ""}
    assert "set-cookie" not in mine[1] | ordinary[1]
    assert "cookie" not in mine[1].get("vary", "").lower()
