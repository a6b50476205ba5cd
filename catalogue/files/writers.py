"""The forms of files, each made of rows: CSV, JSON, Excel."""

import datetime
import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import lru_cache
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings

from catalogue.files.records import Record
from catalogue.files.rows import Column
from catalogue.presenters.about import About

if TYPE_CHECKING:
    from xlsxwriter.format import Format as CellFormat
    from xlsxwriter.worksheet import Worksheet

# A line of a sheet of notes: its label and what it says.
Note = tuple[str, Any]
LONGEST_CELL = 32_767
MOST_LINKS = 65_530  # in a sheet; Excel mends one that has more by dropping them all
LONGEST_LINK = 2_079
A4 = 9
SEPARATOR = " | "  # between the values of one cell
FORMULAS = frozenset("=+-@\t\r\n")  # begin what a spreadsheet would calculate
BOM = "\ufeff"  # Excel reads a CSV as UTF-8 only if it begins so
REMEMBERED = 10_000  # values, as they are written in one file
_needs_quotes = re.compile('[",\r\n]').search


def as_csv(rows: Iterable[list[Any]]) -> Iterator[str]:
    """RFC 4180 for spreadsheets: what looks like a formula stays text.

    Most cells, the long ones above all, say what many entries say: each is written once, while the standard library's
    writer would look at every character of every row.
    """
    cell = lru_cache(maxsize=REMEMBERED, typed=True)(_cell)
    yield BOM
    for row in rows:
        yield ",".join(map(cell, row)) + "\r\n"


def _cell(value: Any) -> str:
    text = SEPARATOR.join(value) if isinstance(value, tuple) else str(value)
    safe = f"'{text}" if text[:1] in FORMULAS else text
    return '"{}"'.format(safe.replace('"', '""')) if _needs_quotes(safe) else safe


def as_json(about: About, columns: Sequence[Column], records: Iterable[Record]) -> Iterator[str]:
    head = {fact.name: fact.value for fact in about.facts}
    yield json.dumps(head, ensure_ascii=False, default=str)[:-1] + ', "results": ['
    said = lru_cache(maxsize=REMEMBERED, typed=True)(json.JSONEncoder(ensure_ascii=False, default=str).encode)
    names, values = ([f"{said(column.name)}: " for column in columns], [column.value for column in columns])
    for number, record in enumerate(records):
        row = [name + said(value(record)) for name, value in zip(names, values, strict=True)]
        yield f"{',' if number else ''}\n{{{', '.join(row)}}}"
    yield "\n]}\n"


def as_xlsx(
    title: str, rows: Iterable[list[Any]], *notes: tuple[str, Iterable[Note]], properties: Mapping[str, Any]
) -> IO[bytes]:
    """A workbook: the rows under their header, then a sheet for each of the notes. Whoever sends the file closes it."""
    from xlsxwriter import Workbook  # no page needs it

    with ExitStack() as failing:
        file = failing.enter_context(tempfile.TemporaryFile())
        with Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
            book.set_properties(properties)
            bold, left = book.add_format({"bold": True}), book.add_format({"align": "left", "text_wrap": True})
            date = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
            _add_data(book.add_worksheet(title), rows, bold, date)
            for name, lines in notes:
                _add_notes(book.add_worksheet(name), lines, (bold, left, date))
        file.seek(0)
        failing.pop_all()
    return file


def _add_data(sheet: "Worksheet", rows: Iterable[list[Any]], bold: "CellFormat", date: "CellFormat") -> None:
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)  # as wide as one page, as long as it needs
    sheet.repeat_rows(0)
    number = last = 0
    for number, row in enumerate(rows):
        last = len(row) - 1
        for place, value in enumerate(row):
            _write(sheet, number, place, value, None if number else bold, date)
    sheet.set_column(0, last, 28)
    sheet.autofilter(0, 0, number, last)


def _add_notes(sheet: "Worksheet", lines: Iterable[Note], formats: tuple["CellFormat", ...]) -> None:
    bold, left, date = formats
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 100)
    for number, (label, value) in enumerate(lines):
        sheet.write_string(number, 0, label, bold)
        _write(sheet, number, 1, value, left, date)


def _write(
    sheet: "Worksheet", number: int, place: int, value: Any, format: "CellFormat | None", date: "CellFormat"
) -> None:
    if isinstance(value, int):
        sheet.write_number(number, place, value, format)
    elif isinstance(value, datetime.date):
        sheet.write_datetime(number, place, value, date)
    elif number < MOST_LINKS and _is_link(value):
        sheet.write_url(number, place, value)
    else:
        sheet.write_string(number, place, _cut(SEPARATOR.join(value) if isinstance(value, tuple) else value), format)


def _is_link(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(settings.PUBLIC_URL) and len(value) <= LONGEST_LINK


def _cut(text: str) -> str:
    """A cell takes 32,767 characters: longer texts end with an ellipsis there; the other files have them whole."""
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"
