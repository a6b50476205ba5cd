"""Where the crosswalk picture puts its columns and its words: side by side, and for narrow screens a crossing each.

Lengths are in units of the drawing. A narrow one is shown as wide as 296 to 384 pixels, where its words have 12 to 16.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from catalogue.workbench.flows import COLUMNS


@dataclass(frozen=True, kw_only=True)
class Column:
    """Where its nodes, their labels and its heading stand; `anchor` is the SVG's, for words."""

    heading: str | Promise
    colour: str
    ground: str
    left: int
    right: int
    bars: tuple[tuple[int, int], ...]  # each where it begins and how wide it is
    heading_x: int
    label_x: int
    anchor: str

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def holds_words(self) -> bool:
        return self.left < self.label_x < self.right


@dataclass(frozen=True, kw_only=True)
class Legend:
    """Where an item that stands alone begins, from below the nodes, and how far it is to the next."""

    x: int
    y: int
    dx: int = 0
    dy: int = 0

    def places(self, count: int) -> list[tuple[int, int]]:
        """Of each of its items: a row around the first’s place, or one under the other."""
        return [(self.x + self.dx * (2 * n - count + 1) // 2, self.y + self.dy * n) for n in range(count)]


@dataclass(frozen=True, kw_only=True)
class Layout:
    """`letters` fit a line of words; a name has up to `most` lines."""

    name: str
    width: int
    columns: Mapping[str, Column]
    heading_letters: int
    letters: int
    most: int
    size: int
    line: int
    legend: Legend | None
    above: int  # room between the headings and the nodes


WIDE = Layout(
    name="wide",
    width=1120,
    columns={
        "category": Column(
            heading=gettext_lazy("Categorie d’intervento 2014-20"),
            colour="#00604f",
            ground="#e3f3ef",
            left=250,
            right=264,
            bars=((250, 14),),
            heading_x=264,
            label_x=240,
            anchor="end",
        ),
        "objective": Column(
            heading=gettext_lazy("Obiettivi specifici 2021-27"),
            colour="#004d99",
            ground="#e6f0fa",
            left=442,
            right=678,
            bars=((442, 7), (671, 7)),
            heading_x=560,
            label_x=560,
            anchor="middle",
        ),
        "sector": Column(
            heading=gettext_lazy("Settori prioritari (Allegato D)"),
            colour="#7a3e00",
            ground="#fbeede",
            left=856,
            right=870,
            bars=((856, 14),),
            heading_x=856,
            label_x=880,
            anchor="start",
        ),
    },
    heading_letters=60,
    letters=29,
    most=3,
    size=16,
    line=19,
    legend=Legend(x=480, y=52, dx=270),
    above=24,
)


def _narrow(one: str, other: str) -> Layout:
    """The legend is under the first, which most often is the lower one of the two."""
    is_first = one == COLUMNS[0]
    return Layout(
        name=one,
        width=320,
        columns={
            one: replace(
                WIDE.columns[one], left=0, right=126, bars=((121, 5),), heading_x=0, label_x=6, anchor="start"
            ),
            other: replace(
                WIDE.columns[other], left=194, right=320, bars=((194, 5),), heading_x=194, label_x=205, anchor="start"
            ),
        },
        heading_letters=22,
        letters=19,
        most=5,
        size=13,
        line=16,
        legend=Legend(x=0, y=40, dy=23) if is_first else None,
        above=12,
    )


NARROW = tuple(_narrow(one, other) for one, other in pairwise(COLUMNS))
