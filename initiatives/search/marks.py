"""Where a text has what was searched, for the reader to see."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from initiatives.search.words import Atom, Word, compound_spans, spans

AROUND = 90  # characters shown on either side of a found word


def highlight(text: str, wanted: Iterable[Atom]) -> SafeString:
    """The text as HTML with what was found marked."""
    return marked(text, found_spans(text, wanted))


def marked(text: str, found: Iterable[tuple[int, int]]) -> SafeString:
    html, end = [], 0
    for start, stop in found:
        html += [conditional_escape(text[end:start]), format_html("<mark>{}</mark>", text[start:stop])]
        end = stop
    return mark_safe("".join([*html, conditional_escape(text[end:])]))


def snippet(texts: Iterable[str], wanted: Sequence[Atom]) -> SafeString | None:
    """The neighbourhood of the first thing found in the first of the texts that has one, marked."""
    for text in texts:
        for start, stop in found_spans(text, wanted)[:1]:
            first = text.rfind(" ", 0, max(0, start - AROUND)) + 1
            last = text.find(" ", stop + AROUND)
            cut = text[first : last if last > 0 else None]
            return format_html("{}{}{}", "… " if first else "", highlight(cut, wanted), " …" if last > 0 else "")
    return None


def found_spans(text: str, wanted: Iterable[Atom]) -> list[tuple[int, int]]:
    """Where it begins and ends, in order, none inside another."""
    atoms, begun = _by_first_word(tuple(wanted))
    found: list[tuple[int, int]] = []
    for read in _read(text):
        text_words = [word for _, _, word in read]
        for n, word in enumerate(text_words):
            for atom in [*begun, *(atom for form in word.forms if form in atoms for atom in atoms[form])]:
                if n + len(atom.words) <= len(read) and atom.found_at(text_words, n):
                    found.append((read[n][0], read[n + len(atom.words) - 1][1]))
    apart: list[tuple[int, int]] = []
    for start, stop in sorted(found):
        if apart and start < apart[-1][1]:  # also where a letter such as "½" folds into two words at one place
            apart[-1] = apart[-1][0], max(stop, apart[-1][1])
        else:
            apart.append((start, stop))
    return apart


@lru_cache(maxsize=64)
def _by_first_word(wanted: tuple[Atom, ...]) -> tuple[dict[str, list[Atom]], list[Atom]]:
    """Under each form of its first word, and those that may be the beginning of one."""
    atoms: dict[str, list[Atom]] = {}
    for atom in wanted:
        for form in set(atom.words[0].forms):
            atoms.setdefault(form, []).append(atom)
    return atoms, [atom for atom in wanted if atom.prefix]


@lru_cache(maxsize=256)
def _read(text: str) -> list[list[tuple[int, int, Word]]]:
    """Its words in a row, and each compound by itself; read once for a card's snippet and for what is marked."""
    return [list(spans(text)), *([compound] for compound in compound_spans(text))]
