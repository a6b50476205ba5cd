"""A page links the stylesheets that it needs, they stay light, and no rule outlives what it was for."""

import re
from functools import cache
from pathlib import Path

import brotli
import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests.helpers import KINDS, ROOT

pytestmark = pytest.mark.django_db
SHEETS = {path.name: path for path in sorted((ROOT / "static" / "css").glob("*.css"))}
MISSING = "/niente/"
ALL = [*KINDS, MISSING, "/incorpora/figura/", "/incorpora/tabella/"]
# The views of a selection have its filters and its cards, and two of them the tables' stylesheet.
VIEWS = {"/iniziative/": 5_600, "/tabella/": 7_400, "/matrice/": 7_400, "/figura/": 6_200}
HEAVIEST = {a: 5_325 if a == "/" else VIEWS.get(a.partition("?")[0], 6_144) for a in ALL}
SET_BY_LIBRARIES = {"htmx-request"}


def soup_of(client: Client, address: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(address).content, "lxml")


def linked(soup: BeautifulSoup) -> list[str]:
    """The names of our own stylesheets that a page links, as they are called in `static/css`."""
    addresses = [str(link["href"]) for link in soup.select('link[rel="stylesheet"]')]
    hashed = [address.removeprefix("/static/css/") for address in addresses if address.startswith("/static/css/")]
    return [re.sub(r"\.[0-9a-f]{12}\.css$", ".css", name) for name in hashed]


@cache
def weight(path: Path) -> int:
    return len(brotli.compress(path.read_bytes(), quality=11))


@cache
def selectors(path: Path) -> list[str]:
    """Every selector of a stylesheet, one by one; what stands in an @-rule too."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    preludes = (prelude.strip() for prelude in re.findall(r"([^{};]+)\{", text))
    return [one.strip() for prelude in preludes if not prelude.startswith("@") for one in prelude.split(",")]


def classes_of(selector: str) -> set[str]:
    return set(re.findall(r"\.([a-zA-Z][\w-]*)", selector))


def applies(selector: str, soup: BeautifulSoup) -> bool:
    """Whether a selector finds something in a page, whatever state or part of an element it asks for."""
    plain = re.sub(r"::[\w-]+|:(hover|focus-visible|focus|target|checked)", "", selector)
    return soup.select_one(plain or "*") is not None


@pytest.mark.parametrize(("address", "most"), HEAVIEST.items())
def test_stylesheets_of_a_page_are_light(client: Client, address: str, most: int) -> None:
    weights = {name: weight(SHEETS[name]) for name in linked(soup_of(client, address))}
    assert weights
    assert sum(weights.values()) <= most, weights


@pytest.mark.parametrize("address", ALL)
def test_page_links_the_stylesheets_that_have_rules_for_it(client: Client, address: str) -> None:
    soup = soup_of(client, address)
    present = {word for tag in soup.select("[class]") for word in tag["class"]}
    needed = {
        name
        for name, path in SHEETS.items()
        if any(classes_of(selector) <= present and applies(selector, soup) for selector in selectors(path))
    }
    assert set(linked(soup)) == needed


def test_every_stylesheet_is_linked(client: Client) -> None:
    assert {name for address in ALL for name in linked(soup_of(client, address))} == set(SHEETS)


@pytest.mark.parametrize("name", SHEETS)
def test_every_class_with_a_rule_is_in_a_template_or_a_script(name: str) -> None:
    templates = "".join(path.read_text("utf-8") for path in (ROOT / "templates").rglob("*.*"))
    values = re.findall(r'class="([^"]*)"', re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", templates))
    scripts = "".join(path.read_text("utf-8") for path in (ROOT / "static" / "js").glob("*.js"))
    named = {word for value in values for word in value.split()} | classes_of(scripts) | SET_BY_LIBRARIES
    # A name that a template puts together, `gap-{{ … }}`, is left with its beginning.
    beginnings = tuple(word for word in named if word.endswith("-"))
    styled = set().union(*map(classes_of, selectors(SHEETS[name])))
    assert {word for word in styled - named if not word.startswith(beginnings)} == set()


def test_every_token_is_set_and_used() -> None:
    text = "".join(path.read_text("utf-8") for path in SHEETS.values())
    assert set(re.findall(r"(--[\w-]+):", text)) == set(re.findall(r"var\((--(?!bs-)[\w-]+)", text))
