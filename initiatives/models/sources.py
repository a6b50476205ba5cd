from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from initiatives.search.words import searchable_whole
from taxonomy.addresses import address
from taxonomy.models import InterventionCategory, PrioritySector, SlugManager, SpecificObjective, one_of, translated


class Kind(models.TextChoices):
    TITLE = "title", _("Titolo")
    HEADING = "heading", _("Titolo di sezione")
    SUBHEADING = "subheading", _("Sottotitolo")
    PARAGRAPH = "paragraph", _("Capoverso")
    ITEM = "item", _("Punto di elenco")
    SUBITEM = "subitem", _("Punto di secondo livello")
    FOOTNOTE = "footnote", _("Nota a piè di pagina")
    CONTINUATION = "continuation", _("Seguito dello stesso capoverso o punto")


class Source(models.Model):
    """A document that the catalogue quotes."""

    slug = models.SlugField(_("identificativo"), max_length=80, unique=True)
    title = models.CharField(_("titolo"), max_length=300)
    file_name = models.CharField(_("nome del file"), max_length=200, help_text=_("Il file da cui vengono i passi."))
    note = models.TextField(_("avvertenze"), blank=True, help_text=_("Com’è stato trascritto, che cosa non si sa."))
    note_en = models.TextField(_("avvertenze in inglese"), blank=True)
    position = models.PositiveIntegerField(_("posizione"), default=0)

    objects = SlugManager()

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("documento")
        verbose_name_plural = _("documenti")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address("source")

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    @property
    def caveats(self) -> str:
        return translated(self, "note")


class PassageQuerySet(models.QuerySet["Passage"]):
    def caveats(self) -> Self:
        """What holds for the whole classification: shown wherever the classification is explained."""
        return self.filter(is_caveat=True)

    def get_by_natural_key(self, anchor: str) -> "Passage":
        return self.get(anchor=anchor)


class Passage(models.Model):
    """A piece of the source, word for word, small enough to say which entry each sentence speaks of."""

    source = models.ForeignKey(Source, models.PROTECT, verbose_name=_("documento"), related_name="passages")
    anchor = models.SlugField(
        _("ancora"),
        max_length=80,
        unique=True,
        help_text=_(
            "Il nome del passo negli indirizzi (/fonte/#nome). Non si cambia più: chi l’ha citato non lo troverebbe."
        ),
    )
    position = models.PositiveIntegerField(
        _("posizione"), help_text=_("L’ordine nel documento: i numeri più bassi vengono prima.")
    )
    kind = models.CharField(_("tipo"), max_length=20, choices=Kind, default=Kind.PARAGRAPH)
    text = models.TextField(
        _("testo"),
        validators=[searchable_whole],
        help_text=_("Parola per parola, anche dove suona strano; *corsivo* e **grassetto** come nel documento."),
    )
    is_caveat = models.BooleanField(
        _("avvertenza generale"),
        default=False,
        help_text=_("Vale per tutta la classificazione: si mostra sulle pagine degli obiettivi e nelle informazioni."),
    )
    categories = models.ManyToManyField(
        InterventionCategory, verbose_name=_("categorie che nomina"), related_name="passages", blank=True
    )
    objectives = models.ManyToManyField(
        SpecificObjective, verbose_name=_("obiettivi che nomina"), related_name="passages", blank=True
    )
    sectors = models.ManyToManyField(
        PrioritySector, verbose_name=_("settori che nomina"), related_name="passages", blank=True
    )

    objects = PassageQuerySet.as_manager()

    class Meta:
        ordering = ["source__position", "position"]
        verbose_name = _("passo")
        verbose_name_plural = _("passi")
        constraints = [
            models.UniqueConstraint(fields=["source", "position"], name="passage_position_unique"),
            one_of("kind", Kind),
        ]

    def __str__(self) -> str:
        return f"{self.anchor}: {self.text[:80]}"

    def get_absolute_url(self) -> str:
        return f"{address('source')}#{self.anchor}"

    def natural_key(self) -> tuple[str]:
        return (self.anchor,)
