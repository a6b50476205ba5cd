"""`uv run python -m tests.benchmarks.throughput [--entries N] [--database-url URL] [--rounds 5]`: requests per second.

One worker, 16 connections, `wrk` as the client. Each round asks, in turn, a bare WSGI function, a Django view that says
hello, what the site keeps and its 304s; prints medians of the rounds, and their ratio to
the view that says hello in the same round.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from statistics import median
from urllib.request import Request, urlopen

from tests.benchmarks import ROOT

PAGES = {
    "list": "/iniziative/",
    "entry": "/iniziative/{slug}/",
    "term": "/obiettivi/os-ix/",
    "home": "/",
    "API list": "/api/v1/initiatives/",
}


@contextmanager
def served(name: str) -> Iterator[str]:
    from tests.sites import free_port

    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.benchmarks.hello", name, str(port)], cwd=ROOT)
    address = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(100):
            try:
                urlopen(address).close()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait()


def asked(address: str, seconds: int, headers: dict[str, str]) -> tuple[float, float, float]:
    """Requests per second, and how many ms half of them and 99 % of them take at the most."""
    command = ["wrk", "-t1", "-c16", f"-d{seconds}s", "--timeout", "60s", "--latency"]
    command += [f"-H{name}: {value}" for name, value in headers.items()]
    told = subprocess.run([*command, address], capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in told, told
    assert "Socket errors" not in told, told
    rate = float(re.findall(r"Requests/sec:\s+([\d.]+)", told)[0])
    units = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
    times = [float(n) * units[unit] for n, unit in re.findall(r"(?:50|99)%\s+([\d.]+)([a-z]+)", told)]
    return rate, times[0], times[1]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=27)
    parser.add_argument("--database-url", default="")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    arguments = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "catalogue.settings"
    import django

    django.setup()
    from tests.sites import run_site

    variables = {"DATABASE_URL": arguments.database_url} if arguments.database_url else {}
    with ExitStack() as ending:
        bare, hello = (ending.enter_context(served(name)) for name in ("bare", "view"))
        site = run_site(ROOT / "var" / "samples" / str(arguments.entries), **variables)
        ending.callback(site.stop)
        packed = {"Accept-Encoding": "gzip"}
        with urlopen(f"{site.url}/iniziative/") as page:
            slug = re.findall(r'<h3><a href="/iniziative/([\w-]+)/', page.read().decode())[0]
        figures: dict[str, list[tuple[float, float, float]]] = {}
        for _ in range(arguments.rounds):
            for name, address in (("bare WSGI", bare), ("Django hello", hello)):
                figures.setdefault(name, []).append(asked(address, arguments.seconds, {}))
            for name, path in PAGES.items():
                address = site.url + path.format(slug=slug)
                figures.setdefault(f"{name}, kept", []).append(asked(address, arguments.seconds, packed))
            with urlopen(Request(f"{site.url}/iniziative/", headers=packed)) as page:
                known = {**packed, "If-None-Match": page.headers["ETag"]}
            figures.setdefault("304", []).append(asked(f"{site.url}/iniziative/", arguments.seconds, known))
        print(f"{'':16} {'req/s':>9} {'p50 ms':>8} {'p99 ms':>8} {'of hello':>9} {'of bare':>8}")
        for name, rounds in figures.items():
            rate, half, most = (median(each) for each in zip(*rounds, strict=True))
            shares = (
                median(a[0] / b[0] for a, b in zip(rounds, figures[other], strict=True))
                for other in ("Django hello", "bare WSGI")
            )
            print(f"{name:16} {rate:9.0f} {half:8.2f} {most:8.2f} " + "{:9.2f} {:8.2f}".format(*shares))


if __name__ == "__main__":
    main()
