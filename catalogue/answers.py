"""How every public page answers: of one moment of the database, with its ETag, a 304 or a 503."""

import gzip
import hashlib
import logging
from collections.abc import Callable
from contextlib import closing
from functools import cache, wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware, re_accepts_gzip
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.decorators import decorator_from_middleware
from django.utils.translation import get_language

from initiatives.facets import Overtaken
from initiatives.versions import Snapshot

logger = logging.getLogger(__name__)


class _Packing(GZipMiddleware):
    """Django's at gzip's best, without the length at random that hides secrets: nothing secret is on a public page.

    So it is of these pages alone, and no middleware of all.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        accepts = re_accepts_gzip.search(request.headers.get("Accept-Encoding", ""))
        if accepts and isinstance(response, HttpResponse) and len(response.content) >= 200:
            response.content = gzip.compress(response.content, mtime=0)
            response.headers["Content-Encoding"] = "gzip"
            response.headers["Content-Length"] = str(len(response.content))
            patch_vary_headers(response, ["Accept-Encoding"])
        return super().process_response(request, response)


_packing: Callable[..., Any] = decorator_from_middleware(_Packing)


def _busy_page(request: HttpRequest) -> HttpResponseBase:
    return render(request, "503.html", status=503)


def public_page(
    view: Callable[..., HttpResponseBase], busy: Callable[[HttpRequest], HttpResponseBase] = _busy_page
) -> Callable[..., HttpResponseBase]:
    """A page made inside one snapshot of the database, which the view gets as its second argument.

    Answers 304 before anything is made. `busy` answers where the database does not.
    """

    @_packing
    @wraps(view)
    def page(request: HttpRequest, **address: str) -> HttpResponseBase:
        try:
            try:
                return _of_one_moment(view, request, address)
            except Overtaken:
                return _of_one_moment(view, request, address)
        except (Overtaken, OperationalError, InterfaceError):
            logger.exception("The catalogue cannot answer")
        response = busy(request)
        response.headers["Retry-After"] = "5"
        return response

    return page


def _of_one_moment(
    view: Callable[..., HttpResponseBase], request: HttpRequest, address: dict[str, str]
) -> HttpResponseBase:
    with closing(Snapshot()) as snapshot:
        etag = _etag(request, snapshot.version)
        response = _unchanged(request, etag) or _with_version(view, request, snapshot, address)
    if response.status_code in (200, 304) and not response.has_header("Cache-Control"):
        response.headers["ETag"] = etag
        response.headers["Cache-Control"] = "no-cache"
        patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _unchanged(request: HttpRequest, etag: str) -> HttpResponseBase | None:
    """A 304, if that is the answer."""
    # `*` asks for a 304 if the page exists, which only the view can tell.
    if request.headers.get("If-None-Match", "*") == "*":
        return None
    response = get_conditional_response(request, etag=etag)
    # Django also answers If-Match and the like, which are for those who write: nobody writes here.
    return response if response and response.status_code == 304 else None


def _with_version(
    view: Callable[..., HttpResponseBase], request: HttpRequest, snapshot: Snapshot, address: dict[str, str]
) -> HttpResponseBase:
    """The page, whose footer names the version; what is not there, or not now, is of none."""
    request.version = snapshot.version  # type: ignore[attr-defined]
    try:
        return view(request, snapshot, **address)
    except (Http404, Overtaken, OperationalError, InterfaceError):
        request.version = None  # type: ignore[attr-defined]
        raise


def _etag(request: HttpRequest, version: int) -> str:
    """Weak: the same page is sent compressed or not."""
    made_of = f"{version} {release()} {get_language()} {request.get_full_path()}"
    return f'W/"{hashlib.sha256(made_of.encode()).hexdigest()[:32]}"'


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
