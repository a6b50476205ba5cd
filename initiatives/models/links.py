from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from initiatives.models.entries import Initiative, one_of_these
from initiatives.models.sources import Passage
from taxonomy.models import InterventionCategory, PrioritySector, SpecificObjective, Term, one_of, translated


class Basis(models.TextChoices):
    SOURCE = "source", _("dal documento")
    EDITORIAL = "editorial", _("aggiunta dalla redazione")


# Of what earlier releases dumped: the document's have no passage, the editors' no word of theirs.
WITHOUT_REASON = (
    Q(basis=Basis.SOURCE, passage=None) | Q(basis=Basis.EDITORIAL, note=None) | Q(basis=Basis.EDITORIAL, note="")
)


class LinkManager(models.Manager[Any]):
    def get_by_natural_key(self, initiative: str, term: str) -> Any:
        return self.get(initiative__slug=initiative, term__slug=term)


class Link(models.Model):
    """Says that an entry stands under a term, and on whose word."""

    initiative = models.ForeignKey(
        Initiative, models.CASCADE, verbose_name=_("scheda"), related_name="%(class)ss", db_index=False
    )
    basis = models.CharField(
        _("origine"),
        max_length=20,
        choices=Basis,
        help_text=_(
            "«Dal documento» solo se lo dicono le sue parole o il titolo della sezione; altrimenti "
            "l’ha aggiunta la redazione."
        ),
    )
    passage = models.ForeignKey(
        Passage,
        models.PROTECT,
        verbose_name=_("passo su cui si fonda"),
        related_name="%(class)ss",
        null=True,
        blank=True,
        help_text=_(
            "Il titolo, la frase o il punto che lo dice. Se è aggiunta dalla redazione: il passo da "
            "cui è partita, se c’è."
        ),
    )
    # Null in what earlier releases dumped.
    note = models.TextField(  # noqa: DJ001
        _("perché"),
        null=True,
        blank=True,
        help_text=_("Una o due frasi per chi legge: come la redazione è arrivata a leggerla così."),
    )
    note_en = models.TextField(_("perché, in inglese"), null=True, blank=True)  # noqa: DJ001

    dimension: ClassVar[str]
    # Declared by each class, to a vocabulary of its own.
    term: "models.ForeignKey[Any, Any]"

    objects = LinkManager()

    class Meta:
        abstract = True
        ordering = ["term__position"]
        constraints = [
            models.UniqueConstraint(fields=["initiative", "term"], name="%(class)s_unique"),
            one_of("basis", Basis),
        ]
        # Holds all that an index of the catalogue is built from, in its order.
        indexes = [models.Index(fields=["term", "basis", "initiative"], name="%(class)s_covering")]

    def __str__(self) -> str:
        return f"{self.term} ({self.get_basis_display()})"

    def natural_key(self) -> tuple[str, str]:
        return (self.initiative.slug, self.term.slug)

    @classmethod
    def vocabulary(cls) -> type[Term]:
        return cls._meta.get_field("term").related_model  # type: ignore[return-value]


class CategoryLink(Link):
    dimension = "category"

    term = models.ForeignKey(
        InterventionCategory, models.PROTECT, verbose_name=_("categoria"), related_name="links", db_index=False
    )

    class Meta(Link.Meta):
        verbose_name = _("categoria della scheda")
        verbose_name_plural = _("categorie della scheda")


class ObjectiveLink(Link):
    dimension = "objective"

    term = models.ForeignKey(
        SpecificObjective, models.PROTECT, verbose_name=_("obiettivo"), related_name="links", db_index=False
    )

    class Meta(Link.Meta):
        verbose_name = _("obiettivo della scheda")
        verbose_name_plural = _("obiettivi della scheda")


class SectorLink(Link):
    dimension = "sector"

    term = models.ForeignKey(
        PrioritySector, models.PROTECT, verbose_name=_("settore"), related_name="links", db_index=False
    )

    class Meta(Link.Meta):
        verbose_name = _("settore della scheda")
        verbose_name_plural = _("settori della scheda")


LINKS: dict[str, type[Link]] = {link.dimension: link for link in (ObjectiveLink, CategoryLink, SectorLink)}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an entry stands under a term: the passage that says so and, where the editors do, what they say of it."""

    passage: Passage | None
    note: str
    note_en: str

    @property
    def words(self) -> str:
        """The editors', in the active language."""
        return translated(self, "note")


def citing(passage: Passage) -> models.QuerySet[Initiative]:
    """The published entries that quote a passage, are introduced by it, or stand under a term on its word."""
    ties = (Initiative.passages.through, Initiative.lead_ins.through, *LINKS.values())
    of_each = (tie._default_manager.filter(passage=passage).values("initiative") for tie in ties)
    return Initiative.objects.published().filter(reduce(or_, (Q(pk__in=entries) for entries in of_each)))


def standing_under(term: Term) -> models.QuerySet[Initiative]:
    """The published entries."""
    links = LINKS[term.dimension]._default_manager.filter(term=term)
    return Initiative.objects.published().filter(pk__in=links.values("initiative"))


def link_rows(ids: Iterable[int]) -> list[tuple[str, int, int, str, int | None, str | None, str | None]]:
    """Of the links of these entries: dimension, entry, term, basis; passage and note in both languages."""
    fields, these = "initiative_id, term_id, basis, passage_id, note, note_en", one_of_these("initiative_id", ids)
    of_each = (f"SELECT '{d}', {fields} FROM {link._meta.db_table} WHERE {these}" for d, link in LINKS.items())
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(of_each))
        return cursor.fetchall()


def reasons_of(ids: Iterable[int], passages: Mapping[int, Passage]) -> dict[tuple[str, int, int], Reason]:
    """By dimension, entry and term; a link that an earlier release made has none."""
    return {
        (dimension, entry, term): Reason(passages[passage] if passage else None, note or "", note_en or "")
        for dimension, entry, term, _, passage, note, note_en in link_rows(ids)
        if passage or note
    }


def vocabularies() -> dict[str, dict[str, Term]]:
    """The terms of every dimension by slug, in their order."""
    return {dimension: link.vocabulary().all_by_slug() for dimension, link in LINKS.items()}
