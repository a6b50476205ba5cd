"""Texts as a page, a plain file or XML can hold them."""

import re
from html import unescape

from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

# "zero" knows no markup at all and escapes HTML; passages use emphasis and nothing else.
_markdown = MarkdownIt("zero").enable("emphasis")
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2


def html(text: str) -> SafeString:
    """The verbatim Markdown of a passage as inline HTML."""
    return mark_safe(_markdown.renderInline(text))


def plain(text: str) -> str:
    """The words of a passage without its emphasis."""
    return without_markup(html(text))


def without_markup(markup: SafeString) -> str:
    return unescape(strip_tags(markup))


def in_xml(text: str) -> str:
    """Without the characters that XML has no way to write; editors and searches may have them."""
    return NOT_IN_XML.sub("", text)
