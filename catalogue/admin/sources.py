from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.text import Truncator

from initiatives.models import Initiative, Passage, Source


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):
    list_display = ("title", "file_name", "position")
    search_fields = ("title", "slug", "file_name")
    prepopulated_fields = {"slug": ("title",)}


@admin.register(Passage)
class PassageAdmin(admin.ModelAdmin):
    list_display = ("anchor", "kind", "start", "is_caveat", "position")
    list_filter = ("source", "kind", "is_caveat")
    search_fields = ("anchor", "text")
    autocomplete_fields = ("source", "categories", "objectives", "sectors")
    fieldsets = [
        (None, {"fields": ["source", "text", "kind", "anchor", "position"]}),
        ("Classificazione", {"fields": ["is_caveat", "objectives", "categories", "sectors"]}),
    ]

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Passages that published entries quote are protected, as terms in use are."""
        to_delete, counts, permissions, protected = super().get_deleted_objects(objs, request)
        quoted = Q(passages__in=objs) | Q(lead_ins__in=objs)
        quoting = Initiative.objects.published().filter(quoted).distinct()
        return to_delete, counts, permissions, [*protected, *map(str, quoting)]

    @admin.display(description="inizio")
    def start(self, passage: Passage) -> str:
        return Truncator(passage.text).chars(90)
