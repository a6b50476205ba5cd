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
from taxonomy.models import ADDRESSES, INTRODUCTION, Match, OtherVocabulary, PrioritySector, Relation, Term

VOCABULARY = Path(__file__).with_name("vocabulary.ttl")
CHOICES: dict[str, type[models.TextChoices]] = {"basis": Basis, "level": Level, "scope": Scope, "funding": Funding}
RELATIONS = {Relation.CLOSE: SKOS.closeMatch, Relation.RELATED: SKOS.relatedMatch}
# What the editors match the funds with, which are no terms, in EuroVoc: the ESF is 4056, the ERDF 1056.
FUNDS_IN_EUROVOC = {
    Funding.FSE: {"4056": Relation.CLOSE},
    Funding.FSE_FESR: {"4056": Relation.RELATED, "1056": Relation.RELATED},
}
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
            for match in term.matches.all():
                add_match(graph, uri(term), match_uri(term, match), Relation(match.relation), target(graph, match))
                describe(graph, match_uri(term, match), {SKOS.note: texts(match, "note")})
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


def match_uri(term: Term, match: Match) -> URIRef:
    return URIRef(f"{uri(term).removesuffix('#this')}#match-{match.code}")


def target(graph: Graph, match: Match) -> URIRef:
    """A concept of its vocabulary; the regulation gives its objectives no URI, so they have one of ours."""
    if match.vocabulary != OtherVocabulary.ESF_PLUS:
        return URIRef(match.address)
    statements: Statements = {
        RDF.type: SKOS.Concept,
        SKOS.notation: Literal(match.code),
        SKOS.prefLabel: texts(match, "name"),
        DCTERMS.source: URIRef(match.address),
    }
    return describe(graph, own()[match.code], statements)


def add_match(graph: Graph, concept: URIRef, statement: URIRef, relation: Relation, other: URIRef) -> None:
    """As SKOS says it, and as a statement that says on whose word: always the editors’."""
    graph.add((concept, RELATIONS[relation], other))
    statements: Statements = {
        RDF.type: RDF.Statement,
        RDF.subject: concept,
        RDF.predicate: RELATIONS[relation],
        RDF.object: other,
        own()["basis"]: own()[f"basis-{Match.basis}"],
    }
    describe(graph, statement, statements)


def add_vocabulary(graph: Graph) -> None:
    graph += Graph().parse(VOCABULARY, publicID=own().removesuffix("#"))
    for name, choices in CHOICES.items():
        for choice in choices:
            meaning = both(MEANINGS[choice]) if choice in MEANINGS else []
            statements: Statements = {SKOS.prefLabel: both(choice.label), SKOS.definition: meaning}
            add_concept(graph, scheme_uri(name), own()[f"{name}-{choice.value}"], statements)
    for fund, matches in FUNDS_IN_EUROVOC.items():
        concept = own()[f"funding-{fund.value}"]
        for code, relation in matches.items():
            other = URIRef(ADDRESSES[OtherVocabulary.EUROVOC].format(code=code))
            add_match(graph, concept, URIRef(f"{concept}-match-{code}"), relation, other)
