"""What a dossier is made of: the page and the Word file show the same blocks, with the same words."""

from dataclasses import dataclass

import segno
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

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
class Code(Named):
    """An address to be read by a telephone's camera."""

    address: str
    words: str

    @property
    def drawing(self) -> SafeString:
        code = segno.make(self.address, micro=False)
        return mark_safe(code.svg_inline(border=2, omitsize=True, svgclass=None, lineclass=None))


Block = Heading | Paragraph | Quote | Listing | Counts | Figure | Code
