"""The forms in which data are had: what each is called, by whom, and how much it holds."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy


@dataclass(frozen=True, eq=False)
class Format:
    """`name` is that of its address, `file_type` the EU's; `most` is how many entries it holds, if not all.

    `quick` is how many it holds that a reader who waits for something else can wait for too.
    """

    name: str
    content_type: str
    file_type: str
    title: str | Promise
    quick: int = 3_000
    most: int | None = None


CSV = Format("csv", "text/csv; charset=utf-8", "CSV", gettext_lazy("Schede (CSV)"))
XLSX = Format(
    "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "XLSX",
    gettext_lazy("Schede (Excel)"),
    quick=250,
    most=100_000,
)
JSON = Format("json", "application/json", "JSON", gettext_lazy("Schede (JSON)"))
# About 15 s: its limit is time, its memory is that of a batch.
TURTLE = Format(
    "ttl", "text/turtle; charset=utf-8", "RDF_TURTLE", gettext_lazy("Schede (RDF Turtle)"), quick=75, most=10_000
)
CLASSIFICATIONS = Format("classifications", "text/csv; charset=utf-8", "CSV", gettext_lazy("Classificazioni (CSV)"))
API = Format("api", "application/json", "JSON", gettext_lazy("API per sviluppatori"))
OF_SELECTIONS = (CSV, XLSX, JSON, TURTLE, CLASSIFICATIONS)

# What reference managers take, by the ending of its address: its name, and its media type.
REFERENCES = {
    "ris": ("RIS", "application/x-research-info-systems; charset=utf-8"),
    "bib": ("BibTeX", "application/x-bibtex; charset=utf-8"),
}

# Of the catalogue's graph: rdflib's name of each form, and its media type.
GRAPHS = {
    "ttl": ("turtle", "text/turtle; charset=utf-8"),
    "jsonld": ("json-ld", "application/ld+json"),
    "rdf": ("pretty-xml", "application/rdf+xml"),
}
