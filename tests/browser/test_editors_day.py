"""An editor's day in a real browser, from the link that lets her in to the door she leaves by.

`PICTURES=static/editors` has it take the pictures of the guide too.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.helpers import total
from tests.helpers import code_of
from tests.sites import RunningSite, manage, new_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PASSWORD = "cinque-cani-al-sole"
ENTRY = "/admin/initiatives/initiative/"
Newcomer = Callable[[str], "Page"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """A site of this day's own."""
    running = new_site(tmp_path_factory.mktemp("day") / "var", "catalogue_day", SECOND_FACTOR="required")
    yield running
    running.stop()


@pytest.fixture
def window(browser: "Browser", site: RunningSite) -> Iterator[Callable[[], "Page"]]:
    """Opens one for somebody else. At the end no browser may have had anything to say."""
    said: list[str] = []
    contexts = []

    def opened() -> "Page":
        context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=site.url)
        context.set_default_timeout(8000)
        contexts.append(context)
        context.on("console", lambda message: said.append(message.text))
        context.on("weberror", lambda error: said.append(str(error.error)))
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [words for words in said if "410" not in words] == []


def picture(page: "Page", name: str) -> None:
    """What the window shows, for the guide: where nobody asked for it, the taking alone is tried."""
    folder = os.environ.get("PICTURES")
    shot = page.screenshot(clip={"x": 0, "y": 0, "width": 1280, "height": 747})
    if folder:
        Path(folder, f"guida-{name}.png").write_bytes(shot)


def come_in(page: "Page", link: str, name: str) -> "Page":
    """By a one-time link: a password, then the second factor, which this site requires."""
    page.goto(link)
    for box in ("new_password1", "new_password2"):
        page.fill(f"#id_{box}", PASSWORD)
    page.click("input[type=submit]")
    page.goto("/admin/")
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.click("#login-form input[type=submit]")
    page.fill("#id_code", code_of(page.inner_text(".secret")))
    page.click(".access input[type=submit]")
    assert page.locator(".recovery-codes code").count() == 10
    page.click("text=Li ho conservati")
    page.goto("/admin/")
    return page


def invited(administrator: "Page", page: "Page", name: str, first: str, last: str, group: str) -> "Page":
    administrator.goto("/admin/access/account/add/")
    for box, text in (("username", name), ("first_name", first), ("last_name", last)):
        administrator.fill(f"#id_{box}", text)
    administrator.get_by_label(group, exact=True).check()
    administrator.click("input[name=_save]")
    administrator.click(".object-tools button")
    return come_in(page, administrator.inner_text("#one-time-link"), name)


def choose_passage(page: "Page", words: str) -> None:
    picker = page.locator("#id_passages")
    picker.locator("summary").first.click()
    page.fill("#id_passages_search", words)
    picker.locator(".found", has_text="trovat").wait_for()
    picker.locator(".passages-others li:visible [type=checkbox]").first.check()


def fill_entry(page: "Page") -> None:
    page.goto(f"{ENTRY}add/")
    page.fill("#id_title", "Orti sociali")
    page.fill("#id_summary", "Spazi di lavoro condivisi dove si coltiva.")
    choose_passage(page, "coworking")
    page.select_option("[name=objectivelinks-0-term]", index=1)
    page.select_option("[name=objectivelinks-0-basis]", "source")
    page.locator("#objectivelinks-0 .choose-passage").click()
    page.locator("#passage-dialog li button").first.click()
    page.select_option("[name=categorylinks-0-term]", label="Economia sociale")
    page.select_option("[name=categorylinks-0-basis]", "editorial")
    page.fill("[name=categorylinks-0-note]", "Vi lavorano imprese sociali.")


def message(page: "Page") -> str:
    return page.inner_text(".messagelist")


def test_an_editors_day(window: Callable[[], "Page"], site: RunningSite) -> None:
    link = manage("invite", "capo", "--administrator", PUBLIC_URL=site.url, **site.variables).stdout.split()[-1]
    administrator, reader = come_in(window(), link, "capo"), window()
    elena = invited(administrator, window(), "elena", "Elena", "Conti", "Redazione")
    paola = invited(administrator, window(), "paola", "Paola", "Neri", "Responsabili")

    # A new entry, handed in
    fill_entry(elena)
    elena.click("[name=_continue]")
    elena.wait_for_url("**/change/")
    address = elena.url
    picture(elena, "scheda")
    elena.fill("#id_why", "È nel capitolo sugli spazi.")
    elena.click("[name=_hand_in]")
    assert "è consegnata" in message(elena)

    # Returned with a reason
    paola.goto("/admin/")
    paola.click(".submissions >> text=Orti sociali")
    assert "È nel capitolo sugli spazi." in paola.inner_text("#content-main")
    picture(paola, "revisione")
    paola.fill("#id_reason", "Il documento parla di spazi collaborativi.")
    paola.click("button[value=return]")
    elena.goto("/admin/")
    assert "Il documento parla di spazi collaborativi." in elena.inner_text(".submissions")

    # Mended, previewed before it is saved, handed in again
    elena.click(".submissions >> text=Orti sociali")
    elena.fill("#id_title", "Orti collaborativi")
    with elena.context.expect_page() as opened:
        elena.click("text=Anteprima >> nth=-2")
    preview = opened.value
    assert preview.inner_text("h1") == "Orti collaborativi"
    assert "Anteprima" in preview.inner_text(".preview-notice")
    preview.close()
    reader.goto("/iniziative/")
    assert total(reader).startswith("27 schede:")
    elena.click("[name=_hand_in]")

    # Published by another: on the list at once, with the right counts
    paola.goto("/admin/")
    paola.click(".submissions >> text=Orti collaborativi")
    paola.click("button[value=publish]")
    assert "Pubblicata" in message(paola)
    reader.goto("/iniziative/?objective=os-i&category=economia-sociale")
    assert total(reader).startswith("11 schede:")
    reader.goto("/iniziative/orti-sociali/")
    assert "Vi lavorano imprese sociali." in reader.content()

    # Changed, compared, restored
    paola.goto(address)
    paola.fill("#id_summary", "Orti.")
    paola.fill("#id_why", "Più breve.")
    paola.click("[name=_save]")
    paola.goto(address.replace("/change/", "/history/"))
    assert "Più breve." in paola.inner_text(".edit >> nth=0")
    assert paola.locator(".edit >> nth=0 >> ins").inner_text() == "Orti."
    picture(paola, "storia")
    paola.click(".edit >> nth=1 >> text=Apri questa versione")
    assert paola.input_value("#id_summary") == "Spazi di lavoro condivisi dove si coltiva."
    paola.click("[name=_save]")
    reader.goto("/iniziative/orti-sociali/")
    assert "Spazi di lavoro condivisi dove si coltiva." in reader.inner_text(".lead")

    # Its address changed, the old one followed
    administrator.goto(address)
    administrator.click("text=Cambia indirizzo")
    administrator.fill("#id_slug", "orti-collaborativi")
    administrator.click("#content-main button")
    reader.goto("/iniziative/orti-sociali/")
    assert reader.url.endswith("/iniziative/orti-collaborativi/")

    # Withdrawn, with what is left of it
    paola.goto(ENTRY)
    paola.check("tr:has-text('Orti collaborativi') input[name=_selected_action]")
    paola.select_option("[name=action]", "withdraw_selected")
    paola.click("button[name=index]")
    paola.fill("#id_reason", "Il documento non li nomina.")
    paola.click("[name=confirmed]")
    assert "Ritirata" in message(paola)
    answer = reader.goto("/iniziative/orti-collaborativi/")
    assert answer
    assert answer.status == 410
    assert "Il documento non li nomina." in reader.inner_text("main")
    assert "Orti collaborativi" in reader.request.get("/modifiche/").text()
    assert "Il documento non li nomina." in reader.request.get("/feed/").text()
    reader.goto("/iniziative/")
    assert total(reader).startswith("27 schede:")

    # Deleted and recovered
    paola.goto(address.replace("/change/", "/delete/"))
    paola.click("#content [type=submit]")
    paola.goto(f"{ENTRY}eliminate/")
    paola.click("text=Recupera >> nth=-1")
    assert paola.input_value("#id_title") == "Orti collaborativi"

    # Two of them at once: nothing is lost
    elena.goto(address)
    paola.goto(address)
    paola.fill("#id_summary", "La sintesi di Paola.")
    paola.click("[name=_save]")
    elena.fill("#id_summary", "La sintesi di Elena.")
    elena.click("[name=_save]")
    assert "Paola Neri ha salvato" in elena.inner_text(".errorlist")
    assert "La sintesi di Paola." in elena.inner_text(".differences")
    assert elena.input_value("#id_summary") == "La sintesi di Elena."
    picture(elena, "insieme")
    elena.fill("#id_summary", "La sintesi di Paola e di Elena.")
    elena.click("[name=_save]")
    elena.goto(address)
    assert elena.input_value("#id_summary") == "La sintesi di Paola e di Elena."

    # And home
    elena.click("#logout-form button")
    elena.goto(address)
    assert "/admin/login/" in elena.url
