from collections.abc import Mapping
from functools import cached_property, reduce
from operator import and_
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Prefetch, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from initiatives import search
from initiatives.folding import CodePointOrder, sort_key
from initiatives.selection import NONE, Selection
from taxonomy.models import InterventionCategory, PrioritySector, SpecificObjective, Term
from taxonomy.translated import translated


class Scope(models.TextChoices):
    FOCUS = "focus", _("Focus del documento")
    FURTHER = "further", _("Ulteriori esperienze")


class Level(models.TextChoices):
    INITIATIVE = "initiative", _("Iniziative")
    MEASURE = "measure", _("Misure")


class Basis(models.TextChoices):
    SOURCE = "source", _("secondo il documento")
    EDITORIAL = "editorial", _("attribuzione redazionale")


class Funding(models.TextChoices):
    FSE = "fse", _("FSE")
    FSE_FESR = "fse-fesr", _("FSE e FESR, in maniera integrata")


class Status(models.TextChoices):
    DRAFT = "draft", "Bozza"
    PUBLISHED = "published", "Pubblicata"


class Kind(models.TextChoices):
    TITLE = "title", "Titolo"
    HEADING = "heading", "Titolo di sezione"
    SUBHEADING = "subheading", "Sottotitolo"
    PARAGRAPH = "paragraph", "Capoverso"
    ITEM = "item", "Punto di elenco"
    SUBITEM = "subitem", "Punto di secondo livello"
    FOOTNOTE = "footnote", "Nota a piè di pagina"
    CONTINUATION = "continuation", "Seguito dello stesso capoverso o punto"


def _one_of(field: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q((f"{field}__in", choices.values)), name=f"%(app_label)s_%(class)s_{field}_known"
    )


class SourceManager(models.Manager["Source"]):
    def get_by_natural_key(self, slug: str) -> "Source":
        return self.get(slug=slug)


class Source(models.Model):
    """A document that the catalogue quotes."""

    slug = models.SlugField("identificativo", max_length=80, unique=True)
    title = models.CharField("titolo", max_length=300)
    file_name = models.CharField("nome del file", max_length=200, help_text="Il file da cui vengono i passi.")
    note = models.TextField("avvertenze", blank=True, help_text="Com’è stato trascritto, che cosa non si sa.")
    note_en = models.TextField("avvertenze in inglese", blank=True)
    position = models.PositiveIntegerField("posizione", default=0)

    objects = SourceManager()

    class Meta:
        ordering: ClassVar = ["position", "slug"]
        verbose_name = "documento"
        verbose_name_plural = "documenti"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("source")

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    @property
    def caveats(self) -> str:
        return translated(self, "note")


class PassageQuerySet(models.QuerySet["Passage"]):
    def caveats(self) -> Self:
        """What holds for the whole classification: shown wherever the classification is explained."""
        return self.filter(is_caveat=True)

    def with_ties(self) -> Self:
        """With the published entries (`public_initiatives`) and the terms that each passage speaks of."""
        entries = Prefetch("initiatives", Initiative.objects.published(), to_attr="public_initiatives")
        return self.prefetch_related(entries, "objectives", "categories", "sectors")

    def get_by_natural_key(self, anchor: str) -> "Passage":
        return self.get(anchor=anchor)


class Passage(models.Model):
    """A piece of the source, word for word, small enough to say which entry each sentence speaks of."""

    source = models.ForeignKey(Source, models.PROTECT, verbose_name="documento", related_name="passages")
    anchor = models.SlugField(
        "ancora",
        max_length=80,
        unique=True,
        help_text="Sta negli indirizzi (/fonte/#ancora): una volta pubblicata non va cambiata.",
    )
    position = models.PositiveIntegerField("posizione", help_text="L’ordine nel documento.")
    kind = models.CharField("tipo", max_length=20, choices=Kind, default=Kind.PARAGRAPH)
    text = models.TextField(
        "testo",
        validators=[search.searchable_whole],
        help_text="Parola per parola, anche dove suona strano; *corsivo* e **grassetto** come nel documento.",
    )
    is_caveat = models.BooleanField(
        "avvertenza generale",
        default=False,
        help_text="Vale per tutta la classificazione: si mostra sulle pagine degli obiettivi e nelle informazioni.",
    )
    categories = models.ManyToManyField(
        InterventionCategory, verbose_name="categorie che nomina", related_name="passages", blank=True
    )
    objectives = models.ManyToManyField(
        SpecificObjective, verbose_name="obiettivi che nomina", related_name="passages", blank=True
    )
    sectors = models.ManyToManyField(
        PrioritySector, verbose_name="settori che nomina", related_name="passages", blank=True
    )

    objects = PassageQuerySet.as_manager()

    public_initiatives: list["Initiative"]  # loaded by `with_ties`

    class Meta:
        ordering: ClassVar = ["source__position", "position"]
        verbose_name = "passo"
        verbose_name_plural = "passi"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "position"], name="passage_position_unique"),
            _one_of("kind", Kind),
        ]

    def __str__(self) -> str:
        return f"{self.anchor}: {self.text[:80]}"

    def get_absolute_url(self) -> str:
        return f"{reverse('source')}#{self.anchor}"

    def natural_key(self) -> tuple[str]:
        return (self.anchor,)


class InitiativeQuerySet(models.QuerySet["Initiative"]):
    def published(self) -> Self:
        return self.filter(status=Status.PUBLISHED)

    def matching(self, selection: Selection) -> Self:
        """The entries that a selection chooses: OR within a facet, AND across facets and words; no order, no page."""
        found = self
        for dimension, link in LINKS.items():
            if slugs := selection.chosen(dimension):
                found = found.filter(link.choice(slugs, selection.basis))
        if selection.scope:
            found = found.filter(scope__in=selection.scope)
        if len(set(selection.level)) == 1:
            found = found.filter(parent__isnull=Level.INITIATIVE in selection.level)
        if wanted := search.atoms(selection.q):
            search.restem()
            for atom in wanted:
                found = found.filter(search.in_texts(atom) | _under_terms(atom, selection.basis))
        return found

    def in_order(self, order: str) -> Self:
        return self.order_by(*ORDERS[order])

    def in_order_of(self, selection: Selection) -> Self:
        wanted = search.atoms(selection.q)
        if selection.order != "relevance" or not wanted:
            return self.in_order("position" if selection.order == "relevance" else selection.order)
        tiers = [
            When(reduce(and_, (search.in_texts(atom, search.FIELDS[:most]) for atom in wanted)), then=Value(most))
            for most in (1, 2)
        ]
        return self.order_by(Case(*tiers, default=Value(3)), *ORDERS["position"])

    def for_page(self) -> Self:
        """With all that an entry's own page shows."""
        passages = Prefetch("passages", Passage.objects.select_related("source"))
        return self.select_related("parent").prefetch_related(passages, "measures")

    def get_by_natural_key(self, slug: str) -> "Initiative":
        return self.get(slug=slug)


ORDERS: dict[str, list[Any]] = {
    "position": ["position", "pk"],
    "title": [CodePointOrder("title_key"), "position", "pk"],
    "-updated": ["-updated", "position", "pk"],
}


class Initiative(models.Model):
    """An entry of the catalogue: an initiative or, with a parent, one of its measures."""

    slug = models.SlugField(
        "identificativo",
        max_length=80,
        unique=True,
        help_text="Sta nell’indirizzo della pagina: una volta pubblicato non va cambiato.",
    )
    title = models.CharField("titolo", max_length=300, help_text="Parole del documento, accorciate solo per taglio.")
    title_en = models.CharField("titolo inglese", max_length=300, blank=True, help_text="Traduzione non ufficiale.")
    summary = models.TextField(
        "sintesi",
        validators=[search.searchable_whole],
        help_text="Una o due frasi che non dicono nulla più dei passi del documento.",
    )
    summary_en = models.TextField(
        "sintesi inglese",
        blank=True,
        validators=[search.searchable_whole],
        help_text="Traduzione non ufficiale.",
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="iniziativa di cui è una misura",
        related_name="measures",
        null=True,
        blank=True,
        limit_choices_to={"parent": None},
        help_text="Vuoto per un’iniziativa.",
    )
    passages = models.ManyToManyField(
        Passage,
        verbose_name="passi del documento",
        related_name="initiatives",
        blank=True,
        help_text="I passi da cui viene la voce: per pubblicarla ne serve almeno uno.",
    )
    scope = models.CharField(
        "ambito",
        max_length=20,
        choices=Scope,
        default=Scope.FOCUS,
        help_text="«Ulteriori esperienze»: quelle che la Premessa nomina ma dice di non riportare.",
    )
    funding = models.CharField("fondi", max_length=20, choices=Funding, default=Funding.FSE)
    classification_note = models.TextField(
        "nota sulla classificazione", blank=True, help_text="Perché la redazione l’ha letta così."
    )
    classification_note_en = models.TextField("nota sulla classificazione in inglese", blank=True)
    status = models.CharField("stato", max_length=20, choices=Status, default=Status.DRAFT)
    position = models.PositiveIntegerField("posizione", default=0, help_text="L’ordine predefinito nell’elenco.")
    created = models.DateTimeField("creata", default=timezone.now, editable=False)
    updated = models.DateTimeField("aggiornata", default=timezone.now, editable=False)
    title_key = models.GeneratedField(
        expression=sort_key(F("title")), output_field=models.TextField(), db_persist=True, editable=False
    )

    objects = InitiativeQuerySet.as_manager()

    snippet: SafeString | None = None  # where a passage has what was searched, given by the list
    found_by: Term | None = None  # a term whose wording has it, where nothing of the entry's own has
    links: dict[str, list["Link"]]  # by dimension, given by `with_links`

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        verbose_name = "voce"
        verbose_name_plural = "voci"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(slug__in=["", "none", "confronta", "compare"]),
                name="initiative_slug_free",
                violation_error_message="Questo identificativo è riservato: sceglierne un altro.",
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="initiative_not_its_own_parent"),
            _one_of("scope", Scope),
            _one_of("funding", Funding),
            _one_of("status", Status),
        ]
        indexes: ClassVar = [models.Index(fields=["status", "position"], name="initiative_default_order")]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            self.updated = timezone.now()
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "updated"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("initiative-detail", args=[self.slug])

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def clean(self) -> None:
        """What no database constraint can say: two levels only, and no published measure under a draft."""
        has_measures = self.pk is not None and self.measures.exists()
        if self.parent and (self.parent.parent_id or has_measures or self.parent_id == self.pk):
            raise ValidationError({"parent": "Una misura sta sotto un’iniziativa, mai sotto un’altra misura."})
        if self.is_published and self.parent and not self.parent.is_published:
            raise ValidationError({"status": "L’iniziativa di cui è una misura è ancora una bozza: pubblicarla prima."})
        if not self.is_published and has_measures and self.measures.published().exists():
            raise ValidationError({"status": "Ha misure pubblicate: riportare prima quelle in bozza."})

    @property
    def is_published(self) -> bool:
        return self.status == Status.PUBLISHED

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

    def with_links(self, links: Mapping[str, list[tuple[str, str]]], terms: Mapping[str, Mapping[str, Term]]) -> Self:
        """Shows these links, each a term's slug and its basis, without asking the database again."""
        self.links = {
            dimension: [
                LINKS[dimension](initiative=self, basis=basis, **{dimension: terms[dimension][slug]})
                for slug, basis in pairs
                if slug in terms[dimension]  # a term made or deleted this moment: the page is made again
            ]
            for dimension, pairs in links.items()
        }
        return self

    @property
    def public_parent(self) -> "Initiative | None":
        return self.parent if self.parent and self.parent.is_published else None

    @cached_property
    def public_measures(self) -> list["Initiative"]:
        # By parent alone: asked for the published in their order, SQLite would walk through all that are published.
        return [measure for measure in self.measures.all() if measure.is_published]

    @property
    def siblings(self) -> list["Initiative"]:
        parent = self.public_parent
        return [measure for measure in parent.public_measures if measure != self] if parent else []

    @property
    def kin(self) -> list["Initiative"]:
        """The entries around it, one loaded by `for_page`: its initiative, the other measures of that, its own."""
        return [*filter(None, [self.public_parent]), *self.siblings, *self.public_measures]


class Link(models.Model):
    """Says that an entry stands under a term, and on whose word."""

    initiative = models.ForeignKey(
        Initiative, models.CASCADE, verbose_name="voce", related_name="%(class)ss", db_index=False
    )
    basis = models.CharField(
        "base",
        max_length=20,
        choices=Basis,
        help_text="«Secondo il documento» solo se lo dicono le sue parole o il titolo della sezione.",
    )

    dimension: ClassVar[str]

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.term} ({self.basis_label})"

    @property
    def basis_label(self) -> str:
        return str(Basis(self.basis).label)

    @property
    def term(self) -> Term:
        return getattr(self, self.dimension)

    def natural_key(self) -> tuple[str, str]:
        return (self.initiative.slug, self.term.slug)

    @classmethod
    def vocabulary(cls) -> type[Term]:
        return cls._meta.get_field(cls.dimension).related_model  # type: ignore[return-value]

    @classmethod
    def counting(cls, basis: str) -> models.QuerySet:
        """The links that count under `basis`: all of them, or the document's alone."""
        links = cls._default_manager.all()
        return links.filter(basis=basis) if basis in Basis else links

    @classmethod
    def choice(cls, slugs: tuple[str, ...], basis: str) -> Q:
        """Entries under any of the terms; `none` stands for those under no term at all."""
        links = cls.counting(basis)
        named = [slug for slug in slugs if slug != NONE]
        condition = Q(pk__in=links.filter((f"{cls.dimension}__slug__in", named)).values("initiative")) if named else Q()
        if NONE in slugs:
            condition |= ~Q(pk__in=links.values("initiative"))
        return condition


class LinkManager(models.Manager[Any]):
    def get_by_natural_key(self, initiative: str, term: str) -> Any:
        return self.get(initiative__slug=initiative, **{f"{self.model.dimension}__slug": term})


class CategoryLink(Link):
    dimension = "category"

    category = models.ForeignKey(
        InterventionCategory, models.PROTECT, verbose_name="categoria", related_name="links", db_index=False
    )

    objects = LinkManager()

    class Meta:
        ordering: ClassVar = ["category__position"]
        verbose_name = "categoria della voce"
        verbose_name_plural = "categorie della voce"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["initiative", "category"], name="categorylink_unique"),
            _one_of("basis", Basis),
        ]
        # Holds all that an index of the catalogue is built from, in its order.
        indexes: ClassVar = [models.Index(fields=["category", "basis", "initiative"], name="categorylink_covering")]


class ObjectiveLink(Link):
    dimension = "objective"

    objective = models.ForeignKey(
        SpecificObjective, models.PROTECT, verbose_name="obiettivo", related_name="links", db_index=False
    )

    objects = LinkManager()

    class Meta:
        ordering: ClassVar = ["objective__position"]
        verbose_name = "obiettivo della voce"
        verbose_name_plural = "obiettivi della voce"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["initiative", "objective"], name="objectivelink_unique"),
            _one_of("basis", Basis),
        ]
        # Holds all that an index of the catalogue is built from, in its order.
        indexes: ClassVar = [models.Index(fields=["objective", "basis", "initiative"], name="objectivelink_covering")]


class SectorLink(Link):
    dimension = "sector"

    sector = models.ForeignKey(
        PrioritySector, models.PROTECT, verbose_name="settore", related_name="links", db_index=False
    )

    objects = LinkManager()

    class Meta:
        ordering: ClassVar = ["sector__position"]
        verbose_name = "settore della voce"
        verbose_name_plural = "settori della voce"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["initiative", "sector"], name="sectorlink_unique"),
            _one_of("basis", Basis),
        ]
        # Holds all that an index of the catalogue is built from, in its order.
        indexes: ClassVar = [models.Index(fields=["sector", "basis", "initiative"], name="sectorlink_covering")]


LINKS: dict[str, type[Link]] = {link.dimension: link for link in (ObjectiveLink, CategoryLink, SectorLink)}


def vocabularies() -> dict[str, dict[str, Term]]:
    """The terms of every dimension by slug, in their order."""
    return {dimension: link.vocabulary().all_by_slug() for dimension, link in LINKS.items()}


def _under_terms(atom: search.Atom, basis: str) -> Q:
    """Entries under a term whose name or wording has it."""
    condition = Q(pk__in=[])
    for link in LINKS.values():
        if slugs := search.terms_with(atom, link.vocabulary().all_by_slug()):
            condition |= link.choice(slugs, basis)
    return condition
