from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from initiatives.search.words import words
from taxonomy.models import SlugManager


class SynonymGroup(models.Model):
    """Expressions that readers use for one thing: whoever searches one searches the others too. Classifies nothing."""

    slug = models.SlugField(_("identificativo"), max_length=80, unique=True)
    note = models.TextField(_("nota"), blank=True, help_text=_("Perché queste espressioni stanno insieme."))

    objects = SlugManager()

    class Meta:
        ordering = ["slug"]
        verbose_name = _("gruppo di sinonimi")
        verbose_name_plural = _("sinonimi per la ricerca")

    def __str__(self) -> str:
        return self.slug

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class ExpressionManager(models.Manager["Expression"]):
    def get_by_natural_key(self, group: str, text: str) -> "Expression":
        return self.get(group__slug=group, text=text)


class Expression(models.Model):
    group = models.ForeignKey(SynonymGroup, models.CASCADE, verbose_name=_("gruppo"), related_name="expressions")
    text = models.CharField(_("espressione"), max_length=120, help_text=_("In italiano o in inglese, al singolare."))
    position = models.PositiveIntegerField(_("posizione"), default=0)

    objects = ExpressionManager()

    class Meta:
        ordering = ["group__slug", "position", "text"]
        verbose_name = _("espressione")
        verbose_name_plural = _("espressioni")
        constraints = [models.UniqueConstraint(fields=["group", "text"], name="expression_unique")]

    def __str__(self) -> str:
        return self.text

    def natural_key(self) -> tuple[str, str]:
        return (self.group.slug, self.text)

    def clean(self) -> None:
        if not words(self.text):
            raise ValidationError({"text": gettext("Non contiene parole o numeri da cercare.")})


def synonyms() -> tuple[tuple[str, ...], ...]:
    """Each group's expressions; of one without words, which forms refuse, nothing can be searched."""
    groups: dict[int, list[str]] = {}
    for group, text in Expression.objects.values_list("group", "text"):
        groups.setdefault(group, []).extend([text] if words(text) else [])
    return tuple(map(tuple, groups.values()))
