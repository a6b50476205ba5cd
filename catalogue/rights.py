"""Who publishes the data and under what licence, as pages, files, feeds and linked data say it."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Of ADMS, in its own words: http://purl.org/adms/publishertype/ and http://purl.org/adms/licencetype/.
PUBLISHER_TYPES = {
    "Academia-ScientificOrganisation": "Academia/Scientific organisation",
    "Company": "Company",
    "IndustryConsortium": "Industry consortium",
    "LocalAuthority": "Local Authority",
    "NationalAuthority": "National authority",
    "NonGovernmentalOrganisation": "Non-Governmental Organisation",
    "NonProfitOrganisation": "Non-Profit Organisation",
    "RegionalAuthority": "Regional authority",
    "StandardisationBody": "Standardisation body",
    "SupraNationalAuthority": "Supra-national authority",
}
LICENCE_TYPES = {
    "Attribution": "Attribution",
    "PublicDomain": "Public domain",
    "ShareAlike-NotCompatible": "Share-alike/Copyleft non compatible",
    "UnknownIPR": "Unknown IPR",
    "ViralEffect-ShareAlike": "Viral effect (a.k.a. Share-alike)",
}
# VocabolariControllati/licences in https://github.com/italia/daf-ontologie-vocabolari-controllati
LICENCES = "https://w3id.org/italia/controlled-vocabulary/licences/"
UNKNOWN_LICENCES = {LICENCES + code for code in ("C_Unknown", "C1_Unknown", "C11_Unknown")}
_GROUPS = {"A1": "PublicDomain", "A2": "Attribution", "A3": "ViralEffect-ShareAlike", "A4": "ShareAlike-NotCompatible"}
EDITORS = gettext_lazy("Redazione del catalogo")  # whom readers write to
NO_PUBLISHER = gettext_lazy("Redazione del catalogo (ente non indicato)")
NO_PUBLISHER_CODE = "ente-non-indicato"


class Licence(NamedTuple):
    """An open licence of the Italian vocabulary, by its code there; `text` is where it is read, without particulars."""

    code: str
    short: str
    full: str
    text: str

    @property
    def kind(self) -> str:
        return _GROUPS[self.code[:2]]

    @property
    def name(self) -> str:
        return f"{self.full} ({self.short})"


_CC, _ODC = "creativecommons.org/licenses/", "opendatacommons.org/licenses/"
_IODL = "Italian Open Data License"
_BY, _SA = "Creative Commons Attribuzione", "Creative Commons Attribuzione - Condividi allo stesso modo"
CC_BY = "CC BY 4.0"
OPEN_LICENCES = (
    Licence("A11_CCO10", "CC0 1.0", "Creative Commons CC0 1.0 Universale", "creativecommons.org/publicdomain/zero/1.0"),
    Licence("A12_PDDL", "PDDL 1.0", "ODC Public Domain Dedication and License", f"{_ODC}pddl/1-0"),
    Licence("A21_CCBY40", CC_BY, f"{_BY} 4.0 Internazionale", f"{_CC}by/4.0"),
    Licence("A22_CCBY30", "CC BY 3.0", f"{_BY} 3.0 Unported", f"{_CC}by/3.0"),
    Licence("A23_CCBY30IT", "CC BY 3.0 IT", f"{_BY} 3.0 Italia", f"{_CC}by/3.0/it"),
    Licence("A24_CCBY25", "CC BY 2.5", f"{_BY} 2.5 Generica", f"{_CC}by/2.5"),
    Licence("A25_CCBY25IT", "CC BY 2.5 IT", f"{_BY} 2.5 Italia", f"{_CC}by/2.5/it"),
    Licence("A26_CCBY20", "CC BY 2.0", f"{_BY} 2.0 Generica", f"{_CC}by/2.0"),
    Licence("A27_CCBY20IT", "CC BY 2.0 IT", f"{_BY} 2.0 Italia", f"{_CC}by/2.0/it"),
    Licence("A28_CCBY10", "CC BY 1.0", f"{_BY} 1.0 Generica", f"{_CC}by/1.0"),
    Licence("A29_IODL20", "IODL 2.0", _IODL, "www.dati.gov.it/content/italian-open-data-license-v20"),
    Licence("A210_ODCBY", "ODC-By 1.0", "Open Data Commons Attribution License", f"{_ODC}by/1-0"),
    Licence("A31_CCBYSA40", "CC BY-SA 4.0", f"{_SA} 4.0 Internazionale", f"{_CC}by-sa/4.0"),
    Licence("A32_CCBYSA30", "CC BY-SA 3.0", f"{_SA} 3.0 Unported", f"{_CC}by-sa/3.0"),
    Licence("A33_CCBYSA30IT", "CC BY-SA 3.0 IT", f"{_SA} 3.0 Italia", f"{_CC}by-sa/3.0/it"),
    Licence("A34_CCBYSA25", "CC BY-SA 2.5", f"{_SA} 2.5 Generica", f"{_CC}by-sa/2.5"),
    Licence("A35_CCBYSA25IT", "CC BY-SA 2.5 IT", f"{_SA} 2.5 Italia", f"{_CC}by-sa/2.5/it"),
    Licence("A36_CCBYSA20", "CC BY-SA 2.0", f"{_SA} 2.0 Generica", f"{_CC}by-sa/2.0"),
    Licence("A37_CCBYSA20IT", "CC BY-SA 2.0 IT", f"{_SA} 2.0 Italia", f"{_CC}by-sa/2.0/it"),
    Licence("A38_CCBYSA10", "CC BY-SA 1.0", f"{_SA} 1.0 Generica", f"{_CC}by-sa/1.0"),
    Licence("A39_IODL10", "IODL 1.0", _IODL, "www.formez.it/iodl"),
    Licence("A310_ODBL", "ODbL 1.0", "Open Data Commons Open Database License", f"{_ODC}odbl/1-0"),
    Licence("A311_GFDL13", "GFDL 1.3", "GNU Free Documentation License", "www.gnu.org/licenses/fdl-1.3.html"),
    Licence("A41_ADRM", "Against DRM 2.0", "Against DRM", "www.freecreations.org/Against_DRM2.html"),
)
_PARTICULARS = re.compile(r"^https?://|/((deed|legalcode)(\.\w+)?)?$")  # of an address, which change no licence
# By the addresses that name it, there and where it is read.
BY_ADDRESS = {
    address: each
    for each in OPEN_LICENCES
    for address in (_PARTICULARS.sub("", LICENCES + each.code), each.text, each.text.replace("1-0", "1.0"))
}


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
        licence_name=known.short if (known := known_licence()) else licence(),
        declaration=settings.ACCESSIBILITY_DECLARATION_URL,
    )


def licence() -> str:
    """The address of the data's licence; nothing where it is not known."""
    return "" if settings.DATA_LICENCE in UNKNOWN_LICENCES else settings.DATA_LICENCE


def known_licence() -> Licence | None:
    """What is said of the licence beyond its address, where it is one of the usual ones."""
    return BY_ADDRESS.get(_PARTICULARS.sub("", licence()))


def publisher() -> str | Promise:
    return settings.PUBLISHER_NAME or NO_PUBLISHER


def publisher_code() -> str:
    """In the Indice della Pubblica Amministrazione."""
    return settings.PUBLISHER_IPA or NO_PUBLISHER_CODE
