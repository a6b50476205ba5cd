import os
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from tests.browser.helpers import FLAGS
from tests.sites import RunningSite

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright is not installed: uv sync --all-groups")
    chromium = shutil.which("chromium") or missing("there is no chromium on this machine")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


def missing(reason: str) -> NoReturn:
    """Skips; in CI, where everything must be there, fails."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def said() -> list[str]:
    """What the browser said on its console or could not fetch."""
    return []


@pytest.fixture
def open_page(browser: "Browser", site: RunningSite, said: list[str]) -> Iterator[Callable[..., "Page"]]:
    """Opens an address of the site in a context of its own, with options of playwright's.

    At the end of the test the browser must have had nothing to say and no cookie to keep.
    """
    contexts = []

    def failed(request: "Request") -> None:
        if request.failure != "net::ERR_ABORTED":  # given up because the test went on to another page
            said.append(f"failed: {request.url}")

    def goto(address: str, width: int = 1280, **options: Any) -> "Page":
        context = browser.new_context(viewport={"width": width, "height": 900}, base_url=site.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("requestfailed", failed)
        page.goto(address)
        return page

    yield goto
    for context in contexts:
        assert context.cookies() == []
        context.close()
    assert said == []
