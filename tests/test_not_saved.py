"""What an editor has written is kept and sent again: when the database says no (a 503 in two seconds or so), when the
session has ended meanwhile, when the form is older than the session.
"""

import os
import sqlite3
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from bs4 import BeautifulSoup
from django.db import OperationalError
from django.test import Client, RequestFactory
from reversion.models import Version

from catalogue.admin.entries import InitiativeAdmin
from catalogue.admin.not_saved import signed_out
from initiatives.models import Initiative
from taxonomy.models import InterventionCategory
from tests.helpers import PASSWORD, address_of, data_of
from tests.sites import Editor, RunningSite, new_site

LATE = 3.5  # seconds: two, and what a busy machine takes


@pytest.fixture
def site(tmp_path: Path) -> Iterator[RunningSite]:
    running = new_site(tmp_path / "var", "catalogue_not_saved")
    yield running
    running.stop()


@contextmanager
def locked(site: RunningSite) -> Iterator[None]:
    """Somebody else writes for long."""
    if url := site.variables.get("DATABASE_URL"):
        with psycopg.connect(url) as writing:
            writing.execute("UPDATE initiatives_version SET token = token")
            yield
    else:
        writing_file = sqlite3.connect(site.data_dir / "catalogue.sqlite3", isolation_level=None)
        writing_file.execute("BEGIN IMMEDIATE")
        yield
        writing_file.close()


@contextmanager
def read_only(site: RunningSite) -> Iterator[None]:
    """The server takes no writing at all; who is at work on it is let go, for the rest to see it."""
    name = urllib.parse.urlsplit(site.variables["DATABASE_URL"]).path[1:]
    let_go = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as own:
        own.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        own.execute(let_go, [name])
        yield
        own.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
        own.execute(let_go, [name])


# SQLite's file takes writing from root whatever its mode says; PostgreSQL locks no more than what is written.
REFUSING_EDITS, REFUSING_ALL = (
    ([locked, read_only], read_only) if os.environ.get("DATABASE_URL") else ([locked], locked)
)


@pytest.mark.parametrize("refusing", REFUSING_EDITS)
def test_what_is_not_saved_is_kept_and_sent_again(site: RunningSite, refusing: Any) -> None:
    editor, address = Editor(site), "/admin/initiatives/initiative/21/change/"
    data = {**data_of(editor.ask(address)[1], "#initiative_form"), "summary": "Un’ora di lavoro."}
    with refusing(site):
        before = time.monotonic()
        status, page = editor.ask(address, data)
        assert (status, time.monotonic() - before < LATE) == (503, True)
        assert page.h1
        assert "Non salvato: riprova" in page.h1.text
        assert "Un’ora di lavoro." in page.select_one(".kept-texts").text  # type: ignore[union-attr]
        again = [(str(tag["name"]), str(tag["value"])) for tag in page.select("form input[type=hidden]")]
        token, kept = again[0], again[1:]
        sent = urllib.parse.parse_qsl(urllib.parse.urlencode(data, doseq=True), keep_blank_values=True)
        assert token[0] == "csrfmiddlewaretoken"
        assert sorted(kept) == sorted(pair for pair in sent if pair[0] != token[0])
        assert editor.ask(address, again)[0] == 503
    assert editor.ask(address, again)[0] == 200
    assert "Un’ora di lavoro." in editor.ask(address)[1].select_one("#id_summary").text  # type: ignore[union-attr]


def test_who_signs_in_meanwhile_is_told_and_the_password_is_not_repeated(site: RunningSite) -> None:
    editor = Editor(site)
    login = editor.ask("/admin/logout/", data_of(editor.ask("/admin/")[1], "#logout-form"))
    assert login[0] == 200
    form = data_of(editor.ask("/admin/login/")[1], "form")
    editor.ask("/admin/lingua/", {**form, "language": "en"})
    with REFUSING_ALL(site):
        status, page = editor.ask("/admin/login/", {**form, "username": "capo", "password": "prova-prova-1"})
    assert status == 503
    assert "prova-prova-1" not in str(page)
    assert page.select_one("html[lang=en]")
    assert "The archive cannot be reached at the moment. Try again in a few seconds." in page.text


HERE = {"Origin": "http://testserver"}


def soup_of(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "lxml")


def listed(response: Any) -> dict[str, str]:
    names, texts = (soup_of(response).select(f".kept-texts {tag}") for tag in ("dt", "dd"))
    return {name.text: text.text for name, text in zip(names, texts, strict=True)}


def kept(response: Any) -> dict[str, Any]:
    assert response.status_code == 403
    soup = soup_of(response)
    assert "Un’ora di lavoro." in soup.select_one(".kept-texts").text  # type: ignore[union-attr]
    return data_of(soup, "#content form")


@pytest.mark.django_db
def test_what_is_sent_after_the_session_has_ended_is_kept(make: Any) -> None:
    account, editor = make("anna"), Client(enforce_csrf_checks=True)

    def sign_in() -> None:
        login = data_of(soup_of(editor.get("/admin/login/")), "#login-form")
        form = {**login, "username": account.username, "password": PASSWORD, "next": "/admin/"}
        assert editor.post("/admin/login/", form, headers=HERE).status_code == 302

    draft = Initiative.objects.create(slug="bozza", title="Una bozza", summary="Sintesi.", position=28)
    sign_in()
    address = address_of(draft)
    data = {**data_of(soup_of(editor.get(address)), "#initiative_form"), "summary": "Un’ora di lavoro."}
    term = InterventionCategory.objects.all()[0]
    row = {"term": term.pk, "basis": "editorial", "note": "Perché sì.", "note_en": "", "passage": "", "id": ""}
    data |= {"categorylinks-TOTAL_FORMS": "1", "why": "Più chiara.", "_continue": "Salva e continua"}
    data |= {f"categorylinks-0-{name}": value for name, value in row.items()}
    editor.session.flush()
    page = editor.post(address, data, headers=HERE)
    assert "entra di nuovo" in page.content.decode()
    assert listed(page) == {
        "Titolo": "Una bozza",
        "Sintesi": "Un’ora di lavoro.",
        "Identificativo": "bozza",
        "Perché questa modifica": "Più chiara.",
        "Categoria d’intervento, riga 1: Perché": "Perché sì.",
    }
    again = kept(page)
    sign_in()
    page = editor.post(address, again, headers=HERE)
    assert "hai fatto di nuovo l’accesso: premi «Riprova»" in page.content.decode()
    assert editor.post(address, kept(page), headers=HERE).status_code == 302
    draft.refresh_from_db()
    assert draft.summary == "Un’ora di lavoro."
    assert draft.categorylinks.get().note == "Perché sì.", "what is not shown is sent again too"


@pytest.mark.django_db
def test_page_has_the_editors_look_and_asks_no_database(django_assert_num_queries: Any) -> None:
    address = address_of(Initiative.objects.all()[0])
    with django_assert_num_queries(0):
        page = signed_out(RequestFactory().post(address, {"title": "Nuovo"}, headers=HERE))
    assert page is not None
    soup = soup_of(page)
    assert soup.select_one("link[href*='editors/look']")
    assert not soup.select("link[href*='dark_mode'], script[src*='theme']")
    assert soup.select_one(".brand-title").text == "Catalogo dell’innovazione sociale"  # type: ignore[union-attr]
    assert not soup.select(".language, #logout-form"), "nothing else is sent from here"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "data", "expected"),
    [
        ("/admin/initiatives/initiative/1/revisione/", {"decision": "return", "reason": "No."}, {"Perché": "No."}),
        (
            "/admin/initiatives/initiative/",
            {"action": "withdraw_selected", "_selected_action": "1", "reason_en": "Twice."},
            {"Perché, in inglese": "Twice."},
        ),
        (
            "/admin/initiatives/synonymgroup/add/",
            {"slug": "nidi", "expressions-0-text": "nido", "expressions-0-position": "1", "expressions-x": "2"},
            {"Identificativo": "nidi", "Espressione, riga 1: Espressione": "nido"},
        ),
        (
            "/admin/initiatives/passage/1/change/",
            {"text": "2014", "kind": "heading", "position": "4"},
            {"Testo": "2014"},
        ),
        ("/admin/access/account/add/", {"username": "anna", "is_active": "on", "groups": "1"}, {"Nome utente": "anna"}),
        ("/admin/initiatives/initiative/1/delete/", {"post": "yes"}, {}),
        ("/admin/nessuna/pagina/", {"title": "Titolo"}, {}),
    ],
)
def test_every_page_lists_what_was_written_there(address: str, data: dict[str, str], expected: dict[str, str]) -> None:
    page = signed_out(RequestFactory().post(address, data, headers=HERE))
    assert page is not None
    assert listed(page) == expected
    assert data.items() <= data_of(soup_of(page), "#content form").items()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "origin", [{}, {"Origin": "https://altrove.example"}, {"Origin": "null"}, {"Origin": "http://["}]
)
@pytest.mark.parametrize("is_in", [True, False])
def test_what_another_site_wrote_is_not_sent_again(make: Any, origin: dict[str, str], is_in: bool) -> None:
    editor = Client(enforce_csrf_checks=True)
    if is_in:
        editor.force_login(make("anna"))
    page = editor.post(address_of(Initiative.objects.all()[0]), {"summary": "Un’ora di lavoro."}, headers=origin)
    assert page.status_code in (302, 403)
    assert "Un’ora di lavoro." not in page.content.decode()


@pytest.mark.django_db
def test_passwords_are_never_kept(make: Any) -> None:
    make("anna")
    for address in ("/admin/login/", "/admin/password_change/"):
        form = {"username": "anna", "password": PASSWORD, "old_password": PASSWORD, "code": "123456"}
        page = Client(enforce_csrf_checks=True).post(address, form, headers=HERE)
        assert page.status_code in (302, 403)
        assert PASSWORD not in page.content.decode()
    page = Client(enforce_csrf_checks=True).post("/admin/verifica/", {"code": "123456"}, headers=HERE)
    assert "123456" not in page.content.decode()


@pytest.mark.django_db
def test_what_is_only_shown_is_never_sent_again(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that fails while it shows a version, as if it had been sent, offers nothing to send."""
    administrator = Client(headers=HERE, raise_request_exception=False)
    administrator.force_login(make("capo", "administrators"))
    entry = Initiative.objects.all()[0]
    address, data = address_of(entry), data_of(soup_of(administrator.get(address_of(entry))), "#initiative_form")
    assert administrator.post(address, {**data, "title": "Altro"}).status_code == 302
    version = Version.objects.get_for_object(entry).last()
    assert version

    def fail(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(InitiativeAdmin, "render_change_form", fail)
    page = administrator.get(address, {"version": version.pk})
    assert page.status_code == 503
    assert not soup_of(page).select("#content form")
    page = administrator.post(address, {**data, "title": ""})
    assert soup_of(page).select("#content form [name=summary]"), "what was sent is kept"
    page = administrator.post(address, {**data, "title": ""}, headers={"Origin": "https://altrove.example"})
    assert page.status_code == 503
    assert not soup_of(page).select("#content form"), "of another site nothing is"


@pytest.mark.django_db
def test_language_is_nothing_to_keep() -> None:
    page = Client(enforce_csrf_checks=True).post("/admin/lingua/", {"language": "en"}, headers=HERE)
    assert page.status_code == 403
    assert "Riprova" not in page.content.decode()
