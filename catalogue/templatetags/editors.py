from datetime import timedelta
from typing import Any

from django import template
from django.db.models import QuerySet
from django.utils import timezone

from catalogue.submissions.models import Outcome, Submission
from catalogue.templating.filters import day, minute

TOLD_FOR = timedelta(days=7)
register = template.Library()
register.filter(day)
register.filter(minute)


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
