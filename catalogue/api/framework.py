"""How the API uses REST framework: reading alone, every error a problem."""

from collections.abc import Callable, Collection, Mapping
from functools import wraps
from typing import Any

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.views import exception_handler

from catalogue.answers import public_page
from catalogue.api.description import ALWAYS, MOVED, UNCHANGED, problems
from catalogue.problems import TITLES, busy, problem
from catalogue.query import not_understood, unknown


def as_problem(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """REST framework's errors in the one form that this API has; what it does not know is not its own."""
    if isinstance(error, TooManyFieldsSent):  # a query string that Django refuses to read
        return problem(400, str(TITLES[400]), _("L’indirizzo ha troppi parametri."))
    known = exception_handler(error, context)
    return known and problem(known.status_code, str(TITLES.get(known.status_code, known.status_text)), str(error))


def resource(
    name: str,
    summary: str,
    tag: str,
    serializer: type[serializers.Serializer],
    parameters: Collection[OpenApiParameter] = (),
    refusals: Collection[int] = (),
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """An address of the API: read only, of one version, described by its docstring. Its `answer` is the bare view."""
    takes_query = any(parameter.location == OpenApiParameter.QUERY for parameter in parameters)

    def as_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def strict(request: Request, *args: Any, **address: str) -> HttpResponseBase:
            ignored = [] if takes_query else unknown(request.query_params)
            return not_understood(ignored) if ignored else view(request, *args, **address)

        describe = extend_schema(
            operation_id=name,
            summary=summary,
            tags=[tag],
            parameters=[*parameters, *ALWAYS],
            responses={
                200: OpenApiResponse(serializer, f"{summary}."),
                **({301: MOVED} if 410 in refusals else {}),  # what may be withdrawn may move
                304: UNCHANGED,
                **problems(400, *refusals, 503),
            },
        )
        page = public_page(describe(api_view(["GET", "HEAD"])(strict)), busy=busy)
        page.answer = view  # type: ignore[attr-defined]
        return page

    return as_page
