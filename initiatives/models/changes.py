import uuid
from datetime import datetime

from django.db import models
from django.db.models import Max, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from initiatives.models.addresses import PublicEntry
from initiatives.models.entries import Status
from taxonomy.models import one_of


class ChangeKind(models.TextChoices):
    ENTERED = "entered", _("entrata nel catalogo")
    CHANGED = "changed", _("modificata")
    MOVED = "moved", _("indirizzo cambiato")
    WITHDRAWN = "withdrawn", _("ritirata")
    RETURNED = "returned", _("di nuovo nel catalogo")
    PASSAGE = "passage", _("testo di un passo del documento modificato")
    TERM = "term", _("valore di una classificazione modificato")


class PublicChangeQuerySet(models.QuerySet["PublicChange"]):
    def get_by_natural_key(self, key: str) -> "PublicChange":
        return self.get(key=key)

    def latest_first(self) -> "PublicChangeQuerySet":
        return self.order_by("-moment", "-pk")

    def of_what_is_there(self) -> "PublicChangeQuerySet":
        of_published = Q(entry__initiative__status=Status.PUBLISHED)
        return self.filter(Q(entry=None) | of_published).exclude(kind=ChangeKind.WITHDRAWN)

    def first_moment(self) -> datetime | None:
        """When readers first saw something."""
        return self.latest_first().values_list("moment", flat=True).last()

    def last_moment(self) -> datetime | None:
        """When readers last saw something change."""
        return self.latest_first().values_list("moment", flat=True).first()

    def last_of_terms(self) -> dict[str, datetime]:
        """By dimension, when one of its terms last changed, if any did."""
        # Only of what has a subject, as the index: entries, which are many, have none.
        subjects = self.filter(kind=ChangeKind.TERM).exclude(subject="").order_by().values_list("subject")
        of_terms = subjects.annotate(last=Max("moment"))
        last: dict[str, datetime] = {}
        for subject, moment in sorted(of_terms, key=lambda change: change[1]):
            last[subject.partition("/")[0]] = moment
        return last

    def with_withdrawals(self) -> "PublicChangeQuerySet":
        """Each with the last withdrawal of its entry: what was said before that is said no more."""
        last = PublicChange.objects.filter(entry=OuterRef("entry"), kind=ChangeKind.WITHDRAWN).order_by("-pk")
        return self.annotate(last_withdrawal=Subquery(last.values("pk")[:1])).select_related("entry__initiative")


class PublicChange(models.Model):
    """Something that readers could see change: of an entry, of a passage's text or of a term's; not who changed it.

    `before` and `after` hold what was said, in both languages: of an entry a `content.Wording`, of a change of address
    the slugs, of a passage its anchor and text, of a term its names and texts. Of one entry, and of all passages and
    terms, the ids are in the order of the changes.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    moment = models.DateTimeField(default=timezone.now, editable=False)
    kind = models.CharField(max_length=20, choices=ChangeKind)
    entry = models.ForeignKey(PublicEntry, models.CASCADE, related_name="changes", null=True)
    subject = models.CharField(max_length=120, blank=True, help_text="The passage's anchor, or dimension/slug.")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    objects = PublicChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-moment", "-pk"]
        verbose_name = _("modifica pubblica")
        verbose_name_plural = _("modifiche pubbliche")
        constraints = [one_of("kind", ChangeKind)]
        indexes = [
            models.Index(fields=["-moment", "-id"], name="publicchange_latest"),
            models.Index(fields=["subject", "id"], name="publicchange_subject", condition=~Q(subject="")),
        ]

    def __str__(self) -> str:
        return f"{self.entry or self.subject}: {self.get_kind_display()}"

    def natural_key(self) -> tuple[str]:
        return (str(self.key),)

    @property
    def tells(self) -> bool:
        """Whether what it says before and after may be read: of what is withdrawn nothing is, nor of what once was."""
        if not self.entry:
            return True
        return self.entry.leads_to is not None and self.pk > (getattr(self, "last_withdrawal", None) or 0)

    @property
    def gives_reason(self) -> bool:
        """Whether its entry's reason is of this withdrawal: it is of the last one alone, while that lasts."""
        is_last = self.pk == getattr(self, "last_withdrawal", None)
        return self.entry is not None and self.entry.leads_to is None and is_last
