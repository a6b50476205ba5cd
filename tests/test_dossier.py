"""A dossier for a meeting: the page and the Word file say the same, and no more than the catalogue does."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from docx import Document
from docx.oxml.ns import qn

from catalogue.dossier.contents import MOST
from initiatives.facets import Selection
from initiatives.models import Initiative
from tests.helpers import current_index

pytestmark = pytest.mark.django_db
ALL = "part=picture&part=counts&part=entries&part=summaries&part=quotations"
SHORT = ["?objective=os-i", "?objective=os-ix"]
QUERIES = [
    "",
    "objective=os-i",
    "objective=os-ix",
    "objective=none",
    "category=economia-sociale",
    "category=cura-conciliazione",
    "category=none",
    "sector=inclusione-attiva",
    "sector=servizi-pubblici-digitali",
    "scope=further",
    "level=measure",
    "basis=source",
    "basis=source&category=cura-conciliazione",
    "q=cura",
    "q=coworking+or+infanzia",
    "i=coworking&i=social-impact-investing",
    "objective=os-i&objective=os-ix",
    "objective=os-ix&category=cura-conciliazione&level=measure",
    "objective=os-i&category=cura-conciliazione",
    "order=title&scope=focus",
]


def words(text: str) -> str:
    return " ".join(text.split())


def texts_of(word: Any) -> Iterator[str]:
    for element in word.element.body.iter(qn("w:p")):
        yield words("".join(node.text or "" for node in element.iter(qn("w:t"))))


def opened(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200, response.content[:200]
    return Document(BytesIO(b"".join(response)))


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("query", QUERIES)
def test_word_file_has_the_texts_of_the_page(client: Client, prefix: str, query: str) -> None:
    asked = "?" + "&".join(filter(None, (query, ALL)))
    says_the_same(client, f"{prefix}/dossier/{asked}", f"{prefix}/dossier.docx{asked}")


@pytest.mark.parametrize("query", ["", "?objective=os-i"])
def test_word_file_of_a_sheet_has_its_texts(client: Client, query: str) -> None:
    says_the_same(client, f"/dossier/{query}", f"/dossier.docx{query}")


def says_the_same(client: Client, page: str, file: str) -> None:
    shown = BeautifulSoup(client.get(page).content, "lxml").select(".dossier")[0]
    word = opened(client, file)
    texts = set(texts_of(word))
    assert not re.search(r"\b\d{4}-\d\d-\d\d\b", " ".join([shown.text, *texts])), "a day that is not in words"
    missing = [tag for tag in shown.select("h1, h2, h3, p, li, th, td, figcaption") if words(tag.text) not in texts]
    assert not missing
    headings = [words(each.text) for each in word.paragraphs if "Heading" in each.style.name]
    assert [words(tag.text) for tag in shown.select("h1, h2, h3")] == headings


@pytest.mark.parametrize(("prefix", "language"), [("", "it-IT"), ("/en", "en-GB")])
def test_word_file_can_be_read_aloud_and_gone_on_with(client: Client, prefix: str, language: str) -> None:
    word = opened(client, f"{prefix}/dossier.docx?objective=os-i&{ALL}")
    assert word.core_properties.title.startswith("OS i")
    assert word.core_properties.language == language
    spoken = word.styles["Normal"].element.rPr.find(qn("w:lang"))
    assert spoken.get(qn("w:val")) == language
    pictures = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    assert len(pictures) == 2
    assert "OS i: 10" in pictures[0]
    assert "?objective=os-i" in pictures[1]
    table, citation = word.tables
    assert "?objective=os-i" in citation.rows[0].cells[1].text
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    quotes = [paragraph for paragraph in word.paragraphs if paragraph.style.name == "Quote"]
    kinds = [after for before, after in pairwise(word.paragraphs) if before.style.name == "Heading 3"]
    assert all(paragraph.paragraph_format.keep_with_next for paragraph in (*kinds, *quotes)), "torn from what follows"
    assert {run._r.rPr.find(qn("w:lang")).get(qn("w:val")) for quote in quotes for run in quote.runs} == {"it-IT"}
    links = {relation.target_ref for relation in word.part.rels.values() if relation.is_external}
    assert any(
        link.endswith("/iniziative/coworking/" if not prefix else "/en/initiatives/coworking/") for link in links
    )


@pytest.mark.parametrize("query", QUERIES)
def test_numbers_are_the_catalogues(client: Client, query: str) -> None:
    """Of each row the document's and the editors' make the whole; of all rows of a value the list has as many."""
    page = BeautifulSoup(client.get(f"/dossier/?{query}").content, "lxml")
    for row in page.select(".dossier-counts tbody tr"):
        total, *parts = (cell.get_text() for cell in row.select("td"))
        if all(parts):
            assert int(total) == sum(map(int, parts)), row
    listed = BeautifulSoup(client.get(f"/iniziative/?{query}").content, "lxml").select("#total strong")[0]
    lead = page.select(".dossier .lead")[0].get_text()
    assert lead.startswith(words(listed.get_text())), (lead, listed)


def test_counts_agree_with_the_facets(client: Client) -> None:
    found = current_index().find(Selection().choosing("category", "cura-conciliazione"))
    rows = BeautifulSoup(client.get("/dossier/?category=cura-conciliazione").content, "lxml").select("tbody tr")
    told = {words(row.select("th")[0].get_text()): int(row.select("td")[0].get_text()) for row in rows}
    assert told["Obiettivo specifico 2021-27: OS ix"] == found.counts["objective"]["os-ix"]
    assert told["Obiettivo specifico 2021-27: Non classificato"] == found.counts["objective"]["none"]


def test_code_leads_to_the_entries(client: Client) -> None:
    reader = pytest.importorskip("zxingcpp")
    image = pytest.importorskip("PIL.Image")
    word = opened(client, "/dossier.docx?objective=os-ix&category=cura-conciliazione")
    blip = word.inline_shapes[-1]._inline.graphic.graphicData.pic.blipFill.blip
    picture = image.open(BytesIO(word.part.related_parts[blip.embed].blob)).convert("L")
    (code,) = reader.read_barcodes(picture)
    assert code.text == "http://127.0.0.1:8000/iniziative/?category=cura-conciliazione&objective=os-ix"


def test_short_word_file_is_one_sheet(client: Client, tmp_path: Path) -> None:
    """With room for three lines more."""
    office = shutil.which("soffice")
    if not office:
        pytest.skip("there is no LibreOffice on this machine")
    names = [f"{prefix}dossier.docx{query}" for prefix in ("/", "/en/") for query in ("", *SHORT)]
    for n, name in enumerate(names):
        word = opened(client, name)
        for _ in range(3):
            word.add_paragraph("·")
        word.save(str(tmp_path / f"{n}.docx"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, *tmp_path.glob("*.docx")], capture_output=True, timeout=120, check=True)
    sheets = [len(re.findall(rb"/Type\s*/Page\b", (tmp_path / f"{n}.pdf").read_bytes())) for n in range(len(names))]
    assert dict(zip(names, sheets, strict=True)) == dict.fromkeys(names, 1)


def test_address_too_long_for_a_code_is_cited_without(client: Client) -> None:
    query = f"?q={'a' * 300}{'%C3%A0' * 100}"
    citation = BeautifulSoup(client.get(f"/dossier/{query}").content, "lxml").select(".dossier-citation")[0]
    assert "/iniziative/?q=aaa" in citation.text
    assert not citation.select("img, .hint")
    word = opened(client, f"/dossier.docx{query}")
    assert not word.inline_shapes
    assert "/iniziative/?q=aaa" in word.paragraphs[-1].text


@pytest.mark.parametrize(
    ("query", "current"),
    [
        ("", ["Breve: una pagina"]),
        ("part=entries&part=picture&part=counts", ["Breve: una pagina"]),
        (ALL, ["Completo"]),
        ("part=picture", []),
    ],
)
def test_page_says_which_form_it_has(client: Client, query: str, current: list[str]) -> None:
    page = BeautifulSoup(client.get(f"/dossier/?objective=os-i&{query}").content, "lxml")
    assert [link.text for link in page.select(".dossier-ways [aria-current]")] == current


def test_what_the_introduction_only_names_says_so(client: Client) -> None:
    for parts in ("", ALL):
        page = BeautifulSoup(client.get(f"/dossier/?scope=further&{parts}").content, "lxml")
        said = page.select(".dossier-entries li, .dossier h3 + .hint")
        assert said
        assert all("solo citata in premessa" in tag.text for tag in said)
        others = BeautifulSoup(client.get(f"/dossier/?scope=focus&{parts}").content, "lxml")
        assert "solo citata" not in others.select(".dossier")[0].text


def test_too_many_entries_are_told_with_ways_on(client: Client) -> None:
    first = Initiative.objects.get(slug="coworking")
    Initiative.objects.bulk_create(
        Initiative(slug=f"altra-{n}", title=f"Altra {n}", summary="Sintesi.", status="published", position=100 + n)
        for n in range(MOST)
    )
    first.save()
    for address in ("/dossier/", "/dossier.docx"):
        response = client.get(address)
        assert response.status_code == 400
        page = BeautifulSoup(response.content, "lxml")
        assert str(MOST) in page.get_text()
        assert page.select("a[href='/iniziative/']")
    assert client.get("/dossier.docx?objective=os-i").status_code == 200


def test_what_is_not_understood_is_told_on_the_page_and_refused_to_files(client: Client) -> None:
    for query in ("part=boh", "objective=inventato", "page=2", "boh=1"):
        assert client.get(f"/dossier.docx?{query}").status_code == 400
        response = client.get(f"/dossier/?{query}")
        assert response.status_code == 200
        assert query.partition("=")[2] in BeautifulSoup(response.content, "lxml").select(".dossier-tools")[0].text


def test_file_is_named_after_what_it_holds(client: Client) -> None:
    named = client.get("/dossier.docx?objective=os-i").headers["Content-Disposition"]
    assert re.fullmatch(r'attachment; filename="dossier_os-i_\d{4}-\d\d-\d\d\.docx"', named)
