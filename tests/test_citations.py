"""What one cites, as reference managers take it: files that their own libraries read back, and tags in the pages."""

import re
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import override
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from catalogue.files.references import as_bibtex, as_ris
from catalogue.presenters.citation import Citation
from initiatives import content
from initiatives.history import settle
from initiatives.models import LINKS, Initiative, Passage, PublicEntry, Status
from taxonomy.models import SpecificObjective
from tests.helpers import GetPage, fetch, main_of

SITE = "http://127.0.0.1:8000"
EXAMPLE = Citation(
    key="entry:coworking",
    title="Coworking",
    language="it",
    author="Redazione del catalogo",
    document="Il documento",
    day=date(2026, 11, 25),
    version="0123456789ab",
    page=f"{SITE}/iniziative/coworking/",
    files={},
)


def ris(text: str) -> dict[str, Any]:
    """The one reference of a file."""
    (reference,) = pytest.importorskip("rispy").loads(text)
    return reference


def bibtex(text: str) -> dict[str, str]:
    """The same; what stands for a sign of LaTeX's is that sign again, but in addresses, which are word for word."""
    parsed = pytest.importorskip("bibtexparser").parse_string(text)
    plain = latex().latex_to_text
    assert not parsed.failed_blocks
    (entry,) = parsed.entries
    fields = {f.key: f.value if f.key == "url" else plain(f.value) for f in entry.fields}
    return {"type": entry.entry_type, "key": entry.key, **fields}


@cache
def latex() -> Any:
    """A reader of LaTeX, which does not know these of its signs by itself."""
    reader = pytest.importorskip("pylatexenc.latex2text")
    names = {"braceleft": "{", "braceright": "}", "asciicircum": "^", "less": "<", "greater": ">", "bar": "|"}
    signs = [reader.MacroTextSpec(f"text{name}", sign) for name, sign in names.items()]
    known = reader.get_default_latex_context_db()
    known.add_context_category("signs", signs, prepend=True)
    return reader.LatexNodes2Text(latex_context=known, keep_comments=True)


def files(soup: BeautifulSoup) -> dict[str, str]:
    """The addresses beside a citation, by their endings."""
    found = [str(link["href"]) for link in main_of(soup).select(".cite .hint a:not([href$='/'])")]
    assert len(found) == 2
    return {address.rpartition(".")[2]: address for address in found}


def tags(soup: BeautifulSoup) -> dict[str, str]:
    names = re.compile(r"^(DC|bibo|z)\.|^citation_")
    return {str(tag["name"]): str(tag["content"]) for tag in soup.find_all("meta", attrs={"name": names})}


def pages(language: str) -> list[str]:
    """Of entries, terms and the data."""
    terms = [term for link in LINKS.values() for term in link.vocabulary().objects.all()]
    with override(language):
        return [*(thing.get_absolute_url() for thing in [*Initiative.objects.published(), *terms]), reverse("data")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "langid", "editors"),
    [("it", "italian", "Redazione del catalogo"), ("en", "english", "The editors of the catalogue")],
)
def test_every_citation_is_read_back(client: Client, page: GetPage, language: str, langid: str, editors: str) -> None:
    keys = []
    for address in pages(language):
        soup = page(address)
        cited = main_of(soup).select(".citation")[0].get_text()
        by_form = {form: fetch(client, file).decode() for form, file in files(soup).items()}
        one, other, said = ris(by_form["ris"]), bibtex(by_form["bib"]), tags(soup)
        for title, version, where in (
            (one["title"], one["edition"], one["urls"][0]),
            (other["title"], other["version"], other["url"]),
            (said["DC.title"], said["bibo.edition"], said["citation_public_url"]),
        ):
            assert cited[1:].startswith(title), address
            assert f" {version}, " in cited, address
            assert client.get(where.removeprefix(SITE)).status_code in (200, 302), where
        assert one["notes"][-1].endswith(f" {one['edition']}")
        assert one["language"] == said["DC.language"] == language
        assert other["langid"] == langid
        assert one["date"].replace("/", "-") == other["date"] == said["DC.date"]
        assert one["year"] == other["year"] == other["date"][:4]
        assert one["authors"] == [other["author"]] == [said["DC.publisher"]] == [editors]
        is_data = address in ("/dati/", "/en/data/")
        assert one["type_of_reference"] == ("DATA" if is_data else "ELEC")
        assert said.get("z.itemType") == ("dataset" if is_data else None)
        assert one["id"] == other["key"]
        keys.append(other["key"])
    assert len(set(keys)) == len(keys) == 27 + 12 + 1
    assert all(re.fullmatch(r"innovazione-sociale:[a-z]+(:[a-z0-9_-]+)?", key) for key in keys)


@pytest.mark.django_db
def test_key_is_the_same_in_every_language(client: Client) -> None:
    for italian, english in (("/iniziative/coworking", "/en/initiatives/coworking"), ("/dati", "/en/data")):
        assert len({bibtex(fetch(client, f"{page}.bib").decode())["key"] for page in (italian, english)}) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/fonte/", "/en/source/"])
def test_passages_are_cited_as_the_documents_words(client: Client, page: GetPage, address: str) -> None:
    for passage in Passage.objects.exclude(kind__in=["title", "heading", "subheading"])[::9]:
        soup = page(f"{address}?cite={passage.anchor}")
        (file,) = (a for a in main_of(soup).select("#citazione a") if str(a["href"]).endswith(f"/{passage.anchor}.ris"))
        one = ris(fetch(client, str(file["href"])).decode())
        other = bibtex(fetch(client, str(file["href"]).replace(".ris", ".bib")).decode())
        assert not {"authors", "first_authors"} & one.keys()
        assert "author" not in other
        assert passage.source.title in one["notes"][0]
        assert one["notes"][0] == other["note"]
        assert f"«{passage.anchor}»" in one["notes"][0] or f"“{passage.anchor}”" in one["notes"][0]
        assert one["language"] == "it"
        assert one["edition"] == other["version"] == content.of_passage(passage)
        assert one["urls"] == [other["url"]] == [f"{SITE}{address}#{passage.anchor}"]
        said = tags(soup)
        assert said["DC.title"] == one["title"] == other["title"]
        assert said["citation_public_url"] == other["url"]
        assert "DC.publisher" not in said
    assert not tags(page(address))
    assert not tags(page(f"{address}?cite=manca"))


@pytest.mark.django_db
def test_nobody_is_made_the_author_of_what_is_another_s(page: GetPage) -> None:
    """Zotero cuts the name in a creator's tag in two, and takes `citation_title` for an article of a journal."""
    for address in ("/iniziative/coworking/", "/obiettivi/os-ix/", "/fonte/?cite=coworking", "/dati/"):
        assert not {"DC.creator", "citation_author", "citation_title", "DC.source"} & tags(page(address)).keys()


@pytest.mark.django_db
def test_publisher_and_licence_are_named_where_they_are_known(
    client: Client, page: GetPage, settings: Settings
) -> None:
    settings.PUBLISHER_NAME = "Regione d’Esempio, Settore {A} & B_1"
    settings.DATA_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
    soup = page("/iniziative/coworking/")
    assert tags(soup)["DC.publisher"] == settings.PUBLISHER_NAME
    assert tags(soup)["DC.rights"] == settings.DATA_LICENCE
    by_form = {form: fetch(client, file).decode() for form, file in files(soup).items()}
    assert ris(by_form["ris"])["publisher"] == settings.PUBLISHER_NAME
    assert bibtex(by_form["bib"])["publisher"] == settings.PUBLISHER_NAME


@pytest.mark.django_db
def test_files_have_their_media_types_and_names(client: Client) -> None:
    types = {"ris": "application/x-research-info-systems", "bib": "application/x-bibtex"}
    names = {
        "/iniziative/coworking": "iniziative_coworking",
        "/en/initiatives/coworking": "initiatives_coworking",
        "/obiettivi/os-ix": "obiettivi_os-ix",
        "/en/source/coworking": "source_coworking",
        "/dati": "dati",
    }
    for address, name in names.items():
        for form, media_type in types.items():
            response = client.get(f"{address}.{form}")
            assert response.headers["Content-Type"] == f"{media_type}; charset=utf-8"
            disposition = response.headers["Content-Disposition"]
            assert re.fullmatch(rf'attachment; filename="{name}_[0-9a-f]{{12}}\.{form}"', disposition)
            again = client.get(f"{address}.{form}", headers={"If-None-Match": response.headers["ETag"]})
            assert (again.status_code, again.content) == (304, b"")
            assert client.head(f"{address}.{form}").status_code == 200
            assert client.get(f"{address}.{form}?q=cura").status_code == 400
    for address in ("/iniziative/manca.ris", "/obiettivi/coworking.bib", "/fonte/manca.ris", "/dati.xml"):
        assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_citation_of_a_draft_is_not_there_and_goes_where_its_entry_goes(client: Client) -> None:
    Initiative.objects.filter(slug="scale-up").update(status=Status.DRAFT)
    settle()
    response = client.get("/iniziative/scale-up.ris")
    assert response.status_code == 410
    assert "attachment" not in response.headers.get("Content-Disposition", "")
    entry = Initiative.objects.get(slug="coworking")
    entry.slug = "lavoro-condiviso"
    entry.save()
    settle()
    moved = client.get("/en/initiatives/coworking.bib")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/en/initiatives/lavoro-condiviso.bib")
    assert bibtex(fetch(client, moved.headers["Location"]).decode())["key"].endswith(":coworking"), "the key stays"


@pytest.mark.django_db
def test_version_of_before_is_cited_as_it_was(client: Client, page: GetPage) -> None:
    settle()
    before = ris(fetch(client, "/iniziative/coworking.ris").decode())
    address = before["urls"][0].removeprefix(SITE)
    file = f"{address.removesuffix('/')}.ris"
    assert client.get(file).headers["Location"] == "/iniziative/coworking.ris", "as long as it is today's"
    entry = Initiative.objects.get(slug="coworking")
    entry.title = "Altro titolo"
    entry.save()
    settle()
    assert ris(fetch(client, "/iniziative/coworking.ris").decode())["title"] == "Altro titolo"
    soup = page(address)
    assert files(soup)["ris"] == file
    was = ris(fetch(client, file).decode())
    same = ("title", "edition", "urls", "date", "notes", "language")
    assert {name: was[name] for name in same} == {name: before[name] for name in same}
    assert was["id"] == f"{before['id']}:{before['edition']}"
    assert tags(soup)["bibo.edition"] == before["edition"]
    assert main_of(soup).select_one("#citazione")
    english = client.get(address.replace("/iniziative/", "/en/initiatives/").replace("/versioni/", "/versions/"))
    assert b".bib" in english.content
    assert client.get("/iniziative/coworking/versioni/0123456789ab.ris").status_code == 404
    entry.status = Status.DRAFT
    entry.save()
    settle()
    assert client.get(file).status_code == 410
    assert PublicEntry.objects.filter(uid="coworking").exists()


@pytest.mark.django_db
def test_version_of_a_term_is_that_of_its_words(page: GetPage) -> None:
    def version() -> str:
        return tags(page("/obiettivi/os-ix/"))["bibo.edition"]

    before = version()
    Initiative.objects.filter(slug="coworking").update(title="Altro")
    assert version() == before
    SpecificObjective.objects.filter(slug="os-ix").update(note_en="Another note")
    changed = version()
    assert changed != before
    passage = SpecificObjective.objects.get(slug="os-ix").passages.all()[0]
    Passage.objects.filter(pk=passage.pk).update(text="Altre parole")
    assert version() not in (before, changed)


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/dati", "/obiettivi/os-ix", "/fonte/coworking"])
def test_citations_are_dated_by_what_readers_last_saw_change(client: Client, page: str) -> None:
    def day() -> str:
        return ris(fetch(client, f"{page}.ris").decode())["date"].replace("/", "-")

    settle()
    Initiative.objects.create(slug="bozza", title="Bozza", summary="Sintesi.")
    settle()
    assert day() == "2026-11-25", "not of the draft"
    SpecificObjective.objects.filter(slug="os-ix").update(note_en="Another note")
    settle()
    assert day() == str(localdate())


SIGNS = st.sampled_from("{}\\%&_#$~^\"'`<>|-,;:*@=\n\r\t\x00\x0b\x1b\x7f\x85\u2028\ufffe «»’–àé€😀")
TITLES = st.lists(st.one_of(SIGNS, st.characters(), st.sampled_from(["--", "''", "ER  - ", "parole"])), min_size=1).map(
    "".join
)


def as_read(text: str) -> str:
    """In one line, without what no file can say."""
    kept = "".join(c if c.isprintable() or c.isspace() or ord(c) > 0x9F else " " for c in text)
    kept = re.sub("[\ud800-\udfff\ufffe\uffff]", " ", kept)
    return " ".join(kept.split())


@settings(deadline=None)
@given(TITLES, TITLES)
@example("{", "}")
@example("\\", "a\\")
@example("100% \\textbf{A_1} & #2 $x^2$ ~ “b” \"c\" 'd' ``e''", "a\nER  - \nTY  - BOOK")
@example("“--” --- '' ,, << >> ?` !`", "@online{a, title = {b}}")
def test_whatever_a_title_has_is_read_back(title: str, document: str) -> None:
    read = as_read(title), as_read(document)
    if not all(read):
        return
    citation = replace(EXAMPLE, title=title, document=document)
    with override("it"):
        one, other = ris(as_ris(citation)), bibtex(as_bibtex(citation))
    assert (one["title"], one["notes"][0]) == (read[0], f"Dal documento: {read[1]}")
    assert (other["title"], other["note"]) == (read[0], f"Dal documento: {read[1]}")
    assert one["urls"] == [other["url"]] == [EXAMPLE.page]


def test_lines_end_as_ris_wants_them() -> None:
    with override("it"):
        lines = as_ris(EXAMPLE).split("\r\n")
    assert lines[0] == "TY  - ELEC"
    assert lines[-2:] == ["ER  - ", ""]
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])
