"""The ways in which people write the code of a term: the document's, and those of today."""

import re
from collections.abc import Iterator
from functools import lru_cache

from initiatives.search.words import once

OBJECTIVE = ("OS", "SO", "obiettivo specifico", "specific objective")
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10, "xi": 11}
Words = tuple[str, ...]
_ESF_PLUS = re.compile(r"ESO(4\.)(\d+)")


def in_words(text: str) -> Words:
    """Folded, as readings compare them."""
    return tuple(each.folded for each in once(text))


@lru_cache(maxsize=200)
def ways_of(dimension: str, code: str) -> frozenset[Words]:
    """The ways in which a code is written: `OS ix`, `OS 9`, `osix`, `obiettivo specifico ix`."""
    folded = in_words(code)
    if not folded:
        return frozenset()
    *head, number = folded
    numbers = {number, str(ROMAN.get(number, number))}
    heads = {tuple(head)}
    if dimension == "objective":
        heads |= set(map(in_words, OBJECTIVE))
    spaced = {(*each, n) for each in heads for n in numbers}
    return frozenset(spaced | {("".join(each),) for each in spaced if len(each) == 2})


@lru_cache(maxsize=200)
def ways_of_today(codes: tuple[str, ...]) -> frozenset[Words]:
    """Of the codes that today's programmes give a term."""
    return frozenset(in_words(way) for code in codes for way in _ways_today(code)) - {()}


def _ways_today(code: str) -> Iterator[str]:
    """`ESO4.11`, `ESO 4.11`, `ESO411`; as regional programmes shorten it `OS 4.11`, `4.k`, `OS k`, `lettera k`."""
    yield from (code, re.sub(r"(?<=[^\W\d])(?=\d)", " ", code), re.sub(r"\W", "", code))
    if objective := _ESF_PLUS.fullmatch(code):
        policy, number = objective.groups()
        letter = chr(ord("a") + int(number) - 1)  # ESO4.1 is (a), ESO4.11 is (k)
        for short in (f"{policy}{number}", f"{policy}{letter}"):
            yield short
            yield from (f"{head}{space}{short}" for head in OBJECTIVE for space in ("", " "))
        yield from (f"{head} {letter}" for head in ("lettera", "lett", "point"))
        if letter not in ROMAN:  # "OS i" is the document's
            yield from (f"{head} {letter}" for head in OBJECTIVE)
