from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from initiatives.models.entries import Initiative
from taxonomy.models import SlugManager, translated


class PublicAddress(models.Model):
    """An address under which an entry is, or was, read by everybody: whoever cites it still finds the way.

    The editors' pages give it to no other entry. It outlives its own, with the last title that was published and
    nothing else.
    """

    slug = models.SlugField("identificativo", max_length=80, unique=True)
    initiative = models.ForeignKey(
        Initiative, models.SET_NULL, verbose_name="scheda", related_name="addresses", null=True, editable=False
    )
    title = models.CharField("ultimo titolo pubblicato", max_length=300)
    title_en = models.CharField("ultimo titolo pubblicato, in inglese", max_length=300, blank=True)
    withdrawn = models.DateTimeField("ritirata", null=True, editable=False)
    reason = models.TextField("perché è stata ritirata", blank=True, help_text="Si legge sulla pagina che ne resta.")
    reason_en = models.TextField("perché è stata ritirata, in inglese", blank=True)

    objects = SlugManager()

    class Meta:
        ordering = ["slug"]
        verbose_name = "indirizzo pubblico"
        verbose_name_plural = "indirizzi pubblici"

    def __str__(self) -> str:
        return self.slug

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    @property
    def heading(self) -> str:
        return translated(self, "title")

    @property
    def why(self) -> str:
        return translated(self, "reason")

    @property
    def leads_to(self) -> Initiative | None:
        """The entry as it is published now, under another address perhaps."""
        return self.initiative if self.initiative and self.initiative.is_published else None


# Of what came past Python's saving, fixtures above all: published entries have their addresses, with today's titles.
ADDED = (
    "INSERT INTO initiatives_publicaddress (slug, initiative_id, title, title_en, withdrawn, reason, reason_en)"
    " SELECT slug, id, title, title_en, NULL, '', '' FROM initiatives_initiative e WHERE status = 'published'"
    " AND NOT EXISTS (SELECT 1 FROM initiatives_publicaddress a WHERE a.slug = e.slug)"
)
THERE = (
    "UPDATE initiatives_publicaddress SET initiative_id = e.id, title = e.title, title_en = e.title_en,"
    " withdrawn = NULL, reason = '', reason_en = '' FROM initiatives_initiative e WHERE e.status = 'published'"
    " AND (e.slug = initiatives_publicaddress.slug OR e.id = initiatives_publicaddress.initiative_id)"
    " AND (initiatives_publicaddress.initiative_id IS NULL OR initiatives_publicaddress.withdrawn IS NOT NULL"
    " OR initiatives_publicaddress.title <> e.title OR initiatives_publicaddress.title_en <> e.title_en)"
)


def keep_addresses() -> None:
    with connection.cursor() as cursor:
        cursor.execute(ADDED)
        cursor.execute(THERE)
    gone = PublicAddress.objects.filter(withdrawn=None).exclude(initiative__in=Initiative.objects.published())
    gone.update(withdrawn=timezone.now())


def keep_address(instance: Initiative, raw: bool = False, **kwargs: Any) -> None:
    """After an entry was saved: its addresses say where it is, or since when it is no more."""
    if raw:  # the file may hold addresses too
        if not any(waiting[1] is keep_addresses for waiting in connection.run_on_commit):  # once is enough
            transaction.on_commit(keep_addresses)
        return
    if not instance.is_published:
        _withdraw(instance)
        return
    last = {"title": instance.title, "title_en": instance.title_en, "withdrawn": None, "reason": "", "reason_en": ""}
    there = {"initiative": instance, **last}
    if not PublicAddress.objects.filter(slug=instance.slug, **there).exists():
        PublicAddress.objects.update_or_create(slug=instance.slug, defaults=there)
        instance.addresses.update(**last)


def leave_address(instance: Initiative, **kwargs: Any) -> None:
    """Before an entry is deleted."""
    _withdraw(instance)


def _withdraw(entry: Initiative) -> None:
    entry.addresses.filter(withdrawn=None).update(withdrawn=timezone.now())


def is_taken(slug: str, entry: Initiative) -> bool:
    """Whether the address is, or was, another entry's."""
    addresses = PublicAddress.objects.filter(slug=slug)
    return (addresses.exclude(initiative=entry) if entry.pk else addresses).exists()
