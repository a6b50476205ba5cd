"""Italian at the root, English under /en/: the address alone decides."""

import ast
import re
from collections.abc import Callable, Iterator

import polib
import pytest
import yaml
from bs4 import BeautifulSoup
from django.test import Client
from django.utils.translation.template import templatize

from catalogue.management.commands.makemessages import as_python, is_jinja
from initiatives.models import Initiative, vocabularies
from tests.helpers import ROOT, main_of

pytestmark = pytest.mark.django_db
LOCALE = ROOT / "catalogue" / "locale" / "en"
PAIRS = [
    ("/", "/en/"),
    ("/iniziative/?objective=os-ix&q=cura", "/en/initiatives/?objective=os-ix&q=cura"),
    ("/iniziative/coworking/", "/en/initiatives/coworking/"),
    ("/iniziative/confronta/?i=scale-up&i=coworking", "/en/initiatives/compare/?i=scale-up&i=coworking"),
    ("/obiettivi/os-i/", "/en/objectives/os-i/"),
    ("/categorie/economia-sociale/", "/en/categories/economia-sociale/"),
    ("/settori/inclusione-attiva/", "/en/sectors/inclusione-attiva/"),
    ("/matrice/?columns=level&objective=os-ix&rows=sector", "/en/matrix/?columns=level&objective=os-ix&rows=sector"),
    ("/fonte/", "/en/source/"),
    ("/informazioni/", "/en/about/"),
    ("/accessibilita/", "/en/accessibility/"),
    ("/privacy/", "/en/privacy/"),
]


@pytest.mark.parametrize(("italian", "english"), PAIRS)
def test_each_page_leads_to_its_twin(client: Client, italian: str, english: str) -> None:
    for address, language, twin in ((italian, "it", english), (english, "en", italian)):
        response = client.get(address, headers={"accept-language": "de, en;q=0.9, it;q=0.1"})
        assert response.status_code == 200
        assert response.headers["Content-Language"] == language
        assert response.headers.get("Vary", "Accept-Encoding") in ("Accept-Encoding", "Accept-Encoding, Accept")
        soup = BeautifulSoup(response.content, "lxml")
        assert soup.html is not None
        assert soup.html["lang"] == language
        switch = soup.select_one(".languages a")
        assert switch is not None
        assert switch["href"] == twin


def test_english_pages_quote_the_document_in_italian_and_say_what_is_translated(
    page: Callable[[str], BeautifulSoup],
) -> None:
    soup = main_of(page("/en/initiatives/coworking/"))
    assert "unofficial translation" in soup.get_text()
    quote = soup.select_one("section > blockquote p")
    assert quote is not None
    assert quote["lang"] == "it"
    assert "spazi collaborativi di lavoro" in quote.get_text()
    assert "from the document" in soup.get_text()


CALL = re.compile(r"""\b(p?)(n?)gettext(?:_lazy)?\(|(?<!\w)_\(""")
STRING = re.compile(r"""\s*u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*(,?)""")


def translatable() -> Iterator[tuple[str, str, str]]:
    """Context, text and plural of every string of the code and the templates that gettext translates."""
    for folder in ("catalogue", "initiatives", "taxonomy", "templates"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".html", ".txt", ".svg", ".xml", ".json") and "migrations" not in path.parts:
                text = path.read_text("utf-8")
                if path.suffix == ".py":
                    yield from calls(text)
                else:
                    yield from calls(as_python(text) if is_jinja(path) else templatize(text))


def calls(code: str) -> Iterator[tuple[str, str, str]]:
    for call in CALL.finditer(code):
        strings, end, comma = [], call.end(), ","
        while (string := STRING.match(code, end)) is not None:
            if comma:
                strings.append("")
            strings[-1] += ast.literal_eval(string[1])
            end, comma = string.end(), string[2]
        if strings:  # not a definition, nor a variable
            context = strings.pop(0) if call[1] else ""
            yield context, strings[0], strings[1] if call[2] else ""


def test_every_string_is_translated_and_compiled() -> None:
    folder = LOCALE / "LC_MESSAGES"
    written, compiled = (
        {(e.msgctxt or "", e.msgid, e.msgid_plural): e for e in read(str(folder / name))}
        for read, name in ((polib.pofile, "django.po"), (polib.mofile, "django.mo"))
    )
    assert set(written) == set(translatable()), "run makemessages"
    assert [e.msgid for e in written.values() if not e.translated() or e.fuzzy] == []
    assert set(compiled) == set(written), "run compilemessages"
    for key, entry in written.items():
        assert compiled[key].msgstr == entry.msgstr, "run compilemessages"
        assert compiled[key].msgstr_plural == entry.msgstr_plural, "run compilemessages"


def test_every_entry_and_term_has_its_english() -> None:
    for entry in Initiative.objects.all():
        assert entry.title_en, entry
        assert entry.summary_en, entry
        assert bool(entry.classification_note_en) is bool(entry.classification_note), entry
    for terms in vocabularies().values():
        for term in terms.values():
            assert term.name_en, term
            assert bool(term.note_en) is bool(term.note), term


def test_english_says_one_thing_with_one_word() -> None:
    glossary = yaml.safe_load((LOCALE / "glossary.yaml").read_text("utf-8"))
    avoided = re.compile(
        rf"\b({'|'.join(re.escape(word) for entry in glossary for word in entry.get('not', []))})\b", re.I
    )
    for where, english in english_texts():
        assert not (found := avoided.search(english)), (where, found and found[0])


def english_texts() -> Iterator[tuple[str, str]]:
    """All the English there is: the interface's and the entries'."""
    for entry in polib.pofile(LOCALE / "LC_MESSAGES" / "django.po"):
        for text in (entry.msgstr, *entry.msgstr_plural.values()):
            yield entry.msgid, text
    for name in ("taxonomy", "source", "initiatives", "links"):
        for row in yaml.safe_load((ROOT / "fixtures" / f"{name}.yaml").read_text("utf-8")):
            yield from (
                (f"{name}: {row['fields']}", text) for field, text in row["fields"].items() if field[-3:] == "_en"
            )
    for row in yaml.safe_load((ROOT / "fixtures" / "matches.yaml").read_text("utf-8")):
        yield f"matches: {row['fields']}", re.sub("“[^”]*”", "", row["fields"]["note_en"])  # names are of others
