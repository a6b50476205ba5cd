from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext

from catalogue.access import second_factor
from catalogue.access.lockout import LOCKED_FOR, is_locked
from catalogue.access.pages import OneTimeLink, locked, second_factor_page
from catalogue.access.sign_in import LOCKED, SignInForm
from catalogue.admin.not_saved import signed_out


class EditorsSite(AdminSite):
    """Django's admin, for those who have shown all that their account asks for."""

    login_form = SignInForm
    login_template = "access/sign_in.html"
    logout_template = "access/signed_out.html"
    password_change_template = "access/change_password.html"
    password_change_done_template = "access/password_changed.html"

    def has_permission(self, request: HttpRequest) -> bool:
        """Every one of its pages asks this; nothing else lets in."""
        return self._is_known(request) and not second_factor.must_enrol(request.user)

    def _is_known(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and second_factor.is_complete(request)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Whoever must set up a second factor does so, or signs out, before anything else.

        What is sent once the session has ended is not lost.
        """
        guarded = super().admin_view(view, cacheable)

        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            is_known = self._is_known(request)
            if is_known and second_factor.must_enrol(request.user):
                return self.logout(request) if view == self.logout else redirect("admin:second-factor")
            if not is_known and (kept := signed_out(request)):
                return kept
            return guarded(request, *args, **kwargs)

        return inner

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response: Any = super().login(request, {"title": gettext("Accedi"), **(extra_context or {})})
        form = (getattr(response, "context_data", None) or {}).get("form")
        if form is not None and form.has_error(NON_FIELD_ERRORS, LOCKED):
            response.status_code = 429
            response.headers["Retry-After"] = f"{LOCKED_FOR.total_seconds():.0f}"
        return response

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Whoever finds a session open guesses its password no more often than at the door."""
        name = request.user.get_username()
        if request.method == "POST" and is_locked(request, name):
            return locked(request)
        response: Any = super().password_change(request, extra_context)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if form is not None and form.has_error("old_password", "password_incorrect"):
            user_login_failed.send(__name__, credentials={"username": name}, request=request)
        return response

    def get_urls(self) -> list[Any]:
        return [
            path("verifica/", second_factor_page, name="second-factor"),
            path("accesso/<uidb64>/<token>/", OneTimeLink.as_view(), name="one-time-link"),
            *super().get_urls(),
        ]
