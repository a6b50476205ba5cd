"""What a row of a file holds: of an entry, a link, the matrix or the tables of the coverage."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import KW_ONLY, dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from catalogue.files.records import Link, Links, Matched, Record, levels
from catalogue.presenters.coverage import Coverage
from catalogue.query import Axes, facet_labels
from catalogue.workbench.matrix import Cell, Matrix
from initiatives.models import LINKS, Basis, Funding, Scope


@dataclass(frozen=True)
class Field:
    """`name` is the key in JSON, `label` the header in tables, `meaning` its line in the data dictionary.

    `kind` says what its values are: text, several texts, a date or an address.
    """

    name: str
    label: str
    meaning: str
    _: KW_ONLY
    kind: str = "text"
    choices: tuple[str, ...] = ()
    is_required: bool = False
    is_key: bool = False


@dataclass(frozen=True)
class Column(Field):
    value: Callable[[Record], Any]


def columns() -> list[Column]:
    """In the reader's language; new ones stand last, so that who reads by place finds the others where they were."""
    labels = {dimension: facet_labels()[dimension] for dimension in LINKS}
    of_links = [column for dimension, label in labels.items() for column in _columns_of_links(dimension, label)]
    identifiers = [_column_of_slugs(dimension, label) for dimension, label in labels.items()]
    return [*_columns_before_links(), *of_links, *_columns_after_links(), *identifiers, *_columns_of_today()]


def _columns_before_links() -> list[Column]:
    return [
        Column(
            "id",
            _("Identificativo"),
            _("Resta lo stesso anche se cambia l’indirizzo della scheda."),
            lambda r: r.uid,
            is_required=True,
            is_key=True,
        ),
        Column(
            "title",
            _("Titolo"),
            _("Parole del documento, accorciate solo per taglio."),
            lambda r: r.title,
            is_required=True,
        ),
        Column("summary", _("Sintesi"), _("Scritta dalla redazione."), lambda r: r.summary),
        Column(
            "level",
            _("Livello"),
            _("Il tipo di scheda: iniziativa o misura."),
            lambda r: r.level,
            choices=levels(),
            is_required=True,
        ),
        Column(
            "measure_of", _("Misura di"), _("Identificativo dell’iniziativa di cui è una misura."), lambda r: r.parent
        ),
        Column(
            "scope",
            _("Dove ne parla"),
            _("La sezione principale del documento, se la riporta; altrimenti la premessa, che la cita soltanto."),
            lambda r: r.scope,
            choices=_labels(Scope),
            is_required=True,
        ),
        Column(
            "funding",
            _("Fondi"),
            _("Quelli che si ricavano dal documento."),
            lambda r: r.funding,
            choices=_labels(Funding),
            is_required=True,
        ),
    ]


def _columns_of_links(dimension: str, label: str) -> list[Column]:
    return [
        Column(
            dimension,
            label,
            _("I valori; «Non classificato» se non ne ha."),
            _terms_of(dimension),
            kind="several",
            is_required=True,
        ),
        Column(
            f"{dimension}_basis",
            _("%(label)s: origine") % {"label": label},
            _("Per ogni valore, nello stesso ordine: dal documento o aggiunta dalla redazione."),
            _bases_of(dimension),
            kind="several",
        ),
        Column(
            f"{dimension}_reason",
            _("%(label)s: perché") % {"label": label},
            _("Per ogni valore, nello stesso ordine: le parole del documento o la nota della redazione."),
            _reasons_of(dimension),
            kind="several",
        ),
    ]


def _columns_after_links() -> list[Column]:
    return [
        Column(
            "note",
            _("Nota sulla classificazione"),
            _("Che cos’altro, oltre alle classificazioni aggiunte, è una lettura della redazione."),
            lambda r: r.note,
        ),
        Column(
            "quotes",
            _("Passi del documento"),
            _("Parola per parola, in italiano, senza corsivi né grassetti."),
            lambda r: r.quotes,
            kind="several",
        ),
        Column(
            "lead_ins",
            _("Parole che introducono l’elenco"),
            _("Del documento; valgono per tutto l’elenco in cui sta la scheda, non per essa sola."),
            lambda r: r.lead_ins,
            kind="several",
        ),
        Column(
            "updated",
            _("Scheda aggiornata il"),
            _("Data della scheda nel catalogo, non dell’iniziativa."),
            lambda r: r.updated,
            kind="date",
            is_required=True,
        ),
        Column(
            "address",
            _("Indirizzo"),
            _("La pagina della scheda."),
            lambda r: r.address,
            kind="address",
            is_required=True,
        ),
    ]


def _column_of_slugs(dimension: str, label: str) -> Column:
    meaning = _("Per ogni valore, nello stesso ordine; resta lo stesso anche se cambia il nome.")
    header = _("%(label)s: identificativo") % {"label": label}
    return Column(f"{dimension}_id", header, meaning, _slugs_of(dimension), kind="several")


def _columns_of_today() -> list[Column]:
    """Of the objectives."""
    return [
        Column(
            "objective_today",
            _("Obiettivo: codice attuale"),
            _(
                "Per ogni valore, nello stesso ordine: il codice che i programmi di oggi danno all’obiettivo "
                "corrispondente del regolamento (UE) 2021/1057, se c’è."
            ),
            lambda r: tuple(link.matched.codes_today for link in r.links["objective"].each),
            kind="several",
        ),
        Column(
            "objective_today_basis",
            _("Obiettivo: origine del codice attuale"),
            _("La corrispondenza tra l’obiettivo e il codice: aggiunta dalla redazione."),
            lambda r: tuple(link.matched.codes_basis for link in r.links["objective"].each),
            kind="several",
        ),
    ]


def _labels(choices: type[TextChoices]) -> tuple[str, ...]:
    return tuple(str(label) for label in choices.labels)


def _slugs_of(dimension: str) -> Callable[[Record], tuple[str, ...]]:
    return lambda r: r.links[dimension].slugs


def _terms_of(dimension: str) -> Callable[[Record], tuple[str, ...]]:
    none = (_("Non classificato"),)
    return lambda r: r.links[dimension].labels or none


def _bases_of(dimension: str) -> Callable[[Record], tuple[str, ...]]:
    return lambda r: r.links[dimension].bases


def _reasons_of(dimension: str) -> Callable[[Record], tuple[str, ...]]:
    return lambda r: r.links[dimension].whys


def initiative_rows(records: Iterable[Record]) -> Iterator[list[Any]]:
    header = columns()
    yield [column.label for column in header]
    values = [column.value for column in header]
    for record in records:
        yield [value(record) for value in values]


def classification_columns() -> list[Field]:
    """In the reader's language."""
    unclassified = _("Non classificato")
    return [
        Field("id", _("Identificativo"), _("Quello della scheda."), is_required=True),
        Field(
            "classification",
            _("Classificazione"),
            _("Il nome della classificazione."),
            choices=tuple(facet_labels()[dimension] for dimension in LINKS),
            is_required=True,
        ),
        Field("value_id", _("Identificativo del valore"), _("Vuoto se la scheda non ne ha.")),
        Field(
            "value",
            _("Valore"),
            _("Il suo nome; «%(none)s» se la scheda non ne ha.") % {"none": unclassified},
            is_required=True,
        ),
        Field(
            "basis",
            _("Origine"),
            _("Dal documento o aggiunta dalla redazione; vuota se non c’è un valore."),
            choices=(*_labels(Basis), ""),
        ),
        Field("reason", _("Perché"), _("Le parole del documento o la nota della redazione.")),
        Field("passage", _("Passo del documento"), _("L’indirizzo del passo su cui si fonda, se c’è.")),
        Field(
            "matches",
            _("Corrispondenze del valore"),
            _("I valori di altri vocabolari con cui la redazione lo fa corrispondere."),
            kind="several",
        ),
        *(
            Field(name, label, _("Per ogni corrispondenza, nello stesso ordine."), kind="several")
            for name, label in (
                ("match_relation", _("Corrispondenze: tipo")),
                ("match_address", _("Corrispondenze: indirizzo")),
                ("match_basis", _("Corrispondenze: origine")),
            )
        ),
    ]


def classification_rows(classified: Iterable[tuple[str, dict[str, Links]]]) -> Iterator[list[Any]]:
    """Entry × value × basis, a row each; what has no value in a classification has a row that says so."""
    yield [field.label for field in classification_columns()]
    labels, none = facet_labels(), Link("", _("Non classificato"), "", "", "", Matched())
    for uid, links_by_dimension in classified:
        for dimension, links in links_by_dimension.items():
            for row in links.each or [none]:
                *link, matched = row
                yield [uid, labels[dimension], *link, *matched[:4]]


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
        yield [_("Classificazioni dal documento"), dimension.label, dimension.by_source]
        yield [_("Classificazioni aggiunte dalla redazione"), dimension.label, dimension.editorial]
        yield [_("Schede non classificate"), dimension.label, dimension.without]
        yield [_("Schede non classificate dal documento"), dimension.label, dimension.without_by_source]
