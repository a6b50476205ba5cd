from functools import reduce
from operator import or_
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from catalogue.admin.history.pages import HistoryAdmin
from catalogue.admin.lists.finding import passages_with
from catalogue.admin.shared import as_links
from catalogue.presenters.text import plain
from initiatives.models import LINKS, Initiative, Passage, Source, Status, citing


@admin.register(Source)
class SourceAdmin(HistoryAdmin):
    list_display = ("title", "file_name", "position")
    search_fields = ("title", "slug", "file_name")
    prepopulated_fields = {"slug": ("title",)}


@admin.register(Passage)
class PassageAdmin(HistoryAdmin):
    name_field = "anchor"
    list_display = ("name", "start", "kind", "is_caveat", "position")
    list_filter = ("source", "kind", "is_caveat")
    search_fields = ("anchor", "text")
    fieldsets = [
        (None, {"fields": ["source", "text", "kind", "anchor", "position"]}),
        (_("Classificazione"), {"fields": ["is_caveat", "objectives", "categories", "sectors"]}),
    ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        wanted = passages_with(search_term, self.search_fields) if search_term.strip() else Q()
        return queryset.filter(wanted), False

    def altered_entries(self, thing: Passage) -> QuerySet[Initiative]:
        return citing(thing)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What an attribution rests on or a published entry quotes is refused with those entries."""
        to_delete, counts, permissions, protected = super().get_deleted_objects(objs, request)
        quoted = Q(Q(passages__in=objs) | Q(lead_ins__in=objs), status=Status.PUBLISHED)
        resting = (link._default_manager.filter(passage__in=objs).values("initiative") for link in LINKS.values())
        entries = Initiative.objects.filter(reduce(or_, (Q(pk__in=each) for each in resting), quoted)).distinct()
        return to_delete, counts, permissions, as_links(entries) or protected

    @admin.display(description=_("nome del passo"), ordering="anchor")
    def name(self, passage: Passage) -> str:
        return passage.anchor

    @admin.display(description=_("inizio"))
    def start(self, passage: Passage) -> str:
        return Truncator(plain(passage.text)).chars(120)
