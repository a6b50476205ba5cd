"""The catalogue and its dataset as other catalogues harvest them: DCAT-AP_IT.

What is mandatory, and from which vocabulary: docs/_sources/*_elementi_obbligatori.rst.txt in
https://github.com/italia/linee-guida-cataloghi-dati-dcat-ap-it. The classes: Ontologie/DCAT/latest/DCAT-AP_IT.ttl in
https://github.com/italia/daf-ontologie-vocabolari-controllati.
"""

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy, override
from rdflib import DCAT, DCTERMS, FOAF, RDF, SKOS, Graph, Literal, URIRef

from catalogue.formats import API, OF_SELECTIONS, Format
from catalogue.linked_data import rdf
from catalogue.linked_data.skos import add_taxonomies, add_vocabulary
from catalogue.rights import EDITORS, licence, publisher, publisher_code
from initiatives.facets import Vocabularies
from initiatives.versions import moment_of

UNKNOWN_LICENCE_TYPE = URIRef("http://purl.org/adms/licencetype/UnknownIPR")
PERIOD = date(2014, 1, 1), date(2020, 12, 31)  # the programming period that the source's title names

TITLE = gettext_lazy("Catalogo dell’innovazione sociale")
ABOUT = gettext_lazy(
    "Le iniziative di innovazione sociale delle regioni italiane nei POR FSE 2014-2020, ricondotte agli obiettivi "
    "specifici 2021-27 e ai settori prioritari."
)
DATASET_TITLE = gettext_lazy("Iniziative di innovazione sociale delle regioni italiane nei POR FSE 2014-2020")
DATASET_ABOUT = gettext_lazy(
    "Le iniziative e le misure che un solo documento riporta o cita, con i passi da cui vengono e la loro "
    "classificazione. Di ogni classificazione si dice se viene dal documento o se l’ha aggiunta la redazione. Il "
    "documento non nomina regioni né importi, e dunque nemmeno i dati."
)


def catalogue_graph(terms: Vocabularies, version: int) -> Graph:
    graph, modified = rdf.new_graph(), Literal(moment_of(version).date())
    rdf.describe(
        graph,
        rdf.own()["catalogue"],
        {
            RDF.type: [rdf.DCATAPIT.Catalog, DCAT.Catalog],
            DCTERMS.title: rdf.both(TITLE),
            DCTERMS.description: rdf.both(ABOUT),
            DCTERMS.publisher: add_publisher(graph),
            DCTERMS.modified: modified,
            DCTERMS.language: [rdf.EU["language/ITA"], rdf.EU["language/ENG"]],
            FOAF.homepage: URIRef(f"{settings.PUBLIC_URL}/"),
            DCAT.themeTaxonomy: rdf.EU["data-theme"],
            DCAT.dataset: add_dataset(graph, modified),
        },
    )
    add_taxonomies(graph, terms)
    add_vocabulary(graph)
    return graph


def add_publisher(graph: Graph) -> URIRef:
    """The identifier is the code in the Indice della Pubblica Amministrazione (organizzazione_elementi_obbligatori)."""
    statements: rdf.Statements = {
        RDF.type: [rdf.DCATAPIT.Agent, FOAF.Agent],
        DCTERMS.identifier: Literal(publisher_code()),
        FOAF.name: rdf.in_italian(publisher()),  # exactly one
    }
    return rdf.describe(graph, rdf.own()["publisher"], statements)


def add_dataset(graph: Graph, modified: Literal) -> URIRef:
    """The identifier is ours: the national catalogue's own, codiceIPA:D.numero, is for it to give (dataset_…)."""
    owner = rdf.own()["publisher"]
    statements: rdf.Statements = {
        RDF.type: [rdf.DCATAPIT.Dataset, DCAT.Dataset],
        DCTERMS.identifier: Literal(f"{publisher_code()}:iniziative-innovazione-sociale"),
        DCTERMS.title: rdf.both(DATASET_TITLE),
        DCTERMS.description: rdf.both(DATASET_ABOUT),
        DCTERMS.modified: modified,
        DCAT.theme: rdf.EU["data-theme/SOCI"],
        DCTERMS.rightsHolder: owner,
        DCTERMS.publisher: owner,
        DCTERMS.accrualPeriodicity: rdf.EU["frequency/IRREG"],  # whenever an editor changes something
        DCTERMS.language: [rdf.EU["language/ITA"], rdf.EU["language/ENG"]],
        DCTERMS.temporal: add_period(graph),
        DCTERMS.spatial: rdf.EU["country/ITA"],  # no finer: the source names no region
        DCTERMS.source: rdf.add_sources(graph),
        DCAT.contactPoint: add_contact(graph),
        DCAT.distribution: add_distributions(graph),
        SKOS.note: rdf.both(rdf.UNOFFICIAL),
    }
    return rdf.describe(graph, rdf.own()["dataset"], statements)


def add_period(graph: Graph) -> URIRef:
    start, end = map(Literal, PERIOD)
    statements = {RDF.type: DCTERMS.PeriodOfTime, rdf.DCATAPIT.startDate: start, rdf.DCATAPIT.endDate: end}
    return rdf.describe(graph, rdf.own()["period"], statements)


def add_contact(graph: Graph) -> list[URIRef]:
    """None without an address, which punto-di-contatto_elementi_obbligatori wants; never the publisher's own URI."""
    if not settings.CONTACT_EMAIL:
        return []
    statements: rdf.Statements = {
        RDF.type: [rdf.DCATAPIT.Organization, rdf.VCARD.Organization, rdf.VCARD.Kind],
        rdf.VCARD.fn: rdf.in_italian(EDITORS),
        rdf.VCARD.hasEmail: URIRef(f"mailto:{quote(settings.CONTACT_EMAIL, safe='@')}"),
    }
    return [rdf.describe(graph, rdf.own()["contact"], statements)]


def add_distributions(graph: Graph) -> list[URIRef]:
    terms_of_use = add_licence(graph)
    return [
        rdf.describe(
            graph,
            rdf.own()[f"distribution-{each.form.name}"],
            {
                RDF.type: [rdf.DCATAPIT.Distribution, DCAT.Distribution],
                DCTERMS.title: rdf.both(each.form.title),
                DCTERMS["format"]: rdf.EU[f"file-type/{each.form.file_type}"],
                DCTERMS.license: terms_of_use,
                DCAT.accessURL: URIRef(each.address),
                DCAT.downloadURL: URIRef(each.address) if each.is_file else [],
            },
        )
        for each in distributions()
    ]


def add_licence(graph: Graph) -> URIRef:
    statements: rdf.Statements = {RDF.type: [rdf.DCATAPIT.LicenseDocument, DCTERMS.LicenseDocument]}
    if not licence():
        statements = {
            **statements,
            DCTERMS.type: UNKNOWN_LICENCE_TYPE,
            FOAF.name: rdf.literal("Licenza Sconosciuta", "it"),
        }
    return rdf.describe(graph, URIRef(settings.DATA_LICENCE), statements)


@dataclass(frozen=True)
class Distribution:
    """Something under which the data are had."""

    form: Format
    address: str
    is_file: bool


def distributions() -> list[Distribution]:
    """With their Italian addresses: one URI in every language."""
    with override(settings.LANGUAGE_CODE):
        files = [Distribution(f, settings.PUBLIC_URL + reverse(f.name), is_file=True) for f in OF_SELECTIONS]
        return [*files, Distribution(API, settings.PUBLIC_URL + reverse("api:initiatives"), is_file=False)]
