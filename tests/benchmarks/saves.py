"""Saves of editors: `uv run python -m tests.benchmarks.saves [--entries 100000] [--saves 1000] [--database-url URL]`.

An editor of a served site opens the form of one entry after the other, changes its summary, a link's reason or its
passages, and saves: with its history, and what the public reads of it. Prints how long saving takes, in milliseconds.
The catalogue that is edited is a copy; PostgreSQL's is edited itself. 27 entries are the real ones; any other number is
the sample that `tests.benchmarks.facets` made. What the disk alone does to who waits for it is measured between the
saves; `--below /dev/shm` leaves it out.
"""

import argparse
import gc
import os
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.benchmarks import ROOT, copied_site

LATE = 200  # milliseconds


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--saves", type=int, default=1_000)
    parser.add_argument("--database-url", default="")
    parser.add_argument("--below", type=Path, default=ROOT / "var", help="the folder that the copy is put below")
    arguments = parser.parse_args()
    saves, waits = [], []
    with copied_site(arguments.entries, arguments.database_url, arguments.below) as site:
        from tests.sites import Editor

        editor, rng = Editor(site), random.Random(1)
        for number in range(arguments.saves):
            saves.append(save(editor, rng.randrange(1, arguments.entries), number))
            waits.append(disk(arguments.below))
    told("saves", saves)
    told("disk alone", waits)


def told(what: str, taken: list[float]) -> None:
    taken.sort()
    middle, nearly, late = statistics.median(taken), taken[-1 - len(taken) // 100], sum(each > LATE for each in taken)
    print(f"{what} {len(taken)} median {middle:.0f} 99% {nearly:.0f} most {taken[-1]:.0f} over {LATE}: {late}")


def disk(folder: Path) -> float:
    """How long it takes to have 64 KB, about what one save writes, on the disk."""
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        file.write(os.urandom(65_536))
        file.flush()
        began = time.perf_counter()
        os.fsync(file.fileno())
        return (time.perf_counter() - began) * 1000


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
