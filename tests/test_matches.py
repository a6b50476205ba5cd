"""What editors match terms with in other vocabularies: read everywhere with its basis, searched, changed and undone."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from bs4 import BeautifulSoup
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from rdflib import DCTERMS, RDF, SKOS, Graph, Literal, URIRef
from reversion.models import Version

from catalogue.admin.history.told import state_of
from initiatives.content import of_catalogue
from initiatives.facets import Selection, suggestions
from initiatives.history import settle
from initiatives.models import LINKS, Basis, PublicChange, vocabularies
from initiatives.search.words import as_atom
from initiatives.versions import current_version
from taxonomy.models import Match, ObjectiveMatch, PrioritySector, SpecificObjective, Term
from tests.helpers import ROOT, GetPage, address_of, csv_rows, current_index, data_of, fetch, form_of, main_of, slugs
from tests.sites import manage, own_database

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"
BY_EDITORS = "aggiunta dalla redazione"
RELATIONS = {"close": "quasi lo stesso significato", "related": "significato collegato"}
SKOS_RELATIONS = {"close": SKOS.closeMatch, "related": SKOS.relatedMatch}
OF_EUROVOC = {
    ("economia-sociale", "3082", "close"),
    ("welfare-servizi-sociali", "4143", "close"),
    ("cura-conciliazione", "c_2efea99f", "close"),
    ("servizi-sociali-qualita", "4143", "close"),
    ("servizi-pubblici-digitali", "6894", "close"),
    ("organizzazione-lavoro", "2184", "close"),
    ("competenze-riqualificazione", "2904", "close"),
    ("istruzione-formazione", "668", "close"),
    ("inclusione-attiva", "1469", "related"),
    ("protezione-sociale-vita-indipendente", "6548", "related"),
    ("os-i", "4700", "related"),
}
CODES_TODAY = {("os-i", "ESO4.1", "close"), ("os-ix", "ESO4.11", "close")}
CAT = f"{SITE}/catalogo.ttl#"


def every_match() -> Iterator[tuple[str, Term, Match]]:
    for dimension, terms in vocabularies().items():
        for term in terms.values():
            yield from ((dimension, term, match) for match in term.matches.all())


def objective(slug: str = "os-ix") -> SpecificObjective:
    return SpecificObjective.objects.get(slug=slug)


def graph_of(client: Client, address: str) -> Graph:
    return Graph().parse(data=fetch(client, address), format="turtle")


# What is matched


def test_fixtures_match_these_and_nothing_else() -> None:
    rows = yaml.safe_load((ROOT / "fixtures" / "matches.yaml").read_text("utf-8"))
    fields = [row["fields"] for row in rows]
    assert {(row["term"][0], row["code"], row["relation"]) for row in fields} == OF_EUROVOC | CODES_TODAY
    assert all(row["name"] and row["name_en"] and row["note"] and row["note_en"] for row in fields)
    matches = [match for _, _, match in every_match()]
    assert len(matches) == len(rows)
    for match in matches:
        match.full_clean()
        assert Basis(match.basis) is Basis.EDITORIAL


@pytest.mark.parametrize(
    ("vocabulary", "code"),
    [("eurovoc", "ESO4.1"), ("eurovoc", "0"), ("eurovoc", "c_2EFEA99F"), ("eurovoc", "3082#x"), ("esf-plus", "ESO4.14"),
     ("esf-plus", "ESO4.0"), ("esf-plus", "ESO4.1 "), ("esf-plus", "4143"), ("esco", "1")],
)  # fmt: skip
def test_code_is_one_of_its_vocabulary(vocabulary: str, code: str) -> None:
    match = ObjectiveMatch(term=objective(), code=code, vocabulary=vocabulary, relation="close", note="Perché sì.")
    with pytest.raises(ValidationError):
        match.full_clean()


def test_existing_catalogue_gets_them_by_a_command_alone(tmp_path: Any) -> None:
    variables: dict[str, Any] = {"DATA_DIR": str(tmp_path / "var"), **own_database("catalogue_matched")}
    for command in ("migrate", "loaddata taxonomy", "migrate taxonomy 0005_introduction_in_small", "migrate"):
        done = manage(*command.split(), "-v0", **variables)
        assert done.returncode == 0, done.stderr
    count = "from taxonomy.models import SectorMatch as S; print(S.objects.count())"
    assert manage("shell", "-v0", "-c", count, **variables).stdout.strip() == "0"
    for _ in range(2):
        assert manage("loaddata", "-v0", "matches", **variables).returncode == 0
    assert manage("shell", "-v0", "-c", count, **variables).stdout.strip() == "7"


# Read everywhere, with its basis


@pytest.mark.parametrize("language", ["it", "en"])
def test_page_of_a_term_shows_each_on_the_editors_word(page: GetPage, language: str) -> None:
    for _, term, match in every_match():
        address = term.get_absolute_url()
        if language == "en":
            link = page(address).select_one("link[rel=alternate][hreflang=en]")
            assert link
            address = str(link["href"]).removeprefix(SITE)
        items = main_of(page(address)).select(".matches li")
        assert len(items) == term.matches.count()
        (item,) = (item for item in items if item.a and item.a.get_text().endswith(f": {match.code}"))
        assert item.a
        assert item.a["href"] == match.address
        basis = item.select_one(".basis-editorial")
        assert basis
        assert basis.get_text() == (BY_EDITORS if language == "it" else "added by the editors")
        said = item.get_text()
        name, note = (match.name, match.note) if language == "it" else (match.name_en, match.note_en)
        assert name in said
        assert note in said
        assert (RELATIONS[match.relation] in said) == (language == "it")


def test_english_page_marks_what_is_italian(page: GetPage) -> None:
    ObjectiveMatch.objects.filter(code="ESO4.11").update(name_en="", note_en="")
    assert len(main_of(page("/en/objectives/os-ix/")).select(".matches li [lang=it]")) == 2


def test_term_without_any_says_nothing_of_it(page: GetPage) -> None:
    ObjectiveMatch.objects.filter(term=objective()).delete()
    assert not main_of(page("/obiettivi/os-ix/")).select(".matches")


def test_classifications_have_them_beside_their_value(client: Client) -> None:
    rows = csv_rows(client, "/classificazioni.csv")
    for _, term, match in every_match():
        of_term = [row for row in rows if row["Identificativo del valore"] == term.slug]
        assert of_term
        for row in of_term:
            names = ("Corrispondenze del valore", "Corrispondenze: tipo", "Corrispondenze: indirizzo")
            told = zip(*(row[name].split(" | ") for name in (*names, "Corrispondenze: origine")), strict=True)
            assert (str(match), RELATIONS[match.relation], match.address, BY_EDITORS) in told
    without = [row for row in rows if not row["Identificativo del valore"]]
    assert without
    assert {row["Corrispondenze: origine"] for row in without} == {""}


def test_entries_have_the_code_of_today_with_its_basis(client: Client) -> None:
    rows = csv_rows(client, "/iniziative.csv")
    by_objective = {(row["Obiettivo: codice attuale"], row["Obiettivo: origine del codice attuale"]) for row in rows}
    assert by_objective == {("ESO4.1", BY_EDITORS), ("ESO4.11", BY_EDITORS), ("", "")}
    results = json.loads(fetch(client, "/iniziative.json?objective=os-ix"))["results"]
    assert {(*row["objective_today"], *row["objective_today_basis"]) for row in results} == {("ESO4.11", BY_EDITORS)}
    assert "codice attuale" in fetch(client, "/dati/").decode()


def test_code_that_is_only_related_is_no_code_of_the_objective(client: Client) -> None:
    ObjectiveMatch.objects.filter(code="ESO4.11").update(relation="related")
    (row, *_rest) = csv_rows(client, "/iniziative.csv?objective=os-ix")
    assert (row["Obiettivo: codice attuale"], row["Obiettivo: origine del codice attuale"]) == ("", "")
    assert not slugs("ESO4.11")


def test_api_lists_them_with_the_term(client: Client) -> None:
    resources = {"objective": "objectives", "category": "categories", "sector": "sectors"}
    for dimension, term, match in every_match():
        (told,) = (
            each for each in client.get(f"/api/v1/{resources[dimension]}/").json()["results"] if each["id"] == term.slug
        )
        fields = ("vocabulary", "code", "relation", "name", "name_en", "note", "note_en", "address")
        assert {**{name: getattr(match, name) for name in fields}, "basis": "editorial"} in told["matches"]


@pytest.mark.parametrize("address", ["/catalogo.ttl", "/iniziative.ttl?objective=os-ix"])
def test_every_match_in_a_graph_is_a_statement_with_its_basis(client: Client, address: str) -> None:
    """Those of the funds, which are no terms, too."""
    graph = graph_of(client, address)
    triples = {(s, p, o) for p in SKOS_RELATIONS.values() for s, o in graph.subject_objects(p)}
    stated = {
        tuple(graph.value(statement, part) for part in (RDF.subject, RDF.predicate, RDF.object))
        for statement in graph.subjects(RDF.type, RDF.Statement)
        if list(graph.objects(statement, URIRef(f"{CAT}basis"))) == [URIRef(f"{CAT}basis-editorial")]
    }
    assert triples == stated
    assert len(triples) == len(OF_EUROVOC | CODES_TODAY) + 3
    fund, other = URIRef(f"{CAT}funding-fse"), URIRef(f"{CAT}funding-fse-fesr")
    assert (fund, SKOS.closeMatch, URIRef("http://eurovoc.europa.eu/4056")) in graph
    assert (other, SKOS.relatedMatch, URIRef("http://eurovoc.europa.eu/1056")) in graph


def test_graph_says_what_each_is_matched_with(client: Client) -> None:
    graph = graph_of(client, "/catalogo.ttl")
    for _, term, match in every_match():
        page = f"{SITE}{term.get_absolute_url()}"
        target = URIRef(match.address if match.vocabulary == "eurovoc" else f"{CAT}{match.code}")
        assert (URIRef(f"{page}#this"), SKOS_RELATIONS[match.relation], target) in graph
        statement = URIRef(f"{page}#match-{match.code}")
        notes = {Literal(match.note, "it"), Literal(match.note_en, "en")}
        assert set(graph.objects(statement, SKOS.note)) == notes
    today = URIRef(f"{CAT}ESO4.11")
    assert graph.value(today, SKOS.notation) == Literal("ESO4.11")
    assert graph.value(today, DCTERMS.source) == URIRef("http://data.europa.eu/eli/reg/2021/1057/oj")
    assert not list(graph.objects(today, SKOS.inScheme)), "none of the document's objectives"


@pytest.mark.parametrize(
    ("language", "label"),
    [("it", "Codice attuale, secondo la redazione"), ("en", "Current code, according to the editors")],
)
def test_readers_find_the_code_of_today_where_they_choose_an_objective(
    page: GetPage, language: str, label: str
) -> None:
    address = objective().get_absolute_url() if language == "it" else "/en/objectives/os-ix/"
    index = main_of(page(address.removesuffix("os-ix/")))
    assert [a.get_text() for a in index.select("a[href$='#corrispondenze']")] == ["ESO4.1", "ESO4.11"]
    for found in (index, main_of(page(address))):
        link = found.select_one(f"a[href='{address}#corrispondenze']")
        assert link
        assert f"{label}: ESO4.11" in " ".join(str(link.parent and link.parent.get_text()).split())
    assert main_of(page(address)).select("#corrispondenze li")
    dossier = {"it": "/dossier/", "en": "/en/dossier/"}[language]
    assert f"{label}: ESO4.11 (OS ix)" in main_of(page(f"{dossier}?objective=os-ix")).get_text()
    assert label not in main_of(page(f"{dossier}?category=economia-sociale")).get_text()
    ObjectiveMatch.objects.update(relation="related")
    assert label not in main_of(page(address)).get_text()
    assert label not in main_of(page(f"{dossier}?objective=os-ix")).get_text()


# Searched


@pytest.mark.parametrize(
    "q", ["ESO4.11", "eso 4.11", "eso4.11", "Eso-4.11", "ESO4-11", "eso411", "«ESO 4.11»", "ESO 4 11"]
)
def test_code_of_today_finds_what_the_objective_finds(q: str) -> None:
    assert slugs(q) == slugs("OS ix")
    assert len(slugs(q)) == 13


@pytest.mark.parametrize(
    "q",
    [
        *("4.k", "4.K", "(4.k)", "4.11", "OS 4.k", "OS 4.11", "OS4.11", "os4.k", "SO 4.11", "OS k", "os k)"),
        *("obiettivo specifico k", "Obiettivo specifico 4.k)", "specific objective 4.11"),
        *("lettera k", "lett. k)", "point (k)"),
    ],
)
def test_code_of_today_is_understood_as_programmes_shorten_it(q: str) -> None:
    assert slugs(q) == slugs("OS ix")
    for text in ("{} infanzia", "infanzia {}", "{} o coworking"):
        assert slugs(text.format(q)) == slugs(text.format("OS ix")), text


def test_short_code_is_no_numbers_of_a_sentence_and_no_code_of_the_document() -> None:
    clauses = current_index().reading("bambini da 4 a 6 anni").clauses
    assert not any(clause.named for clause in clauses)
    assert not slugs("infanzia 4 11")
    ObjectiveMatch.objects.filter(code="ESO4.11").update(code="ESO4.9")
    assert slugs("OS i") == slugs("ESO4.1"), "point (i) of the regulation is another objective than the document’s i"
    assert slugs("4.i") == slugs("lettera i") == slugs("OS ix")


def test_code_finds_its_own_objective_alone() -> None:
    assert slugs("ESO4.1") == slugs("OS i")
    for other in ("ESO4.2", "ESO4.111", "ESO4", "4143", "ESO"):
        assert not slugs(other), other


def test_code_among_words_is_narrowed_and_excluded_as_a_code_is() -> None:
    for text in ("{} infanzia", "infanzia {}", "-{} lavoro", "{} o coworking", "coworking o {}", "{} -infanzia"):
        assert slugs(text.format("ESO4.11")) == slugs(text.format("OS ix")), text
    assert slugs("ESO4.1 ESO4.11") == []
    assert len(slugs("ESO4.1 o ESO4.11")) == 23


def test_basis_of_the_document_counts_its_own_links_alone() -> None:
    by_source = current_index().find(Selection(q="ESO4.11", basis="source"))
    assert by_source.total == current_index().find(Selection(q="OS ix", basis="source")).total


def test_page_says_that_the_editors_match_the_code(page: GetPage) -> None:
    searched = main_of(page("/iniziative/?q=ESO4.11"))
    assert searched.select("a[href='/obiettivi/os-ix/#corrispondenze']"), "leads to what they say of it"
    said = searched.get_text()
    label = "OS ix — Rafforzare un accesso paritario e tempestivo a servizi di qualità"
    assert f"secondo la redazione, il codice attuale di {label}" in said
    assert "secondo la redazione, il codice" not in main_of(page("/iniziative/?q=OS+ix")).get_text()
    said = main_of(page("/en/initiatives/?q=ESO4.11+infanzia")).get_text()
    assert "“ESO4.11” (according to the editors, the current code for OS ix" in said, "as it was typed"


def test_code_of_an_objective_that_is_not_here_leads_to_those_that_are(page: GetPage) -> None:
    for q, is_led in {"ESO4.8": True, "4.h": True, "zzzzqqq": False}.items():
        ways = main_of(page(f"/iniziative/?q={q}")).select(".rescue li a[href='/obiettivi/']")
        assert bool(ways) == is_led, q


def test_one_code_may_stand_for_several_terms() -> None:
    ObjectiveMatch.objects.filter(code="ESO4.1").update(code="ESO4.11")
    assert len(slugs("ESO4.11")) == len(slugs("ESO4.11 o ESO4.11")) == 23


def test_suggestions_offer_the_objective() -> None:
    for q, offered in {
        "ESO4.11": ["os-ix"],
        "eso": ["os-i", "os-ix"],
        "ESO4.": ["os-i", "os-ix"],
        "11": [],
        "4": [],
    }.items():
        assert [term.slug for term, _ in suggestions.suggest(current_index(), q).terms] == offered


def test_whoever_searches_the_code_sees_the_documents_own_marked() -> None:
    (clause,) = current_index().reading("ESO4.11").clauses
    assert as_atom("OS ix") in clause.spoken


# Changed, told, undone


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("anna"))
    return client


def row_of(data: dict[str, Any], code: str) -> str:
    """Under which name a form has the match."""
    (name,) = (name for name, value in data.items() if name.endswith("-code") and value == code)
    return name.removesuffix("-code")


def new_row(data: dict[str, Any], **fields: str) -> dict[str, Any]:
    number = int(data["matches-TOTAL_FORMS"])
    row = {f"matches-{number}-{name}": value for name, value in {"id": "", "note": "Perché sì.", **fields}.items()}
    return {**data, **row, "matches-TOTAL_FORMS": str(number + 1)}


@pytest.mark.parametrize("change", ["INSERT", "UPDATE", "DELETE"])
def test_every_page_follows(page: GetPage, change: str) -> None:
    assert main_of(page("/obiettivi/os-ix/")).select(".matches li")
    version, content = current_version(), of_catalogue(current_version())
    if change == "INSERT":
        fields = {"vocabulary": "eurovoc", "relation": "related", "note": "Perché sì."}
        ObjectiveMatch.objects.create(term=objective(), code="2517", **fields)
    elif change == "UPDATE":
        ObjectiveMatch.objects.filter(code="ESO4.11").update(code="ESO4.12")
    else:
        ObjectiveMatch.objects.filter(code="ESO4.11").delete()
    assert current_version() != version
    assert of_catalogue(current_version()) != content
    items = [item.a.get_text() for item in main_of(page("/obiettivi/os-ix/")).select(".matches li") if item.a]
    assert [item.rpartition(": ")[2] for item in items] == {
        "INSERT": ["ESO4.11", "2517"], "UPDATE": ["ESO4.12"], "DELETE": []
    }[change]  # fmt: skip
    assert len(slugs("ESO4.11")) == (13 if change == "INSERT" else 0)


def test_version_of_the_content_is_the_same_again_when_it_is_undone() -> None:
    content = of_catalogue(current_version())
    ObjectiveMatch.objects.filter(code="ESO4.11").update(note="Altro.")
    assert of_catalogue(current_version()) != content
    note = yaml.safe_load((ROOT / "fixtures" / "matches.yaml").read_text("utf-8"))[1]["fields"]["note"]
    ObjectiveMatch.objects.filter(code="ESO4.11").update(note=note)
    assert of_catalogue(current_version()) == content


def test_readers_are_told_of_what_changed(page: GetPage, client: Client) -> None:
    settle()
    assert not PublicChange.objects.filter(kind="term").exists()
    match = ObjectiveMatch.objects.get(code="ESO4.11")
    match.relation, match.note = "related", f"{match.note} Ancora."
    match.save()
    ObjectiveMatch.objects.filter(code="4700").delete()
    PrioritySector.objects.get(slug="inclusione-attiva").matches.create(
        code="2517", vocabulary="eurovoc", relation="related", note="Perché sì."
    )
    settle()
    assert PublicChange.objects.filter(kind="term").count() == 3
    told = " ".join(main_of(page("/modifiche/")).get_text().split())
    assert "Prima e dopo: Corrispondenze" in told
    assert f"tolto: EuroVoc 4700 «inserimento professionale»: significato collegato, {BY_EDITORS}" in told
    assert f"aggiunto: EuroVoc 2517: significato collegato, {BY_EDITORS}" in told
    assert "Ancora." in told
    in_english = " ".join(main_of(page("/en/changes/")).get_text().split())
    assert "EuroVoc 4700 “integration into employment”: related meaning" in in_english
    (changed,) = (c for c in client.get("/api/v1/changes/").json()["results"] if c["subject"] == "objective/os-ix")
    assert [each["relation"] for each in changed["before"]["matches"]] == ["close"]
    assert [each["relation"] for each in changed["after"]["matches"]] == ["related"]
    assert client.get("/modifiche/feed/").status_code == 200


def test_what_came_and_went_or_went_with_its_term_is_not_told() -> None:
    settle()
    fields = {"vocabulary": "eurovoc", "relation": "related", "note": "Perché sì."}
    ObjectiveMatch.objects.create(term=objective(), code="2517", **fields).delete()
    term = SpecificObjective.objects.create(slug="nuovo", name="Nuovo", text="Nuovo.")
    ObjectiveMatch.objects.create(term=term, code="2517", **fields)
    settle()
    term.delete()
    settle()
    assert not PublicChange.objects.filter(kind="term").exists()


def test_editors_add_change_and_take_away(editor: Client, page: GetPage) -> None:
    address, data = form_of(editor, objective())
    added = new_row(data, code="2517", vocabulary="eurovoc", relation="related", note="C'entra.")
    row = row_of(data, "ESO4.11")
    response = editor.post(address, {**added, f"{row}-note": 'È "quasi" lo stesso.', "why": "Prova."})
    assert response.status_code == 302
    assert objective().matches.get(code="2517").note == "C’entra.", "with the signs of print"
    assert "«quasi»" in objective().matches.get(code="ESO4.11").note
    soup = BeautifulSoup(editor.get(address_of(objective(), "history")).content, "lxml")
    latest = soup.select(".edit")[0]
    changed = [dt.get_text().removeprefix("Corrispondenza dell’obiettivo: ") for dt in latest.select("dt")]
    assert changed == ["2517", "ESO4.11"]
    assert main_of(page("/obiettivi/os-ix/")).select(".matches li")[1:]
    address, data = form_of(editor, objective())
    assert editor.post(address, {**data, f"{row_of(data, '2517')}-DELETE": "on"}).status_code == 302
    assert [match.code for match in objective().matches.all()] == ["ESO4.11"]


@pytest.mark.parametrize(
    "wrong", [{"code": "ESO4.11"}, {"code": "ESO4.99"}, {"note": ""}, {"vocabulary": "altro"}, {"relation": ""}]
)
def test_form_refuses_what_is_wrong(editor: Client, wrong: dict[str, str]) -> None:
    address, data = form_of(editor, objective())
    fields = {"code": "ESO4.12", "vocabulary": "esf-plus", "relation": "close", **wrong}
    response = editor.post(address, new_row(data, **fields))
    assert response.status_code == 200
    assert BeautifulSoup(response.content, "lxml").select(".errorlist")
    assert objective().matches.count() == 1


@pytest.mark.parametrize(
    ("vocabulary", "written", "code"),
    [
        ("eurovoc", "http://eurovoc.europa.eu/2517", "2517"),
        ("eurovoc", "https://op.europa.eu/it/concept?uri=http://eurovoc.europa.eu/c_2efea99f/", "c_2efea99f"),
        ("esf-plus", "eso4.12", "ESO4.12"),
        ("esf-plus", "ESO 4.12 ", "ESO4.12"),
    ],
)
def test_form_takes_a_code_as_it_is_written_elsewhere(editor: Client, vocabulary: str, written: str, code: str) -> None:
    address, data = form_of(editor, objective())
    fields = {"code": written, "vocabulary": vocabulary, "relation": "related"}
    assert editor.post(address, new_row(data, **fields)).status_code == 302
    assert objective().matches.filter(code=code).exists()


def test_form_does_not_cut_an_address_that_is_pasted(editor: Client) -> None:
    soup = BeautifulSoup(editor.get(address_of(objective())).content, "lxml")
    assert not soup.select_one("[name='matches-__prefix__-code']").has_attr("maxlength")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"code": "4700", "vocabulary": "esf-plus"}, "da ESO4.1 a ESO4.13"),
        ({"code": "ESO4.12", "vocabulary": "eurovoc"}, "http://eurovoc.europa.eu/3082"),
        ({"code": "ESO4.11", "vocabulary": "esf-plus"}, "Ripete un’altra riga"),
    ],
)
def test_form_says_what_is_wrong_with_a_code(editor: Client, fields: dict[str, str], words: str) -> None:
    address, data = form_of(editor, objective())
    response = editor.post(address, new_row(data, **fields, relation="related"))
    refusal = BeautifulSoup(response.content, "lxml").select_one(".errornote")
    assert refusal
    assert words in refusal.get_text()
    assert "code" not in refusal.get_text()


def test_version_is_had_again_with_its_matches(editor: Client) -> None:
    term, rows = objective("os-i"), admin.site._registry[SpecificObjective].rows()  # type: ignore[attr-defined]
    was = state_of(term, *rows)
    address, data = form_of(editor, term)
    changed = {**new_row(data, code="2517", vocabulary="eurovoc", relation="related"), "name": "Altro"}
    changed |= {f"{row_of(data, '4700')}-DELETE": "on", f"{row_of(data, 'ESO4.1')}-relation": "related"}
    assert editor.post(address, changed).status_code == 302
    assert {match.code for match in objective("os-i").matches.all()} == {"ESO4.1", "2517"}
    first = list(Version.objects.get_for_object(term))[-1]
    soup = BeautifulSoup(editor.get(address, {"version": first.pk}).content, "lxml")
    sent = data_of(soup, "#specificobjective_form")
    sent.pop("only_shown", None)
    assert editor.post(address, sent).status_code == 302
    assert state_of(objective("os-i"), *rows) == was


def test_deleted_term_is_recovered_with_its_matches(editor: Client) -> None:
    term = PrioritySector.objects.create(slug="nuovo", name="Nuovo", text="Nuovo.")
    term.matches.create(code="2517", vocabulary="eurovoc", relation="related", note="Perché sì.")
    asked = editor.get(address_of(term, "delete")).content.decode()
    assert "Corrispondenza: 2517" in asked
    assert editor.post(address_of(term, "delete"), {"post": "yes"}).status_code == 302
    deleted = reverse("admin:taxonomy_prioritysector_deleted")
    button = BeautifulSoup(editor.get(deleted).content, "lxml").select_one("tbody button")
    assert button
    assert editor.post(deleted, {"version": button["value"]}).status_code == 302
    (match,) = PrioritySector.objects.get(slug="nuovo").matches.all()
    assert (match.code, match.note) == ("2517", "Perché sì.")


@pytest.mark.parametrize(("group", "may"), [("Redazione", False), ("Responsabili", True)])
def test_who_may_write_terms_may_match_them(client: Client, make: Any, group: str, may: bool) -> None:
    account = make("anna", group)
    client.force_login(account)
    for link in LINKS.values():
        name = link.vocabulary().match_model()._meta.model_name
        rights = {verb for verb in ("add", "change", "delete") if account.has_perm(f"taxonomy.{verb}_{name}")}
        assert rights == ({"add", "change", "delete"} if may else set())
        assert account.has_perm(f"taxonomy.view_{name}")
    soup = BeautifulSoup(client.get(address_of(objective())).content, "lxml")
    assert "ESO4.11" in soup.get_text() or soup.select_one("[name$='-code'][value='ESO4.11']")
    assert bool(soup.select("[name$='-code']")) == may
    data = {"matches-TOTAL_FORMS": "0", "matches-INITIAL_FORMS": "0"}
    fields = {"code": "2517", "vocabulary": "eurovoc", "relation": "related"}
    sent = new_row(form_of(client, objective())[1] if may else data, **fields)
    assert client.post(address_of(objective()), sent).status_code == (302 if may else 403)
    assert objective().matches.filter(code="2517").exists() == may


def test_who_may_change_terms_alone_changes_no_match(client: Client, make: Any) -> None:
    """As in a catalogue whose groups were made before there were any."""
    account = make("anna", "")
    names = ["view_specificobjective", "change_specificobjective"]
    account.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(account)
    address, data = form_of(client, objective())
    assert not [name for name in data if name.startswith("matches")]
    sent = new_row({**data, "matches-TOTAL_FORMS": "0", "matches-INITIAL_FORMS": "0"}, code="2517")
    assert client.post(address, {**sent, "name": "Altro"}).status_code == 302
    assert objective().name == "Altro"
    assert [match.code for match in objective().matches.all()] == ["ESO4.11"]
