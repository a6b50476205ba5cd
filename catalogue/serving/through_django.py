"""One request through Django, on a thread of the worker's."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from django.core.wsgi import get_wsgi_application
from django.http.response import HttpResponseBase

from catalogue.access.addresses import is_stranger
from catalogue.serving.kept import LARGEST, Answer, Headers

_django = get_wsgi_application()


def environ_of(scope: dict[str, Any], body: bytes = b"") -> dict[str, Any]:
    """What WSGI calls a request, of what ASGI calls one."""
    host, port = scope["server"] or ("", None)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or ""),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": scope["client"][0] if scope["client"] else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    is_believed = not is_stranger(environ["REMOTE_ADDR"])
    for name, value in scope["headers"]:
        if b"_" in name:  # could pass for another, with a dash, that the proxy in front sets
            continue
        if name.startswith(b"x-forwarded-") and not is_believed:
            continue
        key, text = name.decode("latin-1").upper().replace("-", "_"), value.decode("latin-1")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        environ[key] = f"{environ[key]}{';' if key == 'HTTP_COOKIE' else ','}{text}" if key in environ else text
    environ["CONTENT_LENGTH"] = str(len(body))
    # Django reads addresses and forms in the charset that the sender names; ours are in UTF-8, whatever it says.
    kind, _, parameters = environ.get("CONTENT_TYPE", "").partition(";")
    if environ["REQUEST_METHOD"] != "POST" or "charset" in parameters.lower() or "*" in parameters:
        environ["CONTENT_TYPE"] = kind
    return environ


@lru_cache(maxsize=200)  # most are every answer's: those kept share them
def _header(name: str, value: str) -> tuple[bytes, bytes]:
    return name.lower().encode("latin-1"), value.encode("latin-1")


@contextmanager
def answered(environ: dict[str, Any]) -> Iterator[tuple[int, Headers, HttpResponseBase]]:
    """Status, headers and Django's own response, closed when it was read."""
    head: list[tuple[str, list[tuple[str, str]]]] = []

    def begin(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
        head.append((status, headers))
        return lambda piece: None

    response = _django(environ, begin)
    try:
        status, said = head[0]
        headers = (_header(name, value) for name, value in said)
        length = b"content-length"  # said again of what is sent
        yield int(status.split()[0]), tuple(header for header in headers if header[0] != length), response
    finally:
        response.close()


@dataclass(frozen=True)
class Made:
    """`takes_long`: the answer says only that another time would be better, unless there is a thread for long files.

    `has_no_database`: it says that the database did not answer.
    """

    answer: Answer
    takes_long: bool = False
    has_no_database: bool = False


def make(environ: dict[str, Any], encoding: str) -> Made:
    with answered(environ) as (status, headers, response):
        body = b"".join(response)
        version = getattr(response, "version", None) if len(body) <= LARGEST else None
        answer = Answer(status, headers, body, version)
        told = (getattr(response, name, False) for name in ("takes_long", "has_no_database"))
        return Made(answer.packed(encoding), *told)
