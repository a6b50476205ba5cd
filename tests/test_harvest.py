"""The catalogue's graph against what its guidelines ask for, each written as a question that nothing may answer.

https://github.com/italia/linee-guida-cataloghi-dati-dcat-ap-it (obbligatori, raccomandati, opzionali) and, where
that profile has no class, https://semiceu.github.io/DCAT-AP/releases/2.1.1/.
"""

from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from django.test import Client
from django.utils.timezone import localdate
from pytest_django import Settings
from rdflib import DCTERMS, RDF, Graph, URIRef

from catalogue.linked_data import dcat, rdf
from catalogue.rights import LICENCES, OPEN_LICENCES, PUBLISHER_TYPES, Licence
from initiatives.history import settle
from initiatives.models import Initiative, PublicChange
from initiatives.versions import current_version
from taxonomy.models import PrioritySector
from tests.helpers import fetch

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"
CAT = f"{SITE}/catalogo.ttl#"
DATASETS = {"dataset", "objective-dataset", "category-dataset", "sector-dataset"}
NAMESPACES = {
    "cat": CAT,
    "dcatap": "http://data.europa.eu/r5r/",
    "dcatapit": "http://dati.gov.it/onto/dcatapit#",
    "dct": "http://purl.org/dc/terms/",
    "schema": "http://schema.org/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}
# A class, its property, how many values at least and at most, and what each is: a class, or a kind of literal.
EXPECTED = """
dcat:Catalog dct:title 2 2 both
dcat:Catalog dct:description 2 2 both
dcat:Catalog dct:publisher 1 1 foaf:Agent
dcat:Catalog dct:issued 1 1 date
dcat:Catalog dct:modified 1 1 date
dcat:Catalog dct:language 2 2 dct:LinguisticSystem
dcat:Catalog dct:license 1 1 dct:LicenseDocument
dcat:Catalog dct:spatial 1 1 dct:Location
dcat:Catalog foaf:homepage 1 1 foaf:Document
dcat:Catalog dcat:themeTaxonomy 1 1 skos:ConceptScheme
dcat:Catalog dcat:dataset 4 4 dcat:Dataset
dcat:Catalog dcat:service 1 1 dcat:DataService
dcat:Dataset dct:identifier 1 1 literal
dcat:Dataset dct:title 2 2 both
dcat:Dataset dct:description 2 2 both
dcat:Dataset dct:issued 1 1 date
dcat:Dataset dct:modified 1 1 date
dcat:Dataset dcat:theme 1 9 skos:Concept
dcat:Dataset dct:subject 1 9 iri
dcat:Dataset dcat:keyword 4 99 literal
dcat:Dataset dct:rightsHolder 1 1 dcatapit:Agent
dcat:Dataset dct:publisher 1 1 dcatapit:Agent
dcat:Dataset dct:accessRights 1 1 dct:RightsStatement
dcat:Dataset dct:accrualPeriodicity 1 1 dct:Frequency
dcat:Dataset dct:language 2 2 dct:LinguisticSystem
dcat:Dataset dct:temporal 0 1 dct:PeriodOfTime
dcat:Dataset dct:spatial 0 1 dct:Location
dcat:Dataset dct:source 0 0 dcat:Dataset
dcat:Dataset dct:relation 1 9 iri
dcat:Dataset prov:wasDerivedFrom 1 9 iri
dcat:Dataset dct:provenance 1 1 dct:ProvenanceStatement
dcat:Dataset dcat:landingPage 1 1 foaf:Document
dcat:Dataset dcat:contactPoint 1 1 dcatapit:Organization
dcat:Dataset dcat:distribution 1 9 dcatapit:Distribution
dcat:Dataset owl:versionInfo 1 1 literal
dcat:Distribution dct:title 2 2 both
dcat:Distribution dct:description 2 2 both
dcat:Distribution dct:format 1 1 dct:MediaTypeOrExtent
dcat:Distribution dcat:mediaType 1 1 dct:MediaType
dcat:Distribution dct:license 1 1 dcatapit:LicenseDocument
dcat:Distribution dct:modified 1 1 date
dcat:Distribution dcat:accessURL 1 1 iri
dcat:Distribution dcat:downloadURL 0 1 iri
dcat:Distribution dcat:accessService 0 1 dcat:DataService
dcat:Distribution dcatap:availability 1 1 skos:Concept
dcat:DataService dct:title 2 2 both
dcat:DataService dct:description 2 2 both
dcat:DataService dcat:endpointURL 1 1 iri
dcat:DataService dcat:endpointDescription 1 1 iri
dcat:DataService dcat:servesDataset 4 4 dcat:Dataset
dcat:DataService dct:publisher 1 1 foaf:Agent
dcat:DataService dct:license 1 1 dct:LicenseDocument
dcat:DataService dct:accessRights 1 1 dct:RightsStatement
dcat:DataService dcat:contactPoint 1 1 vcard:Kind
foaf:Agent dct:identifier 1 1 literal
foaf:Agent foaf:name 1 1 literal
foaf:Agent dct:type 1 1 skos:Concept
dct:LicenseDocument dct:type 1 1 skos:Concept
dct:LicenseDocument foaf:name 1 1 literal
dct:ProvenanceStatement rdfs:label 2 2 both
dct:Location dcatapit:geographicalIdentifier 1 1 literal
dct:PeriodOfTime dcatapit:startDate 1 1 date
dct:PeriodOfTime dcatapit:endDate 1 1 date
dct:PeriodOfTime dcat:startDate 1 1 date
dct:PeriodOfTime dcat:endDate 1 1 date
dct:PeriodOfTime schema:startDate 1 1 date
dct:PeriodOfTime schema:endDate 1 1 date
vcard:Kind vcard:fn 1 1 literal
vcard:Kind vcard:hasEmail 1 1 iri
skos:ConceptScheme dct:title 1 2 literal
skos:Concept skos:prefLabel 1 2 literal
"""
TWINS = ("Catalog", "Dataset", "Distribution")
# Of the schemes and values of our own.
EXPECTED_OF_OURS = """
skos:ConceptScheme dct:identifier 1 1 literal
skos:ConceptScheme dct:title 2 2 both
skos:ConceptScheme rdfs:label 2 2 both
skos:ConceptScheme skos:prefLabel 2 2 both
skos:ConceptScheme dct:description 2 2 both
skos:ConceptScheme dct:publisher 1 1 foaf:Agent
skos:ConceptScheme dct:license 1 1 dct:LicenseDocument
skos:ConceptScheme owl:versionInfo 1 1 literal
skos:ConceptScheme skos:hasTopConcept 1 99 skos:Concept
skos:Concept skos:inScheme 1 1 skos:ConceptScheme
skos:Concept skos:topConceptOf 1 1 skos:ConceptScheme
skos:Concept skos:prefLabel 2 2 both
skos:Concept skos:notation 1 1 literal
skos:Concept dct:identifier 1 1 literal
skos:Concept skos:definition 1 2 literal
"""
# Others' concepts may have an address of ours where they have none of their own; they are in no scheme here.
OURS = f'FILTER(STRSTARTS(STR(?thing), "{SITE}")) FILTER EXISTS {{ ?thing skos:inScheme|skos:hasTopConcept ?other }}'
WRONG = {
    "literal": "!isLiteral(?value)",
    "both": "!isLiteral(?value) || !(LANG(?value) IN ('it', 'en'))",
    "date": "DATATYPE(?value) != xsd:date",
    "iri": "!isIRI(?value)",
}


def catalogue(client: Client) -> Graph:
    return Graph().parse(data=fetch(client, "/catalogo.ttl"), format="turtle")


def asked(graph: Graph, query: str) -> set[tuple[str, ...]]:
    return {tuple(str(value) for value in row) for row in graph.query(query, initNs=NAMESPACES)}  # type: ignore[union-attr]


def broken(graph: Graph, expected: str = EXPECTED, which: str = "") -> set[str]:
    """What is not as it should be, by class and property."""
    return {f"{kind} {name}" for kind, name in _broken(graph, expected, which)}


def _broken(graph: Graph, expected: str, which: str) -> Iterator[tuple[str, str]]:
    for kind, name, least, most, value in (line.split() for line in expected.split("\n") if line):
        assert graph.query(f"ASK {{ ?thing a {kind} }}", initNs=NAMESPACES).askAnswer or kind == "vcard:Kind", kind
        counted = f"{{ ?thing a {kind} {which} OPTIONAL {{ ?thing {name} ?value }} }} GROUP BY ?thing"
        bounds = f"HAVING (COUNT(?value) < {least} || COUNT(?value) > {most})"
        if asked(graph, f"SELECT ?thing {counted} {bounds}"):
            yield kind, name
        wrong = f"FILTER({WRONG[value]})" if value in WRONG else f"FILTER NOT EXISTS {{ ?value a {value} }}"
        if asked(graph, f"SELECT ?thing {{ ?thing a {kind} ; {name} ?value {which} {wrong} }}"):
            yield kind, name


@pytest.fixture
def stated(settings: Settings) -> None:
    settings.PUBLISHER_NAME, settings.PUBLISHER_URL = "Regione d’Esempio", "https://www.example.it/"
    settings.PUBLISHER_IPA, settings.PUBLISHER_TYPE = "r_esempi", "RegionalAuthority"
    settings.CONTACT_EMAIL, settings.TRUSTED_PROXIES = "redazione@example.it", [ip_network("10.0.0.0/8")]
    settings.DATA_LICENCE = f"{LICENCES}A21_CCBY40"


@pytest.mark.usefixtures("stated")
def test_nothing_is_missing_once_settings_are_stated(client: Client) -> None:
    graph = catalogue(client)
    assert broken(graph) == set()
    assert broken(graph, EXPECTED_OF_OURS, OURS) == set()


def test_what_is_missing_before_is_what_nobody_has_stated(client: Client) -> None:
    assert broken(catalogue(client)) == {
        "dcat:Dataset dcat:contactPoint",
        "dcat:DataService dcat:contactPoint",
        "dcat:Distribution dcatap:availability",
        "foaf:Agent dct:type",
    }


@pytest.mark.usefixtures("stated")
def test_what_is_taken_away_or_of_another_kind_is_missed(client: Client) -> None:
    graph = catalogue(client)
    taken = ("dct:description", "dct:modified", "dct:subject", "dct:accessRights", "schema:endDate")
    for name in taken:
        graph.update(f"DELETE WHERE {{ ?thing {name} ?value }}", initNs=NAMESPACES)
    graph.update("DELETE { ?thing a dct:Frequency } INSERT { ?thing a dct:Standard } WHERE { ?thing a dct:Frequency }")
    assert {line.split()[1] for line in broken(graph)} == {*taken, "dct:accrualPeriodicity"}


def test_every_class_of_the_profile_is_dcats_too(client: Client) -> None:
    graph = catalogue(client)
    for name in TWINS:
        things = asked(graph, f"SELECT ?thing {{ ?thing a dcatapit:{name} }}")
        assert things == asked(graph, f"SELECT ?thing {{ ?thing a dcat:{name} }}") != set()


def test_catalogue_has_no_nameless_node(client: Client) -> None:
    assert not catalogue(client).query("ASK { ?thing ?property ?value FILTER(isBlank(?thing)) }").askAnswer


# Identifiers, versions, dates


def identifiers(graph: Graph) -> set[tuple[str, ...]]:
    return asked(graph, "SELECT ?id { ?dataset a dcat:Dataset ; dct:identifier ?id }")


def edition(graph: Graph, name: str) -> tuple[str, ...]:
    said = "dct:issued ?issued ; dct:modified ?modified ; owl:versionInfo ?version"
    (row,) = asked(graph, f"SELECT ?version ?issued ?modified {{ cat:{name} {said} }}")
    return row


def test_same_data_have_the_same_identifiers_whoever_signs_them(client: Client, settings: Settings) -> None:
    before = catalogue(client)
    assert len(identifiers(before)) == len(DATASETS)
    settings.PUBLISHER_NAME, settings.PUBLISHER_IPA, settings.PUBLISHER_TYPE = (
        "Regione",
        "r_esempi",
        "RegionalAuthority",
    )
    signed = catalogue(client)
    assert identifiers(signed) == identifiers(before)
    assert asked(signed, "SELECT ?thing { ?thing a dcatapit:Dataset }") == {(f"{CAT}{name}",) for name in DATASETS}
    assert {edition(signed, name) for name in DATASETS} == {edition(before, name) for name in DATASETS}


def test_same_data_have_the_same_identifiers_wherever_they_are(client: Client, settings: Settings) -> None:
    here = identifiers(catalogue(client))
    settings.PUBLIC_URL = "http://localhost"
    assert identifiers(catalogue(client)) == here


def test_drafts_move_no_date_and_no_version(client: Client) -> None:
    settle()
    before, version = catalogue(client), current_version()
    assert edition(before, "dataset")[1:] == ("2026-11-25", "2026-11-25")
    Initiative.objects.create(slug="bozza", title="Bozza", summary="Sintesi.")
    settle()
    assert current_version() > version
    assert {edition(catalogue(client), name) for name in DATASETS} == {edition(before, name) for name in DATASETS}


def test_public_changes_move_both_of_what_they_change(client: Client) -> None:
    settle()
    before = catalogue(client)
    sector = PrioritySector.objects.get(slug="inclusione-attiva")
    sector.name = "Inclusione attiva di tutti"
    sector.save()
    settle()
    after = catalogue(client)
    moved = {name for name in DATASETS if edition(after, name) != edition(before, name)}
    assert moved == {"dataset", "sector-dataset"}
    for name in moved:
        (version, issued, modified), (was, issued_then, _) = edition(after, name), edition(before, name)
        assert (version != was, issued) == (True, issued_then)
        assert modified == str(localdate())
    scheme = asked(
        after, "SELECT ?version ?modified { cat:sector-scheme owl:versionInfo ?version ; dct:modified ?modified }"
    )
    assert scheme == {(edition(after, "sector-dataset")[0], edition(after, "sector-dataset")[2])}


def test_version_of_the_sectors_says_under_which_objectives_they_stand(client: Client) -> None:
    before = catalogue(client)
    PrioritySector.objects.get(slug="inclusione-attiva").objectives.clear()
    after = catalogue(client)
    moved = {name for name in DATASETS if edition(after, name)[0] != edition(before, name)[0]}
    assert moved == {"dataset", "sector-dataset"}


def test_an_empty_catalogue_was_never_issued(client: Client, no_entries: None) -> None:
    PublicChange.objects.all().delete()
    graph = catalogue(client)
    assert not asked(graph, "SELECT ?thing { ?thing dct:issued ?day }")
    assert len(asked(graph, "SELECT ?dataset { ?dataset a dcat:Dataset ; dct:modified ?day }")) == len(DATASETS)


# Where it comes from, and what it covers


def test_the_document_is_related_and_told_in_both_languages(client: Client) -> None:
    graph = catalogue(client)
    sources = asked(graph, "SELECT ?source { ?source a dct:BibliographicResource }")
    assert len(sources) == 1
    assert asked(graph, "SELECT ?source { cat:dataset dct:relation ?source }") == sources
    assert asked(graph, "SELECT ?source { cat:objective-scheme dct:source ?source }") == sources
    told = asked(graph, "SELECT ?told { cat:dataset dct:provenance [ rdfs:label ?told ] }")
    assert any("parola per parola" in text for (text,) in told)
    assert any("word for word" in text for (text,) in told)


def test_period_is_the_programming_period_of_the_document(client: Client) -> None:
    for prefix in ("dcat", "dcatapit", "schema"):
        spelt = (
            f"SELECT ?start ?end {{ cat:dataset dct:temporal [ {prefix}:startDate ?start ; {prefix}:endDate ?end ] }}"
        )
        assert asked(catalogue(client), spelt) == {("2014-01-01", "2020-12-31")}


def test_every_vocabulary_is_a_dataset_with_its_scheme(client: Client) -> None:
    graph = catalogue(client)
    rows = asked(graph, "SELECT ?dataset ?scheme { ?scheme a skos:ConceptScheme ; dct:isPartOf ?dataset }")
    assert rows == {(f"{CAT}{n}-dataset", f"{CAT}{n}-scheme") for n in ("objective", "category", "sector")}
    for (address,) in asked(graph, "SELECT ?at { ?dataset a dcat:Dataset ; dcat:landingPage ?at }"):
        assert client.get(address.removeprefix(SITE)).status_code == 200
    (term,) = asked(graph, "SELECT ?id { ?term skos:notation 'OS ix' ; dct:identifier ?id }")
    assert term == ("os-ix",)


def test_api_is_a_service_that_answers(client: Client) -> None:
    graph = catalogue(client)
    described = "SELECT ?by ?at { cat:api dcat:endpointDescription ?by ; dcat:endpointURL ?at }"
    ((description, endpoint),) = asked(graph, described)
    assert client.get(description.removeprefix(SITE)).json()["openapi"]
    served = asked(graph, "SELECT ?at { ?distribution dcat:accessService cat:api ; dcat:accessURL ?at }")
    names = {f"{endpoint}{name}/" for name in ("initiatives", "objectives", "categories", "sectors")}
    assert {address for (address,) in served} == names
    for (address,) in served:
        assert client.get(address.removeprefix(SITE)).json()["count"]


# What settings state


@pytest.mark.parametrize("licence", OPEN_LICENCES)
def test_usual_licences_have_their_type_and_name(settings: Settings, licence: Licence) -> None:
    for address in (f"{LICENCES}{licence.code}", f"https://{licence.text}/"):
        settings.DATA_LICENCE = address
        dcat.add_licence(graph := rdf.new_graph())
        said = asked(graph, f"SELECT ?type ?name {{ <{address}> dct:type ?type ; foaf:name ?name }}")
        assert said == {(f"http://purl.org/adms/licencetype/{licence.kind}", licence.name)}


def test_of_another_licence_nothing_is_said(client: Client, settings: Settings) -> None:
    settings.DATA_LICENCE = "https://example.it/licenza"
    said = set(catalogue(client).predicate_objects(URIRef("https://example.it/licenza")))
    assert {predicate for predicate, _ in said} == {RDF.type}


def test_unknown_licence_is_said_to_be_unknown(client: Client) -> None:
    address = f"{LICENCES}C1_Unknown"
    said = asked(catalogue(client), f"SELECT ?type ?name {{ <{address}> dct:type ?type ; foaf:name ?name }}")
    assert said == {("http://purl.org/adms/licencetype/UnknownIPR", "Licenza Sconosciuta")}


@pytest.mark.parametrize("kind", PUBLISHER_TYPES)
def test_publisher_is_of_the_kind_that_is_stated(settings: Settings, kind: str) -> None:
    settings.PUBLISHER_TYPE = kind
    dcat.add_publisher(graph := rdf.new_graph())
    said = asked(
        graph, "SELECT ?type ?name { cat:publisher dct:type ?type . ?type a skos:Concept ; skos:prefLabel ?name }"
    )
    assert said == {(f"http://purl.org/adms/publishertype/{kind}", PUBLISHER_TYPES[kind])}


def test_selection_is_dated_by_its_content(client: Client) -> None:
    settle()
    graph = Graph().parse(data=fetch(client, "/iniziative.ttl"), format="turtle")
    (modified,) = graph.objects(URIRef(f"{SITE}/iniziative.ttl"), DCTERMS.modified)
    assert str(modified) == "2026-11-25"
