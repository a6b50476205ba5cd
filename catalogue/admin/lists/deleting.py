"""What an editor reads before deleting, one thing or several: what goes, what stays for readers, what comes back."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.contrib import admin
from django.contrib.admin.actions import delete_selected
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext

from catalogue.admin.history.told import Rows
from initiatives.models import Initiative, PublicEntry

MOST_TOLD = 100  # of the things that are deleted at once


class Deleted(NamedTuple):
    """A thing, and its rows in words."""

    name: str
    rows: list[str]


@dataclass(frozen=True)
class Deletion:
    """Of entries what readers know: `still_read` until now, `withdrawn` already. `lost` is for good, in words."""

    things: list[Deleted]
    more: int
    comes_back_as_draft: bool
    lost: list[str]
    still_read: list[PublicEntry] = field(default_factory=list)
    withdrawn: list[PublicEntry] = field(default_factory=list)


class DeletingAdmin(admin.ModelAdmin):
    delete_confirmation_template = delete_selected_confirmation_template = "admin/deletion.html"
    # Of what is recovered, the values that it does not have again.
    when_recovered: dict[str, Any] = {}

    def rows(self) -> tuple[Rows, ...]:
        """Of each inline."""
        raise NotImplementedError

    def render_delete_form(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        thing, is_refused = context["object"], context["perms_lacking"] or context["protected"]
        if not is_refused:
            context |= {"title": gettext("Eliminare «%(thing)s»?") % {"thing": thing}, "deletion": self._told([thing])}
        return super().render_delete_form(request, context)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        if "delete_selected" in actions:
            actions["delete_selected"] = (_delete_selected, *actions["delete_selected"][1:])
        return actions

    def told_of(self, queryset: models.QuerySet[Any], name: str) -> dict[str, Any]:
        """For the page that asks whether these are to be deleted; `name` is that of their kind, in their number."""
        things = list(queryset)
        title = gettext("Eliminare %(number)s %(kind)s?") % {"number": len(things), "kind": name}
        return {"title": title, "deletion": self._told(things)}

    def _told(self, things: Sequence[Any]) -> Deletion:
        rows = self._rows_in_words(things[:MOST_TOLD])
        told = [Deleted(str(thing), rows[thing.pk]) for thing in things[:MOST_TOLD]]
        public = list(PublicEntry.objects.filter(initiative__in=things)) if self.model is Initiative else []
        return Deletion(
            things=told,
            more=len(things) - len(told),
            comes_back_as_draft="status" in self.when_recovered,
            lost=self._lost_with(things),
            still_read=[entry for entry in public if not entry.withdrawn],
            withdrawn=[entry for entry in public if entry.withdrawn],
        )

    def _rows_in_words(self, things: Sequence[Any]) -> dict[int, list[str]]:
        """By thing, under the names that its form gives them."""
        words = defaultdict[int, list[str]](list)
        for inline, rows in zip(self.inlines, self.rows(), strict=True):
            parent, first = rows.parent(self.model), rows.model._meta.get_field(rows.fields[0])
            kind = capfirst(inline.verbose_name or rows.model._meta.verbose_name)
            found = rows.model._default_manager.filter(**{f"{parent.name}__in": things})
            for row in found.select_related(first.name) if first.is_relation else found:
                words[getattr(row, parent.attname)].append(f"{kind}: {getattr(row, first.name)}")
        return words

    def _lost_with(self, things: Sequence[Any]) -> list[str]:
        """What goes with them, or is tied to them from its own side; their rows alone are kept to be recovered."""
        kept = {rows.model for rows in self.rows()}
        lost = []
        for tie in self.model._meta.get_fields(include_hidden=True):
            goes = tie.many_to_many or (tie.one_to_many and getattr(tie, "on_delete", None) is models.CASCADE)
            model: Any = tie.related_model
            if not (tie.auto_created and goes) or model._meta.auto_created or model in kept:
                continue
            if number := model._default_manager.filter(**{f"{tie.field.name}__in": things}).distinct().count():
                words = gettext("il legame con %(kind)s (%(n)s)") if tie.many_to_many else "%(kind)s (%(n)s)"
                lost.append(words % {"kind": model._meta.verbose_name_plural, "n": number})
        return lost


def _delete_selected(model_admin: DeletingAdmin, request: HttpRequest, queryset: models.QuerySet[Any]) -> Any:
    """Django's, which asks first on a page that says more."""
    response: Any = delete_selected(model_admin, request, queryset)
    if response and not (response.context_data["perms_lacking"] or response.context_data["protected"]):
        response.context_data |= model_admin.told_of(queryset, response.context_data["objects_name"])
    return response
