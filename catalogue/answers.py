"""How every public page answers: of one moment of the database, with its ETag and its date, a 304 or a 503."""

import hashlib
import logging
import time
from collections.abc import Callable
from contextlib import closing
from functools import cache, wraps
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, NotSupportedError, ProgrammingError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date, parse_http_date_safe
from django.utils.translation import get_language

from catalogue.formats import preferred_form
from initiatives.facets import Overtaken
from initiatives.versions import Snapshot, known_since

# In a request's META: other readers wait until it is answered; the database must not be asked, it does not answer.
IN_A_HURRY, WITHOUT_DATABASE = "catalogue.is_in_a_hurry", "catalogue.is_without_database"
# Errors of the database's that are ours; all others, those of a damaged file too, are its own.
MISTAKES = (DataError, IntegrityError, NotSupportedError, ProgrammingError)
logger = logging.getLogger(__name__)


def _busy_page(request: HttpRequest) -> HttpResponseBase:
    return render(request, "503.html", status=503)


def unless_in_a_hurry(request: HttpRequest) -> HttpResponseBase | None:
    """For what takes long: where readers wait behind the request, an answer that asks for another time or thread.

    Asked last, when nothing but making it is left; so what a reader has already is not made.
    """
    if request.is_unchanged:  # type: ignore[attr-defined]
        return HttpResponseNotModified()
    if not request.META.get(IN_A_HURRY):
        return None
    response = _later(_busy_page, request)
    response.takes_long = True  # type: ignore[attr-defined]
    response._has_been_logged = True  # type: ignore[attr-defined]  # it is no failure
    return response


def _later(busy: Callable[[HttpRequest], HttpResponseBase], request: HttpRequest) -> HttpResponseBase:
    response = busy(request)
    response.headers["Retry-After"] = "5"
    return response


def public_page(
    view: Callable[..., HttpResponseBase],
    busy: Callable[[HttpRequest], HttpResponseBase] = _busy_page,
    is_private: Callable[[HttpRequest], bool] = lambda request: False,
) -> Callable[..., HttpResponseBase]:
    """A page made inside one snapshot of the database, which the view gets as its second argument.

    Answers 304 before anything is made; by a date, which may be anybody's, once it is known that the page is there.
    `busy` answers where the database does not. What is private is made for one reader, whom it is asked about before
    the snapshot, in which nothing can be written: a session may be over.
    """

    @wraps(view)
    def page(request: HttpRequest, **address: str) -> HttpResponseBase:
        if request.META.get(WITHOUT_DATABASE):
            return _later(busy, request)
        try:
            private = is_private(request)
            try:
                return _of_one_moment(view, request, address, private)
            except Overtaken:
                return _of_one_moment(view, request, address, private)
        except (Overtaken, DatabaseError, InterfaceError) as error:
            if isinstance(error, MISTAKES):
                raise
            logger.exception("The catalogue cannot answer")
            response = _later(busy, request)
            response.has_no_database = not isinstance(error, Overtaken)  # type: ignore[attr-defined]
            return response

    return page


def negotiated(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The page of an entry or a term, which leads to its graph whoever would rather have that.

    Nothing is looked up for it, and no condition asked: whether the thing is there, its graph's address says.
    """

    @wraps(view)
    def page(request: HttpRequest, **address: str) -> HttpResponseBase:
        request.is_negotiated = True  # type: ignore[attr-defined]
        if form := preferred_form(request.headers.get("Accept", "")[:1000]):
            thing = str(request.resolver_match and request.resolver_match.url_name).removesuffix("-detail")
            graph = reverse(f"{thing}-{form}", args=[address["slug"]])
            return HttpResponse(status=303, headers={"Location": graph})
        return view(request, **address)

    return page


def _of_one_moment(
    view: Callable[..., HttpResponseBase], request: HttpRequest, address: dict[str, str], private: bool
) -> HttpResponseBase:
    began = time.time()
    with closing(Snapshot()) as snapshot:
        etag, since = _etag(request, snapshot.version), known_since(snapshot.version)
        known = not private and "If-None-Match" not in request.headers
        request.is_unchanged = known and is_as_of(request.headers.get("If-Modified-Since", ""), since, began)  # type: ignore[attr-defined]
        unchanged = None if private else _unchanged(request, etag)
        response = unchanged or _with_version(view, request, snapshot, address)
    if request.is_unchanged and response.status_code == 200 and not response.has_header("Cache-Control"):  # type: ignore[attr-defined]
        for close in response._resource_closers:  # type: ignore[attr-defined]  # its `close` would end the request
            close()
        response = HttpResponseNotModified()
    if private:
        response.headers["Cache-Control"] = "private, no-store"
    elif response.status_code in (200, 304) and not response.has_header("Cache-Control"):
        response.headers["ETag"] = etag
        # Asked again each time; where nobody answers, a page an hour old is better than none.
        response.headers["Cache-Control"] = "max-age=0, stale-if-error=3600"
        if not snapshot.lacks_words:
            response.version = snapshot.version  # type: ignore[attr-defined]
            if since <= began:
                response.headers["Last-Modified"] = http_date(since)
        patch_vary_headers(response, ["Accept-Encoding"])
    elif response.status_code in (301, 410):  # caches would keep these for ever: what moved or went may be back
        response.headers.setdefault("Cache-Control", "no-cache")
    return response


def is_as_of(date: str, since: int, now: float) -> bool:
    """Whether what was read at this date is what there is `since` then; one of a clock ahead of ours tells nothing."""
    read = parse_http_date_safe(date) if date else None
    return read is not None and since <= read <= now


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
    except (Http404, Overtaken, DatabaseError, InterfaceError):
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
    names += ["PUBLISHER_NAME", "PUBLISHER_URL", "PUBLISHER_IPA", "PUBLISHER_TYPE", "DATA_LICENCE"]
    digest = hashlib.sha256("\n".join(getattr(settings, name) for name in names).encode())
    folders = ("catalogue", "initiatives", "taxonomy", "templates", "static")
    files = [root / "pyproject.toml", *(path for folder in folders for path in sorted((root / folder).rglob("*")))]
    for path in files:
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
