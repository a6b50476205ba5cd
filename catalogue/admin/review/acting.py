"""Publishing and withdrawing, one entry or several at once, and what becomes of what was handed in of them."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from catalogue.admin.history.pages import HistoryAdmin, number_in, revision_by
from catalogue.admin.review.moving import form_address
from catalogue.admin.review.publishing import publish, withdraw
from catalogue.admin.shared import seen_in
from catalogue.presenters.text import quoted
from catalogue.submissions.models import Outcome, Submission
from initiatives.models import Initiative
from initiatives.versions import hold_version

MOST_AT_ONCE = 100  # entries: as long as a list of them is published nobody else saves anything
Act = Callable[[Initiative], None]
CHANGED = _("È cambiata mentre la leggevi: eccola com’è ora.")
# Of `titles`, that are so many.
PUBLISHED = ngettext_lazy("Pubblicata: %(titles)s.", "Pubblicate: %(titles)s.", "number")
WITHDRAWN = ngettext_lazy("Ritirata: %(titles)s.", "Ritirate: %(titles)s.", "number")


class ActingAdmin(HistoryAdmin):
    """What was done is one revision, told by name; what could not be done, with why."""

    actions: Any = ("publish_selected", "withdraw_selected")

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("initiatives.publish_initiative")

    @admin.action(description=_("Pubblica le schede scelte"), permissions=["publish"])
    def publish_selected(self, request: HttpRequest, queryset: QuerySet[Initiative]) -> HttpResponse | None:
        """An initiative before its measures. From its form, what was seen there and nothing that came later."""
        in_order = queryset.order_by(F("parent").asc(nulls_first=True), "position")
        with transaction.atomic():
            hold_version()
            seen = request.POST.get("seen")
            for entry in queryset:
                if seen is not None and seen_in(seen)[1] != self.state_of(entry):
                    self.message_user(request, CHANGED, messages.WARNING)
                    return redirect(form_address(entry))
            self.act_on(request, in_order, publish, PUBLISHED, "Pubblicata.")
        return None

    @admin.action(description=_("Ritira le schede scelte dalla pubblicazione"), permissions=["publish"])
    def withdraw_selected(self, request: HttpRequest, queryset: QuerySet[Initiative]) -> HttpResponse | None:
        """Measures before their initiative. Asks first why, for the page that is left of each."""
        if self.are_too_many(request, queryset.count()):
            return None
        if "confirmed" not in request.POST:
            context = {"entries": queryset, "checkbox": ACTION_CHECKBOX_NAME, "action": request.POST["action"]}
            return self.editors_page(request, "admin/withdraw.html", gettext("Ritirare dalla pubblicazione"), context)
        reasons = request.POST.get("reason", "").strip(), request.POST.get("reason_en", "").strip()
        in_order = queryset.order_by(F("parent").desc(nulls_last=True), "position")
        why = f"Ritirata. {reasons[0]}".strip()
        self.act_on(request, in_order, lambda entry: withdraw(entry, *reasons), WITHDRAWN, why)
        return None

    def act_on(
        self, request: HttpRequest, entries: Iterable[Initiative], act: Act, told: Any, why: str
    ) -> list[Initiative]:
        """Those with which it was done, which are `told`; of the others it is told why not. One revision of all."""
        chosen = [entry.pk for entry in entries]
        if self.are_too_many(request, len(chosen)):
            return []
        with transaction.atomic():
            hold_version()  # nobody edits one of them between its reading and its saving
            for pk in chosen:
                self.keep_as_it_is(Initiative.objects.get(pk=pk))
            with revision_by(request, why):
                done = [entry for pk in chosen if (entry := self._acted(request, pk, act, why))]
        if done:
            self.tell_done(request, told, done)
        return done

    def are_too_many(self, request: HttpRequest, number: int) -> bool:
        """To be acted on at once: then it is told."""
        if number > MOST_AT_ONCE:
            words = gettext("Troppe insieme: se ne scelgono al più %(most)s. Non è cambiato nulla.")
            self.message_user(request, words % {"most": MOST_AT_ONCE}, messages.ERROR)
        return number > MOST_AT_ONCE

    def tell_done(self, request: HttpRequest, told: Any, entries: list[Initiative]) -> None:
        titles = "; ".join(quoted(str(entry)) for entry in entries)
        self.message_user(request, told % {"number": len(entries), "titles": titles}, messages.SUCCESS)

    def _acted(self, request: HttpRequest, pk: int, act: Act, why: str) -> Initiative | None:
        entry = Initiative.objects.get(pk=pk)
        try:
            with transaction.atomic():
                act(entry)
        except ValidationError as error:
            words = format_html(gettext("«{}» resta com’era: {}"), entry, " ".join(error.messages))
            self.message_user(request, words, messages.WARNING)
            return None
        self.log_change(request, entry, why)
        self.settle(request, entry)
        return entry

    def settle(self, request: HttpRequest, entry: Initiative) -> None:
        """What was handed in is decided by what was done of it.

        Published is a draft that waited or was returned, and the change that the form was opened with, whatever had
        become of it. Of what is withdrawn no change waits any more; its text is kept, and its author told.
        """
        changes = Submission.objects.of(entry).exclude(form="")
        if not entry.is_published:
            for change in changes.waiting():
                change.decide(Outcome.RETURNED, request.user, gettext("Nel frattempo la scheda è stata ritirata."))
            return
        opened = changes.filter(pk=number_in(request.GET.get("submission"))).exclude(outcome=Outcome.PUBLISHED)
        for submission in (*Submission.objects.of(entry).unfinished_drafts(), *opened):
            submission.decide(Outcome.PUBLISHED, request.user)
