"""Two releases measured in turn: `uv run python -m tests.benchmarks.releases OLD [NEW] [--entries N] [--runs 7]`.

OLD and NEW are folders of checkouts; NEW is this one unless named. Each run is `tests.benchmarks.facets` of the one and
then of the other, so that a machine that grows slower does so for both; with `--of search`, this checkout's
`tests.benchmarks.search` in both. Prints medians, their ratio, and the median of
the ratios run by run, which noise moves least.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from statistics import median

from tests.benchmarks import ROOT

Figures = dict[str, float]


def figures(checkout: Path, entries: int, of: str) -> Figures:
    """The lines for machines of one run, by their names."""
    facets = ["-m", "tests.benchmarks.facets", "--entries", str(entries)]
    search = [str(Path(__file__).with_name("search.py")), str(entries)]
    command = [sys.executable, *(search if of == "search" else facets)]
    sample = checkout / "var" / "samples" / str(entries)
    environment = os.environ | {"PYTHONPATH": str(checkout), "DATA_DIR": str(sample)}
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{checkout} cannot be measured.\n{done.stderr[-4000:]}")
    lines = [line.split() for line in done.stdout.splitlines() if line.endswith((" ms", " MB", " queries"))]
    return {name: float(value) for name, value, _unit in lines}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path, nargs="?", default=ROOT)
    parser.add_argument("--entries", type=int, default=27)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--of", choices=["facets", "search"], default="facets")
    arguments = parser.parse_args()
    checkouts = arguments.old.resolve(), arguments.new.resolve()
    for checkout in checkouts:
        figures(checkout, arguments.entries, arguments.of)  # makes the sample and warms the disk
    names = checkouts * arguments.runs
    measured = [figures(checkout, arguments.entries, arguments.of) for checkout in names]
    runs = list(zip(measured[::2], measured[1::2], strict=True))
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
