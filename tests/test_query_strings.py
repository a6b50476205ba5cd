"""Whatever stands in a query string: no failure, and never more than its valid part asks for."""

import os
import random
import re
from urllib.parse import quote, urlencode

import pytest
from django.http import QueryDict
from django.test import Client

from catalogue.query import read
from tests.helpers import JUNK, current_index
from tests.oracle import PlainSQL

pytestmark = pytest.mark.django_db
REQUESTS = int(os.environ.get("REQUESTS", 200))  # by hand 2000
TOTAL = re.compile(r"(\d+)\s+sched[ae]\b")  # a parsed page would take longer than the page itself
VALID = {
    "objective": ["os-i", "os-ix", "none"],
    "category": ["welfare-servizi-sociali", "cura-conciliazione", "economia-sociale", "none"],
    "sector": ["inclusione-attiva", "servizi-sociali-qualita", "istruzione-formazione", "none"],
    "scope": ["focus", "further"],
    "level": ["initiative", "measure"],
    "basis": ["all", "source"],
    "q": ["servizi", "qualità", "welfare territoriale", "impresa", "l'autonomia", "x"],
    "order": ["position", "title", "-updated"],
    "page": ["1"],
    "page_size": ["10"],
}
SINGLE = ("basis", "q", "order", "page", "page_size")
NAMES = [*VALID, "foo", "Category", "category[]", "category__in", "id", "", "ordering", "pagè", "status", "parent"]

Pairs = list[tuple[str, str]]


def draw(rng: random.Random) -> tuple[Pairs, Pairs]:
    """A query's well-formed pairs, and others that no reader of ours understands."""
    valid = [(name, value) for name in rng.sample(list(VALID), rng.randint(0, 4)) for value in some(rng, name)]
    taken = {name for name, _ in valid if name in SINGLE}
    malformed = [(rng.choice(NAMES), rng.choice(JUNK)) for _ in range(rng.randint(1, 4))]
    # A second value of a single parameter would make the first the malformed one; and any text is a good `q`.
    return valid, [(name, value) for name, value in malformed if name not in taken | {"q", "page"}]


def some(rng: random.Random, name: str) -> list[str]:
    return rng.sample(VALID[name], 1 if name in SINGLE else rng.randint(1, len(VALID[name])))


def test_malformed_parts_never_fail_nor_widen(client: Client) -> None:
    rng, refused, index = random.Random(2020), 0, current_index()
    for _ in range(REQUESTS):
        valid, malformed = draw(rng)
        pairs = rng.sample(valid + malformed, len(valid + malformed))
        response = client.get(f"/iniziative/?{urlencode(pairs)}")
        assert response.status_code == 200, pairs
        html = response.content.decode()
        asked = read(QueryDict(urlencode(valid)), index)
        assert not asked.ignored, valid
        assert int(TOTAL.findall(html)[0]) == PlainSQL().find(asked.selection).total, pairs
        assert html.count("<li><code>") == len(set(malformed)), pairs
        refused += bool(malformed)
    assert refused > REQUESTS / 2


def test_raw_bytes_never_fail(client: Client) -> None:
    rng = random.Random(382)
    for _ in range(100):
        raw = bytes(rng.randrange(256) for _ in range(rng.randint(1, 60)))
        response = client.get("/iniziative/", QUERY_STRING=quote(raw, safe="=&+;%?/#"))
        assert response.status_code == 200, raw
        assert client.get("/iniziative/", QUERY_STRING=f"q={quote(raw, safe='')}").status_code == 200, raw


def test_addresses_never_fail(client: Client) -> None:
    for junk in JUNK:
        for prefix in ("/", "/iniziative/", "/obiettivi/", "/en/"):
            assert client.get(prefix + quote(junk, safe="")).status_code in (301, 404), junk
