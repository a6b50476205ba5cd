"""What the readers of the catalogue come to do, with a mouse, with the keyboard alone, and with scripts off."""

from typing import TYPE_CHECKING

import pytest

from tests.browser.helpers import OpenPage, scroll_width, tab_to, total, wait_for
from tests.sites import RunningSite, manage

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_os_ix_and_care_in_three_clicks_from_home(open_page: OpenPage, javascript: bool) -> None:
    page = open_page("/", java_script_enabled=javascript)
    page.locator(".doorway").get_by_role("link", name="OS ix —").first.click()
    page.locator(".crossing").get_by_role("link", name="Servizi di cura").click()
    assert "5 schede" in total(page)
    page.locator("article h3 a").nth(1).click()
    assert "«" not in page.locator("h1").inner_text()
    assert page.locator(".document-words blockquote.passage").first.is_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_how_many_have_no_category_in_one_click_from_home(open_page: OpenPage, javascript: bool) -> None:
    page = open_page("/", java_script_enabled=javascript)
    page.locator(".doorway-category .gap + a").click()
    assert "3 schede" in total(page)
    assert page.url.endswith("?category=none")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_ribbon_opens_its_list_by_keyboard(open_page: OpenPage, width: int) -> None:
    page = open_page("/", width)
    tab_to(page, ".crosswalk .ribbon[href*='cura-conciliazione'][href*='os-ix']")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    wait_for(page, "5 schede")


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_definition_opens_by_touch_and_by_keyboard_its_page(open_page: OpenPage, javascript: bool) -> None:
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
        page.locator("#q").focus()
        tab_to(page, ".definitions a", most=5)
        page.keyboard.press("Enter")
        page.wait_for_url("**/obiettivi/")
        assert "rafforzare un accesso paritario" in page.locator("main").inner_text().lower()


def test_analyst_filters_with_the_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page("/")
    tab_to(page, ".site-nav a[href='/iniziative/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/iniziative/")
    tab_to(page, "#category-cura-conciliazione")
    page.keyboard.press("Space")
    wait_for(page, "6 schede")
    tab_to(page, "#basis-all", key="Shift+Tab")
    page.keyboard.press("ArrowDown")
    wait_for(page, "0 schede")
    page.keyboard.press("ArrowUp")
    wait_for(page, "6 schede")
    tab_to(page, "article h3 a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/iniziative/servizi-di-cura/?category=cura-conciliazione")


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
    page.get_by_role("button", name="Applica i filtri").click()
    assert "5 schede" in total(page)


JS_OR_NOT = pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])


def tick(page: "Page", slug: str, javascript: bool) -> None:
    """Without scripts ticks count once a button sends them."""
    page.locator(f'.tick[value="{slug}"]').check()
    if javascript:
        page.wait_for_url(f"**pick={slug}*")


@JS_OR_NOT
def test_entries_ticked_in_the_list_are_compared(open_page: OpenPage, javascript: bool) -> None:
    page = open_page("/iniziative/?objective=os-i", 360, java_script_enabled=javascript)
    for slug in ("coworking", "scale-up"):
        tick(page, slug, javascript)
    if not javascript:
        page.get_by_role("button", name="Segna le schede").click()
    page.get_by_role("link", name="Confrontale").click()
    page.wait_for_url("**/iniziative/confronta/?i=coworking&i=scale-up")
    assert "2 schede" in total(page)
    page.locator(".drops a").first.click()
    page.wait_for_url("**/iniziative/confronta/?i=scale-up")
    assert "1 scheda" in total(page)


@JS_OR_NOT
def test_ticks_go_along_to_every_view_and_filter_until_they_are_all_that_is_shown(
    open_page: OpenPage, javascript: bool
) -> None:
    page = open_page("/iniziative/", java_script_enabled=javascript)
    for slug in ("coworking", "servizi-infanzia"):
        tick(page, slug, javascript)
    if not javascript:
        page.get_by_role("button", name="Segna le schede").click()
    page.locator(".views").get_by_role("link", name="Tabella", exact=True).click()
    assert page.locator('.tick[value="coworking"]').is_checked()
    page.locator("#objective-os-ix").check()
    if not javascript:
        page.get_by_role("button", name="Applica i filtri").click()
    wait_for(page, "13 schede")
    assert "2 schede segnate" in page.locator("#picked").inner_text()
    page.get_by_role("link", name="Solo le segnate").click()
    wait_for(page, "2 schede")
    assert page.url.endswith("/tabella/?i=coworking&i=servizi-infanzia")
    page.locator(".views").get_by_role("link", name="Tabella incrociata").click()
    assert "2 schede" in total(page)


@JS_OR_NOT
def test_who_ticks_on_a_later_page_stays_there(open_page: OpenPage, javascript: bool) -> None:
    page = open_page("/iniziative/?page=2&page_size=10", java_script_enabled=javascript)
    box = page.locator(".tick").nth(3)
    slug = str(box.get_attribute("value"))
    tick(page, slug, javascript)
    if not javascript:
        page.get_by_role("button", name="Segna le schede").click()
    page.locator(".picked-some").wait_for(timeout=5000)
    assert page.locator(f'.tick[value="{slug}"]').is_checked()
    assert page.locator(".pager [aria-current]").inner_text().endswith("2")
    page.locator("#level-measure").check()
    if not javascript:
        page.get_by_role("button", name="Applica i filtri").click()
    wait_for(page, "10 schede")
    assert "page=2" not in page.url


@JS_OR_NOT
def test_the_same_selection_from_view_to_view_and_back(open_page: OpenPage, javascript: bool) -> None:
    page = open_page("/iniziative/?category=cura-conciliazione&order=title", java_script_enabled=javascript)
    before = total(page)
    for name, path in (("Tabella", "/tabella/"), ("Tabella incrociata", "/matrice/"), ("Figura", "/figura/")):
        page.locator(".views").get_by_role("link", name=name, exact=True).click()
        page.wait_for_url(f"**{path}?category=cura-conciliazione&order=title")
        assert total(page) == before
        assert page.locator("#category-cura-conciliazione").is_checked()
    page.locator("#objective-os-ix").check()
    if not javascript:
        page.get_by_role("button", name="Applica i filtri").click()
    wait_for(page, "5 schede")
    assert "/figura/" in page.url
    page.go_back()
    wait_for(page, before)
    page.locator(".views").get_by_role("link", name="Elenco").click()
    assert page.url.endswith("/iniziative/?category=cura-conciliazione&order=title")
    assert total(page) == before


@JS_OR_NOT
def test_the_next_of_my_result_and_back(open_page: OpenPage, javascript: bool) -> None:
    page = open_page("/tabella/?objective=os-i&order=title&page_size=10", java_script_enabled=javascript)
    page.locator(".entries tbody th a").nth(2).click()
    assert "3 di 10" in page.locator(".position").inner_text()
    page.locator(".position [rel=next]").click()
    assert "4 di 10" in page.locator(".position").inner_text()
    page.locator(".position [rel=prev]").click()
    page.get_by_role("link", name="Torna ai risultati").click()
    assert page.url.endswith("/tabella/?objective=os-i&order=title&page_size=10")


@JS_OR_NOT
def test_the_documents_own_links_crossed_in_three_clicks(open_page: OpenPage, javascript: bool) -> None:
    page = open_page("/", java_script_enabled=javascript)
    page.locator(".site-nav").get_by_role("link", name="Iniziative").click()
    page.locator(".views").get_by_role("link", name="Tabella incrociata").click()
    page.locator("#basis-source").check()
    if not javascript:
        page.get_by_role("button", name="Applica i filtri").click()
    page.wait_for_url("**/matrice/?*basis=source*")
    page.locator(".gap-editorial").first.wait_for(timeout=5000)
    assert "0" in page.locator(".gap-editorial .number").first.inner_text()


def test_sectors_with_nothing_of_a_category_in_three_clicks(open_page: OpenPage) -> None:
    page = open_page("/")
    page.locator(".site-nav").get_by_role("link", name="Categorie").click()
    page.get_by_role("link", name="Economia sociale", exact=True).click()
    nothing = page.locator(".crossing .gap").all_inner_texts()
    assert "Protezione sociale nonché vita indipendente 0" in [" ".join(text.split()) for text in nothing]


def test_what_gets_the_focus_is_seen_above_what_to_do_with_ticks(open_page: OpenPage) -> None:
    page = open_page("/iniziative/", 360, reduced_motion="reduce")
    tick(page, "presa-in-carico-integrata", True)
    page.locator(".picked-some").wait_for(timeout=5000)
    for _ in range(30):
        page.keyboard.press("Tab")
        hidden = """() => {
          const bar = document.querySelector(".picked"), it = document.activeElement.getBoundingClientRect();
          return !bar.contains(document.activeElement) && it.bottom > bar.getBoundingClientRect().top;
        }"""
        assert not page.evaluate(hidden), page.evaluate("document.activeElement.outerHTML")


def test_how_a_number_was_come_by_is_copied(open_page: OpenPage) -> None:
    page = open_page("/iniziative/?objective=os-ix", permissions=["clipboard-read", "clipboard-write"])
    page.locator(".account > summary").click()
    page.locator(".account .copy").click()
    page.get_by_role("button", name="Copiato").wait_for(timeout=5000)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("13 schede del Catalogo dell’innovazione sociale. Filtri attivi: OS ix. ")
    assert "/iniziative/?objective=os-ix" in copied


@pytest.mark.parametrize(
    "address", ["/iniziative/coworking/", "/en/objectives/os-ix/", "/dati/", "/fonte/?cite=coworking#coworking"]
)
def test_scholar_takes_a_citation_by_keyboard_on_a_phone(open_page: OpenPage, address: str) -> None:
    page = open_page(address, 360)
    if "cite=" not in address:
        tab_to(page, ".cite:has(.citation) > summary", most=150)
        page.keyboard.press("Enter")
    for ending in (".ris", ".bib"):
        tab_to(page, f".cite .hint a[href$='{ending}']", most=150)
        with page.expect_download() as taken:
            page.keyboard.press("Enter")
        assert taken.value.suggested_filename.endswith(ending)
    assert scroll_width(page) <= 360


@pytest.mark.parametrize("address", ["/iniziative/", "/tabella/"])
def test_the_first_result_is_near(open_page: OpenPage, address: str) -> None:
    """In stops of the Tab key from the second skip link, with two filters to take away."""
    page = open_page(f"{address}?objective=os-ix&level=measure")
    for _ in range(2):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Vai ai risultati"
    page.keyboard.press("Enter")
    at = "selector => document.activeElement.matches(selector)"
    stops: dict[str, int] = {}
    for number in range(1, 16):
        page.keyboard.press("Tab")
        for place in ("article *, tbody *", ".tools-taking > summary"):
            if page.evaluate(at, place):
                stops.setdefault(place, number)
    assert stops["article *, tbody *"] <= 10
    assert stops[".tools-taking > summary"] <= 15
