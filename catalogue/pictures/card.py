"""The picture that a link to a page is shown with elsewhere."""

from textwrap import wrap

from django.template.loader import render_to_string

from catalogue.presenters.text import in_xml

LETTERS, MOST_LINES = 36, 4  # of a title
COLOURS = {"objective": "#004d99", "category": "#00604f", "sector": "#7a3e00"}
WIDTH, HEIGHT = 1200, 630  # as networks ask for


def card(kind: str, title: str, note: str, dimension: str = "objective") -> str:
    """Drawn in lines; what of the title has no room is left out, and said to be."""
    context = {
        "kind": kind,
        "lines": wrap(title, LETTERS, max_lines=MOST_LINES, placeholder="…"),
        "note": note,
        "colour": COLOURS[dimension],
        "width": WIDTH,
        "height": HEIGHT,
    }
    return in_xml(render_to_string("pictures/card.svg", context))
