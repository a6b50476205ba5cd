"""What a file is called on the disk of who takes it away: what it is, what it holds, of which day."""

from django.http.response import HttpResponseBase
from django.utils.text import slugify
from django.utils.translation import gettext as _

from catalogue.query import Axes
from catalogue.workbench.selection import short_label, these
from initiatives.facets import FACETS, Selection, Vocabularies
from initiatives.models import Basis
from initiatives.versions import moment_of

LONGEST = 80  # letters before the day: systems and mail programs cut long names
LONGEST_TEXT = 30
# What readers call it otherwise than its address does, which stays.
CALLED = {"incroci": "figura", "crosswalk": "picture", "matrice": "tabella-incrociata", "matrix": "cross-table"}


def file_name(path: str, selection: Selection, terms: Vocabularies, version: int, axes: Axes | None = None) -> str:
    """`iniziative_os-ix_solo-documento_2026-11-25.csv`: letters, digits, `-`, `_` and one dot, whatever is searched."""
    kind, _dot, extension = path.rsplit("/", 1)[-1].rpartition(".")
    parts = [CALLED.get(kind, kind), *(facet for _name, facet in (axes or Axes()).pairs), *_choices(selection, terms)]
    last = [_("solo-documento")] * (selection.basis == Basis.SOURCE)
    while len("_".join(parts + last)) > LONGEST:
        parts = [*parts[: -2 if parts[-1] == _more() else -1], _more()]
    return f"{'_'.join(parts + last)}_{moment_of(version):%Y-%m-%d}.{extension}"


def _choices(selection: Selection, terms: Vocabularies) -> list[str]:
    named = [short_label(facet, value, terms) for facet in FACETS for value in selection.chosen(facet)]
    texts = [selection.q, *([these(selection)] if selection.entries else []), *named]
    slugs = [_shortened(slugify(text)) for text in texts]
    return [slug for slug in slugs if slug]


def _shortened(slug: str) -> str:
    """Between its words, where there are any."""
    if len(slug) <= LONGEST_TEXT:
        return slug
    return slug[: LONGEST_TEXT + 1].rpartition("-")[0] or slug[:LONGEST_TEXT]


def _more() -> str:
    return _("e-altro")


def named(response: HttpResponseBase, name: str) -> HttpResponseBase:
    """To be kept under this name."""
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
