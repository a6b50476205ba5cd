"""A letter to the editors about what is wrong on a page, begun for whoever writes it."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from catalogue.presenters.text import plain, quoted
from initiatives.models import Passage

LONGEST_TITLE, LONGEST_QUOTE = 120, 30  # letters and words: some mail programs take no long address


@dataclass(frozen=True)
class Report:
    """`quote` has the beginning of the passage that it is about; of the whole page it has none."""

    quote: str
    address: str


def present_reports(title: str, page: str, version: str, passages: Iterable[Passage]) -> list[Report]:
    """One on the page as a whole and one on each passage; none where there is nobody to write to."""
    if not settings.CONTACT_EMAIL:
        return []
    about = [_("Pagina: %(page)s") % {"page": page}, _("Versione: %(version)s") % {"version": version}]
    return [_report(title, about, ""), *(_of_passage(title, about, passage) for passage in passages)]


def _of_passage(title: str, about: list[str], passage: Passage) -> Report:
    text = Truncator(plain(passage.text)).words(LONGEST_QUOTE)
    named = _("Passo: %(anchor)s") % {"anchor": passage.anchor}
    return _report(title, [*about, named, quoted(text)], text)


def _report(title: str, about: list[str], text: str) -> Report:
    """RFC 6068: lines end with CRLF, and a space is %20."""
    subject = _("Errore in «%(title)s»") % {"title": Truncator(" ".join(title.split())).chars(LONGEST_TITLE)}
    lines = [*about, "", _("Che cosa non va:"), ""]
    body = "\r\n".join(" ".join(line.split()) for line in lines)
    return Report(
        text, f"mailto:{quote(settings.CONTACT_EMAIL, '@')}?subject={quote(subject, '')}&body={quote(body, '')}"
    )
