"""Linked data: one graph in three forms, what DCAT-AP_IT makes mandatory, and no link without its basis."""

import json
from ipaddress import ip_network
from typing import Any
from xml.dom import minidom

import pytest
import yaml
from bs4 import BeautifulSoup
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings
from rdflib import DCAT, DCTERMS, OWL, RDF, SKOS, Graph, Literal, URIRef
from rdflib.compare import isomorphic, to_isomorphic

from catalogue import checks
from catalogue.formats import TURTLE
from catalogue.linked_data import skos, turtle
from catalogue.linked_data.rdf import uri
from initiatives.history import settle
from initiatives.models import Initiative, Passage
from taxonomy.models import PrioritySector, SpecificObjective
from tests.helpers import ROOT, FixtureEntry, GetPage, fetch, main_of, total_of
from tests.oracle import answering_pages

pytestmark = [
    pytest.mark.django_db,
    # rdflib's own reader of JSON-LD uses what rdflib has deprecated; the site only writes it.
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]
SITE = "http://127.0.0.1:8000"
FORMS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml"}
NAMESPACES = {
    "cat": f"{SITE}/catalogo.ttl#",
    "dcatapit": "http://dati.gov.it/onto/dcatapit#",
    "dct": "http://purl.org/dc/terms/",
}
DATASET = "iniziative-innovazione-sociale"
CC_BY = "https://creativecommons.org/licenses/by/4.0/"


def read(client: Client, address: str, form: str = "turtle") -> Graph:
    return Graph().parse(data=fetch(client, address), format=form)


def asked(graph: Graph, query: str) -> set[tuple[str, ...]]:
    return {tuple(str(value) for value in row) for row in graph.query(query, initNs=NAMESPACES)}  # type: ignore[union-attr]


def block_of(soup: BeautifulSoup) -> dict[str, Any]:
    blocks = soup.select("script[type='application/ld+json']")
    assert len(blocks) == 1
    return json.loads(blocks[0].get_text())


def test_three_forms_say_the_same(client: Client) -> None:
    graphs = [read(client, f"/catalogo.{form}", name) for form, name in FORMS.items()]
    assert len(graphs[0]) > 300
    assert isomorphic(graphs[0], graphs[1])
    assert isomorphic(graphs[0], graphs[2])
    minidom.parseString(client.get("/catalogo.rdf").content)
    types = [client.get(f"/catalogo.{form}").headers["Content-Type"] for form in FORMS]
    assert types == ["text/turtle; charset=utf-8", "application/ld+json", "application/rdf+xml"]
    assert client.get("/catalogo.ttl").headers["Content-Language"] == "it, en"
    assert client.get("/en/catalogo.ttl").status_code == 404


def test_text_that_editors_paste_leaves_the_forms_equal(client: Client) -> None:
    note = 'Riga\r\ncon\x0b </script> ]]> """ \\ & <b> \ud7ff\ufffe\U0001f600 '
    PrioritySector.objects.filter(slug="inclusione-attiva").update(note=note)
    graphs = [read(client, f"/catalogo.{form}", name) for form, name in FORMS.items()]
    assert all(isomorphic(graphs[0], graph) for graph in graphs[1:])
    sector = URIRef(f"{SITE}/settori/inclusione-attiva/#this")
    said = Literal('Riga\ncon </script> ]]> """ \\ & <b> \ud7ff\U0001f600 ', lang="it")
    assert (sector, SKOS.scopeNote, said) in graphs[0]


@pytest.mark.parametrize(
    ("kind", "mandatory"),
    [
        ("Catalog", "dct:title dct:description dct:publisher dct:modified dcat:dataset"),
        (
            "Dataset",
            "dct:identifier dct:title dct:description dct:modified dcat:theme dct:rightsHolder dct:accrualPeriodicity "
            "dcat:distribution",
        ),
        ("Distribution", "dct:format dcat:accessURL dct:license"),
        ("Agent", "dct:identifier foaf:name"),
    ],
)
def test_mandatory_properties_are_there(client: Client, kind: str, mandatory: str) -> None:
    graph = read(client, "/catalogo.ttl")
    beside = "foaf:Agent" if kind == "Agent" else f"dcat:{kind}"
    for name in mandatory.split():
        every = f"ASK {{ ?thing a dcatapit:{kind}, {beside} FILTER NOT EXISTS {{ ?thing {name} ?value }} }}"
        assert graph.query(f"ASK {{ ?thing a dcatapit:{kind} }}", initNs=NAMESPACES).askAnswer
        assert not graph.query(every, initNs=NAMESPACES).askAnswer, name
    once = "SELECT ?holder (COUNT(?name) AS ?n) { ?holder foaf:name ?name } GROUP BY ?holder"
    assert {n for _holder, n in asked(graph, once)} == {"1"}


def test_distributions_are_files_that_are_there(client: Client) -> None:
    graph = read(client, "/catalogo.ttl")
    said = "SELECT ?at ?format { %s dcat:distribution [ dcat:accessURL ?at ; dct:format ?format ] }"
    found = asked(graph, said % "cat:dataset")
    types = "http://publications.europa.eu/resource/authority/file-type/"
    assert {(at.removeprefix(SITE), name.removeprefix(types)) for at, name in found} == {
        ("/iniziative.csv", "CSV"),
        ("/iniziative.xlsx", "XLSX"),
        ("/iniziative.json", "JSON"),
        ("/iniziative.ttl", "RDF_TURTLE"),
        ("/classificazioni.csv", "CSV"),
        ("/api/v1/initiatives/", "JSON"),
    }
    everything = asked(graph, said % "?dataset")
    assert len(everything) == len(found) + 3 + 3  # three graphs, which hold all vocabularies, and the API's own lists
    for at, _format in everything:
        assert fetch(client, at.removeprefix(SITE))


def test_different_things_have_different_addresses(client: Client, settings: Settings) -> None:
    settings.CONTACT_EMAIL = "redazione+dati@example.it"
    graph = read(client, "/catalogo.ttl")
    kinds = "dcatapit:Catalog dcatapit:Dataset dcatapit:Agent dcatapit:Organization dcatapit:Distribution skos:Concept"
    for kind in kinds.split():
        for other in kinds.split():
            same = f"ASK {{ ?thing a {kind}, {other} }}"
            assert graph.query(same, initNs=NAMESPACES).askAnswer is (kind == other)
    assert asked(graph, "SELECT ?to { ?who <http://www.w3.org/2006/vcard/ns#hasEmail> ?to }") == {
        ("mailto:redazione%2Bdati@example.it",)
    }


def test_unstated_settings_are_said_to_be_unstated(client: Client) -> None:
    graph = read(client, "/catalogo.ttl")
    assert asked(graph, "SELECT ?name ?id { cat:publisher foaf:name ?name ; dct:identifier ?id }") == {
        ("Redazione del catalogo (ente non indicato)", "ente-non-indicato")
    }
    unknown = "https://w3id.org/italia/controlled-vocabulary/licences/C1_Unknown"
    assert asked(graph, "SELECT DISTINCT ?licence { ?file dct:license ?licence }") == {(unknown,)}
    assert not graph.query("ASK { ?dataset dcat:contactPoint ?contact }").askAnswer
    assert [message.msg.split()[0] for message in checks.unstated()] == list(checks.UNSTATED)


def test_stated_settings_are_said_everywhere(client: Client, settings: Settings, page: GetPage) -> None:
    settings.PUBLISHER_NAME, settings.PUBLISHER_IPA, settings.DATA_LICENCE = "Regione d’Esempio", "r_esempi", CC_BY
    settings.CONTACT_EMAIL, settings.TRUSTED_PROXIES = "redazione@example.it", [ip_network("10.0.0.0/8")]
    settings.PUBLISHER_URL = settings.ACCESSIBILITY_DECLARATION_URL = "https://www.example.it/"
    settings.PUBLISHER_TYPE = "RegionalAuthority"
    graph = read(client, "/catalogo.ttl")
    assert asked(graph, "SELECT ?name ?id { cat:publisher foaf:name ?name ; dct:identifier ?id }") == {
        ("Regione d’Esempio", "r_esempi")
    }
    assert asked(graph, "SELECT DISTINCT ?licence { ?file dct:license ?licence }") == {(CC_BY,)}
    assert json.loads(fetch(client, "/iniziative.json"))["licence"] == CC_BY
    block = block_of(page("/dati/"))
    assert block["publisher"] == block["creator"]
    assert (block["license"], block["publisher"]["name"]) == (CC_BY, "Regione d’Esempio")
    assert block_of(page("/"))["publisher"]["url"] == "https://www.example.it/"
    for address in ("/informazioni/", "/privacy/"):
        assert page(address).select_one(f"main a[href='{CC_BY}']")
        assert "non è ancora indicata" not in page(address).get_text()
    assert checks.unstated() == []


def test_taxonomies_are_schemes_of_all_their_terms(client: Client) -> None:
    graph = read(client, "/catalogo.ttl")
    for dimension, model in (("objective", SpecificObjective), ("sector", PrioritySector)):
        scheme = skos.scheme_uri(dimension)
        terms = {uri(term) for term in model.objects.all()}
        assert set(graph.objects(scheme, SKOS.hasTopConcept)) == terms
        assert set(graph.subjects(SKOS.inScheme, scheme)) == set(graph.subjects(SKOS.topConceptOf, scheme)) == terms
    term, concept = SpecificObjective.objects.get(slug="os-ix"), URIRef(f"{SITE}/obiettivi/os-ix/#this")
    assert set(graph.objects(concept, SKOS.prefLabel)) == {Literal(term.name, "it"), Literal(term.name_en, "en")}
    assert set(graph.objects(concept, SKOS.notation)) == {Literal("OS ix")}
    assert set(graph.objects(concept, SKOS.definition)) == {Literal(term.text, "it")}
    caveats = {Literal(passage.text, lang="it") for passage in Passage.objects.caveats()}
    assert len(caveats) >= 2
    assert set(graph.objects(concept, SKOS.scopeNote)) == caveats | {
        Literal(term.note, lang="it"),
        Literal(term.note_en, lang="en"),
    }


def test_related_are_the_sectors_that_the_source_puts_under_an_objective(client: Client) -> None:
    rows = yaml.safe_load((ROOT / "fixtures" / "taxonomy.yaml").read_text("utf-8"))
    ties = {
        (f"{SITE}/settori/{row['fields']['slug']}/#this", f"{SITE}/obiettivi/{objective}/#this")
        for row in rows
        for (objective,) in row["fields"].get("objectives", [])
    }
    assert len(ties) == 3
    graph = read(client, "/catalogo.ttl")
    assert asked(graph, "SELECT ?one ?other { ?one skos:related ?other }") == ties | {(b, a) for a, b in ties}


LINKS = """
SELECT ?entry ?scheme ?term ?basis {
  ?thing a cat:Entry ; dct:identifier ?entry ; cat:attribution [ cat:term ?term ; cat:basis ?basis ] .
  ?term skos:inScheme ?scheme
}"""


@pytest.mark.parametrize("address", ["/iniziative.ttl", "/en/initiatives.ttl"])
def test_every_link_carries_its_basis(client: Client, fixture_entries: list[FixtureEntry], address: str) -> None:
    graph = read(client, address)
    own = NAMESPACES["cat"]
    assert {(entry, scheme, term.split("/")[-2], basis) for entry, scheme, term, basis in asked(graph, LINKS)} == {
        (entry.slug, f"{own}{dimension}-scheme", term, f"{own}basis-{basis}")
        for entry in fixture_entries
        for dimension, terms in entry.terms.items()
        for term, basis in terms.items()
    }
    bare = "ASK { ?entry a cat:Entry ; ?property ?concept . ?concept skos:inScheme ?scheme . cat:term rdfs:range ?range"
    schemes = " ".join(f"cat:{dimension}-scheme" for dimension in ("objective", "category", "sector"))
    assert not graph.query(f"{bare} VALUES ?scheme {{ {schemes} }} }}", initNs=NAMESPACES).askAnswer
    assert not graph.query("ASK { ?thing dct:subject ?concept }", initNs=NAMESPACES).askAnswer


def test_entry_says_what_its_page_says(client: Client) -> None:
    graph = read(client, "/iniziative.ttl?q=investing")
    entry = Initiative.objects.get(slug="social-impact-investing")
    thing = URIRef(f"{SITE}/iniziative/social-impact-investing/#this")
    assert set(graph.objects(thing, DCTERMS.title)) == {Literal(entry.title, "it"), Literal(entry.title_en, "en")}
    assert set(graph.objects(thing, DCTERMS.isPartOf)) == {URIRef(f"{SITE}/iniziative/pay-by-result/#this")}
    passages = {URIRef(SITE + passage.get_absolute_url()): passage.text for passage in entry.passages.all()}
    assert set(graph.objects(thing, DCTERMS.source)) == set(passages)
    for passage, text in passages.items():
        assert graph.value(passage, RDF.value) == Literal(text, lang="it")
    assert str(graph.value(thing, DCTERMS.modified)) == "2026-11-25"
    assert graph.value(thing, URIRef(f"{NAMESPACES['cat']}funding")) == URIRef(f"{NAMESPACES['cat']}funding-fse-fesr")


@pytest.mark.parametrize(
    "query",
    ["", "?objective=none", "?category=cura-conciliazione&basis=source", "?basis=source&category=none", "?q=zzzz"],
)
def test_turtle_holds_what_the_page_counts(client: Client, page: GetPage, query: str) -> None:
    graph = read(client, f"/iniziative.ttl{query}")
    taken = json.loads(fetch(client, f"/iniziative.json{query}"))
    ids = {(row["id"],) for row in taken["results"]}
    assert asked(graph, "SELECT ?id { ?entry a cat:Entry ; dct:identifier ?id }") == ids
    document = URIRef(f"{SITE}/iniziative.ttl{linked_query(query)}")
    total = total_of(page(f"/iniziative/{query}"))
    assert graph.value(document, URIRef("http://rdfs.org/ns/void#entities")) == Literal(total) == Literal(len(ids))
    assert str(graph.value(document, URIRef("http://www.w3.org/2002/07/owl#versionInfo"))) == taken["version"]


def linked_query(query: str) -> str:
    """The canonical form of the query strings above."""
    return "?" + "&".join(sorted(query[1:].split("&"))) if query else ""


def test_small_graphs_make_one_document(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = to_isomorphic(read(client, "/iniziative.ttl"))
    monkeypatch.setattr(turtle, "BATCH", 4)
    pieces = fetch(client, "/iniziative.ttl")
    assert to_isomorphic(Graph().parse(data=pieces, format="turtle")) == whole
    assert pieces.count(b"@prefix skos:") == 1


def test_graphs_are_those_of_plain_sql(client: Client) -> None:
    addresses = ["/iniziative.ttl?objective=os-ix&basis=source", "/iniziative.ttl?q=cura&order=title"]
    indexed = [to_isomorphic(read(client, address)) for address in addresses]
    with answering_pages():
        assert [to_isomorphic(read(client, address)) for address in addresses] == indexed


def test_draft_is_in_no_graph(client: Client) -> None:
    Initiative.objects.filter(slug="servizi-di-cura").update(status="draft")
    graph = read(client, "/iniziative.ttl")
    assert b"servizi-di-cura/#this" not in fetch(client, "/iniziative.ttl")
    measure = URIRef(f"{SITE}/iniziative/servizi-infanzia/#this")
    assert graph.value(measure, DCTERMS.identifier) == Literal("servizi-infanzia")
    assert graph.value(measure, DCTERMS.isPartOf) is None


def test_too_many_for_a_graph_are_offered_as_csv(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TURTLE.__dict__, "most", 12)
    response = client.get("/iniziative.ttl?objective=os-ix")
    assert response.status_code == 400
    assert b'href="/iniziative.csv?objective=os-ix"' in response.content
    assert fetch(client, "/iniziative.ttl?objective=os-i")


def test_graphs_cost_few_queries(client: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for address in ("/catalogo.ttl", "/iniziative.ttl"):
        fetch(client, address)
        with django_assert_max_num_queries(18):
            fetch(client, address)


def test_pages_lead_to_their_data(page: GetPage, client: Client) -> None:
    for address in ("/", "/en/"):
        links = {str(link["type"]): str(link["href"]) for link in page(address).select("link[rel=alternate][type]")}
        assert sorted(links.values()) == ["/catalogo.jsonld", "/catalogo.rdf", "/catalogo.ttl"]
        for media_type, href in links.items():
            assert client.get(href).headers["Content-Type"].startswith(media_type)
    link = page("/iniziative/?page=1&objective=os-ix").select_one("link[rel=alternate][type='text/turtle']")
    assert link is not None
    assert link["href"] == "/iniziative.ttl?objective=os-ix"


def test_home_offers_the_search_of_its_language(page: GetPage) -> None:
    for address in ("/", "/en/"):
        block = block_of(page(address))
        assert (block["@type"], block["url"]) == ("WebSite", f"{SITE}{address}")
        found = block["potentialAction"]["target"]["urlTemplate"].replace("{search_term_string}", "coworking")
        assert "coworking" in main_of(page(found.removeprefix(SITE))).get_text()
        catalogue = block["mainEntity"]
        assert (catalogue["@type"], catalogue["dataset"]["@id"]) == ("DataCatalog", f"{SITE}/catalogo.ttl#dataset")


def test_page_of_data_is_a_dataset_that_claims_no_more_than_is_known(page: GetPage, client: Client) -> None:
    settle()
    soup = page("/dati/")
    block, graph = block_of(soup), read(client, "/catalogo.ttl")
    assert (block["@type"], block["@id"]) == ("Dataset", f"{SITE}/catalogo.ttl#dataset")
    dataset = URIRef(block["@id"])
    for name, said in (
        ("version", OWL.versionInfo),
        ("datePublished", DCTERMS.issued),
        ("identifier", DCTERMS.identifier),
    ):
        assert block[name] == str(graph.value(dataset, said)), name
    assert block["dateModified"] == str(graph.value(dataset, DCTERMS.modified)) == "2026-11-25"
    assert str(block["version"]) in main_of(soup).get_text()
    assert {Literal(word, "it") for word in block["keywords"]} <= set(graph.objects(dataset, DCAT.keyword))
    assert block["includedInDataCatalog"]["@id"] == f"{SITE}/catalogo.ttl#catalogue"
    assert block["spatialCoverage"]["name"] == "Italia"
    assert block["temporalCoverage"] == "2014/2020"
    assert not {"license", "publisher", "creator"} & set(block)
    named = [variable["alternateName"] for variable in block["variableMeasured"]]
    assert named == [code.get_text() for code in main_of(soup).select("#dizionario ~ dl code")]
    for file in block["distribution"]:
        response = client.head(file["contentUrl"].removeprefix(SITE))
        assert response.headers["Content-Type"].startswith(file["encodingFormat"])


@pytest.mark.parametrize(
    ("address", "source", "editorial"),
    [
        ("/iniziative/servizi-di-cura/", "dal documento", "aggiunta dalla redazione"),
        ("/en/initiatives/servizi-di-cura/", "from the document", "added by the editors"),
    ],
)
def test_entry_says_what_it_is_about_and_on_whose_word(
    page: GetPage, fixture_entries: list[FixtureEntry], address: str, source: str, editorial: str
) -> None:
    block = block_of(page(address))
    (entry,) = (entry for entry in fixture_entries if entry.slug == "servizi-di-cura")
    said = {(role["@type"], role["roleName"], role["about"]["@id"].split("/")[-2]) for role in block["about"]}
    words = {"source": source, "editorial": editorial}
    assert said == {("Role", words[basis], slug) for terms in entry.terms.values() for slug, basis in terms.items()}
    assert {role["about"]["@type"] for role in block["about"]} == {"DefinedTerm"}
    assert set(words.values()) == {role["roleName"] for role in block["about"]}
    assert [passage["@id"] for passage in block["isBasedOn"]] == [
        f"{SITE}/fonte/#{anchor}" for (anchor,) in entry.fields["passages"]
    ]


def test_names_of_an_entry_are_those_of_its_turtle(page: GetPage, client: Client) -> None:
    block, graph = block_of(page("/iniziative/servizi-infanzia/")), read(client, "/iniziative.ttl?q=infanzia")
    entry, own = URIRef(block["@id"]), NAMESPACES["cat"]
    assert (entry, RDF.type, URIRef(f"{own}Entry")) in graph
    assert {URIRef(role["@id"]) for role in block["about"]} == set(graph.objects(entry, URIRef(f"{own}attribution")))
    assert {URIRef(each["@id"]) for each in block["isBasedOn"]} == set(graph.objects(entry, DCTERMS.source))
    assert [whole["@id"] for whole in block["isPartOf"]] == [
        f"{own}catalogue",
        f"{SITE}/iniziative/servizi-di-cura/#this",
    ]
    assert block["identifier"].startswith("tag:")


def test_term_is_defined_by_the_document(page: GetPage) -> None:
    for address, name in (("/obiettivi/os-ix/", "name"), ("/en/objectives/os-ix/", "name_en")):
        block, term = block_of(page(address)), SpecificObjective.objects.get(slug="os-ix")
        assert (block["@type"], block["@id"]) == ("DefinedTerm", f"{SITE}/obiettivi/os-ix/#this")
        assert (block["name"], block["termCode"]) == (getattr(term, name), "OS ix")
        assert block["description"] == {"@value": term.text, "@language": "it"}
        assert block["inDefinedTermSet"]["@type"] == "DefinedTermSet"


def test_text_cannot_end_a_data_block(page: GetPage) -> None:
    name = "Un </script><script src=x></script> & <!--<script>"
    PrioritySector.objects.filter(slug="inclusione-attiva").update(name=name)
    soup = page("/settori/inclusione-attiva/")
    assert block_of(soup)["name"] == name
    assert not soup.select("script[src=x]")
