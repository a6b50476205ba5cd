"""The addresses under which a selection is taken away: all that its page counts, in its order, of one version."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC
from functools import partial
from io import BytesIO
from textwrap import shorten
from typing import IO, Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from rdflib import Graph

from catalogue.answers import public_page, unless_in_a_hurry
from catalogue.files.names import file_name, named
from catalogue.files.records import Records
from catalogue.files.rows import classification_rows, columns, coverage_rows, initiative_rows, matrix_rows
from catalogue.files.writers import Note, as_csv, as_json, as_xlsx
from catalogue.formats import CLASSIFICATIONS, CSV, GRAPHS, JSON, TURTLE, XLSX, Format
from catalogue.linked_data.dcat import catalogue_graph
from catalogue.linked_data.signposting import of_description, of_file, point
from catalogue.linked_data.turtle import as_turtle
from catalogue.presenters.about import About, about_selection
from catalogue.presenters.cards import batches_of_cards
from catalogue.presenters.coverage import cover
from catalogue.presenters.text import in_xml
from catalogue.query import Asked, not_understood, strictly, unknown
from catalogue.rights import publisher
from catalogue.workbench.matrix import cross
from catalogue.workbench.selection import present_sentence
from initiatives.facets import FacetIndex, Selection, index_at
from initiatives.versions import Snapshot, moment_of

BLOCK = 64 * 1024  # characters sent at once
LONGEST_PROPERTY = 255  # letters, in Excel
MOST_AT_ONCE = 10_000  # entries: a larger file is sent while it is made

# How each form of text is written: of what it says of itself, of its own address and of the entries.
TEXTS: dict[Format, Callable[[About, str, FacetIndex, Sequence[int]], Iterator[str]]] = {
    CSV: lambda about, address, index, ids: as_csv(initiative_rows(Records(index).of(ids))),
    CLASSIFICATIONS: lambda about, address, index, ids: as_csv(classification_rows(Records(index).classified(ids))),
    JSON: lambda about, address, index, ids: as_json(about, columns(), Records(index).of(ids)),
    TURTLE: lambda about, address, index, ids: as_turtle(about, address, batches_of_cards(index, ids)),
}


@public_page
@partial(strictly, is_whole=True)
def selection_file(
    request: HttpRequest, snapshot: Snapshot, index: FacetIndex, asked: Asked, form: Format
) -> HttpResponseBase:
    selection = asked.selection
    name = file_name(request.path, selection, index.terms, snapshot.version)
    ids = index.all_of(selection)
    if len(ids) > MOST_AT_ONCE:  # what is sent while it is made may break off: no date says that somebody has it
        request.is_unchanged = False  # type: ignore[attr-defined]
    if form.most and len(ids) > form.most:
        context = {"query": selection.query, "total": len(ids), "most": form.most, "file": form.title}
        return render(request, "data/too_many.html", context, status=400)
    if request.method == "HEAD":
        return taken(StreamingHttpResponse(content_type=form.content_type), name, form)  # of no known length
    if len(ids) > form.quick and (later := unless_in_a_hurry(request)):
        return later
    sentence = present_sentence(selection, index.terms)
    about = about_selection(reverse("initiative-list") + selection.query, len(ids), snapshot.version, sentence)
    if form is XLSX:
        dictionary = [(column.label, column.meaning) for column in columns()]
        notes = (_("Selezione"), _notes(about)), (_("Dizionario"), dictionary)
        file = as_xlsx(
            _("Schede"), initiative_rows(Records(index).of(ids)), *notes, properties=_properties(about, snapshot)
        )
        return taken(FileResponse(file, content_type=form.content_type), name, form)
    pieces = TEXTS[form](about, settings.PUBLIC_URL + request.path + selection.query, index, ids)
    if len(ids) <= MOST_AT_ONCE:
        return taken(HttpResponse("".join(pieces), content_type=form.content_type), name, form)
    # It may yet fail half-way: no cache keeps it.
    headers = {"Content-Type": form.content_type, "Cache-Control": "no-store"}
    return taken(StreamingHttpResponse(Blocks(pieces, snapshot.hand_over()), headers=headers), name, form)


def taken(response: HttpResponseBase, name: str, form: Format | None = None) -> HttpResponseBase:
    """To be kept under this name, as a part of the data."""
    point(response, of_file(form))
    return named(response, name)


def _notes(about: About) -> list[Note]:
    return [(fact.label, fact.value) for fact in about.facts]


def _properties(about: About, snapshot: Snapshot) -> dict[str, Any]:
    """What a spreadsheet says of itself before it is opened; of the version's moment, so that the same is the same."""
    return {
        "title": _("Catalogo dell’innovazione sociale"),
        "subject": shorten(in_xml(about.selection), LONGEST_PROPERTY, placeholder="…"),
        "author": str(publisher()),
        "created": moment_of(snapshot.version).astimezone(UTC),
    }


@public_page
@partial(strictly, is_whole=True, is_crossed=True)
def matrix_file(
    request: HttpRequest, snapshot: Snapshot, index: FacetIndex, asked: Asked, form: Format
) -> HttpResponseBase:
    axes, selection = asked.axes, asked.selection.without("order")
    matrix = cross(index, selection, axes)
    rows = matrix_rows(matrix, axes)
    if form is CSV:
        file: IO[bytes] = BytesIO("".join(as_csv(rows)).encode())
    else:
        address = reverse("matrix") + axes.query(selection)
        about = about_selection(address, matrix.found.total, snapshot.version, present_sentence(selection, index.terms))
        twice = _("Come si conta"), _("Una scheda con due valori sta in due celle e una volta nei totali.")
        empty = _("Celle a zero"), matrix.empty_cells
        selected = _("Selezione"), [*_notes(about), twice, empty]
        file = as_xlsx(_("Tabella incrociata"), rows, selected, properties=_properties(about, snapshot))
    name = file_name(request.path, selection, index.terms, snapshot.version, axes)
    return taken(FileResponse(file, content_type=form.content_type), name)


@public_page
def coverage_file(request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    if ignored := unknown(request.GET):
        return not_understood(ignored)
    pieces = as_csv(coverage_rows(cover(index_at(snapshot))))
    name = file_name(request.path, Selection(), {}, snapshot.version)
    return taken(HttpResponse("".join(pieces), content_type=CSV.content_type), name)


@public_page
def catalogue_file(request: HttpRequest, snapshot: Snapshot, form: str) -> HttpResponse:
    """One graph in every form, its texts in both languages: so it has one address, outside those of either."""
    if ignored := unknown(request.GET):
        return not_understood(ignored)
    return as_graph(catalogue_graph(index_at(snapshot), snapshot.version), form)


def as_graph(graph: Graph, form: str, page: str = "") -> HttpResponse:
    """Of what the page of this address speaks of; of all data, without one."""
    name, content_type = GRAPHS[form]
    response = HttpResponse(graph.serialize(format=name, auto_compact=True), content_type=content_type)
    response.headers["Content-Language"] = ", ".join(dict(settings.LANGUAGES))
    point(response, of_description(page))
    return response


class Blocks:
    """Joins small pieces into larger ones; closes what they come from, also when the reader goes away."""

    def __init__(self, pieces: Iterator[str], close: Callable[[], None]) -> None:
        self.pieces, self.close, self.language = pieces, close, get_language()

    def __iter__(self) -> Iterator[str]:
        block, size = [], 0
        with override(self.language):  # the request that was in this language is over
            try:
                for piece in self.pieces:
                    block.append(piece)
                    size += len(piece)
                    if size >= BLOCK:
                        yield "".join(block)
                        block, size = [], 0
            except Exception:
                # Whatever it is, it goes on up, where the door breaks the answer off. But not everything that takes
                # files says so: that nobody takes a part for all of it, the last line says what it is.
                yield "\n" + _("FILE INCOMPLETO: qualcosa non ha funzionato mentre si scriveva. Scaricalo di nuovo.")
                raise
            yield "".join(block)
