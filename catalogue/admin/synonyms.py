from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from catalogue.admin.history.pages import HistoryAdmin
from catalogue.admin.shared import EditorForm
from initiatives.facets import current_index
from initiatives.models import Expression, SynonymGroup


class ExpressionInline(admin.StackedInline):
    form = EditorForm
    model = Expression
    fields = (("text", "position", "found"),)
    readonly_fields = ("found",)
    extra = 1

    @admin.display(description=_("trova da sola"))
    def found(self, expression: Expression) -> str:
        return _found([expression.text] if expression.pk else [])


def _found(texts: list[str]) -> str:
    """How many entries have one of the expressions in their own words."""
    if not texts:
        return gettext("si vede dopo aver salvato")
    count = current_index().in_own_words(*texts)
    if not count:
        return gettext("nessuna scheda")
    return ngettext("%(n)s scheda", "%(n)s schede", count) % {"n": count}


@admin.register(SynonymGroup)
class SynonymGroupAdmin(HistoryAdmin):
    list_display = ("slug", "written")
    search_fields = ("slug", "expressions__text", "note")
    inlines = [ExpressionInline]
    readonly_fields = ("found",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("expressions")

    @admin.display(description=_("trova tutto il gruppo"))
    def found(self, group: SynonymGroup) -> str:
        return _found([each.text for each in group.expressions.all()] if group.pk else [])

    @admin.display(description=_("espressioni"))
    def written(self, group: SynonymGroup) -> str:
        return ", ".join(each.text for each in group.expressions.all())
