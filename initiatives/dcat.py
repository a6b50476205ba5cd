"""The catalogue and its dataset as other catalogues harvest them: DCAT-AP_IT.

What is mandatory, and from which vocabulary: docs/_sources/*_elementi_obbligatori.rst.txt in
https://github.com/italia/linee-guida-cataloghi-dati-dcat-ap-it. The classes: Ontologie/DCAT/latest/DCAT-AP_IT.ttl in
https://github.com/italia/daf-ontologie-vocabolari-controllati.
"""

from collections.abc import Iterator
from datetime import date
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, override
from rdflib import DCAT, DCTERMS, FOAF, RDF, SKOS, Graph, Literal, URIRef

from initiatives import versions
from initiatives.exports import FILES
from initiatives.linked_data import (
    DCATAPIT,
    EU,
    UNOFFICIAL,
    VCARD,
    Said,
    add_licence,
    add_sources,
    add_taxonomies,
    add_vocabulary,
    both,
    describe,
    literal,
    new_graph,
    own,
)
from initiatives.presenters import Vocabularies

NO_PUBLISHER, NO_CODE = "Redazione del catalogo (ente non indicato)", "ente-non-indicato"
PERIOD = date(2014, 1, 1), date(2020, 12, 31)  # the programming period that the source's title names

TITLE = gettext_lazy("Catalogo dell’innovazione sociale")
ABOUT = gettext_lazy(
    "Le iniziative di innovazione sociale delle regioni italiane nei POR FSE 2014-2020, ricondotte agli obiettivi "
    "specifici 2021-27 e ai settori prioritari."
)
DATASET_TITLE = gettext_lazy("Iniziative di innovazione sociale delle regioni italiane nei POR FSE 2014-2020")
DATASET_ABOUT = gettext_lazy(
    "Le iniziative e le misure che un solo documento riporta o nomina, con i passi da cui vengono e la loro "
    "classificazione. Ogni attribuzione porta la sua base: secondo il documento o redazionale. Il documento non nomina "
    "regioni né importi, e dunque nemmeno i dati."
)


def catalogue_graph(terms: Vocabularies, version: int) -> Graph:
    graph, modified = new_graph(), Literal(versions.changed(version).date())
    describe(
        graph,
        own()["catalogue"],
        {
            RDF.type: [DCATAPIT.Catalog, DCAT.Catalog],
            DCTERMS.title: both(TITLE),
            DCTERMS.description: both(ABOUT),
            DCTERMS.publisher: add_publisher(graph),
            DCTERMS.modified: modified,
            DCTERMS.language: [EU["language/ITA"], EU["language/ENG"]],
            FOAF.homepage: URIRef(f"{settings.PUBLIC_URL}/"),
            DCAT.themeTaxonomy: EU["data-theme"],
            DCAT.dataset: add_dataset(graph, modified),
        },
    )
    add_taxonomies(graph, terms)
    add_vocabulary(graph)
    return graph


def add_publisher(graph: Graph) -> URIRef:
    """The identifier is the code in the Indice della Pubblica Amministrazione (organizzazione_elementi_obbligatori)."""
    said: Said = {
        RDF.type: [DCATAPIT.Agent, FOAF.Agent],
        DCTERMS.identifier: Literal(settings.PUBLISHER_IPA or NO_CODE),
        FOAF.name: literal(settings.PUBLISHER_NAME or NO_PUBLISHER, "it"),  # exactly one
    }
    return describe(graph, own()["publisher"], said)


def add_dataset(graph: Graph, modified: Literal) -> URIRef:
    """The identifier is ours: the national catalogue's own, codiceIPA:D.numero, is for it to give (dataset_…)."""
    publisher = own()["publisher"]
    said: Said = {
        RDF.type: [DCATAPIT.Dataset, DCAT.Dataset],
        DCTERMS.identifier: Literal(f"{settings.PUBLISHER_IPA or NO_CODE}:iniziative-innovazione-sociale"),
        DCTERMS.title: both(DATASET_TITLE),
        DCTERMS.description: both(DATASET_ABOUT),
        DCTERMS.modified: modified,
        DCAT.theme: EU["data-theme/SOCI"],
        DCTERMS.rightsHolder: publisher,
        DCTERMS.publisher: publisher,
        DCTERMS.accrualPeriodicity: EU["frequency/IRREG"],  # whenever an editor changes something
        DCTERMS.language: [EU["language/ITA"], EU["language/ENG"]],
        DCTERMS.temporal: add_period(graph),
        DCTERMS.spatial: EU["country/ITA"],  # no finer: the source names no region
        DCTERMS.source: add_sources(graph),
        DCAT.contactPoint: add_contact(graph),
        DCAT.distribution: add_distributions(graph),
        SKOS.note: both(UNOFFICIAL),
    }
    return describe(graph, own()["dataset"], said)


def add_period(graph: Graph) -> URIRef:
    start, end = map(Literal, PERIOD)
    said = {RDF.type: DCTERMS.PeriodOfTime, DCATAPIT.startDate: start, DCATAPIT.endDate: end}
    return describe(graph, own()["period"], said)


def add_contact(graph: Graph) -> list[URIRef]:
    """None without an address, which punto-di-contatto_elementi_obbligatori wants; never the publisher's own URI."""
    if not settings.CONTACT_EMAIL:
        return []
    said: Said = {
        RDF.type: [DCATAPIT.Organization, VCARD.Organization, VCARD.Kind],
        VCARD.fn: literal("Redazione del catalogo", "it"),
        VCARD.hasEmail: URIRef(f"mailto:{quote(settings.CONTACT_EMAIL, safe='@')}"),
    }
    return [describe(graph, own()["contact"], said)]


def add_distributions(graph: Graph) -> list[URIRef]:
    terms_of_use = add_licence(graph)
    return [
        describe(
            graph,
            own()[f"distribution-{name}"],
            {
                RDF.type: [DCATAPIT.Distribution, DCAT.Distribution],
                DCTERMS.title: both(title),
                DCTERMS["format"]: EU[f"file-type/{file_type}"],
                DCTERMS.license: terms_of_use,
                DCAT.accessURL: URIRef(address),
                DCAT.downloadURL: URIRef(address) if name in FILES else [],
            },
        )
        for name, address, file_type, _media_type, title in distributions()
    ]


def distributions() -> Iterator[tuple[str, str, str, str, str | Promise]]:
    """Everything under which the data are had: name, Italian address, the EU's file type, media type, title."""
    with override(settings.LANGUAGE_CODE):
        addresses = {name: settings.PUBLIC_URL + reverse(name) for name in FILES}
    for name, file in FILES.items():
        yield name, addresses[name], file.file_type, file.content_type.split(";")[0], file.title
    api = settings.PUBLIC_URL + reverse("api:initiatives")
    yield "api", api, "JSON", "application/json", gettext_lazy("Servizio per i programmi (API)")
