"""Editors' lists find what the site finds and say how things stand; who deletes reads what goes and what stays."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalogue.admin.review.publishing import withdraw
from catalogue.submissions.models import Outcome, Submission
from initiatives.models import Expression, Initiative, Passage, Status, SynonymGroup
from taxonomy.models import PrioritySector
from tests.helpers import address_of, multiply

pytestmark = pytest.mark.django_db
ENTRIES = "/admin/initiatives/initiative/"
PASSAGES = "/admin/initiatives/passage/"
PUBLIC = "/admin/initiatives/publicentry/"


@pytest.fixture
def paola(client: Client, make: Any) -> Client:
    client.force_login(make("paola", "Responsabili"))
    return client


@pytest.fixture
def draft() -> Initiative:
    """Quotes a passage that no title or summary repeats."""
    entry = Initiative.objects.create(slug="bozza", title="Orti urbani", summary="Si coltiva.", position=99)
    entry.passages.set(Passage.objects.filter(text__contains="badanti"))
    return entry


def page(client: Client, address: str, **data: Any) -> BeautifulSoup:
    response = client.post(address, data) if data else client.get(address)
    assert response.status_code == 200, address
    return BeautifulSoup(response.content, "lxml")


def words(soup: BeautifulSoup, selector: str = "#content") -> str:
    (tag,) = soup.select(selector)
    return " ".join(tag.get_text(" ").split())


def listed(client: Client, address: str, q: str, **others: str) -> list[int]:
    response: Any = client.get(address, {"q": q, **others})
    return [thing.pk for thing in response.context["cl"].result_list]


def told(entry: Initiative, client: Client) -> list[str]:
    soup = page(client, address_of(entry, "delete"))
    return [" ".join(item.get_text(" ").split()) for item in soup.select("#deleted-objects li li")]


# To delete


def test_who_deletes_what_the_public_reads_is_told_what_stays(paola: Client) -> None:
    entry = Initiative.objects.get(slug="coworking")
    soup = page(paola, address_of(entry, "delete"))
    said = words(soup)
    rows = told(entry, paola)
    assert rows
    kinds = entry.categorylinks, entry.objectivelinks, entry.sectorlinks
    assert len(rows) == len(set(rows)) == sum(links.count() for links in kinds)
    assert "Categoria d’intervento: Economia sociale" in rows
    assert not any(word in said for word in ("object (", "Relazioni", "Oggetti", "sicuro"))
    assert words(soup, ".still-read") == entry.title
    assert "Ritira le schede scelte dalla pubblicazione" in said
    assert "Torna come bozza." in said
    assert soup.select_one(f'a[href="{ENTRIES}eliminate/"]')
    (button,) = soup.select("#content [type=submit]")
    assert button["value"] == "Elimina"
    assert paola.post(address_of(entry, "delete"), {"post": "yes"}).status_code == 302
    assert paola.get(entry.get_absolute_url()).status_code == 410


def test_who_deletes_a_draft_is_told_nothing_of_readers(paola: Client, draft: Initiative) -> None:
    said = words(page(paola, address_of(draft, "delete")))
    assert "Orti urbani" in said
    assert "pubblico" not in said


def test_page_of_what_was_withdrawn_stays_as_it_is(paola: Client) -> None:
    entry = Initiative.objects.get(slug="coworking")
    withdraw(entry, "Perché no.", "")
    soup = page(paola, address_of(entry, "delete"))
    assert not soup.select(".still-read")
    assert "non cambia: Spazi collaborativi di lavoro (coworking), ritirata il" in words(soup)


def test_what_cannot_be_recovered_is_told(paola: Client, draft: Initiative) -> None:
    Submission.objects.create(initiative=draft, outcome=Outcome.RETURNED)
    assert "Non si recupera invece: consegne (1)." in words(page(paola, address_of(draft, "delete")))


def test_several_are_deleted_by_name_and_once(paola: Client, draft: Initiative) -> None:
    entry = Initiative.objects.get(slug="coworking")
    data = {"action": "delete_selected", "_selected_action": [entry.pk, draft.pk]}
    soup = page(paola, ENTRIES, **data)
    assert words(soup, "h1") == "Eliminare 2 schede?"
    assert [name.text for name in soup.select("#deleted-objects strong")] == [entry.title, draft.title]
    assert words(soup, ".still-read") == entry.title
    sent = {tag["name"]: tag["value"] for tag in soup.select("#content form input[name]")}
    ids = [tag["value"] for tag in soup.select("#content [name=_selected_action]")]
    assert paola.post(ENTRIES, {**sent, "_selected_action": ids}).status_code == 302
    assert not Initiative.objects.filter(pk__in=[entry.pk, draft.pk]).exists()


def test_expressions_of_a_group_are_told(paola: Client) -> None:
    group = SynonymGroup.objects.create(slug="orti")
    Expression.objects.create(group=group, text="orti urbani", position=1)
    soup = page(paola, address_of(group, "delete"))
    assert "Espressione: orti urbani" in words(soup)
    assert soup.select_one('a[href="/admin/initiatives/synonymgroup/eliminate/"]')
    assert "bozza" not in words(soup)


# To find


@pytest.mark.parametrize("q", ["badante", "asilo nido", "badanti condominio", "economia sociale"])
def test_entries_are_found_as_on_the_site(paola: Client, q: str) -> None:
    on_site = page(paola, f"/iniziative/?q={q}")
    found = listed(paola, ENTRIES, q)
    assert found
    assert len(found) == len(set(found))
    titles = {" ".join(heading.get_text().split()) for heading in on_site.select("article h3")}
    assert titles <= {entry.heading for entry in Initiative.objects.filter(pk__in=found)}


def test_drafts_are_found_by_all_they_say(paola: Client, draft: Initiative) -> None:
    for q in ("orti", "coltiva", "badanti", "orti badanti", '"badanti di condominio"', "bozz"):
        assert draft.pk in listed(paola, ENTRIES, q), q
    assert draft.pk not in listed(paola, ENTRIES, "orti asilo")


def test_what_is_found_is_ordered_filtered_and_paged(paola: Client, draft: Initiative) -> None:
    multiply(150)
    found = listed(paola, ENTRIES, "copia")
    assert len(found) == 100
    assert found == list(Initiative.objects.filter(title="Copia").values_list("pk", flat=True)[:100])
    assert len(listed(paola, ENTRIES, "copia", p="2")) == 50
    assert listed(paola, ENTRIES, "badanti", status__exact=Status.DRAFT) == [draft.pk]
    by_title = listed(paola, ENTRIES, "servizi", o="1")
    entries = Initiative.objects.in_bulk(by_title)
    assert [entries[pk].title for pk in by_title] == sorted(each.title for each in entries.values())


@pytest.mark.parametrize("q", ["badante", "asilo nido", "assistenza-condivisa"])
def test_passages_are_found_as_on_the_site(paola: Client, q: str) -> None:
    found = listed(paola, PASSAGES, q)
    assert found
    assert len(found) == len(set(found))


@pytest.mark.parametrize("q", ['"', "''", "-", " ", "%", "-asilo", "OR", "\\", "x" * 3000])
def test_whatever_is_looked_for_is_answered(paola: Client, q: str) -> None:
    for address in (ENTRIES, PASSAGES):
        assert paola.get(address, {"q": q}).status_code == 200


# To read


def test_list_says_how_each_entry_stands(paola: Client, draft: Initiative) -> None:
    waiting, withdrawn = Initiative.objects.exclude(pk=draft.pk)[:2]
    withdraw(Initiative.objects.get(slug="coworking"), "", "")
    handed_in = Initiative.objects.create(slug="consegnata", title="Consegnata", summary="Sintesi.", position=98)
    Submission.objects.create(initiative=handed_in)
    soup = page(paola, ENTRIES)
    assert [header.get_text(strip=True) for header in soup.select("#result_list thead th")][1:3] == ["Titolo", "Stato"]
    stages = {row.th.text: row.select_one(".field-stage").text for row in soup.select("#result_list tbody tr")}  # type: ignore[union-attr]
    assert stages["Orti urbani"] == "Bozza"
    assert stages["Consegnata"] == "In revisione"
    assert stages["Spazi collaborativi di lavoro (coworking)"] == "Ritirata"
    assert stages[waiting.title] == stages[withdrawn.title] == "Pubblicata"


def test_stages_cost_no_query_a_row(paola: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            paola.get(ENTRIES)
        return len(captured)

    paola.get(ENTRIES)
    before = queries()
    multiply(20)
    assert queries() == before


def test_withdrawn_are_told_from_those_that_are_read(paola: Client) -> None:
    withdraw(Initiative.objects.get(slug="coworking"), "", "")
    soup = page(paola, PUBLIC)
    assert [header.get_text(strip=True) for header in soup.select("#result_list thead th")][1] == "Ritirata"
    assert [link.get_text(strip=True) for link in soup.select("#changelist-filter li")] == ["Senza filtro", "no", "sì"]
    assert len(page(paola, f"{PUBLIC}?is_withdrawn=yes").select("#result_list tbody tr")) == 1
    assert len(page(paola, f"{PUBLIC}?is_withdrawn=no").select("#result_list tbody tr")) == 26


def test_each_cell_says_its_column(paola: Client) -> None:
    soup = page(paola, ENTRIES)
    row = soup.select("#result_list tbody tr")[0]
    assert [cell.get("data-label") for cell in row.select("th, td")] == [
        *(None, "Titolo", "Stato", "Tipo", "Dove ne parla il documento", "Posizione", "Aggiornata")
    ]


GENDERED = (
    "Tutti",
    "selezionat",
    "Seleziona consegna",
    "Label",
    "Vista",
    "Nulla disponibile",
    "Model name",
    "Add link",
)


def test_italian_of_lists_needs_no_gender(paola: Client) -> None:
    addresses = [ENTRIES, PASSAGES, PUBLIC, reverse("admin:submissions_submission_changelist"), reverse("admin:index")]
    addresses += [reverse(f"admin:taxonomy_{name}_changelist") for name in ("prioritysector", "specificobjective")]
    for address in addresses:
        said = words(page(paola, address), "body")
        assert not [word for word in GENDERED if word in said], address
    assert words(page(paola, addresses[3]), "h1") == "Consegne"
    script = paola.get("/admin/jsi18n/").content.decode()
    assert "Selezione: %(sel)s di %(cnt)s" in script


def test_dates_of_forms_are_written_as_italian_writes_them(paola: Client) -> None:
    entry = Initiative.objects.get(slug="coworking")
    Initiative.objects.filter(pk=entry.pk).update(created="2026-11-27T03:18:00Z")
    assert "venerdì 27 novembre 2026, 04:18" in words(page(paola, address_of(entry)))


def test_what_waits_stands_above_what_there_is(paola: Client, draft: Initiative) -> None:
    Submission.objects.create(initiative=draft)
    content = page(paola, "/admin/").select_one("#content")
    assert content
    (waiting,) = content.select(".waiting")
    assert "Orti urbani" in waiting.text
    assert [tag.get("id") for tag in waiting.find_next_siblings("div")] == ["content-main", "content-related"]


@pytest.mark.parametrize(("group", "may"), [("Redazione", False), ("Responsabili", True)])
def test_guide_leads_where_its_reader_may_go(client: Client, make: Any, group: str, may: bool) -> None:
    client.force_login(make("anna", group))
    soup = page(client, reverse("guide"))
    for link in soup.select(".guide a[href^='/']"):
        assert client.get(str(link["href"])).status_code == 200
    assert bool(soup.select(f'.guide a[href="{ENTRIES}eliminate/"]')) is may
    assert "This guide is in Italian." not in words(soup)
    client.cookies["editors-language"] = "en"
    assert "This guide is in Italian." in words(page(client, reverse("guide")))


@pytest.mark.parametrize("model", ["initiative", "passage"])
@pytest.mark.parametrize("q", ["parola " * 1100, "a" * 60_000, "\0", "orti\0sociali"])
def test_no_text_is_too_long_to_be_looked_for(paola: Client, model: str, q: str) -> None:
    assert paola.get(f"/admin/initiatives/{model}/", {"q": q}).status_code == 200


def test_ties_that_do_not_come_back_are_told(client: Client, make: Any) -> None:
    client.force_login(make("capo", "administrators"))
    sector = PrioritySector.objects.create(slug="nuovo", name="Nuovo", text="Nuovo.")
    Passage.objects.all()[0].sectors.add(sector)
    page = client.get(f"/admin/taxonomy/prioritysector/{sector.pk}/delete/").content.decode()
    assert "il legame con passi" in page
