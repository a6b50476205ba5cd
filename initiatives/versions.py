"""One number that every change to the catalogue moves, drafts too, in the change's own transaction (see `schema`)."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import cache, wraps
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
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
    """The moment of the change that made this version."""
    return datetime.fromtimestamp(version >> schema.RANDOM_BITS, tz=timezone.get_default_timezone())


def name(version: int) -> str:
    """As readers read it, in the site's own time: 20261122-163042-0a1b2c3d."""
    return f"{changed(version):%Y%m%d-%H%M%S}-{version % 2**schema.RANDOM_BITS:08x}"


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
    folders = ("catalogue", "initiatives", "taxonomy", "templates", "static")
    files = [root / "pyproject.toml", *(path for folder in folders for path in sorted((root / folder).rglob("*")))]
    for path in files:
        if path.is_file() and "__pycache__" not in path.parts:
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
            version = current()
            etag = _etag(request, version)
            # `*` stands for any page there is; whether this one is, the view alone knows.
            asked = request.headers.get("If-None-Match", "*") != "*"
            response = get_conditional_response(request, etag=etag) if asked else None
            unchanged = response is not None and response.status_code == 304
            try:
                if response is None or not unchanged:
                    response = _with_version(view, request, version, address)
            except NotReady:
                break
            if unchanged or current() == version:
                if response.status_code in (200, 304):
                    response.headers["ETag"] = etag
                    response.headers["Cache-Control"] = "no-cache"
                    patch_vary_headers(response, ["Accept-Encoding"])
                return response
        busy = render(request, "503.html", status=503)
        busy.headers["Retry-After"] = "5"
        return busy

    return page


def _with_version(
    view: Callable[..., HttpResponse], request: HttpRequest, version: int, address: dict[str, str]
) -> HttpResponse:
    """The page, whose footer names the version; what is not there, or not now, is of none."""
    request.version = version  # type: ignore[attr-defined]
    try:
        return view(request, version, **address)
    except (Http404, NotReady):
        request.version = None  # type: ignore[attr-defined]
        raise


def _etag(request: HttpRequest, version: int) -> str:
    """Weak: the same page is sent compressed or not."""
    made_of = f"{version} {release()} {get_language()} {request.get_full_path()}"
    return f'W/"{hashlib.sha256(made_of.encode()).hexdigest()[:32]}"'
