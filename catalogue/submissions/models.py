from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from initiatives.models import Initiative


def name_of(user: Any) -> str:
    """As colleagues read it."""
    return (user.get_full_name() or user.get_username()) if user else gettext("chi non c’è più")


class Outcome(models.TextChoices):
    WAITING = "waiting", _("In revisione")
    PUBLISHED = "published", _("Pubblicata")
    RETURNED = "returned", _("Restituita")
    REPLACED = "replaced", _("Sostituita da un’altra consegna")
    TAKEN_BACK = "taken-back", _("Ripresa da chi l’aveva consegnata")
    GIVEN_UP = "given-up", _("Lasciata perdere da chi l’aveva consegnata")


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def of(self, entry: Initiative) -> Self:
        return self.filter(initiative=entry)

    def waiting(self) -> Self:
        return self.filter(outcome=Outcome.WAITING)

    def latest_of_each(self) -> Self:
        """Of each entry the last change of each editor; of a draft, which all of them write, the last of anybody."""
        later = Submission.objects.filter(initiative=OuterRef("initiative"), pk__gt=OuterRef("pk"))
        return self.exclude(Exists(later.filter(author=OuterRef("author")))).exclude(Exists(later), form="")

    def unfinished_drafts(self) -> Self:
        """What waits, and what came back and has not been handed in again."""
        return self.latest_of_each().filter(form="", outcome__in=[Outcome.WAITING, Outcome.RETURNED])

    def unfinished_by(self, user: Any) -> Self:
        """What waits, and what came back and has not been handed in again. A draft taken back is a draft once more."""
        of_change = Q(outcome=Outcome.TAKEN_BACK) & ~Q(form="")
        return self.filter(Q(outcome__in=[Outcome.WAITING, Outcome.RETURNED]) | of_change, author=user.pk)


class Submission(models.Model):
    """What an editor who may not publish has handed in: a draft as it stands, or a change of what is published.

    A change is kept as its form was sent: it is compared, shown and published by sending that form once more.
    """

    initiative = models.ForeignKey(Initiative, models.CASCADE, verbose_name=_("scheda"), related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("consegnata da"), related_name="+", null=True
    )
    handed_in = models.DateTimeField(_("consegnata"), default=timezone.now)
    comment = models.TextField(_("commento"), blank=True)
    form = models.TextField(_("modulo"), blank=True, help_text=_("Vuoto per una bozza."))
    outcome = models.CharField(_("esito"), max_length=20, choices=Outcome, default=Outcome.WAITING)
    decided = models.DateTimeField(_("decisa"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("decisa da"), related_name="+", null=True
    )
    reason = models.TextField(_("perché è stata restituita"), blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["-handed_in", "-pk"]
        verbose_name = _("consegna")
        verbose_name_plural = _("consegne")
        constraints = [
            models.UniqueConstraint(
                fields=["initiative"], condition=Q(outcome="waiting"), name="submission_one_waiting"
            ),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="submission_outcome_known"),
        ]

    def __str__(self) -> str:
        return f"{self.initiative} ({self.get_outcome_display()})"

    @property
    def author_name(self) -> str:
        return name_of(self.author)

    @property
    def decider_name(self) -> str:
        return name_of(self.decided_by) if self.decided else ""

    def decide(self, outcome: Outcome, user: object, reason: str = "") -> None:
        """Why it was returned before, if it was, stays said."""
        self.outcome, self.decided_by, self.decided = outcome, user, timezone.now()  # type: ignore[assignment]
        self.reason = reason or self.reason
        self.save()
