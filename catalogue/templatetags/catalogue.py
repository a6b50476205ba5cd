import json
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse, translate_url
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.http import escape_leading_slashes
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override

from catalogue.presenters.text import html
from catalogue.query import parameter
from initiatives import content
from initiatives.models import Passage
from initiatives.search import marks
from initiatives.search.words import Atom
from initiatives.versions import moment_of, name_of

register = template.Library()


@register.filter
def passage_text(text: str, wanted: tuple[Atom, ...] = ()) -> SafeString:
    return html(text, wanted)


@register.filter
def content_version(passage: Passage) -> str:
    return content.of_passage(passage)


@register.filter
def highlight(text: str, wanted: tuple[Atom, ...]) -> SafeString:
    return marks.highlight(text, wanted)


@register.filter
def facet_label(name: str) -> str:
    return str(parameter(name).label)


@register.filter
def plural_label(name: str) -> str:
    """A vocabulary's own name: that of all its terms."""
    return str(parameter(name).plural)


@register.filter
def unclassified(name: str) -> str:
    return str(parameter(name).unclassified)


_IN_SCRIPT = {ord(character): f"\\u{ord(character):04X}" for character in "<>&"}


@register.filter
def json_ld(block: dict[str, Any]) -> SafeString:
    """Data for machines that no text in them can end early; a browser runs none of it, so the policy needs no nonce."""
    text = json.dumps(block, ensure_ascii=False).translate(_IN_SCRIPT)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')


@register.filter
def day(moment: datetime, form: str = "j F Y") -> str:
    return _in_words(timezone.localtime(moment).date(), form, get_language())


@register.filter
def dated(moment: datetime) -> SafeString:
    """The day in words, which machines read too; where there are many of them, `day` weighs less."""
    return format_html('<time datetime="{}">{}</time>', timezone.localtime(moment).date().isoformat(), day(moment))


@lru_cache(maxsize=1000)
def _in_words(day: date, form: str, language: str | None) -> str:
    """Django writes Italian months with a capital, Italian does not."""
    written = date_format(day, form)
    return written.lower() if language == "it" else written


@register.simple_tag
def repeated(template: str, **values: str | bool) -> SafeString:
    """A template made of nothing but these plain values, which a page has many times: rendered once for the same."""
    return _repeated(template, get_language(), **values)


@lru_cache(maxsize=2000)
def _repeated(template: str, _language: str | None, **values: str | bool) -> SafeString:
    return render_to_string(template, values)


@register.filter
def changed(version: int) -> datetime:
    return moment_of(version)


@register.filter
def version_name(version: int) -> str:
    return name_of(version)


@register.simple_tag(takes_context=True)
def here(context: dict[str, Any], *names: str) -> SafeString | str:
    """Marks the link of the page that is being read, or of what it is a view of."""
    request = context.get("request")
    is_here = request and request.path in map(reverse, names)
    return mark_safe(' aria-current="page"') if is_here else ""


@register.simple_tag(takes_context=True)
def address_in(context: dict[str, Any], language: str) -> str:
    """The address of the same page, with the same selection, in another language; of home, where there is no page."""
    return _twin(context, language, context.get("kept_query", context.get("canonical_query", "")))


def _twin(context: dict[str, Any], language: str, query: str) -> str:
    address = escape_leading_slashes(context["request"].path) + query
    if language == get_language():
        return address
    if (twin := translate_url(address, language)) != address:
        return twin
    with override(language):
        return reverse("home")


@register.simple_tag(takes_context=True)
def canonical_address(context: dict[str, Any], language: str = "") -> str:
    """The one public address of a page: a selection in its canonical form, no other query string."""
    return settings.PUBLIC_URL + _twin(context, language or get_language() or "", context.get("canonical_query", ""))


@register.simple_tag
def public_static(path: str) -> str:
    """The whole address of a static file, for those who read the page elsewhere."""
    return settings.PUBLIC_URL + static(path)
