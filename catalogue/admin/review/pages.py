"""What editors do beside filling an entry’s form: preview it, hand it in, publish or return what was handed in."""

from copy import copy
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext

from catalogue.admin.history.pages import (
    LONGEST_WHY,
    as_if_sent,
    changes_between,
    last_published,
    number_in,
    show_filled,
)
from catalogue.admin.history.told import State, state_in
from catalogue.admin.review.acting import CHANGED, PUBLISHED, ActingAdmin
from catalogue.admin.review.moving import MovingAdmin, form_address
from catalogue.admin.review.preview import Preview, language_of, rehearsal, rolled_back, show_preview
from catalogue.admin.review.publishing import publish
from catalogue.admin.review.words import in_words
from catalogue.admin.shared import seen_in, sign
from catalogue.submissions.models import Outcome, Submission
from initiatives.models import Initiative, PublicEntry, Status, lacks, obstacles
from initiatives.versions import hold_version


class ReviewAdmin(ActingAdmin, MovingAdmin):
    """Who may not publish hands in: a draft as it stands, a change of what is published as its form was filled."""

    change_form_template = "admin/entry_form.html"

    def get_urls(self) -> list[Any]:
        def page(address: str, view: Any, name: str) -> Any:
            return path(address, self.admin_site.admin_view(view), name=f"initiatives_initiative_{name}")

        return [
            page("anteprima/", self.preview_view, "preview_new"),
            page("<int:pk>/anteprima/", self.preview_view, "preview"),
            page("<int:pk>/revisione/", self.review_view, "review"),
            page("<int:pk>/indirizzo/", self.address_view, "address"),
            *super().get_urls(),
        ]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Remembers whether the public reads it: a form that is refused has already changed what it was filled with."""
        entry = super().get_object(request, object_id, from_field)
        if entry:
            entry.is_public = entry.is_published
        return entry

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Who may publish does so in the form too; withdrawing, which asks why, is an action."""
        may_choose = self.has_publish_permission(request) and not (obj and obj.is_public)
        return [*super().get_readonly_fields(request, obj), *([] if may_choose else ["status"])]

    def is_named(self, thing: Initiative | None) -> bool:
        """Once people can cite it; from then on administrators alone change its address, on a page of its own."""
        return thing is not None and thing.was_public

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What was handed in goes with its entry, though nobody deletes it alone; not what nobody has decided yet."""
        to_delete, counts, lacking, protected = super().get_deleted_objects(objs, request)
        waiting = Submission.objects.waiting().exclude(form="").filter(initiative__in=objs)
        undecided = [format_html("{}: {}", gettext("Una modifica da decidere"), each.initiative) for each in waiting]
        return to_delete, counts, lacking - {str(Submission._meta.verbose_name)}, [*protected, *undecided]

    # The form

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        entry = self.get_object(request, unquote(object_id)) if object_id else None
        if entry and self._hands_in(request, entry) and request.method == "POST" and not _is_rehearsed(request):
            return self._hand_in_change(request, entry)
        context = self._of_review(request, entry)
        return super().changeform_view(request, object_id, form_url, {**context, **(extra_context or {})})

    def _hands_in(self, request: HttpRequest, entry: Initiative) -> bool:
        may_publish, may_change = self.has_publish_permission(request), self.has_change_permission(request, entry)
        return entry.is_published and may_change and not may_publish

    def _of_review(self, request: HttpRequest, entry: Initiative | None) -> dict[str, Any]:
        may_publish = self.has_publish_permission(request)
        if not entry:
            return {"may_publish": may_publish}
        submission, own = Submission.objects.of(entry).first(), self._unfinished(request, entry)
        hands_in, waits = self._hands_in(request, entry), bool(submission and submission.outcome == Outcome.WAITING)
        return {
            "may_publish": may_publish,
            "submission": submission,
            "shown": self._shown(request, entry),
            "unfinished": own,
            "returned": next((each for each in (own, submission) if each and each.outcome == Outcome.RETURNED), None),
            "hands_in": hands_in,
            "is_hindered": hands_in and waits and submission != own,
            "withdrawn": PublicEntry.objects.filter(initiative=entry).exclude(withdrawn=None).first(),
        }

    def _shown(self, request: HttpRequest, entry: Initiative) -> Submission | None:
        """The change that the form is opened with: the one asked for, or the editor's own that is not published yet."""
        if not self.has_change_permission(request, entry):
            return None
        changes = Submission.objects.of(entry).exclude(form="")
        if number := number_in(request.GET.get("submission")):
            return get_object_or_404(changes, pk=number)
        own = self._unfinished(request, entry)
        return own if own and own.form and self._hands_in(request, entry) and "version" not in request.GET else None

    def _unfinished(self, request: HttpRequest, entry: Initiative) -> Submission | None:
        """The editor's own, which waits to be decided or to be handed in again."""
        return Submission.objects.latest_of_each().unfinished_by(request.user).of(entry).first()

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, *args, **kwargs)
        form.hindrance = getattr(request, "hindrance", "")
        form.is_previewed = _is_rehearsed(request) and "_hand_in" not in request.POST
        return form

    def fill(self, request: HttpRequest, thing: Any) -> None:
        super().fill(request, thing)
        if change := self._shown(request, thing):
            may_publish = self.has_publish_permission(request)
            show_filled(request, _as_published(change) if may_publish else QueryDict(change.form, mutable=True))

    def save_model(self, request: HttpRequest, obj: Initiative, form: Any, change: bool) -> None:
        """Whatever led here: who may not publish saves nothing that the public reads."""
        if change and not (_is_rehearsed(request) or self.has_publish_permission(request)):
            hold_version()
            if Initiative.objects.published().filter(pk=obj.pk).exists():
                raise PermissionDenied
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        entry = request.saved = form.instance  # type: ignore[attr-defined]
        if entry.is_published and obstacles(entry):
            raise PermissionDenied  # its form has asked for them, unless somebody has forged what was sent
        if _is_rehearsed(request):
            return
        if "_hand_in" in request.POST and not entry.is_published:
            self._hand_in(request, entry, form.cleaned_data["why"])
        self.settle(request, entry)

    def message_user(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Of a form that is sent for somebody, who sends it tells what became of it."""
        if not hasattr(request, "is_rehearsed"):
            super().message_user(request, *args, **kwargs)

    # Handing in

    def _hand_in_change(self, request: HttpRequest, entry: Initiative) -> HttpResponse:
        """Of what is published nothing changes yet."""
        with transaction.atomic():
            hold_version()  # nobody else hands in meanwhile
            return self._handed_in(request, entry)

    def _handed_in(self, request: HttpRequest, entry: Initiative) -> HttpResponse:
        other = Submission.objects.of(entry).waiting().exclude(author=request.user.pk).first()
        if other:
            words = gettext("C’è già una modifica di {}: finché non è decisa, la tua resta qui sotto, non consegnata.")
            request.hindrance = words.format(other.author_name)  # type: ignore[attr-defined]
            return super().changeform_view(request, str(entry.pk), extra_context=self._of_review(request, entry))
        before = self.state_of(entry)
        with rolled_back():
            response = self._sent(request, entry, request.POST)
            after = self.state_of(response.saved) if response.saved else None
        if after is None:
            return response
        if after == before:
            self.message_user(
                request, gettext("Non hai cambiato nulla: non c’è nulla da consegnare."), messages.WARNING
            )
            return redirect(request.path)
        self._hand_in(request, entry, request.POST.get("why", ""), _kept(request.POST))
        return redirect("admin:initiatives_initiative_changelist")

    def _hand_in(self, request: HttpRequest, entry: Initiative, comment: str, form: str = "") -> None:
        for waiting in Submission.objects.of(entry).waiting():
            waiting.decide(Outcome.REPLACED, request.user)
        Submission.objects.create(initiative=entry, author_id=request.user.pk, comment=comment, form=form)
        words = gettext("«{}» è consegnata: la leggerà chi può pubblicarla.")
        self.message_user(request, format_html(words, entry), messages.SUCCESS)

    def _sent(self, request: HttpRequest, entry: Initiative | None, form: QueryDict, rehearsed: bool = True) -> Any:
        """The answer to a form as if it were sent now; in a rehearsal it tells nobody that it was saved."""
        sent: Any = copy(request)
        sent.is_rehearsed = rehearsed
        as_if_sent(sent, form)
        response: Any = self.changeform_view(sent, str(entry.pk) if entry else None, form_address(entry))
        response.saved = getattr(sent, "saved", None)
        return response

    # Preview

    def preview_view(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Of an entry as it is saved, as it was handed in (`submission`) or, by POST, as its form is filled."""
        entry = self.readable(request, pk) if pk else None
        submission = entry and Submission.objects.of(entry).filter(pk=number_in(request.GET.get("submission"))).first()
        preview = Preview(gettext("È una scheda com’è salvata."), _twin(request), form_address(entry))
        with rehearsal() as published:
            if request.method == "POST":
                preview = Preview(gettext("Ha le modifiche non ancora salvate: questa finestra si può chiudere."))
                response = self._sent(request, entry, request.POST)
            elif submission and submission.form and self.has_change_permission(request, entry):
                preview = Preview(gettext("È una modifica consegnata."), _twin(request), form_address(entry))
                response = self._sent(request, entry, _as_published(submission))
            else:
                return show_preview(request, self.readable(request, pk or 0), published, preview)
            return show_preview(request, response.saved, published, preview) if response.saved else response

    # Review

    def review_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        entry = self.readable(request, pk)
        submission = Submission.objects.of(entry).select_related("author", "decided_by").first()
        if request.method == "POST" and submission:
            return self._decide(request, entry)
        is_waiting = bool(submission and submission.outcome == Outcome.WAITING)
        may_send = bool(submission and (not submission.form or self.has_change_permission(request, entry)))
        context = {
            "original": entry,
            "submission": submission,
            "is_waiting": is_waiting,
            "may_send": may_send,
            "unfinished": self._unfinished(request, entry),
            "may_publish": self.has_publish_permission(request),
            **(self._read(request, entry, submission) if submission and is_waiting and may_send else {}),
        }
        return self.editors_page(
            request, "admin/review.html", gettext("Revisione: %(title)s") % {"title": entry}, context
        )

    def _read(self, request: HttpRequest, entry: Initiative, submission: Submission) -> dict[str, Any]:
        """What would change of what the public reads or last read, and what it would miss; or why it cannot be."""
        if not submission.form:
            last = last_published(entry)
            return self._compared(state_in(last, *self.rows()) if last else {}, entry)
        before = self.state_of(entry)
        with rolled_back():
            response = self._sent(request, entry, _as_published(submission))
            return self._compared(before, response.saved) if response.saved else {"refused": response.context_data}

    def _compared(self, before: State, entry: Initiative) -> dict[str, Any]:
        after, lacking = self.state_of(entry), lacks(entry)
        return {
            "is_new": not before,
            "changes": changes_between(*self.tell(_without_status(before), _without_status(after))),
            "lacking": [in_words(lack, entry) for lack in lacking if not lack.is_advice],
            "advice": [in_words(lack, entry) for lack in lacking if lack.is_advice],
            "seen": sign(after),
        }

    def _decide(self, request: HttpRequest, entry: Initiative) -> HttpResponse:
        """Of the submission that was read, if it still waits."""
        with transaction.atomic():
            hold_version()  # nobody else decides, hands in or edits meanwhile
            if request.POST.get("decision") == "give-up":
                return self._give_up(request, entry)
            read = Submission.objects.of(entry).waiting().filter(pk=number_in(request.POST.get("submission"))).first()
            if not read:
                self.message_user(request, CHANGED, messages.WARNING)
                return redirect(request.path)
            return self._decided(request, self.readable(request, entry.pk), read)

    def _give_up(self, request: HttpRequest, entry: Initiative) -> HttpResponse:
        own = self._unfinished(request, entry)
        if not own or own.pk != number_in(request.POST.get("submission")):
            self.message_user(request, CHANGED, messages.WARNING)
            return redirect(request.path)
        own.decide(Outcome.GIVEN_UP, request.user)
        words = gettext("L’hai lasciata perdere: resta una bozza.")
        if own.form:
            words = gettext("L’hai lasciata perdere: il testo resta tra le consegne, da cui si può riaprire.")
        self.message_user(request, words, messages.SUCCESS)
        return redirect(form_address(entry))

    def _decided(self, request: HttpRequest, entry: Initiative, submission: Submission) -> HttpResponse:
        decision = request.POST.get("decision")
        if decision == "take-back" and submission.author == request.user:
            submission.decide(Outcome.TAKEN_BACK, request.user)
            return redirect(form_address(entry) + (f"?submission={submission.pk}" if submission.form else ""))
        if not self.has_publish_permission(request):
            raise PermissionDenied
        return self._publish(request, entry, submission) if decision == "publish" else self._return(request, submission)

    def _return(self, request: HttpRequest, submission: Submission) -> HttpResponse:
        if not (reason := request.POST.get("reason", "").strip()):
            self.message_user(
                request, gettext("Per restituirla si scrive perché: lo legge chi l’ha consegnata."), messages.ERROR
            )
            return redirect(request.path)
        submission.decide(Outcome.RETURNED, request.user, reason)
        self.message_user(request, gettext("È restituita a chi l’aveva consegnata."), messages.SUCCESS)
        return redirect("admin:initiatives_initiative_changelist")

    def _publish(self, request: HttpRequest, entry: Initiative, submission: Submission) -> HttpResponse:
        if submission.form:
            return self._publish_change(request, entry, submission)
        if seen_in(request.POST.get("seen", ""))[1] != self.state_of(entry):
            self.message_user(request, CHANGED, messages.WARNING)
            return redirect(request.path)
        return self._publish_entry(request, entry, submission)

    def _publish_change(self, request: HttpRequest, entry: Initiative, submission: Submission) -> HttpResponse:
        response = self._sent(request, entry, _as_published(submission), rehearsed=False)
        if response.saved:
            submission.decide(Outcome.PUBLISHED, request.user)
            self.tell_done(request, PUBLISHED, [response.saved])
            return response
        self.message_user(request, CHANGED, messages.WARNING)
        return redirect(request.path)

    def _publish_entry(self, request: HttpRequest, entry: Initiative, submission: Submission) -> HttpResponse:
        done = self.act_on(request, [entry], publish, PUBLISHED, f"Pubblicata. {_origin(submission)}")
        return redirect("admin:initiatives_initiative_changelist" if done else request.path)


def _without_status(state: State) -> State:
    """Of what is reviewed it is nothing to read: publishing changes it."""
    own = {name: value for name, value in state.get("own", {}).items() if name != "status"}
    return state and {**state, "own": own}


def _is_rehearsed(request: HttpRequest) -> bool:
    return getattr(request, "is_rehearsed", False)


def _kept(form: QueryDict) -> str:
    """What was filled in, without what only this browser and this moment know."""
    kept = form.copy()
    for name in form:
        if name.startswith("_") or name in ("csrfmiddlewaretoken", "only_shown"):
            del kept[name]
    return kept.urlencode()


def _twin(request: HttpRequest) -> str:
    """The same preview in the other language."""
    query = request.GET.copy()
    query["lingua"] = "it" if language_of(request) == "en" else "en"
    return f"{request.path}?{query.urlencode()}"


def _origin(submission: Submission) -> str:
    return f"Consegnata da {submission.author_name}. {submission.comment}".strip()


def _as_published(submission: Submission) -> QueryDict:
    """Who hands in may not say what is published; who sends the form in their place may."""
    form = QueryDict(submission.form, mutable=True)
    form["status"], form["why"] = Status.PUBLISHED, Truncator(_origin(submission)).chars(LONGEST_WHY)
    return form
