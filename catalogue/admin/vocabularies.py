import re
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalogue.admin.history.pages import HistoryAdmin, HistoryForm
from catalogue.admin.shared import EditorForm, as_links
from initiatives.models import Initiative, standing_under
from taxonomy.models import (
    CategoryMatch,
    InterventionCategory,
    ObjectiveMatch,
    PrioritySector,
    SectorMatch,
    SpecificObjective,
    Term,
)


class CodeField(forms.CharField):
    """Takes the address of a concept, and a code as it is written elsewhere: `eso 4.11`."""

    def to_python(self, value: Any) -> str:
        last = (super().to_python(value) or "").rstrip("/").rpartition("/")[2]
        return re.sub(r"(?i)^eso\W?(?=4\.\d)", "ESO", last)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Without the length of a code, at which a browser would cut an address."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class MatchForm(EditorForm):
    printed = ("note", "note_en")

    class Meta:
        field_classes = {"code": CodeField}
        widgets = {name: forms.Textarea(attrs={"rows": 2}) for name in ("note", "note_en")}


class MatchInline(admin.StackedInline):
    """Of one of the vocabularies."""

    form = MatchForm
    fields = (("code", "vocabulary", "relation"), ("name", "name_en"), "note", "note_en")
    extra = 0
    verbose_name = _("corrispondenza")
    verbose_name_plural = _("corrispondenze con altri vocabolari")


class CategoryMatchInline(MatchInline):
    model = CategoryMatch


class ObjectiveMatchInline(MatchInline):
    model = ObjectiveMatch


class SectorMatchInline(MatchInline):
    model = SectorMatch


class TermAdmin(HistoryAdmin):
    list_display = ("name_label", "entries", "position", "slug")
    search_fields = ("code", "name", "name_en", "slug")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = [
        (None, {"fields": ["code", "name", "name_en", "slug", "position"]}),
        (_("Il documento"), {"fields": ["text"]}),
        (_("Avvertenze"), {"fields": ["note", "note_en"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(entry_count=Count("links"))

    def altered_entries(self, thing: Term) -> QuerySet[Initiative]:
        return standing_under(thing)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """A term in use is refused with the entries under it, each once and by its name, not with their links."""
        to_delete, counts, permissions, protected = super().get_deleted_objects(objs, request)
        under = Initiative.objects.filter(
            pk__in=self.model.links.rel.related_model.objects.filter(term__in=objs).values("initiative")
        )
        return to_delete, counts, permissions, as_links(under) or protected

    @admin.display(description=_("nome"), ordering="name")
    def name_label(self, term: Term) -> str:
        return term.label

    @admin.display(description=_("schede"), ordering="entry_count")
    def entries(self, term: Term) -> int:
        return term.entry_count  # type: ignore[attr-defined]


@admin.register(InterventionCategory)
class InterventionCategoryAdmin(TermAdmin):
    inlines = [CategoryMatchInline]


@admin.register(SpecificObjective)
class SpecificObjectiveAdmin(TermAdmin):
    inlines = [ObjectiveMatchInline]


class PrioritySectorForm(HistoryForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("from_introduction") and cleaned.get("objectives"):
            self.add_error("from_introduction", _("Un valore della premessa non sta sotto un obiettivo."))
        return cleaned


@admin.register(PrioritySector)
class PrioritySectorAdmin(TermAdmin):
    form = PrioritySectorForm
    inlines = [SectorMatchInline]
    fieldsets = [
        *TermAdmin.fieldsets[:1],
        (_("Il documento"), {"fields": ["text", "objectives", "from_introduction"]}),
        *TermAdmin.fieldsets[2:],
    ]
