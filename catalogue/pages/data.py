"""What there is to take away, where, and how: the page of the data and that of the API."""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from catalogue.answers import public_page
from catalogue.files.rows import columns
from catalogue.linked_data.dcat import DATASET_TITLE
from initiatives import content
from initiatives.facets import Selection, index_at
from initiatives.versions import Snapshot, moment_of, name_of


@public_page
def data(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    found, version = index_at(snapshot).find(Selection()), snapshot.version
    hashed = found.total <= content.MOST_HASHED
    context = {
        "found": found,
        "columns": columns(),
        "site": settings.PUBLIC_URL,
        "content": content.of_catalogue(version) if hashed else name_of(version),
        "address": settings.PUBLIC_URL + reverse("data"),
        "whole": DATASET_TITLE,
        "hashed": hashed,
        "changed": moment_of(version),
    }
    return render(request, "data/page.html", context)


@public_page
def api_page(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    from catalogue.api.openapi import ROOT, openapi  # with a framework that no other page needs

    api = openapi(snapshot)
    operations = {ROOT + path: methods["get"] for path, methods in api["paths"].items()}
    answers = {path: operation["responses"]["200"]["content"] for path, operation in operations.items()}
    context = {
        "api": api,
        "operations": operations,
        "examples": {
            path: json.dumps(answer["example"], ensure_ascii=False, indent=2)
            for path, content in answers.items()
            for answer in content.values()
            if "example" in answer
        },
        "site": settings.PUBLIC_URL,
    }
    return render(request, "data/api.html", context)
