"""Another address for an entry, which the former one leads to for ever; and its own again, once it is recovered."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext

from catalogue.admin.history.pages import HistoryAdmin, last_published, revision_by
from catalogue.admin.review.publishing import TAKEN
from initiatives.models import Initiative, PublicEntry, is_taken
from initiatives.versions import hold_version


class AddressForm(forms.ModelForm):
    class Meta:
        model = Initiative
        fields = ("slug",)

    def clean_slug(self) -> str:
        if is_taken(self.cleaned_data["slug"], self.instance):
            raise ValidationError(TAKEN)
        return self.cleaned_data["slug"]


class MovingAdmin(HistoryAdmin):
    def address_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.is_superuser:
            raise PermissionDenied
        with transaction.atomic():
            if request.method == "POST":
                hold_version()  # nobody edits it between its reading and its saving
            entry = self.readable(request, pk)
            former, form = entry.slug, AddressForm(request.POST or None, instance=entry)
            if request.method == "POST" and form.is_valid():
                self._move(request, form, former)
                return redirect(form_address(entry))
        title = gettext("Indirizzo: %(title)s") % {"title": entry}
        context = {"original": entry, "form": form, "former": former}
        return self.editors_page(request, "admin/address.html", title, context)

    def _move(self, request: HttpRequest, form: AddressForm, former: str) -> None:
        self.keep_as_it_is(Initiative.objects.get(pk=form.instance.pk))
        why = f"L’indirizzo era {former}."
        with revision_by(request, why):
            self.log_change(request, form.save(), why)
        self.message_user(request, gettext("L’indirizzo è cambiato."), messages.SUCCESS)

    def readable(self, request: HttpRequest, pk: int) -> Initiative:
        entry = get_object_or_404(Initiative, pk=pk)
        if not self.has_view_or_change_permission(request, entry):
            raise PermissionDenied
        return entry

    def recovered(self, thing: Initiative) -> None:
        """What readers knew of it is of this entry again: published again, it has the addresses that it had."""
        left = PublicEntry.objects.filter(addresses__slug=thing.slug, initiative=None)
        for public in left if last_published(thing) else ():
            public.initiative = thing
            public.save()
        if is_taken(thing.slug, thing):
            raise ValidationError(TAKEN)


def form_address(entry: Initiative | None) -> str:
    """Of a new one, where there is none."""
    name = "admin:initiatives_initiative_" + ("change" if entry else "add")
    return reverse(name, args=[entry.pk] if entry else [])
