"""Why an entry stands under a term: the same words wherever the attribution is, and never more than there are."""

from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, SKOS

from catalogue.presenters.text import plain
from initiatives.models import LINKS, Basis, CategoryLink, Initiative, Link, Passage
from taxonomy.models import PrioritySector
from tests.helpers import ROADS, GetPage, add_link, csv_rows, fetch, main_of

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"


def links() -> Iterator[Link]:
    for link in LINKS.values():
        yield from link.objects.select_related("initiative", "term", "passage")


def words_of(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


@pytest.mark.parametrize(("prefix", "note"), [("", "note"), ("/en", "note_en")])
def test_pages_say_why(page: GetPage, prefix: str, note: str) -> None:
    pages: dict[str, BeautifulSoup] = {}
    for link in links():
        address = f"{prefix}/iniziative/{link.initiative.slug}/".replace("/en/iniziative", "/en/initiatives")
        if address not in pages:
            pages[address] = page(address)
        panel = main_of(pages[address]).select_one(".panel .terms")
        assert panel is not None
        (shown,) = [row for row in panel.select("dd") if row.a and str(row.a["href"]).endswith(f"/{link.term.slug}/")]
        assert shown.details is not None, (address, link.term.slug)
        said = words_of(shown.details)
        assert " ".join((getattr(link, note) or "").split()) in said
        assert link.passage
        assert str(shown.select("blockquote a")[-1]["href"]).endswith(f"#{link.passage.anchor}")
        quote = shown.select_one("blockquote p")
        assert quote is not None
        assert words_of(quote) == plain(link.passage.text)


def test_files_and_the_api_say_why(client: Client) -> None:
    rows = {(r["Identificativo"], r["Identificativo del valore"]): r for r in csv_rows(client, "/classificazioni.csv")}
    whole = {r["Identificativo"]: r for r in csv_rows(client, "/iniziative.csv")}
    labels = {
        "objective": "Obiettivo specifico 2021-27",
        "category": "Categoria d’intervento",
        "sector": "Settore prioritario (Allegato D)",
    }
    answers: dict[tuple[str, str], dict[str, Any]] = {}
    for entry in client.get("/api/v1/initiatives/?page_size=100").json()["results"]:
        for dimension in LINKS:
            answers |= {(entry["id"], given["value"]): given for given in entry[dimension]}
    assert len(answers) == 92
    for link in links():
        assert link.passage
        key = link.initiative.slug, link.term.slug
        why = link.note or plain(link.passage.text)
        assert rows[key]["Perché"] == why
        assert rows[key]["Passo del documento"] == f"{SITE}/fonte/#{link.passage.anchor}"
        names, whys = (whole[key[0]][f"{labels[link.dimension]}{column}"].split(" | ") for column in ("", ": perché"))
        assert whys[names.index(link.term.label)] == why
        given = answers[key]
        assert (given["passage"], given["note"] or None, given["note_en"] or None) == (
            link.passage.anchor,
            link.note,
            link.note_en,
        )
    one = client.get("/api/v1/initiatives/coworking/").json()
    assert one["category"][0]["passage"] == "azioni-economia-sociale"
    assert [passage["id"] for passage in one["lead_ins"]] == ["azioni-economia-sociale"]
    assert [passage["id"] for passage in one["passages"]] == ["coworking"]


def test_linked_data_say_why(client: Client) -> None:
    graph = Graph().parse(data=fetch(client, "/iniziative.ttl").decode(), format="turtle")
    cat = f"{SITE}/catalogo.ttl#"
    assert len(set(graph.subjects(RDF.type, URIRef(f"{cat}Attribution")))) == 92
    for link in links():
        assert link.passage
        node = URIRef(f"{SITE}/iniziative/{link.initiative.slug}/#{link.dimension}-{link.term.slug}")
        assert list(graph.objects(node, URIRef(f"{cat}passage"))) == [URIRef(f"{SITE}/fonte/#{link.passage.anchor}")]
        assert {str(note) for note in graph.objects(node, SKOS.note)} == {link.note, link.note_en} - {None}
    entry = URIRef(f"{SITE}/iniziative/coworking/#this")
    assert list(graph.objects(entry, URIRef(f"{cat}leadIn"))) == [URIRef(f"{SITE}/fonte/#azioni-economia-sociale")]


def test_attribution_older_than_the_rule_says_nothing(client: Client, page: GetPage) -> None:
    add_link()
    panel = main_of(page("/iniziative/coworking/")).select_one(".panel .terms")
    assert panel is not None
    assert len(panel.select("dd")) == len(panel.select("details")) + 1
    row = next(
        r for r in csv_rows(client, "/classificazioni.csv?q=coworking") if "cura" in r["Identificativo del valore"]
    )
    assert (row["Perché"], row["Passo del documento"]) == ("", "")
    (entry,) = client.get("/api/v1/initiatives/?q=coworking&category=cura-conciliazione").json()["results"]
    added = next(given for given in entry["category"] if given["value"] == "cura-conciliazione")
    assert (added["passage"], added["note"], added["note_en"]) == (None, "", "")
    fetch(client, "/iniziative.ttl")


@pytest.mark.parametrize("road", ["reason", "lead-in", "wording of a reason", "mark"])
def test_what_one_cites_changes_with_its_reasons(client: Client, page: GetPage, road: str) -> None:
    before = words_of(main_of(page("/iniziative/coworking/")).select(".citation")[0])
    whole = words_of(main_of(page("/dati/")).select(".citation")[0])
    edits = {
        "wording of a reason": lambda: Passage.objects.filter(anchor="os-i").update(text="Altro"),
        "mark": lambda: PrioritySector.objects.update(from_introduction=True),
    }
    (ROADS | edits)[road]()
    assert words_of(main_of(page("/iniziative/coworking/")).select(".citation")[0]) != before
    assert words_of(main_of(page("/dati/")).select(".citation")[0]) != whole


@pytest.mark.parametrize(
    "address", ["/iniziative/?scope=further", "/settori/istruzione-formazione/", "/matrice/?rows=sector"]
)
def test_values_of_the_introduction_are_marked(page: GetPage, address: str) -> None:
    marked = [words_of(tag) for tag in main_of(page(address)).select("label, h1, th, .term")]
    assert any("Istruzione e formazione (dalla premessa)" in words for words in marked)
    assert not any(words.endswith("Istruzione e formazione") for words in marked)


def test_values_of_the_introduction_are_marked_in_files_and_data(client: Client) -> None:
    assert "Servizi pubblici digitali (dalla premessa)" in {
        r["Valore"] for r in csv_rows(client, "/classificazioni.csv")
    }
    assert "Digital public services (from the introduction)" in fetch(client, "/en/initiatives.csv").decode()
    assert "(dalla premessa)" in fetch(client, "/matrice.csv?rows=sector").decode()
    marked = [term["id"] for term in client.get("/api/v1/sectors/").json()["results"] if term["from_introduction"]]
    assert len(marked) == 4
    graph = Graph().parse(data=fetch(client, "/catalogo.ttl").decode(), format="turtle")
    assert {str(of).split("/")[-2] for of, _ in graph.subject_objects(SKOS.editorialNote)} == set(marked)
    assert "dalla premessa" in fetch(client, "/incroci.svg?scope=further").decode()


def test_matrix_tells_the_editors_cells_from_the_documents(client: Client, page: GetPage) -> None:
    cells = {
        str(cell.a["href"]): words_of(cell)
        for cell in main_of(page("/matrice/")).select("tbody td.cell:has(.by-editors)")
        if cell.a is not None
    }
    assert [address.partition("?")[2] for address in cells] == [
        "category=cura-conciliazione&objective=os-ix",
        "category=cura-conciliazione&objective=none",
    ]
    assert all("di cui 0 dal documento" in words for words in cells.values())
    care = next(
        row for row in csv_rows(client, "/matrice.csv") if next(iter(row.values())).startswith("Servizi di cura")
    )
    assert [count for name, count in care.items() if "dal documento" in name] == ["0", "0", "0", "0"]
    answer = client.get("/api/v1/matrix/").json()
    assert sum(map(sum, answer["editorial"])) == CategoryLink.objects.filter(basis=Basis.EDITORIAL).count()
    by_source = client.get("/api/v1/matrix/?basis=source").json()
    assert not any(map(sum, by_source["editorial"]))


def test_passage_that_opens_a_list_shows_what_it_introduces(page: GetPage) -> None:
    block = main_of(page("/fonte/")).select_one("#azioni-economia-sociale")
    assert block is not None
    ties = block.find_parent("div")
    assert ties is not None
    assert len(ties.select(".tie-kind")) == 9
    assert Initiative.objects.filter(lead_ins=Passage.objects.get(anchor="azioni-economia-sociale")).count() == 9
