"""How the API uses REST framework: reading alone, every error a problem."""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.views import exception_handler

from catalogue.answers import public_page
from catalogue.api.description import ALWAYS, PROBLEMS, problems
from catalogue.problems import busy, problem
from catalogue.query import not_understood, unknown


def as_problem(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """REST framework's errors in the one form that this API has; what it does not know is not its own."""
    if isinstance(error, SuspiciousOperation):  # a query string that Django refuses to read
        return problem(400, _("Alcuni filtri dell’indirizzo non sono validi"), str(error))
    known = exception_handler(error, context)
    return known and problem(known.status_code, known.status_text, str(error))


def resource(
    name: str, answer: type[serializers.Serializer], parameters: Iterable[OpenApiParameter] = ()
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """An address of the API: read only, of one version, described by its docstring."""

    def as_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def strict(request: Request, *args: Any, **address: str) -> HttpResponseBase:
            ignored = [] if parameters else unknown(request.query_params)
            return not_understood(ignored) if ignored else view(request, *args, **address)

        describe = extend_schema(
            operation_id=name, parameters=[*parameters, *ALWAYS], responses={200: answer, **problems(PROBLEMS)}
        )
        return public_page(describe(api_view(["GET", "HEAD"])(strict)), busy=busy)

    return as_page
