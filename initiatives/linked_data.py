"""Linked data: the classifications as SKOS, and the entries of a selection, whose every link carries its basis.

The licences: VocabolariControllati/licences in https://github.com/italia/daf-ontologie-vocabolari-controllati.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import islice

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy, override
from rdflib import DCAT, DCTERMS, FOAF, OWL, RDF, RDFS, SKOS, VOID, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from initiatives.exports import About, in_xml
from initiatives.models import LINKS, Basis, Funding, Initiative, Level, Link, Passage, Scope, Source, vocabularies
from initiatives.presenters import DEFINITIONS, FACET_LABELS, Vocabularies
from taxonomy.models import PrioritySector, Term

Said = Mapping[URIRef, Node | Iterable[Node]]
BATCH = 100  # entries in memory as a graph at once
DCATAPIT = Namespace("http://dati.gov.it/onto/dcatapit#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
EU = Namespace("http://publications.europa.eu/resource/authority/")
PREFIXES = {
    "dcat": DCAT,
    "dcatapit": DCATAPIT,
    "dct": DCTERMS,
    "foaf": FOAF,
    "skos": SKOS,
    "vcard": VCARD,
    "void": VOID,
}
LICENCES = "https://w3id.org/italia/controlled-vocabulary/licences/"
UNKNOWN_LICENCES = {LICENCES + code for code in ("C_Unknown", "C1_Unknown", "C11_Unknown")}
UNKNOWN_LICENCE_TYPE = URIRef("http://purl.org/adms/licencetype/UnknownIPR")

UNOFFICIAL = gettext_lazy("I titoli, le sintesi, le note e i nomi in inglese sono traduzioni non ufficiali.")

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
SAYS = DEFINITIONS | {
    Basis.SOURCE: gettext_lazy("Lo dice il titolo della sezione o lo dicono le parole del documento."),
    Basis.EDITORIAL: gettext_lazy("L’ha letta così la redazione del catalogo."),
}


def licence() -> str:
    """The address of the data's licence; nothing where it is not known."""
    return "" if settings.DATA_LICENCE in UNKNOWN_LICENCES else settings.DATA_LICENCE


# URIs and literals


def own() -> Namespace:
    """What has no page of its own is described by the catalogue's Turtle."""
    return _described_at(settings.PUBLIC_URL)


@cache  # asked for a dozen times an entry
def _described_at(site: str) -> Namespace:
    return Namespace(f"{site}{reverse('catalogue-ttl')}#")


def uri(thing: Initiative | Term | Passage) -> URIRef:
    """Of the thing itself, which the page of that address speaks of: hence a fragment, as passages have anyway.

    "Oggetti di tipo diverso devono avere URI differenti" (errori.rst.txt): a concept is no web page.
    """
    with override(settings.LANGUAGE_CODE):  # one URI in every language
        address = settings.PUBLIC_URL + thing.get_absolute_url()
    return URIRef(address if "#" in address else f"{address}#this")


def literal(text: str, language: str | None) -> Literal:
    """As RDF/XML can hold it and gives it back: so that the three forms say the same."""
    return Literal(in_xml(text.replace("\r\n", "\n").replace("\r", "\n")), lang=language)


def both(text: str | Promise) -> list[Literal]:
    """A string of the interface, in each language."""
    said = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            said.append(literal(str(text), language))
    return said


def texts(row: models.Model, field: str) -> list[Literal]:
    """A field of a row and its English twin, where there is one."""
    pairs = ((getattr(row, field), "it"), (getattr(row, f"{field}_en"), "en"))
    return [literal(text, language) for text, language in pairs if text]


def new_graph() -> Graph:
    graph = Graph(bind_namespaces="core")  # owl, rdf, rdfs, xsd and, for RDF/XML, xml
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    graph.bind("cat", own())
    return graph


def describe(graph: Graph, thing: URIRef, said: Said) -> URIRef:
    for predicate, objects in said.items():
        for value in [objects] if isinstance(objects, Node) else objects:
            graph.add((thing, predicate, value))
    return thing


# What every graph says of where the data come from, and on what terms


def add_sources(graph: Graph) -> list[URIRef]:
    return [
        describe(
            graph,
            own()[f"source-{source.slug}"],
            {
                RDF.type: DCTERMS.BibliographicResource,
                DCTERMS.title: literal(source.title, "it"),
                SKOS.note: texts(source, "note"),
            },
        )
        for source in Source.objects.all()
    ]


def add_licence(graph: Graph) -> URIRef:
    said: Said = {RDF.type: [DCATAPIT.LicenseDocument, DCTERMS.LicenseDocument]}
    if not licence():
        said = {**said, DCTERMS.type: UNKNOWN_LICENCE_TYPE, FOAF.name: literal("Licenza Sconosciuta", "it")}
    return describe(graph, URIRef(settings.DATA_LICENCE), said)


# SKOS


def add_taxonomies(graph: Graph, terms: Vocabularies) -> None:
    """A scheme for each classification; a sector is related to the objectives under whose heading the source has it."""
    caveats = [literal(passage.text, "it") for passage in Passage.objects.caveats()]
    for dimension in LINKS:
        scheme = add_scheme(graph, dimension, FACET_LABELS[dimension])
        for term in terms[dimension].values():
            add_concept(graph, scheme, uri(term), term_said(term, caveats if dimension == "objective" else []))
    ties = PrioritySector.objectives.through._default_manager
    for sector, objective in ties.values_list("prioritysector__slug", "specificobjective__slug"):
        if sector in terms["sector"] and objective in terms["objective"]:  # if not, all of it is made again
            one, other = uri(terms["sector"][sector]), uri(terms["objective"][objective])
            graph.add((one, SKOS.related, other))
            graph.add((other, SKOS.related, one))


def scheme_uri(name: str) -> URIRef:
    return own()[f"{name}-scheme"]


def add_scheme(graph: Graph, name: str, title: str | Promise) -> URIRef:
    return describe(graph, scheme_uri(name), {RDF.type: SKOS.ConceptScheme, DCTERMS.title: both(title)})


def add_concept(graph: Graph, scheme: URIRef, concept: URIRef, said: Said) -> None:
    describe(graph, concept, {RDF.type: SKOS.Concept, SKOS.inScheme: scheme, SKOS.topConceptOf: scheme, **said})
    graph.add((scheme, SKOS.hasTopConcept, concept))


def term_said(term: Term, caveats: list[Literal]) -> Said:
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
        said: Said = {
            RDF.type: RDF.Property,
            RDFS.label: both(label),
            RDFS.comment: both(comment),
            RDFS.domain: words[domain],
            RDFS.range: words[range_] if range_ else SKOS.Concept,
        }
        describe(graph, words[name], said)
    for name, choices in CHOICES.items():
        scheme = add_scheme(graph, name, PROPERTIES[name][0])
        for choice in choices:
            meaning = both(SAYS[choice]) if choice in SAYS else []
            said = {SKOS.prefLabel: both(choice.label), SKOS.definition: meaning}
            add_concept(graph, scheme, words[f"{name}-{choice.value}"], said)


# The entries of a selection


def as_turtle(address: str, about: list[About], shown: Iterable[Initiative]) -> Iterator[str]:
    """One document, made of small graphs without blank nodes: a graph of all entries would be most of the memory."""
    graph = new_graph()
    yield "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in graph.namespaces())
    add_vocabulary(graph)
    add_taxonomies(graph, vocabularies())
    add_selection(graph, URIRef(address), {item.name: str(item.says) for item in about})
    yield turtle_body(graph)
    rest = iter(shown)
    while batch := list(islice(rest, BATCH)):
        graph = new_graph()
        for entry in batch:
            add_entry(graph, entry)
        yield turtle_body(graph)


def turtle_body(graph: Graph) -> str:
    """What follows the prefixes and their empty line."""
    return "\n" + graph.serialize(format="turtle").partition("\n\n")[2]


def add_selection(graph: Graph, address: URIRef, said: Mapping[str, str]) -> None:
    language = get_language()
    described: Said = {
        RDF.type: VOID.Dataset,
        DCTERMS.isPartOf: own()["dataset"],
        DCTERMS.source: add_sources(graph),
        DCTERMS.description: literal(said["selection"], language),
        VOID.entities: Literal(int(said["count"])),
        FOAF.page: URIRef(said["address"]),
        OWL.versionInfo: Literal(said["version"]),
        DCTERMS.modified: Literal(said["changed"], datatype=XSD.date),
        DCTERMS.license: add_licence(graph),
        SKOS.note: [literal(said["classification"], language), *both(UNOFFICIAL)],
    }
    describe(graph, address, described)


def add_entry(graph: Graph, entry: Initiative) -> None:
    thing, words = uri(entry), own()
    said: Said = {
        RDF.type: words["Entry"],
        DCTERMS.identifier: Literal(entry.slug),
        DCTERMS.title: texts(entry, "title"),
        DCTERMS.abstract: texts(entry, "summary"),
        SKOS.note: texts(entry, "classification_note"),
        DCTERMS.isPartOf: [uri(entry.public_parent)] if entry.public_parent else [],
        DCTERMS.source: [add_passage(graph, passage) for passage in entry.passages.all()],
        DCTERMS.modified: Literal(localtime(entry.updated).date()),
        words["attribution"]: [add_link(graph, thing, link) for links in entry.links.values() for link in links],
    }
    choices = {words[name]: words[f"{name}-{getattr(entry, name)}"] for name in ("level", "scope", "funding")}
    describe(graph, thing, {**said, **choices})


def add_passage(graph: Graph, passage: Passage) -> URIRef:
    said: Said = {RDF.type: own()["Passage"], RDF.value: literal(passage.text, "it")}
    return describe(graph, uri(passage), said)


def add_link(graph: Graph, entry: URIRef, link: Link) -> URIRef:
    """Entry × term × basis: never the first two alone."""
    words, page = own(), entry.removesuffix("#this")
    said: Said = {
        RDF.type: words["Attribution"],
        words["term"]: uri(link.term),
        words["basis"]: words[f"basis-{link.basis}"],
    }
    return describe(graph, URIRef(f"{page}#{link.dimension}-{link.term.slug}"), said)
