"""What a page cannot be faster than: a Django view that says hello, without middleware, and a bare WSGI function."""

import sys
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

BODY = b"Hello, world"


def bare(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/html")])
    return [BODY]


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse(BODY)


urlpatterns = [path("", hello)]


def view(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    return _django(environ, start_response)


if not settings.configured:
    settings.configure(ROOT_URLCONF=__name__, SECRET_KEY="hello", ALLOWED_HOSTS=["127.0.0.1"], MIDDLEWARE=[])
from django.core.wsgi import get_wsgi_application  # noqa: E402

_django = get_wsgi_application()

if __name__ == "__main__":
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    Granian(
        f"tests.benchmarks.hello:{sys.argv[1]}",
        address="127.0.0.1",
        port=int(sys.argv[2]),
        interface=Interfaces.WSGI,
        blocking_threads=1,
        http=HTTPModes.http1,
        log_level=LogLevels.warning,
    ).serve()
