"""What a program is told when it can't have what it asked for (RFC 9457)."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _


def problem(status: int, title: str, detail: str = "", headers: dict[str, str] | None = None) -> HttpResponse:
    body = {"type": "about:blank", "title": title, "status": status} | ({"detail": detail} if detail else {})
    kind, dumping = "application/problem+json", {"ensure_ascii": False}
    return JsonResponse(body, status=status, content_type=kind, headers=headers, json_dumps_params=dumping)


def busy(request: HttpRequest) -> HttpResponse:
    return problem(503, _("Il catalogo non può rispondere ora"), _("Riprova tra qualche secondo."))
