"""From a draft to what the public reads: handed in, seen as it will be, published, returned, withdrawn, moved."""

from typing import Any
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from catalogue.admin.history.pages import versions_of
from catalogue.submissions.models import Outcome, Submission
from initiatives.models import CategoryLink, Initiative, ObjectiveLink, Passage, PublicEntry, Status
from taxonomy.models import InterventionCategory, SpecificObjective
from tests.helpers import address_of, current_index, data_of, form_of

pytestmark = pytest.mark.django_db
CHANGELIST = "admin:initiatives_initiative_changelist"


def signed_in(name: str, group: str = "Redazione") -> Client:
    user, client = get_user_model().objects.create_user(name.lower(), first_name=name, is_staff=True), Client()
    user.groups.set(Group.objects.filter(name=group))
    client.force_login(user)
    return client


@pytest.fixture
def editor() -> Client:
    return signed_in("Elena")


@pytest.fixture
def publisher() -> Client:
    return signed_in("Paola", "Responsabili")


@pytest.fixture
def draft() -> Initiative:
    entry = Initiative.objects.create(slug="bozza", title="Orti sociali di quartiere", summary="Sintesi.", position=99)
    entry.passages.add(Passage.objects.get(anchor="coworking"))
    term, passage = SpecificObjective.objects.get(slug="os-i"), Passage.objects.get(anchor="os-i")
    ObjectiveLink.objects.create(initiative=entry, term=term, basis="source", passage=passage)
    return entry


@pytest.fixture
def coworking() -> Initiative:
    return Initiative.objects.get(slug="coworking")


def hand_in(editor: Client, entry: Initiative, **fields: Any) -> Submission:
    address, data = form_of(editor, entry)
    response = editor.post(address, {**data, **fields, "_hand_in": "Consegna"})
    assert response.status_code == 302, BeautifulSoup(response.content, "lxml").select(".errorlist")
    return Submission.objects.of(entry).waiting().get()


def page_of(client: Client, entry: Initiative, what: str, **query: Any) -> BeautifulSoup:
    response = client.get(address_of(entry, what), query)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "lxml")


def decide(client: Client, entry: Initiative, decision: str, **data: str) -> Any:
    shown = page_of(client, entry, "review").select(".decision input[type=hidden]")
    sent = {str(tag["name"]): str(tag["value"]) for tag in shown} | {"decision": decision, **data}
    return client.post(address_of(entry, "review"), sent, follow=True)


def soup_of(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "lxml")


def told(response: Any) -> str:
    return " ".join(tag.text for tag in soup_of(response).select(".messagelist li"))


def test_draft_is_handed_in_returned_mended_and_published(editor: Client, publisher: Client, draft: Initiative) -> None:
    hand_in(editor, draft, why="È la quarta del capitolo.")
    review = page_of(publisher, draft, "review")
    assert "Elena" in review.text
    assert "È la quarta del capitolo." in review.text
    assert "Orti sociali di quartiere" in review.select_one("dt:-soup-contains('Titolo') + dd ins").text  # type: ignore[union-attr]
    assert "si scrive perché" in told(decide(publisher, draft, "return"))
    decide(publisher, draft, "return", reason="Il titolo non è nel documento.")
    form = page_of(editor, draft, "change")
    assert "Il titolo non è nel documento." in form.select(".editors-note")[0].text
    hand_in(editor, draft, title="Spazi collaborativi")
    decide(publisher, draft, "publish")
    draft.refresh_from_db()
    assert (draft.title, draft.status) == ("Spazi collaborativi", Status.PUBLISHED)
    assert [each.outcome for each in Submission.objects.of(draft)] == [Outcome.PUBLISHED, Outcome.RETURNED]
    assert "Consegnata da Elena" in versions_of(draft)[0].revision.comment
    assert Client().get("/iniziative/bozza/").status_code == 200


def test_change_of_what_is_published_waits_until_it_is_decided(
    editor: Client, publisher: Client, coworking: Initiative
) -> None:
    hand_in(editor, coworking, title="Spazi condivisi di lavoro", why="Si legge meglio.")
    coworking.refresh_from_db()
    assert coworking.title == "Spazi collaborativi di lavoro (coworking)", "nothing changes yet"
    review = page_of(publisher, coworking, "review")
    assert [tag.text for tag in review.select(".changes dt")] == ["Titolo"]
    assert "condivisi" in review.select_one(".changes ins").text  # type: ignore[union-attr]
    decide(publisher, coworking, "publish")
    coworking.refresh_from_db()
    assert (coworking.title, coworking.status) == ("Spazi condivisi di lavoro", Status.PUBLISHED)
    assert versions_of(coworking)[0].revision.user.username == "paola"


@pytest.mark.parametrize("number", ["_2B{}", "_0A{}", "0{}", "{}.0"])
def test_no_other_spelling_of_an_address_publishes_it_either(
    editor: Client, coworking: Initiative, number: str
) -> None:
    address, data = form_of(editor, coworking)
    other = address.replace(f"/{coworking.pk}/", f"/{number.format(coworking.pk)}/")
    editor.post(other, {**data, "title": "Altro"})
    coworking.refresh_from_db()
    assert coworking.title == "Spazi collaborativi di lavoro (coworking)"


def test_what_is_published_is_what_was_read(editor: Client, publisher: Client, coworking: Initiative) -> None:
    hand_in(editor, coworking, title="Letto")
    shown = page_of(publisher, coworking, "review").select(".decision input[type=hidden]")
    second = hand_in(editor, coworking, title="Mai letto")
    sent = {str(tag["name"]): str(tag["value"]) for tag in shown} | {"decision": "publish"}
    assert "mentre la leggevi" in told(publisher.post(address_of(coworking, "review"), sent, follow=True))
    coworking.refresh_from_db()
    assert coworking.title == "Spazi collaborativi di lavoro (coworking)"
    assert Submission.objects.of(coworking).waiting().get() == second
    assert Submission.objects.of(coworking).filter(outcome=Outcome.REPLACED).count() == 1


def test_long_comment_hinders_no_publication(editor: Client, publisher: Client, coworking: Initiative) -> None:
    hand_in(editor, coworking, title="Altro", why="x" * 300)
    decide(publisher, coworking, "publish")
    coworking.refresh_from_db()
    assert coworking.title == "Altro"


def test_forged_number_of_rows_publishes_no_link_without_its_reason(publisher: Client, draft: Initiative) -> None:
    term = InterventionCategory.objects.get(slug="economia-sociale")
    CategoryLink.objects.create(initiative=draft, term=term, basis="editorial")
    address, data = form_of(publisher, draft)
    forged = {name: value for name, value in data.items() if not name.startswith("categorylinks-")}
    forged |= {"categorylinks-TOTAL_FORMS": "0", "categorylinks-INITIAL_FORMS": "0", "status": "published"}
    assert publisher.post(address, forged).status_code == 403
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


@pytest.mark.parametrize("button", ["_save", "_continue", "_addanother", "_hand_in", "nothing"])
def test_no_button_publishes_what_an_editor_may_not(editor: Client, coworking: Initiative, button: str) -> None:
    address, data = form_of(editor, coworking)
    editor.post(address, {**data, "title": "Altro", "status": "draft", button: "on"})
    coworking.refresh_from_db()
    assert (coworking.title, coworking.status) == ("Spazi collaborativi di lavoro (coworking)", Status.PUBLISHED)


def test_status_that_an_editor_sends_is_not_heard(editor: Client, draft: Initiative) -> None:
    address, data = form_of(editor, draft)
    assert editor.post(address, {**data, "status": "published"}).status_code == 302
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_editor_may_not_decide(editor: Client, draft: Initiative) -> None:
    submission = hand_in(editor, draft)
    for decision in ("publish", "return"):
        sent = {"decision": decision, "submission": submission.pk, "reason": "Sì."}
        assert editor.post(address_of(draft, "review"), sent).status_code == 403
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_who_handed_in_takes_back_and_goes_on(editor: Client, coworking: Initiative) -> None:
    submission = hand_in(editor, coworking, title="Altro")
    response = decide(editor, coworking, "take-back")
    submission.refresh_from_db()
    assert submission.outcome == Outcome.TAKEN_BACK
    data = data_of(BeautifulSoup(response.content, "lxml"), "#initiative_form")
    assert data["title"] == "Altro"


def test_change_is_opened_in_the_form_mended_and_published(
    editor: Client, publisher: Client, coworking: Initiative
) -> None:
    submission = hand_in(editor, coworking, title="Altro")
    form = page_of(publisher, coworking, "change", submission=submission.pk)
    data = data_of(form, "#initiative_form")
    assert data["title"] == "Altro"
    assert not form.select(".errornote, .errorlist"), "nobody has tried to save anything"
    assert "consegnata da Elena" in form.select(".editors-note")[0].text
    address = f"{address_of(coworking)}?submission={submission.pk}"
    assert publisher.post(address, {**data, "title": "Altro, meglio"}).status_code == 302
    submission.refresh_from_db()
    coworking.refresh_from_db()
    assert (coworking.title, coworking.status) == ("Altro, meglio", Status.PUBLISHED)
    assert submission.outcome == Outcome.PUBLISHED
    assert "Consegnata da Elena" in versions_of(coworking)[0].revision.comment
    assert "pubblicata da Paola" in BeautifulSoup(editor.get("/admin/").content, "lxml").text


def test_who_handed_in_a_change_finds_it_in_the_form(editor: Client, publisher: Client, coworking: Initiative) -> None:
    hand_in(editor, coworking, summary="Sintesi di Elena.")
    form = page_of(editor, coworking, "change")
    assert "se consegni di nuovo, la sostituisci" in form.select(".editors-note")[0].text
    data = data_of(form, "#initiative_form")
    assert data["summary"] == "Sintesi di Elena."
    assert editor.post(address_of(coworking), {**data, "title": "Di Elena", "_hand_in": "on"}).status_code == 302
    assert [tag.text for tag in page_of(publisher, coworking, "review").select(".changes dt")] == ["Titolo", "Sintesi"]
    decide(publisher, coworking, "return", reason="Non lo dice il documento.")
    form = page_of(editor, coworking, "change")
    assert "non è ancora consegnata di nuovo" in form.text
    assert "Non lo dice il documento." in form.text
    assert data_of(form, "#initiative_form")["title"] == "Di Elena"
    others = page_of(signed_in("Bruno"), coworking, "change")
    assert data_of(others, "#initiative_form")["title"] == coworking.title
    first = Submission.objects.of(coworking).get(outcome=Outcome.REPLACED)
    listed = BeautifulSoup(publisher.get("/admin/submissions/submission/").content, "lxml")
    assert listed.select_one(f"a[href$='/change/?submission={first.pk}']"), "each leads to its own words"


@pytest.mark.parametrize("first", ["", "take-back", "return"])
def test_change_that_is_given_up_is_out_of_the_way_and_not_lost(
    first: str, editor: Client, publisher: Client, coworking: Initiative
) -> None:
    submission = hand_in(editor, coworking, title="Di Elena")
    if first:
        decide(publisher if first == "return" else editor, coworking, first, reason="Non lo dice il documento.")
    form = page_of(editor, coworking, "change")
    give_up = data_of(form, f"form[action='{address_of(coworking, 'review')}']")
    response = editor.post(address_of(coworking, "review"), {**give_up, "decision": "give-up"}, follow=True)
    assert "L’hai lasciata perdere" in told(response)
    opened = data_of(BeautifulSoup(response.content, "lxml"), "#initiative_form")
    assert opened["title"] == coworking.title, "what the public reads"
    assert coworking.title not in BeautifulSoup(editor.get("/admin/").content, "lxml").select("#content")[0].text
    submission.refresh_from_db()
    assert submission.outcome == Outcome.GIVEN_UP
    assert submission.reason == ("Non lo dice il documento." if first == "return" else "")
    assert data_of(page_of(editor, coworking, "change", submission=submission.pk), "#initiative_form")["title"] == (
        "Di Elena"
    ), "from the list of what was handed in it can be opened"
    hand_in(signed_in("Bruno"), coworking, title="Di Bruno")


@pytest.mark.parametrize("first", ["take-back", "return"])
def test_change_that_came_back_outlives_a_colleagues(
    first: str, editor: Client, publisher: Client, coworking: Initiative
) -> None:
    own = hand_in(editor, coworking, title="Di Elena")
    decide(publisher if first == "return" else editor, coworking, first, reason="Non lo dice il documento.")
    others = hand_in(signed_in("Bruno"), coworking, title="Di Bruno")
    assert soup_of(editor.get("/admin/")).select_one(f".submissions a[href$='submission={own.pk}']")
    form = page_of(editor, coworking, "change")
    assert data_of(form, "#initiative_form")["title"] == "Di Elena"
    assert ("Non lo dice il documento." in form.text) == (first == "return")
    assert not page_of(editor, coworking, "review").select("[value=take-back]"), "what waits is another's"
    assert "L’hai lasciata perdere" in told(decide(editor, coworking, "give-up"))
    own.refresh_from_db()
    others.refresh_from_db()
    assert (own.outcome, others.outcome) == (Outcome.GIVEN_UP, Outcome.WAITING)


def test_returned_draft_that_a_colleague_hands_in_is_out_of_the_way(
    editor: Client, publisher: Client, draft: Initiative
) -> None:
    hand_in(editor, draft)
    decide(publisher, draft, "return", reason="Manca l’inglese.")
    hand_in(signed_in("Bruno"), draft)
    assert not soup_of(editor.get("/admin/")).select(".submissions")


@pytest.mark.parametrize("first", ["take-back", "give-up", "return"])
def test_change_that_is_opened_and_published_is_decided_whatever_became_of_it(
    first: str, editor: Client, publisher: Client, coworking: Initiative
) -> None:
    own = hand_in(editor, coworking, title="Di Elena")
    decide(publisher if first == "return" else editor, coworking, first, reason="Non lo dice il documento.")
    hand_in(signed_in("Bruno"), coworking, title="Di Bruno")
    data = data_of(page_of(publisher, coworking, "change", submission=own.pk), "#initiative_form")
    assert publisher.post(f"{address_of(coworking)}?submission={own.pk}", data).status_code == 302
    own.refresh_from_db()
    assert own.outcome == Outcome.PUBLISHED


def test_nobody_gives_up_what_another_has_handed_in(editor: Client, publisher: Client, coworking: Initiative) -> None:
    submission = hand_in(editor, coworking, title="Di Elena")
    for other in (publisher, signed_in("Bruno")):
        assert not page_of(other, coworking, "review").select("[value='give-up']")
        data = {"submission": submission.pk, "decision": "give-up"}
        assert "mentre la leggevi" in told(other.post(address_of(coworking, "review"), data, follow=True))
    submission.refresh_from_db()
    assert submission.outcome == Outcome.WAITING


def test_returned_draft_that_is_published_after_all_is_no_longer_returned(
    editor: Client, publisher: Client, draft: Initiative
) -> None:
    submission = hand_in(editor, draft)
    decide(publisher, draft, "return", reason="Manca l’inglese.")
    publisher.post(reverse(CHANGELIST), {"action": "publish_selected", "_selected_action": [draft.pk]})
    submission.refresh_from_db()
    assert (submission.outcome, submission.reason) == (Outcome.PUBLISHED, "Manca l’inglese.")
    assert "pubblicata da Paola" in BeautifulSoup(editor.get("/admin/").content, "lxml").text


def test_returned_draft_can_be_given_up_and_stays_a_draft(editor: Client, publisher: Client, draft: Initiative) -> None:
    hand_in(editor, draft)
    decide(publisher, draft, "return", reason="Non è nel documento.")
    response = decide(editor, draft, "give-up")
    assert "resta una bozza" in told(response)
    assert "Non è nel documento." not in BeautifulSoup(editor.get("/admin/").content, "lxml").text
    assert "Prima era stata restituita: «Non è nel documento.»" in page_of(editor, draft, "review").text


def test_other_editor_is_told_at_once_that_a_change_waits(editor: Client, coworking: Initiative) -> None:
    hand_in(editor, coworking, title="Di Elena")
    notes = page_of(signed_in("Bruno"), coworking, "change").select(".editors-note")
    assert "non se ne può consegnare un’altra" in notes[0].text


def test_change_that_came_before_another_is_not_published_over_it(
    editor: Client, publisher: Client, coworking: Initiative
) -> None:
    submission = hand_in(editor, coworking, title="Di Elena")
    address, data = form_of(publisher, coworking)
    assert publisher.post(address, {**data, "title": "Di Paola"}).status_code == 302
    review = page_of(publisher, coworking, "review")
    cells = [tag.text for tag in review.select(".differences tbody tr > *")]
    assert cells == ["Titolo", "Spazi collaborativi di lavoro (coworking)", "Di Paola", "Di Elena"]
    assert not review.select("[value=publish]")
    assert "mentre la leggevi" in told(decide(publisher, coworking, "publish"))
    coworking.refresh_from_db()
    submission.refresh_from_db()
    assert (coworking.title, submission.outcome) == ("Di Paola", Outcome.WAITING)
    form = page_of(publisher, coworking, "change", submission=submission.pk)
    assert form.select(".differences"), "told before anything is saved"
    data = data_of(form, "#initiative_form")
    assert data["title"] == "Di Elena", "nothing is lost"
    address = f"{address_of(coworking)}?submission={submission.pk}"
    assert publisher.post(address, {**data, "title": "Di tutte e due"}).status_code == 302, "at the first try"
    submission.refresh_from_db()
    assert submission.outcome == Outcome.PUBLISHED


def test_draft_that_changed_while_it_was_read_is_read_again(
    editor: Client, publisher: Client, draft: Initiative
) -> None:
    hand_in(editor, draft)
    shown = page_of(publisher, draft, "review").select(".decision input[type=hidden]")
    address, data = form_of(editor, draft)
    editor.post(address, {**data, "title": "Altro titolo"})
    sent = {str(tag["name"]): str(tag["value"]) for tag in shown} | {"decision": "publish"}
    assert "mentre la leggevi" in told(publisher.post(address_of(draft, "review"), sent, follow=True))
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_second_editor_hands_in_nothing_over_the_first_ones(editor: Client, coworking: Initiative) -> None:
    hand_in(editor, coworking, title="Di Elena")
    other = signed_in("Bruno")
    address, data = form_of(other, coworking)
    response = other.post(address, {**data, "title": "Di Bruno", "_hand_in": "on"})
    page = BeautifulSoup(response.content, "lxml")
    assert "Non è stata consegnata" in page.select(".errornote")[0].text
    assert "già una modifica di Elena" in page.select(".errorlist")[0].text
    assert data_of(page, "#initiative_form")["title"] == "Di Bruno"
    assert Submission.objects.of(coworking).waiting().get().author.username == "elena"  # type: ignore[union-attr]


def test_who_opens_a_colleagues_change_reads_whose_it_is(
    editor: Client, publisher: Client, coworking: Initiative
) -> None:
    others, bruno = hand_in(editor, coworking, title="Di Elena"), signed_in("Bruno")
    notes = page_of(bruno, coworking, "change", submission=others.pk).select(".editors-note")
    assert "consegnata da Elena" in notes[0].text
    assert notes[0].text.strip().endswith("Che cosa ne è stato: In revisione.")
    assert "non se ne può consegnare un’altra" in notes[1].text
    decide(publisher, coworking, "return", reason="Non lo dice il documento.")
    note = page_of(bruno, coworking, "change", submission=others.pk).select(".editors-note")[0]
    assert note.text.strip().endswith("Che cosa ne è stato: Restituita.")


@pytest.mark.parametrize("decision", ["", "return"])
def test_who_may_only_look_reads_the_notes_of_a_change(
    decision: str, editor: Client, publisher: Client, coworking: Initiative
) -> None:
    own, reader = hand_in(editor, coworking, title="Di Elena", why="Si legge meglio."), signed_in("Luca", "")
    if decision:
        decide(publisher, coworking, decision, reason="Non lo dice il documento.")
    get_user_model().objects.get(username="luca").user_permissions.add(
        *Permission.objects.filter(content_type__app_label="initiatives", codename__startswith="view_")
    )
    publisher.post(address_of(coworking), {**form_of(publisher, coworking)[1], "position": "98"})
    for what in ("review", "preview", "change"):
        page = page_of(reader, coworking, what, submission=own.pk, version=versions_of(coworking).last().pk)
        assert "Di Elena" not in page.text
        assert what == "preview" or not page.select("[href*='submission='], [name=_hand_in]"), what
    assert "Si legge meglio." in page_of(reader, coworking, "review").text
    page_of(reader, coworking, "change", version=versions_of(coworking).last() or 1)


def test_change_that_changes_nothing_is_not_handed_in(editor: Client, coworking: Initiative) -> None:
    address, data = form_of(editor, coworking)
    assert "nulla da consegnare" in told(editor.post(address, {**data, "_hand_in": "on"}, follow=True))
    assert not Submission.objects.exists()


def test_what_cannot_be_saved_cannot_be_handed_in(editor: Client, coworking: Initiative) -> None:
    address, data = form_of(editor, coworking)
    response = editor.post(address, {**data, "passages": [], "_hand_in": "on"})
    assert "cita almeno un passo" in response.content.decode()
    assert not Submission.objects.exists()


def refused(response: Any) -> BeautifulSoup:
    assert response.status_code == 200
    assert not Submission.objects.exists()
    return BeautifulSoup(response.content, "lxml")


def test_draft_that_lacks_something_is_kept_and_not_handed_in(editor: Client, draft: Initiative) -> None:
    category = InterventionCategory.objects.get(slug="economia-sociale")
    address, data = form_of(editor, draft)
    data |= {
        "passages": [],
        "summary": "Mezz’ora di lavoro.",
        "categorylinks-TOTAL_FORMS": "1",
        "categorylinks-0-term": category.pk,
        "categorylinks-0-basis": "editorial",
    }
    soup = refused(editor.post(address, {**data, "_hand_in": "on"}))
    assert "Non è stata consegnata, né salvata: ci sono 2 cose da correggere." in soup.text
    assert [link["href"] for link in soup.select(".refusal a")] == ["#id_passages", "#id_categorylinks-0-note"]
    assert "si tiene con «Salva»" in soup.text
    kept = data_of(soup, "#initiative_form")
    assert (kept["summary"], kept["categorylinks-0-term"]) == ("Mezz’ora di lavoro.", [str(category.pk)])
    assert editor.post(address, {**kept, "_save": "Salva"}).status_code == 302
    draft.refresh_from_db()
    assert draft.summary == "Mezz’ora di lavoro."
    _, data = form_of(editor, draft)
    refused(editor.post(address, {**data, "_hand_in": "on"}))
    passages = [Passage.objects.get(anchor="coworking").pk]
    hand_in(editor, draft, passages=passages, **{"categorylinks-0-note": "Perché sì."})


def test_new_entry_that_lacks_something_is_not_handed_in(editor: Client) -> None:
    address = reverse("admin:initiatives_initiative_add")
    data = data_of(BeautifulSoup(editor.get(address).content, "lxml"), "#initiative_form")
    data |= {"title": "Nuova", "slug": "nuova", "summary": "Sintesi."}
    refused(editor.post(address, {**data, "_hand_in": "on"}))
    assert not Initiative.objects.filter(slug="nuova").exists()


def test_initiative_and_measures_are_handed_in_together(editor: Client, draft: Initiative) -> None:
    measure = Initiative.objects.create(slug="misura", title="Misura", summary="Sintesi.", parent=draft)
    measure.passages.add(Passage.objects.get(anchor="coworking"))
    assert hand_in(editor, measure).form == ""


def test_change_without_a_reason_is_not_handed_in(editor: Client, coworking: Initiative) -> None:
    address, data = form_of(editor, coworking)
    for change in ({"categorylinks-0-passage": ""}, {"categorylinks-0-basis": "editorial"}):
        soup = refused(editor.post(address, {**data, **change, "title": "Altro", "_hand_in": "on"}))
        assert len(soup.select(".refusal li")) == 1
        assert data_of(soup, "#initiative_form")["title"] == "Altro"
        assert "con «Salva»" not in soup.text, "there is no such button"


def test_no_road_publishes_a_link_without_its_reason(editor: Client, publisher: Client, draft: Initiative) -> None:
    hand_in(editor, draft)
    term = InterventionCategory.objects.get(slug="economia-sociale")
    CategoryLink.objects.create(initiative=draft, term=term, basis="editorial")
    words = "Scrivi perché la redazione l’ha aggiunta: Economia sociale."
    assert words in told(act(publisher, "publish_selected", draft))
    assert words in told(decide(publisher, draft, "publish"))
    address, data = form_of(publisher, draft)
    assert publisher.post(address, {**data, "status": "published"}).status_code == 200
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_change_that_is_shown_was_not_refused(editor: Client, publisher: Client, coworking: Initiative) -> None:
    submission = hand_in(editor, coworking, title="Altro")
    form = page_of(publisher, coworking, "change", submission=submission.pk)
    assert not form.select(".errornote, .errorlist")
    Submission.objects.update(form=submission.form.replace("title=Altro", "title="))
    form = page_of(publisher, coworking, "change", submission=submission.pk)
    title = form.select_one(".refusal h2")
    assert title is not None
    assert title.text == "Così com’è non si può salvare: c’è 1 cosa da correggere."
    assert [link["href"] for link in form.select(".refusal a")] == ["#id_title"]
    assert "Non è stato salvato nulla" not in form.text


# Preview


@pytest.mark.parametrize("language", ["it", "en"])
def test_preview_of_a_published_entry_is_its_page(publisher: Client, coworking: Initiative, language: str) -> None:
    public = {"it": "/iniziative/coworking/?view=alone", "en": "/en/initiatives/coworking/?view=alone"}[language]
    shown = page_of(publisher, coworking, "preview", lingua=language)
    notice = shown.select_one(".preview-notice")
    assert notice
    notice.extract()
    shown.select("link[href*='editors/preview']")[0].extract()
    read = BeautifulSoup(Client().get(public).content, "lxml")
    for colophon in (*shown.select("#colophon"), *read.select("#colophon")):
        colophon.extract()
    assert str(shown).split() == str(read).split()


def test_preview_of_a_draft_shows_it_and_publishes_nothing(publisher: Client, draft: Initiative) -> None:
    index = current_index()
    response = publisher.get(address_of(draft, "preview"))
    assert "no-store" in response.headers["Cache-Control"]
    page = BeautifulSoup(response.content, "lxml")
    assert page.h1
    assert page.h1.text == "Orti sociali di quartiere"
    assert "dal documento" in page.select("main .panel")[0].text
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT
    assert not PublicEntry.objects.filter(uid="bozza").exists()
    assert current_index() is index, "nor does any other page know of it"
    assert Client().get("/iniziative/bozza/").status_code == 404


def test_preview_of_what_is_not_saved_saves_nothing(editor: Client, coworking: Initiative) -> None:
    _, data = form_of(editor, coworking)
    category = InterventionCategory.objects.get(slug="cura-conciliazione")
    data |= {
        "title": "Mai salvato",
        "categorylinks-TOTAL_FORMS": "2",
        "categorylinks-1-term": category.pk,
        "categorylinks-1-basis": "editorial",
        "categorylinks-1-note": "Lettura mai salvata.",
    }
    page = BeautifulSoup(editor.post(address_of(coworking, "preview"), data).content, "lxml")
    assert page.h1
    assert page.h1.text == "Mai salvato"
    assert "Lettura mai salvata." in page.text
    coworking.refresh_from_db()
    assert coworking.title != "Mai salvato"
    assert not CategoryLink.objects.filter(note="Lettura mai salvata.").exists()
    assert not Submission.objects.exists()
    assert not versions_of(coworking)


def test_preview_of_a_new_entry_makes_none(editor: Client) -> None:
    address = reverse("admin:initiatives_initiative_add")
    data = data_of(BeautifulSoup(editor.get(address).content, "lxml"), "#initiative_form")
    data |= {"title": "Nuova", "slug": "nuova", "summary": "Sintesi."}
    response = editor.post(reverse("admin:initiatives_initiative_preview_new"), data)
    assert "<h1>Nuova</h1>" in response.content.decode()
    assert not Initiative.objects.filter(slug="nuova").exists()


def test_preview_of_what_cannot_be_saved_is_its_form_with_the_way_on(editor: Client, coworking: Initiative) -> None:
    _, data = form_of(editor, coworking)
    response = editor.post(address_of(coworking, "preview"), {**data, "summary": ""})
    form = BeautifulSoup(response.content, "lxml").select_one("#initiative_form")
    assert form
    assert form["action"] == address_of(coworking)
    assert form.select(".errorlist")
    assert form.select(".refusal h2")[0].text == "Così com’è non si può salvare: c’è 1 cosa da correggere."


def test_preview_of_what_was_handed_in(editor: Client, publisher: Client, coworking: Initiative) -> None:
    submission = hand_in(editor, coworking, title="Consegnato")
    assert "<h1>Consegnato</h1>" in str(page_of(publisher, coworking, "preview", submission=submission.pk))


def test_previews_are_for_editors_alone(client: Client, draft: Initiative) -> None:
    assert client.get(address_of(draft, "preview")).status_code == 302
    client.force_login(get_user_model().objects.create_user("poco", is_staff=True))
    assert client.get(address_of(draft, "preview")).status_code == 403


# Actions on several


def act(client: Client, action: str, *entries: Initiative, **data: str) -> Any:
    sent = {"action": action, "_selected_action": [entry.pk for entry in entries], **data}
    return client.post(reverse(CHANGELIST), sent, follow=True)


def test_publishing_several_says_what_was_and_what_was_not_and_why(publisher: Client, draft: Initiative) -> None:
    bare = Initiative.objects.create(slug="nuda", title="Senza passi", summary="Sintesi.")
    words = told(act(publisher, "publish_selected", draft, bare))
    assert "Pubblicata: «Orti sociali di quartiere»." in words
    assert "«Senza passi» resta com’era: Scegli i passi" in words
    assert set(Initiative.objects.filter(pk__in=[draft.pk, bare.pk]).published()) == {draft}


def test_what_is_published_already_is_told_and_left_alone(publisher: Client, coworking: Initiative) -> None:
    assert "resta com’era: È già pubblicata." in told(act(publisher, "publish_selected", coworking))
    updated = coworking.updated
    coworking.refresh_from_db()
    assert coworking.updated == updated


def test_what_is_done_from_the_list_decides_what_waited(
    editor: Client, publisher: Client, draft: Initiative, coworking: Initiative
) -> None:
    published, withdrawn = hand_in(editor, draft), hand_in(editor, coworking, title="Altro")
    act(publisher, "publish_selected", draft)
    act(publisher, "withdraw_selected", coworking, confirmed="on")
    published.refresh_from_db()
    withdrawn.refresh_from_db()
    assert (published.outcome, withdrawn.outcome) == (Outcome.PUBLISHED, Outcome.RETURNED)
    assert "ritirata" in withdrawn.reason


def test_too_many_at_once_are_refused(publisher: Client, draft: Initiative, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue.admin.review.acting.MOST_AT_ONCE", 1)
    other = Initiative.objects.create(slug="altra", title="Altra", summary="Sintesi.")
    for action in ("publish_selected", "withdraw_selected"):
        refused = act(publisher, action, draft, other)
        assert "se ne scelgono al più 1" in told(refused)
        assert "Perché, per il pubblico" not in refused.content.decode(), "nobody writes why for nothing"
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_entry_with_a_change_to_decide_is_not_deleted(editor: Client, publisher: Client, coworking: Initiative) -> None:
    hand_in(editor, coworking, title="Ore di lavoro")
    response = publisher.post(address_of(coworking, "delete"), {"post": "yes"})
    assert "Una modifica da decidere" in response.content.decode()
    assert Initiative.objects.filter(pk=coworking.pk).exists()


def test_recovered_entry_takes_no_other_ones_address(publisher: Client) -> None:
    draft = Initiative.objects.create(slug="orti", title="Bozza", summary="Sintesi.")
    publisher.post(address_of(draft, "delete"), {"post": "yes"})
    other = Initiative.objects.create(slug="orti", title="Altra", summary="Sintesi.", status=Status.PUBLISHED)
    other.slug = "orti-nuovi"
    other.save()
    deleted = reverse("admin:initiatives_initiative_deleted")
    button = BeautifulSoup(publisher.get(deleted).content, "lxml").select_one("tbody button")
    assert button
    assert "un’altra scheda" in told(publisher.post(deleted, {"version": button["value"]}, follow=True))
    assert Client().get("/iniziative/orti/").headers["Location"] == "/iniziative/orti-nuovi/"


@pytest.mark.parametrize("address", ["abc/change/?submission=1", "{}/change/?version=" + "9" * 4500, "eliminate/"])
def test_odd_numbers_are_no_failure(publisher: Client, coworking: Initiative, address: str) -> None:
    whole = "/admin/initiatives/initiative/" + address.format(coworking.pk)
    asked = publisher.post(whole, {"version": "abc"}) if "eliminate" in address else publisher.get(whole)
    assert asked.status_code < 500


def test_withdrawing_asks_why_and_tells_the_public(publisher: Client) -> None:
    parent = Initiative.objects.get(slug="servizi-di-cura")
    measures = list(parent.measures.all())
    refused = told(act(publisher, "withdraw_selected", parent, confirmed="on"))
    assert "Ha misure pubblicate" in refused
    asked = act(publisher, "withdraw_selected", parent, *measures)
    assert "Perché, per il pubblico" in asked.content.decode()
    assert Initiative.objects.published().filter(pk=parent.pk).exists(), "nothing is done before it is confirmed"
    act(publisher, "withdraw_selected", parent, *measures, confirmed="on", reason="Riportata due volte.")
    assert not Initiative.objects.published().filter(pk__in=[parent.pk, *(m.pk for m in measures)]).exists()
    page = Client().get("/iniziative/servizi-di-cura/")
    assert page.status_code == 410
    assert "Riportata due volte." in page.content.decode()
    assert versions_of(parent)[0].revision == versions_of(measures[0])[0].revision, "one revision an action"
    assert "Pubblicate: «" in told(act(publisher, "publish_selected", *measures, parent))
    assert Client().get("/iniziative/servizi-di-cura/").status_code == 200


def test_editors_have_no_such_actions(editor: Client, draft: Initiative, coworking: Initiative) -> None:
    act(editor, "publish_selected", draft)
    act(editor, "withdraw_selected", coworking, confirmed="on")
    draft.refresh_from_db()
    coworking.refresh_from_db()
    assert (draft.status, coworking.status) == (Status.DRAFT, Status.PUBLISHED)


# Another address


def test_administrators_move_an_entry(coworking: Initiative, publisher: Client) -> None:
    assert publisher.get(address_of(coworking, "address")).status_code == 403
    administrator = Client()
    administrator.force_login(get_user_model().objects.create_superuser("capo"))
    assert "coworking" in page_of(administrator, coworking, "address").text
    for taken in ("scale-up", "", "confronta", "con spazi"):
        assert administrator.post(address_of(coworking, "address"), {"slug": taken}).status_code == 200, taken
    assert administrator.post(address_of(coworking, "address"), {"slug": "spazi-condivisi"}).status_code == 302
    moved = Client().get("/iniziative/coworking/")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/iniziative/spazi-condivisi/")
    coworking.refresh_from_db()
    assert versions_of(coworking)[0].revision.comment == "L’indirizzo era coworking."


def test_what_came_after_it_was_read_is_not_published_from_the_form(publisher: Client, draft: Initiative) -> None:
    form = page_of(publisher, draft, "change")
    sent = data_of(form, "form:has([value=publish_selected])") | {"action": "publish_selected"}
    Initiative.objects.filter(pk=draft.pk).update(title="Altro, non letto")
    response = publisher.post(reverse(CHANGELIST), sent, follow=True)
    assert "mentre la leggevi" in told(response)
    assert data_of(soup_of(response), "#initiative_form")["title"] == "Altro, non letto", "it is shown as it is now"
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT
    sent |= data_of(page_of(publisher, draft, "change"), "form:has([value=publish_selected])")
    assert "Pubblicata: «Altro, non letto»." in told(publisher.post(reverse(CHANGELIST), sent, follow=True))


def test_publication_that_is_refused_is_mended_and_sent_again(publisher: Client, draft: Initiative) -> None:
    address, data = form_of(publisher, draft)
    page = soup_of(publisher.post(address, {**data, "status": "published", "summary": ""}))
    assert not page.select("[value=withdraw_selected], .viewsitelink"), "the public does not read it"
    mended = data_of(page, "#initiative_form")
    assert mended["status"] == ["published"], "what was chosen can be sent again"
    assert publisher.post(address, {**mended, "summary": "Sintesi."}).status_code == 302
    draft.refresh_from_db()
    assert draft.is_published


def test_version_of_what_was_withdrawn_can_be_saved(publisher: Client, coworking: Initiative) -> None:
    act(publisher, "withdraw_selected", coworking, confirmed="on")
    published = versions_of(coworking).last()
    form = page_of(publisher, coworking, "change", version=published.pk)
    assert data_of(form, "#initiative_form")["status"] == ["published"]


def test_draft_is_published_as_it_is_saved_from_a_refused_form(publisher: Client, draft: Initiative) -> None:
    address, data = form_of(publisher, draft)
    page = soup_of(publisher.post(address, {**data, "position": ""}))
    sent = data_of(page, "form:has([value=publish_selected])") | {"action": "publish_selected"}
    assert "Pubblicata: «Orti sociali di quartiere»." in told(publisher.post(reverse(CHANGELIST), sent, follow=True))


def test_forged_names_are_neither_kept_nor_obeyed(editor: Client, publisher: Client, coworking: Initiative) -> None:
    address, data = form_of(editor, coworking)
    for name in ("_saveasnew", "_popup", "_continue"):
        editor.post(address, {**data, "title": "Altro", "slug": "altro", name: "1"})
        kept = Submission.objects.of(coworking).first()
        assert name not in (kept.form if kept else "")
    assert publisher.post(address, {**data, "slug": "altro", "_saveasnew": "1"}).status_code == 403
    decide(publisher, coworking, "publish")
    assert not Initiative.objects.filter(slug="altro").exists()


def test_change_of_what_was_withdrawn_is_found_by_its_author(
    editor: Client, publisher: Client, coworking: Initiative
) -> None:
    hand_in(editor, coworking, title="Di Elena")
    act(publisher, "withdraw_selected", coworking, confirmed="on", reason="Riportata due volte.")
    home = BeautifulSoup(editor.get("/admin/").content, "lxml")
    for link in (home.select_one(".submissions a"), page_of(editor, coworking, "change").select_one("a[href^='?sub']")):
        assert link
        form = BeautifulSoup(editor.get(urljoin(address_of(coworking), str(link["href"]))).content, "lxml")
        assert data_of(form, "#initiative_form")["title"] == "Di Elena"
