from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import Case, F, Prefetch, Q, QuerySet, When
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from initiatives.models.sources import Passage
from initiatives.search.folding import CodePointOrder, sort_key
from initiatives.search.words import searchable_whole
from taxonomy.addresses import address
from taxonomy.models import one_of, translated


class Scope(models.TextChoices):
    FOCUS = "focus", _("Sezione principale")
    FURTHER = "further", _("Solo citata in premessa")


class Level(models.TextChoices):
    INITIATIVE = "initiative", _("Iniziative")
    MEASURE = "measure", _("Misure")


class Funding(models.TextChoices):
    FSE = "fse", _("FSE")
    FSE_FESR = "fse-fesr", _("FSE e FESR, in maniera integrata")


class Status(models.TextChoices):
    DRAFT = "draft", _("Bozza")
    PUBLISHED = "published", _("Pubblicata")


def tag_of(uid: str, created: datetime) -> str:
    """A name that stays (RFC 4151), of who gives it and of the day when it was given."""
    return f"{giver()},{created.astimezone(UTC):%Y-%m-%d}:{uid}"


def giver() -> str:
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    # RFC 4151 takes names: an IPv6 address, which only a trial has, is none.
    return f"tag:{host if host and ':' not in host else 'localhost'}"


class InitiativeQuerySet(models.QuerySet["Initiative"]):
    def published(self) -> Self:
        return self.filter(status=Status.PUBLISHED)

    def around(self, entry: "Initiative") -> Self:
        """The entry and those whose pages name it: its initiative, the other measures of that, its own."""
        kin = Q(parent=entry) if entry.parent_id is None else Q(pk=entry.parent_id) | Q(parent=entry.parent_id)
        return self.filter(Q(pk=entry.pk) | kin)

    def in_order(self, order: str) -> Self:
        return self.order_by(*ORDERS[order])

    def get_by_natural_key(self, slug: str) -> "Initiative":
        return self.get(slug=slug)


def one_of_these(column: str, ids: Iterable[int]) -> str:
    """The condition that a column is one of these, in SQL: Django would prepare and pass each id on its own."""
    # No database has an id of 0: of none at all it is false.
    return f"{column} IN ({', '.join(map(str, (0, *map(int, ids))))})"


def among(column: str, ids: Iterable[int]) -> RawSQL:
    """The same for a queryset."""
    return RawSQL(one_of_these(column, ids), (), output_field=models.BooleanField())


ORDERS: dict[str, list[Any]] = {
    "position": ["position", "pk"],
    "title": [CodePointOrder("title_key"), "position", "pk"],
    "level": [Case(When(parent=None, then=0), default=1), "position", "pk"],
    "-updated": ["-updated", "position", "pk"],
}


class Initiative(models.Model):
    """An entry of the catalogue: an initiative or, with a parent, one of its measures."""

    slug = models.SlugField(
        _("identificativo"),
        max_length=80,
        unique=True,
        help_text=_(
            "L’ultima parte dell’indirizzo della pagina: lettere minuscole, cifre e trattini. Una "
            "volta pubblicato, lo cambia solo chi amministra il catalogo."
        ),
    )
    title = models.CharField(
        _("titolo"),
        max_length=300,
        help_text=_("Le parole del documento: se sono troppe si tagliano, non si riscrivono."),
    )
    title_en = models.CharField(
        _("titolo inglese"), max_length=300, blank=True, help_text=_("Traduzione non ufficiale.")
    )
    summary = models.TextField(
        _("sintesi"),
        validators=[searchable_whole],
        help_text=_("Una o due frasi, che non dicono nulla più dei passi del documento scelti qui sotto."),
    )
    summary_en = models.TextField(
        _("sintesi inglese"), blank=True, validators=[searchable_whole], help_text=_("Traduzione non ufficiale.")
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("iniziativa di cui è una misura"),
        related_name="measures",
        null=True,
        blank=True,
        limit_choices_to={"parent": None},
        help_text=_("Solo per una misura: l’iniziativa sotto la quale il documento la elenca."),
    )
    passages = models.ManyToManyField(
        Passage,
        verbose_name=_("passi del documento"),
        related_name="initiatives",
        blank=True,
        help_text=_(
            "I punti del documento che ne parlano, da cui viene tutto ciò che la scheda dice. Per "
            "pubblicarla ne serve almeno uno."
        ),
    )
    lead_ins = models.ManyToManyField(
        Passage,
        verbose_name=_("passi che la introducono"),
        related_name="introduced",
        blank=True,
        help_text=_(
            "Se il documento la riporta in un elenco: le parole che aprono l’elenco, e valgono per "
            "tutto ciò che vi sta."
        ),
    )
    scope = models.CharField(
        _("dove ne parla il documento"),
        max_length=20,
        choices=Scope,
        default=Scope.FOCUS,
        help_text=_(
            "«Solo citata in premessa»: è tra le «ulteriori esperienze», che il documento nomina soltanto e dice di "
            "non riportare."
        ),
    )
    funding = models.CharField(_("fondi"), max_length=20, choices=Funding, default=Funding.FSE)
    classification_note = models.TextField(
        _("nota sulla lettura"),
        blank=True,
        help_text=_(
            "Che cos’altro, oltre ai valori qui sopra, è una lettura della redazione: per esempio il "
            "posto nel documento, o il titolo. Si legge sulla pagina."
        ),
    )
    classification_note_en = models.TextField(_("nota sulla lettura in inglese"), blank=True)
    status = models.CharField(_("stato"), max_length=20, choices=Status, default=Status.DRAFT)
    position = models.PositiveIntegerField(
        _("posizione"), default=0, help_text=_("Il posto nell’elenco del catalogo: i numeri più bassi vengono prima.")
    )
    created = models.DateTimeField(_("creata"), default=timezone.now, editable=False)
    updated = models.DateTimeField(_("aggiornata"), default=timezone.now, editable=False)
    title_key = models.GeneratedField(
        expression=sort_key(F("title")), output_field=models.TextField(), db_persist=True, editable=False
    )

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("scheda")
        verbose_name_plural = _("schede")
        permissions = [("publish_initiative", "Può pubblicare e ritirare schede")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(slug__in=["", "none", "confronta", "compare"]),
                name="initiative_slug_free",
                violation_error_message=_("Questo identificativo è riservato: sceglierne un altro."),
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="initiative_not_its_own_parent"),
            one_of("scope", Scope),
            one_of("funding", Funding),
            one_of("status", Status),
        ]
        indexes = [models.Index(fields=["status", "position"], name="initiative_default_order")]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            self.updated = timezone.now()
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "updated"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return address("initiative-detail", self.slug)

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def clean(self) -> None:
        """What no database constraint can say: two levels only, and no published measure under a draft."""
        has_measures = self.pk is not None and self.measures.exists()
        if self.parent and (self.parent.parent_id or has_measures or self.parent_id == self.pk):
            raise ValidationError({"parent": gettext("Una misura sta sotto un’iniziativa, mai sotto un’altra misura.")})
        if self.is_published and self.parent and not self.parent.is_published:
            raise ValidationError(
                {"status": gettext("L’iniziativa di cui è una misura è ancora una bozza: pubblicarla prima.")}
            )
        if not self.is_published and has_measures and self.measures.published().exists():
            raise ValidationError({"status": gettext("Ha misure pubblicate: riportare prima quelle in bozza.")})

    @property
    def is_published(self) -> bool:
        return self.status == Status.PUBLISHED

    @property
    def was_public(self) -> bool:
        """Whether it is, or was, read by everybody."""
        return hasattr(self, "public")

    @property
    def uid(self) -> str:
        """The name that stays, whichever address it has; of what nobody has read yet, the one that it would have."""
        public: Any = getattr(self, "public", None)
        return public.uid if public else self.slug

    @property
    def tag(self) -> str:
        """The same as a URI."""
        public: Any = getattr(self, "public", None)
        return public.tag if public else tag_of(self.slug, self.created)

    @property
    def level(self) -> Level:
        return Level.MEASURE if self.parent_id else Level.INITIATIVE

    @property
    def level_name(self) -> str:
        """Of one entry; the levels' own labels are plural."""
        return gettext("Misura") if self.parent_id else gettext("Iniziativa")

    @property
    def heading(self) -> str:
        return translated(self, "title")

    @property
    def abstract(self) -> str:
        return translated(self, "summary")

    @property
    def reading_note(self) -> str:
        return translated(self, "classification_note")

    @property
    def public_parent(self) -> "Initiative | None":
        return self.parent if self.parent and self.parent.is_published else None

    @cached_property
    def public_measures(self) -> list["Initiative"]:
        # By parent alone: asked for the published in their order, SQLite would walk through all that are published.
        return [] if self.parent_id else [measure for measure in self.measures.all() if measure.is_published]

    @property
    def siblings(self) -> list["Initiative"]:
        parent = self.public_parent
        return [measure for measure in parent.public_measures if measure != self] if parent else []

    @property
    def kin(self) -> list["Initiative"]:
        """The entries around it: its initiative, the other measures of that, its own."""
        return [*filter(None, [self.public_parent]), *self.siblings, *self.public_measures]


def tied(ties: Any, ids: Iterable[int]) -> list[tuple[int, int]]:
    """Of these entries' passages or lead-ins: passage and entry."""
    table, these = ties.through._meta.db_table, one_of_these("initiative_id", ids)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT passage_id, initiative_id FROM {table} WHERE {these}")
        return cursor.fetchall()


def lead_ins_of(ids: Iterable[int], passages: Mapping[int, Passage]) -> dict[int, list[Passage]]:
    """The passages that introduce each of these entries, in the order in which they are given."""
    introduced, lead_ins = defaultdict[int, list[int]](list), defaultdict[int, list[Passage]](list)
    for pk, entry in tied(Initiative.lead_ins, ids):
        introduced[pk].append(entry)
    for pk, passage in passages.items():
        for entry in introduced[pk]:
            lead_ins[entry].append(passage)
    return lead_ins


def passages_with_ties(entries: QuerySet[Initiative] | None = None) -> QuerySet[Passage]:
    """Every passage with the terms it names, and with the entries that come from it or that it introduces.

    Of these entries, or of all that are published.
    """
    entries = (Initiative.objects.published() if entries is None else entries).select_related("public")
    published = [Prefetch(ties, entries) for ties in ("initiatives", "introduced")]
    return Passage.objects.prefetch_related("objectives", "categories", "sectors").prefetch_related(*published)
