from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django_otp.plugins.otp_totp.models import TOTPDevice

from catalogue.access import second_factor
from catalogue.access.groups import APPS, GROUPS
from catalogue.access.links import one_time_link
from catalogue.access.models import Account, AccountGroup
from catalogue.admin.history.told import State
from catalogue.admin.shared import SharedAdmin, SharedForm

VERBS = {
    "add": _("aggiungere"),
    "change": _("modificare"),
    "delete": _("eliminare"),
    "view": _("vedere"),
    "publish": _("pubblicare"),
}


class AdministratorsAdmin(SharedAdmin):
    """Whoever may give rights could take them all: no group's permissions are enough."""

    class Media:
        css = {"all": ["editors/access.css"]}

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)


class AccountForm(SharedForm):
    class Meta:
        model = Account
        fields = ["username", "first_name", "last_name", "email", "is_active", "is_superuser", "groups"]
        field_classes = {"username": UsernameField}
        widgets = {"groups": forms.CheckboxSelectMultiple}
        labels = {"is_active": _("Può entrare"), "is_superuser": _("Amministra il catalogo"), "groups": _("Gruppi")}
        help_texts = {
            "username": _("Lettere, cifre e @ . + - _"),
            "is_active": _("Chi lascia la redazione non si elimina: si toglie questo segno, e la sua storia resta."),
            "is_superuser": _("Può tutto, anche dare accessi e cambiare indirizzi già pubblicati."),
            "groups": _("Redazione scrive e corregge; Responsabili, in più, pubblica ed elimina."),
        }


@admin.register(Account)
class AccountAdmin(AdministratorsAdmin):
    form = AccountForm
    change_form_template = "access/account_form.html"
    list_display = ("username", "first_name", "last_name", "in_groups", "is_active", "last_login", "has_second_factor")
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("username",)
    readonly_fields = ("last_login", "has_second_factor")
    fieldsets = [
        (None, {"fields": ["username", "first_name", "last_name", "email"]}),
        (_("Che cosa può fare"), {"fields": ["is_active", "groups", "is_superuser"]}),
        (_("Accessi"), {"fields": ["last_login", "has_second_factor"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        device = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        return super().get_queryset(request).prefetch_related("groups").annotate(has_device=Exists(device))

    def get_readonly_fields(self, request: HttpRequest, obj: Account | None = None) -> list[str]:
        """Nobody shuts themselves out."""
        is_own = obj is not None and obj.pk == request.user.pk
        return [*self.readonly_fields, *(["is_active", "is_superuser"] if is_own else [])]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # what they did would go with them

    def state_of(self, thing: Any) -> State:
        """What the form shows, and above all no password's hash: what was seen is sent to the browser."""
        state = super().state_of(thing)
        return state | {"own": {name: state["own"][name] for name in AccountForm.Meta.fields}}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.is_staff = True  # whoever has an account is an editor
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        words = gettext("«{}» è stato aggiunto. Per farlo entrare, dagli un link per la password.")
        messages.success(request, words.format(obj))
        return redirect("admin:access_account_change", obj.pk)

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        link, forget = require_POST(self.give_link), require_POST(self.forget_second_factor)
        return [
            path("<int:pk>/link/", wrap(link), name="access_account_link"),
            path("<int:pk>/verifica/", wrap(forget), name="access_account_second_factor"),
            *super().get_urls(),
        ]

    def give_link(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = self._account(request, pk)
        self.log_change(request, account, "Dato un link per scegliere la password.")
        context = {**self.admin_site.each_context(request), "title": gettext("Link per scegliere la password")}
        context |= {"opts": self.opts, "account": account, "link": one_time_link(account)}
        return render(request, "access/link.html", context)

    def forget_second_factor(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = self._account(request, pk)
        if second_factor.forget(account):
            self.log_change(request, account, "Azzerata la verifica in due passaggi.")
        words = gettext("La verifica in due passaggi di «{}» è azzerata: se ne può attivare una nuova.")
        messages.success(request, words.format(account))
        return redirect("admin:access_account_change", pk)

    def _account(self, request: HttpRequest, pk: int) -> Account:
        if not self.has_change_permission(request):
            raise PermissionDenied
        return get_object_or_404(Account, pk=pk)

    @admin.display(description=_("gruppi"))
    def in_groups(self, account: Account) -> str:
        names = [group.name for group in account.groups.all()]
        return ", ".join([gettext("Amministratori")] * account.is_superuser + names)

    @admin.display(description=_("verifica in due passaggi"), boolean=True)
    def has_second_factor(self, account: Any) -> bool:
        return bool(getattr(account, "has_device", False))


class PermissionsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, permission: Any) -> str:
        model, verb = permission.content_type.model_class(), permission.codename.partition("_")[0]
        return f"{capfirst(model._meta.verbose_name_plural)}: {VERBS.get(verb, permission.name)}"


class AccountGroupForm(SharedForm):
    permissions = PermissionsField(
        label=_("Che cosa può fare"),
        queryset=Permission.objects.filter(content_type__app_label__in=APPS).select_related("content_type"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


@admin.register(AccountGroup)
class AccountGroupAdmin(AdministratorsAdmin):
    form = AccountGroupForm
    fields = ("name", "permissions")
    search_fields = ("name",)
    ordering = ("name",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Under another name it would be missed, and made anew by the next `migrate`."""
        return ["name"] if obj and obj.name in GROUPS else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request) and not (obj and obj.name in GROUPS)
