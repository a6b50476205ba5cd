"""Publishing and withdrawing: what stands in the way, in words."""

from django.core.exceptions import ValidationError

from initiatives.models import LINKS, WITHOUT_REASON, Initiative, PublicAddress, Status


def obstacles(entry: Initiative) -> list[str]:
    """Why an entry cannot be published as it is saved."""
    missing = []
    if not entry.passages.exists():
        missing.append("cita almeno un passo del documento")
    if any(link._default_manager.filter(WITHOUT_REASON, initiative=entry).exists() for link in LINKS.values()):
        missing.append("manca il perché di un’attribuzione")
    return missing


def publish(entry: Initiative) -> None:
    """Raises ValidationError with what stands in the way."""
    if missing := obstacles(entry):
        raise ValidationError(missing)
    entry.status = Status.PUBLISHED
    entry.full_clean()
    entry.save()


def withdraw(entry: Initiative, reason: str, reason_en: str) -> None:
    """The reason is for everybody. Raises ValidationError where measures of it are published."""
    entry.status = Status.DRAFT
    entry.full_clean()
    entry.save()
    PublicAddress.objects.filter(initiative=entry).update(reason=reason, reason_en=reason_en)
