"""What a selection takes away: the entries of its page, all of them, in its order, in every form of file."""

import csv
import datetime
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from initiatives.document import plain
from initiatives.facets import Catalogue
from initiatives.matrix import Axes, Matrix
from initiatives.models import LINKS, Initiative
from initiatives.presenters import FACET_LABELS, Vocabularies

BATCH = 1000  # entries read at once: all that a file of any size takes of memory
MOST_IN_XLSX = 100_000
LONGEST_CELL = 32_767
MOST_IN_RDF = 10_000  # about 15 s: its limit is time, its memory is that of a batch
SEPARATOR = " | "  # between the values of one cell
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2
BOM = "\ufeff"  # Excel reads a CSV as UTF-8 only if it begins so


@dataclass(frozen=True)
class File:
    """A form in which a selection is taken away; `file_type` is its name among the EU's file types."""

    content_type: str
    file_type: str
    title: str | Promise


FILES = {  # by the name of their address
    "csv": File("text/csv; charset=utf-8", "CSV", gettext_lazy("Voci (CSV)")),
    "xlsx": File(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX", gettext_lazy("Voci (Excel)")
    ),
    "json": File("application/json", "JSON", gettext_lazy("Voci (JSON)")),
    "ttl": File("text/turtle; charset=utf-8", "RDF_TURTLE", gettext_lazy("Voci (RDF Turtle)")),
    "classifications": File("text/csv; charset=utf-8", "CSV", gettext_lazy("Classificazioni (CSV)")),
}


@dataclass(frozen=True)
class Column:
    """`name` is the key in JSON, `label` the header in tables, `says` its line in the data dictionary."""

    name: str
    label: str
    says: str
    value: Callable[[Initiative], Any]


@dataclass(frozen=True)
class About:
    """One thing that a file says of itself."""

    name: str
    label: str
    says: str | int | datetime.date


def columns() -> list[Column]:
    """In the reader's language."""
    made = [
        Column("id", _("Identificativo"), _("Sta nell’indirizzo della voce e non cambia."), lambda e: e.slug),
        Column("title", _("Titolo"), _("Parole del documento, accorciate solo per taglio."), lambda e: e.heading),
        Column("summary", _("Sintesi"), _("Scritta dalla redazione."), lambda e: e.abstract),
        Column("level", _("Livello"), _("Iniziativa o misura di un’iniziativa."), lambda e: e.level_name),
        Column(
            "measure_of",
            _("Misura di"),
            _("Identificativo dell’iniziativa di cui è una misura."),
            lambda e: e.public_parent.slug if e.public_parent else "",
        ),
        Column(
            "scope",
            _("Ambito"),
            _("Focus del documento, se la riporta; ulteriori esperienze, se la nomina soltanto."),
            lambda e: e.get_scope_display(),
        ),
        Column("funding", _("Fondi"), _("I fondi indicati dal documento."), lambda e: e.get_funding_display()),
    ]
    for dimension in LINKS:
        label = str(FACET_LABELS[dimension])
        made += [
            Column(dimension, label, _("I valori; «Non classificato» se non ne ha."), _terms_of(dimension)),
            Column(
                f"{dimension}_basis",
                _("%(label)s: base") % {"label": label},
                _("Per ogni valore, nello stesso ordine: secondo il documento o attribuzione redazionale."),
                _bases_of(dimension),
            ),
        ]
    return [
        *made,
        Column(
            "note", _("Nota sulla classificazione"), _("Perché la redazione l’ha letta così."), lambda e: e.reading_note
        ),
        Column(
            "quotes",
            _("Passi del documento"),
            _("Parola per parola, in italiano, senza corsivi né grassetti."),
            lambda e: [plain(p.text) for p in e.passages.all()],
        ),
        Column(
            "updated",
            _("Voce aggiornata il"),
            _("Data della voce nel catalogo, non dell’iniziativa."),
            lambda e: localtime(e.updated).date(),
        ),
        Column(
            "address", _("Indirizzo"), _("La pagina della voce."), lambda e: settings.PUBLIC_URL + e.get_absolute_url()
        ),
    ]


def _terms_of(dimension: str) -> Callable[[Initiative], list[str]]:
    return lambda entry: [link.term.label for link in entry.links[dimension]] or [_("Non classificato")]


def _bases_of(dimension: str) -> Callable[[Initiative], list[str]]:
    return lambda entry: [link.basis_label for link in entry.links[dimension]]


def entries(catalogue: Catalogue, ids: Iterable[int], terms: Vocabularies) -> Iterator[Initiative]:
    """The entries of these ids, in their order, with all that a row shows, a batch at a time."""
    rest = iter(ids)
    while batch := list(islice(rest, BATCH)):
        found = Initiative.objects.select_related("parent").in_bulk(batch)
        links = catalogue.links(tuple(batch))
        # An entry deleted since the ids were found is left out here, and then the file is made again.
        made = [found[pk].with_links(links[pk], terms) for pk in batch if pk in found]
        prefetch_related_objects(made, "passages")
        yield from made


def in_xml(text: str) -> str:
    """Without the characters that XML has no way to write; editors and searches may have them."""
    return NOT_IN_XML.sub("", text)


def as_csv(rows: Iterable[list[Any]]) -> Iterator[str]:
    """RFC 4180 for spreadsheets: what looks like a formula stays text."""
    writer = csv.writer(_Echo())
    yield BOM
    for row in rows:
        yield writer.writerow([_plain(value) for value in row])


def _plain(value: Any) -> str:
    text = SEPARATOR.join(value) if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


class _Echo:
    def write(self, text: str) -> str:
        return text


def initiative_rows(shown: Iterable[Initiative]) -> Iterator[list[Any]]:
    described = columns()
    yield [column.label for column in described]
    for entry in shown:
        yield [column.value(entry) for column in described]


def classification_rows(shown: Iterable[Initiative]) -> Iterator[list[Any]]:
    """Entry × value × basis, a row each; what has no value in a classification has a row that says so."""
    yield [_("Identificativo"), _("Classificazione"), _("Identificativo del valore"), _("Valore"), _("Base")]
    for entry in shown:
        for dimension, links in entry.links.items():
            label = str(FACET_LABELS[dimension])
            for link in links:
                yield [entry.slug, label, link.term.slug, link.term.label, link.basis_label]
            if not links:
                yield [entry.slug, label, "", _("Non classificato"), ""]


def as_json(about: list[About], shown: Iterable[Initiative]) -> Iterator[str]:
    described = columns()
    yield json.dumps({item.name: item.says for item in about}, ensure_ascii=False, default=str)[:-1] + ', "results": ['
    for number, entry in enumerate(shown):
        row = {column.name: column.value(entry) for column in described}
        yield (",\n" if number else "\n") + json.dumps(row, ensure_ascii=False, default=str)
    yield "\n]}\n"


def matrix_rows(crossed: Matrix, axes: Axes) -> Iterator[list[Any]]:
    """A row for each value, then the totals, in which an entry counts once; the last is of all entries."""
    whole = _("Totale delle voci")
    yield [
        f"{FACET_LABELS[axes.rows]} / {FACET_LABELS[axes.columns]}",
        *(column.label for column in crossed.columns),
        whole,
    ]
    for row in crossed.rows:
        yield [row.total.label, *(cell.count for cell in row.cells), row.total.count]
    yield [whole, *(column.count for column in crossed.columns), crossed.found.total]


def as_xlsx(title: str, rows: Iterable[list[Any]], *notes: tuple[str, Sequence[About | Column]]) -> IO[bytes]:
    """A workbook: the rows under their header, then a sheet for each of the notes. Whoever sends the file closes it."""
    with ExitStack() as failing:
        file = failing.enter_context(tempfile.TemporaryFile())
        with Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
            bold, left = book.add_format({"bold": True}), book.add_format({"align": "left", "text_wrap": True})
            date = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
            _add_data(book.add_worksheet(title), rows, bold, date)
            for name, lines in notes:
                _add_notes(book.add_worksheet(name), lines, (bold, left, date))
        file.seek(0)
        failing.pop_all()
    return file


def _add_data(sheet: Worksheet, rows: Iterable[list[Any]], bold: Format, date: Format) -> None:
    sheet.freeze_panes(1, 0)
    number = last = 0
    for number, row in enumerate(rows):
        last = len(row) - 1
        for place, value in enumerate(row):
            _write(sheet, number, place, value, None if number else bold, date)
    sheet.set_column(0, last, 28)
    sheet.autofilter(0, 0, number, last)


def _add_notes(sheet: Worksheet, lines: Iterable["About | Column"], formats: tuple[Format, Format, Format]) -> None:
    bold, left, date = formats
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 100)
    for number, line in enumerate(lines):
        sheet.write_string(number, 0, line.label, bold)
        _write(sheet, number, 1, line.says, left, date)


def _write(sheet: Worksheet, number: int, place: int, value: Any, format: Format | None, date: Format) -> None:
    if isinstance(value, int):
        sheet.write_number(number, place, value, format)
    elif isinstance(value, datetime.date):
        sheet.write_datetime(number, place, value, date)
    else:
        sheet.write_string(number, place, _cut(SEPARATOR.join(value) if isinstance(value, list) else value), format)


def _cut(text: str) -> str:
    """A cell takes 32,767 characters: longer texts end with an ellipsis there; the other files have them whole."""
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"
