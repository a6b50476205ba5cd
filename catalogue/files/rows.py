"""What a row of a file holds: of an entry, a link, the matrix or the tables of the coverage."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from catalogue.presenters.cards import Card
from catalogue.presenters.coverage import Coverage
from catalogue.presenters.text import plain
from catalogue.query import Axes, facet_labels
from catalogue.workbench.matrix import Cell, Matrix
from initiatives.facets import Attribution
from initiatives.models import LINKS, Basis


@dataclass(frozen=True)
class Column:
    """`name` is the key in JSON, `label` the header in tables, `meaning` its line in the data dictionary."""

    name: str
    label: str
    meaning: str
    value: Callable[[Card], Any]


def columns() -> list[Column]:
    """In the reader's language."""
    labels = facet_labels()
    own = [
        Column("id", _("Identificativo"), _("Sta nell’indirizzo della voce e non cambia."), lambda c: c.entry.slug),
        Column("title", _("Titolo"), _("Parole del documento, accorciate solo per taglio."), lambda c: c.entry.heading),
        Column("summary", _("Sintesi"), _("Scritta dalla redazione."), lambda c: c.entry.abstract),
        Column("level", labels["level"], _("Iniziativa o misura di un’iniziativa."), lambda c: c.entry.level_name),
        Column(
            "measure_of",
            _("Misura di"),
            _("Identificativo dell’iniziativa di cui è una misura."),
            lambda c: c.entry.public_parent.slug if c.entry.public_parent else "",
        ),
        Column(
            "scope",
            labels["scope"],
            _("Focus del documento, se la riporta; ulteriori esperienze, se la nomina soltanto."),
            lambda c: c.entry.get_scope_display(),
        ),
        Column(
            "funding", _("Fondi"), _("Quelli che si ricavano dal documento."), lambda c: c.entry.get_funding_display()
        ),
    ]
    for dimension in LINKS:
        label = labels[dimension]
        own += [
            Column(dimension, label, _("I valori; «Non classificato» se non ne ha."), _terms_of(dimension)),
            Column(
                f"{dimension}_basis",
                _("%(label)s: base") % {"label": label},
                _("Per ogni valore, nello stesso ordine: secondo il documento o attribuzione redazionale."),
                _bases_of(dimension),
            ),
            Column(
                f"{dimension}_reason",
                _("%(label)s: perché") % {"label": label},
                _("Per ogni valore, nello stesso ordine: le parole del documento o la nota della redazione."),
                _reasons_of(dimension),
            ),
        ]
    return [
        *own,
        Column(
            "note",
            _("Nota sulla classificazione"),
            _("Che cosa, oltre alle attribuzioni, è una lettura della redazione."),
            lambda c: c.entry.reading_note,
        ),
        Column(
            "quotes",
            _("Passi del documento"),
            _("Parola per parola, in italiano, senza corsivi né grassetti."),
            lambda c: [plain(p.text) for p in c.entry.passages.all()],
        ),
        Column(
            "lead_ins",
            _("Parole che introducono l’elenco"),
            _("Del documento; valgono per tutto l’elenco in cui sta la scheda, non per essa sola."),
            lambda c: [plain(p.text) for p in c.entry.lead_ins.all()],
        ),
        Column(
            "updated",
            _("Voce aggiornata il"),
            _("Data della voce nel catalogo, non dell’iniziativa."),
            lambda c: localtime(c.entry.updated).date(),
        ),
        Column(
            "address",
            _("Indirizzo"),
            _("La pagina della voce."),
            lambda c: settings.PUBLIC_URL + c.entry.get_absolute_url(),
        ),
    ]


def _terms_of(dimension: str) -> Callable[[Card], list[str]]:
    return lambda c: [link.term.label for link in c.links[dimension]] or [_("Non classificato")]


def _bases_of(dimension: str) -> Callable[[Card], list[str]]:
    return lambda c: [link.basis_label for link in c.links[dimension]]


def _reasons_of(dimension: str) -> Callable[[Card], list[str]]:
    return lambda c: [_why(link) for link in c.links[dimension]]


def _why(link: Attribution) -> str:
    """The editors' note or, where the document says it, its words."""
    if not link.reason:
        return ""
    if link.basis == Basis.EDITORIAL:
        return link.reason.words
    return plain(link.reason.passage.text) if link.reason.passage else ""


def initiative_rows(shown: Iterable[Card]) -> Iterator[list[Any]]:
    header = columns()
    yield [column.label for column in header]
    for card in shown:
        yield [column.value(card) for column in header]


def classification_rows(shown: Iterable[Card]) -> Iterator[list[Any]]:
    """Entry × value × basis, a row each; what has no value in a classification has a row that says so."""
    of_link = _("Identificativo del valore"), _("Valore"), _("Base"), _("Perché"), _("Passo del documento")
    yield [_("Identificativo"), _("Classificazione"), *of_link]
    labels = facet_labels()
    for card in shown:
        for dimension, links in card.links.items():
            for link in links:
                term, why = (link.term.slug, link.term.label), (_why(link), _passage_address(link))
                yield [card.entry.slug, labels[dimension], *term, link.basis_label, *why]
            if not links:
                yield [card.entry.slug, labels[dimension], "", _("Non classificato"), "", "", ""]


def _passage_address(link: Attribution) -> str:
    passage = link.reason.passage if link.reason else None
    return settings.PUBLIC_URL + passage.get_absolute_url() if passage else ""


def matrix_rows(matrix: Matrix, axes: Axes) -> Iterator[list[Any]]:
    """A row for each value, then the totals, in which an entry counts once; the last is of all entries.

    Beside each count stands how many of it are there on the document's word alone, where that can be said.
    """
    whole, labels = _("Totale delle schede"), facet_labels()
    by_source = _("%(label)s: dal documento")
    heads = [label for head in matrix.columns for label in (head.value.label, by_source % {"label": head.value.label})]
    corner = f"{labels[axes.rows]} / {labels[axes.columns]}"
    yield [corner, *heads, whole, by_source % {"label": whole}]
    for row in matrix.rows:
        yield [row.head.value.label, *(n for cell in (*row.cells, row.head.total) for n in _strata(cell))]
    yield [whole, *(n for head in matrix.columns for n in _strata(head.total)), matrix.found.total, ""]


def _strata(cell: Cell) -> tuple[int, int | str]:
    return cell.count, "" if cell.by_source is None else cell.by_source


def coverage_rows(coverage: Coverage) -> Iterator[list[Any]]:
    """The tables of the page as one: what is counted, of what, how many."""
    yield [_("Che cosa"), _("Di che cosa"), _("Quanti")]
    for use, passages in coverage.passages.items():
        yield [_("Passi del documento"), str(use.label), len(passages)]
    for dimension in coverage.dimensions:
        yield [_("Attribuzioni del documento"), dimension.label, dimension.by_source]
        yield [_("Attribuzioni aggiunte dalla redazione"), dimension.label, dimension.editorial]
        yield [_("Schede senza un valore"), dimension.label, dimension.without]
        yield [_("Schede a cui il documento non dà un valore"), dimension.label, dimension.without_by_source]
