"""One name a thing: words that were replaced by the reader's own stand in no template, message, page or file."""

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import polib
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from tests.helpers import KINDS, ROOT, GetPage, fetch

pytestmark = pytest.mark.django_db
ITALIAN = re.compile(
    r"\b[Vv]oc[ei]\b(?!-)|[Aa]ttribuzion[ei]|redazionale|Focus del documento|\bUlteriori esperienze|\bAmbito\b"
    r"|[Pp]ortare via|[Ss]ervizio per i programmi|seguono le notizie|programma [^.]*è libero|non è stata considerata"
    r"|il parametro|Questa pagina non c’è|Chi legge|Chi redige|contraffatte|Ultima modifica dell’archivio"
    r"|\bA righe dove|è largo quanto|\b[Mm]atric[ei]\b(?![/.?\"])|Scegline una parte"
    r"|non si capisce|senza (?:obiettivo|categoria|settore|i due valori)|\b[lL]a Premessa|\((?:\d+ )?dalla redazione\)"
)
ENGLISH = re.compile(
    r"\b[Aa]ttribution|\bFurther schemes|least width|GET alone|[Ee]ntries chosen|makes no sense|same choices"
    r"|Measure of\b|[Ss]ervice for programs|[Mm]atrices|[Ff]rom the editors|without the two values"
)
ITALIAN_SIGNS = re.compile("«|Catalogo dell’")  # in English, but where both languages are read
FILES = [
    *("csv", "xlsx", "json", "ttl", "classifications", "coverage-csv", "matrix-csv", "matrix-xlsx", "dossier-docx"),
    *("feed", "changes-feed", "crosswalk", "opensearch"),
]
ZIPPED = b"PK"  # as Excel's and Word's files begin
OURS = re.compile(r"\bcat:\w+|catalogo\.ttl#\w+")  # names of linked data, which stay whatever their labels say
SEARCH_KNOWS = ROOT / "initiatives/search/reading.py"  # the words that people type
OF_LICENCES = re.compile("il solo onere di attribuzione|Creative Commons Attribuzione")  # as others name them


def sources() -> list[Path]:
    folders = ("templates", "catalogue", "initiatives", "taxonomy")
    files = (path for folder in folders for path in (ROOT / folder).rglob("*.*") if "migrations" not in path.parts)
    return [path for path in files if path.suffix in {".html", ".py", ".txt", ".svg", ".json", ".xml", ".js", ".ttl"}]


def test_no_template_or_module_says_what_was_replaced() -> None:
    found = {
        path.relative_to(ROOT): ITALIAN.findall(OF_LICENCES.sub("", path.read_text()))
        for path in sources()
        if path != SEARCH_KNOWS
    }
    assert {path: words for path, words in found.items() if words} == {}


def test_no_message_says_what_was_replaced() -> None:
    for message in polib.pofile(str(ROOT / "catalogue/locale/en/LC_MESSAGES/django.po")):
        assert not ITALIAN.search(OF_LICENCES.sub("", f"{message.msgid} {message.msgid_plural}")), message.msgid
        english = f"{message.msgstr} {message.msgstr_plural}"
        assert not ENGLISH.search(english), message.msgid
        assert not ITALIAN_SIGNS.search(english), message.msgid


@pytest.mark.parametrize("address", KINDS)
def test_no_page_says_what_was_replaced(page: GetPage, address: str) -> None:
    italian = page(address)
    english = page(str(italian.select("link[hreflang=en]")[0]["href"]).removeprefix("http://127.0.0.1:8000"))
    for soup, replaced in ((italian, ITALIAN), (english, ENGLISH)):
        for quoted in soup.select("blockquote, code, pre, .wording"):
            quoted.extract()
        assert not replaced.search(soup.get_text(" ")), replaced.findall(soup.get_text(" "))
    assert not ITALIAN_SIGNS.search(english.get_text(" "))


def text_of(file: bytes) -> str:
    if not file.startswith(ZIPPED):
        return OURS.sub("", file.decode())
    with ZipFile(BytesIO(file)) as parts:
        return " ".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))


@pytest.mark.parametrize("name", FILES)
def test_no_file_says_what_was_replaced(client: Client, name: str) -> None:
    for language, replaced in (("it", ITALIAN), ("en", ENGLISH)):
        with override(language):
            address = reverse(name)
        text = text_of(fetch(client, address))
        assert not replaced.search(text), (address, replaced.findall(text))


@pytest.mark.parametrize("address", ["/catalogo.ttl", "/catalogo.jsonld", "/catalogo.rdf", "/api/v1/openapi.json"])
def test_nor_does_what_programs_read_in_both_languages(client: Client, address: str) -> None:
    text = text_of(fetch(client, address))
    for replaced in (ITALIAN, ENGLISH):
        assert not replaced.search(text), replaced.findall(text)


def test_titles_have_the_signs_of_print(page: GetPage) -> None:
    for address in ("/iniziative/", "/tabella/", "/obiettivi/", "/iniziative/servizi-infanzia/", "/figura/"):
        soup = page(address)
        for heading in soup.select("h1, h2, h3, title, .entry-card a, td a"):
            assert not set(heading.get_text()) & set("'\""), heading
    # What is quoted keeps the document's own.
    assert "l'infanzia" in page("/fonte/").get_text()
