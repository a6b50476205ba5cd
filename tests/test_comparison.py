"""Two to four entries side by side, as a reader meets them and as the fixtures have them."""

import itertools
import random
from urllib.parse import quote, urlencode

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from initiatives.models import CategoryLink, Initiative, Status
from tests.helpers import JUNK, FixtureEntry, GetPage, main_of, multiply, text, total_of
from tests.oracle import answering_pages

pytestmark = pytest.mark.django_db
ADDRESS = "/iniziative/confronta/"


def words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def compared(page: GetPage, *slugs: str) -> BeautifulSoup:
    return page(f"{ADDRESS}?{urlencode([('i', slug) for slug in slugs])}")


def columns(soup: BeautifulSoup) -> list[str]:
    return [str(link["href"]).split("/")[-2] for link in main_of(soup).select("thead th[scope=col] a")]


def rows(soup: BeautifulSoup) -> dict[str, list[str]]:
    """By field: its agreement, if any is said, and its cells."""
    bodies = [body.select("th, td") for body in main_of(soup).select(".comparison tbody")]
    fields = {words(head): [words(cell) for cell in cells] for head, *cells in bodies}
    return {label.split(" : ")[0]: [*label.split(" : ")[1:], *cells] for label, cells in fields.items()}


def test_columns_are_as_asked_for(page: GetPage) -> None:
    soup = compared(page, "organizzazione-lavoro", "coworking", "servizi-di-cura")
    assert columns(soup) == ["organizzazione-lavoro", "coworking", "servizi-di-cura"]
    assert total_of(soup) == 3
    assert not main_of(soup).select(".alert")


def test_three_entries_by_hand(page: GetPage) -> None:
    shown = rows(compared(page, "servizi-di-cura", "coworking", "organizzazione-lavoro"))
    cura = "Servizi di cura e di organizzazione del lavoro a sostegno della conciliazione aggiunta dalla redazione"
    assert shown["Tipo di scheda"] == ["uguale per tutte", "Iniziativa", "Iniziativa", "Iniziativa"]
    assert shown["Misura di"] == ["vuoto per tutte", *["nessuna iniziativa del catalogo"] * 3]
    focus = "Sezione principale in comune a 2 su 3"
    assert shown["Dove ne parla il documento"] == ["uguale in parte", focus, focus, "Solo citata in premessa"]
    assert shown["Fondi"] == ["uguale per tutte", "FSE", "FSE", "FSE"]
    assert shown["Obiettivo specifico 2021-27"] == [
        "diverso",
        "OS ix — Rafforzare un accesso paritario e tempestivo a servizi di qualità dal documento",
        "OS i — Migliorare l’accesso all’occupazione di tutte le persone in cerca di lavoro dal documento",
        "Non classificato",
    ]
    assert shown["Categoria d’intervento"] == [
        "uguale in parte",
        f"Welfare e servizi sociali dal documento {cura} in comune a 2 su 3",
        "Economia sociale dal documento",
        f"{cura} in comune a 2 su 3",
    ]
    assert shown["Nota sulla classificazione"][2] == "Nessuna nota."
    assert shown["Passi del documento"][0] == "diverso"
    assert len(shown) == 11


def test_measures_of_one_initiative_share_it(page: GetPage) -> None:
    shown = rows(compared(page, "servizi-infanzia", "assistenza-domiciliare"))
    assert shown["Misura di"] == [
        "uguale per entrambe",
        *["Sperimentazione di modelli innovativi di Servizi di cura"] * 2,
    ]
    sector = "Protezione sociale nonché vita indipendente dal documento in comune"
    assert shown["Settore prioritario (Allegato D)"][:2][0] == "uguale per entrambe"
    assert shown["Settore prioritario (Allegato D)"][1].startswith(sector)


def test_same_term_on_another_basis_is_not_the_same(page: GetPage) -> None:
    CategoryLink.objects.filter(initiative__slug="scale-up").update(basis="editorial")
    shown = rows(compared(page, "coworking", "scale-up", "centri-aggregazione"))["Categoria d’intervento"]
    by_source = "Economia sociale dal documento in comune a 2 su 3 altrove è aggiunta dalla redazione"
    by_editors = "Economia sociale aggiunta dalla redazione altrove è dal documento"
    assert shown == ["uguale in parte", by_source, by_editors, by_source]
    alone = rows(compared(page, "coworking", "scale-up"))["Categoria d’intervento"]
    assert alone[0] == "diverso"
    assert "in comune" not in " ".join(alone)


def test_every_link_is_shown_with_its_basis(page: GetPage, fixture_entries: list[FixtureEntry]) -> None:
    said = {"source": "dal documento", "editorial": "aggiunta dalla redazione"}
    for first, second in zip(fixture_entries[::2], fixture_entries[1::2], strict=False):
        cells = main_of(compared(page, first.slug, second.slug)).select("tbody td")
        for n, entry in enumerate((first, second)):
            values = [value for cell in cells[n::2] for value in cell.select(".value")]
            shown = {
                (str(term["href"]).split("/")[-2], basis.get_text())
                for value in values
                for term, basis in zip(value.select(".term"), value.select(".basis"), strict=True)
            }
            assert shown == {(slug, said[basis]) for terms in entry.terms.values() for slug, basis in terms.items()}


def test_passages_are_quoted_and_lead_to_the_document(page: GetPage) -> None:
    soup = main_of(compared(page, "coworking", "organizzazione-lavoro"))
    for slug in ("coworking", "organizzazione-lavoro"):
        for passage in Initiative.objects.get(slug=slug).passages.all():
            link = soup.select_one(f".value a[href='/fonte/#{passage.anchor}']")
            assert link is not None
            quote_ = link.find_parent("blockquote")
            assert quote_ is not None
            assert passage.text.replace("*", "") in quote_.get_text()


def test_an_entry_can_be_dropped(page: GetPage) -> None:
    soup = compared(page, "servizi-di-cura", "coworking", "scale-up")
    drops = [str(link["href"]) for link in main_of(soup).select(".drops a")]
    assert drops[1] == f"{ADDRESS}?i=servizi-di-cura&i=scale-up"
    assert columns(page(drops[1])) == ["servizi-di-cura", "scale-up"]


def test_one_entry_is_shown_with_what_to_compare_it_with(page: GetPage) -> None:
    soup = compared(page, "servizi-infanzia")
    assert total_of(soup) == 1
    assert columns(soup) == ["servizi-infanzia"]
    assert not main_of(soup).select(".agreement, .shared, .apart")
    offers = [str(link["href"]) for link in main_of(soup).select(f".compare-with a[href^='{ADDRESS}']")]
    assert offers[-1] == f"{ADDRESS}?i=servizi-infanzia&i=organizzazione-lavoro"
    assert f"{ADDRESS}?i=servizi-infanzia&i=servizi-di-cura" in offers
    assert len(offers) == 1 + 4
    for offer in offers:
        assert len(columns(page(offer))) == 2
    assert main_of(soup).select(".compare-with a[href='/iniziative/?pick=servizi-infanzia']")


def test_none_says_how_to_choose(page: GetPage) -> None:
    for query in ("", "?i=", "?i=manca"):
        soup = page(ADDRESS + query)
        assert total_of(soup) == 0
        assert not main_of(soup).select("table")
        assert "segnane due, tre o quattro" in main_of(soup).get_text()
        assert main_of(soup).select(".prose a[href='/iniziative/']")


@pytest.mark.parametrize(
    ("query", "named", "shown"),
    [
        ("i=coworking&i=manca&i=scale-up", "i=manca – nessuna scheda pubblicata", ["coworking", "scale-up"]),
        ("i=coworking&i=COWORKIN", "i=COWORKIN – nessuna scheda", ["coworking"]),
        ("i=coworking&objective=os-i", "objective=os-i – non è un filtro del catalogo", ["coworking"]),
        ("voce=coworking", "voce=coworking – non è un filtro del catalogo", []),
    ],
)
def test_what_is_ignored_is_named(page: GetPage, query: str, named: str, shown: list[str]) -> None:
    soup = page(f"{ADDRESS}?{query}")
    assert named in text(soup, ".alert")
    assert columns(soup) == shown
    way_on = main_of(soup).select_one(".alert a")
    assert way_on is not None
    again = page(str(way_on["href"]))
    assert not main_of(again).select(".alert")
    assert columns(again) == shown


def test_draft_is_like_one_that_is_not_there(page: GetPage) -> None:
    Initiative.objects.filter(slug="servizi-di-cura").update(status=Status.DRAFT)
    soup = compared(page, "servizi-di-cura", "servizi-infanzia", "coworking")
    assert "i=servizi-di-cura – nessuna scheda pubblicata ha questo identificativo" in text(soup, ".alert")
    assert columns(soup) == ["servizi-infanzia", "coworking"]
    assert rows(soup)["Misura di"] == ["vuoto per entrambe", *["nessuna iniziativa del catalogo"] * 2]
    assert "/iniziative/servizi-di-cura/" not in str(main_of(soup))


def test_junk_never_fails(client: Client) -> None:
    rng = random.Random(4)
    names = ["i", "i", "i", "I", "i[]", "page", "slug", "", "\x00"]
    for _ in range(100):
        pairs = [(rng.choice(names), rng.choice([*JUNK, "coworking", "scale-up"])) for _ in range(rng.randint(1, 9))]
        assert client.get(f"{ADDRESS}?{urlencode(pairs)}").status_code == 200, pairs
        raw = bytes(rng.randrange(256) for _ in range(rng.randint(1, 60)))
        assert client.get(ADDRESS, QUERY_STRING=f"i={quote(raw, safe='=&+;%?/#')}").status_code == 200, raw


def test_canonical_address_keeps_the_columns_order(page: GetPage) -> None:
    soup = page(f"{ADDRESS}?x=1&i=scale-up&i=&i=coworking&i=scale-up")
    canonical = soup.select_one("link[rel=canonical]")
    assert canonical is not None
    assert canonical["href"] == f"http://127.0.0.1:8000{ADDRESS}?i=scale-up&i=coworking"


def test_table_says_what_heads_what(page: GetPage) -> None:
    soup = main_of(compared(page, "coworking", "scale-up"))
    frame = soup.select_one(".comparison-frame[tabindex='0'][role=region]")
    assert frame is not None
    assert frame.select(f"caption#{frame['aria-labelledby']}")
    assert len(frame.select("th[scope=col]")) == 2
    assert len(frame.select("tbody")) == len(frame.select("tbody > tr:first-child > th[scope=rowgroup]")) == 11


def test_of_more_than_four_one_says_which_to_drop(page: GetPage) -> None:
    five = ["coworking", "scale-up", "pay-by-result", "servizi-di-cura", "modelli-abitativi"]
    soup = main_of(compared(page, *five))
    assert not soup.select("table, .alert")
    drops = [str(link["href"]) for link in soup.select(".compare-with li a[href*='confronta']")]
    assert len(drops) == 5
    assert columns(page(drops[0])) == five[1:]


def test_two_that_have_nothing_do_not_agree(page: GetPage) -> None:
    CategoryLink.objects.filter(initiative__slug__in=["coworking", "scale-up"]).delete()
    assert rows(compared(page, "coworking", "scale-up", "pay-by-result"))["Categoria d’intervento"][0] == "diverso"
    assert rows(compared(page, "coworking", "scale-up"))["Categoria d’intervento"][0] == "vuoto per entrambe"


def test_two_to_four_that_are_ticked_or_chosen_can_be_compared(page: GetPage) -> None:
    for named, count in itertools.product(("i", "pick"), range(6)):
        slugs = ["coworking", "scale-up", "pay-by-result", "centri-aggregazione", "reti-partenariali"][:count]
        query = urlencode([("objective", "os-i"), *((named, slug) for slug in slugs)])
        links = main_of(page(f"/iniziative/?{query}")).select(f".picked a[href^='{ADDRESS}']")
        assert len(links) == (2 <= count <= 4), (named, count)
        if links:
            assert set(columns(page(str(links[0]["href"])))) == set(slugs)


@pytest.mark.parametrize("slugs", [[], ["servizi-infanzia"], ["servizi-infanzia", "coworking", "scale-up", "no", "x"]])
def test_queries_of_a_comparison(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries, slugs: list[str]
) -> None:
    address = f"{ADDRESS}?{urlencode([('i', slug) for slug in slugs])}"
    client.get("/")
    with django_assert_max_num_queries(8) as few:
        client.get(address)
    before = len(few)
    multiply(40)
    client.get("/")
    with django_assert_max_num_queries(8) as many:
        client.get(address + "&i=copia-1" * bool(slugs[1:]))
    assert len(many) <= before


def test_page_is_that_of_plain_sql(page: GetPage) -> None:
    addresses = (f"{ADDRESS}?i=servizi-infanzia", f"{ADDRESS}?i=scale-up&i=coworking", "/iniziative/coworking/")
    by_index = [str(main_of(page(address))) for address in addresses]
    with answering_pages():
        assert [str(main_of(page(address))) for address in addresses] == by_index
