"""Files: the same entries as on the page, in the same order, with every basis, in every form."""

import csv
import io
import json
import random
from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.utils.translation import override
from openpyxl import Workbook, load_workbook

from catalogue.files import records, writers
from catalogue.files import views as files
from catalogue.formats import XLSX
from catalogue.rights import publisher
from initiatives.models import CategoryLink, Initiative
from initiatives.versions import current_version, moment_of
from tests.helpers import FixtureEntry, GetPage, csv_rows, fetch, main_of, total_of
from tests.strategies import VALUES

pytestmark = pytest.mark.django_db


def workbook(client: Client, address: str) -> Workbook:
    return load_workbook(io.BytesIO(fetch(client, address)))


def random_query(rng: random.Random) -> str:
    pairs = [
        (facet, value) for facet, values in VALUES.items() for value in rng.sample(values, rng.choice([0, 0, 1, 2]))
    ]
    pairs += [("basis", "source")] * rng.randint(0, 1)
    pairs += [("q", rng.choice(["servizi", "cura", "famiglie", "impr"]))] * (rng.random() < 0.3)
    pairs += [("order", rng.choice(["position", "title", "level", "-updated", "relevance"]))]
    if rng.random() < 0.4:
        pairs += [("i", slug) for slug in rng.sample(sorted(initiative_slugs()), rng.randint(2, 12))]
    if rng.random() < 0.3:  # what is only ticked narrows nothing
        pairs += [("pick", slug) for slug in rng.sample(sorted(initiative_slugs()), 3)]
    return f"?{urlencode(pairs)}"


def initiative_slugs() -> set[str]:
    return set(Initiative.objects.published().values_list("slug", flat=True))


def slugs_on_pages(page: GetPage, query: str) -> tuple[int, list[str]]:
    """What the list shows, and the table too."""
    soup = page(f"/iniziative/{query}&page_size=100")
    slugs = slugs_of(main_of(soup).select("article h3 a"))
    assert slugs_of(main_of(page(f"/tabella/{query}&page_size=100")).select("tbody th a")) == slugs or not total_of(
        soup
    )
    return total_of(soup), slugs


def slugs_of(links: Iterable[Tag]) -> list[str]:
    return [str(link["href"]).partition("?")[0].split("/")[-2] for link in links]


@pytest.mark.parametrize("seed", range(50))
def test_every_shape_holds_what_the_page_counts(client: Client, page: GetPage, seed: int) -> None:
    rng = random.Random(seed)
    query = random_query(rng)
    total, slugs = slugs_on_pages(page, query)
    while not slugs and seed % 5:  # one in five may be empty
        query = random_query(rng)
        total, slugs = slugs_on_pages(page, query)
    taken = json.loads(fetch(client, f"/iniziative.json{query}"))
    sheet = workbook(client, f"/iniziative.xlsx{query}").worksheets[0]
    assert [row["Identificativo"] for row in csv_rows(client, f"/iniziative.csv{query}")] == slugs
    assert [row["id"] for row in taken["results"]] == slugs
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True) if row[0]] == slugs
    assert list(dict.fromkeys(r["Identificativo"] for r in csv_rows(client, f"/classificazioni.csv{query}"))) == slugs
    assert taken["count"] == len(slugs) == total
    grand = main_of(page(f"/matrice/{query}")).select("tfoot td")[-1:]
    by_rows = fetch(client, f"/matrice.csv{query}").decode().splitlines()[-1]
    crossed = json.loads(fetch(client, f"/api/v1/matrix/{query}"))
    assert [int(cell.get_text()) for cell in grand] == [total] * bool(total)
    assert int(by_rows.rsplit(",", 2)[1]) == crossed["count"] == total
    assert total_of(page(f"/figura/{query}")) == total
    assert ("1 scheda<" if total == 1 else f"{total} schede<") in fetch(client, f"/incroci.svg{query}").decode()
    answer = json.loads(fetch(client, f"/api/v1/initiatives/{query}&page_size=100"))
    assert [entry["id"] for entry in answer["results"]] == slugs
    feed = ElementTree.fromstring(fetch(client, f"/feed/{query}&page_size=100"))
    in_feed = {str(entry.findtext("{*}id")).rpartition(":")[2] for entry in feed.findall("{*}entry")}
    assert answer["count"] == len(in_feed) == int(str(feed.findtext("{*}totalResults"))) == total
    assert in_feed == set(slugs)


def test_every_link_is_taken_away_with_its_basis(client: Client, fixture_entries: list[FixtureEntry]) -> None:
    labels = {"source": "dal documento", "editorial": "aggiunta dalla redazione"}
    taken = {
        (r["Identificativo"], r["Identificativo del valore"], r["Origine"])
        for r in csv_rows(client, "/classificazioni.csv")
    }
    for entry in fixture_entries:
        for terms in entry.terms.values():
            for slug, basis in terms.items():
                assert (entry.slug, slug, labels[basis]) in taken
            if not terms:
                assert (entry.slug, "", "") in taken
    row = next(r for r in csv_rows(client, "/iniziative.csv") if r["Identificativo"] == "servizi-infanzia")
    assert row["Categoria d’intervento: origine"] == "dal documento | aggiunta dalla redazione"
    further = next(r for r in csv_rows(client, "/iniziative.csv") if r["Identificativo"] == "istruzione-formazione")
    assert further["Obiettivo specifico 2021-27"] == "Non classificato"


@pytest.mark.parametrize("title", ["=1+1", "+39 06", "-3", "@SOMMA(A1)", "\t=1"])
def test_title_that_looks_like_a_formula_stays_text(client: Client, title: str) -> None:
    Initiative.objects.filter(slug="coworking").update(title=title)
    for query in ("", "?q=condivis&order=relevance"):
        row = next(r for r in csv_rows(client, f"/iniziative.csv{query}") if r["Identificativo"] == "coworking")
        assert row["Titolo"] == f"'{title}"
    sheet = workbook(client, "/iniziative.xlsx").worksheets[0]
    cell = next(row[1] for row in sheet.iter_rows(min_row=2) if row[0].value == "coworking")
    assert (cell.data_type, cell.value) == ("s", title)


def test_workbook_says_what_it_holds(client: Client) -> None:
    book = workbook(client, "/iniziative.xlsx?objective=os-ix&basis=source")
    data, selection, dictionary = book.worksheets
    assert data.freeze_panes == "A2"
    assert data.auto_filter.ref == "A1:Z14"
    assert data["T2"].is_date
    said = {row[0]: row[1] for row in selection.iter_rows(values_only=True)}
    assert said["Filtri attivi"] == "OS ix (si considera solo la classificazione del documento)"
    assert said["Indirizzo"] == "http://127.0.0.1:8000/iniziative/?basis=source&objective=os-ix"
    assert any("sdoppiamento dell’adattabilità" in str(row[1]) for row in selection.iter_rows(values_only=True))
    assert [row[0].value for row in dictionary.iter_rows()] == [cell.value for cell in data[1]]


@pytest.mark.parametrize("address", ["/iniziative.xlsx?objective=os-ix&q=cura%01", "/en/matrix.xlsx?objective=os-ix"])
def test_workbook_says_what_it_is_before_it_is_opened(client: Client, address: str) -> None:
    said = workbook(client, address).properties
    assert said.title == (
        "Catalogue of social innovation" if "/en/" in address else "Catalogo dell’innovazione sociale"
    )
    assert "OS ix" in said.subject or "SO ix" in said.subject
    with override("en" if "/en/" in address else "it"):
        assert said.creator == str(publisher())
    assert said.created.replace(tzinfo=UTC) == moment_of(current_version())
    assert fetch(client, address) == fetch(client, address), "the same, whenever it is made"


def test_workbook_is_printed_and_leads_on(client: Client) -> None:
    for address, link in (("/iniziative.xlsx?order=title", "U2"), ("/matrice.xlsx", None)):
        sheet = workbook(client, address).worksheets[0]
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$1:$1"
        if link:
            assert sheet[link].hyperlink.target == sheet[link].value


def test_workbook_has_no_more_links_than_excel_takes(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "MOST_LINKS", 10)
    sheet = workbook(client, "/iniziative.xlsx").worksheets[0]
    assert sheet["U10"].hyperlink is not None
    assert sheet["U11"].hyperlink is None
    assert str(sheet["U11"].value).startswith("http")


def test_files_are_in_the_language_of_their_address(client: Client) -> None:
    row = csv_rows(client, "/en/initiatives.csv?objective=os-ix")[0]
    assert row["Specific objective 2021-27: origin"] == "from the document"
    assert row["Address"] == "http://127.0.0.1:8000/en/initiatives/presa-in-carico-integrata/"
    assert "Unclassified" in {r["Value"] for r in csv_rows(client, "/en/classifications.csv?objective=none")}


@pytest.mark.parametrize("query", ["?category=inventata", "?categoria=x", "?order=boh"])
@pytest.mark.parametrize("name", ["iniziative.csv", "iniziative.xlsx", "iniziative.json", "classificazioni.csv"])
def test_file_never_widens_what_was_asked(client: Client, name: str, query: str) -> None:
    response = client.get(f"/{name}{query}")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert query[1:] in json.loads(response.content)["detail"]


def test_draft_is_in_no_file(client: Client) -> None:
    Initiative.objects.filter(slug="modelli-abitativi").update(status="draft")
    for name in ("iniziative.csv", "iniziative.json", "classificazioni.csv"):
        assert b"modelli-abitativi" not in fetch(client, f"/{name}")


def test_too_many_for_a_sheet_are_offered_as_csv(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(XLSX.__dict__, "most", 12)
    response = client.get("/iniziative.xlsx?objective=os-ix")
    assert response.status_code == 400
    link = BeautifulSoup(response.content, "lxml").select_one("main a[href^='/iniziative.csv']")
    assert link is not None
    assert len(csv_rows(client, str(link["href"]))) == 13
    assert fetch(client, "/iniziative.xlsx?objective=os-i")


def test_batches_make_one_file(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = fetch(client, "/iniziative.csv?order=title")
    monkeypatch.setattr(records, "BATCH", 4)
    assert fetch(client, "/iniziative.csv?order=title") == whole


def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    def quotes(text: str) -> str:
        raise RuntimeError

    monkeypatch.setattr(records, "plain", quotes)


def test_file_that_fails_is_no_file(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch)
    client.raise_request_exception = False
    for name in ("iniziative.csv", "iniziative.json", "iniziative.xlsx"):
        assert client.get(f"/{name}").status_code == 500


def test_large_file_that_fails_says_so_and_is_kept_by_nobody(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_AT_ONCE", 26)
    assert len(csv_rows(client, "/iniziative.csv")) == 27
    failing(monkeypatch)
    response = client.get("/iniziative.csv")
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers
    sent: list[bytes] = []
    with pytest.raises(RuntimeError):
        sent.extend(response.streaming_content)  # type: ignore[attr-defined]
    assert b"".join(sent).decode().splitlines()[-1].startswith("FILE INCOMPLETO")


def test_files_name_the_page_they_are_of(client: Client) -> None:
    taken = json.loads(fetch(client, "/iniziative.json?objective=os-ix&pick=coworking&rows=level"))
    assert taken["address"] == "http://127.0.0.1:8000/iniziative/?objective=os-ix"
    book = workbook(client, "/matrice.xlsx?rows=level&columns=scope&order=title&pick=coworking")
    said = dict(book.worksheets[1].iter_rows(values_only=True))
    assert said["Indirizzo"] == "http://127.0.0.1:8000/matrice/?columns=scope&rows=level"
    assert said["Quante"] == 27


def test_unchanged_file_is_not_made_again(client: Client) -> None:
    etag = client.get("/iniziative.csv").headers["ETag"]
    assert client.get("/iniziative.csv", headers={"if-none-match": etag}).status_code == 304
    CategoryLink.objects.update(basis="editorial")
    assert client.get("/iniziative.csv", headers={"if-none-match": etag}).status_code == 200


def strata(cell: Tag) -> tuple[int, int]:
    """Of a cell of the page how many entries, and how many on the document's word: none, if it does not say."""
    words = cell.select_one(".strata-words")
    assert cell.a is not None
    by_source = [int(number) for number in words.get_text().split() if number.isdigit()] if words else [0]
    return int(cell.a.get_text().split()[0]), by_source[0]


def pairs(numbers: Sequence[int | str | None]) -> list[tuple[int, int]]:
    """The same of a row of a file."""
    return [(int(numbers[n] or 0), int(numbers[n + 1] or 0)) for n in range(0, len(numbers), 2)]


@pytest.mark.parametrize("basis", ["all", "source"])
def test_matrix_is_taken_away_as_it_is_shown(client: Client, page: GetPage, basis: str) -> None:
    query = f"?rows=category&columns=sector&basis={basis}"
    shown = [
        [strata(cell) for cell in row.select("td.cell")]
        for row in main_of(page(f"/matrice/{query}")).select("tbody tr, tfoot tr")
    ]
    taken = list(csv.reader(io.StringIO(fetch(client, f"/matrice.csv{query}").decode().removeprefix(writers.BOM))))
    assert [pairs(row[1:]) for row in taken[1:]] == shown
    assert taken[0][0] == "Categoria d’intervento / Settore prioritario (Allegato D)"
    assert taken[0][2] == f"{taken[0][1]}: dal documento"
    sheet, selection = workbook(client, f"/matrice.xlsx{query}").worksheets
    assert [pairs(list(row[1:])) for row in sheet.iter_rows(min_row=2, values_only=True)] == shown
    crossed = json.loads(fetch(client, f"/api/v1/matrix/{query}"))
    cells = [
        [(count, by or 0) for count, by in zip(*row, strict=True)]
        for row in zip(crossed["cells"], crossed["source"], strict=True)
    ]
    assert cells == [row[:-1] for row in shown[:-1]]
    said = dict(selection.iter_rows(values_only=True))
    assert said["Come si conta"] == "Una scheda con due valori sta in due celle e una volta nei totali."
    means = {"all": "il documento non riporta schede", "source": "il documento non mette nessuna scheda"}
    assert means[basis] in said["Celle a zero"]
    assert client.get("/matrice.csv?rows=boh").status_code == 400


def test_text_longer_than_a_cell_is_cut_in_the_workbook_alone(client: Client) -> None:
    Initiative.objects.filter(slug="coworking").update(summary="parola " * 6000)
    row = next(r for r in csv_rows(client, "/iniziative.csv") if r["Identificativo"] == "coworking")
    assert len(row["Sintesi"]) == 42_000
    sheet = workbook(client, "/iniziative.xlsx").worksheets[0]
    cut = next(row[2].value for row in sheet.iter_rows(min_row=2) if row[0].value == "coworking")
    assert len(cut) == writers.LONGEST_CELL
    assert cut.endswith("…")


def test_list_offers_its_files(page: GetPage, client: Client) -> None:
    links: list[Any] = main_of(page("/iniziative/?objective=os-ix&page=1&page_size=10")).select(".downloads a")
    assert [str(link["href"]) for link in links[:3]] == [
        "/dossier/?objective=os-ix",
        "/iniziative.xlsx?objective=os-ix",
        "/iniziative.csv?objective=os-ix",
    ]
    assert len(csv_rows(client, str(links[2]["href"]))) == 13
    assert not main_of(page("/iniziative/?q=zzzz")).select(".downloads")
