"""The page of the data: its files, its dictionary, its examples, which are run; and the versions that people cite."""

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.test import Client

from catalogue.formats import TURTLE, XLSX
from initiatives import content
from initiatives.models import CategoryLink, Initiative, Passage, Source
from taxonomy.models import InterventionCategory, PrioritySector
from tests.helpers import GetPage, fetch, main_of, text
from tests.sites import RunningSite

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/dati/", "/en/data/"])
def test_every_file_is_there(client: Client, page: GetPage, address: str) -> None:
    links = main_of(page(address)).select(".files a")
    assert len(links) >= 7
    for link in links:
        assert fetch(client, str(link["href"]))


def test_limits_are_stated(page: GetPage) -> None:
    said = main_of(page("/dati/")).get_text()
    assert f"fino a {XLSX.most:,} schede".replace(",", ".") in said
    assert f"fino a {TURTLE.most:,} schede".replace(",", ".") in said


def test_dictionary_has_the_columns_of_the_files(client: Client, page: GetPage) -> None:
    rows = main_of(page("/dati/")).select("dt:has(code)")
    header = fetch(client, "/iniziative.csv").decode().removeprefix("\ufeff").splitlines()[0]
    assert [row.get_text().strip().rpartition(" ")[0] for row in rows] == header.split(",")
    rows = main_of(page("/dati/")).select("#dizionario ~ h3 ~ dl dt")
    header = fetch(client, "/classificazioni.csv").decode().removeprefix("\ufeff").splitlines()[0]
    assert [row.get_text() for row in rows] == header.split(",")


def test_page_of_the_api_names_every_address(page: GetPage) -> None:
    said = main_of(page("/dati/api/")).get_text()
    for name in ("initiatives", "categories", "objectives", "sectors", "passages", "matrix", "status", "openapi.json"):
        assert f"/api/v1/{name}" in said
    assert "cura-conciliazione" in said


def test_page_of_the_api_shows_what_the_api_answers(client: Client, page: GetPage) -> None:
    """In Italian, whatever the language of the page."""
    italian, english = (
        [each.get_text() for each in main_of(page(at)).select("pre")] for at in ("/dati/api/", "/en/data/api/")
    )
    assert italian == english
    answers = list(map(json.loads, italian))
    assert len(answers) == 9
    (found,) = (answer for answer in answers if "facets" in answer)
    whole = json.loads(fetch(client, "/api/v1/initiatives/"))
    assert [entry["objective"] for entry in found["results"]] == [entry["objective"] for entry in whole["results"][:2]]
    assert json.loads(fetch(client, "/api/v1/matrix/")) in answers


def example(site: RunningSite, name: str) -> str:
    import urllib.request

    with urllib.request.urlopen(f"{site.url}/dati/") as response:
        found = BeautifulSoup(response.read(), "lxml").select_one(f"#{name}")
    assert found is not None
    return found.get_text()


def test_curl_example_runs(site: RunningSite, tmp_path: Path) -> None:
    ran = subprocess.run(
        ["bash", "-ec", example(site, "curl")], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert '"count":6' in ran.stdout
    assert (tmp_path / "os-ix.csv").read_text("utf-8-sig").count("\n") == 14


def test_pandas_example_runs(site: RunningSite, tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    command = [sys.executable, "-c", example(site, "pandas")]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("13 schede")
    assert re.search(r"aggiunta dalla redazione +6\n", ran.stdout)
    assert "[57 rows x 3 columns]" in ran.stdout, "those of these entries, each with its title"


def test_pandas_reads_text_that_looks_like_a_formula(client: Client) -> None:
    pandas = pytest.importorskip("pandas")
    Initiative.objects.filter(slug="coworking").update(title="=1+1")
    by_csv = pandas.read_csv(io.BytesIO(fetch(client, "/iniziative.csv"))).set_index("Identificativo")
    by_xlsx = pandas.read_excel(io.BytesIO(fetch(client, "/iniziative.xlsx"))).set_index("Identificativo")
    assert by_csv.loc["coworking", "Titolo"] == "'=1+1"
    assert by_xlsx.loc["coworking", "Titolo"] == "=1+1"
    assert list(by_csv.index) == list(by_xlsx.index)
    assert list(by_csv.columns) == list(by_xlsx.columns)


def cited(page: GetPage, address: str, place: str = ".citation") -> str:
    match = re.search(r"versione del contenuto ([\w-]+),", text(page(address), place))
    assert match is not None
    return match[1]


def test_version_changes_with_what_is_cited_and_comes_back(page: GetPage) -> None:
    entry, whole = cited(page, "/iniziative/coworking/"), cited(page, "/dati/")
    other = cited(page, "/iniziative/scale-up/")
    CategoryLink.objects.filter(initiative__slug="coworking").update(basis="editorial")
    assert cited(page, "/iniziative/coworking/") != entry
    assert cited(page, "/dati/") != whole
    assert cited(page, "/iniziative/scale-up/") == other
    CategoryLink.objects.filter(initiative__slug="coworking").update(basis="source")
    assert cited(page, "/iniziative/coworking/") == entry
    assert cited(page, "/dati/") == whole


def change_source() -> None:
    Source.objects.update(note="Altra nota")


def change_tie() -> None:
    Passage.objects.get(anchor="coworking").sectors.add(PrioritySector.objects.get(slug="inclusione-attiva"))


def change_heading() -> None:
    PrioritySector.objects.get(slug="inclusione-attiva").objectives.clear()


def change_name() -> None:
    InterventionCategory.objects.filter(slug="economia-sociale").update(name="Altro nome")


@pytest.mark.parametrize("change", [change_source, change_tie, change_heading, change_name])
def test_version_of_the_whole_takes_all_that_is_said(page: GetPage, change: Callable[[], None]) -> None:
    whole = cited(page, "/dati/")
    change()
    assert cited(page, "/dati/") != whole


def test_version_of_an_entry_takes_the_names_of_its_terms(page: GetPage) -> None:
    entry = cited(page, "/iniziative/coworking/")
    change_name()
    assert cited(page, "/iniziative/coworking/") != entry


def test_version_takes_nothing_from_a_draft_initiative(page: GetPage) -> None:
    Initiative.objects.filter(slug="servizi-di-cura").update(status="draft")
    entry, whole = cited(page, "/iniziative/servizi-infanzia/"), cited(page, "/dati/")
    Initiative.objects.filter(slug="servizi-di-cura").update(slug="altro", title="Altro")
    assert cited(page, "/iniziative/servizi-infanzia/") == entry
    assert cited(page, "/dati/") == whole


def test_version_is_the_same_in_every_copy(page: GetPage) -> None:
    whole = cited(page, "/dati/")
    Initiative.objects.exclude(parent=None).delete()
    Initiative.objects.all().delete()
    assert cited(page, "/dati/") != whole
    call_command("loaddata", "initiatives", "links", verbosity=0)  # under other numbers
    assert cited(page, "/dati/") == whole


def test_drafts_change_no_version(page: GetPage) -> None:
    Initiative.objects.filter(slug="coworking").update(status="draft")
    whole = cited(page, "/dati/")
    Initiative.objects.filter(slug="coworking").update(title="Altro")
    assert cited(page, "/dati/") == whole


def test_every_passage_says_how_to_cite_it(page: GetPage) -> None:
    soup, passage = main_of(page("/fonte/")), Passage.objects.get(anchor="coworking")
    assert not soup.select(".citation")
    asked = soup.select_one("p:has(#coworking) .cite-link")
    assert asked is not None
    (citation,) = main_of(page("/fonte/" + str(asked["href"]).partition("#")[0])).select(".citation")
    said = citation.get_text()
    assert said.endswith("/fonte/#coworking")
    assert content.of_passage(passage) in said
    assert "passo «coworking»" in said


def test_large_catalogue_is_cited_by_its_version_in_the_archive(page: GetPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "MOST_HASHED", 26)
    assert cited(page, "/dati/").split("-")[0].startswith("20")
