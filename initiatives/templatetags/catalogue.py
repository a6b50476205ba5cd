from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse, translate_url
from django.utils.http import escape_leading_slashes
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override
from markdown_it import MarkdownIt

from initiatives import presenters, search

register = template.Library()

# "zero" knows no markup at all and escapes HTML; passages use emphasis and nothing else.
_markdown = MarkdownIt("zero").enable("emphasis")


@register.filter
def passage_text(text: str) -> SafeString:
    """The verbatim Markdown of a passage as inline HTML."""
    return mark_safe(_markdown.renderInline(text))


@register.filter
def highlight(text: str, q: str) -> SafeString:
    return search.highlight(text, q)


@register.filter
def facet_label(name: str) -> str:
    return str(presenters.FACET_LABELS[name])


@register.simple_tag(takes_context=True)
def address_in(context: dict[str, Any], language: str) -> str:
    """The address of the same page, with the same selection, in another language; of home, where there is no page."""
    address = escape_leading_slashes(context["request"].get_full_path())
    twin = translate_url(address, language)
    if twin != address:
        return twin
    with override(language):
        return reverse("home")


@register.simple_tag(takes_context=True)
def canonical_address(context: dict[str, Any]) -> str:
    """The one public address of a page: a selection in its canonical form, no other query string."""
    selection = context.get("selection")
    return f"{settings.PUBLIC_URL}{context['request'].path}{selection.query if selection else ''}"
