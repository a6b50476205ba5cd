"""One number that every change to the catalogue moves, drafts too, in the change's own transaction (see `schema`)."""

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime
from functools import cache, wraps
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.gzip import gzip_page

from initiatives import schema
from initiatives.search import NotReady

TRIES = 10
logger = logging.getLogger(__name__)


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
    names = ["PUBLIC_URL", "CONTACT_EMAIL", "ACCESSIBILITY_DECLARATION_URL"]
    names += ["PUBLISHER_NAME", "PUBLISHER_IPA", "DATA_LICENCE"]
    digest = hashlib.sha256("\n".join(getattr(settings, name) for name in names).encode())
    folders = ("catalogue", "initiatives", "taxonomy", "templates", "static")
    files = [root / "pyproject.toml", *(path for folder in folders for path in sorted((root / folder).rglob("*")))]
    for path in files:
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


class Snapshot:
    """One moment of the database, for an answer that takes many queries; nothing is written meanwhile."""

    def __init__(self) -> None:
        self.is_open = not connection.in_atomic_block
        if self.is_open:
            self._execute(
                {"sqlite": "BEGIN", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}[connection.vendor]
            )

    def close(self) -> None:
        if self.is_open:
            self.is_open = False
            self._execute("ROLLBACK")

    def _execute(self, sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)


def _busy_page(request: HttpRequest) -> HttpResponseBase:
    return render(request, "503.html", status=503)


def public_page(
    view: Callable[..., HttpResponseBase], busy: Callable[[HttpRequest], HttpResponseBase] = _busy_page
) -> Callable[..., HttpResponseBase]:
    """A page of one version, which the view gets as its second argument.

    Answers 304 before anything is made; a page during whose making the catalogue changed is made again, and `busy`
    answers where it goes on changing.
    """

    @gzip_page  # here and not in a middleware: nothing secret is on a public page
    @wraps(view)
    def page(request: HttpRequest, **address: str) -> HttpResponseBase:
        try:
            response = _of_one_version(view, request, address)
        except NotReady:
            response = None
        except (OperationalError, InterfaceError):
            logger.exception("The database does not answer")
            response = None
        if response is None:
            response = busy(request)
            response.headers["Retry-After"] = "5"
        return response

    return page


def _of_one_version(
    view: Callable[..., HttpResponseBase], request: HttpRequest, address: dict[str, str]
) -> HttpResponseBase | None:
    """Nothing where the catalogue changed at every try."""
    for _ in range(TRIES):
        version = current()
        etag = _etag(request, version)
        # `*` stands for any page there is; whether this one is, the view alone knows.
        asked = request.headers.get("If-None-Match", "*") != "*"
        unchanged = get_conditional_response(request, etag=etag) if asked else None
        if unchanged and unchanged.status_code != 304:
            unchanged = None  # a condition for those who write
        response = unchanged or _with_version(view, request, version, address)
        if unchanged or current() == version:
            if response.status_code in (200, 304) and not response.has_header("Cache-Control"):
                response.headers["ETag"] = etag
                response.headers["Cache-Control"] = "no-cache"
                patch_vary_headers(response, ["Accept-Encoding"])
            return response
        if response.streaming:  # it holds a snapshot open
            response.close()
    return None


def _with_version(
    view: Callable[..., HttpResponseBase], request: HttpRequest, version: int, address: dict[str, str]
) -> HttpResponseBase:
    """The page, whose footer names the version; what is not there, or not now, is of none."""
    request.version = version  # type: ignore[attr-defined]
    try:
        return view(request, version, **address)
    except (Http404, NotReady, OperationalError, InterfaceError):
        request.version = None  # type: ignore[attr-defined]
        raise


def _etag(request: HttpRequest, version: int) -> str:
    """Weak: the same page is sent compressed or not."""
    made_of = f"{version} {release()} {get_language()} {request.get_full_path()}"
    return f'W/"{hashlib.sha256(made_of.encode()).hexdigest()[:32]}"'
