"""Addresses come back from newsletters, chats and phones: what was added is dropped, what was changed is understood."""

import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from bs4 import BeautifulSoup
from django.http import QueryDict
from django.test import Client
from hypothesis import example, given, settings
from hypothesis import strategies as st

from catalogue.arriving import _is_added, mended
from catalogue.pictures.codes import address_of_code
from catalogue.query import PARAMETERS, as_slug, read
from initiatives.models import Initiative, Status
from tests.helpers import KINDS, GetPage, csv_rows, current_index, main_of, total_of

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"
ADDED = ["utm_source=newsletter&utm_medium=email", "mc_cid=a&mc_eid=b", "fbclid=x", "gclid=1&gbraid=2&wbraid=3&dclid=4"]
ADDED += ["msclkid=1", "_hsenc=a&_hsmi=1&__hstc=b&hsCtaTracking=c", "igshid=1", "yclid=1&twclid=2&ttclid=3&li_fat_id=4"]
ADDED += ["mkt_tok=a", "_ga=1.2&_gl=1*ab*_ga*c", "oly_enc_id=1&vero_id=2&wickedid=3&s_cid=4&ref_src=twsrc%5Etfw"]
ADDED += ["UTM_SOURCE=x", "amp;utm_source=x", "utm_source", "fbclid="]
FILES = ["/iniziative.csv", "/iniziative.json", "/iniziative.xlsx", "/iniziative.ttl", "/classificazioni.csv", "/feed/"]
FILES += ["/matrice.csv", "/matrice.xlsx", "/incroci.svg", "/copertura.csv", "/catalogo.ttl", "/modifiche/feed/"]
FILES += ["/api/v1/initiatives/", "/api/v1/sectors/", "/api/v1/matrix/", "/api/v1/initiatives/coworking/"]
FILES += [
    "/en/initiatives.csv",
    "/en/initiatives.xlsx",
    "/en/feed/",
    "/dossier.docx",
    "/dossier/",
    "/incorpora/figura/",
]
NOT_SELECTED = {"/copertura.csv", "/catalogo.ttl", "/modifiche/feed/", "/api/v1/sectors/"}
NOT_SELECTED |= {"/api/v1/initiatives/coworking/"}


# What was added


@pytest.mark.parametrize("added", ADDED)
def test_what_intermediaries_add_is_dropped(added: str) -> None:
    assert mended(added) == ""
    assert mended(f"{added}&objective=os-ix&amp;{added}") == "objective=os-ix"


@pytest.mark.parametrize("address", FILES)
def test_it_changes_no_byte(client: Client, address: str) -> None:
    chosen = "" if address in NOT_SELECTED else "objective=os-ix"
    plain, added = (client.get(f"{address}?{query}") for query in (chosen, "&".join([ADDED[0], chosen, *ADDED[1:]])))
    assert plain.status_code == added.status_code == 200
    assert added.headers.get("ETag") == plain.headers.get("ETag")
    contents = [b"".join(response) for response in (plain, added)]
    assert contents[0] == contents[1] or address == "/dossier.docx"


@pytest.mark.parametrize("address", [*KINDS[:8], "/en/initiatives/", "/en/source/"])
def test_pages_say_nothing_of_it_and_lead_on_without_it(client: Client, address: str) -> None:
    joined = "&" if "?" in address else "?"
    assert client.get(address + joined + "&".join(ADDED)).content == client.get(address).content


def test_htmx_shows_the_address_without_it(client: Client) -> None:
    pushed = client.get("/iniziative/?objective=os-ix&utm_source=x&foo=1").headers["HX-Push-Url"]
    assert pushed == "/iniziative/?objective=os-ix&foo=1"


def test_what_is_added_is_no_parameter_of_ours() -> None:
    assert not [name for name in PARAMETERS if _is_added(name)]


@pytest.mark.parametrize("query", ["foo=1", "page=2", "source=x", "ref=x", "utmsource=x", "campaign=x"])
def test_files_go_on_refusing_what_they_do_not_know(client: Client, query: str) -> None:
    assert client.get(f"/iniziative.csv?{query}&utm_source=x").status_code == 400
    assert client.get(f"/iniziative.xlsx?{query}").status_code == 400
    assert client.get(f"/catalogo.ttl?{query}").status_code == 400


def test_pages_go_on_naming_what_they_do_not_know(page: GetPage) -> None:
    warning = main_of(page("/iniziative/?foo=1&utm_source=x")).select_one(".alert-warning")
    assert warning is not None
    assert "foo=1" in warning.text
    assert "utm" not in warning.text


def test_editors_pages_are_left_alone(client: Client) -> None:
    response = client.get("/admin/?utm_source=x")
    assert response.headers["Location"] == "/admin/login/?next=/admin/%3Futm_source%3Dx"


# What was encoded again

SAME = [
    "objective=os-ix&amp;category=cura-conciliazione",
    "amp;objective=os-ix&amp;amp;category=cura-conciliazione",
    "objective=os-ix;category=cura-conciliazione",
    "objective=os-ix%26category=cura-conciliazione",
    "objective=os-ix%26amp%3Bcategory=cura-conciliazione",
    "objective=os-ix%26amp%3Bcategory%3Dcura-conciliazione",
    "objective=os-ix%3Bcategory%3Dcura-conciliazione",
    "objective=os-ix%2526category%253Dcura-conciliazione",
    "objective%3Dos-ix%26category%3Dcura-conciliazione",
    "objective%253Dos-ix%2526category%253Dcura-conciliazione",
    "objective=os-ix&%20category=cura-conciliazione",
    "?objective=os-ix&category=cura-conciliazione",
    "objective=os-ix&category=cura-conciliazione?utm_source=x",
    "utm_source=x%26objective=os-ix&category=cura-conciliazione",
    "objective=os-ix%2520&category=%2520cura-conciliazione",
    "objective=OS-IX&category=Cura-Conciliazione",
    "objective=os-ix&category=cura-conciliazione%23contenuto",
    "objective=os-ix%20&category=cura-conciliazione.",
    "objective=os+ix&category=(cura-conciliazione)",
    "objective=os-ix&category=cura-conciliazione%22",
    "objective=os-ix&category=cura-conciliazione&quot;",
    "objective=os-ix&category=cura-conciliazione%E2%80%9D,",
    "objective=os-ix&category=cura-conciliazione%E2%80%8B",
]


@pytest.mark.parametrize("query", SAME)
def test_filters_are_understood_however_they_were_encoded(query: str) -> None:
    asked = read(QueryDict(mended(query)), current_index())
    assert asked.selection.query == "?category=cura-conciliazione&objective=os-ix"
    assert asked.ignored == []


@pytest.mark.parametrize("query", [SAME[0], SAME[6], SAME[8], SAME[15]])
def test_pages_files_and_programs_understand_alike(client: Client, query: str) -> None:
    for listed in ("/iniziative/", "/en/initiatives/"):
        soup = BeautifulSoup(client.get(listed, QUERY_STRING=query).content, "lxml")
        canonical = soup.select_one("link[rel=canonical]")
        assert canonical is not None
        assert canonical["href"] == f"{SITE}{listed}?category=cura-conciliazione&objective=os-ix"
        assert not main_of(soup).select(".alert-warning")
        assert re.search(r"\b5 (schede|entries)\b", main_of(soup).get_text(" "))
    assert len(csv_rows(client, f"/iniziative.csv?{query}")) == 5
    assert client.get("/api/v1/initiatives/", QUERY_STRING=query).json()["count"] == 5


@pytest.mark.parametrize(
    "query", ["objective=os-ix;foo=1", "foo=1%26objective=os-ix", "page=1%26objective%3Dos-ix;foo=1"]
)
def test_what_stays_unknown_beside_a_filter_is_named_and_the_filter_kept(page: GetPage, query: str) -> None:
    soup = page(f"/iniziative/?{query}")
    assert total_of(soup) == 13
    assert "foo=1" in main_of(soup).select(".alert-warning")[0].text


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("q=presa%2520in%2520carico", "presa in carico"),
        ("q=presa%25252520in%252520carico", "presa in carico"),
        ("q=qualit%25C3%25A0", "qualità"),
        ("q=l%26%2339%3Bautonomia", "l'autonomia"),
        ("q=%26quot%3Bpresa+in+carico%26quot%3B", '"presa in carico"'),
        ("q=&quot;presa+in+carico&quot;", '"presa in carico"'),
        ("q=ricerca+%26amp%3B+sviluppo", "ricerca & sviluppo"),
        ("q=cura?utm_source=x", "cura"),
        ("q=cura&amp;utm_source=x", "cura"),
    ],
)
def test_texts_are_read_as_they_were_typed(written: str, meant: str) -> None:
    asked = read(QueryDict(mended(written)), current_index())
    assert (asked.selection.q, asked.ignored) == (meant, [])


def test_plus_signs_of_a_text_part_its_words(client: Client) -> None:
    rows = csv_rows(client, "/iniziative.csv?q=presa+in+carico")
    assert rows
    assert csv_rows(client, "/iniziative.csv?q=presa%2Bin%2Bcarico") == rows


@pytest.mark.parametrize("text", ["a & b", "50%", "100% cura", "a;b=c", "a&objective=os-i", "che cosa?", "R&D; altro"])
def test_what_somebody_types_is_left_alone(text: str) -> None:
    written = urlencode({"q": text})
    assert mended(written) == written


def test_code_for_telephones_keeps_the_address_that_it_leads_to() -> None:
    _path, code = address_of_code("/iniziative/?category=cura-conciliazione&objective=os-ix").split("?")
    assert mended(code) == code


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(["objective=os-ix", "q=cura", "&", ";", "amp;", "%26", "%25", "%3D", "=", "utm_a=1", "à"]))
)
def test_nothing_fails_and_what_is_mended_is_in_order(parts: list[str]) -> None:
    query = "".join(parts).encode().decode("latin-1")
    once = mended(query)
    assert once.isascii()
    assert not [piece for piece in once.split("&") if _is_added(piece.partition("=")[0])]


def test_looks_at_no_query_string_for_long() -> None:
    for worst in (";amp" * 3900, "&#0" * 5200, "q=" + "%26amp%3B" * 1700, "objective=" + "%2525" * 3000):
        began = time.process_time()
        mended(worst)
        assert time.process_time() - began < 0.25


# Paths


def test_looks_at_no_path_for_long(client: Client) -> None:
    client.get("/nulla/")
    for worst in (";" * 20_000, "%3F;" * 10_000, "/a" * 10_000, "%25" * 10_000):
        began = time.process_time()
        assert client.get(f"/{worst}").status_code == 404
        assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    "written",
    [
        "/iniziative/COWORKING/",
        "/iniziative/coworking/)",
        "/iniziative/coworking/).",
        "/iniziative/coworking.",
        "/iniziative/coworking,",
        "/iniziative/coworking/%20",
        "/iniziative/coworking%20/",
        "/iniziative/coworking%2520",
        "/iniziative/coworking%252F",
        "/iniziative/coworking/%E2%80%9D",
        "/iniziative/coworking%E2%80%8B/",
        "/iniziative/(coworking)/",
        "/iniziative//coworking/",
        "/iniziative///coworking//",
        "/Iniziative/coworking",
        "/iniziative/coworking/%23citazione",
        "/iniziative/coworking/&utm_source=x",
        "/iniziative/coworking&fbclid=x",
    ],
)
def test_address_of_an_entry_leads_to_it_however_it_was_written(client: Client, written: str) -> None:
    for path, entry in (
        (written, "/iniziative/coworking/"),
        (f"/en{written}".replace("niziative", "nitiatives"), "/en/initiatives/coworking/"),
    ):
        response = client.get(path, follow=True)
        assert response.status_code == 200, path
        (*_, (last, status)) = response.redirect_chain
        assert (last, status) == (entry, 301), path


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("/Iniziative/", "/iniziative/"),
        ("/iniziative/%3Fobjective=os-ix", "/iniziative/?objective=os-ix"),
        ("/iniziative/%3Fobjective%3Dos-ix%26amp%3Bcategory%3Dcura", "/iniziative/?objective=os-ix&category=cura"),
        ("/iniziative.CSV", "/iniziative.csv"),
        ("/iniziative.csv/", "/iniziative.csv"),
        ("/iniziative.csv.?objective=os-ix&utm_source=x", "/iniziative.csv?objective=os-ix"),
        ("/EN/Objectives/OS-IX/", "/en/objectives/os-ix/"),
        ("/obiettivi/os%20ix/", "/obiettivi/os-ix/"),
        ("/iniziative%3Fcategory=cura%23x?objective=os-ix", "/iniziative/?category=cura%23x&objective=os-ix"),
        ("/API/v1/initiatives/", "/api/v1/initiatives/"),
        ("/api/v1/initiatives/COWORKING/", "/api/v1/initiatives/coworking/"),
        ("/api/v1/status/", "/api/v1/status"),
    ],
)
def test_addresses_of_all_kinds_lead_to_the_one_meant(client: Client, written: str, meant: str) -> None:
    response = client.get(written)
    assert (response.status_code, response.headers["Location"]) == (301, meant)
    assert response.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("nothing", [")", "", "%F1%95%A3%BF", "%23", "%3Fq=x", "%C2%86%5D%C3%AE", "NIENTE"])
def test_program_that_asks_for_one_entry_is_not_given_all(client: Client, nothing: str) -> None:
    assert client.get(f"/api/v1/initiatives/{nothing}/").status_code == 404


def test_selections_name_entries_however_they_are_written(client: Client) -> None:
    assert len(csv_rows(client, "/iniziative.csv?i=COWORKING&i=(scale-up).")) == 2
    assert client.get("/iniziative.csv?i=COWORKIN").status_code == 404


def test_passage_to_cite_is_found_however_it_is_written(page: GetPage) -> None:
    assert not main_of(page("/fonte/?cite=COWORKING.")).select(".alert-warning")


@settings(max_examples=200)
@given(st.text(max_size=30))
@example("𝐍")  # of mathematics
@example("\u33b4")  # one sign that is two letters, the second a capital
def test_slug_of_a_slug_is_itself(text: str) -> None:
    assert as_slug(as_slug(text)) == as_slug(text)


# Where nothing is


def offered(client: Client, path: str) -> list[str]:
    response = client.get(path)
    assert response.status_code == 404, path
    return [str(link["href"]) for link in main_of(BeautifulSoup(response.content, "lxml")).select("h2 + ul a")]


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/iniziative/coworkin/", "/iniziative/coworking/"),
        ("/iniziative/coworking-spazi/", "/iniziative/coworking/"),
        ("/iniziative/spazi-collaborativi/", "/iniziative/coworking/"),
        ("/iniziativa/scale-up/", "/iniziative/scale-up/"),
        ("/en/initiatives/coworkng/", "/en/initiatives/coworking/"),
        ("/en/iniziative/coworking/", "/en/initiatives/coworking/"),
        ("/iniziative/asili-per-infanzia/", "/iniziative/servizi-infanzia/"),
        ("/obiettivi/os-9/", "/obiettivi/os-ix/"),
        ("/settori/inclusione/", "/settori/inclusione-attiva/"),
    ],
)
def test_nearest_entries_and_terms_are_offered(client: Client, path: str, near: str) -> None:
    assert near in offered(client, path)
    assert len(offered(client, path)) <= 7


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/obiettivi/ESO4.11", "/obiettivi/os-ix/"),
        ("/obiettivi/4.k/", "/obiettivi/os-ix/"),
        ("/en/objectives/eso4.1/", "/en/objectives/os-i/"),
        ("/en/obiettivi/os-ix/", "/en/objectives/os-ix/"),
    ],
)
def test_term_that_an_address_names_is_offered_alone(client: Client, path: str, meant: str) -> None:
    assert offered(client, path) == [meant]


def test_little_is_asked_for_a_page_that_is_not_there(
    client: Client, django_assert_max_num_queries: Callable[..., AbstractContextManager[Any]]
) -> None:
    current_index()
    for path in ("/iniziative/zzzz-qqqq-xxxx-yyyy-wwww/", "/iniziative/innovazione-servizi-sociali-persone-famiglie/"):
        with django_assert_max_num_queries(30):
            client.get(path)


def test_nothing_private_is_offered(client: Client) -> None:
    Initiative.objects.create(slug="coworking-bozza", title="Coworking segreto", summary="Sintesi.")
    Initiative.objects.filter(slug="coworking").update(status=Status.DRAFT)
    for path in ("/iniziative/coworking-bozz/", "/iniziative/coworkin/", "/iniziative/segreto/"):
        assert not any("coworking" in address for address in offered(client, path)), path
        assert "Coworking segreto" not in client.get(path).content.decode(), path


def test_junk_is_offered_little_and_never_fails(client: Client) -> None:
    for path in ("/wp-login.php", "/.env", "/" + "a-" * 200, "/" + quote("字" * 30)):
        assert len(offered(client, path)) <= 7
