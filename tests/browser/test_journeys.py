"""What the readers of the catalogue come to do, with a mouse, with the keyboard alone, and with scripts off."""

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.helpers import OpenPage, tab_to, total, wait_for
from tests.helpers import RunningSite, manage

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_os_ix_and_care_in_three_clicks_from_home(open_page: OpenPage, javascript: bool) -> None:
    page = open_page("/", java_script_enabled=javascript)
    page.locator(".doorway").get_by_role("link", name="OS ix —").first.click()
    page.locator(".crossing").get_by_role("link", name="Servizi di cura").click()
    assert "5 voci" in total(page)
    page.locator("article h3 a").nth(1).click()
    assert "«" not in page.locator("h1").inner_text()
    assert page.locator("blockquote.passage").first.is_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_how_many_have_no_category_in_one_click_from_home(open_page: OpenPage, javascript: bool) -> None:
    page = open_page("/", java_script_enabled=javascript)
    page.locator(".doorway-category .gap + a").click()
    assert "3 voci" in total(page)
    assert page.url.endswith("?category=none")


def test_a_ribbon_opens_its_list_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("/")
    tab_to(page, ".crosswalk .ribbon[href*='cura-conciliazione'][href*='os-ix']")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    wait_for(page, "5 voci")


def test_choosing_updates_everything_in_place(open_page: OpenPage) -> None:
    page = open_page("/iniziative/")
    page.evaluate("window.same = true")
    page.get_by_label("OS ix").check()
    wait_for(page, "13 voci")
    assert page.url.endswith("/iniziative/?objective=os-ix")
    assert page.title().startswith("OS ix · Iniziative")
    assert page.locator(".sentence").inner_text() == "Voci scelte: OS ix"
    assert page.locator(".chip-remove").all_inner_texts() == ["Togli\nOS ix ×"]
    assert page.locator("label[for=category-economia-sociale] .count").inner_text() == "0"
    assert page.locator(".languages a").get_attribute("href") == "/en/initiatives/?objective=os-ix"
    for selector, attribute in (("link[rel=canonical]", "href"), ("meta[property='og:url']", "content")):
        assert str(page.locator(selector).get_attribute(attribute)).endswith("/iniziative/?objective=os-ix")
    assert page.evaluate("document.activeElement.id") == "objective-os-ix"
    assert page.locator("#total").get_attribute("role") == "status"
    page.locator("#order").select_option("title")
    page.wait_for_url("**/iniziative/?objective=os-ix&order=title")
    page.get_by_label("Cerca nelle voci").fill("infanzia")
    page.get_by_label("Cerca nelle voci").press("Enter")
    page.wait_for_url("**/iniziative/?objective=os-ix&order=title&q=infanzia")
    assert page.evaluate("window.same"), "the page was loaded anew"


def test_back_and_reload_show_what_the_address_says(open_page: OpenPage) -> None:
    page = open_page("/iniziative/")
    page.get_by_label("OS ix").check()
    wait_for(page, "13 voci")
    page.get_by_label("Misure").check()
    wait_for(page, "9 voci")
    page.reload()
    assert "9 voci" in total(page)
    page.go_back()
    wait_for(page, "13 voci")
    assert page.get_by_label("OS ix").is_checked()
    assert not page.get_by_label("Misure").is_checked()
    page.go_back()
    wait_for(page, "27 voci")
    assert not page.get_by_label("OS ix").is_checked()


def test_address_after_choosing_is_what_a_colleague_opens(open_page: OpenPage) -> None:
    page = open_page("/iniziative/")
    page.get_by_label("Economia sociale").check()
    wait_for(page, "10 voci")
    colleague = open_page(page.url, java_script_enabled=False)
    assert total(colleague) == total(page)
    assert colleague.locator("article h3").all_inner_texts() == page.locator("article h3").all_inner_texts()


def test_panel_stays_open_and_where_it_was(open_page: OpenPage) -> None:
    page = open_page("/iniziative/", 360)
    page.locator(".filters > summary").click()
    box = page.get_by_label("Inclusione attiva")
    box.scroll_into_view_if_needed()
    before = box.bounding_box()
    box.check()
    wait_for(page, "10 voci")
    after = box.bounding_box()
    assert before is not None
    assert after is not None
    assert page.locator("details.filters").get_attribute("open") is not None
    assert abs(before["y"] - after["y"]) < 2


def test_pressing_the_button_closes_the_panel_and_shows_the_total(open_page: OpenPage) -> None:
    page = open_page("/iniziative/", 360)
    page.locator(".filters > summary").click()
    page.get_by_label("Inclusione attiva").check()
    wait_for(page, "10 voci")
    page.get_by_role("button", name="Aggiorna l’elenco").click()
    page.locator("details.filters:not([open])").wait_for(timeout=5000)
    assert page.evaluate("document.activeElement.id") == "total"
    box = page.locator("#total").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 800


def slowly(page: "Page") -> None:
    """Live answers take longer than the reader's next choice."""

    def answer_late(route: "Route") -> None:
        page.wait_for_timeout(300)
        route.continue_()

    page.route(re.compile("page_size="), answer_late)


def test_quick_choices_all_count(open_page: OpenPage) -> None:
    page = open_page("/iniziative/")
    slowly(page)
    page.evaluate("for (const id of ['objective-os-ix', 'level-measure']) document.getElementById(id).click()")
    page.wait_for_url(re.compile("level=measure&objective=os-ix$"))
    wait_for(page, "9 voci")
    assert page.locator("input:checked:not([type=radio])").count() == 2


def test_choice_taken_back_at_once_is_back(open_page: OpenPage) -> None:
    page = open_page("/iniziative/")
    slowly(page)
    page.evaluate("for (let n = 0; n < 2; n++) document.getElementById('objective-os-ix').click()")
    page.wait_for_timeout(1200)
    assert not page.get_by_label("OS ix").is_checked()
    assert "27 voci" in total(page)


def test_focus_that_went_on_is_not_lost(open_page: OpenPage) -> None:
    page = open_page("/iniziative/")
    slowly(page)
    page.locator("#sector-inclusione-attiva").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    wait_for(page, "10 voci")
    assert page.evaluate("document.activeElement.id") == "apri-sector-inclusione-attiva"
    assert page.evaluate("scrollY") > 0


def test_same_search_again_is_no_new_step_back(open_page: OpenPage) -> None:
    page = open_page("/iniziative/")
    for _ in range(3):
        page.get_by_label("Cerca nelle voci").fill("coworking")
        page.get_by_label("Cerca nelle voci").press("Enter")
        wait_for(page, "1 voce")
    page.go_back()
    wait_for(page, "27 voci")


def test_refused_text_is_named_at_an_address_that_names_it_again(open_page: OpenPage) -> None:
    page = open_page("/iniziative/")
    page.get_by_label("Cerca nelle voci").fill("!!!")
    page.get_by_label("Cerca nelle voci").press("Enter")
    page.locator("#ignored", has_text="non contiene parole").wait_for(timeout=5000)
    page.reload()
    assert "non contiene parole" in page.locator("#ignored").inner_text()
    page.get_by_label("OS ix").check()
    wait_for(page, "13 voci")


@pytest.mark.parametrize("failure", ["network", "503"])
def test_failed_request_goes_as_without_scripts(open_page: OpenPage, said: list[str], failure: str) -> None:
    page = open_page("/iniziative/")
    page.evaluate("window.same = true")

    def fail(route: "Route") -> None:
        route.abort("failed") if failure == "network" else route.fulfill(status=503)

    page.route(re.compile("page_size="), fail, times=1)
    page.get_by_label("OS ix").check()
    wait_for(page, "13 voci")
    assert page.evaluate("window.same") is None
    assert said
    said.clear()


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_definition_opens_by_keyboard_and_touch(open_page: OpenPage, javascript: bool) -> None:
    for width in (1280, 360):
        page = open_page("/iniziative/", width, java_script_enabled=javascript, has_touch=True)
        if width == 360:
            page.locator(".filters > summary").tap()
        definition = page.locator("#che-objective-os-ix")
        assert not definition.is_visible()
        page.get_by_role("button", name="Che cosa vuol dire: OS ix").tap()
        assert "Rafforzare un accesso paritario" in definition.inner_text()
        box = definition.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        page.keyboard.press("Escape")
        assert not definition.is_visible()
        page.get_by_role("button", name="Che cosa vuol dire: OS ix").press("Enter")
        assert definition.is_visible()


def test_analyst_filters_with_the_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page("/")
    tab_to(page, ".site-nav a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/iniziative/")
    tab_to(page, "#category-cura-conciliazione")
    page.keyboard.press("Space")
    wait_for(page, "6 voci")
    tab_to(page, "#basis-all")
    page.keyboard.press("ArrowDown")
    wait_for(page, "0 voci")
    page.keyboard.press("ArrowUp")
    wait_for(page, "6 voci")
    tab_to(page, "article h3 a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/iniziative/servizi-di-cura/")


def test_policy_staff_reads_with_the_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page("/", 360)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    tab_to(page, "a[href='/obiettivi/os-ix/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/obiettivi/os-ix/")
    tab_to(page, ".passage a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/fonte/#*")


def test_editor_changes_an_entry_with_the_keyboard_alone(
    open_page: OpenPage, site: RunningSite, said: list[str]
) -> None:
    editor = {"DJANGO_SUPERUSER_PASSWORD": "tastiera-sola", **site.variables}
    made = manage("createsuperuser", "--noinput", "--username", "redazione", "--email", "r@example.it", **editor)
    assert made.returncode == 0, made.stderr
    page = open_page("/admin/initiatives/initiative/?q=coworking", java_script_enabled=False)
    tab_to(page, "#id_username")
    page.keyboard.type("redazione")
    tab_to(page, "#id_password")
    page.keyboard.type("tastiera-sola")
    page.keyboard.press("Enter")
    page.locator("#result_list").wait_for(timeout=5000)
    tab_to(page, "#result_list tbody th a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/change/**")
    tab_to(page, "#id_classification_note_en")
    page.keyboard.type("Read so by the editors.")
    tab_to(page, "input[name=_save]", most=300)
    page.keyboard.press("Enter")
    page.locator(".messagelist .success").wait_for(timeout=5000)
    assert "Read so by the editors." in open_page("/en/initiatives/coworking/").locator(".reading-note").inner_text()
    page.context.clear_cookies()
    said.clear()  # the admin's own page asks for the focus twice


def test_a_reader_filters_without_javascript(open_page: OpenPage) -> None:
    page = open_page("/iniziative/", 360, java_script_enabled=False)
    page.locator(".filters summary").click()
    page.get_by_label("OS ix").check()
    page.get_by_label("Servizi di cura e di organizzazione").check()
    page.get_by_role("button", name="Aggiorna l’elenco").click()
    assert "5 voci" in total(page)


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_entries_ticked_in_the_list_are_compared(open_page: OpenPage, javascript: bool) -> None:
    page = open_page("/iniziative/?objective=os-i", 360, java_script_enabled=javascript)
    for slug in ("coworking", "scale-up"):
        page.locator(f"#confronta-{slug}").check()
    assert page.url.endswith("/iniziative/?objective=os-i")
    button = page.get_by_role("button", name="Confronta le voci scelte")
    if javascript:
        page.locator("#sector-inclusione-attiva").evaluate("box => box.click()")
        page.wait_for_url("**/iniziative/?objective=os-i&sector=inclusione-attiva")
        page.locator("#confronta-coworking:not(:checked)").wait_for(timeout=5000)
        for slug in ("coworking", "scale-up"):
            page.locator(f"#confronta-{slug}").check()
    button.click()
    page.wait_for_url("**/iniziative/confronta/?i=coworking&i=scale-up")
    assert "2 voci" in total(page)
    page.locator(".drops a").first.click()
    page.wait_for_url("**/iniziative/confronta/?i=scale-up")
    page.locator(".compare-with a").first.click()
    assert "2 voci" in total(page)


def test_what_gets_the_focus_is_seen_above_the_button_that_compares(open_page: OpenPage) -> None:
    page = open_page("/iniziative/", 360, reduced_motion="reduce")
    page.locator("#confronta-presa-in-carico-integrata").check()
    for _ in range(30):
        page.keyboard.press("Tab")
        hidden = """() => {
          const bar = document.querySelector(".compare-form"), it = document.activeElement.getBoundingClientRect();
          return !bar.contains(document.activeElement) && it.bottom > bar.getBoundingClientRect().top;
        }"""
        assert not page.evaluate(hidden), page.evaluate("document.activeElement.outerHTML")
