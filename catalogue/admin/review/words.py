"""What an entry lacks to be published, as editors read it."""

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from initiatives.models import LINKS, Initiative, Lack, Lacking

WORDS = {
    Lacking.TITLE: _("Scrivi il titolo."),
    Lacking.SUMMARY: _("Scrivi la sintesi."),
    Lacking.PASSAGES: _("Scegli i passi: una scheda pubblicata cita almeno un passo del documento."),
    Lacking.SOURCE_REASON: _("Indica il passo che lo dice: %(term)s."),
    Lacking.EDITORIAL_REASON: _("Scrivi perché la redazione l’ha aggiunta: %(term)s."),
    Lacking.PUBLISHED_PARENT: _("Pubblica prima l’iniziativa di cui è una misura: %(parent)s."),
    Lacking.TERM: _("%(kind)s: nessun valore scelto. La scheda si troverà tra quelle non classificate."),
    Lacking.ENGLISH: _("Manca l’inglese: %(field)s."),
    Lacking.ENGLISH_REASON: _("Manca l’inglese del perché: %(term)s."),
}


def in_words(lack: Lack, entry: Initiative) -> str:
    named: dict[str, Any] = {"parent": entry.parent}
    if lack.link:
        named["term"] = lack.link.term.label
    elif lack.what == Lacking.TERM:
        named["kind"] = capfirst(LINKS[lack.field].vocabulary()._meta.verbose_name_plural)
    elif lack.what == Lacking.ENGLISH:
        field: Any = Initiative._meta.get_field(lack.field.removesuffix("_en"))
        named["field"] = field.verbose_name
    return str(WORDS[lack.what]) % named
