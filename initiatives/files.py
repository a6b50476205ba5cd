"""The addresses under which a selection is taken away: all that its page counts, in its order, of one version."""

import re
from collections.abc import Iterator
from textwrap import shorten
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from initiatives import exports, facets, presenters, versions
from initiatives.crosswalk import Crosswalk, draw, entries
from initiatives.exports import About
from initiatives.filters import Ignored, read
from initiatives.models import Passage
from initiatives.selection import Selection
from initiatives.versions import Snapshot, public_page

NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # a search may have them
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
        return problem(ignored)
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
            file = exports.as_xlsx(about, shown)
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
def crosswalk_file(request: HttpRequest, version: int) -> HttpResponse:
    """The crosswalk of a selection as a slide."""
    catalogue = facets.at(version)
    selection, ignored = read(request.GET, catalogue.terms)
    if ignored:
        return problem(ignored)
    selection = selection.without("order", "page_size")
    found = catalogue.find(selection)
    crosswalk = draw(catalogue, selection, found, catalogue.terms)
    if found.total and not crosswalk.nodes:
        raise Http404("Too many values for a picture")
    sentence = presenters.as_text(presenters.present_sentence(selection, catalogue.terms))
    drawn = render_to_string("initiatives/crosswalk.svg", slide(crosswalk, sentence, found.total, version))
    response = HttpResponse(NOT_IN_XML.sub("", drawn), content_type="image/svg+xml")
    response.headers["Content-Disposition"] = f'attachment; filename="{request.path.rsplit("/", 1)[-1]}"'
    return response


def slide(crosswalk: Crosswalk, sentence: str, total: int, version: int) -> dict[str, Any]:
    """All that its template shows, complete in itself: away from the site links need whole addresses."""
    listed = settings.PUBLIC_URL + reverse("initiative-list")
    chosen = " ".join([_("Voci scelte:"), shorten(sentence, 80, placeholder="…")])
    return {
        "crosswalk": crosswalk,
        "placed": crosswalk.fitted(60, 138, 1480, 650),
        "selected": " · ".join([_("Catalogo dell’innovazione sociale"), chosen, entries(total)]),
        "list": listed,
        "address": listed + crosswalk.query,
        "version": " ".join([_("Versione"), versions.name(version)]),
    }


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


def problem(ignored: list[Ignored]) -> HttpResponse:
    """A file never holds more than was asked for: what is not understood is refused (RFC 9457)."""
    body = {
        "type": "about:blank",
        "title": _("Una parte dell’indirizzo non si capisce"),
        "status": 400,
        "detail": "; ".join(f"{item.parameter}={item.value}: {item.reason}" for item in ignored[:20]),
    }
    return JsonResponse(body, status=400, content_type="application/problem+json")


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
