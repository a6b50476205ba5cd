"""Entry, term, source and information pages, and what every page has in common."""

import itertools
from urllib.parse import urljoin
from urllib.request import Request, urlopen

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from catalogue.presenters.text import plain
from initiatives.models import CategoryLink, Initiative, Passage, vocabularies
from tests.helpers import KINDS, FixtureEntry, GetPage, main_of, multiply, text, total_of
from tests.sites import RunningSite

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", [*KINDS, "/niente/"])
def test_headers_of_every_page(client: Client, address: str) -> None:
    response = client.get(address)
    assert not response.cookies
    assert response.headers.get("Vary", "Accept-Encoding") in ("Accept-Encoding", "Accept-Encoding, Accept")
    assert response.headers["Content-Language"] == "it"
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


@pytest.mark.parametrize("address", KINDS)
def test_nothing_inline_and_nothing_from_elsewhere(page: GetPage, address: str) -> None:
    soup = page(address)
    assert not soup.select("script:not([src], [type='application/ld+json']), style, [style], [onclick]")
    site = "http://127.0.0.1:8000/"
    # No page has an `img` or must have a script, but all have these others: none of them may go unseen.
    kinds = [("link", "href", 1), ("[rel=stylesheet]", "href", 1), ("[rel=icon]", "href", 2)]
    for kind, attribute, least in [*kinds, ("[property='og:image']", "content", 1), ("[src]", "src", 0)]:
        fetched = [urljoin(site, str(tag[attribute])) for tag in soup.select(kind)]
        assert len(fetched) >= least, kind
        assert all(whole.startswith(site) for whole in fetched), fetched
    assert len(soup.select("h1")) == 1


def test_entry_quotes_its_passages_and_they_lead_back(page: GetPage) -> None:
    soup = page("/iniziative/social-impact-investing/")
    quote = main_of(soup).select_one("section > blockquote.passage")
    assert quote is not None
    assert quote["cite"] == "/fonte/#social-impact-investing"
    assert "laddove FSE e FESR sono stati utilizzati in maniera integrata" in quote.get_text()
    assert "FSE e FESR, in maniera integrata" in text(soup, ".facts")
    source = page("/fonte/")
    piece = source.select_one("#social-impact-investing")
    assert piece is not None
    block = piece.find_parent(class_="block")
    assert block is not None
    assert block.select('.ties a[href="/iniziative/social-impact-investing/"]')


def test_source_page_shows_every_passage_and_every_tie(page: GetPage) -> None:
    soup = page("/fonte/")
    for passage in Passage.objects.all():
        piece = soup.select_one(f"#{passage.anchor}")
        assert piece is not None, passage.anchor
        assert piece.get_text() == passage.text.replace("*", "")
        block = piece.find_parent(class_="block")
        assert block is not None
        tied = {str(link["href"]) for link in block.select(".ties a")}
        assert {entry.get_absolute_url() for entry in passage.initiatives.all()} <= tied
        assert {term.get_absolute_url() for term in passage.objectives.all()} <= tied


def test_entry_says_who_classified_it(page: GetPage) -> None:
    soup = page("/iniziative/servizi-infanzia/")
    rows = {
        " ".join(row.get_text().split()).replace("OS ix — ", "") for row in main_of(soup).select(".panel .terms dd")
    }
    for term, basis in (
        ("Servizi di cura e di organizzazione del lavoro a sostegno della conciliazione", "aggiunta dalla redazione"),
        ("Welfare e servizi sociali", "dal documento"),
    ):
        assert [row for row in rows if row.startswith(f"{term} {basis} perché?")]
    assert "per sezione, non scheda per scheda" in text(soup, ".panel .hint")


def test_entry_without_a_value_says_so(page: GetPage) -> None:
    assert "Non classificato" in text(page("/iniziative/istruzione-formazione/"), ".panel")


def test_further_experience_says_that_it_is_only_named(page: GetPage) -> None:
    assert "dichiara di non riportarla" in text(page("/iniziative/organizzazione-lavoro/"), ".alert")
    assert not main_of(page("/iniziative/coworking/")).select(".alert")


def test_initiative_and_measure_lead_to_each_other(page: GetPage) -> None:
    assert main_of(page("/iniziative/servizi-di-cura/")).select('a[href="/iniziative/servizi-infanzia/"]')
    soup = main_of(page("/iniziative/servizi-infanzia/"))
    assert soup.select('a[href="/iniziative/servizi-di-cura/"]')
    assert soup.select('a[href="/iniziative/assistenza-domiciliare/"]')


@pytest.mark.parametrize(
    ("address", "total", "words"),
    [
        ("/obiettivi/os-ix/", 13, "COM(2018) 382"),
        ("/obiettivi/os-i/", 10, "[COM 2018-382]"),
        ("/categorie/cura-conciliazione/", 6, "finisce con «ecc.»: è aperto"),
        ("/categorie/economia-sociale/", 10, "finisce con «ecc.»: è aperto"),
        ("/settori/servizi-sociali-qualita/", 13, "non dice a quale dei due settori"),
        ("/settori/servizi-pubblici-digitali/", 1, "è della redazione"),
    ],
)
def test_term_page_has_its_total_and_its_caveats(page: GetPage, address: str, total: int, words: str) -> None:
    soup = page(address)
    assert total_of(soup) == total
    assert words in main_of(soup).get_text()
    assert len(main_of(soup).select("article")) == total


def test_objective_page_and_about_page_carry_the_documents_caveats(page: GetPage) -> None:
    for address in ("/obiettivi/os-i/", "/obiettivi/os-ix/", "/informazioni/"):
        words = main_of(page(address)).get_text()
        assert "non differiscono in modo sostanziale tranne per qualche affinamento terminologico" in words, address
        assert "Relazioni di attuazione 2018" in words, address


def test_term_page_shows_where_it_crosses_nothing(page: GetPage) -> None:
    gaps = [" ".join(gap.get_text().split()) for gap in main_of(page("/obiettivi/os-i/")).select(".crossing .gap")]
    assert "Welfare e servizi sociali 0" in gaps


@pytest.mark.parametrize("address", ["/niente/", "/iniziative/niente/", "/obiettivi/niente/", "/settori/os-ix/"])
def test_missing_page_offers_the_way_on(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    soup = BeautifulSoup(response.content, "lxml")
    assert main_of(soup).select_one('form[action="/iniziative/"] input[name=q]')
    switch = soup.select_one(".languages a")
    assert switch is not None
    assert client.get(str(switch["href"])).status_code == (200 if switch["href"] == "/en/" else 404)


def test_wrong_host_gets_the_bad_request_page(client: Client) -> None:
    response = client.get("/", headers={"host": "altrove.example"})
    assert response.status_code == 400
    assert "Richiesta non valida" in response.content.decode()
    assert "Content-Security-Policy" in response.headers


def test_failure_gets_our_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("a failure made for this test")

    monkeypatch.setattr("catalogue.pages.workbench.read", fail)
    client.raise_request_exception = False
    response = client.get("/iniziative/")
    assert response.status_code == 500
    assert "Qualcosa non ha funzionato" in response.content.decode()


def test_queries_of_an_entry(client: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for copies in (0, 40):
        multiply(copies)
        client.get("/")
        for slug in ("welfare-territoriale", "servizi-collaborativi"):
            with django_assert_max_num_queries(8):
                client.get(f"/iniziative/{slug}/")


def test_passages_are_shown_as_text_not_as_html(client: Client) -> None:
    Passage.objects.filter(anchor="coworking").update(text="<script>alert(1)</script> *corsivo* [a](javascript:x)")
    for address in ("/fonte/", "/iniziative/coworking/"):
        html = client.get(address).content.decode()
        assert "<script>" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt; <em>corsivo</em> [a](javascript:x)" in html


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/categorie/cura-conciliazione/", "Per questo valore tutte le classificazioni sono aggiunte dalla redazione."),
        ("/obiettivi/os-ix/", "Per questo valore tutte le classificazioni vengono dal documento."),
    ],
)
def test_term_page_says_on_whose_word_its_total_stands(page: GetPage, address: str, said: str) -> None:
    assert text(page(address), ".by-basis") == said


def test_term_page_with_both_bases_counts_the_documents(page: GetPage) -> None:
    CategoryLink.objects.filter(initiative__slug="servizi-di-cura", term__slug="cura-conciliazione").update(
        basis="source"
    )
    soup = page("/categorie/cura-conciliazione/")
    assert "1 classificazione dal documento, 5 aggiunte dalla redazione." in text(soup, ".by-basis")
    link = main_of(soup).select_one(".by-basis a")
    assert link is not None
    assert total_of(page(str(link["href"]))) == 1


def test_term_page_shows_the_picture_after_the_caveats_and_before_the_entries(page: GetPage) -> None:
    heads = [head.get_text() for head in main_of(page("/obiettivi/os-i/")).select("section > h2, section > h3")]
    picture = main_of(page("/")).select("section:has(.crosswalk) > h2")[0].get_text()
    assert heads[:5] == ["Le parole del documento", "Avvertenze", "Corrispondenze", picture, "Le schede"]


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("/?utm_source=x", "/"),
        ("/iniziative/?scope=focus&q=&objective=os-i&foo=1&page=1", "/iniziative/?objective=os-i&scope=focus"),
        ("/iniziative/coworking/?x=1", "/iniziative/coworking/"),
        ("/en/source/", "/en/source/"),
    ],
)
def test_canonical_address(page: GetPage, address: str, canonical: str) -> None:
    link = page(address).select_one("link[rel=canonical]")
    assert link is not None
    assert link["href"] == f"http://127.0.0.1:8000{canonical}"


@pytest.mark.parametrize(
    "path", ["//evil.example/", "/\n/evil.example/", "/\r\n/evil.example/dati/", "/\t/a@evil.example:80/", "/\n/a[b/"]
)
def test_language_link_never_leaves_the_site(client: Client, path: str) -> None:
    response = client.get("/", PATH_INFO=path)
    assert response.status_code == 404
    switch = BeautifulSoup(response.content, "lxml").select_one(".languages a")
    assert switch is not None
    assert switch["href"] == "/en/"


@pytest.mark.parametrize("cookie", ["csrftoken=zz", "sessionid=x", "csrftoken=; messages=x"])
@pytest.mark.parametrize("address", ["/", "/iniziative/?q=cura", "/niente/", "/iniziative"])
def test_public_pages_say_nothing_to_cookies(client: Client, address: str, cookie: str) -> None:
    response = client.get(address, headers={"cookie": cookie})
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize("kind", ["text/plain; charset=utf-16", "a; charset=base64", "a; charset*=foo''x", "a/b"])
def test_charset_that_a_request_names_changes_nothing(site: RunningSite, kind: str) -> None:
    """Over HTTP: the test client does not go through the door."""
    address = f"{site.url}/iniziative/?q=coworking"
    with urlopen(address) as honest, urlopen(Request(address, headers={"Content-Type": kind})) as page:
        assert page.read() == honest.read()


@pytest.mark.parametrize("address", ["/iniziative/manca/", "/manca/"])
def test_what_is_not_there_is_of_no_version(client: Client, address: str) -> None:
    assert b"colophon" not in client.get(address).content


@pytest.mark.parametrize("method", ["post", "put", "delete", "options", "trace"])
def test_public_pages_are_only_read(client: Client, method: str) -> None:
    response = getattr(client, method)("/iniziative/")
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"
    assert "Content-Security-Policy" in response.headers


@pytest.mark.parametrize("address", ["/accessibilita/", "/privacy/", "/en/accessibility/"])
def test_contact_and_declaration_are_settings(page: GetPage, settings: Settings, address: str) -> None:
    assert "@" not in main_of(page(address)).get_text()
    settings.CONTACT_EMAIL = "catalogo@example.it"
    settings.ACCESSIBILITY_DECLARATION_URL = "https://form.example.it/view/1"
    assert "catalogo@example.it" in main_of(page(address)).get_text()
    assert bool(main_of(page(address)).select("a[href='https://form.example.it/view/1']")) is ("priv" not in address)


def test_entry_says_what_it_is_then_how_it_is_classified_then_the_documents_words(page: GetPage) -> None:
    soup = main_of(page("/iniziative/servizi-di-cura/"))
    heads = [head.get_text() for head in soup.select("h1, h2")]
    assert heads[1:4] == ["Come è classificata", "Che cosa ne dice il documento", "Schede simili"]


@pytest.mark.parametrize("slug", ["servizi-di-cura", "welfare-territoriale"])
def test_initiative_quotes_its_list_whole_with_its_measures_in_it(page: GetPage, slug: str) -> None:
    """Counted in the document: the points of second level that follow its own."""
    entry = Initiative.objects.get(slug=slug)
    listed: list[Passage] = []
    for own in entry.passages.all():
        following = Passage.objects.filter(position__gt=own.position)
        listed += itertools.takewhile(lambda passage: passage.kind == "subitem", following)
    points = main_of(page(f"/iniziative/{slug}/")).select(".document-words > .passage li")
    assert [point.get_text() for point in points] == [plain(passage.text) for passage in listed]
    links = [str(link["href"]) for point in points for link in point.select("a")]
    assert links == [measure.get_absolute_url() for measure in entry.measures.order_by("position")]


def test_list_is_whole_where_a_measure_is_a_draft(page: GetPage) -> None:
    Initiative.objects.filter(slug="servizi-infanzia").update(status="draft")
    points = main_of(page("/iniziative/servizi-di-cura/")).select(".document-words > .passage li")
    assert [len(point.select("a")) for point in points] == [0, 1, 1, 1]


@pytest.mark.parametrize(
    ("address", "dimension"), [("/obiettivi/", "objective"), ("/categorie/", "category"), ("/settori/", "sector")]
)
def test_index_of_a_vocabulary_has_its_words_and_numbers(
    page: GetPage, fixture_entries: list[FixtureEntry], address: str, dimension: str
) -> None:
    soup = main_of(page(address))
    terms = vocabularies()[dimension]
    assert [str(link["href"]) for link in soup.select("h2 a")] == [term.get_absolute_url() for term in terms.values()]
    for item, term in zip(soup.select(".vocabulary > li"), terms.values(), strict=True):
        bases = [entry.terms[dimension][term.slug] for entry in fixture_entries if term.slug in entry.terms[dimension]]
        said = " ".join(item.get_text().split())
        assert f" {len(bases)} sched" in said
        if bases:
            assert f"di cui {bases.count('source')} dal documento" in said
        link = item.select_one(".hint a")
        assert link is not None
        assert total_of(page(str(link["href"]))) == len(bases)
    menu = [str(link["href"]) for link in page("/").select(".site-nav a")]
    assert menu[:3] == ["/obiettivi/", "/categorie/", "/settori/"]


def test_term_says_its_wording_once_and_leads_to_its_matrix_and_files(page: GetPage) -> None:
    for term in [term for terms in vocabularies().values() for term in terms.values()]:
        soup = main_of(page(term.get_absolute_url()))
        assert soup.get_text().count(term.text) == 1, term
        assert soup.select(f"a[href*='/matrice/'][href*='{term.slug}']")
        if soup.select("article"):
            assert soup.select(f"a[href='/iniziative.xlsx?{term.dimension}={term.slug}']")


def test_document_has_a_list_of_contents(page: GetPage) -> None:
    soup = main_of(page("/fonte/"))
    links = soup.select(".contents a")
    assert len(links) == Passage.objects.filter(kind__in=("heading", "subheading")).count() > 3
    assert all(soup.select(str(link["href"])) for link in links)
