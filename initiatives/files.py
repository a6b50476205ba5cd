"""The addresses under which a selection is taken away: all that its page counts, in its order, of one version."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from textwrap import shorten
from typing import IO, Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from initiatives import dcat, exports, facets, linked_data, matrix, presenters, versions
from initiatives.crosswalk import Crosswalk, draw, how_many
from initiatives.document import plain
from initiatives.exports import About
from initiatives.facets import Catalogue
from initiatives.models import Initiative, Passage
from initiatives.problems import not_understood, strictly
from initiatives.selection import Selection
from initiatives.versions import Snapshot, public_page

BLOCK = 64 * 1024  # characters sent at once
MOST_AT_ONCE = 10_000  # entries: a larger file is sent while it is made
GRAPHS = {  # rdflib's name of each form of the catalogue, and its media type
    "ttl": ("turtle", "text/turtle; charset=utf-8"),
    "jsonld": ("json-ld", "application/ld+json"),
    "rdf": ("pretty-xml", "application/rdf+xml"),
}


@public_page
@strictly
def selection_file(
    request: HttpRequest, catalogue: Catalogue, selection: Selection, version: int, kind: str
) -> HttpResponseBase:
    selection = selection.without("page_size")  # a file has no pages
    ids, form = catalogue.all_of(selection), exports.FILES[kind]  # a search may write words: not in the snapshot
    total = len(ids)
    if total > (most := {"xlsx": exports.MOST_IN_XLSX, "ttl": exports.MOST_IN_RDF}.get(kind, total)):
        context = {"query": selection.query, "total": total, "most": most, "file": form.title}
        return render(request, "data/too_many.html", context, status=400)
    if request.method == "HEAD":
        return _named(StreamingHttpResponse(content_type=form.content_type), request)  # of no known length
    return _named(_made(catalogue, selection, ids, version, kind, request.path), request)


def _made(
    catalogue: Catalogue, selection: Selection, ids: Sequence[int], version: int, kind: str, path: str
) -> HttpResponseBase:
    sentence = presenters.present_sentence(selection, catalogue.terms)
    about = described(reverse("initiative-list") + selection.query, len(ids), version, sentence)
    shown, form = exports.entries(catalogue, ids, catalogue.terms), exports.FILES[kind].content_type
    snapshot = Snapshot()  # last: whatever fails before leaves none open
    if kind == "xlsx":
        try:
            notes = (_("Selezione"), about), (_("Dizionario"), exports.columns())
            return FileResponse(exports.as_xlsx(_("Voci"), exports.initiative_rows(shown), *notes), content_type=form)
        finally:
            snapshot.close()
    address = settings.PUBLIC_URL + path + selection.query
    pieces = Blocks(pieces_of(kind, address, about, shown), snapshot)
    if len(ids) <= MOST_AT_ONCE:
        return HttpResponse(pieces.joined(), content_type=form)
    # It may yet fail half-way: no cache keeps it.
    return StreamingHttpResponse(pieces, content_type=form, headers={"Cache-Control": "no-store"})


def _named(response: HttpResponseBase, request: HttpRequest) -> HttpResponseBase:
    """To be kept under the name that it has in its address."""
    response.headers["Content-Disposition"] = f'attachment; filename="{request.path.rsplit("/", 1)[-1]}"'
    return response


@public_page
def matrix_file(request: HttpRequest, version: int, kind: str) -> HttpResponseBase:
    catalogue = facets.at(version)
    axes, selection, ignored = matrix.read(request.GET, catalogue.terms)
    if ignored:
        return not_understood(ignored)
    crossed = matrix.cross(catalogue, selection, axes, catalogue.terms)
    rows = exports.matrix_rows(crossed, axes)
    if kind == "csv":
        file: IO[bytes] = BytesIO("".join(exports.as_csv(rows)).encode())
    else:
        sentence = presenters.present_sentence(selection, catalogue.terms)
        address = reverse("matrix") + axes.query(selection)
        about = described(address, crossed.found.total, version, sentence)
        says = _("Una voce con due valori sta in due celle e una volta nei totali.")
        twice = About("twice", _("Come si conta"), says)
        file = exports.as_xlsx(_("Matrice"), rows, (_("Selezione"), [*about, twice]))
    return _named(FileResponse(file, content_type=exports.FILES[kind].content_type), request)


def pieces_of(kind: str, address: str, about: list[About], shown: Iterator[Initiative]) -> Iterator[str]:
    """None is made before it is asked for."""
    if kind == "json":
        return exports.as_json(about, shown)
    if kind == "ttl":
        return linked_data.as_turtle(address, about, shown)
    return exports.as_csv(exports.initiative_rows(shown) if kind == "csv" else exports.classification_rows(shown))


@public_page
def catalogue_file(request: HttpRequest, version: int, form: str) -> HttpResponse:
    """One graph in every form, its texts in both languages: so it has one address, outside those of either."""
    name, content_type = GRAPHS[form]
    graph = dcat.catalogue_graph(facets.at(version).terms, version)
    response = HttpResponse(graph.serialize(format=name, auto_compact=True), content_type=content_type)
    response.headers["Content-Language"] = ", ".join(dict(settings.LANGUAGES))
    return response


@public_page
@strictly
def crosswalk_file(request: HttpRequest, catalogue: Catalogue, selection: Selection, version: int) -> HttpResponseBase:
    """The crosswalk of a selection as a slide."""
    selection = selection.without("order", "page_size")
    found = catalogue.find(selection)
    crosswalk = draw(catalogue, selection, found, catalogue.terms)
    if found.total and not crosswalk.nodes:
        raise Http404("Too many values for a picture")
    sentence = presenters.as_text(presenters.present_sentence(selection, catalogue.terms))
    drawn = render_to_string("crosswalk/slide.svg", slide(crosswalk, sentence, found.total, version))
    return _named(HttpResponse(exports.in_xml(drawn), content_type="image/svg+xml"), request)


def slide(crosswalk: Crosswalk, sentence: str, total: int, version: int) -> dict[str, Any]:
    """All that its template shows, complete in itself: away from the site links need whole addresses."""
    listed = settings.PUBLIC_URL + reverse("initiative-list")
    chosen = " ".join([_("Voci scelte:"), shorten(sentence, 80, placeholder="…")])
    return {
        "crosswalk": crosswalk,
        "placed": crosswalk.fitted(60, 138, 1480, 650),
        "selected": " · ".join([_("Catalogo dell’innovazione sociale"), "POR FSE 2014-2020", chosen, how_many(total)]),
        "list": listed,
        "address": listed + crosswalk.query,
        "potential": _("Le iniziative sono dette «potenzialmente in grado di concorrere» agli obiettivi."),
        "version": " ".join([_("Versione"), versions.name(version)]),
    }


def described(address: str, total: int, version: int, sentence: SafeString) -> list[About]:
    """What a file says of itself, the page of that address, whose total and sentence these are."""
    by_section = _("Il documento classifica per sezione, non voce per voce; ogni attribuzione porta la sua base.")
    return [
        About("selection", _("Voci scelte"), presenters.as_text(sentence)),
        About("count", _("Quante"), total),
        About("address", _("Indirizzo"), settings.PUBLIC_URL + address),
        About("version", _("Versione"), versions.name(version)),
        About("changed", _("Ultima modifica dell’archivio"), versions.changed(version).date()),
        About("licence", _("Licenza dei dati"), linked_data.licence() or _("La licenza dei dati non è nota.")),
        About("classification", _("Classificazione"), by_section),
        *(About(f"caveat_{p.anchor}", _("Avvertenza del documento"), plain(p.text)) for p in Passage.objects.caveats()),
    ]


class Blocks:
    """Joins small pieces into larger ones; closes the snapshot that they come from, also when the reader goes away."""

    def __init__(self, pieces: Iterator[str], snapshot: Snapshot) -> None:
        self.pieces, self.snapshot, self.language = pieces, snapshot, get_language()

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
                # Whatever it is, it goes on up. But the server ends an answer that failed as it ends a whole one: so
                # that nobody takes a part for all of it, the last line says what it is.
                yield "\n" + _("FILE INCOMPLETO: qualcosa non ha funzionato mentre si scriveva. Scaricalo di nuovo.")
                raise
            yield "".join(block)

    def joined(self) -> str:
        try:
            return "".join(self)
        finally:
            self.close()

    def close(self) -> None:
        self.snapshot.close()
