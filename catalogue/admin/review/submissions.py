"""The list of what was handed in, each leading to its review."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from catalogue.submissions.models import Outcome, Submission


@admin.register(Submission)
class SubmissionAdmin(admin.ModelAdmin):
    list_display = ("entry", "by", "handed_in", "comment", "outcome", "decider", "reason")
    list_display_links = None
    exclude = ("form",)
    list_filter = ("outcome",)
    list_select_related = ("initiative", "author", "decided_by")
    search_fields = ("initiative__title", "comment", "reason")

    @admin.display(description=_("scheda"), ordering="initiative__title")
    def entry(self, submission: Submission) -> SafeString:
        """To what waits with what it would change; to what was decided as it was handed in."""
        is_of_past = submission.form and submission.outcome != Outcome.WAITING
        name = "change" if is_of_past else "review"
        address = reverse(f"admin:initiatives_initiative_{name}", args=[submission.initiative_id])
        address += f"?submission={submission.pk}" if is_of_past else ""
        return format_html('<a href="{}">{}</a>', address, submission.initiative)

    @admin.display(description=_("da chi"), ordering="author")
    def by(self, submission: Submission) -> str:
        return submission.author_name

    @admin.display(description=_("decisa da"), ordering="decided_by")
    def decider(self, submission: Submission) -> str:
        return submission.decider_name

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("initiatives.view_initiative")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
