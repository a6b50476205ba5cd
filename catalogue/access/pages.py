"""Pages around signing in, in the look of the editors' others."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.views import PasswordResetConfirmView, redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django_otp import login as note_device

from catalogue.access import second_factor
from catalogue.access.lockout import LOCKED_FOR, is_locked, log
from catalogue.access.sign_in import CodeField, device_shown

WRONG_CODE = _("Il codice non è quello che ci si aspetta ora: controlla l’ora del telefono e scrivi il prossimo.")


class CodeForm(forms.Form):
    code = CodeField()


@never_cache
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """Where somebody sets up the app, or begins again with another, which asks for a code of the former."""
    user: Any = request.user
    if not (user.is_active and user.is_staff and second_factor.is_complete(request)):
        return redirect_to_login(request.path, reverse("admin:login"))
    device = second_factor.device_of(user)
    key = second_factor.key_begun(request, device)
    if device and not key:
        return _begin_again(request)
    return _enrol(request, key or second_factor.begin(request, device))


def _enrol(request: HttpRequest, key: str) -> HttpResponse:
    form = CodeForm(request.POST or None)
    if form.is_valid():
        if codes := second_factor.enrol(request.user, key, form.cleaned_data["code"]):
            del request.session[second_factor.BEGUN]
            note_device(request, second_factor.device_of(request.user))
            return _page(request, "recovery_codes", gettext("Codici di recupero"), codes=codes)
        form.add_error("code", WRONG_CODE)
    qr_code, secret = _qr_code(request.user, key), second_factor.in_words(key)
    title = gettext("Attiva la verifica in due passaggi")
    return _page(request, "enrol", title, form=form, qr_code=qr_code, secret=secret)


def _begin_again(request: HttpRequest) -> HttpResponse:
    """Whoever finds a session open guesses its codes no more often than at the door."""
    if request.session.pop(second_factor.BEGUN, None) and request.method == "POST":  # a code of the new app
        messages.warning(request, gettext("È passato troppo tempo: scrivi di nuovo un codice dell’app di adesso."))
        return redirect("admin:second-factor")
    if request.method == "POST" and is_locked(request, request.user.get_username()):
        return locked(request)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            former = device_shown(request, request.user, form.cleaned_data["code"])
        except ValidationError as error:
            form.add_error("code", error)
        else:
            second_factor.begin(request, former)
            return redirect("admin:second-factor")
    left = second_factor.codes_left(request.user)
    return _page(request, "second_factor", gettext("Verifica in due passaggi"), form=form, codes_left=left)


def _qr_code(user: Any, key: str) -> SafeString:
    import segno  # for the few who ask for this page

    code = segno.make(second_factor.address_of(user, key), micro=False)
    return SafeString(code.svg_inline(scale=5, light="#fff"))  # made of nothing but squares


class OneTimeLink(PasswordResetConfirmView):
    """Django keeps the token in the session and goes on to an address without it: no Referer tells it."""

    template_name = "access/choose_password.html"
    title = _("Scegli la password")
    success_url = reverse_lazy("admin:login")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {**admin.site.each_context(self.request), **super().get_context_data(**kwargs)}
        return context if context["validlink"] else context | {"title": gettext("Link non più valido")}

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, gettext("La password è stata salvata: ora puoi entrare."))
        return super().form_valid(form)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    log("refused", request, request.user.get_username())
    return _page(request, "refused", gettext("Non è permesso"), status=403)


def out_of_date(request: HttpRequest) -> HttpResponse:
    return _page(request, "out_of_date", gettext("Pagina non più valida"), status=403)


def locked(request: HttpRequest) -> HttpResponse:
    page = _page(request, "locked", gettext("Troppi tentativi falliti"), status=429)
    page.headers["Retry-After"] = f"{LOCKED_FOR.total_seconds():.0f}"
    return page


def _page(request: HttpRequest, name: str, title: str, status: int = 200, **context: Any) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": title, **context}
    if status == 403 and request.method == "POST":  # an address that takes what is sent may have no page of its own
        context["back"] = reverse("admin:index")
    return render(request, f"access/{name}.html", context, status=status)
