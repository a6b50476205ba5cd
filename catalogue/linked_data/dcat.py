"""The catalogue, its datasets and its API as other catalogues harvest them: DCAT-AP_IT.

What is mandatory, and from which vocabulary: docs/_sources/*_elementi_obbligatori.rst.txt in
https://github.com/italia/linee-guida-cataloghi-dati-dcat-ap-it. The classes: Ontologie/DCAT/latest/DCAT-AP_IT.ttl in
https://github.com/italia/daf-ontologie-vocabolari-controllati. What it has no word for is said as in DCAT-AP 2.1.1:
https://github.com/SEMICeu/DCAT-AP.
"""

from urllib.parse import quote

from django.conf import settings
from rdflib import DCAT, DCTERMS, FOAF, OWL, PROV, RDF, RDFS, SKOS, Graph, Literal, URIRef

from catalogue.formats import API
from catalogue.linked_data import rdf
from catalogue.linked_data.datasets import (
    CATALOGUE_ABOUT,
    CATALOGUE_TITLE,
    KEYWORDS,
    PERIOD,
    Dataset,
    Distribution,
    address_of,
    of_entries,
    of_vocabularies,
)
from catalogue.linked_data.editions import Edition, edition_of, editions_of
from catalogue.linked_data.skos import add_taxonomies, add_vocabulary
from catalogue.rights import EDITORS, LICENCE_TYPES, PUBLISHER_TYPES, known_licence, licence, publisher, publisher_code
from initiatives.facets import FacetIndex


def catalogue_graph(index: FacetIndex, version: int) -> Graph:
    graph, edition = rdf.new_graph(), edition_of(index, version)
    editions = editions_of(index.terms, edition.issued, edition.modified)
    sources = rdf.add_sources(graph)
    datasets = [add_dataset(graph, each, sources) for each in (of_entries(edition), *of_vocabularies(editions))]
    # No finer: the source names no region.
    ours: rdf.Statements = {DCTERMS.temporal: add_period(graph), DCTERMS.spatial: add_country(graph)}
    rdf.describe(graph, datasets[0], {**ours, SKOS.note: rdf.both(rdf.UNOFFICIAL)})
    rdf.describe(
        graph,
        rdf.own()["catalogue"],
        {
            RDF.type: [rdf.DCATAPIT.Catalog, DCAT.Catalog],
            DCTERMS.title: rdf.both(CATALOGUE_TITLE),
            DCTERMS.description: rdf.both(CATALOGUE_ABOUT),
            DCTERMS.publisher: add_publisher(graph),
            **rdf.days(edition.issued, edition.modified),
            DCTERMS.language: add_languages(graph),
            DCTERMS.license: add_licence(graph),
            DCTERMS.spatial: add_country(graph),
            FOAF.homepage: rdf.known(graph, URIRef(f"{settings.PUBLIC_URL}/"), FOAF.Document),
            DCAT.themeTaxonomy: add_themes(graph),
            DCAT.dataset: datasets,
            DCAT.service: add_service(graph, datasets),
        },
    )
    add_taxonomies(graph, index.terms, editions, sources)
    add_vocabulary(graph)
    return graph


def add_publisher(graph: Graph) -> URIRef:
    """The identifier is the code in the Indice della Pubblica Amministrazione (organizzazione_elementi_obbligatori)."""
    kind = settings.PUBLISHER_TYPE
    types = [rdf.known(graph, rdf.ADMS[f"publishertype/{kind}"], SKOS.Concept, PUBLISHER_TYPES[kind])] if kind else []
    statements: rdf.Statements = {
        RDF.type: [rdf.DCATAPIT.Agent, FOAF.Agent],
        DCTERMS.identifier: Literal(publisher_code()),
        FOAF.name: rdf.in_italian(publisher()),  # exactly one
        DCTERMS.type: types,
    }
    return rdf.describe(graph, rdf.own()["publisher"], statements)


def add_dataset(graph: Graph, dataset: Dataset, sources: list[URIRef]) -> URIRef:
    """Where it comes from is no dataset, which a `dct:source` would have to be: it is related, and told in words."""
    owner = rdf.own()["publisher"]
    statements: rdf.Statements = {
        RDF.type: [rdf.DCATAPIT.Dataset, DCAT.Dataset],
        DCTERMS.identifier: Literal(dataset.identifier),
        DCTERMS.title: rdf.both(dataset.title),
        DCTERMS.description: rdf.both(dataset.about),
        DCAT.keyword: [literal for keyword in KEYWORDS for literal in rdf.both(keyword)],
        DCAT.theme: add_theme(graph),
        DCTERMS.subject: [rdf.EUROVOC[number] for number in dataset.subjects],
        DCAT.landingPage: rdf.known(graph, URIRef(address_of(dataset.page)), FOAF.Document),
        **rdf.days(dataset.edition.issued, dataset.edition.modified),
        OWL.versionInfo: Literal(dataset.edition.version),
        DCTERMS.rightsHolder: owner,
        DCTERMS.publisher: owner,
        DCTERMS.accessRights: add_access(graph),
        # Whenever an editor changes something.
        DCTERMS.accrualPeriodicity: rdf.known(graph, rdf.EU["frequency/IRREG"], DCTERMS.Frequency),
        DCTERMS.language: add_languages(graph),
        **dict.fromkeys((DCTERMS.relation, PROV.wasDerivedFrom), sources),
        DCTERMS.provenance: add_provenance(graph, dataset),
        DCAT.contactPoint: add_contact(graph),
        DCAT.distribution: [add_distribution(graph, each, dataset.edition) for each in dataset.distributions],
    }
    return rdf.describe(graph, rdf.own()[dataset.name], statements)


def add_provenance(graph: Graph, dataset: Dataset) -> URIRef:
    statements: rdf.Statements = {RDF.type: DCTERMS.ProvenanceStatement, RDFS.label: rdf.both(dataset.provenance)}
    return rdf.describe(graph, rdf.own()[f"{dataset.name}-provenance"], statements)


def add_period(graph: Graph) -> URIRef:
    """In the three spellings of which each harvester reads one."""
    start, end = map(Literal, PERIOD)
    spelt = (rdf.DCATAPIT, DCAT, rdf.SCHEMA)
    statements = {each.startDate: start for each in spelt} | {each.endDate: end for each in spelt}
    return rdf.describe(graph, rdf.own()["period"], {RDF.type: DCTERMS.PeriodOfTime, **statements})


def add_country(graph: Graph) -> URIRef:
    italy = rdf.known(graph, rdf.EU["country/ITA"], DCTERMS.Location)
    return rdf.describe(graph, italy, {rdf.DCATAPIT.geographicalIdentifier: Literal(str(italy))})


def add_languages(graph: Graph) -> list[URIRef]:
    return [rdf.known(graph, rdf.EU[f"language/{code}"], DCTERMS.LinguisticSystem) for code in ("ITA", "ENG")]


def add_access(graph: Graph) -> URIRef:
    return rdf.known(graph, rdf.EU["access-right/PUBLIC"], DCTERMS.RightsStatement)


def add_theme(graph: Graph) -> URIRef:
    return rdf.known(graph, rdf.EU["data-theme/SOCI"], SKOS.Concept, "Population and society")


def add_themes(graph: Graph) -> URIRef:
    themes = rdf.known(graph, rdf.EU["data-theme"], SKOS.ConceptScheme)
    return rdf.describe(graph, themes, {DCTERMS.title: Literal("Data theme", lang="en")})


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


def add_distribution(graph: Graph, each: Distribution, edition: Edition) -> URIRef:
    media_type = URIRef(f"https://www.iana.org/assignments/media-types/{each.media_type}")
    statements: rdf.Statements = {
        RDF.type: [rdf.DCATAPIT.Distribution, DCAT.Distribution],
        DCTERMS.title: rdf.both(each.title),
        DCTERMS.description: rdf.both(each.about),
        DCTERMS["format"]: rdf.known(graph, rdf.EU[f"file-type/{each.file_type}"], DCTERMS.MediaTypeOrExtent),
        DCAT.mediaType: rdf.known(graph, media_type, DCTERMS.MediaType),
        DCTERMS.license: add_licence(graph),
        DCTERMS.modified: Literal(edition.modified),
        DCAT.accessURL: URIRef(each.address),
        DCAT.downloadURL: URIRef(each.address) if each.is_file else [],
        DCAT.accessService: [] if each.is_file else rdf.own()["api"],
        rdf.DCATAP.availability: add_availability(graph),
    }
    return rdf.describe(graph, rdf.own()[f"distribution-{each.name}"], statements)


def add_availability(graph: Graph) -> list[URIRef]:
    """A promise, which somebody has to make."""
    planned = rdf.EU["planned-availability/AVAILABLE"]
    return [rdf.known(graph, planned, SKOS.Concept, "available")] if settings.PUBLISHER_NAME else []


def add_service(graph: Graph, datasets: list[URIRef]) -> URIRef:
    statements: rdf.Statements = {
        RDF.type: DCAT.DataService,
        DCTERMS.title: rdf.both(API.title),
        DCTERMS.description: rdf.both(API.about),
        DCAT.endpointURL: URIRef(address_of("api:index")),
        DCAT.endpointDescription: URIRef(address_of("api:schema")),
        DCAT.servesDataset: datasets,
        DCAT.theme: add_theme(graph),
        DCTERMS.publisher: rdf.own()["publisher"],
        DCTERMS.license: add_licence(graph),
        DCTERMS.accessRights: add_access(graph),
        DCAT.contactPoint: add_contact(graph),
    }
    return rdf.describe(graph, rdf.own()["api"], statements)


def add_licence(graph: Graph) -> URIRef:
    """Its type and name where it is one of the usual ones, or where it is not known and that is said."""
    address = URIRef(settings.DATA_LICENCE)
    rdf.describe(graph, address, {RDF.type: [rdf.DCATAPIT.LicenseDocument, DCTERMS.LicenseDocument]})
    if known := known_licence():
        kind, name = known.kind, known.name
    elif not licence():
        kind, name = "UnknownIPR", "Licenza Sconosciuta"
    else:
        return address
    of_a_kind = rdf.known(graph, rdf.ADMS[f"licencetype/{kind}"], SKOS.Concept, LICENCE_TYPES[kind])
    return rdf.describe(graph, address, {DCTERMS.type: of_a_kind, FOAF.name: rdf.literal(name, "it")})
