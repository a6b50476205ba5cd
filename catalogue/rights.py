"""Who publishes the data and under what licence, as pages, files, feeds and linked data say it."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# VocabolariControllati/licences in https://github.com/italia/daf-ontologie-vocabolari-controllati
LICENCES = "https://w3id.org/italia/controlled-vocabulary/licences/"
UNKNOWN_LICENCES = {LICENCES + code for code in ("C_Unknown", "C1_Unknown", "C11_Unknown")}
EDITORS = gettext_lazy("Redazione del catalogo")  # whom readers write to
NO_PUBLISHER = gettext_lazy("Redazione del catalogo (ente non indicato)")
NO_PUBLISHER_CODE = "ente-non-indicato"

CC_BY = "CC BY 4.0"
NAMES = {
    "w3id.org/italia/controlled-vocabulary/licences/A21_CCBY40": CC_BY,
    "creativecommons.org/licenses/by/4.0": CC_BY,
    "w3id.org/italia/controlled-vocabulary/licences/A11_CCO10": "CC0 1.0",
    "creativecommons.org/publicdomain/zero/1.0": "CC0 1.0",
    "w3id.org/italia/controlled-vocabulary/licences/A31_CCBYSA40": "CC BY-SA 4.0",
    "creativecommons.org/licenses/by-sa/4.0": "CC BY-SA 4.0",
    "w3id.org/italia/controlled-vocabulary/licences/A29_IODL20": "IODL 2.0",
    "www.dati.gov.it/content/italian-open-data-license-v20": "IODL 2.0",
}
_PARTICULARS = re.compile(r"^https?://|/((deed|legalcode)(\.\w+)?)?$")  # of an address, which change no licence


@dataclass(frozen=True)
class Signature:
    """Whose site this is, as every page says it; empty is what has not been stated yet."""

    publisher: str
    address: str
    contact: str
    licence: str
    licence_name: str
    declaration: str

    @property
    def missing(self) -> list[str]:
        """Beside the publisher."""
        stated = ((self.contact, _("recapito")), (self.licence, _("licenza dei dati")))
        return [what for given, what in stated if not given]

    @property
    def is_cc_by(self) -> bool:
        return self.licence_name == CC_BY


def signature() -> Signature:
    return Signature(
        publisher=settings.PUBLISHER_NAME,
        address=settings.PUBLISHER_URL,
        contact=settings.CONTACT_EMAIL,
        licence=licence(),
        licence_name=NAMES.get(_PARTICULARS.sub("", licence()), licence()),
        declaration=settings.ACCESSIBILITY_DECLARATION_URL,
    )


def licence() -> str:
    """The address of the data's licence; nothing where it is not known."""
    return "" if settings.DATA_LICENCE in UNKNOWN_LICENCES else settings.DATA_LICENCE


def publisher() -> str | Promise:
    return settings.PUBLISHER_NAME or NO_PUBLISHER


def publisher_code() -> str:
    """In the Indice della Pubblica Amministrazione."""
    return settings.PUBLISHER_IPA or NO_PUBLISHER_CODE
