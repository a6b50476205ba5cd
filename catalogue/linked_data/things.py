"""What a page speaks of, as a graph of its own: an entry or a term, in both languages, and on what terms it is had."""

from rdflib import DCTERMS, FOAF, OWL, RDF, SKOS, Graph, Literal, URIRef

from catalogue.linked_data import rdf
from catalogue.linked_data.dcat import add_licence
from catalogue.linked_data.skos import add_terms
from catalogue.linked_data.turtle import add_entry
from catalogue.presenters.cards import Card
from initiatives.facets import Vocabularies
from taxonomy.models import Term


def entry_graph(card: Card, version: str) -> Graph:
    """With the names of its terms; `version` is that of its content."""
    graph = rdf.new_graph()
    add_entry(graph, card)
    for term in (link.term for links in card.links.values() for link in links):
        rdf.describe(graph, rdf.uri(term), {RDF.type: SKOS.Concept, SKOS.prefLabel: rdf.texts(term, "name")})
    add_page(graph, rdf.uri(card.entry), {OWL.versionInfo: Literal(version)})
    return graph


def term_graph(term: Term, terms: Vocabularies) -> Graph:
    """All that the all_terms say of what has its address on the term's page."""
    graph, all_terms, thing = rdf.new_graph(), Graph(), rdf.uri(term)
    add_terms(all_terms, terms)
    for triple in all_terms:
        if str(triple[0]).startswith(thing.removesuffix("this")):
            graph.add(triple)
    add_page(graph, thing, {})
    return graph


def add_page(graph: Graph, thing: URIRef, statements: rdf.Statements) -> None:
    """The page is no such thing as what it speaks of; it is what one is licensed to use."""
    own: rdf.Statements = {
        RDF.type: FOAF.Document,
        FOAF.primaryTopic: thing,
        DCTERMS.isPartOf: rdf.own()["dataset"],
        DCTERMS.license: add_licence(graph),
        SKOS.note: rdf.both(rdf.UNOFFICIAL),
    }
    rdf.describe(graph, URIRef(thing.removesuffix("#this")), {**own, **statements})
