"""A dossier for a meeting: a page that prints, and the same as a Word file."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from catalogue.answers import public_page, unless_in_a_hurry
from catalogue.dossier.contents import MOST, SHEET, compile_dossier
from catalogue.files.names import file_name, named
from catalogue.query import not_understood, part_choices, query_of, read_dossier
from initiatives.facets import Selection, index_at
from initiatives.versions import Snapshot, moment_of

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
QUICK = 50  # entries that a reader who waits for another page can wait for too


@public_page
def dossier(request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    index = index_at(snapshot)
    asked, parts = read_dossier(request.GET, index)
    selection, query = asked.selection, _query(asked.selection, parts)
    context: dict[str, Any] = {
        "ignored": asked.ignored,
        "canonical_query": query,
        "list": reverse("initiative-list") + selection.query,
    }
    if (total := index.find(selection).total) > MOST:
        return _too_long(request, selection, total, **context)
    if total > QUICK and (later := unless_in_a_hurry(request)):
        return later
    shown = parts or SHEET
    choices = [(name, label, name in shown) for name, label in part_choices()]
    context |= {
        "dossier": compile_dossier(index, selection, shown, snapshot.version),
        "choices": choices,
        "kept": selection.pairs,
        "sheet": _query(selection, ()),
        "is_sheet": shown == SHEET,
        "whole": _query(selection, [name for name, _label in part_choices()]),
        "is_whole": len(shown) == len(choices),
        "word": reverse("dossier-docx") + query,
    }
    return render(request, "dossier/page.html", context)


@public_page
def dossier_file(request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    index = index_at(snapshot)
    asked, parts = read_dossier(request.GET, index)
    selection = asked.selection
    if asked.ignored:
        return not_understood(asked.ignored)
    if (total := index.find(selection).total) > MOST:
        return _too_long(request, selection, total)
    if later := unless_in_a_hurry(request):  # its picture takes half a second
        return later
    from catalogue.dossier.word import as_docx  # 18 MB of a worker's memory, for the few who ask for this file

    made = compile_dossier(index, selection, parts or SHEET, snapshot.version)
    file = as_docx(made, get_language() or settings.LANGUAGE_CODE, moment_of(snapshot.version))
    name = file_name(request.path, selection, index.terms, snapshot.version)
    return named(FileResponse(file, content_type=WORD), name)


def _too_long(request: HttpRequest, selection: Selection, total: int, **context: Any) -> HttpResponse:
    told = {"total": total, "most": MOST, "query": selection.query}
    return render(request, "dossier/too_long.html", context | told, status=400)


def _query(selection: Selection, parts: Sequence[str]) -> str:
    return query_of([*selection.pairs, *(("part", name) for name in parts)])
