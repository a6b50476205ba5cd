"""A newcomer's first day in a real browser: a link, a password, a second factor, and coming back with both."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.helpers import AXE
from tests.helpers import code_of
from tests.sites import RunningSite, manage

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PASSWORD = "cinque-cani-al-sole"
WIDTHS = (1280, 360)
Look = Callable[[], None]


@pytest.fixture
def editor(browser: "Browser", site: RunningSite) -> Iterator["Page"]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=site.url)
    yield context.new_page()
    context.close()


@pytest.fixture
def look(editor: "Page", said: list[str]) -> Look:
    """The page which is open is well: nothing on the console, nothing wider than the window, nothing that axe finds."""
    from axe_playwright_python.sync_playwright import Axe

    editor.on("console", lambda message: said.append(message.text))
    editor.on("pageerror", lambda error: said.append(str(error)))

    def look_at_it() -> None:
        for width in WIDTHS:
            editor.set_viewport_size({"width": width, "height": 900})
            assert editor.evaluate("document.documentElement.scrollWidth") <= width, editor.url
            assert said == [], editor.url
            found = Axe().run(editor, options=AXE)
            assert found.violations_count == 0, found.generate_report()
            said.clear()  # what axe itself says, whose styles our policy refuses
        editor.set_viewport_size({"width": WIDTHS[0], "height": 900})

    return look_at_it


def invite(site: RunningSite, *arguments: str) -> str:
    done = manage("invite", *arguments, PUBLIC_URL=site.url, **site.variables)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()[-1]


def sign_in(page: "Page", name: str, code: str = "") -> None:
    page.goto("/admin/login/?next=/admin/")
    for box, text in (("username", name), ("password", PASSWORD), ("code", code)):
        page.fill(f"#id_{box}", text)
    page.click("#login-form input[type=submit]")


def choose_password(page: "Page", link: str) -> None:
    page.goto(link)
    for box in ("new_password1", "new_password2"):
        page.fill(f"#id_{box}", PASSWORD)
    page.click("input[type=submit]")


def test_first_day_of_a_newcomer(editor: "Page", site: RunningSite, look: Look) -> None:
    link = invite(site, "nuova", "--group", "Redazione")
    editor.goto(link)
    look()
    choose_password(editor, link)
    look()
    editor.goto(link)
    assert "Link non più valido" in editor.inner_text("h1")
    look()
    sign_in(editor, "nuova")
    editor.click("text=Verifica in due passaggi")
    look()
    assert editor.locator(".qr-code svg").bounding_box()["width"] > 150  # type: ignore[index]
    editor.fill("#id_code", code_of(editor.inner_text(".secret")))
    editor.click(".access input[type=submit]")
    look()
    codes = editor.locator(".recovery-codes code").all_inner_texts()
    editor.click("text=Li ho conservati")
    editor.click("#logout-form button")
    look()
    sign_in(editor, "nuova")
    assert "serve anche il codice" in editor.inner_text(".errornote")
    look()
    sign_in(editor, "nuova", codes[0])
    assert editor.url == f"{site.url}/admin/"
    editor.goto("/admin/verifica/")
    assert "Restano 9 codici" in editor.inner_text("main")
    look()
    editor.goto("/admin/password_change/")
    look()


def test_administrator_gives_a_link(editor: "Page", site: RunningSite, look: Look) -> None:
    choose_password(editor, invite(site, "capo", "--administrator"))
    sign_in(editor, "capo")
    editor.goto("/admin/access/account/")
    look()
    editor.goto("/admin/access/account/add/")
    look()
    editor.fill("#id_username", "carla")
    editor.check("text=Responsabili")
    editor.click("input[name=_save]")
    look()
    editor.click(".object-tools button")
    assert editor.inner_text("#one-time-link").startswith(f"{site.url}/admin/accesso/")
    look()
    editor.goto("/admin/access/accountgroup/1/change/")
    look()
