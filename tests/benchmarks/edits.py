"""Pages while somebody edits: `uv run python -m tests.benchmarks.edits [--entries 100000] [--database-url URL]`.

Two readers draw from 5,000 random selections, half of the time while an editor in another process saves an entry every
two seconds (its text, a link, its place in the order, published or withdrawn). Prints how long pages take without edits
and with them, the share that had to be made, and how many were of a version older than the one committed before they
were asked for: there must be none. With `--soak` there is an edit a second all the time, and the worker's memory is
said every minute. The catalogue that is edited is a copy; PostgreSQL's is edited itself.
"""

import argparse
import random
import re
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

from tests.benchmarks import ROOT, copied_site, memory, worker_of

SELECTIONS = 5_000
EDITOR = """
import random, sys, time
from initiatives.models import CategoryLink, Initiative
from initiatives.versions import current_version, name_of
rng = random.Random(1)
first, last = (Initiative.objects.published().order_by(order)[0].pk for order in ("pk", "-pk"))
for line in sys.stdin:
    entry = None
    while entry is None:
        entry = Initiative.objects.filter(pk=rng.randrange(first, last + 1)).first()
    kind = rng.randrange(5)
    if kind == 0:
        entry.title = f"Titolo {rng.random()}"
    elif kind == 1:
        entry.position = rng.randrange(last)
    elif kind == 2:
        entry.status = "draft" if entry.is_published else "published"
    elif kind == 3:
        CategoryLink.objects.filter(initiative=entry).delete()
    else:
        entry.scope = "further" if entry.scope == "focus" else "focus"
    entry.save()
    print(name_of(current_version()), flush=True)
"""
VALUES = {
    "objective": ("os-i", "os-ix", "none"),
    "category": ("welfare-servizi-sociali", "cura-conciliazione", "economia-sociale", "none"),
    "sector": ("inclusione-attiva", "servizi-sociali-qualita", "istruzione-formazione", "competenze-riqualificazione"),
    "scope": ("focus", "further"),
    "level": ("initiative", "measure"),
}
WORDS = ("servizi", "famiglie", "inclusione", "lavoro", "servizi sociali", "anziani")


def drawn(rng: random.Random) -> str:
    pairs = [(name, rng.choice(values)) for name, values in VALUES.items() if rng.random() < 0.3]
    pairs += [("q", rng.choice(WORDS))] if rng.random() < 0.2 else []
    pairs += [("order", rng.choice(("title", "level", "-updated")))] if rng.random() < 0.2 else []
    pairs += [("page", str(rng.randrange(1, 200)))] if rng.random() < 0.3 else []
    pairs += [("basis", "source")] if rng.random() < 0.2 else []
    return f"{rng.choice(('/iniziative/', '/iniziative/', '/tabella/', '/matrice/'))}?{urlencode(pairs)}"


class Readers:
    """Two of them; what they saw, in `times` by whether somebody was editing."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        rng = random.Random(2)
        self.addresses = [drawn(rng) for _ in range(SELECTIONS)]
        self.versions: list[str] = []  # committed, the last one last
        self.is_editing = self.is_over = False
        self.times: dict[bool, list[float]] = {False: [], True: []}
        self.made: dict[bool, int] = {False: 0, True: 0}
        self.seen: set[tuple[str, str]] = set()
        self.old = self.checked = 0

    def read(self, number: int) -> None:
        rng, connection = random.Random(number), HTTPConnection(self.host, timeout=120)
        while not self.is_over:
            address, editing, committed = rng.choice(self.addresses), self.is_editing, len(self.versions)
            began = time.perf_counter()
            connection.request("GET", address, headers={"Accept-Encoding": "identity"})
            answer = connection.getresponse()
            page = answer.read().decode()
            taken = (time.perf_counter() - began) * 1000
            if answer.status == 404:  # a page number beyond the last
                continue
            assert answer.status == 200, (answer.status, address)
            (version,) = re.findall(r"\d{8}-\d{6}-[0-9a-f]{8}", page)[-1:]
            self.times[editing].append(taken)
            self.made[editing] += (address, version) not in self.seen
            self.seen.add((address, version))
            self.checked += 1
            self.old += committed > 0 and version in self.versions[: committed - 1]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--database-url", default="")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--soak", action="store_true")
    arguments = parser.parse_args()
    with ExitStack() as ending:
        site = ending.enter_context(copied_site(arguments.entries, arguments.database_url))
        from tests.sites import clean_environment

        editor = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "-v0", "-c", EDITOR],
            cwd=ROOT,
            env=clean_environment(**site.variables),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        ending.callback(editor.kill)
        assert editor.stdin
        assert editor.stdout
        readers = Readers(site.url)
        threads = [threading.Thread(target=readers.read, args=(number,)) for number in range(2)]
        for thread in threads:
            thread.start()
        time.sleep(5)  # warm: orders and words are asked for the first time
        readers.times, readers.made = {False: [], True: []}, {False: 0, True: 0}
        began = said = time.monotonic()
        while time.monotonic() < began + arguments.seconds:
            readers.is_editing = arguments.soak or not readers.is_editing
            for _ in range(5):
                if readers.is_editing:
                    editor.stdin.write("\n")
                    editor.stdin.flush()
                    readers.versions.append(editor.stdout.readline().strip())
                time.sleep(1 if arguments.soak else 2)
            if arguments.soak and time.monotonic() > said + 60:
                said = time.monotonic()
                print(f"after {said - began:.0f} s {memory(worker_of(site.process.pid), 'VmRSS:')} MB", flush=True)
        readers.is_over = True
        for thread in threads:
            thread.join()
    for editing, times in readers.times.items():
        if len(times) < 100:  # none were meant to be
            continue
        times.sort()
        p50, p99 = (times[int(len(times) * share)] for share in (0.5, 0.99))
        name, made = "while editing" if editing else "no edits", readers.made[editing] / len(times)
        slow = sum(taken > 500 for taken in times)
        print(
            f"{name:14} {len(times)} pages, made {made:.0%},"
            f" p50 {p50:.0f} ms, p99 {p99:.0f} ms, slowest {times[-1]:.0f} ms, {slow} over 500 ms"
        )
    print(f"{readers.checked} pages checked, {readers.old} older than what was committed")
    assert not readers.old


if __name__ == "__main__":
    main()
