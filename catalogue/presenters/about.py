"""What a file says of itself: the selection that it holds, and how to read it."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from catalogue.presenters.text import plain, without_markup
from catalogue.rights import licence
from initiatives.models import Passage
from initiatives.versions import moment_of, name_of


@dataclass(frozen=True)
class Fact:
    """`name` is its key in JSON, `label` stands beside it in tables."""

    name: str
    label: str
    value: str | int | datetime.date


@dataclass(frozen=True)
class About:
    """In the reader's language; `caveats` are the document's, by their anchors."""

    selection: str
    count: int
    address: str
    version: str
    changed: datetime.date
    licence: str
    classification: str
    caveats: dict[str, str]

    @property
    def facts(self) -> list[Fact]:
        return [
            Fact("selection", _("Filtri attivi"), self.selection),
            Fact("count", _("Quante"), self.count),
            Fact("address", _("Indirizzo"), self.address),
            Fact("version", _("Versione"), self.version),
            Fact("changed", _("Dati aggiornati al"), self.changed),
            Fact("licence", _("Licenza dei dati"), self.licence),
            Fact("classification", _("Classificazione"), self.classification),
            *(Fact(f"caveat_{anchor}", _("Avvertenza del documento"), text) for anchor, text in self.caveats.items()),
        ]


def about_selection(page: str, total: int, version: int, sentence: SafeString) -> About:
    """Of the page of this address, whose total and sentence these are."""
    return About(
        selection=without_markup(sentence),
        count=total,
        address=settings.PUBLIC_URL + page,
        version=name_of(version),
        changed=moment_of(version).date(),
        licence=licence() or _("La licenza dei dati non è ancora indicata."),
        classification=_(
            "Il documento classifica per sezione, non scheda per scheda; di ogni classificazione si dice se viene"
            " dal documento o se è aggiunta dalla redazione."
        ),
        caveats={passage.anchor: plain(passage.text) for passage in Passage.objects.caveats()},
    )
