"""Where a text has what was searched, for the reader to see."""

from collections.abc import Iterable, Iterator

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from initiatives.search.words import Atom, Word, atoms, spans

AROUND = 90  # characters shown on either side of a found word


def highlight(text: str, q: str) -> SafeString:
    """The text as HTML with the words that `q` found marked."""
    html, end = [], 0
    for start, stop in _found_spans(text, q):
        html += [conditional_escape(text[end:start]), format_html("<mark>{}</mark>", text[start:stop])]
        end = stop
    return mark_safe("".join([*html, conditional_escape(text[end:])]))


def snippet(texts: Iterable[str], q: str) -> SafeString | None:
    """The neighbourhood of the first found word in the first of the texts that has one, marked."""
    for text in texts:
        for start, stop in _found_spans(text, q):
            first = text.rfind(" ", 0, max(0, start - AROUND)) + 1
            last = text.find(" ", stop + AROUND)
            cut = text[first : last if last > 0 else None]
            return format_html("{}{}{}", "… " if first else "", highlight(cut, q), " …" if last > 0 else "")
    return None


def _found_spans(text: str, q: str) -> Iterator[tuple[int, int]]:
    wanted, end = atoms(q), 0
    for start, stop, word in spans(text):
        # A letter such as "½" folds into two words that stand at one place.
        if start >= end and any(_touches(atom, word) for atom in wanted):
            end = stop
            yield start, stop


def _touches(atom: Atom, word: Word) -> bool:
    return any(a == b for mine in atom.words for a, b in zip(mine.forms, word.forms, strict=True)) or (
        atom.prefix and word.folded.startswith(atom.words[0].folded)
    )
