"""Two releases of the site, address by address: what a reader or a program meets must be the same.

`uv run python -m tests.compare_releases OLD [NEW] [--differences FILE]`, with folders that hold checkouts: the old one
is made with `git worktree add ../before TAG`, the new one is this unless named. Both run with the packages installed
here, on one and the same database, which the old release fills and the new one migrates. Takes some minutes; exits with
1 if something differs that FILE does not expect: its lines are a regular expression that matches whole addresses, one
that matches a whole line of their difference, sign and all, and the reason, with tabs between them.
"""

import argparse
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from io import BytesIO
from itertools import pairwise, takewhile
from pathlib import Path

from openpyxl import load_workbook
from rdflib import Graph
from rdflib.compare import to_canonical_graph

from tests import release_worker
from tests.release_worker import Answer, Request, read_answers, read_requests

ROOT = Path(__file__).resolve().parent.parent
VERSION = 1_767_225_600 << 31 | 0x0A1B2C3D  # of the first second of 2026
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "catalogue.settings",
    "PUBLIC_URL": "http://catalogo.example.it",
    "SECRET_KEY": "the same key in both releases, and of no use elsewhere",
    **dict.fromkeys(("DATABASE_URL", "CONTACT_EMAIL", "ACCESSIBILITY_DECLARATION_URL"), ""),
    **dict.fromkeys(("PUBLISHER_NAME", "PUBLISHER_URL", "PUBLISHER_IPA", "PUBLISHER_TYPE", "DATA_LICENCE"), ""),
    **dict.fromkeys(("PYTHONPATH", "PYTHONSAFEPATH"), ""),
}
HEADERS = (
    "Content-Type",
    "Content-Disposition",
    "Content-Language",
    "Cache-Control",
    "Vary",
    "Allow",
    "HX-Push-Url",
    "Location",
    "Link",
    "Retry-After",
)
LINES_SHOWN, ADDRESSES_SHOWN, WIDTH = 12, 6, 240
HASHED = re.compile(r"(/static/[\w./-]+?)\.[0-9a-f]{12}(?=\.\w)")
# Within these white space is shown as it is, or is none of a reader's.
KEPT = re.compile(r'(<pre\b.*?</pre>|<script type="application/ld\+json">.*?</script>)', re.DOTALL)
# Two ways to write the same character.
SAME_QUOTES = {"&#x27;": "&#39;", "&quot;": "&#34;"}
QUOTES = re.compile("|".join(SAME_QUOTES))
# Beside these a browser shows no white space.
BLOCK = re.compile(
    r" ?(</?(?:article|aside|blockquote|body|caption|col|colgroup|dd|details|div|dl|dt|fieldset|figcaption|figure"
    r"|footer|form|h[1-6]|head|header|hr|html|legend|li|link|main|meta|nav|ol|option|p|script|section|select|summary|svg"
    r"|table|tbody|td|tfoot|th|thead|title|tr|ul|!doctype)\b[^>]*>) ?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Release:
    """A checkout, and the folder with its database and static files."""

    checkout: Path
    data: Path

    @property
    def database(self) -> Path:
        return self.data / "catalogue.sqlite3"

    def run(self, command: str, *files: Path) -> None:
        """One command of the worker, in a process whose first folder of modules is the checkout."""
        code = Path(release_worker.__file__).read_text("utf-8")
        done = subprocess.run(
            [sys.executable, "-c", code, command, *map(str, files)],
            cwd=self.checkout,
            env=os.environ | SETTINGS | {"DATA_DIR": str(self.data)},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{self.checkout}: {command} failed.\n{done.stderr[-4000:]}")

    def set_version(self) -> None:
        with sqlite3.connect(self.database) as connection:
            connection.execute("UPDATE initiatives_version SET token = ?", [VERSION])
        connection.close()

    def answers(self, requests: Path) -> list[Answer]:
        print(f"asking {self.checkout}", file=sys.stderr)
        answers = self.data / "answers"
        self.run("ask", requests, answers)
        return read_answers(answers)


def prepare(old: Release, new: Release) -> None:
    print("making the database", file=sys.stderr)
    for release in (old, new):
        release.data.mkdir()
    old.run("prepare")
    old.run("load")
    source, copy = sqlite3.connect(old.database), sqlite3.connect(new.database)
    source.backup(copy)  # with what is still in the write-ahead log
    source.close()
    copy.close()
    new.run("prepare")
    for release in (old, new):
        release.set_version()


def normal(answer: Answer) -> str:
    """An answer as text that is the same wherever nobody could tell a difference."""
    if not answer.body:
        return head(answer)
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    try:
        body = FORMS.get(kind, plain)(answer.body)
    except Exception as error:  # whatever a reader of this form finds wrong with it, the other release may do better
        body = f"not well-formed: {error}\n{plain(answer.body)}"
    return f"{head(answer)}\n\n{body}"


def head(answer: Answer) -> str:
    """Status and headers, without those that change with every release, such as ETag."""
    lines = [f"{name}: {answer.headers[name]}" for name in HEADERS if name in answer.headers]
    return "\n".join([f"status {answer.status}", *lines])


def plain(body: bytes) -> str:
    """Text, with static files under the names that they have in the repository."""
    return HASHED.sub(r"\1", body.decode("utf-8", "backslashreplace"))


def markup(body: bytes) -> str:
    """Every run of white space as one, and each tag on a line of its own, indented if there was white space before."""
    pieces = KEPT.split(QUOTES.sub(lambda quote: SAME_QUOTES[quote[0]], plain(body)))
    pieces[::2] = [BLOCK.sub(r"\1", re.sub(r"\s+", " ", piece)) for piece in pieces[::2]]
    pieces[1::2] = [structured(piece) if piece.startswith("<script") else piece for piece in pieces[1::2]]
    return re.sub(r">( ?)<", r">\n\1<", "".join(pieces))


def structured(script: str) -> str:
    """JSON-LD inside a page."""
    start, end = script.index(">") + 1, script.rindex("<")
    return f"{script[:start]}\n{values(script[start:end].encode())}\n{script[end:]}"


def values(body: bytes) -> str:
    return json.dumps(json.loads(plain(body)), ensure_ascii=False, indent=1, sort_keys=True)


def graph(form: str) -> Callable[[bytes], str]:
    """Its statements, sorted; blank nodes are named by what is said of them."""

    def statements(body: bytes) -> str:
        named = to_canonical_graph(Graph().parse(data=plain(body), format=form))
        return "\n".join(sorted(named.serialize(format="nt").splitlines()))

    return statements


def cells(body: bytes) -> str:
    """All that the cells of a workbook hold; when it was made is left out."""
    return "\n".join(
        f"{sheet.title} {cell.coordinate}: {cell.value!r} {cell.hyperlink.target if cell.hyperlink else ''}"
        for sheet in load_workbook(BytesIO(body)).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    )


FORMS: dict[str, Callable[[bytes], str]] = {
    "text/html": markup,
    "image/svg+xml": markup,
    "application/xml": markup,
    "text/xml": markup,
    "application/atom+xml": markup,
    "application/opensearchdescription+xml": markup,
    "application/json": values,
    "application/problem+json": values,
    "application/vnd.oai.openapi+json": values,
    "application/ld+json": graph("json-ld"),
    "application/rdf+xml": graph("xml"),
    "text/turtle": graph("turtle"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": cells,
}


def difference(old: Answer, new: Answer) -> list[str]:
    """The lines of a unified diff, without its file names."""
    if (head(old), old.body) == (head(new), new.body):
        return []
    return list(unified_diff(normal(old).splitlines(), normal(new).splitlines(), lineterm="", n=1))[2:]


@dataclass(frozen=True)
class Expected:
    """Lines that may differ, and why: regular expressions of whole addresses and whole lines."""

    address: str
    line: str
    reason: str

    def covers(self, address: str, line: str) -> bool:
        return bool(re.fullmatch(self.address, address) and re.fullmatch(self.line, line))


def read_expected(file: Path | None) -> list[Expected]:
    lines = file.read_text("utf-8").splitlines() if file else []
    parts = [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]
    if wrong := [part for part in parts if len(part) != 3]:
        raise SystemExit(f"{file}: not an address, a line and a reason: {wrong[0]}")
    return [Expected(*part) for part in parts]


def reasons_for(address: str, lines: list[str], expected: Iterable[Expected]) -> list[Expected | None]:
    """For each line that differs what expected it, if anything did."""
    changed = [line for line in lines if line.startswith(("-", "+"))]
    return [next((each for each in expected if each.covers(address, line)), None) for line in changed]


def label(request: Request) -> str:
    headers = "".join(f" [{name}: {value}]" for name, value in request.headers.items())
    return f"{request.method} {request.address}{headers}"


def report(differing: Mapping[str, list[str]]) -> None:
    """Those whose lines differ alike, together: the largest group first."""
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for address, lines in differing.items():
        groups[tuple(line for line in lines if not line.startswith((" ", "@@")))].append(address)
    for addresses in sorted(groups.values(), key=len, reverse=True):
        print_addresses(addresses)
        lines = differing[addresses[0]]
        print(*(f"    {shortened(line)}" for line in without_beginnings(lines[:LINES_SHOWN])), sep="\n")
        if len(lines) > LINES_SHOWN:
            print(f"    … {len(lines) - LINES_SHOWN} more lines")
        print()


def print_addresses(addresses: Sequence[str]) -> None:
    if not addresses:
        return
    print(*map(shortened, addresses[:ADDRESSES_SHOWN]), sep="\n")
    if len(addresses) > ADDRESSES_SHOWN:
        print(f"… and {len(addresses) - ADDRESSES_SHOWN} more addresses")


def without_beginnings(lines: list[str]) -> list[str]:
    """A line and the one that takes its place, long ones from shortly before where they differ."""
    shown = list(lines)
    for place, (one, other) in enumerate(pairwise(lines)):
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one[1:], other[1:], strict=False)))
        if (one[0], other[0]) == ("-", "+") and same > WIDTH // 2:
            shown[place : place + 2] = [f"{line[0]}…{line[same - WIDTH // 4 :]}" for line in (one, other)]
    return shown


def shortened(line: str) -> str:
    return line if len(line) <= WIDTH else f"{line[:WIDTH]}…"


def report_expected(expected: Iterable[Expected], found: Mapping[Expected, list[str]]) -> None:
    for each in expected:
        addresses = found.get(each, [])
        print(f"expected at {len(addresses)} addresses, {each.reason}: {each.line}")
        print_addresses(addresses)
        print()


def compare(requests: Iterable[Request], old: list[Answer], new: list[Answer], expected: Sequence[Expected]) -> bool:
    """Prints what differs; whether all of it was expected."""
    differing: dict[str, list[str]] = {}
    found: dict[Expected, list[str]] = defaultdict(list)
    as_expected = 0
    for request, before, after in zip(requests, old, new, strict=True):
        if lines := difference(before, after):
            reasons = reasons_for(request.address, lines, expected)
            for reason in set(filter(None, reasons)):
                found[reason].append(label(request))
            if None in reasons or not reasons:
                differing[label(request)] = lines
            else:
                as_expected += 1
    report(differing)
    report_expected(expected, found)
    differ = len(differing) + as_expected
    print(f"{len(old)} addresses, {len(old) - differ} equal, {differ} differ", end="")
    print(f", {as_expected} of them as expected" if expected else "")
    return not differing


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path, nargs="?", default=ROOT)
    parser.add_argument("--differences", type=Path)
    arguments = parser.parse_args()
    expected = read_expected(arguments.differences)
    with tempfile.TemporaryDirectory() as folder:
        old = Release(arguments.old.resolve(), Path(folder) / "old")
        new = Release(arguments.new.resolve(), Path(folder) / "new")
        prepare(old, new)
        requests = Path(folder) / "requests"
        old.run("list", requests)
        is_same = compare(read_requests(requests), old.answers(requests), new.answers(requests), expected)
    sys.exit(not is_same)


if __name__ == "__main__":
    main()
