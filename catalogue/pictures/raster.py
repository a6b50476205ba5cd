"""Pictures in points, of those drawn in lines: what slides, documents and previews of links take."""

import re
from functools import cache, lru_cache
from html import escape
from pathlib import Path

import bootstrap_italia_template
import resvg_py

DENSITY = 2  # points of the picture a unit, in each direction: sharp on today's screens and on paper
FAMILY = "Titillium Web"
WEIGHTS = ("regular", "600", "700")
NOT_ASCII = re.compile("[^\x00-\x7f]")
# What the site's type has no sign for, written with signs that it has.
OTHERWISE = {"→": "–›", "←": "‹–", "−": "–", "≤": "<=", "≥": ">=", "\u00a0": " ", "\u202f": " "}
ONE_SIGN = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60"><text x="15" y="40">{}</text></svg>'


def as_png(svg: str, density: float = DENSITY) -> bytes:
    """Its type is the site's own: of no other a machine that serves it can be sure. A sign that it lacks is a `?`."""
    return _drawn(NOT_ASCII.sub(lambda sign: _written(sign[0]), svg), density)


def _drawn(svg: str, density: float) -> bytes:
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=density,
            font_files=fonts(),
            font_family=FAMILY,
            sans_serif_family=FAMILY,
            skip_system_fonts=True,
        )
    )


@cache
def fonts() -> list[str]:
    """The theme’s TTF files: with those of another kind, WOFF2 for one, a picture has no words and nobody is told."""
    folder = Path(bootstrap_italia_template.__file__).parent / "static" / "fonts" / "Titillium_Web"
    return [str(folder / f"titillium-web-v10-latin-ext_latin-{weight}.ttf") for weight in WEIGHTS]


@lru_cache(maxsize=2000)  # strangers search for any sign
def _written(sign: str) -> str:
    if sign in OTHERWISE:
        return escape(OTHERWISE[sign])
    return sign if _drawn(ONE_SIGN.format(sign), 1) != _nothing() else "?"


@cache
def _nothing() -> bytes:
    return _drawn(ONE_SIGN.format(""), 1)
