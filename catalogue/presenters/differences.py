"""What changed between two texts: line by line and, where lines are alike, word by word."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

MOST_WORDS = 2_000  # of longer texts the comparison takes seconds: they are shown whole, one after the other
LEAST_ALIKE = 0.4  # of less that two lines have in common nobody reads what became of which word
_WORDS = re.compile(r"\S+\s*|\s+")


def marked_changes(before: str, after: str) -> SafeString:
    """The text with what was taken out and what was put in."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return format_html_join("", "{}", ((piece,) for piece in _lines(old, new)))


def _lines(old: Sequence[str], new: Sequence[str]) -> Iterator[SafeString]:
    for out, into in _differences(old, new):
        if out == into:
            yield format_html("{}", "".join(out))
        elif len(out) == len(into):
            yield from (_line(*pair) for pair in zip(out, into, strict=True))
        else:
            yield _changed("".join(out), "".join(into))


def _line(before: str, after: str) -> SafeString:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) > MOST_WORDS or SequenceMatcher(None, old, new, autojunk=False).ratio() < LEAST_ALIKE:
        return _changed(before, after)
    pieces = (
        format_html("{}", "".join(out)) if out == into else _changed("".join(out), "".join(into))
        for out, into in _differences(old, new)
    )
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def _differences(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Pieces that are the same in both, and those that were one thing and became another."""
    for _, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield old[a:b], new[c:d]


def _changed(out: str, into: str) -> SafeString:
    pieces = [(tag, text) for tag, text in (("del", out), ("ins", into)) if text]
    return format_html_join("", "<{0}>{1}</{0}>", pieces)
