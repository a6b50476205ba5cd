"""A newcomer's first day in a real browser, in each language.

A link, a password, a second factor, and coming back with both.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.helpers import violations
from tests.helpers import code_of
from tests.sites import RunningSite, manage

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PASSWORD = "cinque-cani-al-sole"
WIDE = 1280
# In English where there is least room: there its words, and what axe finds in them, are another matter.
WIDTHS = {"it": (WIDE, 360), "en": (360,)}
SEEN = {
    "it": {"ended": "Link non più valido", "no_code": "serve anche il codice", "left": "Restano 9 codici"},
    "en": {"ended": "Link no longer valid", "no_code": "code is needed too", "left": "9 recovery codes are left"},
}
Look = Callable[[], None]


@pytest.fixture(params=["it", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def editor(browser: "Browser", site: RunningSite, language: str) -> Iterator["Page"]:
    """Who has chosen the language before signing in."""
    context = browser.new_context(viewport={"width": WIDE, "height": 900}, base_url=site.url)
    page = context.new_page()
    if language == "en":
        page.goto("/admin/login/")
        page.click("text=English")
    yield page
    context.close()


@pytest.fixture
def look(editor: "Page", said: list[str], language: str) -> Look:
    """The page which is open is well: nothing on the console, nothing wider than the window, nothing that axe finds."""
    editor.on("console", lambda message: said.append(message.text))
    editor.on("pageerror", lambda error: said.append(str(error)))

    def look_at_it() -> None:
        assert editor.get_attribute("html", "lang") == language
        for width in WIDTHS[language]:
            editor.set_viewport_size({"width": width, "height": 900})
            assert editor.evaluate("document.documentElement.scrollWidth") <= width, editor.url
            assert violations(editor) == [], editor.url
            assert said == [], editor.url
        editor.set_viewport_size({"width": WIDE, "height": 900})

    return look_at_it


def invite(site: RunningSite, *arguments: str) -> str:
    done = manage("invite", *arguments, PUBLIC_URL=site.url, **site.variables)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()[-1]


def sign_in(page: "Page", name: str, code: str = "") -> None:
    page.goto("/admin/login/?next=/admin/")
    page.wait_for_selector("#id_username:focus")  # the browser says so if it is forestalled
    for box, text in (("username", name), ("password", PASSWORD), ("code", code)):
        page.fill(f"#id_{box}", text)
    page.click("#login-form input[type=submit]")


def choose_password(page: "Page", link: str) -> None:
    page.goto(link)
    for box in ("new_password1", "new_password2"):
        page.fill(f"#id_{box}", PASSWORD)
    page.click("input[type=submit]")


def test_first_day_of_a_newcomer(editor: "Page", site: RunningSite, look: Look, language: str) -> None:
    name, texts = f"nuova-{language}", SEEN[language]
    link = invite(site, name, "--group", "Redazione")
    editor.goto(link)
    look()
    choose_password(editor, link)
    look()
    editor.goto(link)
    assert texts["ended"] in editor.inner_text("h1")
    look()
    sign_in(editor, name)
    editor.click("#user-tools [href='/admin/verifica/']")
    look()
    assert editor.locator(".qr-code svg").bounding_box()["width"] > 150  # type: ignore[index]
    editor.fill("#id_code", code_of(editor.inner_text(".secret")))
    editor.click(".access input[type=submit]")
    look()
    codes = editor.locator(".recovery-codes code").all_inner_texts()
    editor.click("#content [href='/admin/']")
    editor.click("#logout-form button")
    look()
    editor.goto("/admin/login/")
    look()
    sign_in(editor, name)
    assert texts["no_code"] in editor.inner_text(".errornote")
    look()
    sign_in(editor, name, codes[0])
    assert editor.url == f"{site.url}/admin/"
    editor.goto("/admin/verifica/")
    assert texts["left"] in editor.inner_text("main")
    look()
    editor.goto("/admin/password_change/")
    look()


def test_administrator_gives_a_link(editor: "Page", site: RunningSite, look: Look, language: str) -> None:
    choose_password(editor, invite(site, f"capo-{language}", "--administrator"))
    sign_in(editor, f"capo-{language}")
    editor.goto("/admin/access/account/")
    look()
    editor.goto("/admin/access/account/add/")
    look()
    editor.fill("#id_username", f"carla-{language}")
    editor.get_by_label("Responsabili", exact=True).check()
    editor.click("input[name=_save]")
    look()
    editor.click(".object-tools button")
    assert editor.inner_text("#one-time-link").startswith(f"{site.url}/admin/accesso/")
    look()
    editor.goto("/admin/access/accountgroup/1/change/")
    look()
