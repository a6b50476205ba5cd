"""One number that every change to the public catalogue moves, in the change's own transaction (see `schema`).

It says when: above 31 random bits it has the second of the last change.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, wraps
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.views.decorators.gzip import gzip_page

from initiatives import schema
from initiatives.search import NotReady

TRIES = 10


def current() -> int:
    _check_once()
    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM initiatives_version")
        return cursor.fetchone()[0]


def changed(version: int) -> datetime:
    """When the catalogue became what this version is."""
    return datetime.fromtimestamp(version >> 31, tz=timezone.get_current_timezone())


def name(version: int) -> str:
    """As readers cite it, in UTC: 20261122-153042-0a1b2c3d."""
    return f"{datetime.fromtimestamp(version >> 31, tz=UTC):%Y%m%d-%H%M%S}-{version & 0x7FFFFFFF:08x}"


@cache
def _check_once() -> None:
    if gone := schema.missing():
        raise ImproperlyConfigured(f"Triggers are missing ({', '.join(sorted(gone))}): run manage.py migrate.")


@cache
def release() -> str:
    """Stands for the code, templates and settings that pages are made of."""
    root = Path(settings.BASE_DIR)
    shown = (settings.PUBLIC_URL, settings.CONTACT_EMAIL, settings.ACCESSIBILITY_DECLARATION_URL)
    digest = hashlib.sha256("\n".join(shown).encode())
    for folder in ("catalogue", "initiatives", "taxonomy", "templates", "static"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".py", ".mo", ".html", ".css", ".js", ".svg"):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def public_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of one version, which the view gets as its second argument.

    Answers 304 before anything is made; a page during whose making the catalogue changed is made again.
    """

    @gzip_page  # here and not in a middleware: nothing secret is on a public page
    @wraps(view)
    def page(request: HttpRequest, **address: str) -> HttpResponse:
        for _ in range(TRIES):
            request.version = version = current()  # type: ignore[attr-defined]  # the footer names it
            etag = _etag(request, version)
            # `*` stands for any page there is; whether this one is, the view alone knows.
            asked = request.headers.get("If-None-Match", "*") != "*"
            unchanged = get_conditional_response(request, etag=etag) if asked else None
            try:
                response = unchanged or view(request, version, **address)
            except NotReady:
                break
            if unchanged or current() == version:
                if response.status_code in (200, 304):
                    response.headers["ETag"] = etag
                    response.headers["Cache-Control"] = "no-cache"
                return response
        busy = render(request, "503.html", status=503)
        busy.headers["Retry-After"] = "5"
        return busy

    return page


def _etag(request: HttpRequest, version: int) -> str:
    made_of = f"{version} {release()} {get_language()} {request.get_full_path()}"
    return f'"{hashlib.sha256(made_of.encode()).hexdigest()[:32]}"'
