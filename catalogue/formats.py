"""The forms in which data are had: what each is called, by whom, and how much it holds."""

import re
from dataclasses import dataclass
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy


@dataclass(frozen=True, eq=False)
class Format:
    """`name` is that of its address, `file_type` the EU's; `most` is how many entries it holds, if not all.

    `about` says what is in it to those who see no page. `quick` is how many it holds that a reader who waits for
    something else can wait for too.
    """

    name: str
    content_type: str
    file_type: str
    title: str | Promise
    about: str | Promise
    quick: int = 3_000
    most: int | None = None


CSV = Format(
    "csv",
    "text/csv; charset=utf-8",
    "CSV",
    gettext_lazy("Schede (CSV)"),
    gettext_lazy("Una riga per scheda, con l’origine di ogni classificazione; in UTF-8."),
)
XLSX = Format(
    "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "XLSX",
    gettext_lazy("Schede (Excel)"),
    gettext_lazy(
        "Una riga per scheda, con la selezione, le avvertenze e il dizionario dei dati in altri fogli; fino a 100.000 "
        "schede."
    ),
    quick=250,
    most=100_000,
)
JSON = Format(
    "json",
    "application/json",
    "JSON",
    gettext_lazy("Schede (JSON)"),
    gettext_lazy("Un oggetto per scheda, con gli stessi campi del CSV, e le informazioni sul file."),
)
# About 15 s: its limit is time, its memory is that of a batch.
TURTLE = Format(
    "ttl",
    "text/turtle; charset=utf-8",
    "RDF_TURTLE",
    gettext_lazy("Schede (RDF Turtle)"),
    gettext_lazy("Dati collegati: ogni classificazione è un nodo con la sua origine; fino a 10.000 schede."),
    quick=75,
    most=10_000,
)
CLASSIFICATIONS = Format(
    "classifications",
    "text/csv; charset=utf-8",
    "CSV",
    gettext_lazy("Classificazioni (CSV)"),
    gettext_lazy("Una riga per scheda e valore, con l’origine: la tabella per incrociare i dati."),
)
API = Format(
    "api",
    "application/json",
    "JSON",
    gettext_lazy("API per sviluppatori"),
    gettext_lazy("Pagine di JSON, descritte in OpenAPI."),
)
OF_SELECTIONS = (CSV, XLSX, JSON, TURTLE, CLASSIFICATIONS)

# What reference managers take, by the ending of its address: its name, and its media type.
REFERENCES = {
    "ris": ("RIS", "application/x-research-info-systems; charset=utf-8"),
    "bib": ("BibTeX", "application/x-bibtex; charset=utf-8"),
}

# Of a graph, the catalogue's or a page's: rdflib's name of each form, and its media type.
GRAPHS = {
    "ttl": ("turtle", "text/turtle; charset=utf-8"),
    "jsonld": ("json-ld", "application/ld+json"),
    "rdf": ("pretty-xml", "application/rdf+xml"),
}
PAGE = ""  # what is none of these forms
_MEDIA_TYPES = {PAGE: "text/html"} | {form: kind.partition(";")[0] for form, (_name, kind) in GRAPHS.items()}
_RANGE = re.compile(r"([\w.+*-]+/[\w.+*-]+)([^,]*)")
_QUALITY = re.compile(r";\s*q\s*=\s*(\d*\.?\d+)")


@lru_cache(maxsize=1000)
def preferred_form(accepted: str) -> str:
    """The form of a graph that a program would rather have than a page, by the `Accept` that it sent.

    What takes all alike, as browsers do and who says nothing, has the page; so has what takes nothing that there is.
    """
    takes: dict[str, float] = {}
    for media_range, parameters in _RANGE.findall(accepted.lower()):
        quality = _QUALITY.search(parameters)
        takes[media_range] = max(takes.get(media_range, 0), min(float(quality[1]), 1) if quality else 1)

    def wish(form: str) -> tuple[float, int]:
        """How much it is wished for, by the range that says most of it; and how much that says."""
        kind = _MEDIA_TYPES[form]
        for says, name in ((2, kind), (1, f"{kind.partition('/')[0]}/*"), (0, "*/*")):
            if name in takes:
                return takes[name], says if takes[name] else 0
        return 0, 0

    return max(_MEDIA_TYPES, key=wish)
