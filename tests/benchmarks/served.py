"""`uv run python -m tests.benchmarks.served --entries 100000 [--database-url URL]`: the worker of a served site.

Prints the memory it takes, fresh and with as many answers kept as it keeps; how long the first page takes after an edit
by another process, which must be on it; and what the CSV of everything costs: the time to its first byte, and how far
its memory goes beyond the idle worker's.
27 entries are the real ones; any other number is the sample that `tests.benchmarks.facets` made.
"""

import argparse
import os
import random
import time
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from tests.benchmarks import ROOT, memory, worker_of
from tests.benchmarks.edits import drawn

RENAME = """
from initiatives.models import Initiative
first = Initiative.objects.published().order_by("position")[0]
Initiative.objects.filter(pk=first.pk).update(title={title!r})
print(first.title)
"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=27)
    parser.add_argument("--database-url", default="")
    arguments = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "catalogue.settings"
    import django

    django.setup()
    from django.conf import settings

    from tests.sites import run_site

    variables = {"DATABASE_URL": arguments.database_url} if arguments.database_url else {}
    site = run_site(ROOT / "var" / "samples" / str(arguments.entries), **variables)
    try:
        for address in ("/iniziative/", "/iniziative/?q=servizi", "/iniziative/?order=title", "/obiettivi/os-ix/"):
            read(site.url + address)
        worker = worker_of(site.process.pid)
        print("memory", memory(worker, "VmRSS:"), "MB, peak", memory(worker, "VmHWM:"), "MB")
        read(f"{site.url}/api/v1/initiatives/")
        rng, kept = random.Random(2), dict[str, int]()
        while sum(kept.values()) < settings.KEPT_ANSWERS_MB * 2**20:
            address = drawn(rng)
            kept[address] = len(read(site.url + address).encode())
        print("memory-with-a-full-store", memory(worker, "VmRSS:"), "MB, peak", memory(worker, "VmHWM:"), "MB")
        old = rename("Titolo appena cambiato", site.variables)
        began = time.perf_counter()
        page = read(f"{site.url}/iniziative/")
        print("first-page-after-an-edit", round((time.perf_counter() - began) * 1000), "ms")
        assert "Titolo appena cambiato" in page, "the page is older than the edit"
        rename(old, site.variables)
        assert "Titolo appena cambiato" not in read(f"{site.url}/iniziative/"), "the page is older than the edit"
        download(f"{site.url}/iniziative.csv", worker)
    finally:
        site.stop()


def download(address: str, worker: Path) -> None:
    idle = memory(worker, "VmRSS:")
    (worker / "clear_refs").write_text("5")  # its peak starts anew
    began, size = time.perf_counter(), 0
    with urlopen(address, timeout=120) as file:
        first = round((time.perf_counter() - began) * 1000)
        print("csv-first-byte", first, "ms")
        while block := file.read(2**16):
            size += len(block)
    print("csv", round(size / 2**20), "MB in", round(time.perf_counter() - began, 1), "s")
    beyond = memory(worker, "VmHWM:") - idle
    print("csv-memory-beyond-idle", beyond, "MB")
    assert first <= 1000, "the first byte takes more than a second"
    assert beyond <= 50, "the file is not made in constant memory"


def read(address: str) -> str:
    with urlopen(address, timeout=120) as page:
        return page.read().decode()


def rename(title: str, variables: dict[str, Any]) -> str:
    """Gives the first entry this title, in a process of its own; returns the one it had."""
    from tests.sites import manage

    done = manage("shell", "-v0", "-c", RENAME.format(title=title), **variables)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


if __name__ == "__main__":
    main()
