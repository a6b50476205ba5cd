"""The addresses under which a selection is taken away: all that its page counts, in its order, of one version."""

from collections.abc import Iterator

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from initiatives import exports, facets, presenters, versions
from initiatives.exports import About
from initiatives.filters import read
from initiatives.matrix import cross, read_axes
from initiatives.models import Passage
from initiatives.problems import not_understood
from initiatives.selection import Selection
from initiatives.versions import Snapshot, public_page

BLOCK = 64 * 1024  # characters sent at once
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "classifications": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@public_page
def selection_file(request: HttpRequest, version: int, kind: str) -> HttpResponseBase:
    catalogue = facets.at(version)
    selection, ignored = read(request.GET, catalogue.terms)
    if ignored:
        return not_understood(ignored)
    total, name = catalogue.find(selection).total, request.path.rsplit("/", 1)[-1]
    if kind == "xlsx" and total > exports.MOST_IN_XLSX:
        context = {"query": selection.query, "total": total, "most": exports.MOST_IN_XLSX}
        return render(request, "initiatives/too_many.html", context, status=400)
    if request.method == "HEAD":
        return HttpResponse(content_type=KINDS[kind])
    ids = catalogue.all_of(selection)  # a search may have words to write: not in the snapshot
    about = described(selection, total, version, presenters.present_sentence(selection, catalogue.terms))
    shown = exports.entries(catalogue, ids, catalogue.terms)
    snapshot = Snapshot()  # last: whatever fails before leaves none open
    if kind == "xlsx":
        try:
            notes = (_("Selezione"), about), (_("Dizionario"), exports.columns())
            file = exports.as_xlsx(_("Voci"), exports.initiative_rows(shown), *notes)
        finally:
            snapshot.close()
        return FileResponse(file, as_attachment=True, filename=name, content_type=KINDS[kind])
    if kind == "json":
        pieces = exports.as_json(about, shown)
    else:
        rows = exports.initiative_rows(shown) if kind == "csv" else exports.classification_rows(shown)
        pieces = exports.as_csv(rows)
    response = StreamingHttpResponse(Blocks(pieces, snapshot), content_type=KINDS[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@public_page
def matrix_file(request: HttpRequest, version: int, kind: str) -> HttpResponseBase:
    catalogue = facets.at(version)
    axes, rest, ignored = read_axes(request.GET)
    selection, more = read(rest, catalogue.terms)
    if ignored or more:
        return not_understood(ignored + more)
    crossed, name = cross(catalogue, selection, axes, catalogue.terms), request.path.rsplit("/", 1)[-1]
    rows = exports.matrix_rows(crossed, axes)
    if kind == "csv":
        response = HttpResponse("".join(exports.as_csv(rows)), content_type=KINDS[kind])
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    about = described(selection, crossed.total, version, presenters.present_sentence(selection, catalogue.terms))
    counted = About(
        "counted", _("Come si conta"), _("Una voce con due valori sta in due celle e una volta nei totali.")
    )
    file = exports.as_xlsx(_("Matrice"), rows, (_("Selezione"), [*about, counted]))
    return FileResponse(file, as_attachment=True, filename=name, content_type=KINDS[kind])


def described(selection: Selection, total: int, version: int, sentence: SafeString) -> list[About]:
    """What a file says of itself."""
    by_section = _("Il documento classifica per sezione, non voce per voce; ogni attribuzione porta la sua base.")
    return [
        About("selection", _("Voci scelte"), presenters.as_text(sentence)),
        About("count", _("Quante"), str(total)),
        About("address", _("Indirizzo"), settings.PUBLIC_URL + reverse("initiative-list") + selection.query),
        About("version", _("Versione"), versions.name(version)),
        About("changed", _("Ultima modifica dell’archivio"), f"{versions.changed(version):%Y-%m-%d}"),
        About("licence", _("Licenza dei dati"), _("La licenza del documento non è nota.")),
        About("classification", _("Classificazione"), by_section),
        *(About(f"caveat_{p.anchor}", _("Avvertenza del documento"), p.text) for p in Passage.objects.caveats()),
    ]


class Blocks:
    """Joins small pieces into larger ones; closes the snapshot that they come from, also when the reader goes away."""

    def __init__(self, pieces: Iterator[str], snapshot: Snapshot) -> None:
        self.pieces, self.snapshot, self.language = pieces, snapshot, get_language()

    def __iter__(self) -> Iterator[str]:
        block, size = [], 0
        with override(self.language):  # the request that was in this language is over
            for piece in self.pieces:
                block.append(piece)
                size += len(piece)
                if size >= BLOCK:
                    yield "".join(block)
                    block, size = [], 0
            yield "".join(block)

    def close(self) -> None:
        self.snapshot.close()
