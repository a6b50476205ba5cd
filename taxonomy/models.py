from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from taxonomy.addresses import address

# What stands among the sectors of Annex D and is none of them.
INTRODUCTION = _("dalla premessa")


def translated(row: object, field: str) -> str:
    """`field` in the active language: its English twin where there is one, else the Italian original."""
    twin = getattr(row, f"{field}_en") if get_language() == "en" else ""
    return twin or getattr(row, field)


class SlugManager(models.Manager[Any]):
    """Of what is named by its slug wherever it is named, fixtures included."""

    def get_by_natural_key(self, slug: str) -> Any:
        return self.get(slug=slug)


class Term(models.Model):
    """One value of one of the three vocabularies that classify the entries."""

    slug = models.SlugField(
        _("identificativo"),
        max_length=80,
        unique=True,
        help_text=_(
            "L’ultima parte dell’indirizzo della pagina: lettere minuscole, cifre e trattini. Una "
            "volta pubblicato non si cambia più."
        ),
    )
    code = models.CharField(_("codice"), max_length=20, blank=True, help_text=_("Per esempio «OS ix»."))
    name = models.CharField(_("nome"), max_length=200, help_text=_("Parole del documento, al più accorciate."))
    name_en = models.CharField(_("nome inglese"), max_length=200, blank=True, help_text=_("Traduzione non ufficiale."))
    text = models.TextField(_("testo del documento"), help_text=_("La formulazione del documento, parola per parola."))
    note = models.TextField(_("avvertenze"), blank=True, help_text=_("Che cosa il lettore deve sapere del valore."))
    note_en = models.TextField(_("avvertenze in inglese"), blank=True)
    position = models.PositiveIntegerField(
        _("posizione"), default=0, help_text=_("L’ordine in cui si mostra: i numeri più bassi vengono prima.")
    )

    # The dimension's parameter in query strings and the prefix of its page's URL name.
    dimension: ClassVar[str]
    # The passages of the source that name the term; the relation is declared on them.
    passages: "models.Manager[Any]"
    # A field of the one vocabulary that has such values.
    from_introduction: Any = False

    objects = SlugManager()

    class Meta:
        abstract = True
        ordering = ["position", "slug"]
        constraints = [
            # `none` stands for "unclassified" in query strings.
            models.CheckConstraint(
                condition=~models.Q(slug__in=["", "none"]),
                name="%(app_label)s_%(class)s_slug_free",
                violation_error_message=_(
                    "«none» indica le schede non classificate: scegliere un altro identificativo."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return address(f"{self.dimension}-detail", self.slug)

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    @property
    def title(self) -> str:
        return translated(self, "name")

    @property
    def caveats(self) -> str:
        return translated(self, "note")

    @property
    def label(self) -> str:
        return f"{self.code} — {self.marked_title}" if self.code else self.marked_title

    @property
    def short(self) -> str:
        return self._marked(self.code or self.title)

    @property
    def marked_title(self) -> str:
        return self._marked(self.title)

    def _marked(self, name: str) -> str:
        """Says of a name that it is none of Annex D's where it stands among them."""
        return f"{name} ({INTRODUCTION})" if self.from_introduction else name

    @classmethod
    def all_by_slug(cls) -> dict[str, Self]:
        return {term.slug: term for term in cls.objects.all()}


class InterventionCategory(Term):
    dimension = "category"

    class Meta(Term.Meta):
        verbose_name = _("categoria d’intervento")
        verbose_name_plural = _("categorie d’intervento")


class SpecificObjective(Term):
    dimension = "objective"

    class Meta(Term.Meta):
        verbose_name = _("obiettivo specifico")
        verbose_name_plural = _("obiettivi specifici")


class PrioritySector(Term):
    dimension = "sector"

    objectives = models.ManyToManyField(
        SpecificObjective,
        verbose_name=_("obiettivi"),
        related_name="sectors",
        blank=True,
        help_text=_("Gli obiettivi sotto il cui titolo il documento colloca il settore."),
    )
    from_introduction = models.BooleanField(
        _("dalla premessa"),
        default=False,
        help_text=_(
            "Il documento non lo elenca tra i settori dell’Allegato D: il valore ripete parole della premessa."
        ),
    )

    class Meta(Term.Meta):
        verbose_name = _("settore prioritario")
        verbose_name_plural = _("settori prioritari")
