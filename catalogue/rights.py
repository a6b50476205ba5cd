"""Who publishes the data and under what licence, as pages, files, feeds and linked data say it."""

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

# VocabolariControllati/licences in https://github.com/italia/daf-ontologie-vocabolari-controllati
LICENCES = "https://w3id.org/italia/controlled-vocabulary/licences/"
UNKNOWN_LICENCES = {LICENCES + code for code in ("C_Unknown", "C1_Unknown", "C11_Unknown")}
EDITORS = gettext_lazy("Redazione del catalogo")  # whom readers write to
NO_PUBLISHER = gettext_lazy("Redazione del catalogo (ente non indicato)")
NO_PUBLISHER_CODE = "ente-non-indicato"


def licence() -> str:
    """The address of the data's licence; nothing where it is not known."""
    return "" if settings.DATA_LICENCE in UNKNOWN_LICENCES else settings.DATA_LICENCE


def publisher() -> str | Promise:
    return settings.PUBLISHER_NAME or NO_PUBLISHER


def publisher_code() -> str:
    """In the Indice della Pubblica Amministrazione."""
    return settings.PUBLISHER_IPA or NO_PUBLISHER_CODE
