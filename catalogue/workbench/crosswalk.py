"""The crosswalk picture: categories → specific objectives → priority sectors, ribbons as wide as their entries.

Lengths are in units of a drawing, which is as wide as its layout says and as high as its fullest column asks.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from textwrap import wrap
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalogue.query import Axes
from catalogue.workbench.facets import FacetValue
from catalogue.workbench.flows import COLUMNS, Flow, flows_of
from catalogue.workbench.layouts import NARROW, WIDE, Column, Layout
from catalogue.workbench.selection import short_label
from initiatives.facets import NONE, FacetIndex, Found, Selection, Vocabularies
from initiatives.models import Basis
from taxonomy.models import INTRODUCTION

MARGIN, GAP = 8, 8  # around a label; between nodes, at least
HEADING = 20  # where its first line stands
# All that goes from a column to the next; one entry of it, at most and, in the largest catalogues, at least.
RIBBONS, THICKEST, THINNEST = 290, 24, 1.5
EVERY = 7  # how far the lines of an editorial band are from each other
GREY, PALE = "#5b6f82", "#f3f6f9"


class RibbonWords(NamedTuple):
    """What it joins, its counts, its query string."""

    pair: str
    counts: str
    query: str


# Of the ribbon between two sides, each a dimension and a value of it.
WordsOfRibbons = Mapping[tuple[tuple[str, str], tuple[str, str]], RibbonWords]


@dataclass(frozen=True)
class Line:
    text: str
    is_bold: bool
    y: float


@dataclass(frozen=True, kw_only=True)
class Node:
    """As high as the ribbons on its fuller side; its words count an entry once."""

    column: Column
    colour: str
    ground: str
    title: str
    query: str
    y: float
    height: float
    ground_y: float
    ground_height: float
    lines: tuple[Line, ...]

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True)
class Band:
    """`kind` is a basis, or `none` where neither side has a link; what is the editors' is drawn in lines.

    Drawn as shapes of their own, because what makes slides of a picture seldom knows an SVG's patterns.
    """

    kind: str
    path: str
    lines: str


@dataclass(frozen=True)
class Ribbon:
    pair: str
    counts: str
    query: str
    bands: tuple[Band, ...]


@dataclass(frozen=True)
class Crossing:
    """Two neighbouring columns; `matrix` is the query string that gives the same numbers as a matrix."""

    name: str
    left: Column
    right: Column
    matrix: str
    ribbons: tuple[Ribbon, ...]

    @property
    def title(self) -> str:
        return f"{self.left.heading} → {self.right.heading}"


class Heading(NamedTuple):
    column: Column
    lines: tuple[Line, ...]


class LegendItem(NamedTuple):
    """Where it begins, the kind of band, and what it means."""

    x: int
    y: float
    kind: str
    label: str


@dataclass(frozen=True)
class Drawing:
    layout: Layout
    height: float
    headings: tuple[Heading, ...]
    nodes: tuple[Node, ...]
    crossings: tuple[Crossing, ...]
    legend: tuple[LegendItem, ...]

    @property
    def width(self) -> int:
        return self.layout.width

    def fitted(self, left: int, top: int, width: int, height: int) -> str:
        """The transformation that puts it as large as it fits in the middle of a frame."""
        scale = min(width / self.width, height / self.height)
        x, y = left + (width - self.width * scale) / 2, top + (height - self.height * scale) / 2
        return f"translate({x:.1f} {y:.1f}) scale({scale:.3f})"


@dataclass(frozen=True)
class Crosswalk:
    """Without nodes where nothing was found or where a column has too many: then the matrices stand for it.

    On narrow screens a drawing of each crossing stands for the wide one; it has the same ribbons, as thick.
    """

    query: str
    is_exact: bool  # no ribbon is wider than its entries, for being too thin to see
    wide: Drawing
    narrow: tuple[Drawing, ...]

    @property
    def title(self) -> str:
        return _("Dalle categorie 2014-20 agli obiettivi e ai settori 2021-27")

    @property
    def reading(self) -> str:
        widths = _("Più un nastro è spesso, più schede collega.")
        twice = _(
            "Una scheda con due valori sta in due nastri: perciò un rettangolo può essere più alto di quanto dica"
            " il suo numero."
        )
        thinnest = [] if self.is_exact else [_("I nastri più sottili hanno una larghezza minima.")]
        return " ".join([widths, *thinnest, twice])

    @property
    def framed(self) -> tuple[int, int]:
        """How high it is in pixels with its words inside another site's page, a wide one and a narrow one."""
        heights = [drawing.height for drawing in self.narrow]
        return round(max(self.wide.height, *heights)) + 180, round(sum(heights)) + 360

    @property
    def lined(self) -> str:
        """Nothing where no ribbon is."""
        if all(item.kind != Basis.EDITORIAL for item in self.wide.legend):
            return ""
        return _("Il tratteggio indica che almeno una delle due classificazioni è aggiunta dalla redazione.")

    @property
    def caveat(self) -> str:
        return _("Il documento classifica per sezione, non scheda per scheda.")


@dataclass(frozen=True)
class Unplaced:
    """A node that has no place yet; of a label's lines the bold ones are marked."""

    value: FacetValue
    height: float
    label: list[tuple[str, bool]]
    line: int

    @property
    def room(self) -> float:
        return max(self.height, self.line * len(self.label) + MARGIN)


def draw(index: FacetIndex, selection: Selection, found: Found) -> Crosswalk:
    """Of a facet with choices only the chosen values are nodes: no address could open another ribbon."""
    columns, flows = flows_of(index, selection, found)
    unit = min(THICKEST, RIBBONS / max(1, *(_entries(flows, dimension) for dimension in COLUMNS)))
    words, kinds = _ribbon_words(selection, flows, index.terms), _kinds(selection, flows)
    wide, *narrow = (_drawing(layout, selection, columns, flows, unit, words, kinds) for layout in (WIDE, *NARROW))
    return Crosswalk(
        query=selection.without("order", "page_size", "carried").query,
        is_exact=all(n * unit >= THINNEST for flow in flows for n in flow.parts.values()),
        wide=wide,
        narrow=tuple(narrow),
    )


def _drawing(
    layout: Layout,
    selection: Selection,
    columns: Mapping[str, list[FacetValue]],
    flows: list[Flow],
    unit: float,
    words: WordsOfRibbons,
    kinds: list[tuple[str, str]],
) -> Drawing:
    flows = [flow for flow in flows if {flow.left[0], flow.right[0]} <= layout.columns.keys()]
    headings = tuple(_heading(column, layout) for column in layout.columns.values())
    top = max(heading.lines[-1].y for heading in headings) + layout.above
    blocks = {d: [_unplaced(v, d, flows, unit, layout) for v in columns[d]] for d in layout.columns}
    room = max(map(_room, blocks.values()))
    nodes: dict[tuple[str, str], Node] = {}
    for dimension in _from_the_fullest(blocks):
        tops = _tops(dimension, blocks[dimension], flows, nodes, top, room)
        nodes |= _stacked(selection, dimension, layout, blocks[dimension], tops)
    ribbons = _ribbons(flows, nodes, unit, words)
    end = top + room
    places = layout.legend.places(len(kinds)) if layout.legend else []
    return Drawing(
        layout=layout,
        height=max((end + y for _x, y in places), default=end),
        headings=headings,
        nodes=tuple(nodes[dimension, block.value.value] for dimension in blocks for block in blocks[dimension]),
        crossings=tuple(
            Crossing(
                one,
                layout.columns[one],
                layout.columns[other],
                Axes(one, other).crossing(selection).query,
                tuple(ribbons[one]),
            )
            for one, other in pairwise(layout.columns)
        ),
        legend=tuple(LegendItem(x, end + y, *kind) for (x, y), kind in zip(places, kinds, strict=False)),
    )


def _heading(column: Column, layout: Layout) -> Heading:
    lines = _wrapped(str(column.heading), layout.heading_letters)
    return Heading(column, tuple(Line(text, True, HEADING + layout.line * n) for n, text in enumerate(lines)))


def _kinds(selection: Selection, flows: list[Flow]) -> list[tuple[str, str]]:
    """Those of the bands that are drawn, with their meaning."""
    drawn = {kind for flow in flows for kind in flow.parts}
    kinds = [*Basis.choices, (NONE, _unattributed(selection))]
    return [(kind, str(label)) for kind, label in kinds if kind in drawn]


def _thickness(count: int, unit: float) -> float:
    return max(THINNEST, count * unit)


def _flow_thickness(flow: Flow, unit: float) -> float:
    return sum(_thickness(n, unit) for n in flow.parts.values())


def _entries(flows: list[Flow], dimension: str) -> int:
    return sum(sum(flow.parts.values()) for flow in flows if flow.left[0] == dimension)


def _unplaced(value: FacetValue, dimension: str, flows: list[Flow], unit: float, layout: Layout) -> Unplaced:
    node = dimension, value.value
    leaving = sum(_flow_thickness(flow, unit) for flow in flows if flow.left == node)
    arriving = sum(_flow_thickness(flow, unit) for flow in flows if flow.right == node)
    return Unplaced(value, max(leaving, arriving), _label(value, layout), layout.line)


def _label(value: FacetValue, layout: Layout) -> list[tuple[str, bool]]:
    """Each line and whether it is bold: the name of what has a code comes after it."""
    count = how_many(value.count)
    if value.term is None:
        whole = f"{value.label} · {count}"
        fits = len(whole) <= layout.letters
        return [(whole, True)] if fits else [(str(value.label), True), (count, True)]
    origin = _wrapped(f"({INTRODUCTION})", layout.letters) if value.term.from_introduction else []
    name = _wrapped(value.term.title, layout.letters, layout.most - len(origin))
    lines = [(line, False) for line in (*name, *origin)]
    return [(f"{value.term.code} · {count}", True), *lines] if value.term.code else [*lines, (count, True)]


@lru_cache(maxsize=400)
def _wrapped(text: str, letters: int, most: int | None = None) -> list[str]:
    return wrap(text, letters, max_lines=most, placeholder="…")


def _room(column: list[Unplaced]) -> float:
    return sum(block.room for block in column) + GAP * max(0, len(column) - 1)


def _from_the_fullest(blocks: Mapping[str, list[Unplaced]]) -> list[str]:
    """The column that leaves no room, then those beside it."""
    dimensions = list(blocks)
    fullest = dimensions.index(max(dimensions, key=lambda dimension: _room(blocks[dimension])))
    return sorted(dimensions, key=lambda dimension: abs(dimensions.index(dimension) - fullest))


def _tops(
    dimension: str,
    blocks: list[Unplaced],
    flows: list[Flow],
    nodes: Mapping[tuple[str, str], Node],
    top: float,
    room: float,
) -> list[float]:
    """Where each begins: as near to the nodes that it is tied to as their order and the room allow."""
    tops, free = [], top
    for block in blocks:
        tops.append(max(free, _wanted((dimension, block.value.value), flows, nodes, free) - block.room / 2))
        free = tops[-1] + block.room + GAP
    end = top + room
    for n, block in reversed(list(enumerate(blocks))):
        tops[n] = min(tops[n], end - block.room)
        end = tops[n] - GAP
    return tops


def _wanted(side: tuple[str, str], flows: list[Flow], nodes: Mapping[tuple[str, str], Node], otherwise: float) -> float:
    """The mean middle of the nodes that have a place and are tied to it."""
    ties = [(flow.right if flow.left == side else flow.left, flow) for flow in flows if side in (flow.left, flow.right)]
    weights = [(nodes[other].middle, sum(flow.parts.values())) for other, flow in ties if other in nodes]
    total = sum(weight for _middle, weight in weights)
    return sum(middle * weight for middle, weight in weights) / total if total else otherwise


def _stacked(
    selection: Selection, dimension: str, layout: Layout, blocks: list[Unplaced], tops: list[float]
) -> dict[tuple[str, str], Node]:
    nodes, column, line = {}, layout.columns[dimension], layout.line
    for block, top in zip(blocks, tops, strict=True):
        value, middle = block.value, top + block.room / 2
        first = middle - line * len(block.label) / 2 + 0.75 * line  # the baseline is at three quarters of a line
        ground_y, ground_height = _ground(column, block, top)
        nodes[dimension, value.value] = Node(
            column=column,
            colour=column.colour if value.term else GREY,
            ground=column.ground if value.term else PALE,
            title=f"{column.heading}: {value.label}, {how_many(value.count)}",
            query=selection.only(dimension, value.value).query,
            y=round(middle - block.height / 2, 1),
            height=round(block.height, 1),
            ground_y=ground_y,
            ground_height=ground_height,
            lines=tuple(
                Line(text, is_bold, round(first + line * n, 1)) for n, (text, is_bold) in enumerate(block.label)
            ),
        )
    return nodes


def _ground(column: Column, block: Unplaced, top: float) -> tuple[float, float]:
    """Where words stand on a node it is as high as they are."""
    height = block.room if column.holds_words else block.height
    return round(top + (block.room - height) / 2, 1), round(height, 1)


def _ribbon_words(selection: Selection, flows: list[Flow], terms: Vocabularies) -> WordsOfRibbons:
    # Many ribbons share a side, or a count.
    names = {side: short_label(*side, terms) for flow in flows for side in (flow.left, flow.right)}
    choosing = {flow.left: selection.only(*flow.left) for flow in flows}
    counts, unattributed = cache(_counts), _unattributed(selection)
    return {
        (flow.left, flow.right): RibbonWords(
            f"{names[flow.left]}, {names[flow.right]}",
            counts(tuple(flow.parts.items()), unattributed),
            choosing[flow.left].only(*flow.right).query,
        )
        for flow in flows
    }


def _ribbons(
    flows: list[Flow], nodes: Mapping[tuple[str, str], Node], unit: float, words: WordsOfRibbons
) -> Mapping[str, list[Ribbon]]:
    """By the dimension on their left."""
    ribbons: defaultdict[str, list[Ribbon]] = defaultdict(list)
    starts = _starts([flow.left for flow in flows], flows, nodes, unit)
    ends = _starts([flow.right for flow in flows], flows, nodes, unit)
    for flow, start, end in zip(flows, starts, ends, strict=True):
        from_x, to_x = nodes[flow.left].column.right, nodes[flow.right].column.left
        bands = _bands(flow.parts, unit, (from_x, start), (to_x, end))
        ribbons[flow.left[0]].append(Ribbon(*words[flow.left, flow.right], tuple(bands)))
    return ribbons


def _starts(
    sides: list[tuple[str, str]], flows: list[Flow], nodes: Mapping[tuple[str, str], Node], unit: float
) -> list[float]:
    """Where each flow meets the node on this side of it: one under the other, in the middle of the node."""
    sums: defaultdict[tuple[str, str], float] = defaultdict(float)
    offsets = []
    for side, flow in zip(sides, flows, strict=True):
        offsets.append(sums[side])
        sums[side] += _flow_thickness(flow, unit)
    return [nodes[side].middle - sums[side] / 2 + offset for side, offset in zip(sides, offsets, strict=True)]


def _bands(
    parts: Mapping[str, int], unit: float, start: tuple[float, float], end: tuple[float, float]
) -> Iterator[Band]:
    (x, y), (to_x, to_y) = start, end
    for kind, count in parts.items():
        height = _thickness(count, unit)
        lines = _lines(count, height) if kind == Basis.EDITORIAL else 0
        tops = (height * (n + 0.25) / lines for n in range(lines))
        inside = "".join(_swath(x, y + top, to_x, to_y + top, height / lines / 2) for top in tops)
        yield Band(kind, _swath(x, y, to_x, to_y, height), inside)
        y, to_y = y + height, to_y + height


def _lines(count: int, height: float) -> int:
    """One an entry, as long as one can tell them from each other."""
    return count if height >= count * EVERY else max(1, round(height / EVERY))


def _swath(x: float, y: float, to_x: float, to_y: float, height: float) -> str:
    half = (x + to_x) / 2
    there = f"M{x:g} {y:.1f}C{half:g} {y:.1f} {half:g} {to_y:.1f} {to_x:g} {to_y:.1f}v{height:.1f}"
    return f"{there}C{half:g} {to_y + height:.1f} {half:g} {y + height:.1f} {x:g} {y + height:.1f}z"


def how_many(count: int) -> str:
    return ngettext("%(n)s scheda", "%(n)s schede", count) % {"n": count}


def _unattributed(selection: Selection) -> str:
    if selection.basis == Basis.SOURCE:  # the editors may have given a value
        return _("non classificate dal documento in entrambe")
    return _("non classificate in entrambe")


_WORDS = {
    Basis.SOURCE.value: gettext_lazy("%(n)s dal documento"),
    Basis.EDITORIAL.value: gettext_lazy("%(n)s con una classificazione aggiunta dalla redazione"),
}


def _counts(parts: tuple[tuple[str, int], ...], unattributed: str) -> str:
    """`13 schede, 13 dal documento`."""
    by_kind = (str(_WORDS.get(kind, unattributed)) % {"n": count} for kind, count in parts)
    return ", ".join([how_many(sum(count for _, count in parts)), *by_kind])
