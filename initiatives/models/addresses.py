from collections.abc import Collection
from typing import Any, NamedTuple

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from initiatives.models.entries import Initiative, giver, one_of_these, tag_of
from taxonomy.models import SlugManager, translated

LONGEST_UID = 100  # letters: an entry's slug and, where another has been named so, its number
BETWEEN = "--"  # these two


class PublicEntryManager(models.Manager["PublicEntry"]):
    def get_by_natural_key(self, uid: str) -> "PublicEntry":
        return self.get(uid=uid)


class PublicEntry(models.Model):
    """What readers know of an entry that was ever published, whatever becomes of it.

    It has two names that stay, whichever addresses it will have: `uid`, the slug under which it was first published,
    for data; `tag`, a URI (RFC 4151), for feeds. It outlives its entry, with the last title that was published and
    nothing else.
    """

    uid = models.CharField(_("identificativo che resta"), max_length=LONGEST_UID, unique=True, editable=False)
    tag = models.CharField("nome nei feed", max_length=400, unique=True, editable=False)
    initiative = models.OneToOneField(
        Initiative, models.SET_NULL, verbose_name=_("scheda"), related_name="public", null=True, editable=False
    )
    title = models.CharField(_("ultimo titolo pubblicato"), max_length=300)
    title_en = models.CharField(_("ultimo titolo pubblicato, in inglese"), max_length=300, blank=True)
    withdrawn = models.DateTimeField(_("ritirata"), null=True, editable=False)
    reason = models.TextField(
        _("perché è stata ritirata"), blank=True, help_text=_("Si legge sulla pagina che ne resta.")
    )
    reason_en = models.TextField(_("perché è stata ritirata, in inglese"), blank=True)

    objects = PublicEntryManager()

    class Meta:
        ordering = ["uid"]
        verbose_name = _("scheda letta dal pubblico")
        verbose_name_plural = _("schede lette dal pubblico")

    def __str__(self) -> str:
        return self.title

    def natural_key(self) -> tuple[str]:
        return (self.uid,)

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


class PublicAddress(models.Model):
    """An address under which an entry is, or was, read by everybody: whoever cites it still finds the way.

    The editors' pages give it to no other entry.
    """

    slug = models.SlugField("identificativo", max_length=80, unique=True)
    entry = models.ForeignKey(PublicEntry, models.CASCADE, verbose_name="scheda", related_name="addresses")

    objects = SlugManager()

    class Meta:
        ordering = ["slug"]
        verbose_name = _("indirizzo pubblico")
        verbose_name_plural = _("indirizzi pubblici")

    def __str__(self) -> str:
        return self.slug

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


def read_at(slug: str) -> PublicEntry | None:
    """Which entry is, or was, read at this address, or has this name that stays."""
    known = PublicEntry.objects.select_related("initiative")
    return known.filter(addresses__slug=slug).first() or known.filter(uid=slug).first()


class Named(NamedTuple):
    """An entry and the address that it has now."""

    pk: int
    slug: str


def named(slugs: Collection[str]) -> dict[str, Named]:
    """Entries, drafts too, by their addresses, former ones too, and by the names that stay."""
    now = {slug: Named(pk, slug) for pk, slug in Initiative.objects.filter(slug__in=slugs).values_list("pk", "slug")}
    if others := [slug for slug in slugs if slug not in now]:
        stay = PublicEntry.objects.filter(uid__in=others).values_list("uid", "initiative", "initiative__slug")
        former = PublicAddress.objects.filter(slug__in=others)
        rows = former.values_list("slug", "entry__initiative", "entry__initiative__slug")
        now |= {slug: Named(pk, present) for slug, pk, present in (*stay, *rows) if pk}
    return now


# What came past Python's saving, fixtures above all, set right all at once; in this order.
PUBLISHED = "FROM initiatives_initiative e WHERE e.status = 'published'"
HAS_NONE = "NOT EXISTS (SELECT 1 FROM initiatives_publicentry o WHERE o.initiative_id = e.id)"
# What was deleted is back where it was.
BACK = (
    "UPDATE initiatives_publicentry SET initiative_id = (SELECT min(e.id) FROM initiatives_initiative e"
    " JOIN initiatives_publicaddress a ON a.slug = e.slug WHERE e.status = 'published'"
    f" AND a.entry_id = initiatives_publicentry.id AND {HAS_NONE}) WHERE initiative_id IS NULL"
)
NAMED = (
    "INSERT INTO initiatives_publicentry"
    " (uid, tag, initiative_id, title, title_en, withdrawn, reason, reason_en)"
    " SELECT uid, %s || ',' || day || ':' || uid, id, title, title_en, NULL, '', '' FROM ("
    " SELECT CASE WHEN EXISTS (SELECT 1 FROM initiatives_publicentry t WHERE t.uid = e.slug)"
    f" THEN e.slug || '{BETWEEN}' || e.id ELSE e.slug END AS uid, CAST(date(e.created) AS text) AS day,"
    f" e.id, e.title, e.title_en {PUBLISHED} AND {HAS_NONE} AND {{these}}) AS entered"
)
PLACED = (
    "INSERT INTO initiatives_publicaddress (slug, entry_id) SELECT e.slug, p.id"
    " FROM initiatives_initiative e JOIN initiatives_publicentry p ON p.initiative_id = e.id"
    " WHERE e.status = 'published' AND {these}"
    " AND NOT EXISTS (SELECT 1 FROM initiatives_publicaddress a WHERE a.slug = e.slug)"
)
TAKEN = (
    "UPDATE initiatives_publicaddress SET entry_id = p.id"
    " FROM initiatives_initiative e JOIN initiatives_publicentry p ON p.initiative_id = e.id"
    " WHERE e.status = 'published' AND {these} AND e.slug = initiatives_publicaddress.slug"
    " AND initiatives_publicaddress.entry_id <> p.id"
)
TITLED = (
    "UPDATE initiatives_publicentry SET title = e.title, title_en = e.title_en, withdrawn = NULL, reason = '',"
    f" reason_en = '' {PUBLISHED} AND {{these}} AND e.id = initiatives_publicentry.initiative_id"
    " AND (initiatives_publicentry.withdrawn IS NOT NULL OR initiatives_publicentry.title <> e.title"
    " OR initiatives_publicentry.title_en <> e.title_en)"
)
LEFT = "UPDATE initiatives_publicentry SET withdrawn = %s WHERE withdrawn IS NULL"
GONE = (  # deleted, or no longer published
    "AND initiative_id IS NULL",
    "AND initiative_id IN (SELECT e.id FROM initiatives_initiative e WHERE e.status <> 'published' AND {these})",
)


def keep_addresses(ids: Collection[int] | None = None) -> None:
    """Of these entries, or of all."""
    these = "1 = 1" if ids is None else one_of_these("e.id", ids)
    with connection.cursor() as cursor:
        cursor.execute(BACK)
        cursor.execute(NAMED.format(these=these), [giver()])
        for statement in (PLACED, TAKEN, TITLED):
            cursor.execute(statement.format(these=these))
        for those in GONE:
            cursor.execute(
                f"{LEFT} {those.format(these=these)}", [connection.ops.adapt_datetimefield_value(timezone.now())]
            )


def keep_address(instance: Initiative, raw: bool = False, **kwargs: Any) -> None:
    """After an entry was saved: readers' addresses say where it is, or since when it is no more."""
    if raw:  # the file may hold addresses too
        if not any(waiting[1] is keep_addresses for waiting in connection.run_on_commit):  # once is enough
            transaction.on_commit(keep_addresses)
        return
    if not instance.is_published:
        _withdraw(instance)
        return
    last = {"title": instance.title, "title_en": instance.title_en, "withdrawn": None, "reason": "", "reason_en": ""}
    there = PublicAddress.objects.filter(
        slug=instance.slug, **{f"entry__{name}": value for name, value in last.items()}
    )
    if not there.filter(entry__initiative=instance).exists():
        public = _public(instance)
        PublicEntry.objects.filter(pk=public.pk).update(initiative=instance, **last)
        PublicAddress.objects.update_or_create(slug=instance.slug, defaults={"entry": public})


def _public(entry: Initiative) -> PublicEntry:
    """That of an entry which is published; of one that was deleted and is back; or a new one."""
    if known := PublicEntry.objects.filter(initiative=entry).first():
        return known
    if left := PublicEntry.objects.filter(initiative=None, addresses__slug=entry.slug).first():
        return left
    uid = entry.slug if not PublicEntry.objects.filter(uid=entry.slug).exists() else f"{entry.slug}{BETWEEN}{entry.pk}"
    return PublicEntry.objects.create(uid=uid, tag=tag_of(uid, entry.created), initiative=entry)


def leave_address(instance: Initiative, **kwargs: Any) -> None:
    """Before an entry is deleted."""
    _withdraw(instance)


def _withdraw(entry: Initiative) -> None:
    PublicEntry.objects.filter(initiative=entry, withdrawn=None).update(withdrawn=timezone.now())


def is_taken(slug: str, entry: Initiative) -> bool:
    """Whether the address is, or was, another entry's, or the name that stays of one."""
    own = PublicEntry.objects.filter(initiative=entry) if entry.pk else PublicEntry.objects.none()
    return (
        PublicAddress.objects.filter(slug=slug).exclude(entry__in=own).exists()
        or PublicEntry.objects.filter(uid=slug).exclude(pk__in=own).exists()
    )
