from django import template
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

register = template.Library()

# "zero" knows no markup at all and escapes HTML; passages use emphasis and nothing else.
_markdown = MarkdownIt("zero").enable("emphasis")


@register.filter
def passage_text(text: str) -> SafeString:
    """The verbatim Markdown of a passage as inline HTML."""
    return mark_safe(_markdown.renderInline(text))  # noqa: S308
