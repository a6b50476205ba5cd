"""What the four views of a selection share: the ways from one to the other, the picked entries, the files."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalogue.presenters.comparison import MOST as MOST_COMPARED
from catalogue.presenters.comparison import comparison_query
from catalogue.presenters.text import without_markup
from catalogue.query import Asked, Axes
from catalogue.workbench.selection import basis_label, present_sentence
from initiatives.facets import FACETS, Found, Selection, Vocabularies
from initiatives.versions import moment_of, name_of


@dataclass(frozen=True)
class View:
    """`name` is that of its address; `controls` are the parameters that it alone lets change, `files` what holds it.

    `embed` names the page that shows it inside another site's.
    """

    name: str
    label: str | Promise
    template: str
    controls: tuple[str, ...] = ()
    files: tuple[tuple[str, str | Promise], ...] = ()
    embed: str = ""


LIST = View("initiative-list", gettext_lazy("Elenco"), "workbench/list.html", ("order", "page_size"))
TABLE = View("table", gettext_lazy("Tabella"), "workbench/table.html", ("order", "page_size"))
MATRIX = View(
    "matrix",
    gettext_lazy("Tabella incrociata"),
    "workbench/matrix.html",
    ("rows", "columns"),
    (
        ("matrix-xlsx", gettext_lazy("Tabella incrociata (Excel)")),
        ("matrix-csv", gettext_lazy("Tabella incrociata (CSV)")),
    ),
    "embed-matrix",
)
PICTURE = View(
    "picture",
    gettext_lazy("Figura"),
    "workbench/picture.html",
    (),
    (("crosswalk-png", gettext_lazy("Figura (PNG)")), ("crosswalk", gettext_lazy("Figura (SVG)"))),
    "embed-picture",
)
VIEWS = LIST, TABLE, MATRIX, PICTURE


@dataclass(frozen=True)
class Tab:
    label: str
    address: str
    is_current: bool


def canonical_query(asked: Asked, view: View) -> str:
    """Of what was asked for what the view shows."""
    if "order" in view.controls:
        return asked.selection.bare.query
    axes = asked.axes if "rows" in view.controls else Axes()
    return axes.query(asked.selection)


def present_views(selection: Selection, current: View) -> list[Tab]:
    return [Tab(str(view.label), reverse(view.name) + selection.query, view is current) for view in VIEWS]


def unshown(selection: Selection, view: View, ticks: Collection[str]) -> list[tuple[str, str]]:
    """What the page has no control for, so that the form keeps it; `ticks` are the entries that have a box to tick."""
    controls = {"q", "basis", "page", *FACETS, *view.controls}
    shown = {("pick", slug) for slug in ticks}
    return [pair for pair in selection.pairs if pair[0] not in controls and pair not in shown]


@dataclass(frozen=True)
class Picked:
    """The entries that are ticked; each address is empty where it would lead to nothing."""

    slugs: tuple[str, ...]
    only: str
    compare: str
    none: str
    is_too_many: bool


def present_picked(asked: Asked, found: Found) -> Picked:
    """To be looked at alone, whatever else was chosen, or beside each other."""
    selection, slugs = asked.selection, asked.picked
    none = replace(selection, carried=tuple(asked.axes.pairs))
    compared = slugs or (selection.entries if found.total == len(selection.entries) else ())
    can_compare = 2 <= len(compared) <= MOST_COMPARED
    return Picked(
        slugs,
        replace(none.whole, basis=selection.basis, entries=tuple(sorted(slugs))).query if slugs else "",
        reverse("compare") + comparison_query(compared) if can_compare else "",
        none.at_page(selection.page).query,
        len(slugs) > MOST_COMPARED,
    )


@dataclass(frozen=True)
class File:
    label: str
    address: str


def present_files(selection: Selection, axes: Axes, view: View) -> list[File]:
    """What the view shows first, then the entries: the workbook before the CSV, which Excel opens less well."""
    selection = selection.without("page_size", "carried")
    own = [File(str(label), reverse(name) + _own_query(name, selection, axes)) for name, label in view.files]
    papers = File(_("Dossier per una riunione (PDF o Word)"), reverse("dossier") + selection.query)
    return [*own, papers, *(File(label, reverse(name) + selection.query) for name, label in _of_entries())]


def _own_query(name: str, selection: Selection, axes: Axes) -> str:
    return selection.without("order").query if name.startswith("crosswalk") else axes.query(selection)


def present_embed(view: View, query: str, title: str, heights: tuple[int, int]) -> str:
    """What one pastes into another site's page; shown, it is text."""
    address, (wide, narrow) = settings.PUBLIC_URL + reverse(view.embed) + query, heights
    said = f'src="{escape(address)}" title="{escape(title)}"'
    # An attribute has no media queries: the difference makes a page narrower than 700 pixels take the second height.
    height = f"clamp({wide}px, (700px - 100vw) * 999, {narrow}px)"
    return f'<iframe {said} width="100%" height="{wide}" style="height: {height}" loading="lazy"></iframe>'


def _of_entries() -> Sequence[tuple[str, str]]:
    return (
        ("xlsx", "Excel"),
        ("csv", "CSV"),
        ("json", "JSON"),
        ("ttl", "RDF"),
        ("classifications", _("Classificazioni (CSV)")),
    )


def present_account(total: int, selection: Selection, terms: Vocabularies, address: str, version: int) -> str:
    """How a number was come by, to be pasted in a note; `address` is the one that gives it."""
    by_anyone = replace(selection, basis="all")
    sentence = without_markup(present_sentence(by_anyone, terms)) if by_anyone.active else _("nessuno")
    said = {
        "count": ngettext("%(n)s scheda", "%(n)s schede", total) % {"n": total},
        "filters": sentence,
        "basis": basis_label(selection.basis).lower(),
        "address": address,
        "day": f"{moment_of(version):%Y-%m-%d}",
        "version": name_of(version),
    }
    return (
        _(
            "%(count)s del Catalogo dell’innovazione sociale. Filtri attivi: %(filters)s. Classificazione: %(basis)s. "
            "Indirizzo: %(address)s – Dati aggiornati al %(day)s, versione %(version)s."
        )
        % said
    )
