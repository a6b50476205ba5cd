"""The classifications as SKOS, and our own words, which explain themselves wherever they are used."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from rdflib import DCTERMS, RDF, RDFS, SKOS, Graph, Literal, URIRef

from catalogue.linked_data.graph import Statements, both, describe, literal, own, texts, uri
from catalogue.presenters.facets import DEFINITIONS
from catalogue.query import parameter
from initiatives.facets.found import Vocabularies
from initiatives.models import LINKS, Basis, Funding, Level, Passage, Scope
from taxonomy.models import PrioritySector, Term

# Our own words, no more than entries need: name, label, comment; properties have their domain and range too.
CLASSES = {
    "Entry": (gettext_lazy("Voce"), gettext_lazy("Un’iniziativa o una misura che il documento riporta o nomina.")),
    "Passage": (
        gettext_lazy("Passo"),
        gettext_lazy("Una parte del documento, parola per parola; *corsivo* e **grassetto** come nel documento."),
    ),
    "Attribution": (
        gettext_lazy("Attribuzione"),
        gettext_lazy(
            "Dice che una voce sta sotto un valore di una classificazione, e sulla parola di chi: senza la base non va "
            "letta. Il documento classifica per sezione, non voce per voce."
        ),
    ),
}

PROPERTIES = {
    "attribution": (
        gettext_lazy("attribuzione"),
        gettext_lazy("Una delle attribuzioni della voce, che in una classificazione può non averne nessuna."),
        ("Entry", "Attribution"),
    ),
    "term": (gettext_lazy("valore"), gettext_lazy("Il valore che si attribuisce alla voce."), ("Attribution", "")),
    "basis": (
        gettext_lazy("base"),
        gettext_lazy("Chi fa l’attribuzione: il documento o la redazione."),
        ("Attribution", ""),
    ),
    "level": (gettext_lazy("livello"), gettext_lazy("Iniziativa o misura di un’iniziativa."), ("Entry", "")),
    "scope": (
        gettext_lazy("ambito"),
        gettext_lazy("Riportata dal Focus del documento o soltanto nominata."),
        ("Entry", ""),
    ),
    "funding": (gettext_lazy("fondi"), gettext_lazy("I fondi di cui dice il documento."), ("Entry", "")),
}

CHOICES: dict[str, type[models.TextChoices]] = {"basis": Basis, "level": Level, "scope": Scope, "funding": Funding}

MEANINGS = DEFINITIONS | {
    Basis.SOURCE: gettext_lazy("Lo dice il titolo della sezione o lo dicono le parole del documento."),
    Basis.EDITORIAL: gettext_lazy("L’ha letta così la redazione del catalogo."),
}


def add_taxonomies(graph: Graph, terms: Vocabularies) -> None:
    """A scheme for each classification; a sector is related to the objectives under whose heading the source has it."""
    caveats = [literal(passage.text, "it") for passage in Passage.objects.caveats()]
    for dimension in LINKS:
        scheme = add_scheme(graph, dimension, parameter(dimension).label)
        for term in terms[dimension].values():
            add_concept(graph, scheme, uri(term), statements_of(term, caveats if dimension == "objective" else []))
    ties = PrioritySector.objectives.through._default_manager
    for sector, objective in ties.values_list("prioritysector__slug", "specificobjective__slug"):
        one, other = uri(terms["sector"][sector]), uri(terms["objective"][objective])
        graph.add((one, SKOS.related, other))
        graph.add((other, SKOS.related, one))


def scheme_uri(name: str) -> URIRef:
    return own()[f"{name}-scheme"]


def add_scheme(graph: Graph, name: str, title: str | Promise) -> URIRef:
    return describe(graph, scheme_uri(name), {RDF.type: SKOS.ConceptScheme, DCTERMS.title: both(title)})


def add_concept(graph: Graph, scheme: URIRef, concept: URIRef, statements: Statements) -> None:
    describe(graph, concept, {RDF.type: SKOS.Concept, SKOS.inScheme: scheme, SKOS.topConceptOf: scheme, **statements})
    graph.add((scheme, SKOS.hasTopConcept, concept))


def statements_of(term: Term, caveats: list[Literal]) -> Statements:
    return {
        SKOS.prefLabel: texts(term, "name"),
        SKOS.notation: [Literal(term.code)] if term.code else [],
        SKOS.definition: literal(term.text, "it"),
        SKOS.scopeNote: [*texts(term, "note"), *caveats],
    }


def add_vocabulary(graph: Graph) -> None:
    """Our own words explain themselves wherever they are used."""
    words = own()
    for name, (label, comment) in CLASSES.items():
        describe(graph, words[name], {RDF.type: RDFS.Class, RDFS.label: both(label), RDFS.comment: both(comment)})
    for name, (label, comment, (domain, range_)) in PROPERTIES.items():
        statements: Statements = {
            RDF.type: RDF.Property,
            RDFS.label: both(label),
            RDFS.comment: both(comment),
            RDFS.domain: words[domain],
            RDFS.range: words[range_] if range_ else SKOS.Concept,
        }
        describe(graph, words[name], statements)
    for name, choices in CHOICES.items():
        scheme = add_scheme(graph, name, PROPERTIES[name][0])
        for choice in choices:
            meaning = both(MEANINGS[choice]) if choice in MEANINGS else []
            statements = {SKOS.prefLabel: both(choice.label), SKOS.definition: meaning}
            add_concept(graph, scheme, words[f"{name}-{choice.value}"], statements)
