"""What one cites: the same on the page, in its head for programs, and in the files that reference managers take."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils.text import Truncator
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue.formats import REFERENCES
from catalogue.presenters.cards import Card
from catalogue.presenters.text import plain
from catalogue.rights import EDITORS, licence
from initiatives import content
from initiatives.models import Initiative, Passage
from taxonomy.addresses import address
from taxonomy.models import Term

OPENING = 8  # words of a passage that stand for its title


@dataclass(frozen=True)
class Citation:
    """`key` names what is cited in every language, and for as long as it is there.

    `day` is when that last changed or, of a term, a passage and the data, when anything that readers see did.
    `document` is whose words it shows, `author` who wrote the rest of it: no person, and nobody for the document's own
    words. `page` is where it stands now, `kept` where this version can be read later too, if it is kept.
    """

    key: str
    title: str
    language: str
    author: str
    document: str
    day: date
    version: str
    page: str
    files: dict[str, str]  # by the names of their forms
    kept: str = ""
    is_dataset: bool = False
    is_hashed: bool = True

    @property
    def address(self) -> str:
        """Where this version is read, as long as it can be."""
        return self.kept or self.page

    @property
    def publisher(self) -> str:
        return settings.PUBLISHER_NAME

    @property
    def licence(self) -> str:
        return licence()

    @property
    def site(self) -> str:
        return _("Catalogo dell’innovazione sociale")


def cite_entry(card: Card) -> Citation:
    entry = card.entry
    version = content.of_entry(entry, card.links, card.passages, card.lead_ins)
    return Citation(
        key=f"entry:{entry.uid}",
        title=entry.heading,
        language=_language(entry.title_en),
        author=str(EDITORS),
        document=_documents(card.passages),
        day=localdate(entry.updated),
        version=version,
        page=_whole(entry.get_absolute_url()),
        files=_files("initiative-citation", entry.slug),
        kept=_whole(address("entry-version", entry.slug, version)),
    )


def cite_version(
    entry: Initiative, title: tuple[str, str], passages: Iterable[Passage], version: str, since: datetime
) -> Citation:
    """Of what an entry said once: its title then, and the language of that."""
    page = _whole(address("entry-version", entry.slug, version))
    return Citation(
        key=f"entry:{entry.uid}:{version}",
        title=title[0],
        language=title[1],
        author=str(EDITORS),
        document=_documents(passages),
        day=localdate(since),
        version=version,
        page=page,
        files=_files("version-citation", entry.slug, version),
        kept=page,
    )


def cite_term(term: Term, passages: Iterable[Passage], day: date) -> Citation:
    passages = list(passages)
    return Citation(
        key=f"{term.dimension}:{term.slug}",
        title=term.label,
        language=_language(term.name_en),
        author=str(EDITORS),
        document=_documents(passages),
        day=day,
        version=content.of_term(term, passages),
        page=_whole(term.get_absolute_url()),
        files=_files(f"{term.dimension}-citation", term.slug),
    )


def cite_passage(passage: Passage, day: date) -> Citation:
    place = _("%(source)s, passo «%(anchor)s»") % {"source": passage.source.title, "anchor": passage.anchor}
    return Citation(
        key=f"passage:{passage.anchor}",
        title=Truncator(plain(passage.text)).words(OPENING, truncate=" …"),
        language=settings.LANGUAGE_CODE,
        author="",
        document=place,
        day=day,
        version=content.of_passage(passage),
        page=_whole(passage.get_absolute_url()),
        files=_files("passage-citation", passage.anchor),
    )


def cite_dataset(title: str, version: str, day: date, *, is_hashed: bool) -> Citation:
    return Citation(
        key="dataset",
        title=title,
        language=get_language() or settings.LANGUAGE_CODE,
        author=str(EDITORS),
        document="",
        day=day,
        version=version,
        page=_whole(address("data")),
        files=_files("data-citation"),
        is_dataset=True,
        is_hashed=is_hashed,
    )


def _documents(passages: Iterable[Passage]) -> str:
    return " · ".join(dict.fromkeys(passage.source.title for passage in passages))


def _language(translation: str) -> str:
    """Of a text in the reader's language, where it has been translated."""
    return (get_language() if translation else "") or settings.LANGUAGE_CODE


def _whole(path: str) -> str:
    return settings.PUBLIC_URL + path


def _files(name: str, *values: str) -> dict[str, str]:
    return {called: address(name, *values, form) for form, (called, _type) in REFERENCES.items()}
