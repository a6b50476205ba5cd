"""The form of an entry: its order, what is missing, and how passages, terms and initiatives are chosen."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import F
from django.test import Client
from django.urls import reverse

from catalogue.admin import pickers
from initiatives.models import CategoryLink, Initiative, Passage, Status
from taxonomy.models import InterventionCategory, SpecificObjective
from tests.helpers import address_of, coworking, data_of, form_of

pytestmark = pytest.mark.django_db
ADD = "/admin/initiatives/initiative/add/"


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("redazione"))
    return client


@pytest.fixture
def draft() -> Initiative:
    return Initiative.objects.create(slug="bozza", title="Bozza", summary="Sintesi.", position=99)


def soup_of(editor: Client, address: str) -> BeautifulSoup:
    return BeautifulSoup(editor.get(address).content, "lxml")


def one(soup: BeautifulSoup | Tag, selector: str) -> Tag:
    found = soup.select_one(selector)
    assert found is not None, selector
    return found


def options(soup: BeautifulSoup, name: str) -> list[str]:
    return [" ".join(option.text.split()) for option in soup.select(f'select[name="{name}"] option')]


def test_four_sections_in_order_with_the_links_in_the_third(editor: Client) -> None:
    Initiative.objects.update(status=Status.DRAFT)
    soup = soup_of(editor, address_of(coworking()))
    led_to = [str(link["href"])[1:] for link in soup.select(".form-sections a")]
    assert led_to == ["che-cosa-dice", "da-dove-viene", "come-e-classificata", "pubblicazione"]
    sections = [one(soup, f"#{anchor}") for anchor in led_to]
    assert sections == soup.select(".form-section")
    for section, names in zip(
        sections,
        (
            ["title", "title_en", "summary", "summary_en", "parent"],
            ["passages", "lead_ins", "scope", "funding"],
            ["objectivelinks-0-term", "categorylinks-0-note", "sectorlinks-0-passage", "classification_note"],
            ["status", "position"],
        ),
        strict=True,
    ):
        assert all(section.select(f'[name="{name}"]') for name in names), names


def test_draft_says_what_is_missing_and_leads_there(editor: Client, draft: Initiative) -> None:
    term = InterventionCategory.objects.get(slug="economia-sociale")
    CategoryLink.objects.create(initiative=draft, term=term, basis="source")
    CategoryLink.objects.create(
        initiative=draft, term=InterventionCategory.objects.exclude(pk=term.pk)[0], basis="editorial", note="Sì."
    )
    soup = soup_of(editor, address_of(draft))
    tasks = {str(link["href"]): link.text for link in soup.select(".tasks > ul:first-of-type a")}
    row = next(n for n, link in enumerate(draft.categorylinks.all()) if link.term == term)
    assert list(tasks) == ["#id_passages", f"#id_categorylinks-{row}-passage"]
    assert any("Economia sociale" in words for words in tasks.values())
    assert all(soup.select(anchor) for anchor in tasks)
    advice = [str(link["href"]) for link in soup.select(".tasks details a")]
    assert "#id_title_en" in advice
    missed = [str(link["href"]) for link in soup.select(".tasks > p + ul a")]
    assert missed == ["#objectivelinks-group", "#sectorlinks-group"], "read without being unfolded"
    assert all(soup.select(anchor) for anchor in advice)
    assert "Che cosa manca per pubblicarla" in one(soup, ".tasks").text
    assert not soup_of(editor, ADD).select(".tasks")


def test_draft_is_saved_before_its_reasons_are_written(editor: Client, draft: Initiative) -> None:
    address, data = form_of(editor, draft)
    terms = list(InterventionCategory.objects.all()[:2])
    data |= {"categorylinks-TOTAL_FORMS": "2", "summary": "Mezz’ora di lavoro."}
    for n, (term, basis) in enumerate(zip(terms, ("source", "editorial"), strict=True)):
        data |= {f"categorylinks-{n}-term": term.pk, f"categorylinks-{n}-basis": basis}
    assert editor.post(address, data).status_code == 302
    draft.refresh_from_db()
    assert draft.summary == "Mezz’ora di lavoro."
    tasks = [str(link["href"]) for link in soup_of(editor, address).select(".tasks > ul:first-of-type a")]
    assert tasks == ["#id_passages", "#id_categorylinks-0-passage", "#id_categorylinks-1-note"]
    _, data = form_of(editor, draft)
    passages = [Passage.objects.get(anchor="coworking").pk]
    refused = editor.post(address, {**data, "passages": passages, "status": Status.PUBLISHED})
    problems = [str(link["href"]) for link in BeautifulSoup(refused.content, "lxml").select(".refusal a")]
    assert problems == tasks[1:]
    draft.refresh_from_db()
    assert not draft.is_published


def test_publication_is_refused_for_what_is_missing_and_nothing_else(editor: Client, draft: Initiative) -> None:
    address, data = form_of(editor, draft)
    refused = editor.post(address, {**data, "status": Status.PUBLISHED})
    assert refused.status_code == 200
    soup = BeautifulSoup(refused.content, "lxml")
    assert "cita almeno un passo" in one(soup, ".errorlist").text
    passages = [Passage.objects.get(anchor="coworking").pk]
    assert editor.post(address, {**data, "status": Status.PUBLISHED, "passages": passages}).status_code == 302
    draft.refresh_from_db()
    assert draft.is_published


def test_titles_are_of_one_line(editor: Client, draft: Initiative) -> None:
    address, data = form_of(editor, draft)
    assert editor.post(address, {**data, "title": "Due\r\n righe "}).status_code == 302
    draft.refresh_from_db()
    assert draft.title == "Due righe"


def test_passages_are_whole_texts_in_the_order_of_the_document(editor: Client) -> None:
    soup = soup_of(editor, address_of(coworking()))
    for name in ("passages", "lead_ins"):
        chosen = soup.select(f'.passages-chosen [name="{name}"]')
        others = soup.select(f'.passages-others [name="{name}"]')
        assert [int(str(box["value"])) for box in chosen] == list(
            getattr(coworking(), name).values_list("pk", flat=True)
        )
        assert all(box.has_attr("checked") for box in chosen)
        everything = list(Passage.objects.values_list("pk", flat=True))
        assert [pk for pk in everything if pk in {int(str(box["value"])) for box in others}] == [
            int(str(box["value"])) for box in others
        ]
        assert len(chosen) + len(others) == len(everything)
    assert "**" not in one(soup, "#da-dove-viene").text
    assert "*" not in "".join(options(soup, "categorylinks-0-passage"))
    own = soup.select('select[name="categorylinks-0-passage"] optgroup:first-of-type option')
    assert {int(str(option["value"])) for option in own} == set(coworking().passages.values_list("pk", flat=True))


def test_search_of_passages_is_the_sites_own(editor: Client, client: Client) -> None:
    address = reverse("admin:passages-found")
    found = json.loads(editor.get(address, {"q": "nido"}).content)
    assert any("nidi" in passage["text"] for passage in found["found"])
    assert found["said"] == "1 passo trovato"
    assert "<mark>" in found["found"][0]["text"]
    assert json.loads(editor.get(address, {"q": "zibibbo"}).content) == {"said": "0 passi trovati", "found": []}
    client.logout()
    assert client.get(address).status_code == 302
    client.force_login(get_user_model().objects.create_user("altra", is_staff=True))
    assert client.get(address).status_code == 403


def test_of_very_many_passages_those_that_are_chosen_stand_there(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pickers, "MOST_PASSAGES", 10)
    entry = coworking()
    soup = soup_of(editor, address_of(entry))
    assert len(soup.select('[name="passages"]')) == entry.passages.count() < 10
    link = entry.categorylinks.all()[0]
    assert one(soup, 'select[name="categorylinks-0-passage"] option[selected]')["value"] == str(link.passage_id)
    address, data = form_of(editor, entry)
    other = Passage.objects.exclude(pk__in=entry.passages.all()).last()
    assert other is not None
    assert editor.post(address, {**data, "passages": [*data["passages"], other.pk]}).status_code == 302
    assert other in entry.passages.all()
    monkeypatch.setattr(pickers, "MOST_FOUND", 2)
    answer = json.loads(editor.get(reverse("admin:passages-found"), {"q": "servizi"}).content)
    assert len(answer["found"]) == 2
    assert "ecco i primi 2" in answer["said"]


def test_terms_stand_with_the_words_of_the_document(editor: Client) -> None:
    soup = soup_of(editor, address_of(coworking()))
    link = coworking().categorylinks.select_related("term")[0]
    assert one(soup, "#categorylinks-0 .wording").text == link.term.text
    assert options(soup, "categorylinks-0-term")[1:] == [term.label for term in InterventionCategory.objects.all()]
    assert options(soup, "categorylinks-0-basis") == ["Scegli…", "dal documento", "aggiunta dalla redazione"]


def test_initiatives_that_a_measure_may_have(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    measure = Initiative.objects.exclude(parent=None)[0]
    assert (
        len(options(soup_of(editor, address_of(measure)), "parent"))
        == Initiative.objects.filter(parent=None).count() + 1
    )
    monkeypatch.setattr(pickers, "MOST_ENTRIES", 3)
    soup = soup_of(editor, address_of(measure))
    assert options(soup, "parent") == ["Nessuna: è un’iniziativa", str(measure.parent)]
    found = one(soup, ".one-entry")["data-search"]
    asked = {"app_label": "initiatives", "model_name": "initiative", "field_name": "parent", "term": "servizi"}
    assert json.loads(editor.get(str(found), asked).content)["results"]


def test_measures_are_a_list_that_grows(editor: Client) -> None:
    parent = Initiative.objects.exclude(measures=None)[0]
    soup = soup_of(editor, address_of(parent))
    listed = [str(link["href"]) for link in soup.select(".measures ul a")]
    assert listed == [address_of(measure) for measure in parent.measures.all()]
    form = soup_of(editor, ADD + str(one(soup, ".measures .addlink")["href"]).removeprefix(ADD))
    assert one(form, '[name="parent"] option[selected]')["value"] == str(parent.pk)
    assert not soup_of(editor, address_of(parent.measures.all()[0])).select(".measures")


def test_new_entry_can_have_links_without_scripts(editor: Client) -> None:
    soup = soup_of(editor, ADD)
    data: dict[str, Any] = data_of(soup, "#initiative_form")
    term, passage = InterventionCategory.objects.all()[0], Passage.objects.get(anchor="coworking")
    data |= {
        "title": "Nuova",
        "summary": "Sintesi.",
        "slug": "nuova",
        "passages": [passage.pk],
        "categorylinks-0-term": term.pk,
        "categorylinks-0-basis": "source",
        "categorylinks-0-passage": passage.pk,
    }
    assert editor.post(ADD, data).status_code == 302
    entry = Initiative.objects.get(slug="nuova")
    assert [link.term for link in entry.categorylinks.all()] == [term]
    assert not entry.objectivelinks.exists(), "a row that is left empty is none"


def test_who_may_only_read_is_shown_no_tasks(client: Client, draft: Initiative) -> None:
    reader = get_user_model().objects.create_user("lettrice", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_initiative"))
    client.force_login(reader)
    soup = soup_of(client, address_of(draft))
    assert len(soup.select(".form-section")) == 4
    assert not soup.select(".tasks, [name=title]")


def test_form_asks_few_queries(editor: Client, django_assert_max_num_queries: Callable[[int], Any]) -> None:
    address = address_of(coworking())
    editor.get(address)
    with django_assert_max_num_queries(50):
        editor.get(address)


# The public pages that a change alters


def altered(editor: Client, thing: Any) -> tuple[str, list[str]]:
    """What is said of them, and where the links lead."""
    soup = soup_of(editor, address_of(thing))
    return one(soup, ".altered summary").text.strip(), [str(link["href"]) for link in soup.select(".altered a")]


def test_form_names_the_pages_that_a_change_alters(editor: Client, draft: Initiative) -> None:
    parent = Initiative.objects.exclude(measures=None)[0]
    measure = parent.measures.all()[0]
    around = {entry.get_absolute_url() for entry in (parent, *parent.measures.all())}
    for entry in (parent, measure):
        words, links = altered(editor, entry)
        assert set(links) == around
        assert f"{len(around)} schede" in words
    assert altered(editor, coworking()) == (
        "Ciò che cambi si legge nella pagina pubblica di 1 scheda",
        ["/iniziative/coworking/"],
    )
    assert not soup_of(editor, address_of(draft)).select(".altered")


def test_form_of_a_term_names_ten_entries_and_counts_the_rest(editor: Client) -> None:
    term = SpecificObjective.objects.get(slug="os-ix")
    under = Initiative.objects.published().filter(objectivelinks__term=term)
    words, links = altered(editor, term)
    assert f"{under.count()} schede" in words
    assert links == ["/obiettivi/os-ix/", *(entry.get_absolute_url() for entry in under[:10])]
    assert f"e altre {under.count() - 10}" in soup_of(editor, address_of(term)).text


def test_form_of_a_passage_names_who_quotes_it_or_rests_on_it(editor: Client) -> None:
    link = CategoryLink.objects.exclude(passage=None).exclude(initiative__passages=F("passage"))[0]
    assert link.passage is not None
    assert link.initiative.get_absolute_url() in altered(editor, link.passage)[1]
    assert "/iniziative/coworking/" in altered(editor, Passage.objects.get(anchor="coworking"))[1]
    CategoryLink.objects.filter(pk=link.pk).update(passage=None)
    Initiative.objects.all().update(status=Status.DRAFT)
    words, links = altered(editor, Passage.objects.get(anchor="coworking"))
    assert (words, links) == ("Ciò che cambi si legge in una pagina pubblica", ["/fonte/#coworking"])


def test_editor_chooses_the_language_of_these_pages_alone(editor: Client, draft: Initiative) -> None:
    assert editor.get(address_of(draft)).headers["Content-Language"] == "it"
    chosen = editor.post("/admin/lingua/", {"language": "en", "next": address_of(draft)})
    assert chosen.headers["Location"] == address_of(draft)
    assert chosen.cookies["editors-language"]["path"] == "/admin/"
    page = editor.get(address_of(draft))
    assert page.headers["Content-Language"] == "en"
    soup = BeautifulSoup(page.content, "lxml")
    assert [link.text for link in soup.select(".form-sections a")] == [
        "What it says",
        "Where it comes from",
        "How it is classified",
        "Publication",
    ]
    assert "What is missing before it can be published" in soup.text
    assert editor.get("/iniziative/coworking/").headers["Content-Language"] == "it"
    refused = editor.post("/admin/lingua/", {"language": "tlh", "next": "//elsewhere.example/"})
    assert refused.headers["Location"] in ("/", "/admin/")
    assert not refused.cookies
