"""What pages say to search engines, in the language of the page and no more than is known (schema.org)."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from catalogue.linked_data.dcat import DATASET_ABOUT, DATASET_TITLE, PERIOD, distributions
from catalogue.linked_data.rdf import own, uri
from catalogue.linked_data.skos import scheme_uri
from catalogue.query import parameter
from catalogue.rights import licence
from initiatives.models import Source
from initiatives.versions import moment_of
from taxonomy.models import Term


def dataset_block(version: int, sources: Iterable[Source]) -> dict[str, Any]:
    block: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": own()["dataset"],
        "name": str(DATASET_TITLE),
        "description": str(DATASET_ABOUT),
        "url": settings.PUBLIC_URL + reverse("home"),
        "inLanguage": [language for language, _name in settings.LANGUAGES],
        "dateModified": moment_of(version).date().isoformat(),
        "temporalCoverage": "/".join(str(day.year) for day in PERIOD),
        "spatialCoverage": {"@type": "Country", "name": _("Italia")},
        "isAccessibleForFree": True,
        "isBasedOn": [
            {"@type": "CreativeWork", "name": source.title, "url": settings.PUBLIC_URL + source.get_absolute_url()}
            for source in sources
        ],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": str(each.form.title),
                "encodingFormat": each.form.content_type.partition(";")[0],
                "contentUrl": each.address,
            }
            for each in distributions()
        ],
    }
    if licence():
        block["license"] = licence()
    if settings.PUBLISHER_NAME:
        block["publisher"] = {"@type": "Organization", "name": settings.PUBLISHER_NAME}
    return block


def term_block(term: Term) -> dict[str, Any]:
    scheme = {
        "@type": "DefinedTermSet",
        "@id": scheme_uri(term.dimension),
        "name": str(parameter(term.dimension).label),
    }
    block = {
        "@context": "https://schema.org",
        "@type": "DefinedTerm",
        "@id": uri(term),
        "name": term.marked_title,
        "description": {"@value": term.text, "@language": "it"},
        "url": settings.PUBLIC_URL + term.get_absolute_url(),
        "inDefinedTermSet": scheme,
    }
    return block | ({"termCode": term.code} if term.code else {})
