"""What a page speaks of, as a graph of its own: an entry or a term, in both languages, and on what terms it is had."""

from rdflib import DCTERMS, FOAF, OWL, RDF, SKOS, Graph, Literal

from catalogue.linked_data import rdf
from catalogue.linked_data.dcat import add_licence
from catalogue.linked_data.skos import add_terms
from catalogue.linked_data.turtle import add_entry
from catalogue.presenters.cards import Card
from initiatives.facets import Vocabularies
from initiatives.models import Initiative
from taxonomy.models import Term


def entry_graph(card: Card, version: str) -> Graph:
    """With the names of its terms; `version` is that of its content."""
    graph = rdf.new_graph()
    add_entry(graph, card)
    for term in (link.term for links in card.links.values() for link in links):
        rdf.describe(graph, rdf.uri(term), {RDF.type: SKOS.Concept, SKOS.prefLabel: rdf.texts(term, "name")})
    add_page(graph, card.entry, {OWL.versionInfo: Literal(version)})
    return graph


def term_graph(term: Term, terms: Vocabularies) -> Graph:
    """Of all that is said of the terms, what is of things whose address is on the page of this one."""
    graph, all_terms, page = rdf.new_graph(), Graph(), f"{rdf.page_of(term)}#"
    add_terms(all_terms, terms)
    for statement in all_terms:
        if str(statement[0]).startswith(page):
            graph.add(statement)
    add_page(graph, term, {})
    return graph


def add_page(graph: Graph, thing: Initiative | Term, statements: rdf.Statements) -> None:
    """The page is no such thing as what it speaks of; it is what one is licensed to use."""
    own: rdf.Statements = {
        RDF.type: FOAF.Document,
        FOAF.primaryTopic: rdf.uri(thing),
        DCTERMS.isPartOf: rdf.own()["dataset"],
        DCTERMS.license: add_licence(graph),
        SKOS.note: rdf.both(rdf.UNOFFICIAL),
    }
    rdf.describe(graph, rdf.page_of(thing), {**own, **statements})
