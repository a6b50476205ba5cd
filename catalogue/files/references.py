"""How reference managers take a citation: RIS and BibTeX.

RIS as Zotero and EndNote read it: a name without a comma is an organisation's, `DATA` is a data set, `ELEC` a page.
"""

import re

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue.files.names import named
from catalogue.formats import REFERENCES
from catalogue.presenters.citation import Citation
from catalogue.presenters.text import NOT_IN_XML
from catalogue.query import not_understood, unknown

SPACE = "innovazione-sociale"  # what keys begin with: they live among those of other sites
_UNWRITABLE = re.compile(rf"{NOT_IN_XML.pattern}|[\x7f-\x9f]")
# Braces have to pair, escaped or not; what stands for a sign is in braces of its own, so that nothing joins it.
_IN_LATEX = str.maketrans(
    {sign: f"\\{sign}" for sign in "%&_#$"}
    | {
        "\\": r"{\textbackslash}",
        "{": r"{\textbraceleft}",
        "}": r"{\textbraceright}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
        "<": r"{\textless}",
        ">": r"{\textgreater}",
        "|": r"{\textbar}",
        "`": r"{\textasciigrave}",
        '"': '{"}',
    }
)
_LIGATURE = re.compile(r"([-',])(?=\1)")  # TeX makes one sign of two
_LANGUAGES = {"it": "italian", "en": "english"}


def as_ris(citation: Citation) -> str:
    day = citation.day.isoformat()
    lines = [
        ("TY", "DATA" if citation.is_dataset else "ELEC"),
        ("ID", f"{SPACE}:{citation.key}"),
        ("AU", citation.author),
        ("TI", citation.title),
        ("T2", citation.site),
        ("PB", citation.publisher),
        ("PY", day[:4]),
        ("DA", day.replace("-", "/")),
        ("ET", citation.version),
        ("LA", citation.language),
        ("N1", _note(citation)),
        ("N1", f"{_('versione del contenuto')} {citation.version}"),  # Zotero's web pages have no field for it
        ("UR", citation.address),
    ]
    written = [f"{tag}  - {_line(value)}" for tag, value in lines if value]
    return "\r\n".join([*written, "ER  - ", ""])


def as_bibtex(citation: Citation) -> str:
    """The types of BibLaTeX that all read: of `dataset` Zotero and BibTeX itself know nothing."""
    day = citation.day.isoformat()
    fields = {
        "author": f"{{{_latex(citation.author)}}}" if citation.author else "",  # an organisation, never cut in two
        "title": f"{{{_latex(citation.title)}}}",  # with its own capitals
        "type": "dataset" if citation.is_dataset else "",
        "organization": _latex(citation.site),
        "publisher": f"{{{_latex(citation.publisher)}}}" if citation.publisher else "",
        "year": day[:4],
        "date": day,
        "version": _latex(citation.version),
        "langid": _LANGUAGES[citation.language],
        "note": _latex(_note(citation)),
        "url": citation.address,  # word for word
    }
    kind = "misc" if citation.is_dataset else "online"
    written = "".join(f",\n  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@{kind}{{{SPACE}:{citation.key}{written}\n}}\n"


WRITERS = {"ris": as_ris, "bib": as_bibtex}


def reference_file(request: HttpRequest, citation: Citation, form: str) -> HttpResponseBase:
    if ignored := unknown(request.GET):
        return not_understood(ignored)
    _called, content_type = REFERENCES[form]
    place = request.path.removeprefix(f"/{get_language()}/").strip("/").removesuffix(f".{form}").split("/")
    name = f"{'_'.join(dict.fromkeys([*place, citation.version]))}.{form}"
    return named(HttpResponse(WRITERS[form](citation), content_type=content_type), name)


def _note(citation: Citation) -> str:
    return _("Dal documento: %(document)s") % {"document": citation.document} if citation.document else ""


def _line(text: str) -> str:
    return " ".join(_UNWRITABLE.sub(" ", text).split())


def _latex(text: str) -> str:
    return _LIGATURE.sub(r"\1{}", _line(text).translate(_IN_LATEX))
