"""The entries of a selection as Turtle: every link carries its basis."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice

from django.utils.timezone import localtime
from django.utils.translation import get_language
from rdflib import DCTERMS, FOAF, OWL, RDF, SKOS, VOID, Graph, Literal, URIRef

from catalogue.linked_data import rdf
from catalogue.linked_data.dcat import add_licence
from catalogue.linked_data.editions import days_of_content, editions_of
from catalogue.linked_data.skos import add_taxonomies, add_vocabulary
from catalogue.presenters.about import About
from catalogue.presenters.cards import Card
from initiatives.facets import Attribution
from initiatives.models import Initiative, Passage, vocabularies

BATCH = 100  # entries in memory as a graph at once


def as_turtle(about: About, address: str, shown: Iterable[Card]) -> Iterator[str]:
    """One document, made of small graphs without blank nodes: a graph of all entries would be most of the memory."""
    graph = rdf.new_graph()
    yield "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in graph.namespaces())
    add_vocabulary(graph)
    terms, sources = vocabularies(), rdf.add_sources(graph)
    issued, modified = days_of_content(about.changed)
    add_taxonomies(graph, terms, editions_of(terms, issued, modified), sources)
    add_selection(graph, URIRef(address), about, sources, modified)
    yield turtle_body(graph)
    rest = iter(shown)
    while batch := list(islice(rest, BATCH)):
        graph = rdf.new_graph()
        for card in batch:
            add_entry(graph, card)
        yield turtle_body(graph)


def turtle_body(graph: Graph) -> str:
    """What follows the prefixes and their empty line."""
    return "\n" + graph.serialize(format="turtle").partition("\n\n")[2]


def add_selection(graph: Graph, address: URIRef, about: About, sources: list[URIRef], modified: date) -> None:
    language = get_language()
    statements: rdf.Statements = {
        RDF.type: VOID.Dataset,
        DCTERMS.isPartOf: rdf.own()["dataset"],
        DCTERMS.source: sources,
        DCTERMS.description: rdf.literal(about.selection, language),
        VOID.entities: Literal(about.count),
        FOAF.page: URIRef(about.address),
        OWL.versionInfo: Literal(about.version),
        DCTERMS.modified: Literal(modified),
        DCTERMS.license: add_licence(graph),
        SKOS.note: [rdf.literal(about.classification, language), *rdf.both(rdf.UNOFFICIAL)],
    }
    rdf.describe(graph, address, statements)


def add_entry(graph: Graph, card: Card) -> None:
    entry, thing, words = card.entry, rdf.uri(card.entry), rdf.own()
    statements: rdf.Statements = {
        RDF.type: words["Entry"],
        DCTERMS.identifier: Literal(entry.uid),
        FOAF.page: [URIRef(page) for page in rdf.pages(entry)],
        DCTERMS.title: rdf.texts(entry, "title"),
        DCTERMS.abstract: rdf.texts(entry, "summary"),
        SKOS.note: rdf.texts(entry, "classification_note"),
        DCTERMS.isPartOf: [rdf.uri(entry.public_parent)] if entry.public_parent else [],
        DCTERMS.source: [add_passage(graph, passage) for passage in card.passages],
        words["leadIn"]: [add_passage(graph, passage) for passage in card.lead_ins],
        DCTERMS.modified: Literal(localtime(entry.updated).date()),
        words["attribution"]: [add_link(graph, entry, link) for links in card.links.values() for link in links],
    }
    choices = {words[name]: words[f"{name}-{getattr(entry, name)}"] for name in ("level", "scope", "funding")}
    rdf.describe(graph, thing, {**statements, **choices})


def add_passage(graph: Graph, passage: Passage) -> URIRef:
    statements: rdf.Statements = {RDF.type: rdf.own()["Passage"], RDF.value: rdf.literal(passage.text, "it")}
    return rdf.describe(graph, rdf.uri(passage), statements)


def add_link(graph: Graph, entry: Initiative, link: Attribution) -> URIRef:
    """Entry × term × basis, and why: never the first two alone."""
    words = rdf.own()
    statements: rdf.Statements = {
        RDF.type: words["Attribution"],
        words["term"]: rdf.uri(link.term),
        words["basis"]: words[f"basis-{link.basis}"],
    }
    if link.reason:
        passages = [add_passage(graph, link.reason.passage)] if link.reason.passage else []
        statements = {**statements, words["passage"]: passages, SKOS.note: rdf.texts(link.reason, "note")}
    return rdf.describe(graph, rdf.attribution_of(entry, link.term), statements)
