"""What an editor has written is kept and sent again, whatever stood in the way of saving it.

The database said no (locked, gone, full or read-only), the session has ended, or the form was opened before another
one began.
"""

import sys

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.defaults import server_error

from catalogue.access import pages
from catalogue.access.lockout import log
from catalogue.admin.refused.written import Fields, form_at, texts_in
from catalogue.answers import MISTAKES

NO_FORMS = ("admin:second-factor", "admin:logout", "editors-language")  # nothing is written there that is to be kept


def failed(request: HttpRequest) -> HttpResponse:
    """The site's answer to what no view has caught."""
    error = sys.exc_info()[1]
    says_no = isinstance(error, (DatabaseError, InterfaceError)) and not isinstance(error, MISTAKES)
    if not says_no or not request.path_info.startswith(reverse("admin:index")):
        return server_error(request)
    page = _page(request, "database", _written(request), status=503)
    page.headers["Retry-After"] = "5"
    return page


def signed_out(request: HttpRequest) -> HttpResponse | None:
    """For a form that is sent once its session has ended; None where there is nothing to keep."""
    return _page(request, "signed-out", fields, status=403) if (fields := _written(request)) else None


def out_of_date(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a form without today's token: opened before signing in again, or made elsewhere."""
    log(f"refused, form out of date ({reason})", request, request.user.get_username())
    if not request.user.is_authenticated:
        return signed_out(request) or pages.out_of_date(request)
    fields = _written(request)
    return _page(request, "out-of-date", fields, status=403) if fields else pages.out_of_date(request)


def _page(request: HttpRequest, why: str, fields: Fields, status: int) -> HttpResponse:
    """Without the request: who asks is known to the database alone."""
    context = {
        "why": why,
        "fields": fields,
        "texts": texts_in(fields, form_at(request.path_info)),
        "csrf_token": get_token(request),
        "user": AnonymousUser(),
        "site_header": admin.site.site_header,
        "site_title": admin.site.site_title,
    }
    page = render_to_string("admin/not_saved.html", context)
    return HttpResponse(page, status=status, headers={"Cache-Control": "private, no-store"})


def _is_from_here(request: HttpRequest) -> bool:
    """Else another site could have an editor send again what that site wrote."""
    own = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin") in (own, settings.PUBLIC_URL)


def _written(request: HttpRequest) -> Fields:
    """Name and value of each field that was sent from a form of this site; of those that sign somebody in, none."""
    is_sent = request.META["REQUEST_METHOD"] == "POST" and _is_from_here(request)  # not only shown as if it were
    sent = request.POST.lists() if is_sent else []
    fields = [(name, value) for name, values in sent for value in values]
    signs_in = any(word in name for name, _ in fields for word in ("password", "otp"))
    if signs_in or request.path_info in map(reverse, NO_FORMS):
        return []
    return [(name, value) for name, value in fields if name not in ("csrfmiddlewaretoken", "only_shown")]
