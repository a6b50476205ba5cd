"""What is left of an entry where it was withdrawn, and why."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalogue.admin.history.pages import HistoryAdmin
from catalogue.templating.filters import day
from initiatives.models import PublicEntry


class IsWithdrawn(admin.SimpleListFilter):
    title = _("ritirate")
    parameter_name = "is_withdrawn"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("no")), ("yes", _("sì"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[PublicEntry]) -> QuerySet[PublicEntry]:
        is_read = {"no": True, "yes": False}.get(self.value() or "")
        return queryset if is_read is None else queryset.filter(withdrawn__isnull=is_read)


@admin.register(PublicEntry)
class PublicEntryAdmin(HistoryAdmin):
    """For the reason that is read where an entry was withdrawn."""

    name_field = "uid"
    list_display = ("title", "withdrawn_on", "uid", "initiative")
    list_filter = (IsWithdrawn,)
    list_select_related = ("initiative",)
    search_fields = ("uid", "addresses__slug", "title", "title_en")
    fields = ("title", "title_en", "uid", "addresses", "initiative", "withdrawn", "reason", "reason_en")

    def get_readonly_fields(self, request: HttpRequest, obj: PublicEntry | None = None) -> list[str]:
        is_withdrawn = obj is not None and obj.withdrawn
        return [name for name in self.fields if not (is_withdrawn and name.startswith("reason"))]

    @admin.display(description=_("ritirata"), ordering="withdrawn", empty_value="")
    def withdrawn_on(self, entry: PublicEntry) -> str:
        return day(entry.withdrawn) if entry.withdrawn else ""

    @admin.display(description=_("indirizzi pubblici"))
    def addresses(self, entry: PublicEntry) -> str:
        return ", ".join(address.slug for address in entry.addresses.all())

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
