"""What pages say to search engines, in the language of the page and no more than is known (schema.org)."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue.linked_data.datasets import (
    CATALOGUE_ABOUT,
    CATALOGUE_TITLE,
    DATASET_ABOUT,
    DATASET_TITLE,
    IDENTIFIER,
    KEYWORDS,
    PERIOD,
    distributions,
)
from catalogue.linked_data.editions import Edition
from catalogue.linked_data.rdf import attribution_of, own, uri
from catalogue.linked_data.skos import scheme_uri
from catalogue.presenters.cards import Card
from catalogue.query import parameter
from catalogue.rights import licence
from initiatives.facets import Attribution
from initiatives.models import Basis, Initiative, Passage, Source
from taxonomy.models import Term

CONTEXT = {"@context": "https://schema.org"}
Block = dict[str, Any]


def site_block() -> Block:
    """Of the home page: the site, and the search that it offers."""
    search = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": f"{_at('initiative-list')}?q={{search_term_string}}"},
        "query-input": "required name=search_term_string",
    }
    return {
        **CONTEXT,
        "@type": "WebSite",
        "@id": f"{settings.PUBLIC_URL}/#site",
        "name": str(CATALOGUE_TITLE),
        "description": str(CATALOGUE_ABOUT),
        "url": _at("home"),
        "inLanguage": get_language(),
        "potentialAction": search,
        "mainEntity": {**_catalogue(), "dataset": _dataset()},
        **_signed("publisher"),
    }


def dataset_block(edition: Edition, sources: Iterable[Source], columns: Iterable[tuple[str, str, str]]) -> Block:
    """Of the page where the data are had; of each column the name, the label and the meaning."""
    return {
        **CONTEXT,
        **_dataset(),
        "identifier": IDENTIFIER,
        "keywords": [str(keyword) for keyword in KEYWORDS],
        "version": edition.version,
        "dateModified": edition.modified.isoformat(),
        **({"datePublished": edition.issued.isoformat()} if edition.issued else {}),
        "inLanguage": [language for language, _name in settings.LANGUAGES],
        "temporalCoverage": "/".join(str(day.year) for day in PERIOD),
        "spatialCoverage": {"@type": "Country", "name": _("Italia")},
        "isAccessibleForFree": True,
        "isBasedOn": [_document(source) for source in sources],
        "includedInDataCatalog": _catalogue(),
        "variableMeasured": [
            {"@type": "PropertyValue", "name": label, "alternateName": name, "description": meaning}
            for name, label, meaning in columns
        ],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": str(each.title),
                "description": str(each.about),
                "encodingFormat": each.media_type,
                "contentUrl": each.address,
            }
            for each in distributions()
        ],
        **_signed("publisher", "creator"),
    }


def term_block(term: Term) -> Block:
    scheme = {
        "@type": "DefinedTermSet",
        "@id": scheme_uri(term.dimension),
        "name": str(parameter(term.dimension).plural),
        "url": _at(f"{term.dimension}-index"),
    }
    return {
        **CONTEXT,
        **_term(term),
        "description": {"@value": term.text, "@language": "it"},
        "url": settings.PUBLIC_URL + term.get_absolute_url(),
        "inDefinedTermSet": scheme,
    }


def entry_block(card: Card) -> Block:
    """What an entry is about is an editors' reading at times: a Role between the two says whose word it is."""
    entry = card.entry
    return {
        **CONTEXT,
        **_named(entry),
        "identifier": entry.tag,
        "abstract": entry.abstract,
        "inLanguage": get_language() if entry.title_en else settings.LANGUAGE_CODE,
        "dateModified": localtime(entry.updated).date().isoformat(),
        "isPartOf": [_catalogue(), *([_named(entry.public_parent)] if entry.public_parent else [])],
        "isBasedOn": [_quotation(passage) for passage in card.passages],
        "about": [_about(card, link) for links in card.links.values() for link in links],
        **_signed("publisher"),
    }


def _named(entry: Initiative) -> Block:
    address = settings.PUBLIC_URL + entry.get_absolute_url()
    return {"@type": "CreativeWork", "@id": uri(entry), "name": entry.heading, "url": address}


def _about(card: Card, link: Attribution) -> Block:
    return {
        "@type": "Role",
        "@id": attribution_of(card.entry, link.term),
        "roleName": str(Basis(link.basis).label),
        "about": _term(link.term),
    }


def _term(term: Term) -> Block:
    block: Block = {"@type": "DefinedTerm", "@id": uri(term), "name": term.marked_title}
    return block | ({"termCode": term.code} if term.code else {})


def _quotation(passage: Passage) -> Block:
    """Its words are on the page."""
    address = settings.PUBLIC_URL + passage.get_absolute_url()
    return {"@type": "Quotation", "@id": uri(passage), "url": address, "isPartOf": _document(passage.source)}


def _document(source: Source) -> Block:
    return {"@type": "CreativeWork", "name": source.title, "url": settings.PUBLIC_URL + source.get_absolute_url()}


def _catalogue() -> Block:
    return {"@type": "DataCatalog", "@id": own()["catalogue"], "name": str(CATALOGUE_TITLE), "url": _at("home")}


def _dataset() -> Block:
    """As much as those who meet it on another page want to know of it."""
    about = {"name": str(DATASET_TITLE), "description": str(DATASET_ABOUT), "url": _at("data")}
    return {"@type": "Dataset", "@id": own()["dataset"], **about, **({"license": licence()} if licence() else {})}


def _signed(*roles: str) -> Block:
    """By the publisher, once one has signed."""
    if not settings.PUBLISHER_NAME:
        return {}
    organization = {"@type": "Organization", "@id": own()["publisher"], "name": settings.PUBLISHER_NAME}
    return dict.fromkeys(roles, organization | ({"url": settings.PUBLISHER_URL} if settings.PUBLISHER_URL else {}))


def _at(page: str) -> str:
    return settings.PUBLIC_URL + reverse(page)
