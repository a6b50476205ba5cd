"""The classifications as SKOS, and our own words, which explain themselves wherever they are used."""

from pathlib import Path

from django.db import models
from django.utils.translation import gettext_lazy
from rdflib import DCTERMS, RDF, SKOS, Graph, Literal, URIRef

from catalogue.linked_data.rdf import Statements, both, describe, literal, own, texts, uri
from catalogue.query import parameter
from catalogue.workbench.facets import DEFINITIONS
from initiatives.facets import Vocabularies
from initiatives.models import LINKS, Basis, Funding, Level, Passage, Scope
from taxonomy.models import INTRODUCTION, PrioritySector, Term

VOCABULARY = Path(__file__).with_name("vocabulary.ttl")
CHOICES: dict[str, type[models.TextChoices]] = {"basis": Basis, "level": Level, "scope": Scope, "funding": Funding}
MEANINGS = DEFINITIONS | {
    Basis.SOURCE: gettext_lazy("Lo dice il titolo della sezione o lo dicono le parole del documento."),
    Basis.EDITORIAL: gettext_lazy("L’ha letta così la redazione del catalogo."),
}


def add_taxonomies(graph: Graph, terms: Vocabularies) -> None:
    """A scheme for each classification; a sector is related to the objectives under whose heading the source has it."""
    caveats = [literal(passage.text, "it") for passage in Passage.objects.caveats()]
    for dimension in LINKS:
        scheme = scheme_uri(dimension)
        describe(graph, scheme, {RDF.type: SKOS.ConceptScheme, DCTERMS.title: both(parameter(dimension).label)})
        for term in terms[dimension].values():
            add_concept(graph, scheme, uri(term), statements_of(term, caveats if dimension == "objective" else []))
    ties = PrioritySector.objectives.through._default_manager
    for sector, objective in ties.values_list("prioritysector__slug", "specificobjective__slug"):
        one, other = uri(terms["sector"][sector]), uri(terms["objective"][objective])
        graph.add((one, SKOS.related, other))
        graph.add((other, SKOS.related, one))


def scheme_uri(name: str) -> URIRef:
    return own()[f"{name}-scheme"]


def add_concept(graph: Graph, scheme: URIRef, concept: URIRef, statements: Statements) -> None:
    describe(graph, concept, {RDF.type: SKOS.Concept, SKOS.inScheme: scheme, SKOS.topConceptOf: scheme, **statements})
    graph.add((scheme, SKOS.hasTopConcept, concept))


def statements_of(term: Term, caveats: list[Literal]) -> Statements:
    return {
        SKOS.prefLabel: texts(term, "name"),
        SKOS.notation: [Literal(term.code)] if term.code else [],
        SKOS.definition: literal(term.text, "it"),
        SKOS.scopeNote: [*texts(term, "note"), *caveats],
        SKOS.editorialNote: both(INTRODUCTION) if term.from_introduction else [],
    }


def add_vocabulary(graph: Graph) -> None:
    graph += Graph().parse(VOCABULARY, publicID=own().removesuffix("#"))
    for name, choices in CHOICES.items():
        for choice in choices:
            meaning = both(MEANINGS[choice]) if choice in MEANINGS else []
            statements: Statements = {SKOS.prefLabel: both(choice.label), SKOS.definition: meaning}
            add_concept(graph, scheme_uri(name), own()[f"{name}-{choice.value}"], statements)
