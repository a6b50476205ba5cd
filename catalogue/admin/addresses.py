"""What is left of an entry where it was withdrawn, and why."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalogue.admin.history.pages import HistoryAdmin
from initiatives.models import PublicEntry


@admin.register(PublicEntry)
class PublicEntryAdmin(HistoryAdmin):
    """For the reason that is read where an entry was withdrawn."""

    name_field = "uid"
    list_display = ("title", "uid", "initiative", "withdrawn")
    list_filter = (("withdrawn", admin.EmptyFieldListFilter),)
    list_select_related = ("initiative",)
    search_fields = ("uid", "addresses__slug", "title", "title_en")
    fields = ("title", "title_en", "uid", "addresses", "initiative", "withdrawn", "reason", "reason_en")

    def get_readonly_fields(self, request: HttpRequest, obj: PublicEntry | None = None) -> list[str]:
        is_withdrawn = obj is not None and obj.withdrawn
        return [name for name in self.fields if not (is_withdrawn and name.startswith("reason"))]

    @admin.display(description=_("indirizzi pubblici"))
    def addresses(self, entry: PublicEntry) -> str:
        return ", ".join(address.slug for address in entry.addresses.all())

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
