"""What an entry quotes of the document: each of its passages with the whole list that it opens."""

from dataclasses import dataclass

from catalogue.presenters.cards import Card
from catalogue.presenters.document import Block, blocks_of
from initiatives.facets import FacetIndex
from initiatives.models import Initiative, Kind, Passage


@dataclass(frozen=True)
class Item:
    """A point of the list, and the measure that comes from it, if one does."""

    block: Block
    measure: Initiative | None


@dataclass(frozen=True)
class Quotation:
    passage: Passage
    items: tuple[Item, ...]

    @property
    def measures(self) -> list[Initiative]:
        return [item.measure for item in self.items if item.measure]


def quote(card: Card, index: FacetIndex) -> list[Quotation]:
    """In the document's order; no list stands under a measure."""
    by_passage = {p.pk: measure for measure in card.entry.public_measures for p in index.passages_of(measure.pk)}
    own = {passage.pk for passage in card.passages}
    lists = _lists(index.passages, own)

    def items(passage: Passage) -> tuple[Item, ...]:
        listed = [block for block in lists.get(passage.pk, ()) if not own & {piece.pk for piece in block.passages}]
        return tuple(Item(block, by_passage.get(block.passages[0].pk)) for block in listed)

    return [Quotation(passage, items(passage)) for passage in card.passages]


def _lists(passages: list[Passage], quoted: set[int]) -> dict[int, list[Block]]:
    """The points of second level, by the last quoted passage of the point that they stand under in their document."""
    lists: dict[int, list[Block]] = {}
    opened: list[Block] = []
    source = None
    for block in blocks_of(passages):
        if block.kind == Kind.SUBITEM and block.passages[0].source_id == source:
            opened.append(block)
        else:
            opened, source = [], block.passages[0].source_id
            if own := [passage.pk for passage in block.passages if passage.pk in quoted]:
                lists[own[-1]] = opened
    return lists
