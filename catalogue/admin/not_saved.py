"""When the database says no, locked, gone, full or read-only: what an editor has written is kept, and sent again."""

import sys

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.defaults import server_error

from catalogue.answers import MISTAKES


def failed(request: HttpRequest) -> HttpResponse:
    """The site's answer to what no view has caught."""
    error = sys.exc_info()[1]
    says_no = isinstance(error, (DatabaseError, InterfaceError)) and not isinstance(error, MISTAKES)
    if not says_no or not request.path_info.startswith(reverse("admin:index")):
        return server_error(request)
    # Without the request: who asks is known to the database alone.
    page = render_to_string("admin/not_saved.html", {"fields": _written(request), "csrf_token": get_token(request)})
    return HttpResponse(page, status=503, headers={"Retry-After": "5", "Cache-Control": "private, no-store"})


def _written(request: HttpRequest) -> list[tuple[str, str]]:
    """Name and value of each field; of those that sign somebody in, none."""
    sent = request.POST.lists() if request.method == "POST" else []
    fields = [(name, value) for name, values in sent for value in values]
    signs_in = any(word in name for name, _ in fields for word in ("password", "otp"))
    if signs_in or request.path_info == reverse("admin:second-factor"):
        return []
    return [(name, value) for name, value in fields if name not in ("csrfmiddlewaretoken", "only_shown")]
