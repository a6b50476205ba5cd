import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from catalogue.problems import API, TITLES, language_of, problem

# `data:` pictures and the `data:` font are those in the theme's own stylesheet. Nothing inline, nothing from elsewhere.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALLOWED = "GET, HEAD"  # of public pages
EXPOSED = "ETag, Link, Content-Disposition"  # what a script of another site may read beside what it always may
# Whoever asks beforehand, as browsers do for a script that sends If-None-Match; they know it for a day.
PREFLIGHT = {
    "Allow": ALLOWED,
    "Access-Control-Allow-Methods": ALLOWED,
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": str(24 * 3600),
}
_FOR_PROGRAMS = re.compile(rf"{API}|.*(/feed/|\.\w+)\Z")  # the addresses of the API, of files and of feeds
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def security_headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The headers that Django's own SecurityMiddleware does not know; no cookies but the editors'."""

    def middleware(request: HttpRequest) -> HttpResponse:
        # Until the address has said which, not the language that this thread spoke last.
        with translation.override(settings.LANGUAGE_CODE):
            response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not is_editorial(request):
            # Django answers a malformed cookie with a new one; a public page says nothing to a cookie.
            response.cookies.clear()
            if response.has_header("Vary"):
                response.headers["Vary"] = "Accept-Encoding"
            if getattr(request, "is_negotiated", False):
                patch_vary_headers(response, ["Accept"])
            if response.has_header("Allow"):
                response.headers["Allow"] = ALLOWED
            is_page = response.headers.get("Content-Type", "text/html").startswith("text/html")
            if not is_page or response.status_code == 303 or _FOR_PROGRAMS.match(request.path_info):
                # Files and answers of the API are anybody's to use, other sites' pages included; where they lead too.
                response.headers["Access-Control-Allow-Origin"] = "*"
                response.headers["Access-Control-Expose-Headers"] = EXPOSED
                response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return middleware


def read_only(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Public pages are only read; refused here, a request's body is never waited for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD") or is_editorial(request):
            return get_response(request)
        if request.method == "OPTIONS" and _FOR_PROGRAMS.match(request.path_info):
            answer = HttpResponse(status=204, headers=PREFLIGHT)
            del answer.headers["Content-Type"]
            return answer
        with translation.override(language_of(request)):
            return problem(405, str(TITLES[405]), ALLOWED, headers={"Allow": ALLOWED})

    return middleware


def refusing_in_readers_language(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """What the API answers is the same for everybody; what it refuses is said again in its reader's language."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not request.path_info.startswith(API) or response.status_code not in range(400, 500):
            return response
        language = language_of(request)
        if language == translation.get_language():
            return response
        with translation.override(language):
            return get_response(request)

    return middleware


def is_editorial(request: HttpRequest) -> bool:
    return request.path_info.startswith(reverse("admin:index"))


class PathLocaleMiddleware(LocaleMiddleware):
    """The address alone decides the language, so no `Vary: Accept-Language` splits the caches.

    The editors' pages, which nobody keeps, have one address each and the language that their reader has chosen.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if is_editorial(request) and chosen in dict(settings.LANGUAGES):
            translation.activate(str(chosen))
            request.LANGUAGE_CODE = str(chosen)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Content-Language", translation.get_language() or "")
        return response
