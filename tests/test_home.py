"""The home page: what this is, and three doors, by what one comes to do."""

import re

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client

from initiatives.models import CategoryLink, Initiative, Passage, Source
from taxonomy.models import InterventionCategory, PrioritySector, SpecificObjective
from tests.helpers import GetPage, main_of

pytestmark = pytest.mark.django_db
HOMES = ["/", "/en/"]
# What each door opens, in the site's Italian addresses.
DOORS = [
    {"/obiettivi/os-i/", "/obiettivi/os-ix/", "/dossier/?objective=os-i", "/dossier/?objective=os-ix"},
    {"/iniziative/", "/matrice/", "/iniziative.xlsx", "/dati/"},
    {"/categorie/", "/settori/", "/fonte/", "/informazioni/"},
]
TERMS = (InterventionCategory, PrioritySector, SpecificObjective)


def links_of(tag: Tag) -> list[str]:
    return [str(link["href"]) for link in tag.select("a[href]")]


def follow(client: Client, links: list[str]) -> None:
    for link in links:
        response = client.get(link)
        assert response.status_code == 200, link
        assert b"".join(response), link  # a file is closed once it is read


def test_three_doors_open_what_each_reader_comes_for(page: GetPage) -> None:
    doors = main_of(page("/")).select(".doors > section")
    for door, wanted in zip(doors, DOORS, strict=True):
        assert set(links_of(door)) >= wanted
        assert door.h2 is not None
        assert door["aria-labelledby"] == door.h2["id"]
        assert len(door.select("p:not(.papers)")) == 1


@pytest.mark.parametrize("address", HOMES)
def test_every_link_of_home_works_in_its_language(client: Client, page: GetPage, address: str) -> None:
    main = main_of(page(address))
    doors = main.select(".doors > section")
    assert [len(links_of(door)) for door in doors] == [7, 4, 4]
    links = links_of(main)
    assert all(link.startswith(address) for link in links)
    follow(client, [link for link in links if "#" not in link])


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/", "Il documento non nomina regioni né importi, e dunque nemmeno il catalogo."),
        ("/en/", "The document names no region and no amount, and so neither does the catalogue."),
    ],
)
def test_home_says_first_that_there_are_no_regions_and_no_amounts(page: GetPage, address: str, words: str) -> None:
    main = main_of(page(address))
    hero = main.select_one(".hero")
    assert hero is not None
    assert words in hero.get_text()
    assert len(main.select("h1")) == 1
    assert hero.get_text().count("Annex D") == 1


@pytest.mark.parametrize("address", HOMES)
def test_home_names_the_document_and_leads_to_how_it_was_classified(page: GetPage, address: str) -> None:
    notes = main_of(page(address)).select_one(".notes")
    assert notes is not None
    title = notes.select_one('[lang="it"]')
    assert title is not None
    marks = "«{}»" if address == "/" else "“{}”"
    assert title.get_text() == marks.format(Source.objects.get().title)
    about = "/informazioni/" if address == "/" else "/en/about/"
    assert f"{about}#metodo" in links_of(notes)


@pytest.mark.parametrize("address", HOMES)
def test_counts_of_home_open_that_many(page: GetPage, address: str) -> None:
    counts = main_of(page(address)).select("a.count")
    assert len(counts) == 14
    for count in counts:
        total = main_of(page(str(count["href"]))).select_one(".total")
        assert total is not None
        assert re.findall(r"\d+", total.get_text())[0] == re.findall(r"\d+", count.get_text())[0]


@pytest.mark.parametrize("address", HOMES)
@pytest.mark.parametrize("emptied", [False, True], ids=["terms", "nothing"])
def test_home_of_an_empty_catalogue_counts_nothing(
    client: Client, no_entries: None, address: str, emptied: bool
) -> None:
    if emptied:
        for model in (Passage, Source, *TERMS):
            model.objects.all().delete()
    main = main_of(BeautifulSoup(client.get(address).content, "lxml"))
    assert not main.select(".count, .papers, ul:empty, svg")
    assert len(main.select(".doors > section")) == 3
    assert bool(main.select(".doorway-objective a")) is not emptied
    follow(client, [link for link in links_of(main) if "#" not in link])


def test_home_shows_many_values_whole(page: GetPage) -> None:
    entry = Initiative.objects.get(slug="coworking")
    for n in range(40):
        term = InterventionCategory.objects.create(slug=f"nuova-{n}", name=f"Nuova {n}", text="Nuova.")
        CategoryLink.objects.create(initiative=entry, term=term, basis="editorial")
    assert len(main_of(page("/")).select(".doorway-category a.count")) == 44
