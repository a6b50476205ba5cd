"""The address that names an entry or a term gives people its page, and programs that ask for it its graph."""

import pytest
from django.test import Client
from rdflib import DCTERMS, FOAF, RDF, SKOS, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from catalogue.formats import GRAPHS, preferred_form
from initiatives.models import Initiative, PublicEntry
from taxonomy.models import InterventionCategory, PrioritySector, SpecificObjective
from tests.helpers import GetPage, fetch
from tests.sites import RunningSite, ask

pytestmark = [
    pytest.mark.django_db,
    # rdflib's own reader of JSON-LD uses what rdflib has deprecated; the site only writes it.
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]
SITE = "http://127.0.0.1:8000"
CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
PAGES = [
    ("/iniziative/coworking/", "/iniziative/coworking"),
    ("/en/initiatives/coworking/", "/iniziative/coworking"),
    ("/obiettivi/os-ix/", "/obiettivi/os-ix"),
    ("/en/objectives/os-ix/", "/obiettivi/os-ix"),
    ("/categorie/cura-conciliazione/", "/categorie/cura-conciliazione"),
    ("/en/sectors/inclusione-attiva/", "/settori/inclusione-attiva"),
]


@pytest.mark.parametrize(
    ("accepted", "form"),
    [
        ("", ""),
        ("*/*", ""),
        (CHROME, ""),
        ("text/html", ""),
        ("image/png", ""),
        ("text/*", ""),
        ("text/turtle", "ttl"),
        ("TEXT/Turtle; charset=utf-8", "ttl"),
        ("text/turtle, */*", "ttl"),
        ("text/turtle, text/html", ""),
        ("text/turtle;q=0.5, text/html;q=0.6", ""),
        ("text/turtle;q=0.6, text/html;q=0.5", "ttl"),
        ("text/turtle;q=.6, text/html;q=.5", "ttl"),
        ("text/turtle;q=0, */*", ""),
        ("text/turtle;q=0", ""),
        ("text/html;q=0, */*", "ttl"),
        ("application/ld+json", "jsonld"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted", */*;q=0.1', "jsonld"),
        ("application/rdf+xml,text/rdf+n3;q=0.9,application/xhtml+xml;q=0.5,*/*;q=0.1", "rdf"),
        ("text/turtle;q=x, ;;,/,q=1", "ttl"),
        ("text/turtle; q*=foo''1", "ttl"),
    ],
)
def test_form_is_the_one_that_is_wished_for_most(accepted: str, form: str) -> None:
    assert preferred_form(accepted) == form


@pytest.mark.parametrize(("address", "graph"), PAGES)
def test_programs_are_led_to_the_graph_and_browsers_read_the_page(client: Client, address: str, graph: str) -> None:
    for form, (_name, content_type) in GRAPHS.items():
        response = client.get(address, headers={"accept": content_type})
        assert (response.status_code, response.headers["Location"]) == (303, f"{graph}.{form}")
        assert response.headers["Vary"] == "Accept"
        assert client.head(address, headers={"accept": content_type}).status_code == 303
    page = client.get(address, headers={"accept": CHROME})
    assert page.status_code == 200
    assert page.content == client.get(address).content == client.get(address, headers={"accept": "*/*"}).content
    assert page.headers["Vary"] == "Accept-Encoding, Accept"
    known = {"if-none-match": page.headers["ETag"]}
    unchanged = client.get(address, headers=known)
    assert (unchanged.status_code, unchanged.headers["Vary"]) == (304, "Accept-Encoding, Accept")
    assert client.get(address, headers={"accept": "text/turtle", **known}).status_code == 303


def test_nothing_else_varies(client: Client) -> None:
    addresses = ("/", "/dati/", "/iniziative/", "/obiettivi/", "/iniziative.ttl", "/iniziative/coworking.ttl")
    for address in (*addresses, "/api/v1/initiatives/coworking/", "/iniziative/coworking/storia/", "/catalogo.ttl"):
        response = client.get(address, headers={"accept": "text/turtle"})
        assert (response.status_code, response.headers["Vary"]) == (200, "Accept-Encoding"), address


@pytest.mark.parametrize("graph", dict.fromkeys(graph for _address, graph in PAGES))
def test_forms_of_a_graph_say_the_same_in_both_languages(client: Client, page: GetPage, graph: str) -> None:
    forms = [Graph().parse(data=fetch(client, f"{graph}.{form}"), format=name) for form, name in FORMS.items()]
    assert isomorphic(forms[0], forms[1])
    assert isomorphic(forms[0], forms[2])
    for form, (_name, content_type) in GRAPHS.items():
        headers = client.get(f"{graph}.{form}").headers
        assert (headers["Content-Type"], headers["Content-Language"]) == (content_type, "it, en")
    link = page(f"{graph}/").select_one("link[rel=alternate][type='text/turtle']")
    assert link is not None
    assert link["href"] == f"{graph}.ttl"


FORMS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml"}


def test_graph_of_an_entry_says_every_link_with_its_basis(client: Client) -> None:
    own = f"{SITE}/catalogo.ttl#"
    for entry in Initiative.objects.published():
        graph = Graph().parse(data=fetch(client, f"/iniziative/{entry.slug}.ttl"), format="turtle")
        thing = URIRef(f"{SITE}/iniziative/{entry.slug}/#this")
        assert set(graph.objects(thing, DCTERMS.title)) == {Literal(entry.title, "it"), Literal(entry.title_en, "en")}
        whole = Graph().parse(data=fetch(client, f"/iniziative.ttl?i={entry.slug}"), format="turtle")
        links = set(graph.objects(thing, URIRef(f"{own}attribution")))
        assert links == set(whole.objects(thing, URIRef(f"{own}attribution")))
        for link in links:
            assert (link, RDF.type, URIRef(f"{own}Attribution")) in graph
            assert set(graph.predicate_objects(link)) == set(whole.predicate_objects(link))
            assert graph.value(link, URIRef(f"{own}basis"))
        document = URIRef(f"{SITE}/iniziative/{entry.slug}/")
        assert graph.value(document, FOAF.primaryTopic) == thing
        assert graph.value(document, DCTERMS.license)


def test_graph_of_a_term_is_what_the_taxonomies_say_of_it(client: Client) -> None:
    whole = Graph().parse(data=fetch(client, "/catalogo.ttl"), format="turtle")
    for model, place in (
        (SpecificObjective, "obiettivi"),
        (InterventionCategory, "categorie"),
        (PrioritySector, "settori"),
    ):
        for term in model.objects.all():
            graph = Graph().parse(data=fetch(client, f"/{place}/{term.slug}.ttl"), format="turtle")
            thing = URIRef(f"{SITE}/{place}/{term.slug}/#this")
            assert set(graph.predicate_objects(thing)) == set(whole.predicate_objects(thing))
            assert (thing, SKOS.definition, Literal(term.text, "it")) in graph


def test_drafts_and_what_was_withdrawn_have_no_graph(client: Client) -> None:
    Initiative.objects.create(slug="in-bozza", title="Bozza segreta", summary="Segreta.")
    for form in GRAPHS:
        for missing in ("in-bozza", "manca"):
            response = client.get(f"/iniziative/{missing}.{form}")
            assert response.status_code == 404
            assert b"egreta" not in response.content
        assert client.get(f"/settori/manca.{form}").status_code == 404
    entry = Initiative.objects.get(slug="coworking")
    entry.slug = "spazi-condivisi"
    entry.save()
    assert client.get("/iniziative/coworking.ttl").headers["Location"] == "/iniziative/spazi-condivisi.ttl"
    graph = Graph().parse(data=fetch(client, "/iniziative/spazi-condivisi.ttl"), format="turtle")
    assert URIRef(f"{SITE}/iniziative/coworking/#this") in set(graph.subjects())
    entry.status = "draft"
    entry.save()
    PublicEntry.objects.filter(initiative=entry).update(reason="Non era un’iniziativa.")
    for slug in ("coworking", "spazi-condivisi"):
        response = client.get(f"/iniziative/{slug}.jsonld")
        assert response.status_code == 410
        assert entry.summary not in response.content.decode()


def test_graph_is_had_from_the_uri_alone(site: RunningSite) -> None:
    """As a program has it that knows nothing of the site, first and when the page has been kept for others."""
    for place in (
        "iniziative/coworking",
        "obiettivi/os-ix",
        "categorie/cura-conciliazione",
        "settori/inclusione-attiva",
    ):
        uri = f"{site.url}/{place}/#this"
        for form in (None, "turtle", "json-ld", "xml"):
            graph = Graph().parse(uri, format=form)
            assert list(graph.predicate_objects(URIRef(uri))), (uri, form)


@pytest.mark.parametrize("address", ["/iniziative/coworking/", "/en/objectives/os-ix/", "/%69niziative/coworking/"])
def test_what_is_kept_for_browsers_is_given_to_no_program(site: RunningSite, address: str) -> None:
    for _ in range(2):  # in turn
        for accepted in (CHROME, "text/turtle", "*/*", "application/ld+json"):
            wants_page = "*/*" in accepted
            for method in ("GET", "HEAD"):
                status, headers, body = ask(site, address, method, accept=accepted)
                assert status == (200 if wants_page else 303)
                assert bool(body) == (wants_page and method == "GET")
                assert "Accept" in headers["vary"].split(", ")
            known = {"if_none_match": headers["etag"]} if wants_page else {"if_modified_since": headers["date"]}
            assert ask(site, address, accept=accepted, **known)[0] == (304 if wants_page else 303)
