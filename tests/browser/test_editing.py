"""The editors' pages in a real browser: they fit, they are accessible, passages are chosen by keyboard alone."""

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.helpers import tab_to, violations
from tests.sites import RunningSite, manage, new_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SignIn = Callable[..., "Page"]
PASSWORD = "una-parola-per-le-prove"
MODELS = (
    *(f"initiatives/{name}" for name in ("initiative", "passage", "source", "synonymgroup", "publicentry")),
    *(f"taxonomy/{name}" for name in ("interventioncategory", "specificobjective", "prioritysector")),
)
# Every page at both widths takes five minutes: `CI` asks for one of them, each in its language.
WIDTHS = {"it": [1280], "en": [360]} if os.environ.get("CI") else {"it": [1280, 360], "en": [1280, 360]}
# Pages of these two are made by the same class: `CI` asks for one of them in each language.
LEFT_OUT = {"it": "interventioncategory", "en": "specificobjective"} if os.environ.get("CI") else {}
# The twenty-eighth entry.
HANDED_IN = """
from catalogue.submissions.models import Submission
from initiatives.models import Initiative
draft = Initiative.objects.create(slug="bozza", title="Una bozza", summary="Sintesi.", position=28)
Submission.objects.create(initiative=draft, comment="È da leggere.")
"""
KINDS = ("", "?q=servizi", "add/", "1/change/", "1/history/", "1/delete/")
NEVER = {"initiatives/publicentry/add/", "initiatives/publicentry/1/delete/"}
ENTRY = [
    f"/admin/initiatives/initiative/{address}"
    for address in ("28/revisione/", "5/history/", "1/indirizzo/", "eliminate/")
]
PAGES = ["/admin/", "/admin/verifica/", "/admin/guida/", "/admin/submissions/submission/", *ENTRY]
PAGES += [f"/admin/{m}/{kind}" for m in MODELS for kind in KINDS if f"{m}/{kind}" not in NEVER]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """A site of these tests' own, with an administrator: they leave it changed."""
    running = new_site(tmp_path_factory.mktemp("editing") / "var", "catalogue_editing")
    who = ("--username", "redazione", "--email", "redazione@example.org")
    variables = running.variables | {"DJANGO_SUPERUSER_PASSWORD": PASSWORD}
    assert manage("createsuperuser", "--noinput", *who, **variables).returncode == 0
    assert manage("shell", "-c", HANDED_IN, **variables).returncode == 0
    yield running
    running.stop()


@pytest.fixture
def sign_in(browser: "Browser", site: RunningSite) -> Iterator[SignIn]:
    """Opens an address as an editor. At the end the browser must have had nothing to say."""
    said: list[str] = []
    contexts = []

    def goto(address: str, width: int = 1280, **options: Any) -> "Page":
        context = browser.new_context(viewport={"width": width, "height": 900}, base_url=site.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
        page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto("/admin/login/")
        page.wait_for_selector("#id_username:focus")  # the browser says so if it is forestalled
        page.fill("#id_username", "redazione")
        page.fill("#id_password", PASSWORD)
        page.click("[type=submit]")
        page.wait_for_url("**/admin/")
        page.goto(address)
        return page

    yield goto
    for context in contexts:
        context.close()
    assert said == []


@pytest.mark.parametrize("language", ["it", "en"])
def test_pages_are_accessible_and_fit(sign_in: SignIn, language: str) -> None:
    page = sign_in("/admin/initiatives/initiative/5/change/")
    page.fill("#id_summary", f"Altre parole, per la storia ({language}).")
    page.click("[name=_save]")
    page.goto("/admin/")
    if language == "en":
        page.get_by_role("button", name="English").click()
        page.wait_for_url("**/admin/")
    asked = [address for address in PAGES if LEFT_OUT.get(language, " ") not in address]
    for address in (*asked, f"/admin/initiatives/initiative/28/anteprima/?lingua={language}"):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        assert page.locator("html").get_attribute("lang") == language
        if "anteprima" not in address:  # a page of the public's, which never has all open
            page.locator("details").evaluate_all("all => all.forEach(details => details.open = true)")
        for width in WIDTHS[language]:
            page.set_viewport_size({"width": width, "height": 900})
            assert violations(page) == [], (address, width)
            assert page.locator("html").evaluate("html => html.scrollWidth") <= width, (address, width)


@pytest.mark.parametrize("address", ["initiatives/initiative/3/change/", "initiatives/initiative/add/"])
def test_who_is_refused_begins_at_what_is_wrong(sign_in: SignIn, address: str) -> None:
    page = sign_in(f"/admin/{address}")
    page.fill("#id_title", "")
    page.select_option("#id_scope", index=0)
    page.click("[name=_save]")
    page.locator(".refusal:focus").wait_for(timeout=5000)
    assert page.locator(".refusal").is_visible()
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == [], width
        assert page.locator("html").evaluate("html => html.scrollWidth") <= width
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#id_title")
    page.wait_for_function("document.querySelector('#id_title').getBoundingClientRect().top < innerHeight")


def test_what_waits_stands_above_the_menus(sign_in: SignIn) -> None:
    page = sign_in("/admin/")
    waiting, menus, done = (
        page.locator(each).bounding_box() for each in (".waiting", "#content-main", "#recent-actions-module")
    )
    assert waiting
    assert menus
    assert done
    assert waiting["y"] + waiting["height"] <= menus["y"] == done["y"]
    assert waiting["x"] == menus["x"] < done["x"]
    assert menus["y"] - waiting["y"] - waiting["height"] < 50, "no hole"


def test_lists_show_all_of_each_row(sign_in: SignIn) -> None:
    """Wide or narrow, nothing is out of sight; narrow, each cell says which column it is of."""
    page = sign_in("/admin/")
    for model in (*MODELS, "submissions/submission"):
        page.goto(f"/admin/{model}/")
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            table = page.locator(".results")
            assert table.evaluate("table => table.scrollWidth <= table.clientWidth"), (model, width)
    page.goto("/admin/initiatives/initiative/")
    stage = page.locator("#result_list .field-stage").first
    assert stage.evaluate("cell => getComputedStyle(cell, '::before').content") == '"Stato: "'
    page.locator("#result_list tbody input").first.check()
    assert page.locator(".action-counter").inner_text() == "Selezione: 1 di 28"


def test_passages_are_found_and_chosen_with_the_keyboard_alone(sign_in: SignIn) -> None:
    page = sign_in("/admin/initiatives/initiative/1/change/")
    picker = page.locator("#id_passages")
    before = picker.locator(":checked").count()
    tab_to(page, "#id_passages summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("nido")
    picker.locator(".found", has_text="trovat").wait_for(timeout=5000)
    page.keyboard.press("Enter")
    assert page.url.endswith("/change/"), "the form is not sent while one searches"
    shown = picker.locator(".passages-others li:visible")
    assert shown.count() == 1
    assert "nidi" in shown.locator("mark").inner_text()
    assert violations(page) == []
    tab_to(page, "#id_passages [type=checkbox]", most=3)
    page.keyboard.press("Space")
    assert picker.locator(".passages-count").inner_text() == f"{before + 1} passi scelti"
    page.locator("#id_passages_search").fill("")
    picker.locator(".passages-others li:visible").nth(5).wait_for(timeout=5000)
    assert picker.locator("mark").count() == 0
    page.click("[name=_continue]")
    page.wait_for_url("**/change/")
    assert page.locator("#id_passages .passages-chosen :checked").count() == before + 1


@pytest.mark.parametrize("box", ["#id_passages_search", "#passage-dialog-search"])
def test_search_that_fails_says_so(sign_in: SignIn, box: str) -> None:
    page = sign_in("/admin/initiatives/initiative/1/change/")
    if "dialog" in box:
        page.locator("#categorylinks-0 .choose-passage").click()
    else:
        page.locator("#id_passages summary").click()
    found = page.locator(f".search-row:has({box}) .found")
    page.fill(box, "nido")
    found.filter(has_text="trovat").wait_for(timeout=5000)
    page.context.clear_cookies()
    page.fill(box, "asilo")
    found.filter(has_text="La ricerca non ha risposto").wait_for(timeout=5000)


def test_reason_is_chosen_by_reading(sign_in: SignIn) -> None:
    page = sign_in("/admin/initiatives/initiative/1/change/")
    own = page.locator("#id_passages :checked").count()
    row = page.locator("#categorylinks-0")
    row.locator(".choose-passage").focus()
    page.keyboard.press("Enter")
    dialog = page.locator("#passage-dialog")
    assert dialog.locator("li").nth(own - 1).locator("span").inner_text() == "Tra i passi di questa scheda"
    assert dialog.locator("li").nth(own).locator("span").count() == 0
    assert page.evaluate("document.activeElement.id") == "passage-dialog-search"
    page.keyboard.type("pay by result")
    dialog.locator(".found", has_text="trovat").wait_for(timeout=5000)
    text = dialog.locator("li button").first.inner_text()
    assert violations(page) == []
    tab_to(page, "#passage-dialog li button", most=3)
    page.keyboard.press("Enter")
    assert not dialog.is_visible()
    assert row.locator(".passage-said").inner_text() == text
    assert page.evaluate("document.activeElement.className") == "button choose-passage"
    row.locator("[name$=-basis]").select_option("editorial")
    assert row.locator("[name$=-note]").is_visible()
    row.locator("[name$=-term]").select_option(index=2)
    assert row.locator(".wording").inner_text()


def test_link_is_added_with_its_reason(sign_in: SignIn) -> None:
    page = sign_in("/admin/initiatives/initiative/2/change/")
    rows = page.locator("#objectivelinks-group .has_original").count()
    page.locator("#objectivelinks-group .addlink").click()
    row = page.locator(f"#objectivelinks-{rows}")
    used = page.locator("#objectivelinks-group .has_original [name$=-term]").evaluate_all(
        "all => all.map(e => e.value)"
    )
    values = row.locator("[name$=-term] option").evaluate_all("all => all.map(e => e.value).filter(Boolean)")
    row.locator("[name$=-term]").select_option(next(value for value in values if value not in used))
    row.locator("[name$=-basis]").select_option("editorial")
    row.locator("[name$=-note]").fill("Perché lo dice il titolo.")
    assert row.locator(".choose-passage").is_visible()
    page.click("[name=_continue]")
    page.wait_for_url("**/change/")
    assert page.locator(".errornote").count() == 0
    assert page.locator("#objectivelinks-group .has_original").count() == rows + 1


def test_without_scripts_everything_can_be_chosen(sign_in: SignIn) -> None:
    page = sign_in("/admin/initiatives/initiative/3/change/", java_script_enabled=False)
    page.locator("#id_lead_ins summary").click()
    box = page.locator("#id_lead_ins .passages-others [type=checkbox]").first
    value = box.get_attribute("value")
    box.check()
    assert not page.locator(".choose-passage").first.is_visible()
    page.click("[name=_continue]")
    assert page.locator(f'#id_lead_ins .passages-chosen [value="{value}"]').is_checked()


def test_nobody_leaves_with_what_is_not_saved(sign_in: SignIn) -> None:
    page = sign_in("/admin/initiatives/initiative/4/change/")
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.type))
    page.goto("/admin/initiatives/initiative/4/change/")
    assert asked == []
    page.locator("#id_summary").press_sequentially("Altro. ")
    with page.context.expect_page():
        page.locator(".submit-row [formtarget=_blank]").first.click()
    page.locator("div.breadcrumbs a").first.click()
    page.wait_for_url("**/admin/")
    assert asked == ["beforeunload"], "a preview saves nothing"


def test_initiative_is_found_among_very_many(site: RunningSite, sign_in: SignIn) -> None:
    made = "Initiative(slug=f'molte-{n}', title=f'Iniziativa numero {n}', summary='Una.') for n in range(100)"
    code = f"from initiatives.models import Initiative; Initiative.objects.bulk_create([{made}])"
    assert manage("shell", "-v0", "-c", code, **site.variables).returncode == 0
    page = sign_in("/admin/initiatives/initiative/add/")
    parent = page.locator("#id_parent")
    assert parent.locator("option").count() == 1
    page.locator("#id_parent_search").press_sequentially("numero 77")
    parent.locator("option", has_text="numero 77").wait_for(state="attached", timeout=5000)
    assert page.locator(".one-entry .found").inner_text() == "Trovate nell’elenco qui sotto: 1"
    assert violations(page) == []
    parent.select_option(label="Iniziativa numero 77")
    page.locator("#id_parent_search").fill("zibibbo")
    page.locator(".one-entry .found", has_text="Nessuna").wait_for(timeout=5000)
    assert parent.locator("option:checked").inner_text() == "Iniziativa numero 77", "what is chosen stays"
    page.fill("#id_title", "Una misura nuova")
    page.fill("#id_summary", "Sintesi.")
    page.click("[name=_continue]")
    page.wait_for_url("**/change/")
    assert page.locator(".one-entry a").inner_text() == "Iniziativa numero 77"
