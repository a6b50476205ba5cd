import re
from functools import cached_property
from typing import Any, ClassVar, Self
from urllib.parse import quote

from django.core.exceptions import ValidationError
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


def one_of(field: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q((f"{field}__in", choices.values)), name=f"%(app_label)s_%(class)s_{field}_known"
    )


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
    # What the editors match it with in other vocabularies; the relation is declared on those.
    matches: "models.Manager[Any]"
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

    @cached_property
    def codes_today(self) -> tuple[str, ...]:
        """In the programmes of today, as the editors match them; what is only related to it is no code of it."""
        matches = self.matches.all() if self.pk else ()
        return tuple(match.code for match in matches if match.is_code_today)

    @classmethod
    def all_by_slug(cls) -> dict[str, Self]:
        return {term.slug: term for term in cls.objects.prefetch_related("matches")}

    @classmethod
    def match_model(cls) -> "type[Match]":
        return cls._meta.get_field("matches").related_model  # type: ignore[return-value]


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


class OtherVocabulary(models.TextChoices):
    """Of others, in the order in which they are shown."""

    # The programmes name the objectives of its article 4(1) by codes: ESO4.1 is (a), ESO4.11 is (k).
    ESF_PLUS = "esf-plus", _("Regolamento (UE) 2021/1057")
    EUROVOC = "eurovoc", "EuroVoc"


ADDRESSES = {
    OtherVocabulary.ESF_PLUS: "http://data.europa.eu/eli/reg/2021/1057/oj",
    OtherVocabulary.EUROVOC: "http://eurovoc.europa.eu/{code}",
}
CODES = {
    OtherVocabulary.ESF_PLUS: re.compile(r"ESO4\.(?:[1-9]|1[0-3])"),
    OtherVocabulary.EUROVOC: re.compile(r"[1-9][0-9]{0,5}|c_[0-9a-f]{8}"),
}
NO_CODE = {
    OtherVocabulary.ESF_PLUS: _("Non è un codice di questo vocabolario: i suoi vanno da ESO4.1 a ESO4.13."),
    OtherVocabulary.EUROVOC: _(
        "Non è un codice di questo vocabolario: i suoi chiudono l’indirizzo del concetto, per esempio «3082» in "
        "http://eurovoc.europa.eu/3082."
    ),
}


class Relation(models.TextChoices):
    """How near the two are; the values are SKOS’s."""

    CLOSE = "close", _("quasi lo stesso significato")
    RELATED = "related", _("significato collegato")


class MatchManager(models.Manager[Any]):
    def get_by_natural_key(self, term: str, code: str) -> Any:
        return self.get(term__slug=term, code=code)


class Match(models.Model):
    """Says that a term means nearly what a concept of another vocabulary means, always on the editors’ word."""

    code = models.CharField(
        _("codice"), max_length=20, help_text=_("Per esempio «ESO4.11»; in EuroVoc il numero del concetto.")
    )
    vocabulary = models.CharField(_("vocabolario"), max_length=20, choices=OtherVocabulary)
    relation = models.CharField(
        _("tipo"),
        max_length=20,
        choices=Relation,
        help_text=_(
            "«Quasi lo stesso significato» solo se l’uno può stare al posto dell’altro: solo allora la ricerca trova "
            "il valore dal codice attuale."
        ),
    )
    name = models.CharField(_("nome"), max_length=300, blank=True, help_text=_("Con le parole dell’altro vocabolario."))
    name_en = models.CharField(_("nome inglese"), max_length=300, blank=True)
    note = models.TextField(
        _("perché"), help_text=_("Come la redazione vi è arrivata; che cosa, tra i due, è diverso.")
    )
    note_en = models.TextField(_("perché, in inglese"), blank=True)

    # Of all: the document speaks of no other vocabulary.
    basis: ClassVar[str] = "editorial"
    # Declared by each class, to a vocabulary of its own.
    term: "models.ForeignKey[Any, Any]"

    objects = MatchManager()

    class Meta:
        abstract = True
        ordering = ["vocabulary", "code"]
        constraints = [
            models.UniqueConstraint(fields=["term", "code"], name="%(class)s_unique"),
            one_of("vocabulary", OtherVocabulary),
            one_of("relation", Relation),
        ]

    def __str__(self) -> str:
        return f"{self.get_vocabulary_display()}: {self.code}"

    def natural_key(self) -> tuple[str, str]:
        return (self.term.slug, self.code)

    def clean(self) -> None:
        if self.vocabulary in CODES and not CODES[OtherVocabulary(self.vocabulary)].fullmatch(self.code):
            raise ValidationError({"code": NO_CODE[OtherVocabulary(self.vocabulary)]})

    @property
    def address(self) -> str:
        """Of the concept; of the regulation, which has none for each of its objectives."""
        return ADDRESSES[OtherVocabulary(self.vocabulary)].format(code=quote(self.code))

    @property
    def is_code_today(self) -> bool:
        return self.vocabulary == OtherVocabulary.ESF_PLUS and self.relation == Relation.CLOSE

    @property
    def title(self) -> str:
        return translated(self, "name")

    @property
    def why(self) -> str:
        return translated(self, "note")


class CategoryMatch(Match):
    term = models.ForeignKey(
        InterventionCategory, models.CASCADE, verbose_name=_("categoria"), related_name="matches", db_index=False
    )

    class Meta(Match.Meta):
        verbose_name = _("corrispondenza della categoria")
        verbose_name_plural = _("corrispondenze della categoria")


class ObjectiveMatch(Match):
    term = models.ForeignKey(
        SpecificObjective, models.CASCADE, verbose_name=_("obiettivo"), related_name="matches", db_index=False
    )

    class Meta(Match.Meta):
        verbose_name = _("corrispondenza dell’obiettivo")
        verbose_name_plural = _("corrispondenze dell’obiettivo")


class SectorMatch(Match):
    term = models.ForeignKey(
        PrioritySector, models.CASCADE, verbose_name=_("settore"), related_name="matches", db_index=False
    )

    class Meta(Match.Meta):
        verbose_name = _("corrispondenza del settore")
        verbose_name_plural = _("corrispondenze del settore")
