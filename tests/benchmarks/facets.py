"""How fast a selection is answered: `uv run python -m tests.benchmarks.facets --entries 100000 [--database-url URL]`.

Prints medians of one run: the index, its SQL twin, and the whole page through its real address, cold (no ETag sent, no
remembered text). 27 entries are the real ones; any other number is a sample, made the first time in var/samples.
The lines after the table are for machines: name, value, unit.
"""

import argparse
import os
import resource
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.benchmarks import ROOT

CASES = {
    "no choice": "",
    "one term": "?objective=os-ix",
    "two terms in three facets": "?objective=os-i&objective=os-ix&category=economia-sociale&category=none"
    "&sector=inclusione-attiva&sector=servizi-sociali-qualita",
    "a term and a common word": "?objective=os-ix&q=servizi",
    "a rare word": "?q={rare}",
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=27)
    parser.add_argument("--database-url", default="")
    parser.add_argument("--data-dir", type=Path, help="in place of var/samples/N")
    arguments = parser.parse_args()
    os.environ["DATA_DIR"] = str(arguments.data_dir or ROOT / "var" / "samples" / str(arguments.entries))
    os.environ["DATABASE_URL"] = arguments.database_url
    os.environ["DJANGO_SETTINGS_MODULE"] = "catalogue.settings"
    import django

    django.setup()
    prepare(arguments.entries)
    measure(arguments.entries)


def prepare(entries: int) -> None:
    from django.core.management import call_command

    from catalogue.management.commands import start
    from initiatives.models import Initiative

    with start.collecting_static():
        start.prepare_database()
    if not Initiative.objects.exists():
        if entries == 27:
            start.load_catalogue()
        else:
            call_command("sample", entries=entries)
    there = Initiative.objects.count()
    if there != entries:
        raise SystemExit(f"The database holds {there} entries, not {entries}: name an empty one.")


def measure(entries: int) -> None:
    from django.db import connection
    from django.http import QueryDict
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from catalogue.query import read
    from initiatives.facets import FacetIndex, Selection
    from initiatives.models import Initiative
    from initiatives.versions import current_version
    from tests.helpers import current_index
    from tests.oracle import PlainSQL

    def by_bitmaps(selection: Selection) -> object:
        return index.attributions_of(index.find(selection).ids)

    def by_plain_sql(selection: Selection) -> object:
        return plain.attributions_of(plain.find(selection).ids)

    before = memory()
    version = current_version()
    build = median(lambda: FacetIndex(version), 3)
    index = current_index()
    plain, client = PlainSQL(), Client(headers={"host": "localhost"})
    machine: list[tuple[str, float, str]] = [("build", build, "ms"), ("memory", memory(), "MB")]
    print(f"{entries} entries on {connection.vendor}, {os.cpu_count()} cores, {time.strftime('%Y-%m-%d')}")
    print(f"index built in {build:.0f} ms; the process took {before:.0f} MB before and {memory():.0f} MB at the end\n")
    print("| case | found | index ms | SQL ms | SQL / index | page ms | queries |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    rare = Initiative.objects.published().order_by("position").reverse()[0].title.split()[-1].lower()
    for case, pattern in CASES.items():
        query = pattern.format(rare=rare)
        asked = read(QueryDict(query[1:]), index)
        selection = asked.selection
        assert not asked.ignored, asked.ignored

        found, twin = index.find(selection), plain.find(selection)
        assert (found.levels, found.ids) == (twin.levels, twin.ids), f"SQL differs: {case}"
        assert [*map(index.attributions, found.ids)] == [*map(plain.attributions, found.ids)], f"SQL differs: {case}"
        by_index = median(partial(by_bitmaps, selection), 15, index.texts.known.clear)
        by_sql = median(partial(by_plain_sql, selection), 3)
        page = partial(client.get, f"/iniziative/{query}")
        index.texts.known.clear()
        with CaptureQueriesContext(connection) as captured:
            assert page().status_code == 200
        queries = len(captured)
        by_page = median(page, 15, index.texts.known.clear)
        ratio = by_sql / by_index
        print(f"| {case} | {found.total} | {by_index:.2f} | {by_sql:.1f} | {ratio:.0f} | {by_page:.1f} | {queries} |")
        slug = case.replace(" ", "-")
        machine += [(f"{slug}-index", by_index, "ms"), (f"{slug}-sql", by_sql, "ms"), (f"{slug}-page", by_page, "ms")]
        machine += [(f"{slug}-queries", queries, "queries")]
    print()
    for name, value, unit in machine:
        print(name, round(value, 3), unit)


def median(action: Callable[[], object], times: int, before: Callable[[], object] = lambda: None) -> float:
    """Milliseconds; `before` is run ahead of each and not counted."""
    took = []
    for _ in range(times):
        before()
        began = time.perf_counter()
        action()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def memory() -> float:
    """The most that this process ever took, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
