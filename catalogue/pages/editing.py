"""The way from a public page to the form that changes it, for its editors alone."""

from functools import partial

from django.conf import settings
from django.contrib.admin import site
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from catalogue.answers import public_page


def is_of_editor(request: HttpRequest) -> bool:
    """Who has no session's cookie is not looked for in the database; whose session is over reads as everybody."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and site.has_permission(request)


editable_page = partial(public_page, is_private=is_of_editor)


def may_edit(request: HttpRequest, model: type[Model], thing: Model | None = None) -> bool:
    return is_of_editor(request) and site.get_model_admin(model).has_change_permission(request, thing)


def edit_address(request: HttpRequest, thing: Model) -> str:
    """Empty for those who may not change it."""
    if not may_edit(request, type(thing), thing):
        return ""
    return reverse(admin_urlname(thing._meta, SafeString("change")), args=[thing.pk])
