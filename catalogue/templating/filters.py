"""The filters of templates."""

import json
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from catalogue.presenters.text import html, quoted
from catalogue.query import parameter
from initiatives.search import marks
from initiatives.search.words import Atom
from initiatives.versions import moment_of, name_of


def passage_text(text: str, wanted: tuple[Atom, ...] = ()) -> SafeString:
    return html(text, wanted)


def highlight(text: str, wanted: tuple[Atom, ...]) -> SafeString:
    return marks.highlight(text, wanted)


def plural_label(name: str) -> str:
    """A vocabulary's own name: that of all its terms."""
    return str(parameter(name).plural)


def unclassified(name: str) -> str:
    return str(parameter(name).unclassified)


_IN_SCRIPT = {ord(character): f"\\u{ord(character):04X}" for character in "<>&"}


def json_ld(block: dict[str, Any]) -> SafeString:
    """Data for machines that no text in them can end early; a browser runs none of it, so the policy needs no nonce."""
    text = json.dumps(block, ensure_ascii=False).translate(_IN_SCRIPT)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')


def day(moment: datetime, form: str = "j F Y") -> str:
    return _in_words(timezone.localtime(moment).date(), form, get_language())


def minute(moment: datetime) -> str:
    """The day and the time: 27 novembre 2026, 09:05."""
    return f"{day(moment)}, {timezone.localtime(moment):%H:%M}"


def day_in_words(day: date, form: str = "j F Y") -> str:
    return _in_words(day, form, get_language())


def iso(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat()


def dated(moment: datetime) -> SafeString:
    """The day in words, which machines read too; where there are many of them, `day` weighs less."""
    return format_html('<time datetime="{}">{}</time>', timezone.localtime(moment).date().isoformat(), day(moment))


@lru_cache(maxsize=1000)
def _in_words(day: date, form: str, language: str | None) -> str:
    """Django writes Italian months with a capital, Italian does not."""
    written = date_format(day, form)
    return written.lower() if language == "it" else written


def changed(version: int) -> datetime:
    return moment_of(version)


def version_name(version: int) -> str:
    return name_of(version)


FILTERS: tuple[Callable[..., Any], ...] = (
    *(changed, dated, day, day_in_words, highlight, iso, json_ld, passage_text, plural_label),
    *(quoted, unclassified, version_name),
)
