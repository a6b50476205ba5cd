"""What people type, asked of the list: `uv run python -m tests.asked [CHECKOUT]` prints the share answered.

CHECKOUT is the folder of another release. A query is answered when one of the entries that it wants is among the first
three that the page shows, in any order; for a term, when all three are under it.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from bs4 import BeautifulSoup

QUERIES = Path(__file__).parent / "queries.yaml"
FIRST = 3


@dataclass(frozen=True)
class Asked:
    q: str
    lang: str
    kind: str
    want: tuple[str, ...] = ()
    term: str = ""
    passage: str = ""


def queries() -> list[Asked]:
    rows = yaml.safe_load(QUERIES.read_text("utf-8"))
    return [Asked(**{**row, "want": tuple(row.get("want", ()))}) for row in rows]


def unanswered(client: Any, under: dict[str, set[str]]) -> Iterator[tuple[Asked, list[str]]]:
    """The queries that the list does not answer, and the entries it shows first; `under` has those of each term."""
    for asked in queries():
        address = {"it": "/iniziative/", "en": "/en/initiatives/"}[asked.lang]
        soup = BeautifulSoup(client.get(address, {"q": asked.q, "order": "relevance"}).content, "lxml")
        assert soup.main is not None
        shown = [str(link["href"]).split("/")[-2] for link in soup.main.select("article h3 a")][:FIRST]
        if asked.passage:
            answered = bool(soup.main.select(f'a[href$="#{asked.passage}"]'))
        elif asked.term:
            answered = bool(shown) and set(shown) <= under[asked.term]
        else:
            answered = bool(set(shown) & set(asked.want))
        if not answered:
            yield asked, shown


def entries_under_terms() -> dict[str, set[str]]:
    from initiatives.models import LINKS

    under: dict[str, set[str]] = {}
    for link in LINKS.values():
        for term, entry in link._default_manager.values_list("term__slug", "initiative__slug"):
            under.setdefault(term, set()).add(entry)
    return under


def main() -> None:
    checkout = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    sys.path.insert(0, str(checkout))
    os.chdir(checkout)
    os.environ["DATA_DIR"] = str(checkout / "var" / "asked")
    os.environ["DJANGO_SETTINGS_MODULE"] = "catalogue.settings"
    import django

    django.setup()
    from django.test import Client

    from catalogue.management.commands.start import collecting_static, load_catalogue, prepare_database

    with collecting_static():
        prepare_database()
        load_catalogue()
    missed = list(unanswered(Client(HTTP_HOST="127.0.0.1"), entries_under_terms()))
    for asked, shown in missed:
        print(f"{asked.kind:12} {asked.q[:60]!r} shows {shown}, wanted {asked.want or asked.term or asked.passage}")
    whole = len(queries())
    print(f"{whole - len(missed)} of {whole} answered: {1 - len(missed) / whole:.0%}")


if __name__ == "__main__":
    main()
