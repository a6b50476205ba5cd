"""Publishing and withdrawing an entry as it is saved."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from catalogue.admin.review.words import in_words
from initiatives.models import Initiative, PublicEntry, Status, is_taken, obstacles

TAKEN = _("Sotto questo indirizzo si legge, o si è letta, un’altra scheda: sceglierne un altro.")


def publish(entry: Initiative) -> None:
    """Raises ValidationError with what stands in the way."""
    if entry.is_published:
        raise ValidationError(_("È già pubblicata."))
    if is_taken(entry.slug, entry):
        raise ValidationError(TAKEN)
    if lacking := obstacles(entry):
        raise ValidationError([in_words(lack, entry) for lack in lacking])
    entry.status = Status.PUBLISHED
    entry.full_clean()
    entry.save()


def withdraw(entry: Initiative, reason: str, reason_en: str) -> None:
    """The reason is for everybody. Raises ValidationError where it is no longer published, or has measures that are."""
    if not entry.is_published:
        raise ValidationError(_("Non è pubblicata."))
    entry.status = Status.DRAFT
    entry.full_clean()
    entry.save()
    public = PublicEntry.objects.get(initiative=entry)
    public.reason, public.reason_en = reason, reason_en
    public.save()
