"""What a program is told when it can't have what it asked for (RFC 9457)."""

from collections.abc import Callable, Iterable
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from initiatives import facets
from initiatives.filters import Ignored, read

MOST_NAMED = 20


def problem(status: int, title: str, detail: str = "", headers: dict[str, str] | None = None) -> HttpResponse:
    body = {"type": "about:blank", "title": title, "status": status} | ({"detail": detail} if detail else {})
    kind, dumping = "application/problem+json", {"ensure_ascii": False}
    return JsonResponse(body, status=status, content_type=kind, headers=headers, json_dumps_params=dumping)


def not_understood(ignored: Iterable[Ignored]) -> HttpResponse:
    """A file or a program never gets more than it asked for: what is not understood is refused."""
    named = [f"{item.parameter}={item.value}: {item.reason}" for item in ignored][:MOST_NAMED]
    return problem(400, _("Una parte dell’indirizzo non si capisce"), "; ".join(named))


def strictly(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Gives a view of one version the catalogue and the selection of its query string, if all of that is understood."""

    @wraps(view)
    def refusing(request: HttpRequest, version: int, **address: str) -> HttpResponseBase:
        catalogue = facets.at(version)
        selection, ignored = read(request.GET, catalogue.terms)
        return not_understood(ignored) if ignored else view(request, catalogue, selection, version, **address)

    return refusing


def busy(request: HttpRequest) -> HttpResponse:
    return problem(503, _("Il catalogo non può rispondere ora"), _("Riprova tra qualche secondo."))
