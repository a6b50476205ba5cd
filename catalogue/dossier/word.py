"""A dossier as a Word file, which one can go on editing."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt, RGBColor

from catalogue.dossier.blocks import Block, Citation, Counts, Figure, Heading, Listing, Paragraph, Quote
from catalogue.dossier.contents import Dossier
from catalogue.pictures.codes import code_of
from catalogue.pictures.raster import as_png
from catalogue.pictures.slide import drawing
from catalogue.presenters.text import in_xml, pieces

LOCALES = {"it": "it-IT", "en": "en-GB"}
BLUE, GREY, INK = RGBColor(0x00, 0x4D, 0x99), RGBColor(0x45, 0x5B, 0x71), RGBColor(0x17, 0x32, 0x4D)
FONT = "Arial"  # where it is missing there is one of the same widths: a sheet stays one
MARGIN, TEXT = Cm(1.5), Cm(18)  # around a sheet’s text, and how wide it is
WIDTHS = Cm(10.8), Cm(1.7), Cm(2.6), Cm(2.9)  # of a table’s columns
LONGEST_TITLE = 255  # letters of a property
CODE = Cm(2.4)  # of the cell that a code is in, which takes 2
PICTURE = Cm(18), Cm(6)  # as wide and as high at the most
# Of each style its size and colour, and, in points, the space before and after.
DRESSES = (
    ("Normal", 9.5, INK),
    ("Heading 1", 16, BLUE),
    ("Heading 2", 11.5, BLUE),
    ("Heading 3", 10.5, INK),
    ("Subtitle", 9.5, INK),
    ("Caption", 9, GREY),
    ("Quote", 9.5, INK),
    ("List Bullet", 9.5, INK),
)
SPACES = (
    ("Normal", 0, 4),
    ("Heading 1", 0, 6),
    ("Heading 2", 12, 4),
    ("Heading 3", 10, 2),
    ("Subtitle", 0, 8),
    ("Caption", 0, 4),
    ("Quote", 2, 0),
    ("List Bullet", 0, 1),
)
STYLES = {"lead": "Subtitle", "hint": "Caption"}


def as_docx(dossier: Dossier, language: str, moment: datetime) -> BytesIO:
    document = Document()
    _set_up(document, dossier, language, moment)
    for block in dossier.blocks:
        WRITERS[type(block)](document, block)
    file = BytesIO()
    document.save(file)
    file.seek(0)
    return file


def _set_up(document: Word, dossier: Dossier, language: str, moment: datetime) -> None:
    properties = document.core_properties
    properties.title, properties.author = in_xml(dossier.title)[:LONGEST_TITLE], _("Catalogo dell’innovazione sociale")
    properties.language, properties.comments = LOCALES[language], ""
    properties.created = properties.modified = moment
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    for name, size, colour in DRESSES:
        _dress(document.styles[name], size, colour)
    for name, before, after in SPACES:
        space = document.styles[name].paragraph_format
        space.space_before, space.space_after, space.line_spacing = Pt(before), Pt(after), 1
    document.styles["Quote"].paragraph_format.left_indent = Cm(0.8)
    _speak(document.styles["Normal"].element.get_or_add_rPr(), LOCALES[language])


def _dress(style: Any, size: float, colour: RGBColor) -> None:
    font, fonts = style.font, style.element.get_or_add_rPr().get_or_add_rFonts()
    font.name, font.size, font.color.rgb = FONT, Pt(size), colour
    font.bold, font.italic = style.name.startswith("Heading"), False
    for spacing in style.element.rPr.findall(qn("w:spacing")):
        style.element.rPr.remove(spacing)
    for name in list(fonts.attrib):
        if "heme" in name:  # a theme’s type would win over ours
            del fonts.attrib[name]
    for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(kind), FONT)


def _speak(properties: Any, locale: str) -> None:
    """So that its spelling is checked, and it is read aloud, in its language."""
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), locale)
    properties.append(language)


# Blocks


def _heading(document: Word, block: Heading) -> None:
    paragraph = document.add_heading(level=block.level)
    _words(paragraph, block.text, block.address, block.language)


def _paragraph(document: Word, block: Paragraph) -> None:
    paragraph = document.add_paragraph(style=STYLES.get(block.kind, "Normal"))
    paragraph.paragraph_format.keep_with_next = block.kind == "hint"
    if block.label:
        paragraph.add_run(f"{block.label}: ").bold = True
    _words(paragraph, block.text, "", block.language)


def _quote(document: Word, block: Quote) -> None:
    paragraph = document.add_paragraph(style="Quote")
    paragraph.paragraph_format.keep_with_next = True
    for text, is_emphasis, is_strong in pieces(block.passage.text):
        run = paragraph.add_run(in_xml(text))
        run.italic, run.bold = is_emphasis, is_strong
        _speak(run._r.get_or_add_rPr(), LOCALES["it"])
    source = document.add_paragraph(style="Caption")
    source.paragraph_format.left_indent = Cm(0.8)
    _words(source, block.place, block.address)


def _listing(document: Word, block: Listing) -> None:
    for item in block.items:
        paragraph = document.add_paragraph(style="List Bullet")
        _words(paragraph, item.text, item.address, item.language)
        paragraph.add_run(f" ({item.note})").font.color.rgb = GREY


def _counts(document: Word, block: Counts) -> None:
    document.add_heading(block.caption, level=2)
    table = document.add_table(rows=1, cols=len(block.columns), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = width
    first = table.rows[0]
    for row, values in ((first, block.columns), *((table.add_row(), values) for values in block.rows)):
        for n, (cell, value) in enumerate(zip(row.cells, values, strict=True)):
            cell.width, paragraph = WIDTHS[n], cell.paragraphs[0]
            run = paragraph.add_run(in_xml(str(value)))
            run.bold, run.font.size = row is first, Pt(9)
            paragraph.paragraph_format.space_after = Pt(0)
            if n:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    first._tr.get_or_add_trPr().append(repeated)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _figure(document: Word, block: Figure) -> None:
    crosswalk, (widest, highest) = block.crosswalk, PICTURE
    width = min(widest, Emu(int(highest * crosswalk.wide.width / crosswalk.wide.height)))
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _picture(paragraph, as_png(drawing(crosswalk)), width, block.words)
    _words(document.add_paragraph(style="Caption"), f"{crosswalk.reading} {crosswalk.lined}".rstrip())


def _citation(document: Word, block: Citation) -> None:
    if not block.code:
        _words(document.add_paragraph(), block.text)
        return
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    code, words = table.rows[0].cells
    for column, cell, width in zip(table.columns, (code, words), (CODE, TEXT - CODE), strict=True):
        column.width = cell.width = width
    _picture(code.paragraphs[0], code_of(block.page, "png", 8), Cm(2), block.code_words)
    _words(words.paragraphs[0], block.text)
    _words(words.add_paragraph(style="Caption"), block.hint)


WRITERS: dict[type[Block], Callable[[Word, Any], None]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Quote: _quote,
    Listing: _listing,
    Counts: _counts,
    Figure: _figure,
    Citation: _citation,
}


# Pieces


def _picture(paragraph: Any, png: bytes, width: int, words: str) -> None:
    picture = paragraph.add_run().add_picture(BytesIO(png), width=width)._inline
    picture.docPr.set("descr", in_xml(words))
    for side in "LRTB":  # where nothing is said of it LibreOffice leaves 3 mm
        picture.set(f"dist{side}", "0")


def _words(paragraph: Any, text: str, address: str = "", language: str = "") -> None:
    run = paragraph.add_run(in_xml(text))
    if language:
        _speak(run._r.get_or_add_rPr(), LOCALES[language])
    if address:
        _lead(paragraph, run, address)


def _lead(paragraph: Any, run: Any, address: str) -> None:
    """Puts what was written inside a link, which the library has no way to write."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    paragraph._p.replace(run._r, link)
    link.append(run._r)
    run.font.color.rgb, run.font.underline = BLUE, True
