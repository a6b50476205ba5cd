from collections.abc import Iterable, Iterator
from typing import Any

from django import template
from django.db.models import Max, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from catalogue.submissions.models import Outcome, Submission
from catalogue.templating.filters import day, minute

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
def submissions_of(user: object) -> QuerySet[Submission]:
    """For who handed them in: what waits, and what came back and has not been handed in again."""
    latest = Submission.objects.values("initiative").annotate(latest=Max("pk")).values("latest")
    own = Submission.objects.filter(pk__in=latest, author=user, outcome__in=[Outcome.WAITING, Outcome.RETURNED])
    return own.select_related("initiative", "decided_by")
