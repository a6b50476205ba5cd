"""Saves of editors: `uv run python -m tests.benchmarks.saves [--entries 100000] [--saves 1000] [--database-url URL]`.

An editor of a served site opens the form of one entry after the other, changes its summary, a link's reason or its
passages, and saves: with its history, and what the public reads of it. Prints how long saving takes, in milliseconds.
The catalogue that is edited is a copy; PostgreSQL's is edited itself. 27 entries are the real ones; any other number is
the sample that `tests.benchmarks.facets` made.
"""

import argparse
import gc
import random
import statistics
import time
from typing import Any

from tests.benchmarks import copied_site

LATE = 200  # milliseconds


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--saves", type=int, default=1_000)
    parser.add_argument("--database-url", default="")
    arguments = parser.parse_args()
    with copied_site(arguments.entries, arguments.database_url) as site:
        from tests.sites import Editor

        editor, rng = Editor(site), random.Random(1)
        taken = sorted(save(editor, rng.randrange(1, arguments.entries), number) for number in range(arguments.saves))
    most, nearly = taken[-1], taken[-1 - len(taken) // 100]
    late = sum(each > LATE for each in taken)
    print(
        f"saves {len(taken)} median {statistics.median(taken):.0f} 99% {nearly:.0f} most {most:.0f} over {LATE}: {late}"
    )


def save(editor: Any, pk: int, number: int) -> float:
    from tests.helpers import data_of

    address = f"/admin/initiatives/initiative/{pk}/change/"
    data = data_of(editor.ask(address)[1], "#initiative_form")
    data["summary"] = f"{data['summary']} Riga {number}."
    gc.disable()  # the editor's own: it looks through the forms that were read
    began = time.perf_counter()
    status, page = editor.ask(address, data, follows=False)
    taken = (time.perf_counter() - began) * 1000
    gc.enable()
    assert status == 302, (status, page.select(".errorlist"))
    return taken


if __name__ == "__main__":
    main()
