"""What readers are told of changes: page, history, cited versions, feeds, API; of what is withdrawn its title alone."""

import json
from datetime import timedelta
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalogue.changes import told
from catalogue.changes.difference import pieces
from initiatives.history import settle
from initiatives.models import Initiative, Passage, PublicChange, PublicEntry, Status
from taxonomy.models import PrioritySector
from tests.helpers import GetPage, fetch, main_of, multiply, text

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom", "at": "http://purl.org/atompub/tombstones/1.0"}


@pytest.fixture(autouse=True)
def _settled(db: None) -> None:
    settle()


def change(which: str, **fields: Any) -> Initiative:
    entry = Initiative.objects.get(slug=which)
    for name, value in fields.items():
        setattr(entry, name, value)
    entry.save()
    settle()
    return entry


def words(soup: BeautifulSoup) -> str:
    return " ".join(main_of(soup).get_text().split())


def cited(page: GetPage, slug: str) -> str:
    citation = main_of(page(f"/iniziative/{slug}/")).select_one("#citazione")
    assert citation
    return citation.get_text().partition("versione del contenuto ")[2].split(",")[0]


# The page of all changes


def test_new_catalogue_tells_its_entries_together(page: GetPage) -> None:
    soup = main_of(page("/modifiche/"))
    assert [head.get_text() for head in soup.select("h2")] == ["25 novembre 2026"]
    titles = [link.get_text() for link in soup.select(".changes li li a")]
    assert titles == [entry.heading for entry in Initiative.objects.published().order_by("position")]
    assert "25 novembre 2026: 27 schede entrate nel catalogo" in news(page)


def test_new_catalogue_dates_an_entry_as_its_history_does(page: GetPage) -> None:
    told = text(page("/iniziative/coworking/storia/"), ".change-day")
    assert text(page("/iniziative/coworking/"), ".facts time") == told
    assert f"aggiornata il {told}" in text(page("/iniziative/?q=coworking"), ".entry-kind")


def news(page: GetPage) -> str:
    section = main_of(page("/")).select_one("section:has(h2:-soup-contains('Novità'))")
    assert section
    return " ".join(section.get_text().split())


def test_news_count_the_entries_that_are_there_and_announce_a_day_once(page: GetPage) -> None:
    change("coworking", status=Status.DRAFT)
    assert "25 novembre 2026: 26 schede entrate nel catalogo" in news(page)
    changed = change("scale-up", title="Altro titolo").public.changes.filter(kind="changed")
    entered = PublicChange.objects.of_what_is_there().filter(kind="entered").order_by("-pk")
    moment, last_two = entered[0].moment, list(entered.values_list("pk", flat=True)[:2])
    changed.update(moment=moment + timedelta(seconds=1))
    PublicChange.objects.filter(pk__in=last_two).update(moment=moment + timedelta(seconds=2))
    assert news(page).count("schede entrate") == news(page).count("26 schede entrate") == 1
    assert "Altro titolo, modificata" in news(page)
    PublicChange.objects.filter(pk=last_two[0]).update(moment=moment)
    assert news(page).count("entrat") == news(page).count("26 schede entrate") == 1, "one of them stands alone"


def test_change_says_before_and_after_field_by_field(page: GetPage) -> None:
    before = Initiative.objects.get(slug="coworking")
    change("coworking", title="Spazi condivisi di lavoro (coworking)", scope="further")
    for address in ("/modifiche/", "/iniziative/coworking/storia/"):
        told = main_of(page(address)).select_one(".before-and-after")
        assert told
        fields = {dt.get_text(): dd for dt, dd in zip(told.select("dt"), told.select("dd"), strict=True)}
        assert list(fields) == ["Titolo", "Dove ne parla il documento"]
        title = fields["Titolo"]
        assert [piece.get_text() for piece in title.select("del")] == ["tolto: collaborativi"]
        assert [piece.get_text() for piece in title.select("ins")] == ["aggiunto: condivisi"]
        assert before.title.startswith("Spazi collaborativi di lavoro")
        assert fields["Dove ne parla il documento"].get_text(" ", strip=True).endswith("Solo citata in premessa")
    english = page("/en/changes/")
    assert "Before and after: Title, Where in the document" in words(english)
    assert english.select_one(".before-and-after dd div[lang=it]")


def test_terms_passages_and_reasons_are_told_in_words(page: GetPage) -> None:
    entry = Initiative.objects.get(slug="organizzazione-lavoro")
    (link,) = entry.categorylinks.all()
    link.note = "Un’altra ragione."
    link.save()
    entry.sectorlinks.all().delete()
    entry.passages.add(Passage.objects.get(anchor="coworking"))
    settle()
    told = words(page("/modifiche/"))
    assert "Prima e dopo: Categoria d’intervento, Settore prioritario (Allegato D), Passi del documento" in told
    assert "Un’altra ragione." in told
    assert "tolto: Modalità innovative di organizzazione del lavoro (aggiunta dalla redazione)" in told
    assert "aggiunto: La creazione di spazi collaborativi di lavoro (coworking)" in told


def test_measure_names_the_initiative_that_it_was_under(page: GetPage) -> None:
    change("servizi-infanzia", parent=None)
    told = words(page("/modifiche/"))
    assert "Misura di tolto: Sperimentazione di modelli innovativi di Servizi di cura" in told


def test_pages_of_the_changes_hold_everything_once(page: GetPage, client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(told, "ON_A_PAGE", 10)
    change("coworking", title="Altro")
    seen = []
    for number in (1, 2, 3):
        soup = main_of(page(f"/modifiche/?page={number}"))
        seen += [link.get_text() for link in soup.select(".changes li a:not(.change-history)")]
        assert len(soup.select(".pager a")) == 3
    assert len(seen) == 28
    assert "non è un numero di pagina" in words(page("/modifiche/?page=zero"))
    assert "non è un filtro del catalogo" in words(page("/modifiche/?pagina=1"))
    canonical = page("/modifiche/?page=2").select_one("link[rel=canonical]")
    assert canonical
    assert canonical["href"] == "http://127.0.0.1:8000/modifiche/?page=2"


def test_changes_cost_few_queries(client: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    multiply(60)
    change("servizi-infanzia", parent=None)
    client.get("/")
    for address, most in (("/modifiche/", 5), ("/api/v1/changes/", 5), ("/iniziative/servizi-infanzia/storia/", 8)):
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200


# One entry


def test_history_goes_from_entry_to_the_last_change(page: GetPage) -> None:
    change("coworking", title="Primo titolo")
    change("coworking", slug="lavoro-condiviso")
    sector = PrioritySector.objects.get(slug="inclusione-attiva")
    sector.name = "Inclusione di tutti"
    sector.save()
    settle()
    soup = main_of(page("/iniziative/lavoro-condiviso/storia/"))
    kinds = [kind.get_text() for kind in soup.select(".change-kind")]
    assert kinds == [
        "Valore di una classificazione modificato", "Indirizzo cambiato", "Modificata", "Entrata nel catalogo",
    ]  # fmt: skip
    assert "Inclusione di tutti" in words(page("/iniziative/lavoro-condiviso/storia/"))
    other = main_of(page("/iniziative/servizi-di-cura/storia/"))
    assert [kind.get_text() for kind in other.select(".change-kind")] == ["Entrata nel catalogo"]
    assert main_of(page("/iniziative/lavoro-condiviso/")).select("a[href='/iniziative/lavoro-condiviso/storia/']")


def test_cited_version_opens_as_it_was(page: GetPage, client: Client) -> None:
    title, summary = Initiative.objects.values_list("title", "summary").get(slug="coworking")
    first = cited(page, "coworking")
    assert client.get(f"/iniziative/coworking/versioni/{first}/").headers["Location"] == "/iniziative/coworking/"
    change("coworking", title="Secondo titolo")
    second = cited(page, "coworking")
    passage = Passage.objects.get(anchor="coworking")
    old_text = passage.text
    passage.text = "Parole nuove."
    passage.save()
    settle()
    change("coworking", slug="altro-indirizzo", summary="Altra sintesi.")
    assert len({first, second, cited(page, "altro-indirizzo")}) == 3
    for version, heading in ((first, title), (second, "Secondo titolo")):
        moved = client.get(f"/iniziative/coworking/versioni/{version}/")
        assert moved.headers["Location"] == f"/iniziative/altro-indirizzo/versioni/{version}/"
        soup = page(f"/iniziative/altro-indirizzo/versioni/{version}/")
        assert "Questa non è più la versione attuale." in words(soup)
        assert main_of(soup).select_one("h1").get_text() == heading  # type: ignore[union-attr]
        assert summary in words(soup)
        assert old_text.replace("*", "") in words(soup)
        assert "Altra sintesi." not in words(soup)
        assert soup.select("meta[name=robots][content=noindex]")
    steps = main_of(page("/iniziative/altro-indirizzo/storia/")).select("a[href*='/versioni/']")
    assert f"/iniziative/altro-indirizzo/versioni/{first}/" in [str(link["href"]) for link in steps]


def test_italian_is_marked_on_english_pages_of_what_is_no_more(page: GetPage) -> None:
    passage = Passage.objects.create(
        source=Passage.objects.all()[0].source, anchor="di-passaggio", text="Parole.", kind="paragraph", position=10_000
    )
    settle()
    passage.text = "Parole che non restano."
    passage.save()
    settle()
    passage.delete()
    (gone,) = main_of(page("/en/changes/")).select(".changes p span[lang=it]")
    assert gone.get_text() == "“Parole che non restano.”"
    assert not main_of(page("/modifiche/")).select(".changes [lang]")


def test_italian_is_marked_in_an_english_version_of_before(page: GetPage) -> None:
    (link,) = Initiative.objects.get(slug="organizzazione-lavoro").categorylinks.all()
    link.note, link.note_en = "Una ragione.", ""
    link.save()
    type(link.term).objects.filter(pk=link.term_id).update(name_en="")
    settle()
    version = cited(page, "organizzazione-lavoro")
    change("organizzazione-lavoro", title="Altro titolo")
    terms = main_of(page(f"/en/initiatives/organizzazione-lavoro/versions/{version}/")).select_one(".past-terms")
    assert terms
    marked = [part.get_text() for part in terms.select("dd > span[lang=it], dd > p[lang=it]:not(:-soup-contains('“'))")]
    assert marked == [link.term.name, "Una ragione."]


def test_version_that_is_not_kept_says_so(client: Client) -> None:
    response = client.get("/iniziative/coworking/versioni/0123456789ab/")
    assert response.status_code == 404
    assert "non è conservata una versione" in response.content.decode()
    assert client.get("/en/initiatives/coworking/versions/0123456789ab/").status_code == 404
    assert client.get("/iniziative/manca/versioni/0123456789ab/").status_code == 404
    assert client.get("/iniziative/manca/storia/").status_code == 404


def test_nothing_that_was_withdrawn_is_read_again(page: GetPage, client: Client) -> None:
    first = cited(page, "coworking")
    change("coworking", summary="Parole da togliere.")
    second = cited(page, "coworking")
    change("coworking", status=Status.DRAFT)
    PublicEntry.objects.filter(uid="coworking").update(reason="Era un errore.", reason_en="It was a mistake.")
    for address in ("storia/", f"versioni/{first}/", f"versioni/{second}/"):
        assert client.get(f"/iniziative/coworking/{address}").status_code == 410
    told = words(page("/modifiche/"))
    assert "Ritirata: Spazi collaborativi di lavoro (coworking) Era un errore." in told
    assert "It was a mistake." in words(page("/en/changes/"))
    everywhere = ("/modifiche/", "/en/changes/", "/modifiche/feed/", "/api/v1/changes/", "/feed/", "/")
    assert not any("Parole da togliere" in fetch(client, address).decode() for address in everywhere)
    change("coworking", status=Status.PUBLISHED, summary="Parole nuove.")
    assert not any("Parole da togliere" in fetch(client, address).decode() for address in everywhere)
    assert "Parole da togliere" not in words(page("/iniziative/coworking/storia/"))
    assert client.get(f"/iniziative/coworking/versioni/{second}/").status_code == 404
    assert "Era un errore." not in words(page("/modifiche/"))
    kinds = [kind.get_text() for kind in main_of(page("/iniziative/coworking/storia/")).select(".change-kind")]
    assert kinds == ["Di nuovo nel catalogo", "Ritirata", "Modificata", "Entrata nel catalogo"]


def test_each_withdrawal_has_its_own_reason_or_none(page: GetPage, client: Client) -> None:
    for status in (Status.DRAFT, Status.PUBLISHED, Status.DRAFT):
        change("coworking", status=status)
    PublicEntry.objects.filter(uid="coworking").update(reason="Era un errore.", reason_en="It was a mistake.")
    withdrawn = words(page("/modifiche/")).split("Ritirata: ")[1:]
    assert ["Era un errore." in line for line in withdrawn] == [True, False]
    feed = ElementTree.fromstring(fetch(client, "/modifiche/feed/"))
    assert [each.text for each in feed.findall("a:entry/a:summary", ATOM) if each.text] == ["Era un errore."]
    results = json.loads(fetch(client, "/api/v1/changes/"))["results"]
    assert [each["reason"] for each in results if each["kind"] == "withdrawn"] == ["Era un errore.", ""]


# Feeds and API


def test_feed_of_entries_says_what_was_withdrawn(client: Client) -> None:
    tag = PublicEntry.objects.get(uid="coworking").tag
    change("coworking", status=Status.DRAFT)
    PublicEntry.objects.filter(uid="coworking").update(reason="Era un errore <b>.", reason_en="It was a mistake.")
    for query in ("", "?objective=os-ix"):
        feed = ElementTree.fromstring(fetch(client, f"/feed/{query}"))
        (left,) = feed.findall("at:deleted-entry", ATOM)
        moment = PublicEntry.objects.get(uid="coworking").withdrawn
        assert moment
        assert left.attrib["ref"] == tag
        assert left.attrib["when"].startswith(f"{moment:%Y-%m-}")
        assert left.findtext("at:comment", "", ATOM) == "Era un errore <b>."
        assert tag not in {entry.findtext("a:id", "", ATOM) for entry in feed.findall("a:entry", ATOM)}
    assert not ElementTree.fromstring(fetch(client, "/feed/?page=2&page_size=10")).findall("at:deleted-entry", ATOM)
    english = ElementTree.fromstring(fetch(client, "/en/feed/"))
    assert english.findtext("at:deleted-entry/at:comment", "", ATOM) == "It was a mistake."
    change("coworking", status=Status.PUBLISHED)
    feed = ElementTree.fromstring(fetch(client, "/feed/?page_size=50"))
    assert not feed.findall("at:deleted-entry", ATOM)
    assert tag in {entry.findtext("a:id", "", ATOM) for entry in feed.findall("a:entry", ATOM)}


def test_feed_of_changes_has_one_entry_for_each(client: Client) -> None:
    change("coworking", title="Co\x0bworking & altro", summary="Altra sintesi.")
    feed = ElementTree.fromstring(fetch(client, "/modifiche/feed/"))
    entries = feed.findall("a:entry", ATOM)
    assert len(entries) == len({entry.findtext("a:id", "", ATOM) for entry in entries}) == 28
    assert entries[0].findtext("a:title", "", ATOM) == "Coworking & altro: modificata"
    assert entries[0].findtext("a:summary", "", ATOM) == "Titolo, Sintesi"
    link = entries[0].find("a:link", ATOM)
    assert link is not None
    assert link.attrib["href"] == "http://127.0.0.1:8000/iniziative/coworking/storia/"
    assert entries[0].findtext("a:id", "", ATOM) == PublicChange.objects.latest_first()[0].key.urn
    for query, status in (("?page=2", 404), ("?page=x", 400), ("?q=cura", 400)):
        response = client.get(f"/modifiche/feed/{query}")
        assert (response.status_code, response.headers["Content-Type"]) == (status, "application/problem+json")


def test_api_lists_the_changes(client: Client) -> None:
    change("coworking", title="Nuovo titolo")
    change("scale-up", status=Status.DRAFT)
    PublicEntry.objects.filter(uid="scale-up").update(reason="Doppia.")
    answer = json.loads(fetch(client, "/api/v1/changes/"))
    assert (answer["count"], answer["next"], answer["previous"]) == (29, None, None)
    withdrawn, changed, *entered = answer["results"]
    assert (withdrawn["kind"], withdrawn["entry"], withdrawn["reason"]) == ("withdrawn", "scale-up", "Doppia.")
    assert (withdrawn["before"], withdrawn["after"]) == (None, None)
    assert (changed["kind"], changed["title"], changed["subject"]) == ("changed", "Nuovo titolo", "")
    assert changed["before"]["texts"]["title"] == "Spazi collaborativi di lavoro (coworking)"
    assert changed["after"]["texts"]["title"] == "Nuovo titolo"
    assert {each["kind"] for each in entered} == {"entered"}
    for query, status in (("?page=2", 404), ("?page=x", 400), ("?q=cura", 400)):
        assert client.get(f"/api/v1/changes/{query}").status_code == status


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("uguale", "uguale", [("", "uguale")]),
        ("", "nuovo testo", [("ins", "nuovo testo")]),
        ("del tutto altro", "niente in comune", [("del", "del tutto altro"), ("ins", "niente in comune")]),
        (
            "Una frase lunga che resta com’è.",
            "Una frase breve che resta com’è.",
            [("", "Una frase "), ("del", "lunga"), ("ins", "breve"), ("", " che resta com’è.")],
        ),
    ],
)
def test_difference_is_shown_word_by_word(before: str, after: str, shown: list[tuple[str, str]]) -> None:
    assert [(piece.mark, piece.text) for piece in pieces(before, after)] == shown


def test_difference_holds_both_texts_whole() -> None:
    texts = [text for pair in Initiative.objects.values_list("summary", "title") for text in pair]
    for before, after in pairwise(texts):
        parts = pieces(before, after)
        assert "".join(part.text for part in parts if part.mark != "ins") == before
        assert "".join(part.text for part in parts if part.mark != "del") == after
