"""What a program is told when it can't have what it asked for (RFC 9457)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import (
    get_language,
    get_language_from_path,
    get_language_from_request,
    gettext_lazy,
    override,
)
from django.utils.translation import gettext as _

API = "/api/"  # has one address in every language
TITLES = {
    400: gettext_lazy("Richiesta non valida"),
    404: gettext_lazy("Indirizzo non trovato"),
    405: gettext_lazy("Si può solo leggere"),
}


def problem(status: int, title: str, detail: str = "", headers: dict[str, str] | None = None) -> HttpResponse:
    """In the language that is spoken, which the address need not tell: no cache keeps it for others."""
    body = {"type": "about:blank", "title": title, "status": status} | ({"detail": detail} if detail else {})
    kind, dumping = "application/problem+json", {"ensure_ascii": False}
    said = {"Cache-Control": "no-store", "Content-Language": get_language() or "", **(headers or {})}
    return JsonResponse(body, status=status, content_type=kind, headers=said, json_dumps_params=dumping)


def language_of(request: HttpRequest) -> str:
    """In which a request is told what is wrong with it: its address's or, of the API, its reader's."""
    if request.path_info.startswith(API):
        return get_language_from_request(request)
    return get_language_from_path(request.path_info) or settings.LANGUAGE_CODE


def busy(request: HttpRequest) -> HttpResponse:
    with override(language_of(request)):
        return problem(503, _("Il catalogo non può rispondere ora"), _("Riprova tra qualche secondo."))
