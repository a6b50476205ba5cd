"""Two releases measured in turn: `uv run python -m tests.benchmarks.releases OLD [NEW] [--entries N] [--runs 7]`.

OLD and NEW are folders of checkouts; NEW is this one unless named. Each run is `tests.benchmarks.facets` of the one and
then of the other, so that a machine that grows slower does so for both; with `--of search` or `--of cold`, this
checkout's `tests.benchmarks.search` or `.cold` in both, answer by answer. Prints medians, their ratio, and the median
of the ratios run by run, which noise moves least.
"""

import argparse
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from statistics import median

from tests.benchmarks import ROOT

Figures = dict[str, float]


def started(checkout: Path, entries: int, of: str) -> subprocess.Popen[str]:
    facets = ["-m", "tests.benchmarks.facets", "--entries", str(entries)]
    answers = [str(Path(__file__).with_name(f"{of}.py")), str(entries)]
    command = [sys.executable, *(facets if of == "facets" else answers)]
    sample = checkout / "var" / "samples" / str(entries)
    environment = os.environ | {"PYTHONPATH": str(checkout), "DATA_DIR": str(sample), "IN_TURN": "yes"}
    return subprocess.Popen(
        command, cwd=checkout, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def in_turn(checkouts: tuple[Path, Path], entries: int, of: str) -> list[Figures]:
    """The lines for machines of one run of each, by their names: only one of them works at a time."""
    figures = [Figures(), Figures()]
    at_work = [*zip((started(checkout, entries, of) for checkout in checkouts), figures, strict=True)]
    while at_work:
        at_work = [(process, known) for process, known in at_work if goes_on(process, known)]
    return figures


def goes_on(process: subprocess.Popen[str], known: Figures) -> bool:
    """Gives it its turn and reads on until that is over; whether there may be another."""
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(BrokenPipeError):  # it has ended
        process.stdin.write("\n")
        process.stdin.flush()
    for line in map(str.rstrip, process.stdout):
        if line == ".":
            return True
        if line.endswith((" ms", " MB", " queries")):
            name, value, _unit = line.split()
            known[name] = float(value)
    if process.wait():
        raise SystemExit(f"{process.args!r} failed.")
    return False


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path, nargs="?", default=ROOT)
    parser.add_argument("--entries", type=int, default=27)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--of", choices=["facets", "search", "cold"], default="facets")
    arguments = parser.parse_args()
    checkouts = arguments.old.resolve(), arguments.new.resolve()
    in_turn(checkouts, arguments.entries, arguments.of)  # makes the samples and warms the disk
    runs = [in_turn(checkouts, arguments.entries, arguments.of) for _ in range(arguments.runs)]
    print(f"{'':40} {'old':>10} {'new':>10} {'ratio':>6} {'by run':>6}")
    for name in runs[0][1]:
        if name not in runs[0][0]:
            print(f"{name:40} {'':10} {median(run[1][name] for run in runs):10.3f}")
            continue
        before, after = ([run[side][name] for run in runs] for side in (0, 1))
        by_run = median(b / a for a, b in zip(before, after, strict=True))
        ratio = median(after) / median(before)
        print(f"{name:40} {median(before):10.3f} {median(after):10.3f} {ratio:6.2f} {by_run:6.2f}")


if __name__ == "__main__":
    main()
