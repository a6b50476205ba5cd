"""The crosswalk picture: its numbers against counting by hand, its ribbons against the lists that they open."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import combinations, pairwise, product
from typing import Any
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pytest_django import DjangoAssertNumQueries

from catalogue.workbench.crosswalk import draw
from catalogue.workbench.flows import COLUMNS, MOST_NODES
from initiatives.facets import FACETS, Pairs, Selection
from initiatives.models import CategoryLink, Initiative
from initiatives.versions import current_version, name_of
from taxonomy.models import InterventionCategory
from tests.helpers import FixtureEntry, GetPage, current_index, main_of, total_of
from tests.oracle import PlainSQL
from tests.strategies import catalogues, make, matches, selections, values

pytestmark = pytest.mark.django_db
NAMED = r'attachment; filename="{}_\d{{4}}-\d\d-\d\d\.svg"'
SVG = "{http://www.w3.org/2000/svg}"
ADDED = "con una classificazione aggiunta dalla redazione"
NO_CATEGORY, NO_OBJECTIVE = "non classificata per categoria", "non classificata per obiettivo"
CURA = "Servizi di cura e di organizzazione del lavoro a sostegno della conciliazione"


def by_hand(rows: Iterable[Mapping[str, Any]], basis: str, one: str, other: str) -> Pairs:
    """`rows` map each dimension to {slug: basis}."""
    pairs: dict[tuple[str, str], tuple[int, int]] = {}
    for row in rows:
        for a in values(row, one, basis):
            for b in values(row, other, basis):
                bases = {row[one].get(a, "source"), row[other].get(b, "source")}  # `none` is nobody's word
                count, sourced = pairs.get((a, b), (0, 0))
                pairs[a, b] = count + 1, sourced + (bases == {"source"})
    return pairs


class CrosswalkTest(TestCase):
    @settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(catalogues(8), st.lists(selections(), min_size=1, max_size=4))
    def test_index_sql_and_counting_by_hand_agree(self, rows: list[Mapping], asked: list[Selection]) -> None:
        make(rows)
        index, plain = current_index(), PlainSQL()
        for selection in asked:
            chosen = [row for row in rows if matches(row, selection)]
            for one, other in pairwise(COLUMNS):
                expected = by_hand(chosen, selection.basis, one, other)
                assert index.pairs(selection, one, other) == plain.pairs(selection, one, other) == expected
            for one, other in combinations(FACETS, 2):
                counts = {pair: count for pair, (count, _) in index.pairs(selection, one, other).items()}
                both = (product(*(values(row, f, selection.basis) for f in (one, other))) for row in chosen)
                assert counts == Counter(pair for row in both for pair in row)
                assert index.pairs(selection, one, other) == plain.pairs(selection, one, other)
            by_index, by_sql = (
                draw(finder, selection, finder.find(selection))  # type: ignore[arg-type]
                for finder in (index, plain)
            )
            assert by_index == by_sql


def ribbons(soup: BeautifulSoup, drawing: str = ".crosswalk-wide") -> dict[str, Tag]:
    """By what their titles say: `Economia sociale, OS i: 10 schede, 10 dal documento`."""
    found = main_of(soup).select(f"{drawing} a.ribbon")
    assert found, "a page without its picture"
    titled = {title_of(ribbon): ribbon for ribbon in found}
    assert len(titled) == len(found), "a ribbon is drawn twice"
    return titled


def title_of(link: Tag) -> str:
    title = link.find("title")
    assert title is not None
    return title.get_text()


def shape(ribbon: Tag) -> tuple[str, list[str], list[float]]:
    """Where it leads, how its bands are drawn and how thick they are."""
    return str(ribbon["href"]), [str(path["class"]) for path in ribbon.select("path")], thicknesses(ribbon)


def thicknesses(ribbon: Tag) -> list[float]:
    """Of its bands."""
    paths = ribbon.select("path.band, path.hollow, path.edge")
    return [float(re.search(r"v([\d.]+)", str(path["d"]))[1]) for path in paths]  # type: ignore[index]


def test_titles_say_what_the_yaml_says(page: GetPage, fixture_entries: list[FixtureEntry]) -> None:
    shown = ribbons(page("/"))
    assert "Welfare e servizi sociali, OS ix: 13 schede, 13 dal documento" in shown
    assert "Economia sociale, OS i: 10 schede, 10 dal documento" in shown
    assert f"{CURA}, OS ix: 5 schede, 5 {ADDED}" in shown
    assert f"{CURA}, {NO_OBJECTIVE}: 1 scheda, 1 {ADDED}" in shown
    assert f"{NO_CATEGORY}, {NO_OBJECTIVE}: 3 schede, non classificate in entrambe" in shown
    rows = [entry.terms for entry in fixture_entries]
    pairs = [count for one, other in pairwise(COLUMNS) for count in by_hand(rows, "all", one, other).values()]
    said = [[int(n) for n in re.findall(r": (\d+)|(\d+) dal documento", title) for n in n if n] for title in shown]
    assert sorted((n[0], sum(n[1:])) for n in said if n != [3]) == sorted(pair for pair in pairs if pair != (3, 3))


@pytest.mark.parametrize("address", ["/", "/obiettivi/os-ix/", "/categorie/cura-conciliazione/", "/en/"])
def test_ribbons_and_nodes_open_what_they_count(page: GetPage, address: str) -> None:
    links = main_of(page(address)).select(".crosswalk-wide a")
    assert links
    for link in links:
        title = link.find("title")
        assert title is not None
        count = re.search(r"(\d+) (sched[ae]|entr(y|ies))", title.get_text())
        assert count is not None
        listed = page(str(link["href"]))
        shown = re.search(r"(\d+)\s+(sched[ae]|entr(y|ies))", main_of(listed).get_text(" "))
        assert shown is not None
        assert shown[1] == count[1]


def test_ribbons_are_as_wide_as_their_entries(page: GetPage) -> None:
    for title, ribbon in ribbons(page("/")).items():
        count = re.search(r": (\d+) sched", title)
        assert count is not None
        assert sum(thicknesses(ribbon)) == pytest.approx(290 / 40 * int(count[1]), abs=0.2)


def test_editorial_links_are_drawn_as_such(page: GetPage) -> None:
    striped = {title for title, ribbon in ribbons(page("/")).items() if ribbon.select("path.edge")}
    assert striped == {title for title in ribbons(page("/")) if ADDED in title}
    assert len(striped) == 6  # Care with OS ix and with none; the four of the Premessa with their sectors
    for place in ("Servizi pubblici digitali", "Istruzione e formazione"):
        assert f"{NO_OBJECTIVE}, {place} (dalla premessa): 1 scheda, 1 {ADDED}" in striped
    hollow = [title for title, ribbon in ribbons(page("/")).items() if ribbon.select("path.hollow")]
    assert hollow == [f"{NO_CATEGORY}, {NO_OBJECTIVE}: 3 schede, non classificate in entrambe"]


BY = ["dal documento", "aggiunta dalla redazione", "non classificate in entrambe"]
BY_SOURCE = [BY[0], "non classificate dal documento in entrambe"]


@pytest.mark.parametrize(
    ("query", "legend"),
    [
        ("", BY),
        ("?objective=os-i", BY[:1]),
        ("?objective=os-ix", BY[:2]),
        ("?category=none&objective=none", BY[1:]),
        ("?basis=source", BY_SOURCE),
    ],
)
def test_legend_has_what_is_drawn_alone(client: Client, page: GetPage, query: str, legend: list[str]) -> None:
    for address in (f"/figura/{query}", f"/incorpora/figura/{query}", f"/dossier/{query}"):
        soup = page(address)
        for drawing in (".crosswalk-wide", ".crosswalk-narrow"):
            assert [text.get_text() for text in soup.select(f"{drawing} g[transform] text")] == legend
        assert ("tratteggio" in main_of(soup).get_text()) == (BY[1] in legend)
    slide = client.get(f"/incroci.svg{query}").content.decode()
    assert [label for label in (*BY, BY_SOURCE[1]) if f">{label}<" in slide] == legend
    assert ("tratteggio" in slide) == (BY[1] in legend)


def test_legend_is_in_the_middle_and_as_high_as_its_items(page: GetPage) -> None:
    for query, places in (("", [210, 480, 750]), ("?objective=os-ix", [345, 615]), ("?objective=os-i", [480])):
        soup = page(f"/figura/{query}")
        items = soup.select(".crosswalk-wide g[transform]")
        assert [int(re.findall(r"\d+", str(item["transform"]))[0]) for item in items] == places
        first = soup.select(".crosswalk-narrow svg")[0]
        last = first.select("g[transform]")[-1]
        assert float(str(first["viewbox"]).split()[3]) == float(str(last["transform"]).split()[1].rstrip(")"))


def test_ribbon_with_both_bases_has_two_bands(page: GetPage) -> None:
    CategoryLink.objects.filter(initiative__slug="servizi-di-cura", term__slug="cura-conciliazione").update(
        basis="source"
    )
    ribbon = ribbons(page("/"))[f"{CURA}, OS ix: 5 schede, 1 dal documento, 4 {ADDED}"]
    by_source, by_editors = thicknesses(ribbon)
    assert by_editors == pytest.approx(4 * by_source, abs=0.2)
    assert len(ribbon.select("path.edge")) == 1


def test_node_counts_an_entry_once(page: GetPage) -> None:
    nodes = [title_of(node) for node in main_of(page("/")).select(".crosswalk-wide a.node")]
    assert nodes[0] == "Categorie d’intervento 2014-20: Welfare e servizi sociali, 13 schede"
    assert any(title.endswith("servizi di qualità, 13 schede") for title in nodes)
    assert "Obiettivi specifici 2021-27: Non classificato, 4 schede" in nodes
    assert len(nodes) == 14


def test_same_figure_in_words(page: GetPage) -> None:
    for address in ("/", "/settori/inclusione-attiva/"):
        soup = page(address)
        words = [" ".join(item.get_text().split()) for item in main_of(soup).select(".crossing-words li")]
        assert words == list(ribbons(soup))
        matrices = [str(link["href"]) for link in main_of(soup).select(".crossing-words p a")]
        assert len(matrices) == 2
        assert all(total_of(page(matrix)) == total_of(soup) for matrix in matrices)


SHOWN = [
    "/",
    "/en/",
    "/figura/?objective=os-i",
    "/figura/?basis=source",
    "/incorpora/figura/?category=none",
    "/dossier/",
]


@pytest.mark.parametrize("address", SHOWN)
def test_narrow_drawings_say_what_the_wide_one_says(page: GetPage, address: str) -> None:
    soup = page(address)
    wide, narrow = ribbons(soup), ribbons(soup, ".crosswalk-narrow")
    assert list(narrow) == list(wide)
    assert {title: shape(ribbon) for title, ribbon in narrow.items()} == {t: shape(r) for t, r in wide.items()}
    nodes, again = (soup.select(f"{drawing} a.node") for drawing in (".crosswalk-wide", ".crosswalk-narrow"))
    leads = Counter((title_of(node), str(node["href"])) for node in again)
    assert leads.keys() == {(title_of(node), str(node["href"])) for node in nodes}
    objectives = {lead for lead, count in leads.items() if count == 2}  # each of them ends a crossing and begins one
    assert objectives == {lead for lead in leads if lead[0].startswith(("Obiettivi", "Specific objectives"))}


@pytest.mark.parametrize("address", SHOWN)
def test_no_two_parts_of_a_page_have_the_same_id(page: GetPage, address: str) -> None:
    soup = page(address)
    ids = [str(tag["id"]) for tag in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    assert {name for fill in soup.select("[fill^=url]") for name in re.findall(r"#([\w-]+)", str(fill["fill"]))} <= {
        *ids
    }
    assert {str(svg["aria-describedby"]) for svg in soup.select(".crosswalk svg")} <= {*ids}


def test_term_page_shows_its_entries_alone(page: GetPage) -> None:
    assert list(ribbons(page("/settori/servizi-pubblici-digitali/"))) == [
        f"{NO_CATEGORY}, {NO_OBJECTIVE}: 1 scheda, non classificate in entrambe",
        f"{NO_OBJECTIVE}, Servizi pubblici digitali (dalla premessa): 1 scheda, 1 {ADDED}",
    ]


def test_draft_is_in_no_ribbon(client: Client, page: GetPage) -> None:
    Initiative.objects.filter(slug="organizzazione-lavoro").update(status="draft")
    assert not [title for title in ribbons(page("/")) if "Modalità innovative" in title or f"{CURA}, senza" in title]
    assert "Modalità innovative" not in client.get("/incroci.svg").content.decode()


def test_file_is_a_slide_complete_in_itself(client: Client) -> None:
    response = client.get("/incroci.svg?objective=os-ix")
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert re.fullmatch(NAMED.format("figura_os-ix"), response.headers["Content-Disposition"])
    root = ElementTree.fromstring(response.content)
    assert (root.tag, root.get("width"), root.get("height")) == (f"{SVG}svg", "1600", "900")
    assert not [e for e in root.iter() if e.tag.endswith(("style", "script")) or "style" in e.attrib]
    assert all(str(a.get("href")).startswith("http://127.0.0.1:8000/iniziative/?") for a in root.iter(f"{SVG}a"))
    said = " ".join("".join(root.itertext()).split())
    assert "Catalogo dell’innovazione sociale · POR FSE 2014-2020 · Filtri attivi: OS ix · 13 schede" in said
    assert "Il documento classifica per sezione, non scheda per scheda" in said
    assert f"Versione {name_of(current_version())}" in said
    assert "http://127.0.0.1:8000/iniziative/?objective=os-ix" in said


def test_documents_links_alone_say_nothing_of_the_editors(client: Client) -> None:
    drawn = client.get("/incroci.svg?basis=source").content.decode()
    assert f"{NO_CATEGORY}, {NO_OBJECTIVE}: 4 schede, non classificate dal documento in entrambe" in drawn
    assert "Categorie d’intervento 2014-20: Servizi di cura" not in drawn
    assert ADDED not in drawn


def test_file_speaks_the_language_of_its_address(client: Client) -> None:
    response = client.get("/en/crosswalk.svg")
    assert re.fullmatch(NAMED.format("picture"), response.headers["Content-Disposition"])
    assert "Welfare and social services, OS ix: 13 entries" in response.content.decode()
    assert "potentially able" in response.content.decode()


@pytest.mark.parametrize("query", ["?category=inventata", "?categoria=x", "?rows=boh", "?page=2"])
def test_file_refuses_what_it_does_not_understand(client: Client, query: str) -> None:
    response = client.get(f"/incroci.svg{query}")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "query", ["?q=cura%0c%1b%EF%BF%BE%26%3C", "?objective=os-i&category=cura-conciliazione", "?q=" + "a" * 500]
)
def test_file_is_well_formed_whatever_is_chosen(client: Client, query: str) -> None:
    response = client.get(f"/incroci.svg{query}")
    assert response.status_code == 200
    ElementTree.fromstring(response.content)


def test_too_many_values_leave_it_to_the_matrices(client: Client, page: GetPage) -> None:
    entry = Initiative.objects.get(slug="coworking")
    for n in range(MOST_NODES):
        term = InterventionCategory.objects.create(slug=f"nuova-{n}", name=f"Nuova {n}", text="Nuova.")
        CategoryLink.objects.create(initiative=entry, term=term, basis="editorial")
    soup = main_of(page("/"))
    assert not soup.select(".crosswalk svg")
    assert "troppi per una figura" in soup.get_text()
    links = [str(link["href"]) for link in soup.select(".crossing-words a")]
    heads = [main_of(page(link)).select("h1")[0].get_text() for link in links]
    assert heads == ["Iniziative e misure: Tabella incrociata"] * 2
    assert client.get("/incroci.svg").status_code == 404
    assert client.get("/incroci.svg?objective=os-ix").status_code == 200


def test_picture_takes_no_query_of_its_own(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client.get("/")
    with django_assert_num_queries(1):  # the version's
        client.get("/")
    with django_assert_num_queries(1):
        client.get("/incroci.svg")
