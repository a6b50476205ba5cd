from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from taxonomy.models import InterventionCategory, PrioritySector, SpecificObjective, Term


@admin.register(InterventionCategory, SpecificObjective)
class TermAdmin(admin.ModelAdmin):
    list_display = ("label", "slug", "entries", "position")
    search_fields = ("code", "name", "name_en", "slug")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = [
        (None, {"fields": ["code", "name", "name_en", "slug", "position"]}),
        ("Il documento", {"fields": ["text"]}),
        ("Avvertenze", {"fields": ["note", "note_en"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(entry_count=Count("links"))

    @admin.display(description="voci", ordering="entry_count")
    def entries(self, term: Term) -> int:
        return term.entry_count  # type: ignore[attr-defined]


class PrioritySectorForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("from_introduction") and cleaned.get("objectives"):
            self.add_error("from_introduction", "Un valore della Premessa non sta sotto un obiettivo.")
        return cleaned


@admin.register(PrioritySector)
class PrioritySectorAdmin(TermAdmin):
    form = PrioritySectorForm
    autocomplete_fields = ("objectives",)
    fieldsets = [
        *TermAdmin.fieldsets[:1],
        ("Il documento", {"fields": ["text", "objectives", "from_introduction"]}),
        *TermAdmin.fieldsets[2:],
    ]
