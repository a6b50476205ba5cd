from django.core.exceptions import ValidationError
from django.db import models

from initiatives.search.words import words
from taxonomy.models import SlugManager


class SynonymGroup(models.Model):
    """Expressions that readers use for one thing: whoever searches one searches the others too. Classifies nothing."""

    slug = models.SlugField("identificativo", max_length=80, unique=True)
    note = models.TextField("nota", blank=True, help_text="Perché queste espressioni stanno insieme.")

    objects = SlugManager()

    class Meta:
        ordering = ["slug"]
        verbose_name = "gruppo di sinonimi"
        verbose_name_plural = "sinonimi per la ricerca"

    def __str__(self) -> str:
        return self.slug

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class ExpressionManager(models.Manager["Expression"]):
    def get_by_natural_key(self, group: str, text: str) -> "Expression":
        return self.get(group__slug=group, text=text)


class Expression(models.Model):
    group = models.ForeignKey(SynonymGroup, models.CASCADE, verbose_name="gruppo", related_name="expressions")
    text = models.CharField("espressione", max_length=120, help_text="In italiano o in inglese, al singolare.")
    position = models.PositiveIntegerField("posizione", default=0)

    objects = ExpressionManager()

    class Meta:
        ordering = ["group__slug", "position", "text"]
        verbose_name = "espressione"
        verbose_name_plural = "espressioni"
        constraints = [models.UniqueConstraint(fields=["group", "text"], name="expression_unique")]

    def __str__(self) -> str:
        return self.text

    def natural_key(self) -> tuple[str, str]:
        return (self.group.slug, self.text)

    def clean(self) -> None:
        if not words(self.text):
            raise ValidationError({"text": "Non contiene parole o numeri da cercare."})


def synonyms() -> tuple[tuple[str, ...], ...]:
    """Each group's expressions; of one without words, which forms refuse, nothing can be searched."""
    groups: dict[int, list[str]] = {}
    for group, text in Expression.objects.values_list("group", "text"):
        groups.setdefault(group, []).extend([text] if words(text) else [])
    return tuple(map(tuple, groups.values()))
