"""The forms in which data are had: what each is called, by whom, and how much it holds."""

from dataclasses import dataclass

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
        "Una riga per scheda; in altri fogli la selezione, le avvertenze e il dizionario dei dati. Fino a 100.000 "
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

# Of the catalogue's graph: rdflib's name of each form, and its media type.
GRAPHS = {
    "ttl": ("turtle", "text/turtle; charset=utf-8"),
    "jsonld": ("json-ld", "application/ld+json"),
    "rdf": ("pretty-xml", "application/rdf+xml"),
}
