"""The list page as a reader meets it."""

import time
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from initiatives.facets import Selection
from initiatives.models import LINKS, Initiative, Status
from initiatives.search import engine
from taxonomy.models import PrioritySector
from tests.helpers import GetPage, current_index, facet_counts, main_of, multiply, text, titles, total_of

pytestmark = pytest.mark.django_db


def test_total_says_what_it_counts(page: GetPage) -> None:
    assert text(page("/iniziative/"), ".total") == "27 schede: 17 iniziative, 10 misure"


def test_sentence_joins_facets_by_and_and_values_by_or(page: GetPage) -> None:
    soup = page("/iniziative/?objective=os-ix&category=welfare-servizi-sociali&category=economia-sociale")
    assert "OS ix e (Welfare e servizi sociali o Economia sociale)" in text(soup, ".sentence")


def test_sentence_says_that_only_the_document_counts(page: GetPage) -> None:
    assert "solo la classificazione del documento" in text(page("/iniziative/?basis=source"), ".sentence")


def test_what_pages_say_once_follows_a_new_slug(page: GetPage) -> None:
    sector = PrioritySector.objects.filter(pk=PrioritySector.objects.get(slug="inclusione-attiva").pk)
    for slug in ("inclusione-attiva", "altro-nome", "inclusione-attiva"):
        sector.update(slug=slug)
        soup = main_of(page("/iniziative/"))
        assert len(soup.select(f"#che-sector-{slug} a[href='/settori/{slug}/']")) == 1
        assert len(soup.select(f".terms-line a[href='/settori/{slug}/']")) > 1


def test_own_facet_keeps_its_counts(page: GetPage) -> None:
    counts = facet_counts(page("/iniziative/?objective=os-ix"))
    assert counts["objective"] == {"os-i": 10, "os-ix": 13, "none": 4}
    assert counts["category"]["economia-sociale"] == 0


def test_unclassified_is_shown_only_where_it_counts_or_is_chosen(page: GetPage) -> None:
    assert "none" not in facet_counts(page("/iniziative/?objective=os-ix"))["sector"]
    assert facet_counts(page("/iniziative/?objective=os-ix&sector=none"))["sector"]["none"] == 0


def test_chosen_value_stays_at_zero(page: GetPage) -> None:
    soup = page("/iniziative/?objective=os-ix&category=economia-sociale")
    box = main_of(soup).select_one("#category-economia-sociale")
    assert box is not None
    assert box.has_attr("checked")
    assert facet_counts(soup)["category"]["economia-sociale"] == 0


def test_chips_take_one_choice_away(page: GetPage) -> None:
    chips = main_of(page("/iniziative/?objective=os-ix&objective=os-i&scope=focus")).select(".chip-remove")
    assert [chip["href"] for chip in chips] == [
        "/iniziative/?objective=os-ix&scope=focus",
        "/iniziative/?objective=os-i&scope=focus",
        "/iniziative/?objective=os-i&objective=os-ix",
    ]


def test_no_result_offers_what_dropping_each_choice_gives(page: GetPage) -> None:
    soup = page("/iniziative/?objective=os-i&category=welfare-servizi-sociali&level=measure")
    assert total_of(soup) == 0
    assert text(soup, ".total") == "0 schede"
    offers = [" ".join(item.get_text().split()) for item in main_of(soup).select(".rescue li")]
    assert offers == [
        "togliendo «OS i»: 9 schede",
        "togliendo «Welfare e servizi sociali»: 1 scheda",
        "togliendo «Misure»: 0 schede",
        "tutte le schede del catalogo",
    ]


def test_no_result_offers_to_count_the_editors_reading_too(page: GetPage) -> None:
    offers = text(page("/iniziative/?basis=source&category=cura-conciliazione"), ".rescue")
    assert "togliendo «solo la classificazione del documento»: 6 schede" in offers


def test_value_at_zero_is_greyed(page: GetPage) -> None:
    soup = main_of(page("/iniziative/?objective=os-ix"))
    grey = {
        box["value"] for box in soup.select(".choice-empty input[name=objective], .choice-empty input[name=category]")
    }
    assert grey == {"economia-sociale"}


def test_chip_of_the_basis_takes_it_away(page: GetPage) -> None:
    chips = main_of(page("/iniziative/?basis=source")).select(".chip-remove")
    assert [chip["href"] for chip in chips] == ["/iniziative/"]


def test_search_folds_accents_and_reads_passages(page: GetPage) -> None:
    assert titles(page("/iniziative/?q=qualita")) == titles(page("/iniziative/?q=QUALITÀ")) != []
    assert titles(page("/iniziative/?q=agricoltura")) == ["Reti per rafforzare l’economia sociale e solidale"]
    assert titles(page('/iniziative/?q="gruppi appartamento"')) == ["Modelli innovativi sociali e abitativi"]
    assert total_of(page("/iniziative/?q=agricoltura+tirocinio")) == 0
    assert total_of(page("/iniziative/?q=imprese+tirocinio")) == 1


def test_terms_that_speak_of_what_is_searched_stand_above_with_their_entries(page: GetPage) -> None:
    soup = page("/iniziative/?q=infanzia")
    assert text(soup, ".speaking") == "Classificazioni che ne parlano: Servizi sociali di elevata qualità (13)"
    link = main_of(soup).select_one(".speaking a")
    assert link is not None
    assert total_of(page(str(link["href"]))) == 13
    assert titles(soup) == ["Erogazione e fruizione flessibile dei servizi per l’infanzia"]


@pytest.mark.parametrize(
    ("q", "said"),
    [
        ("servizi per l'infanzia", "Si cerca: «servizi» e «infanzia»"),
        ("welfare OR aziendale -infanzia", "Si cerca: («welfare» o «aziendale») ma non «infanzia»"),
        ("OS 9", "Si cerca: «OS 9» (OS ix — Rafforzare un accesso paritario e tempestivo a servizi di qualità)"),
        ("«OS ix»", "Si cerca: «OS ix» (OS ix — Rafforzare un accesso paritario e tempestivo a servizi di qualità)"),
        ('"presa in carico" famiglia', "Si cerca: «presa in carico» e «famiglia»"),
        ("progetti welfare", "Si cerca: «welfare» (vale per ogni scheda: «progetti»)"),
        ("progetti", "Si cerca: qualsiasi testo (vale per ogni scheda: «progetti»)"),
        ("-welfare", "Si cerca: qualsiasi testo ma non «welfare»"),
        ("parola " * 31, "Si cerca: per intero o, se così non si trova, con venti parole rare tra le più lunghe"),
    ],
)
def test_page_says_how_a_text_was_read(page: GetPage, q: str, said: str) -> None:
    assert text(page(f"/iniziative/?{urlencode({'q': q})}"), ".read-as") == said


def test_one_word_is_not_explained(page: GetPage) -> None:
    assert not main_of(page("/iniziative/?q=welfare")).select(".read-as")


def test_nothing_found_counts_each_word_alone(page: GetPage) -> None:
    soup = main_of(page("/iniziative/?q=zibibbo+welfare+agricoltura"))
    counted = {str(item.get_text()).split(":")[0].strip(): item for item in soup.select(".alone li")}
    assert list(counted) == ["«zibibbo»", "«welfare»", "«agricoltura»", "almeno una di queste parole"]
    for label, item in counted.items():
        link = item.find("a")
        count = int(item.get_text().split(":")[1].split()[0])
        assert count == (total_of(page(str(link["href"]))) if link else 0), label
    assert main_of(page("/en/initiatives/?q=zibibbo+welfare")).select_one(
        ".alone li:last-child a[href$='zibibbo+or+welfare']"
    )


def test_words_alone_are_counted_as_in_the_whole_text(page: GetPage) -> None:
    """ "pari" is no beginning of "paritario" here: no word alone has more than all of them together."""
    items = main_of(page("/iniziative/?q=pari+opportunità")).select(".alone li")
    *alone, any_of = (int(item.get_text().split(":")[1].split()[0]) for item in items)
    assert max(alone) <= any_of <= sum(alone)


def test_letters_that_are_several_words_cost_no_more(client: Client) -> None:
    began = time.monotonic()
    for q in ("½" * 5000, "½a" * 2500, "ﬀ½" * 2000, "½ servizzi"):
        assert client.get("/iniziative/", {"q": q}).status_code == 200
    assert time.monotonic() - began < 10


def test_long_text_stays_out_of_the_headers(client: Client) -> None:
    # htmx then shows the address that it asked for.
    assert client.get("/iniziative/?q=welfare").headers["HX-Push-Url"] == "/iniziative/?q=welfare"
    assert client.get("/iniziative/", {"q": "parola " * 700}).headers.get("HX-Push-Url") is None


def test_classifications_that_speak_of_it_respect_what_must_not_be_there(page: GetPage) -> None:
    assert "Welfare e servizi sociali" in text(page("/iniziative/?q=welfare"), ".speaking")
    assert "Welfare e servizi sociali" not in str(main_of(page("/iniziative/?q=welfare+-servizi")).select(".speaking"))


def test_passages_that_have_what_is_searched_lead_to_their_place(page: GetPage) -> None:
    soup = page("/iniziative/?q=panoramica")
    assert total_of(soup) == 0
    assert text(soup, ".in-document").startswith("Nel documento c’è un passo: «Al fine di fornire")
    assert main_of(soup).select('.in-document a[href="/fonte/?q=panoramica#panoramica"]')


def test_only_one_choice_to_give_up_is_not_offered_as_one_of_many(page: GetPage) -> None:
    soup = main_of(page("/iniziative/?q=zzzzqqq"))
    assert [" ".join(item.get_text().split()) for item in soup.select(".rescue li")] == ["tutte le schede del catalogo"]


def test_orders(page: GetPage) -> None:
    assert titles(page("/iniziative/"))[0].startswith("Sistemi di presa in carico")
    by_title = titles(page("/iniziative/?order=title&page_size=100"))
    assert by_title[0].startswith("Azioni innovative")
    assert by_title[-1].startswith("Supporto")
    coworking = Initiative.objects.get(slug="coworking")
    coworking.save()
    assert titles(page("/iniziative/?order=-updated"))[0] == coworking.title


def test_pages_hold_every_entry_once(page: GetPage) -> None:
    shown = [title for n in (1, 2, 3) for title in titles(page(f"/iniziative/?page_size=10&page={n}"))]
    assert len(shown) == len(set(shown)) == 27


def test_page_beyond_the_end_is_the_last_and_says_so(page: GetPage) -> None:
    soup = page("/iniziative/?page=9&page_size=10")
    assert len(titles(soup)) == 7
    assert "page=9" in text(soup, ".alert")


@pytest.mark.parametrize(
    ("query", "named", "total"),
    [
        ("category=inventata", "category=inventata", 27),
        ("category=inventata&category=economia-sociale", "category=inventata", 10),
        ("categoria=economia-sociale", "categoria=economia-sociale", 27),
        ("scope=none", "scope=none", 27),
        ("basis=editorial", "basis=editorial", 27),
        ("page=-1", "page=-1", 27),
        ("page_size=1000000", "page_size=1000000", 27),
        ("order=title,id", "order=title,id", 27),
        ("q=%3F%21", "q=?!", 27),
        ("q=a%00b", "non ammesso", 27),
        ("q=coworking&q=agricoltura", "q=coworking", 1),
        ("level=measure&level=%F0%9F%98%80", "level=😀", 10),
    ],
)
def test_what_is_not_understood_is_named(page: GetPage, query: str, named: str, total: int) -> None:
    soup = page(f"/iniziative/?{query}")
    assert named in text(soup, ".alert")
    assert total_of(soup) == total
    way_on = main_of(soup).select_one(".alert a")
    assert way_on is not None
    assert not main_of(page(str(way_on["href"]))).select(".alert")


def test_reason_is_said_once(page: GetPage) -> None:
    """A number too long for `page` breaks two rules, of the field and of its bounds."""
    soup = page(f"/iniziative/?page={'9' * 60}")
    assert text(soup, ".alert").count("non è un numero di pagina") == 1


def test_card_shows_the_basis_of_every_link(page: GetPage) -> None:
    """A sign and a word where the editors put it there; one legend says the rest."""
    soup = main_of(page("/iniziative/?page_size=100"))
    legend = soup.select_one(".legend")
    assert legend is not None
    assert "aggiunta dalla redazione; le altre sono dal documento" in legend.get_text()
    for card in soup.select("article"):
        entry = Initiative.objects.get(slug=str(card.select("h3 a")[0]["href"]).split("/")[-2])
        terms = {str(term["href"]).split("/")[-2]: term for term in card.select(".term")}
        links = [link for model in LINKS.values() for link in model._default_manager.filter(initiative=entry)]
        assert set(terms) == {link.term.slug for link in links}
        for link in links:
            term, is_added = terms[link.term.slug], link.basis == "editorial"
            assert ("aggiunta dalla redazione" in term.get_text()) is is_added
            assert ("by-editors" in term["class"]) is is_added


def test_draft_is_nowhere(page: GetPage, client: Client) -> None:
    Initiative.objects.filter(slug="servizi-di-cura").update(status=Status.DRAFT)
    soup = page("/iniziative/?page_size=100")
    assert total_of(soup) == 26
    assert facet_counts(soup)["objective"]["os-ix"] == 12
    for address in ("/iniziative/?page_size=100", "/iniziative/servizi-infanzia/", "/fonte/", "/obiettivi/os-ix/"):
        assert "/iniziative/servizi-di-cura/" not in str(main_of(page(address))), address
    assert client.get("/iniziative/servizi-di-cura/").status_code == 410  # once it was published


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?objective=os-ix&category=none&category=cura-conciliazione&q=servizi",
        "?level=measure&page_size=100&order=title",
        "?objective=os-i&level=measure&category=none",
        "?q=famiglia&order=relevance&objective=os-ix",
        "?q=agricolutra&basis=source",  # finds nothing: the nearest word, and what that finds
        "?q=zibibbo+welfare+agricoltura",  # finds nothing: each word alone, and any of them
    ],
)
def test_queries_of_the_list(client: Client, django_assert_max_num_queries: DjangoAssertNumQueries, query: str) -> None:
    current_index()  # once built it serves every page of its version
    with django_assert_max_num_queries(5) as few:
        client.get(f"/iniziative/{query}")
    before = len(few)
    multiply(60)
    engine.restem()  # once after texts have changed
    current_index()
    with django_assert_max_num_queries(5) as many:
        client.get(f"/iniziative/{query}")
    assert len(many) <= before


def test_canonical_query_is_sorted_and_without_defaults() -> None:
    selection = Selection({"objective": ("os-i", "os-ix"), "category": ("none",)}, q="à b", basis="all", page=1)
    assert selection.query == "?category=none&objective=os-i&objective=os-ix&q=%C3%A0+b"
    assert Selection().query == ""
