"""What there is to take away, where, and how: the page of the data and that of the API."""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from catalogue.answers import public_page
from catalogue.files.rows import classification_columns, columns
from catalogue.formats import API, OF_SELECTIONS
from catalogue.linked_data.datasets import DATASET_TITLE
from catalogue.linked_data.editions import Edition, edition_of
from catalogue.linked_data.schema_org import dataset_block
from catalogue.linked_data.signposting import of_dataset, point
from catalogue.presenters.citation import Citation, cite_dataset
from initiatives import content
from initiatives.facets import FacetIndex, Selection, index_at
from initiatives.versions import Snapshot


@public_page
def data(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    index, described = index_at(snapshot), columns()
    edition = edition_of(index, snapshot.version)
    sources = dict.fromkeys(passage.source for passage in index.passages)
    variables = [(column.name, column.label, column.meaning) for column in described]
    context = {
        "found": index.find(Selection()),
        "columns": described,
        "classification_columns": classification_columns(),
        "about": {form.name: form.about for form in (*OF_SELECTIONS, API)},
        "structured": dataset_block(edition, sources, variables),
        "site": settings.PUBLIC_URL,
        "citation": citation_of_data(index, edition),
    }
    response = render(request, "data/page.html", context)
    point(response, of_dataset())
    return response


def citation_of_data(index: FacetIndex, edition: Edition) -> Citation:
    is_hashed = index.find(Selection()).total <= content.MOST_HASHED
    return cite_dataset(str(DATASET_TITLE), edition.version, edition.modified, is_hashed=is_hashed)


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
