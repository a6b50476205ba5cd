"""Puts the passages of a document together again: pieces into paragraphs, paragraphs into lists."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape
from itertools import groupby

from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from initiatives.models import Initiative, Kind, Passage, Source
from taxonomy.models import Term

# "zero" knows no markup at all and escapes HTML; passages use emphasis and nothing else.
_markdown = MarkdownIt("zero").enable("emphasis")


def html(text: str) -> SafeString:
    """The verbatim Markdown of a passage as inline HTML."""
    return mark_safe(_markdown.renderInline(text))


def plain(text: str) -> str:
    """The words of a passage without its emphasis."""
    return unescape(strip_tags(html(text)))


@dataclass(frozen=True)
class Block:
    """A paragraph, heading or list item: its first passage and those that go on in it."""

    passages: list[Passage] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return self.passages[0].kind

    @property
    def is_text(self) -> bool:
        return self.kind not in (Kind.TITLE, Kind.HEADING, Kind.SUBHEADING)

    @property
    def entries(self) -> list[Initiative]:
        return list(dict.fromkeys(entry for passage in self.passages for entry in passage.public_initiatives))

    @property
    def terms(self) -> list[Term]:
        return [
            term
            for passage in self.passages
            for ties in (passage.objectives, passage.categories, passage.sectors)
            for term in ties.all()
        ]


@dataclass(frozen=True)
class Run:
    """Blocks of one kind in a row: for items, one list."""

    kind: str
    blocks: list[Block]


@dataclass(frozen=True)
class Document:
    source: Source
    runs: list[Run]


def present_documents(sources: Iterable[Source], passages: Iterable[Passage]) -> list[Document]:
    blocks: dict[int, list[Block]] = {}
    for passage in passages:
        own = blocks.setdefault(passage.source_id, [])
        if passage.kind != Kind.CONTINUATION or not own:
            own.append(Block())
        own[-1].passages.append(passage)
    return [Document(source, _runs(blocks.get(source.pk, []))) for source in sources]


def _runs(blocks: list[Block]) -> list[Run]:
    return [Run(kind, list(run)) for kind, run in groupby(blocks, key=lambda block: block.kind)]
