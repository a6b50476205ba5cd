"""One selection, four views: each leads to the others with all that was chosen, and files are of it alone."""

import random
import re
from urllib.parse import parse_qsl, urlencode

import pytest
from bs4 import Tag
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from initiatives.facets import Selection
from initiatives.models import Initiative
from taxonomy.models import PrioritySector
from tests.helpers import GetPage, current_index, fetch, main_of, multiply, text, titles, total_of
from tests.strategies import VALUES

pytestmark = pytest.mark.django_db
VIEWS = {"Elenco": "/iniziative/", "Tabella": "/tabella/", "Tabella incrociata": "/matrice/", "Figura": "/figura/"}
FILES = ["/iniziative.csv", "/matrice.csv", "/incroci.svg", "/feed/", "/api/v1/initiatives/", "/api/v1/matrix/"]
WHOLE = "?category=cura-conciliazione&columns=level&order=title&page_size=10&pick=coworking&q=servizi&rows=scope"


def addresses(links: list[Tag]) -> list[str]:
    return [str(link["href"]) for link in links]


@pytest.mark.parametrize("address", VIEWS.values())
def test_every_view_leads_to_the_others_with_all_that_was_chosen(page: GetPage, address: str) -> None:
    soup = main_of(page(address + WHOLE))
    assert not soup.select(".alert")
    tabs = {link.get_text(): link for link in soup.select(".views a")}
    assert list(tabs) == list(VIEWS)
    for name, path in VIEWS.items():
        assert tabs[name]["href"] == path + WHOLE
        assert ("aria-current" in tabs[name].attrs) is (path == address)


@pytest.mark.parametrize("address", VIEWS.values())
def test_the_form_keeps_what_the_view_has_no_control_for(page: GetPage, address: str) -> None:
    soup = main_of(page(address + WHOLE))
    fields = [*soup.select("form#selection input"), *soup.select("input[form=selection]")]
    sent = {(str(f["name"]), str(f["value"])) for f in fields if f.get("type") not in ("checkbox", "radio")}
    sent |= {(str(f["name"]), str(f["value"])) for f in fields if "checked" in f.attrs}
    for select in soup.select("select[form=selection]"):
        option = select.select_one("option[selected]")
        assert option is not None
        sent.add((str(select["name"]), str(option.get("value", option.get_text()))))
    assert set(parse_qsl(WHOLE[1:])) <= sent


def test_shapes_drop_what_only_views_use_and_say_nothing(page: GetPage, client: Client) -> None:
    for query in ("pick=coworking", "rows=level", "columns=scope", "view=table"):
        for address in (*VIEWS.values(), *FILES):
            response = client.get(f"{address}?{query}")
            assert response.status_code == 200, (address, query)
            assert b"non \xc3\xa8 stata considerata" not in response.content if not response.streaming else True
    canonical = page(f"/tabella/{WHOLE}").select_one("link[rel=canonical]")
    assert canonical is not None
    assert str(canonical["href"]).endswith("/tabella/?category=cura-conciliazione&order=title&page_size=10&q=servizi")


def test_view_without_javascript_keeps_what_was_not_said(client: Client) -> None:
    """A form sends its defaults too: they are understood and left out of the address that the page names."""
    response = client.get("/matrice/?q=&basis=all&rows=category&columns=objective&order=&page_size=25")
    assert b"non \xc3\xa8 stata" not in response.content
    assert b'rel="canonical" href="http://127.0.0.1:8000/matrice/"' in response.content


# Pages


def test_last_page_has_no_handful_of_entries(page: GetPage) -> None:
    assert len(titles(page("/iniziative/"))) == 27
    soup = page("/iniziative/?page_size=10")
    assert len(main_of(soup).select(".pager li")) == 3
    assert [len(titles(page(f"/iniziative/?page_size=10&page={n}"))) for n in (1, 2, 3)] == [10, 10, 7]
    Initiative.objects.filter(slug__in=["coworking", "scale-up", "pay-by-result"]).update(status="draft")
    assert [len(titles(page(f"/iniziative/?page_size=10&page={n}"))) for n in (1, 2)] == [10, 14]


def test_programs_get_exact_pages(client: Client) -> None:
    answer = client.get("/api/v1/initiatives/?page=2").json()
    assert (answer["count"], len(answer["results"])) == (27, 2)


# Entries that are named


def test_named_entries_are_looked_at_alone_under_every_filter(page: GetPage) -> None:
    soup = page("/iniziative/?i=coworking&i=servizi-infanzia&i=scale-up")
    assert total_of(soup) == 3
    assert text(soup, ".sentence") == "Filtri attivi: 3 schede scelte"
    soup = page("/iniziative/?i=coworking&i=servizi-infanzia&i=scale-up&objective=os-i")
    assert total_of(soup) == 2
    assert [str(link["href"]) for link in main_of(soup).select(".chip-remove")] == [
        "/iniziative/?objective=os-i",
        "/iniziative/?i=coworking&i=scale-up&i=servizi-infanzia",
    ]


def test_ticked_entries_become_all_that_is_shown(page: GetPage) -> None:
    soup = main_of(page("/tabella/?objective=os-ix&basis=source&pick=coworking&pick=servizi-infanzia&rows=level"))
    assert total_of(page("/tabella/?objective=os-ix&pick=coworking")) == 13
    (only,) = [link for link in soup.select(".picked a") if "segnate" in link.get_text()]
    assert str(only["href"]) == "/tabella/?basis=source&columns=objective&i=coworking&i=servizi-infanzia&rows=level"
    assert total_of(page(str(only["href"]))) == 2


@pytest.mark.parametrize("name", ["i", "pick"])
def test_entries_that_are_not_there_are_named(page: GetPage, client: Client, name: str) -> None:
    Initiative.objects.filter(slug="scale-up").update(status="draft")
    for slug in ("manca", "scale-up", "COWORKIN", "<b>", "a" * 400):
        query = urlencode([(name, "coworking"), (name, slug)])
        alert = text(page(f"/iniziative/?{query}"), ".alert")
        assert "nessuna scheda pubblicata ha questo identificativo" in alert
        assert client.get(f"/iniziative.csv?{query}").status_code == (404 if name == "i" else 200)


def test_an_address_names_a_hundred_entries_at_most(page: GetPage) -> None:
    multiply(120)
    query = urlencode([("i", f"copia-{n}") for n in range(120)])
    soup = page(f"/iniziative/?{query}&page_size=100")
    assert total_of(soup) == 100
    assert "un indirizzo ne tiene al più 100" in text(soup, ".alert")


# An entry in its result


@pytest.mark.parametrize("seed", range(12))
def test_an_entry_knows_its_place_in_the_result(page: GetPage, seed: int) -> None:
    rng = random.Random(seed)
    total = 0
    while not total:
        pairs = [(facet, rng.choice(values)) for facet, values in VALUES.items() if rng.random() < 0.3]
        pairs += [("order", rng.choice(["title", "level", "-updated", "position"]))]
        pairs += [("q", rng.choice(["servizi", "cura", "sociale"]))] * (rng.random() < 0.5)
        total = total_of(page(f"/iniziative/?{urlencode(pairs)}"))
    soup = main_of(page(f"/iniziative/?page_size=10&{urlencode(pairs)}"))
    shown = addresses(soup.select("article h3 a"))[:10]
    for number, address in enumerate(shown, 1):
        nav = main_of(page(address)).select_one(".position")
        assert nav is not None
        assert nav.get_text().split()[:3] == [str(number), "di", str(total)]
        if number > 1:
            assert addresses(nav.select("[rel=prev]")) == [shown[number - 2]]
        if number < len(shown):
            assert addresses(nav.select("[rel=next]")) == [shown[number]]
        (back,) = [link for link in nav.select("a") if "Torna" in link.get_text()]
        assert address in addresses(main_of(page(str(back["href"]))).select("article h3 a"))


def test_way_back_leads_to_the_page_and_the_view(page: GetPage) -> None:
    row = main_of(page("/tabella/?page_size=10&page=3")).select("tbody th a")[-1]
    nav = main_of(page(str(row["href"]))).select_one(".position")
    assert nav is not None
    assert "27 di 27" in " ".join(nav.get_text().split())
    assert addresses(nav.select("a"))[-1] == "/tabella/?page=3&page_size=10"


def test_entry_that_a_result_has_not_is_just_an_entry(page: GetPage, client: Client) -> None:
    assert not main_of(page("/iniziative/coworking/?objective=os-ix")).select(".position")
    assert "1 di 27" in text(page("/iniziative/presa-in-carico-integrata/"), ".position")
    html = client.get("/iniziative/coworking/?objective=os-i&view=table").content.decode()
    assert 'rel="canonical" href="http://127.0.0.1:8000/iniziative/coworking/"' in html


def test_text_too_long_for_every_link_is_left_out(page: GetPage) -> None:
    query = urlencode({"q": "servizi di cura " * 80})
    links = addresses(main_of(page(f"/iniziative/?{query}")).select("article h3 a"))
    assert {link.partition("?")[2] for link in links} == {"view=alone"}
    soup = page(links[0])
    assert not main_of(soup).select(".position")
    assert addresses(soup.select(".languages a"))[0].endswith("?view=alone")
    around = [link for each in links for link in addresses(main_of(page(each)).select(".kin a, .related a"))]
    assert {link.partition("?")[2] for link in around} == {"view=alone"}


@pytest.mark.parametrize("address", [*VIEWS.values()])
def test_a_page_that_is_not_there_is_the_last_in_every_view(page: GetPage, client: Client, address: str) -> None:
    for query in ("?page=2", "?page=9", "?page=3&page_size=10", "?page=2&q=servizi", "?page=2&q=zzzz"):
        assert client.get(address + query).status_code == 200, query
    soup = main_of(page(f"{address}?page_size=10&page=9"))
    shown = [slug for slug in addresses(soup.select("article h3 a, tbody th a")) if slug.startswith("/iniziative/")]
    assert len(shown) == (7 if address in ("/iniziative/", "/tabella/") else 0)
    assert not [link for link in addresses(soup.select("a")) if "page=9" in link]


@pytest.mark.parametrize("address", [*VIEWS.values()])
def test_every_file_that_a_view_offers_is_there(page: GetPage, client: Client, address: str) -> None:
    soup = main_of(page(f"{address}?page_size=10&page=2&pick=coworking&rows=level&order=title"))
    links = addresses(soup.select("#taking a, .crosswalk-file a"))
    assert len(links) >= 6
    for link in links:
        assert fetch(client, link)


# Table


def test_table_is_sorted_from_its_heads(page: GetPage) -> None:
    heads = main_of(page("/tabella/?objective=os-i")).select("thead th")
    assert [" ".join(head.get_text().split()) for head in heads] == [
        *(
            "N.",
            "Titolo",
            "Tipo di scheda",
            "Obiettivo",
            "Categoria",
            "Settore",
            "Dove ne parla il documento",
            "Aggiornata",
        )
    ]
    assert [head.get("aria-sort") for head in heads] == ["ascending", *[None] * 7]
    by_title = main_of(page("/tabella/?order=title")).select("thead a")
    assert addresses(by_title)[0] == "/tabella/"
    for n, order in ((1, "title"), (2, "level"), (7, "-updated")):
        link = heads[n].a
        assert link is not None
        soup = main_of(page(str(link["href"])))
        assert [head.get("aria-sort") is not None for head in soup.select("thead th")].index(True) == n
        ids = current_index().all_of(in_order(order))
        slugs = [Initiative.objects.get(pk=pk).slug for pk in ids]
        assert [link.partition("?")[0].split("/")[-2] for link in addresses(soup.select("tbody th a"))] == slugs


def in_order(order: str) -> Selection:
    return Selection({"objective": ("os-i",)}, order=order)


def test_value_in_a_cell_chooses_it(page: GetPage) -> None:
    row = main_of(page("/tabella/?level=measure")).select_one("tbody tr")
    assert row is not None
    links = addresses(row.select("td a"))
    assert "/tabella/?level=measure&objective=os-ix" in links
    assert "/tabella/?level=measure&scope=focus" in links
    soup = main_of(page("/tabella/?objective=os-i"))
    (link,) = set(addresses(soup.select("td .term-objective")))
    assert link == "/tabella/?objective=os-i"  # alone of its facet, however many were chosen


@pytest.mark.parametrize("address", ["/iniziative/", "/tabella/"])
def test_queries_of_a_view(client: Client, django_assert_max_num_queries: DjangoAssertNumQueries, address: str) -> None:
    query = "?objective=os-ix&q=servizi&i=servizi-infanzia&i=servizi-di-cura&pick=coworking"
    for times in (0, 60):
        multiply(times)
        client.get(address + query)
        with django_assert_max_num_queries(5):
            client.get(address + query)
        with django_assert_max_num_queries(5):
            client.get(address + "?page_size=100&order=title")


# A facet of many values


def test_facet_of_many_values_shows_the_chosen_and_the_fullest_first(page: GetPage) -> None:
    PrioritySector.objects.bulk_create(
        PrioritySector(slug=f"settore-{n}", name=f"Settore {n}", text=f"Settore {n}", position=100 + n)
        for n in range(60)
    )
    facet = main_of(page("/iniziative/?sector=settore-40")).select_one(".facet-sector")
    assert facet is not None
    first = [str(box["value"]) for box in facet.select(".choice input") if not box.find_parent(class_="more")]
    assert first[0] == "settore-40"
    assert len(first) == 10
    assert {"protezione-sociale-vita-indipendente", "servizi-sociali-qualita", "inclusione-attiva"} <= set(first)
    more = facet.select_one("details.more summary")
    assert more is not None
    assert more.get_text() == f"Mostra tutti ({7 + 60})"
    assert facet.select("input[data-narrow][aria-label]:not([name])")
    assert len(facet.select(".choice")) == 7 + 60


# Files


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/iniziative.csv?objective=os-ix&basis=source", "iniziative_os-ix_solo-documento_{}.csv"),
        ("/en/initiatives.xlsx?category=cura-conciliazione", "initiatives_care-services-and-services-for_{}.xlsx"),
        ("/matrice.xlsx?objective=os-i&q=servizi di%22%0d%0acura", "tabella-incrociata_servizi-di-cura_os-i_{}.xlsx"),
        ("/incroci.svg?i=coworking&i=scale-up", "figura_2-schede-scelte_{}.svg"),
        ("/en/crosswalk.svg?objective=none", "picture_unclassified-by-objective_{}.svg"),
        ("/incroci.svg?objective=none", "figura_non-classificata-per-obiettivo_{}.svg"),
        ("/classificazioni.csv", "classificazioni_{}.csv"),
    ],
)
def test_files_have_short_and_safe_names(client: Client, address: str, name: str) -> None:
    response = client.get(address)
    assert b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    given = response.headers["Content-Disposition"]
    found = re.fullmatch(r'attachment; filename="([a-z0-9_-]+_\d{4}-\d\d-\d\d\.[a-z]+)"', given)
    assert found is not None, given
    kept = re.sub(r"\d{4}-\d\d-\d\d", "{}", found[1])
    assert kept == name
    assert len(found[1]) <= 100


def test_name_of_very_many_choices_is_cut_between_them(client: Client) -> None:
    everything = urlencode([(facet, value) for facet, values in VALUES.items() for value in values], doseq=True)
    given = client.get(f"/iniziative.csv?{everything}").headers["Content-Disposition"]
    assert "_e-altro_" in given
    assert len(given) < 130


@pytest.mark.parametrize("parameter", ["page=1", "page=2", "page_size=10", "page_size=1000"])
@pytest.mark.parametrize("name", ["iniziative.csv", "iniziative.xlsx", "iniziative.ttl", "matrice.csv", "incroci.svg"])
def test_file_has_no_pages_to_ask_for(client: Client, name: str, parameter: str) -> None:
    response = client.get(f"/{name}?{parameter}")
    assert response.status_code == 400
    assert parameter in response.json()["detail"]


def test_how_a_number_was_come_by_stands_beside_it(page: GetPage) -> None:
    said = text(page("/tabella/?objective=os-ix&basis=source&pick=coworking"), "#account")
    assert said.startswith(
        "13 schede del Catalogo dell’innovazione sociale. Filtri attivi: OS ix. "
        "Classificazione: solo quella del documento. "
        "Indirizzo: http://127.0.0.1:8000/tabella/?basis=source&objective=os-ix – Dati aggiornati al "
    )
    assert re.search(r"versione \d{8}-\d{6}-[0-9a-f]{8}\.$", said)
