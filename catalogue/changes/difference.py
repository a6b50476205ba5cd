"""Before and after, word by word: what went and what came stands in its place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

LEAST_ALIKE = 0.3  # of texts that have less in common each is shown whole
MOST_WORDS = 2_000
MOST_LINES = 1_000
FEW_WORDS = 2
_words = re.compile(r"\s+|\w+|[^\w\s]").findall


@dataclass(frozen=True)
class Piece:
    """`mark` is `del` or `ins`, the elements of HTML; nothing where before and after say the same."""

    mark: str
    text: str


@dataclass(frozen=True)
class Difference:
    """Of one thing that is said: its name, its language, and lines of pieces."""

    label: str
    lines: list[list[Piece]]
    language: str = ""


def pieces(before: str, after: str) -> list[Piece]:
    if before == after:
        return [Piece("", after)] if after else []
    these, those = _words(before), _words(after)
    matcher = SequenceMatcher(None, these, those, autojunk=False)
    if max(len(these), len(those)) > MOST_WORDS or matcher.ratio() < LEAST_ALIKE:
        return _present([("del", before), ("ins", after)])
    parts = []
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            parts.append(("", "".join(these[a:b])))
        else:
            parts += [("del", "".join(these[a:b])), ("ins", "".join(those[c:d]))]
    return _present(_joined(parts))


def by_line(before: str, after: str) -> list[list[Piece]]:
    """Lines that stay are themselves; others are compared one with one, as far as there are as many of them."""
    old, new = before.splitlines(), after.splitlines()
    if len(old) + len(new) > MOST_LINES:
        return [[Piece("del", before)], [Piece("ins", after)]]
    lines: list[list[Piece]] = []
    for _, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if b - a == d - c:
            lines += [pieces(*pair) for pair in zip(old[a:b], new[c:d], strict=True)]
        else:
            lines += [[Piece("del", line)] for line in old[a:b]] + [[Piece("ins", line)] for line in new[c:d]]
    return lines


def _joined(parts: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """What changed on both sides of a word or two changed as a whole: read word by word it would be a stutter."""
    joined: list[tuple[str, str]] = []
    for place, (mark, text) in enumerate(parts):
        between = not mark and len(text.split()) <= FEW_WORDS and 0 < place < len(parts) - 1
        for each in ("del", "ins") if between else (mark,):
            joined.append((each, text))
    return _sorted(joined)


def _sorted(parts: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Between two texts that stay, first all that went, then all that came."""
    ordered: list[tuple[str, str]] = []
    went = came = ""
    for mark, text in [*parts, ("", "")]:
        if mark:
            went, came = went + text * (mark == "del"), came + text * (mark == "ins")
        else:
            ordered += [("del", went), ("ins", came), ("", text)]
            went = came = ""
    return ordered


def _present(parts: Sequence[tuple[str, str]]) -> list[Piece]:
    return [Piece(mark, text) for mark, text in parts if text]
