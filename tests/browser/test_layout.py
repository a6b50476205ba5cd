"""Every kind of page in a real browser: it fits, it is accessible, and the browser has nothing to say."""

from typing import TYPE_CHECKING

import pytest

from tests.browser.helpers import ADDRESSES, ENGLISH, OpenPage, resize, scroll_width, violations
from tests.helpers import KINDS

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request


# 640 and 320 are 1280 at 200 % and 400 %.
WIDTHS = (1280, 640, 360, 320)


def fits(page: "Page", address: str) -> None:
    for width in WIDTHS:
        resize(page, width)
        assert scroll_width(page) <= width, (address, width)


def keeps_edges_and_rests(page: "Page", address: str) -> None:
    """In forced colours and with less motion."""
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    assert scroll_width(page) <= 360, address
    edges = page.locator("main .term, main .basis-editorial, main .chip-remove")
    assert {"solid", "dashed"} >= set(edges.evaluate_all("all => all.map(e => getComputedStyle(e).borderTopStyle)")), (
        address
    )
    moving = "all => all.filter(e => parseFloat(getComputedStyle(e).transitionDuration) > 0.01).length"
    assert page.locator("main *").evaluate_all(moving) == 0, address
    page.emulate_media(forced_colors="none", reduced_motion="no-preference")


def test_pages_fit_and_axe_finds_nothing(open_page: OpenPage) -> None:
    """One test, for each page to be opened once."""
    page = open_page("/")
    for address in ADDRESSES:
        page.goto(address)
        fits(page, address)
        # Each kind of page at one width in one language, at the other in the other; `.ci/pages` asks for all.
        width = 1280 if address in ENGLISH else 360
        resize(page, 360)
        keeps_edges_and_rests(page, address)
        resize(page, width)
        if width == 360:  # what is open there; on wide screens as the reader meets it
            page.locator("details").evaluate_all("all => all.forEach(details => details.open = true)")
        assert violations(page) == [], (address, width)


def test_pages_fit_without_scripts_and_no_control_does_nothing(open_page: OpenPage) -> None:
    """What is a button sends a form, or opens what the browser opens by itself."""
    page = open_page("/", java_script_enabled=False)
    scripted = page.locator("button:not([popovertarget], [type=submit]):visible, [data-narrow]:visible")
    for address in [*KINDS, "/fonte/?cite=coworking"]:
        page.goto(address)
        fits(page, address)
        page.locator("details").evaluate_all("all => all.forEach(details => details.open = true)")
        assert scripted.count() == 0, address
        sent = page.locator("button[type=submit], main select").evaluate_all("all => all.every(each => each.form)")
        assert sent, address


@pytest.mark.parametrize("address", ["/", "/en/"])
def test_first_screen_of_home_holds_its_search_and_three_doors(open_page: OpenPage, address: str) -> None:
    page = open_page(address, java_script_enabled=False)
    resize(page, 1280, 800)
    for selector in ("h1", "#q", ".hero .total", ".door"):
        each = page.locator(selector)
        boxes = [each.nth(n).bounding_box() for n in range(each.count())]
        assert len(boxes) == (3 if selector == ".door" else 1)
        assert all(box is not None and box["y"] > 0 and box["y"] + box["height"] <= 800 for box in boxes), selector
    resize(page, 320, 700)
    low = "all => all.filter(a => a.getBoundingClientRect().height < 24).map(a => a.outerHTML)"
    assert page.locator(".doors a, .doorways a").evaluate_all(low) == []


@pytest.mark.parametrize("address", ["/", "/en/initiatives/"])
def test_open_suggestions_are_accessible_and_fit(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    for width in (1280, 640, 360, 320):
        resize(page, width)
        page.locator("details").evaluate_all("all => all.forEach(details => details.open = true)")
        page.locator("#q").fill("")
        page.locator("#q").press_sequentially("social")
        page.locator("#suggestions [role=option]").first.wait_for(timeout=5000)
        page.keyboard.press("ArrowDown")
        assert scroll_width(page) <= width, width
        box = page.locator("#suggestions").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        cut = "box => [...box.children].filter(each => each.scrollWidth > each.clientWidth).length"
        assert page.locator("#suggestions").evaluate(cut) == 0
        in_sight = """box => {
          const {right} = box.getBoundingClientRect();
          return document.elementsFromPoint(right - 4, box.getBoundingClientRect().top + 8).includes(box);
        }"""
        assert page.locator("#suggestions").evaluate(in_sight), width
    assert violations(page) == []
    page.emulate_media(forced_colors="active")
    outline = "option => getComputedStyle(option).outlineStyle"
    assert page.locator("#suggestions [aria-selected=true]").evaluate(outline) == "solid"


def test_axe_finds_nothing_where_nothing_is(open_page: OpenPage, said: list[str]) -> None:
    for address in ("/manca/", "/en/manca/"):
        assert violations(open_page(address)) == [], address
    assert all("404" in words for words in said)
    said.clear()


@pytest.mark.parametrize("address", ["/", "/obiettivi/os-ix/", "/en/picture/", "/incorpora/figura/", "/en/dossier/"])
@pytest.mark.parametrize(("width", "drawings"), [(1280, 1), (768, 2), (360, 2), (320, 2)])
def test_crosswalk_is_legible_on_every_screen(open_page: OpenPage, address: str, width: int, drawings: int) -> None:
    page = open_page(address, width, java_script_enabled=False)
    assert scroll_width(page) <= width
    shown = page.locator(".crosswalk svg:visible")
    assert shown.count() == drawings
    size = "svg => svg.getScreenCTM().a * parseFloat(getComputedStyle(svg.querySelector('text')).fontSize)"
    assert all(shown.nth(n).evaluate(size) >= 12 for n in range(drawings))
    assert overflowing(page) == []
    page.emulate_media(media="print")
    assert page.locator(".crosswalk svg:visible").count() == 1
    assert not page.locator(".crosswalk-words").is_visible()


def overflowing(page: "Page") -> list[str]:
    """The words of narrow drawings that don't fit the ground they stand on."""
    return page.locator(".crosswalk-narrow .node:visible").evaluate_all(
        """nodes => nodes.flatMap(node => {
          const ground = node.querySelector(".ground").getBoundingClientRect();
          return [...node.querySelectorAll("text")].filter(text => {
            const box = text.getBoundingClientRect();
            return box.right > ground.right || box.top < ground.top - 1 || box.bottom > ground.bottom + 1;
          }).map(text => text.textContent);
        })"""
    )


@pytest.mark.parametrize("address", ["/iniziative/?objective=os-ix", "/obiettivi/os-ix/", "/iniziative/coworking/"])
def test_print_is_a_dossier(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    page.emulate_media(media="print")
    for hidden in (".site-menu", ".breadcrumb-container", ".filters", ".pager"):
        for part in page.locator(hidden).all():
            assert not part.is_visible()
    assert address in page.locator("#colophon").inner_text()
    assert "versione" in page.locator("#colophon").inner_text()
    assert page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.parametrize(("width", "visible"), [(1280, True), (360, False)])
def test_menu_and_filters_are_open_on_wide_screens(open_page: OpenPage, width: int, visible: bool) -> None:
    page = open_page("/iniziative/", width, java_script_enabled=False)
    for inside, opens in (("#objective-os-ix", ".filters"), (".site-nav a", ".site-menu")):
        assert page.locator(inside).first.is_visible() is visible
        if not visible:
            page.locator(f"{opens} > summary").click()
            assert page.locator(inside).first.is_visible()


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_are_light(open_page: OpenPage, address: str) -> None:
    page = open_page("about:blank")
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))
    page.goto(address, wait_until="networkidle")
    weights = {r.url: s["responseBodySize"] + s["responseHeadersSize"] for r in finished for s in [r.sizes()]}
    assert sum(weights.values()) <= 200 * 1024, weights
    assert weights[page.url] <= 15 * 1024, weights
    assert sum(weight for url, weight in weights.items() if "/static/js/" in url) <= 6 * 1024, weights


@pytest.mark.parametrize(("width", "most"), [(1280, 5000), (360, 8500)])
def test_a_list_can_be_read_without_much_scrolling(open_page: OpenPage, width: int, most: int) -> None:
    page = open_page("/iniziative/", width)
    assert page.locator(".entry-card").count() == 27
    assert page.evaluate("document.documentElement.scrollHeight") <= most


@pytest.mark.parametrize("address", ["/iniziative/", "/en/initiatives/", "/iniziative/?objective=os-ix&basis=source"])
def test_on_a_small_screen_the_first_card_begins_on_the_first(open_page: OpenPage, address: str) -> None:
    page = open_page(address, 360)
    resize(page, 360, 640)
    header, card = page.locator("header").bounding_box(), page.locator(".entry-card").first.bounding_box()
    assert header is not None
    assert card is not None
    assert header["height"] <= 112
    assert card["y"] < 600
    for hidden in ("#order", ".downloads"):
        assert not page.locator(hidden).is_visible()
    for summary, shown in ((".tools", "#order"), (".tools-taking", ".downloads")):
        page.locator(f"{summary} > summary").click()
        assert page.locator(shown).is_visible()


def test_panel_stays_in_sight_on_wide_screens_and_one_tap_away_on_others(open_page: OpenPage) -> None:
    page = open_page("/iniziative/?objective=os-ix", 1280)
    page.evaluate("scrollTo(0, 1500)")
    box = page.locator("#objective-os-ix").bounding_box()
    assert box is not None
    assert 0 <= box["y"] <= 900
    page = open_page("/iniziative/?objective=os-ix&level=measure", 360)
    page.evaluate("scrollTo(0, 1500)")
    button = page.locator(".filters > summary")
    box = button.bounding_box()
    assert box is not None
    assert 0 <= box["y"] <= 900
    assert button.inner_text() == "Filtri (2)"


def test_button_of_the_filters_covers_no_words_in_part(open_page: OpenPage) -> None:
    page = open_page("/tabella/?objective=os-ix", 360, java_script_enabled=False)
    filters, results = page.locator(".filters"), page.locator(".results")
    bar, lines = filters.bounding_box(), results.bounding_box()
    assert bar is not None
    assert lines is not None
    assert (bar["x"], bar["width"]) == (lines["x"], lines["width"])
    assert filters.evaluate("bar => getComputedStyle(bar).backgroundColor") == "rgb(255, 255, 255)"


def test_panel_is_shaded_where_it_goes_on(open_page: OpenPage) -> None:
    panel = open_page("/iniziative/").locator(".filters form")
    panel.page.evaluate("scrollTo(0, 1500)")
    edge = """panel => {
      panel.scrollTop = arguments[1];
      const {left, bottom} = panel.getBoundingClientRect();
      return [left + 1, bottom - 2];
    }"""
    pixels = []
    for top in (0, 100_000):
        left, bottom = panel.evaluate(edge.replace("arguments[1]", str(top)))
        pixels.append(panel.page.screenshot(clip={"x": left, "y": bottom, "width": 8, "height": 1}))
    assert pixels[0] != pixels[1]


@pytest.mark.parametrize("width", [768, 360])
def test_button_of_the_menu_stays_where_it_is(open_page: OpenPage, width: int) -> None:
    page = open_page("/en/", width, java_script_enabled=False)
    button, brand = page.locator(".site-menu > summary"), page.locator(".brand")
    before = button.bounding_box(), brand.bounding_box()
    button.click()
    assert page.locator(".site-nav a").first.is_visible()
    assert (button.bounding_box(), brand.bounding_box()) == before


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("address", ["/iniziative/", "/iniziative/coworking/", "/iniziative/modelli-abitativi/"])
def test_crumbs_are_parted_and_none_leads_to_nothing(open_page: OpenPage, address: str, width: int) -> None:
    page = open_page(address, width, java_script_enabled=False)
    crumbs, signs = page.locator(".breadcrumb-item"), page.locator(".separator")
    shown = [sum(each.nth(n).is_visible() for n in range(each.count())) for each in (crumbs, signs)]
    assert shown[0] >= 2
    assert shown[1] == shown[0] - 1


@pytest.mark.parametrize("width", [1280, 360])
def test_forced_colours_keep_every_button(open_page: OpenPage, width: int) -> None:
    page = open_page("/iniziative/?objective=os-ix&pick=coworking", width, forced_colors="active")
    for address in (
        "/iniziative/?objective=os-ix&pick=coworking",
        "/tabella/",
        "/matrice/",
        "/iniziative/coworking/",
        "/fonte/",
    ):
        page.goto(address)
        page.locator("details").evaluate_all("all => all.forEach(details => details.open = true)")
        edges = "all => all.filter(e => e.checkVisibility()).map(e => getComputedStyle(e).borderTop)"
        found = set(page.locator("main button, main .btn, main .chip-remove").evaluate_all(edges))
        assert found, address
        assert all(edge.startswith(("1px solid", "2px solid")) for edge in found), (address, found)


def test_nothing_moves_while_a_page_loads(open_page: OpenPage) -> None:
    """Cumulative layout shift; what the reader's eye or a passage's anchor has found stays there."""
    for address in ("/matrice/", "/iniziative/", "/fonte/#pay-by-result"):
        page = open_page("about:blank", 360)
        page.goto(address, wait_until="networkidle")
        shift = """() => new Promise(done => new PerformanceObserver(list => done(
          list.getEntries().reduce((sum, entry) => sum + entry.value, 0)
        )).observe({type: "layout-shift", buffered: true}) || setTimeout(() => done(0), 500))"""
        assert page.evaluate(shift) < 0.05, address


def test_passage_arrived_at_is_in_sight(open_page: OpenPage) -> None:
    for anchor in ("pay-by-result", "servizi-infanzia", "coworking"):
        page = open_page(f"/fonte/?cite={anchor}#{anchor}")
        page.wait_for_load_state("networkidle")
        box = page.locator(f"#{anchor}").bounding_box()
        assert box is not None
        assert 0 <= box["y"] < 300, anchor
