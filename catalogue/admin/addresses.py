"""What is left of an entry where it was withdrawn, and why."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from catalogue.admin.shared import SharedAdmin
from initiatives.models import PublicAddress


@admin.register(PublicAddress)
class PublicAddressAdmin(SharedAdmin):
    """For the reason that is read where an entry was withdrawn."""

    list_display = ("slug", "title", "initiative", "withdrawn")
    list_filter = (("withdrawn", admin.EmptyFieldListFilter),)
    list_select_related = ("initiative",)
    search_fields = ("slug", "title", "title_en")
    fields = ("slug", "title", "title_en", "initiative", "withdrawn", "reason", "reason_en")

    def get_readonly_fields(self, request: HttpRequest, obj: PublicAddress | None = None) -> list[str]:
        is_withdrawn = obj is not None and obj.withdrawn
        return [name for name in self.fields if not (is_withdrawn and name.startswith("reason"))]

    def save_model(self, request: HttpRequest, obj: PublicAddress, form: Any, change: bool) -> None:
        """The reason is read under each address that the entry has had."""
        super().save_model(request, obj, form, change)
        if obj.initiative_id:
            others = PublicAddress.objects.filter(initiative=obj.initiative_id)
            others.update(reason=obj.reason, reason_en=obj.reason_en)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
