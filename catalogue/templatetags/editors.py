from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django import template
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from catalogue.submissions.models import Outcome, Submission
from catalogue.templating.filters import day, minute

TOLD_FOR = timedelta(days=7)
register = template.Library()
register.filter(day)
register.filter(minute)


@register.filter
def labelled(cells: Iterable[str], headers: Iterable[dict[str, Any]]) -> Iterator[SafeString]:
    """A row's cells, each with its column's name: on a phone no column stands over them."""
    for cell, header in zip(cells, headers, strict=False):
        label = (
            format_html(' data-label="{}"', capfirst(header["text"]))
            if "checkbox" not in header["class_attrib"]
            else ""
        )
        yield SafeString(cell[:3] + label + cell[3:])  # after "<td" or "<th"


@register.simple_tag
def submissions_to_read() -> QuerySet[Submission]:
    """For those who may publish, the oldest first."""
    return Submission.objects.waiting().select_related("initiative", "author").order_by("handed_in")


@register.simple_tag
def submissions_of(user: Any) -> QuerySet[Submission]:
    """For who handed them in: what is not finished, and what was published of late."""
    latest = Submission.objects.latest_of_each()
    of_late = timezone.now() - TOLD_FOR
    published = latest.filter(author=user.pk, outcome=Outcome.PUBLISHED, decided__gt=of_late)
    return (latest.unfinished_by(user) | published).select_related("initiative", "decided_by")
