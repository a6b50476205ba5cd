"""What a dossier is made of: the page and the Word file show the same blocks, with the same words."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from catalogue.pictures.codes import address_of_code
from catalogue.workbench.crosswalk import Crosswalk
from initiatives.models import Passage


class Named:
    """By what a template, which cannot ask for its type, knows it."""

    @property
    def name(self) -> str:
        return type(self).__name__


@dataclass(frozen=True)
class Heading(Named):
    """Of level 1 there is one; `language` is said where it is not the reader's."""

    text: str
    level: int
    address: str = ""
    language: str = ""


@dataclass(frozen=True)
class Paragraph(Named):
    """`label` goes before it, in bold; it may be what one reads first (`lead`) or beside something (`hint`)."""

    text: str
    label: str = ""
    kind: str = ""
    language: str = ""


@dataclass(frozen=True)
class Quote(Named):
    """The document's words."""

    passage: Passage
    address: str

    @property
    def place(self) -> str:
        return _("Nel documento: %(anchor)s") % {"anchor": self.passage.anchor}


@dataclass(frozen=True)
class Item:
    text: str
    note: str
    address: str
    language: str


@dataclass(frozen=True)
class Listing(Named):
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Counts(Named):
    """A table; all but the first of its columns are numbers, or empty."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]


@dataclass(frozen=True)
class Figure(Named):
    """`words` say its numbers to those who do not see it."""

    crosswalk: Crosswalk
    words: str


@dataclass(frozen=True)
class Citation(Named):
    """`page` of the site is what it cites; `hint` says what the code beside it is for, where there is one."""

    text: str
    page: str
    hint: str

    @property
    def code(self) -> str:
        """Where its picture is."""
        return address_of_code(self.page)

    @property
    def code_words(self) -> str:
        return f"QR: {settings.PUBLIC_URL}{self.page}"


Block = Heading | Paragraph | Quote | Listing | Counts | Figure | Citation
