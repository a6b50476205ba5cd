"""How fast a text is found: `DATA_DIR=var/samples/1000 uv run python -m tests.benchmarks.search 1000`.

Prints medians of whole answers in milliseconds, each as if nobody had asked for its text before. What a release does
not have is left out: `tests.benchmarks.releases` runs this file in the checkouts of two.
"""

import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from tests.benchmarks.facets import prepare

TEXTS = {
    "a word": {"q": "famiglie", "order": "position"},
    "a common word": {"q": "servizi", "order": "position"},
    "two words": {"q": "servizi sociali", "order": "position"},
    "a phrase": {"q": '"servizi sociali"', "order": "position"},
    "a word by relevance": {"q": "famiglie", "order": "relevance"},
    "a common word by relevance": {"q": "servizi", "order": "relevance"},
    "a phrase by relevance": {"q": '"servizi sociali"', "order": "relevance"},
    "misspelt": {"q": "agricolutra xqzjwkv"},
}
TYPED = ("ser", "servizi per l'inf", "cowor", "agricolutra", "OS i", "innovazione soc")


def main() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "catalogue.settings"
    django.setup()
    prepare(int(sys.argv[1]))
    measure()


def measure() -> None:
    from django.test import Client
    from django.urls import NoReverseMatch, reverse

    from catalogue.presenters import text
    from initiatives.search import marks
    from tests.helpers import current_index

    client, index = Client(headers={"host": "localhost"}), current_index()
    shelves = [getattr(index, name, None) for name in ("labels", "document", "wordings")]
    remembering = [getattr(marks, "_read", None), text.plain, index.__dict__.get("reading")]
    remembering += [getattr(shelf, "having", None) for shelf in shelves]

    def forget() -> None:
        index.texts.known.clear()
        for function in remembering:
            getattr(function, "cache_clear", lambda: None)()

    def asked(address: str) -> float:
        assert client.get(address).status_code == 200, address
        took = []
        for _ in range(15):
            forget()
            with turn():
                began = time.perf_counter()
                client.get(address)
                took.append((time.perf_counter() - began) * 1000)
        return statistics.median(took)

    for name, query in TEXTS.items():
        print(name.replace(" ", "-"), round(asked(f"/iniziative/?{urlencode(query)}"), 3), "ms")
    try:
        suggestions = reverse("suggestions")
    except NoReverseMatch:
        return
    for typed in TYPED:
        milliseconds = asked(f"{suggestions}?{urlencode({'q': typed})}")
        print(f"suggestions-{typed.replace(' ', '-')}", round(milliseconds, 3), "ms")


@contextmanager
def turn() -> Iterator[None]:
    """Waits until the other release, which is measured beside this one, is done, and says when this one is."""
    if "IN_TURN" not in os.environ:
        yield
        return
    sys.stdin.readline()
    yield
    print(".", flush=True)


if __name__ == "__main__":
    main()
