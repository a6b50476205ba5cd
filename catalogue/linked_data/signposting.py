"""Where a program finds what belongs to an answer: `Link` headers (RFC 8288), as FAIR Signposting has them.

A link is there only where what it leads to is known: without a licence no `license`.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.conf import settings
from django.http.response import HttpResponseBase
from django.utils.encoding import iri_to_uri
from django.utils.translation import override

from catalogue.formats import CLASSIFICATIONS, CSV, GRAPHS, JSON, OF_SELECTIONS, Format
from catalogue.linked_data.rdf import page_of
from catalogue.rights import licence
from initiatives.models import Initiative
from taxonomy.addresses import address
from taxonomy.models import Term

HTML = "text/html"
DATA_PACKAGE = "application/vnd.datapackage+json"
JSON_SCHEMA = "application/schema+json"
# What describes the columns of a form, beside the catalogue's graphs: the name of its address, and its media type.
DESCRIPTIONS = {
    CSV: ("datapackage", DATA_PACKAGE),
    CLASSIFICATIONS: ("datapackage", DATA_PACKAGE),
    JSON: ("json-schema", JSON_SCHEMA),
}


class Pointer(NamedTuple):
    relation: str
    target: str
    media_type: str = ""

    def __str__(self) -> str:
        kind = f'; type="{self.media_type}"' if self.media_type else ""
        return f'<{self.target}>; rel="{self.relation}"{kind}'


def point(response: HttpResponseBase, pointers: Iterable[Pointer]) -> None:
    response.headers["Link"] = ", ".join(map(str, pointers))


def of_catalogue() -> Iterator[Pointer]:
    """Of the first page, which stands for all of it."""
    yield Pointer("cite-as", _stays("home"))
    yield from _types("AboutPage", "DataCatalog")
    yield from _graphs("catalogue")
    yield from _service()
    yield from _rights()


def of_dataset() -> Iterator[Pointer]:
    """Of the page where the data are taken away, each form of them being an item."""
    yield Pointer("cite-as", _stays("data"))
    yield from _types("AboutPage", "Dataset")
    yield from (_pointer("describedby", *description) for description in dict.fromkeys(DESCRIPTIONS.values()))
    yield from _graphs("catalogue")
    yield from (_pointer("item", form.name, form.content_type) for form in OF_SELECTIONS)
    yield from _service()
    yield from _rights()


def of_file(form: Format | None = None) -> Iterator[Pointer]:
    """Of entries in this form, or of another table; any selection is cited as what it is part of."""
    yield Pointer("cite-as", _stays("data"))
    yield from _types("Dataset")
    if form in DESCRIPTIONS:
        yield _pointer("describedby", *DESCRIPTIONS[form])
    yield from _graphs("catalogue")
    yield _pointer("collection", "data", HTML)
    yield from _rights()


def of_description(page: str = "") -> Iterator[Pointer]:
    """Of a graph, or of what else describes a page: of the dataset's, unless it is another's."""
    yield Pointer("describes", page or _stays("data"), HTML)
    yield from _rights()


def of_entry(entry: Initiative) -> Iterator[Pointer]:
    yield Pointer("cite-as", page_of(entry))
    yield from _types("AboutPage", "CreativeWork")
    yield from _graphs("initiative", entry.slug)
    yield _pointer("describedby", "api:initiative", JSON.content_type, entry.slug)
    yield _pointer("collection", "data", HTML)
    yield from _rights()


def of_term(term: Term) -> Iterator[Pointer]:
    yield Pointer("cite-as", page_of(term))
    yield from _types("AboutPage", "DefinedTerm")
    yield from _graphs(term.dimension, term.slug)
    yield _pointer("collection", f"{term.dimension}-index", HTML)
    yield from _rights()


def _stays(name: str) -> str:
    """One address in every language."""
    with override(settings.LANGUAGE_CODE):
        return settings.PUBLIC_URL + address(name)


def _pointer(relation: str, name: str, content_type: str, *values: str) -> Pointer:
    return Pointer(relation, settings.PUBLIC_URL + address(name, *values), content_type.partition(";")[0])


def _graphs(name: str, *values: str) -> Iterator[Pointer]:
    for form, (_name, content_type) in GRAPHS.items():
        yield _pointer("describedby", f"{name}-{form}", content_type, *values)


def _types(*names: str) -> Iterator[Pointer]:
    yield from (Pointer("type", f"https://schema.org/{name}") for name in names)


def _service() -> Iterator[Pointer]:
    yield _pointer("service-desc", "api:schema", "application/json")
    yield _pointer("service-doc", "api", HTML)


def _rights() -> Iterator[Pointer]:
    if licence():
        yield Pointer("license", iri_to_uri(licence()))
    if settings.PUBLISHER_URL:
        yield Pointer("author", iri_to_uri(settings.PUBLISHER_URL))
