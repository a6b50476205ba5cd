"""What data there are and how they are had, for whoever is told of them: other catalogues, search engines, readers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy, override

from catalogue.formats import API, GRAPHS, OF_SELECTIONS, Format
from catalogue.linked_data.editions import Edition
from catalogue.linked_data.skos import ABOUT as ABOUT_VOCABULARIES
from catalogue.query import parameter

PERIOD = date(2014, 1, 1), date(2020, 12, 31)  # the programming period that the source's title names
# Ours, and no other's: the national catalogue gives its own, codiceIPA:D.numero (dataset_elementi_obbligatori). It
# names no publisher: the same data are the same when somebody signs them.
IDENTIFIER = "iniziative-innovazione-sociale"

CATALOGUE_TITLE = gettext_lazy("Catalogo dell’innovazione sociale")
CATALOGUE_ABOUT = gettext_lazy(
    "Le iniziative di innovazione sociale delle regioni italiane nei POR FSE 2014-2020, ricondotte agli obiettivi "
    "specifici 2021-27 e ai settori prioritari."
)
DATASET_TITLE = gettext_lazy("Iniziative di innovazione sociale delle regioni italiane nei POR FSE 2014-2020")
DATASET_ABOUT = gettext_lazy(
    "Le iniziative e le misure che un solo documento riporta o cita, con i passi da cui vengono e la loro "
    "classificazione. Di ogni classificazione si dice se viene dal documento o se l’ha aggiunta la redazione. Il "
    "documento non nomina regioni né importi, e dunque nemmeno i dati."
)
KEYWORDS = (
    gettext_lazy("innovazione sociale"),
    gettext_lazy("inclusione sociale"),
    gettext_lazy("economia sociale"),
    gettext_lazy("servizi sociali"),
    gettext_lazy("Fondo sociale europeo"),
    gettext_lazy("politica di coesione"),
)
PROVENANCE = gettext_lazy(
    "I passi vengono da un solo documento, trascritto per intero e parola per parola. I titoli sono parole del "
    "documento, al più accorciate; le sintesi, le note e le traduzioni sono della redazione."
)
VOCABULARY_PROVENANCE = gettext_lazy(
    "Le definizioni sono parole di un solo documento, e i nomi le stesse parole, al più accorciate; le avvertenze e le "
    "traduzioni sono della redazione."
)
WITH_THE_REST = gettext_lazy("Insieme con le altre classificazioni e con i metadati del catalogo.")
WITH_COUNTS = gettext_lazy("I valori, con quante schede stanno sotto ciascuno.")

# EuroVoc’s: the European Social Fund, the social economy, social services.
FUND, SOCIAL_ECONOMY, SOCIAL_SERVICES = "4056", "3082", "4143"
SUBJECTS = {
    "objective": (FUND,),
    "category": (FUND, SOCIAL_ECONOMY, SOCIAL_SERVICES),
    "sector": (FUND, SOCIAL_SERVICES),
}
GRAPH_TYPES = {"ttl": ("RDF_TURTLE", "RDF Turtle"), "jsonld": ("JSON_LD", "JSON-LD"), "rdf": ("RDF_XML", "RDF/XML")}
API_NAMES = {"objective": "api:objectives", "category": "api:categories", "sector": "api:sectors"}


@dataclass(frozen=True)
class Distribution:
    """Something under which data are had."""

    name: str
    title: str | Promise
    about: str | Promise
    content_type: str
    file_type: str
    address: str
    is_file: bool = True

    @property
    def media_type(self) -> str:
        return self.content_type.partition(";")[0]


@dataclass(frozen=True)
class Dataset:
    """`page` is the name of the address where people read of it."""

    name: str
    identifier: str
    title: str | Promise
    about: str | Promise
    provenance: str | Promise
    page: str
    subjects: Iterable[str]
    edition: Edition
    distributions: Iterable[Distribution]


def of_entries(edition: Edition) -> Dataset:
    """Of all that are published."""
    return Dataset(
        "dataset",
        IDENTIFIER,
        DATASET_TITLE,
        DATASET_ABOUT,
        PROVENANCE,
        "data",
        (FUND, SOCIAL_ECONOMY, SOCIAL_SERVICES),
        edition,
        distributions(),
    )


def distributions() -> list[Distribution]:
    """Of the entries."""
    files = [_of_form(form, form.name) for form in OF_SELECTIONS]
    return [*files, _of_form(API, "api:initiatives", is_file=False)]


def _of_form(form: Format, page: str, *, is_file: bool = True) -> Distribution:
    return Distribution(form.name, form.title, form.about, form.content_type, form.file_type, address_of(page), is_file)


def of_vocabularies(editions: dict[str, Edition]) -> Iterator[Dataset]:
    """Each is a dataset of its own."""
    for name, edition in editions.items():
        title = parameter(name).plural
        files = [
            Distribution(
                f"{name}-{form}",
                format_lazy("{} ({})", title, kind),
                WITH_THE_REST,
                GRAPHS[form][1],
                file_type,
                address_of(f"catalogue-{form}"),
            )
            for form, (file_type, kind) in GRAPH_TYPES.items()
        ]
        answer = Distribution(
            f"{name}-api",
            format_lazy("{} (API)", title),
            WITH_COUNTS,
            API.content_type,
            API.file_type,
            address_of(API_NAMES[name]),
            is_file=False,
        )
        yield Dataset(
            f"{name}-dataset",
            f"{IDENTIFIER}-{name}",
            title,
            ABOUT_VOCABULARIES[name],
            VOCABULARY_PROVENANCE,
            f"{name}-index",
            SUBJECTS[name],
            edition,
            [*files, answer],
        )


def address_of(page: str) -> str:
    """Its Italian address: one URI in every language."""
    with override(settings.LANGUAGE_CODE):
        return settings.PUBLIC_URL + reverse(page)
