"""Texts as a page, a plain file or XML can hold them."""

import re
from functools import lru_cache
from html import unescape

from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from initiatives.search.marks import found_spans, marked
from initiatives.search.words import Atom

# "zero" knows no markup at all and escapes HTML; passages use emphasis and nothing else.
_markdown = MarkdownIt("zero").enable("emphasis")
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2


def html(text: str, wanted: tuple[Atom, ...] = ()) -> SafeString:
    """The verbatim Markdown of a passage as inline HTML, with what was searched marked."""
    return _html(text, wanted) if wanted else _known_html(text, ())


def _html(text: str, wanted: tuple[Atom, ...]) -> SafeString:
    (inline,) = _markdown.parseInline(text)
    pieces = [token for token in inline.children or [] if token.type == "text"]
    found = found_spans("".join(piece.content for piece in pieces), wanted)
    end = 0
    for piece in pieces:  # a phrase may begin in one and end in another
        start, end = end, end + len(piece.content)
        here = [(max(a, start) - start, min(b, end) - start) for a, b in found if a < end and b > start]
        piece.type, piece.content = "html_inline", marked(piece.content, here)
    return mark_safe(_markdown.renderer.render([inline], _markdown.options, {}))


_known_html = lru_cache(maxsize=256)(_html)  # without what somebody searches, the passages are few


def pieces(text: str) -> list[tuple[str, bool, bool]]:
    """The words of a passage, each run of them with whether it is in italics and whether it is in bold."""
    (inline,) = _markdown.parseInline(text)
    found, depth = [], {"em": 0, "strong": 0}
    for token in inline.children or []:
        if token.tag in depth:
            depth[token.tag] += token.nesting
        elif token.content:
            found.append((token.content, depth["em"] > 0, depth["strong"] > 0))
    return found


@lru_cache(maxsize=256)
def plain(text: str) -> str:
    """The words of a passage without its emphasis."""
    return without_markup(html(text))


def quoted(text: str) -> str:
    """In the quotation marks of the reader's language."""
    return _("«%(text)s»") % {"text": text}


def without_markup(markup: SafeString) -> str:
    return unescape(strip_tags(markup))


def in_xml(text: str) -> str:
    """Without the characters that XML has no way to write; editors and searches may have them."""
    return NOT_IN_XML.sub("", text)
