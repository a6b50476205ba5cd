"""The API in OpenAPI, with the values and the answers that there are today: made anew for each version."""

import json
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import override
from drf_spectacular.generators import SchemaGenerator
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from catalogue.answers import public_page
from catalogue.api import views
from catalogue.api.serializers import ChangesSerializer, PassagesSerializer
from catalogue.problems import busy
from catalogue.query import value_labels
from catalogue.rights import publisher, signature
from initiatives.facets import FACETS, Selection, index_at
from initiatives.models import Initiative, PublicChange, passages_with_ties, vocabularies
from initiatives.versions import Snapshot

ROOT = str(settings.SPECTACULAR_SETTINGS["SCHEMA_PATH_PREFIX"])
SOMETIMES = {"Problem": {"detail"}, "TermTexts": {"from_introduction"}}  # what not all objects have
SHOWN = 2  # values of a list in an example


@override(settings.LANGUAGE_CODE)  # which it answers in, whatever the page that shows it
def openapi(snapshot: Snapshot) -> dict[str, Any]:
    with override("en"):  # as all the rest of it is: what `editorial` means too
        description = _exact(SchemaGenerator(urlconf="catalogue.api.urls").get_schema(public=True))
    for name, kind in description["components"]["schemas"].items():
        if "properties" in kind:  # an answer has all of them, those with a default too
            kind["required"] = sorted(set(kind["properties"]) - SOMETIMES.get(name, set()))
    description["servers"] = [_server()]
    description["security"] = []  # anybody may ask
    description["info"] |= _info()
    terms, examples = vocabularies(), _examples(snapshot)
    known = {facet: list(value_labels(facet, terms)) for facet in FACETS}
    for methods in description["paths"].values():
        _complete(methods["get"], known, examples)
    return description


def _complete(operation: dict[str, Any], known: dict[str, list[str]], examples: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "query":
            parameter["allowEmptyValue"] = True  # forms send them; they stand for the default
        elif "initiative" in examples:
            parameter["example"] = examples["initiative"]["id"]
        if parameter["name"] in known:
            parameter["schema"]["items"]["enum"] = known[parameter["name"]]
    (answer,) = operation["responses"]["200"]["content"].values()
    if operation["operationId"] in examples:
        answer["example"] = examples[operation["operationId"]]


@partial(public_page, busy=busy)
def schema(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    return JsonResponse(openapi(snapshot), json_dumps_params={"ensure_ascii": False})


def _server() -> dict[str, Any]:
    is_trial = {} if settings.PUBLIC_URL.startswith("https:") else {"x-sandbox": True}
    return {"url": settings.PUBLIC_URL + ROOT, "description": "The catalogue itself; there is no other.", **is_trial}


def _info() -> dict[str, Any]:
    contact = {"name": str(publisher()), "url": settings.PUBLIC_URL + reverse("about")}
    if settings.CONTACT_EMAIL:
        contact["email"] = settings.CONTACT_EMAIL
    return {
        "x-api-id": "catalogo-innovazione-sociale",
        "x-summary": "Social-innovation initiatives of the Italian regions, POR FSE 2014-2020, and their sources",
        "termsOfService": settings.PUBLIC_URL + reverse("data") + "#licenza",
        "license": {"name": signature().licence_name or "Not stated, therefore unknown", "url": settings.DATA_LICENCE},
        "contact": contact,
    }


def _exact(node: Any) -> Any:
    """With what the framework leaves out.

    How large a number may be, as the Italian interoperability guidelines ask; and that what refers to an object may be
    null instead, which `nullable` beside an `allOf` does not say.
    """
    if isinstance(node, list):
        return [_exact(value) for value in node]
    if not isinstance(node, dict):
        return node
    if node.get("nullable") and "allOf" in node:
        return {"oneOf": [*node["allOf"], {"enum": [None]}]}
    sized = {"format": "int32"} if node.get("type") == "integer" else {}
    return sized | {name: _exact(value) for name, value in node.items() if name != "x-spec-enum-id"}


def _examples(snapshot: Snapshot) -> dict[str, Any]:
    """What each resource answers whoever asks for nothing in particular, by operation; long lists are cut."""
    request = Request(HttpRequest())
    plain = ("index", "initiatives", "categories", "objectives", "sectors", "matrix")
    answers = {name: getattr(views, name).answer(request, snapshot).data for name in plain}
    if entries := answers["initiatives"]["results"]:
        answers["initiative"] = entries[0]
    # Of what is there: nobody looks here for what was withdrawn.
    changes = list(PublicChange.objects.of_what_is_there().latest_first().with_withdrawals()[:SHOWN])
    told = {"count": len(changes), "next": None, "previous": None, "results": list(map(views.told, changes))}
    answers["changes"] = ChangesSerializer(told).data
    # The words of the first entry, which others may come from too: to read them all would take long.
    first = Initiative.objects.filter(pk__in=index_at(snapshot).find(Selection()).ids[:1])
    passages = passages_with_ties(first).filter(initiatives__in=first)[:1]
    answers["passages"] = PassagesSerializer({"count": len(passages), "results": passages}).data
    plainly = json.loads(JSONRenderer().render(answers))
    return {name: answer if name == "matrix" else _cut(answer) for name, answer in plainly.items()}


def _cut(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _cut(value) for name, value in node.items()}
    return [_cut(value) for value in node[:SHOWN]] if isinstance(node, list) else node
