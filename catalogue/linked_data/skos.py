"""The classifications as SKOS, and our own words, which explain themselves wherever they are used."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef

from catalogue.linked_data.editions import Edition
from catalogue.linked_data.rdf import EUROVOC, Statements, both, days, describe, literal, own, page_of, texts, uri
from catalogue.query import parameter
from catalogue.workbench.facets import DEFINITIONS
from initiatives import content
from initiatives.facets import Vocabularies
from initiatives.models import Basis, Funding, Level, Passage, Scope
from taxonomy.models import INTRODUCTION, Match, OtherVocabulary, PrioritySector, Relation, Term

VOCABULARY = Path(__file__).with_name("vocabulary.ttl")
CHOICES: dict[str, type[models.TextChoices]] = {"basis": Basis, "level": Level, "scope": Scope, "funding": Funding}
RELATIONS = {Relation.CLOSE: SKOS.closeMatch, Relation.RELATED: SKOS.relatedMatch}
# What the editors match the funds with, which are no terms: in EuroVoc the ESF is 4056, the ERDF 1056.
IN_EUROVOC: dict[models.TextChoices, dict[str, Relation]] = {
    Funding.FSE: {"4056": Relation.CLOSE},
    Funding.FSE_FESR: {"4056": Relation.RELATED, "1056": Relation.RELATED},
}
MEANINGS = DEFINITIONS | {
    Basis.SOURCE: gettext_lazy("Lo dice il titolo della sezione o lo dicono le parole del documento."),
    Basis.EDITORIAL: gettext_lazy("L’ha letta così la redazione del catalogo."),
    Funding.FSE: gettext_lazy("Il Fondo sociale europeo."),
    Funding.FSE_FESR: gettext_lazy(
        "Il Fondo sociale europeo e il Fondo europeo di sviluppo regionale, in maniera integrata."
    ),
}
# What each scheme is called, and what its values are.
TITLES: dict[str, str | Promise] = {
    "basis": gettext_lazy("Origine della classificazione"),
    "level": parameter("level").label,
    "scope": parameter("scope").label,
    "funding": gettext_lazy("Fondi"),
}
ABOUT = {
    "objective": gettext_lazy(
        "Gli obiettivi specifici 2021-27 ai quali il documento riconduce le iniziative, come li delinea la proposta di "
        "regolamento FSE+ della Commissione europea, COM(2018) 382."
    ),
    "category": gettext_lazy(
        "Le categorie d’intervento 2014-2020 che il documento nomina. Il suo elenco finisce con «ecc.»: è aperto."
    ),
    "sector": gettext_lazy(
        "I settori prioritari dell’Allegato D (Annex D) alla Relazione Paese Italia 2019 che il documento riporta, e "
        "quelli che ripetono le parole della sua premessa."
    ),
    "basis": gettext_lazy("Chi classifica una scheda: il documento o la redazione."),
    "level": gettext_lazy("Se una scheda è un’iniziativa o una sua misura."),
    "scope": gettext_lazy("In quale parte del documento si legge una scheda."),
    "funding": gettext_lazy("I fondi di cui parla il documento."),
}


def add_taxonomies(
    graph: Graph, terms: Vocabularies, editions: Mapping[str, Edition], sources: Iterable[URIRef]
) -> None:
    for dimension, edition in editions.items():
        statements: Statements = {
            DCTERMS.source: sources,
            DCTERMS.isPartOf: own()[f"{dimension}-dataset"],
            OWL.versionInfo: Literal(edition.version),
            **days(edition.issued, edition.modified),
        }
        add_scheme(graph, dimension, parameter(dimension).plural, statements)
    add_terms(graph, terms)


def add_terms(graph: Graph, terms: Vocabularies) -> None:
    """Each in its scheme; a sector is related to the objectives under whose heading the source has it."""
    caveats = [literal(passage.text, "it") for passage in Passage.objects.caveats()]
    for dimension, values in terms.items():
        for term in values.values():
            statements = statements_of(term, caveats if dimension == "objective" else [])
            add_concept(graph, scheme_uri(dimension), uri(term), statements)
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


def add_scheme(graph: Graph, name: str, title: str | Promise, more: Statements) -> URIRef:
    statements: Statements = {
        RDF.type: SKOS.ConceptScheme,
        DCTERMS.identifier: Literal(name),
        **dict.fromkeys((DCTERMS.title, RDFS.label, SKOS.prefLabel), both(title)),
        DCTERMS.description: both(ABOUT[name]),
        DCTERMS.publisher: own()["publisher"],
        DCTERMS.license: URIRef(settings.DATA_LICENCE),
    }
    return describe(graph, scheme_uri(name), {**statements, **more})


def add_concept(graph: Graph, scheme: URIRef, concept: URIRef, statements: Statements) -> None:
    describe(graph, concept, {RDF.type: SKOS.Concept, SKOS.inScheme: scheme, SKOS.topConceptOf: scheme, **statements})
    graph.add((scheme, SKOS.hasTopConcept, concept))


def statements_of(term: Term, caveats: list[Literal]) -> Statements:
    return {
        DCTERMS.identifier: Literal(term.slug),
        SKOS.prefLabel: texts(term, "name"),
        SKOS.notation: Literal(term.code or term.slug),
        SKOS.definition: literal(term.text, "it"),
        SKOS.scopeNote: [*texts(term, "note"), *caveats],
        SKOS.editorialNote: both(INTRODUCTION) if term.from_introduction else [],
    }


def match_uri(term: Term, match: Match) -> URIRef:
    return URIRef(f"{page_of(term)}#match-{match.code}")


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
        version = content.of_values(_said_of(choice) for choice in choices)
        scheme = add_scheme(graph, name, TITLES[name], {OWL.versionInfo: Literal(version)})
        for choice in choices:
            add_choice(graph, scheme, own()[f"{name}-{choice.value}"], choice)


def _said_of(choice: models.TextChoices) -> content.Row:
    texts = map(str, [*both(choice.label), *both(MEANINGS[choice])])
    matches = (f"{relation} {code}" for code, relation in IN_EUROVOC.get(choice, {}).items())
    return (choice.value, *texts, *matches)


def add_choice(graph: Graph, scheme: URIRef, concept: URIRef, choice: models.TextChoices) -> None:
    statements: Statements = {
        DCTERMS.identifier: Literal(choice.value),
        SKOS.prefLabel: both(choice.label),
        SKOS.notation: Literal(choice.value),
        SKOS.definition: both(MEANINGS[choice]),
    }
    add_concept(graph, scheme, concept, statements)
    for code, relation in IN_EUROVOC.get(choice, {}).items():
        add_match(graph, concept, URIRef(f"{concept}-match-{code}"), relation, EUROVOC[code])
