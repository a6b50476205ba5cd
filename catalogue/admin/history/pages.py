"""The editors' history of a thing: who, when, why, what; any version can be had again, and so can what was deleted."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import reversion
from django.contrib import messages
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from reversion.models import Version

from catalogue.admin.history.restored import Gone, form_data, recover
from catalogue.admin.history.told import Told, state_in, values_of
from catalogue.admin.shared import Aside, SharedAdmin, SharedForm
from catalogue.changes.difference import Difference, by_line
from catalogue.templating.filters import minute
from initiatives.models import Status

BEFORE = "Com’era prima"  # of the first edit here, or after one made elsewhere
DELETED = "Com’era quando è stata eliminata"
EDITS_ON_A_PAGE = 20
LONGEST_WHY = 300  # letters


@dataclass(frozen=True)
class Edit:
    """A version, and what its edit changed; of the first one None, for nobody knows."""

    version: Version
    changes: list[Difference] | None


def changes_between(before: Told, after: Told) -> list[Difference]:
    return [
        Difference(label, by_line(before.get(label, ""), after.get(label, "")))
        for label in {**after, **before}
        if before.get(label, "") != after.get(label, "")
    ]


@contextmanager
def revision_by(request: HttpRequest, why: str = "") -> Iterator[None]:
    """One revision of all that is saved inside."""
    with reversion.create_revision():
        reversion.set_user(request.user)
        reversion.set_comment(why)
        yield


class HistoryForm(SharedForm):
    """May be filled for its editor, who has not sent it: then it is shown and never saved."""

    why = Aside(
        label=_("Perché questa modifica"),
        required=False,
        max_length=LONGEST_WHY,
        help_text=_("Resta nella storia, per la redazione."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_only_shown and "seen" not in self.data:
            self.send("seen", self.initial.get("seen", ""))

    @property
    def is_only_shown(self) -> bool:
        return "only_shown" in self.data

    def is_valid(self) -> bool:
        return super().is_valid() and not self.is_only_shown


class HistoryAdmin(SharedAdmin):
    """Each edit, action or deletion is one revision, which holds the thing with all its rows."""

    form = HistoryForm
    # What addresses, files and versions name each thing by: it stays once the thing is there.
    name_field = "slug"

    def __init__(self, model: type[models.Model], site: Any) -> None:
        super().__init__(model, site)
        for rows in self.rows():
            _register(rows.model)
        _register(model, [rows.prefix(model) for rows in self.rows()])

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_deleted"
        return [path("eliminate/", self.admin_site.admin_view(self.deleted_view), name=name), *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), *([self.name_field] if self.is_named(obj) else [])]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else dict(self.prepopulated_fields)

    def is_named(self, thing: Any) -> bool:
        """For good: the thing is there."""
        return thing is not None

    # Every edit is one revision

    def changeform_view(self, request: HttpRequest, object_id: Any = None, *args: Any, **kwargs: Any) -> HttpResponse:
        if "_saveasnew" in request.POST:  # no form of ours offers it
            raise PermissionDenied
        if request.method != "POST":
            thing = self.get_object(request, unquote(object_id)) if object_id else None
            if thing and self.has_change_permission(request, thing):
                self.fill(request, thing)
            return super().changeform_view(request, object_id, *args, **kwargs)
        with transaction.atomic():
            if object_id and (thing := self.get_object(request, unquote(object_id))):
                self.keep_as_it_is(thing)
            with revision_by(request):
                return super().changeform_view(request, object_id, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        reversion.set_comment(form.cleaned_data["why"])
        if form.has_changed() or not change:
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Of whom a row has changed alone, that has changed too."""
        if change and not form.has_changed() and any(formset.has_changed() for formset in formsets):
            form.instance.save()
        super().save_related(request, form, formsets, change)

    def keep_as_it_is(self, thing: models.Model) -> None:
        """Before an edit: what came past the editors' pages, or before there was a history, is a version too."""
        last = versions_of(thing).first()
        if last is None or state_in(last, *self.rows()) != self.state_of(thing):
            with reversion.create_revision():
                reversion.set_comment(BEFORE)
                reversion.add_to_revision(thing)

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        self._keep_deleted(request, [obj])
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        with transaction.atomic():
            self._keep_deleted(request, queryset)
            super().delete_queryset(request, queryset)

    def _keep_deleted(self, request: HttpRequest, things: Iterable[models.Model]) -> None:
        """In a revision of its own: of what is no more when one ends, reversion keeps nothing."""
        with revision_by(request, DELETED):
            for thing in things:
                reversion.add_to_revision(thing)

    # What was done

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        thing = self.get_object(request, unquote(object_id))
        if thing is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, thing):
            raise PermissionDenied
        page = Paginator(versions_of(thing), EDITS_ON_A_PAGE).get_page(request.GET.get("p"))
        context = {
            "original": thing,
            "page": page,
            "edits": list(self._edits(page)),
            "can_change": self.has_change_permission(request, thing),
        }
        return self.editors_page(
            request, "admin/history.html", gettext("Storia: %(title)s") % {"title": thing}, context
        )

    def _edits(self, page: Any) -> Iterator[Edit]:
        """Each version is compared with the one before it, the last of the page with the first of the next."""
        versions = [*page, *page.paginator.object_list[page.end_index() : page.end_index() + 1]]
        told = self.tell(*(state_in(version, *self.rows()) for version in versions))
        for version, after, before in zip(page, told, [*told[1:], None], strict=False):
            yield Edit(version, None if before is None else changes_between(before, after))

    def editors_page(self, request: HttpRequest, template: str, title: str, context: dict[str, Any]) -> HttpResponse:
        whole = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, **context}
        return TemplateResponse(request, template, whole)

    # A version once more

    def fill(self, request: HttpRequest, thing: Any) -> None:
        """The form of a thing that is asked for with a version is shown filled with it, as if somebody had sent it."""
        if number := number_in(request.GET.get("version")):
            version = get_object_or_404(versions_of(thing), pk=number)
            data, gone = form_data(version, thing, self.rows())
            moment = minute(version.revision.date_created)
            data["why"] = gettext("Ripristinata la versione del %(moment)s") % {"moment": moment}
            show_filled(request, data)
            self._tell_of_gone(request, gone)
            self.message_user(
                request,
                gettext("È la versione del %(moment)s: non è ancora salvata.") % {"moment": moment},
                messages.WARNING,
            )

    def _tell_of_gone(self, request: HttpRequest, gone: Gone) -> None:
        if gone:
            self.message_user(
                request,
                gettext("Non c’è più, e dunque manca: %(names)s.") % {"names": "; ".join(gone)},
                messages.WARNING,
            )

    # What was deleted

    def deleted_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_delete_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._recover(request, get_object_or_404(self._deleted(), pk=number_in(request.POST.get("version"))))
        page = Paginator(self._deleted(), EDITS_ON_A_PAGE).get_page(request.GET.get("p"))
        return self.editors_page(request, "admin/deleted.html", gettext("Che cosa è stato eliminato"), {"page": page})

    def recovered(self, thing: Any) -> None:
        """What else is to be done once it is there again."""

    def _deleted(self) -> Any:
        return Version.objects.get_deleted(self.model).select_related("revision__user")

    def _recover(self, request: HttpRequest, version: Version) -> HttpResponse:
        try:
            with revision_by(request, "Recuperata"):
                thing, gone = recover(version, self.rows(), **self.when_recovered)
                self.recovered(thing)
        except ValidationError as error:
            words = " ".join([gettext("Non si può recuperare."), *error.messages])
            self.message_user(request, words, messages.ERROR)
            return redirect(request.path)
        self._tell_of_gone(request, gone)
        self.message_user(request, format_html(gettext("«{}» c’è di nuovo."), thing), messages.SUCCESS)
        return redirect(admin_urlname(self.opts, SafeString("change")), thing.pk)


def show_filled(request: HttpRequest, data: QueryDict) -> None:
    """Has Django show the form as it shows one that was sent and cannot be saved."""
    data["only_shown"] = "on"
    as_if_sent(request, data)


def as_if_sent(request: HttpRequest, data: QueryDict) -> None:
    request.FILES  # noqa: B018  # read when first asked for, together with what was sent in truth
    request.method, request.POST = "POST", data  # type: ignore[assignment]


def number_in(text: str | None) -> int:
    """0, which nothing has, of what is no number of a row."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def versions_of(thing: models.Model) -> Any:
    """The latest first, each with what else its revision holds."""
    versions = Version.objects.get_for_object(thing).select_related("revision__user")
    return versions.prefetch_related("revision__version_set")


def last_published(thing: models.Model) -> Version | None:
    """The latest version in which the public read it, if this history knows one."""
    versions = Version.objects.get_for_object(thing).iterator(chunk_size=10)
    return next((each for each in versions if values_of(each)["status"] == Status.PUBLISHED), None)


def _register(model: type[models.Model], follow: Iterable[str] = ()) -> None:
    derived = [field.name for field in model._meta.fields if field.generated]
    reversion.register(model, follow=follow, exclude=derived, use_natural_foreign_keys=True)
