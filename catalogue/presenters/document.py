"""Puts the passages of a document together again: pieces into paragraphs, paragraphs into lists; and what it says of
something."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString

from catalogue.presenters.reading import present_reading
from catalogue.presenters.text import plain
from initiatives.facets import FacetIndex, Selection
from initiatives.models import Initiative, Kind, Passage, Source
from initiatives.search.marks import snippet
from initiatives.search.reading import AS_WRITTEN
from initiatives.search.words import Atom
from taxonomy.models import Term


@dataclass(frozen=True)
class Block:
    """A paragraph, heading or list item: its first passage and those that go on in it."""

    passages: tuple[Passage, ...]

    @property
    def kind(self) -> str:
        return self.passages[0].kind

    @property
    def anchors(self) -> list[str]:
        return [passage.anchor for passage in self.passages]

    @property
    def is_text(self) -> bool:
        return self.kind not in (Kind.TITLE, Kind.HEADING, Kind.SUBHEADING)

    @property
    def entries(self) -> list[Initiative]:
        return list(dict.fromkeys(entry for passage in self.passages for entry in passage.initiatives.all()))

    @property
    def introduced(self) -> list[Initiative]:
        """The entries of the list that it opens, where they do not come from it too."""
        entries = dict.fromkeys(entry for passage in self.passages for entry in passage.introduced.all())
        own = set(self.entries)
        return [entry for entry in entries if entry not in own]

    @property
    def terms(self) -> list[Term]:
        return [term for p in self.passages for ties in (p.objectives, p.categories, p.sectors) for term in ties.all()]


@dataclass(frozen=True)
class Run:
    """Blocks of one kind in a row: for items, one list."""

    kind: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    source: Source
    runs: tuple[Run, ...]

    @property
    def contents(self) -> list[Block]:
        """Its headings."""
        headings = (Kind.HEADING, Kind.SUBHEADING)
        return [block for run in self.runs for block in run.blocks if block.kind in headings]


@dataclass(frozen=True)
class FoundPassage:
    anchor: str
    snippet: SafeString
    entries: list[Initiative]


@dataclass(frozen=True)
class FoundInDocument:
    """The passages that have a text, in their order, and how many entries of the catalogue have it."""

    passages: list[FoundPassage]
    reading: SafeString
    also: list[str]
    wanted: tuple[Atom, ...]
    entries: int
    entries_query: str
    exact_query: str


def find_in_document(index: FacetIndex, q: str, passages: Iterable[Passage]) -> FoundInDocument:
    reading, entries = index.reading(q), Selection(q=q)
    having = {passage.pk for passage in index.passages_with(q)}
    return FoundInDocument(
        [_found_passage(passage, reading.wanted) for passage in passages if passage.pk in having],
        present_reading(reading, index.terms),
        index.also_in_document(q),
        reading.wanted,
        index.total(entries),
        entries.query,
        Selection(q=f"{AS_WRITTEN}{q}").query,
    )


def _found_passage(passage: Passage, wanted: tuple[Atom, ...]) -> FoundPassage:
    text = plain(passage.text)
    return FoundPassage(passage.anchor, snippet([text], wanted) or escape(text), list(passage.initiatives.all()))


def present_documents(sources: Iterable[Source], passages: Iterable[Passage]) -> list[Document]:
    by_source: dict[int, list[Passage]] = {}
    for passage in passages:
        by_source.setdefault(passage.source_id, []).append(passage)
    return [Document(source, _runs(blocks_of(by_source.get(source.pk, [])))) for source in sources]


def passages_beside(anchor: str, documents: Iterable[Document]) -> tuple[Passage, ...]:
    """Those of the text that a passage stands in, itself too; of a heading none."""
    blocks = (block for document in documents for run in document.runs for block in run.blocks)
    return next((block.passages for block in blocks if block.is_text and anchor in block.anchors), ())


def blocks_of(passages: list[Passage]) -> list[Block]:
    """A continuation goes on in the block before it, if there is one."""
    blocks: list[list[Passage]] = []
    for passage in passages:
        if passage.kind == Kind.CONTINUATION and blocks:
            blocks[-1].append(passage)
        else:
            blocks.append([passage])
    return [Block(tuple(pieces)) for pieces in blocks]


def _runs(blocks: list[Block]) -> tuple[Run, ...]:
    return tuple(Run(kind, tuple(run)) for kind, run in groupby(blocks, key=lambda block: block.kind))
