"""What every graph of ours is made of: URIs, literals in both languages, and where the data come from."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, override
from rdflib import DCAT, DCTERMS, FOAF, PROV, RDF, SKOS, VOID, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from catalogue.presenters.text import in_xml
from initiatives.models import Initiative, Passage, Source
from taxonomy.addresses import address
from taxonomy.models import Term

# Of one thing: by predicate, one object or several.
Statements = Mapping[URIRef, Node | Iterable[Node]]
DCATAPIT = Namespace("http://dati.gov.it/onto/dcatapit#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
ADMS = Namespace("http://purl.org/adms/")
DCATAP = Namespace("http://data.europa.eu/r5r/")
SCHEMA = Namespace("http://schema.org/")  # as harvesters know it; on pages it is https
EUROVOC = Namespace("http://eurovoc.europa.eu/")
EU = Namespace("http://publications.europa.eu/resource/authority/")
PREFIXES = {"dcat": DCAT, "dcatap": DCATAP, "dcatapit": DCATAPIT, "dct": DCTERMS, "foaf": FOAF, "prov": PROV}
PREFIXES |= {"skos": SKOS, "vcard": VCARD, "schema": SCHEMA}
UNOFFICIAL = gettext_lazy("I titoli, le sintesi, le note e i nomi in inglese sono traduzioni non ufficiali.")


def own() -> Namespace:
    """What has no page of its own is described by the catalogue's Turtle."""
    return _described_at(settings.PUBLIC_URL)


@cache  # asked for a dozen times an entry
def _described_at(site: str) -> Namespace:
    return Namespace(f"{site}{reverse('catalogue-ttl')}#")


def uri(thing: Initiative | Term | Passage) -> URIRef:
    """Of the thing itself, which the page of that address speaks of: hence a fragment, as passages have anyway.

    "Oggetti di tipo diverso devono avere URI differenti" (errori.rst.txt): a concept is no web page. An entry's stays
    the same, and leads on, when its page has another address.
    """
    with override(settings.LANGUAGE_CODE):  # one URI in every language
        stays = address("initiative-detail", thing.uid) if isinstance(thing, Initiative) else thing.get_absolute_url()
    return URIRef(settings.PUBLIC_URL + (stays if "#" in stays else f"{stays}#this"))


def page_of(thing: Initiative | Term) -> URIRef:
    """The address of its page that stays, and leads on if it has another."""
    return URIRef(uri(thing).removesuffix("#this"))


def attribution_of(entry: Initiative, term: Term) -> URIRef:
    return URIRef(f"{page_of(entry)}#{term.dimension}-{term.slug}")


def pages(thing: Initiative) -> list[str]:
    """Its addresses of today, in each language."""
    addresses = []
    for language, _ in settings.LANGUAGES:
        with override(language):
            addresses.append(settings.PUBLIC_URL + thing.get_absolute_url())
    return addresses


def literal(text: str, language: str | None) -> Literal:
    """As RDF/XML can hold it and gives it back: so that the three forms say the same."""
    return Literal(in_xml(text.replace("\r\n", "\n").replace("\r", "\n")), lang=language)


def both(text: str | Promise) -> list[Literal]:
    """A string of the interface, in each language."""
    literals = []
    for language, _ in settings.LANGUAGES:
        with override(language):
            literals.append(literal(str(text), language))
    return literals


def in_italian(text: str | Promise) -> Literal:
    with override(settings.LANGUAGE_CODE):
        return literal(str(text), settings.LANGUAGE_CODE)


def texts(row: object, field: str) -> list[Literal]:
    """A field of a row and its English twin, where there is one."""
    pairs = ((getattr(row, field), "it"), (getattr(row, f"{field}_en"), "en"))
    return [literal(text, language) for text, language in pairs if text]


def new_graph() -> Graph:
    graph = Graph(bind_namespaces="core")  # owl, rdf, rdfs, xsd and, for RDF/XML, xml
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    graph.bind("void", VOID)
    graph.bind("cat", own())
    return graph


def describe(graph: Graph, thing: URIRef, statements: Statements) -> URIRef:
    for predicate, objects in statements.items():
        for value in [objects] if isinstance(objects, Node) else objects:
            graph.add((thing, predicate, value))
    return thing


def days(issued: date | None, modified: date) -> Statements:
    return {DCTERMS.issued: [Literal(issued)] if issued else [], DCTERMS.modified: Literal(modified)}


def known(graph: Graph, thing: URIRef, kind: URIRef, name: str = "") -> URIRef:
    """Of somebody else’s vocabulary, in its own words: those who do not read it there still see what it is."""
    return describe(graph, thing, {RDF.type: kind, SKOS.prefLabel: [Literal(name, lang="en")] if name else []})


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
