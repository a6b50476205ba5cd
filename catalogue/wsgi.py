import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "catalogue.settings")
_django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django reads addresses and forms in the charset that the sender names; ours are in UTF-8, whatever it says."""
    kind, _, parameters = environ.get("CONTENT_TYPE", "").partition(";")
    if environ["REQUEST_METHOD"] != "POST" or "charset" in parameters.lower() or "*" in parameters:
        environ["CONTENT_TYPE"] = kind
    return _django(environ, start_response)
