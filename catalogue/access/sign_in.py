from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_otp.plugins.otp_totp.models import TOTPDevice

from catalogue.access import second_factor
from catalogue.access.lockout import is_locked, log

LOCKED = "locked"
MESSAGES = {
    LOCKED: _(
        "Troppi tentativi falliti: per un’ora da qui non si entra, neppure con la password giusta. "
        "Riprova più tardi, o chiedi a chi amministra il catalogo di riaprire l’accesso."
    ),
    "invalid_login": _(
        "Nome utente o password non corretti. Maiuscole e minuscole contano. "
        "Se non ricordi la password, chi amministra il catalogo può darti un link per sceglierne un’altra."
    ),
    "no_code": _("Per questo nome utente serve anche il codice di verifica."),
    "wrong_code": _("Il codice di verifica non è corretto, o è già stato usato: aspetta il prossimo."),
    "too_soon": _("Il codice di verifica è appena stato sbagliato: riprova fra %(wait)s."),
}


class CodeField(forms.CharField):
    """For the six digits of an app, or a code on paper."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false", "size": 12}
        super().__init__(label=_("Codice di verifica"), max_length=20, widget=forms.TextInput(attrs), **kwargs)


def device_shown(request: HttpRequest, user: Any, code: str) -> TOTPDevice:
    """The account's, if the code is right; a wrong one counts as a wrong password does."""
    if seconds := second_factor.seconds_to_wait(user):
        wait = ngettext("%(n)s secondo", "%(n)s secondi", seconds) % {"n": seconds}
        raise _error("too_soon", wait=wait)
    if device := second_factor.accept(user, code):
        return device
    user_login_failed.send(__name__, credentials={"username": user.get_username()}, request=request)
    raise _error("wrong_code")


def _error(code: str, **params: Any) -> ValidationError:
    return ValidationError(MESSAGES[code], code=code, params=params)


class SignInForm(AdminAuthenticationForm):
    """Name, password and, of whoever has one, the second factor; all on one page, so that none is half signed in."""

    request: HttpRequest
    code = CodeField(
        required=False,
        help_text=_("Le sei cifre dell’app o un codice di recupero. Chi non ha ancora un’app lo lascia vuoto."),
    )
    error_messages = {**AdminAuthenticationForm.error_messages, **MESSAGES}

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username", "")
        if is_locked(self.request, name):
            log("sign-in while locked", self.request, name)
            raise _error(LOCKED)
        cleaned = super().clean() or self.cleaned_data
        user: Any = self.get_user()
        if user and second_factor.device_of(user):
            if not (code := cleaned.get("code", "")):
                raise _error("no_code")
            user.otp_device = device_shown(self.request, user, code)  # django_otp notes it in the session
        return cleaned
