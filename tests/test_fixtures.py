"""The data says what the document says: word for word, and no more."""

import re
from collections import Counter
from difflib import SequenceMatcher
from itertools import chain

import pytest
from django.contrib.auth import get_user_model

from catalogue.management.commands.start import load_catalogue
from initiatives.models import LINKS, Basis, Initiative, Kind, Passage, Source, vocabularies
from taxonomy.models import InterventionCategory, PrioritySector, SpecificObjective
from tests.helpers import ROOT, FixtureEntry

pytestmark = pytest.mark.django_db
DOCUMENT = ROOT / "fixtures" / "iniziative-innovazione-sociale-por-fse-2014-2020.txt"


def document_words() -> list[str]:
    """The file's words in the order of the passages: list marks left out, the footnote moved out of its sentence."""
    blocks = [block for block in re.split(r"\n\s*\n", DOCUMENT.read_text("utf-8")) if block.strip()]
    notes = [block for block in blocks if block.startswith("¹")]
    assert len(notes) == 1
    text = "\n".join(block for block in blocks if block not in notes)
    text = re.sub(r"^- (➔ )?", "", text, flags=re.MULTILINE)
    return [*text.split(), *notes[0].split()]


def plain(markdown: str) -> str:
    return markdown.replace("*", "")


def test_passages_are_the_document_word_for_word() -> None:
    passages = Passage.objects.order_by("position").values_list("text", flat=True)
    assert list(chain.from_iterable(text.split() for text in passages)) == document_words()


def test_every_sentence_that_names_an_entry_is_tied_to_it() -> None:
    items = Passage.objects.filter(kind__in=[Kind.ITEM, Kind.SUBITEM])
    untied = [p.anchor for p in items if not p.initiatives.exists() and not p.sectors.exists()]
    assert untied == []


def test_terms_have_the_words_of_a_passage_that_names_them() -> None:
    terms = [term for vocabulary in vocabularies().values() for term in vocabulary.values()]
    assert len(terms) == 12
    for term in terms:
        assert any(term.text in plain(passage.text) for passage in term.passages.all()), term.slug
        assert term.note, term.slug
        assert term.note_en, term.slug
        assert term.name_en, term.slug


def test_titles_are_the_words_of_their_passages_with_some_cut_out() -> None:
    for entry in Initiative.objects.all():
        assert is_cut_from(entry.title, plain(" ".join(passage.text for passage in entry.passages.all()))), entry.slug


def test_names_are_the_words_of_their_passages_with_some_cut_out() -> None:
    for vocabulary in vocabularies().values():
        for term in vocabulary.values():
            texts = [plain(passage.text) for passage in term.passages.all()]
            assert any(is_cut_from(term.name, text) for text in texts), term.slug


def is_cut_from(name: str, text: str) -> bool:
    words = iter(re.findall(r"\w+", text.lower()))
    return all(word in words for word in re.findall(r"\w+", name.lower()))


def test_the_document_has_the_title_that_its_file_has() -> None:
    (source,) = Source.objects.all()
    assert DOCUMENT.read_text("utf-8").strip().startswith(source.title)


def quoted(entry: Initiative) -> str:
    return plain(" ".join(passage.text for passage in [*entry.lead_ins.all(), *entry.passages.all()]))


def test_summaries_are_one_or_two_whole_sentences_in_both_languages() -> None:
    for entry in Initiative.objects.all():
        for summary in (entry.summary, entry.summary_en):
            assert re.fullmatch(r"[A-ZÈ][^.]+\.( [A-ZÈ][^.]+\.)?", summary), (entry.slug, summary)


def test_no_summary_repeats_its_title() -> None:
    for entry in Initiative.objects.all():
        for title, summary in ((entry.title, entry.summary), (entry.title_en, entry.summary_en)):
            alike = SequenceMatcher(None, title.casefold(), summary.casefold(), autojunk=False).ratio()
            assert alike <= 0.5, (entry.slug, alike, summary)


# What a summary may say beside its passages' words: what joins them, and what says who speaks.
CONNECTING = set(
    re.findall(
        r"\w+",
        "agli alla alle anche come degli documento elenca esse fanno finanziare guardano hanno iniziative limita"
        " loro luoghi nomina nominare oltre parla parlando passa passano porta queste questi questo rientrano"
        " riguarda riguardano riporta scopo servono soltanto sono tengono valgono",
    )
)


def test_every_telling_word_of_a_summary_stands_in_its_passages() -> None:
    for entry in Initiative.objects.all():
        said = set(re.findall(r"\w+", quoted(entry).lower()))
        telling = {word for word in re.findall(r"\w+", entry.summary.lower()) if len(word) > 3}
        assert telling - said <= CONNECTING, (entry.slug, telling - said - CONNECTING)


# An aim is no fact: these forms say that something comes about, and only the document may say so.
EFFECTS = re.compile(
    r"\b(aiuta|assicura|aumenta|consent|crea|favoris|garantis|genera|incoraggi|miglior|permett|preved|produc|promuov"
    r"|rafforz|ridu|risolv|stimol)(a|ano|e|ono|no|isce|iscono|cono|ce)?\b"
)


def test_no_summary_turns_an_aim_into_a_fact() -> None:
    assert EFFECTS.search("stimolano processi collaborativi")
    assert EFFECTS.search("che prevedono l’uso")
    for entry in Initiative.objects.all():
        said = set(re.findall(r"\w+", quoted(entry).lower()))
        forms = {match[0] for match in EFFECTS.finditer(entry.summary.lower())}
        assert forms <= said, (entry.slug, forms - said)
        assert "un impatto" not in entry.summary or "un impatto" in quoted(entry), entry.slug


LEAD_INS = {
    ("avvisi-inclusione",): "presa-in-carico-integrata contatto-grave-marginalita welfare-territoriale servizi-di-cura",
    ("welfare-territoriale", "misure-territoriali"): "servizi-collaborativi assistenza-leggera orientamento-benessere"
    " rigenerazione-spazi",
    ("servizi-di-cura",): "servizi-infanzia assistenza-domiciliare assistenza-condivisa mutuo-aiuto-crowdfunding",
    ("azioni-economia-sociale",): "pay-by-result responsabilita-sociale-impresa partenariati-pubblica-utilita"
    " reti-economia-solidale reti-partenariali progetti-imprenditoriali coworking centri-aggregazione scale-up",
    ("pay-by-result",): "social-impact-investing",
    ("ulteriori-esperienze",): "servizi-pubblici-digitali organizzazione-lavoro istruzione-formazione"
    " competenze-riqualificazione",
    (): "modelli-abitativi",
}


def test_what_opens_a_list_is_quoted_for_all_of_it() -> None:
    expected = {slug: list(anchors) for anchors, slugs in LEAD_INS.items() for slug in slugs.split()}
    assert expected == {e.slug: [p.anchor for p in e.lead_ins.order_by("position")] for e in Initiative.objects.all()}


def sections() -> dict[str, int]:
    """The number of each passage's section, by its anchor: a heading opens one."""
    number, found = 0, {}
    for passage in Passage.objects.order_by("position"):
        number += passage.kind == Kind.HEADING
        found[passage.anchor] = number
    return found


def test_each_attribution_has_its_reason() -> None:
    section, links = sections(), [each for link in LINKS.values() for each in link.objects.all()]
    assert Counter(link.basis for link in links) == {Basis.SOURCE: 82, Basis.EDITORIAL: 10}
    for link in links:
        assert link.passage is not None, str(link)
        if link.basis == Basis.SOURCE:
            named = getattr(link.passage, {"category": "categories"}.get(link.dimension, f"{link.dimension}s"))
            assert link.term in named.all(), str(link)
            assert {section[p.anchor] for p in link.initiative.passages.all()} == {section[link.passage.anchor]}
            assert not link.note, str(link)
            assert not link.note_en, str(link)
        else:
            assert link.note, str(link)
            assert link.note_en, str(link)


def test_values_of_the_introduction_are_those_that_no_objective_has() -> None:
    marked = PrioritySector.objects.filter(from_introduction=True)
    assert set(marked) == set(PrioritySector.objects.filter(objectives=None))
    assert {passage.anchor for term in marked for passage in term.passages.all()} == {term.slug for term in marked}
    assert len(marked) == 4


def test_the_catalogue_has_the_numbers_of_the_design(fixture_entries: list[FixtureEntry]) -> None:
    levels = Counter(entry.level for entry in fixture_entries)
    assert levels == {"initiative": 17, "measure": 10}
    assert Counter(entry.fields["scope"] for entry in fixture_entries) == {"focus": 23, "further": 4}
    assert _counts(fixture_entries, "objective") == {"os-ix": 13, "os-i": 10, "none": 4}
    assert _counts(fixture_entries, "category") == {
        "welfare-servizi-sociali": 13,
        "economia-sociale": 10,
        "cura-conciliazione": 6,
        "none": 3,
    }
    assert _counts(fixture_entries, "sector") == {
        "protezione-sociale-vita-indipendente": 13,
        "servizi-sociali-qualita": 13,
        "inclusione-attiva": 10,
        "servizi-pubblici-digitali": 1,
        "organizzazione-lavoro": 1,
        "istruzione-formazione": 1,
        "competenze-riqualificazione": 1,
    }
    by_source = _counts(fixture_entries, "category", "source")
    assert (by_source["cura-conciliazione"], by_source["none"]) == (0, 4)
    assert _counts(fixture_entries, "sector", "source")["none"] == 4


def _counts(entries: list[FixtureEntry], dimension: str, basis: str = "") -> Counter[str]:
    counts: Counter[str] = Counter()
    for entry in entries:
        counts.update([slug for slug, on in entry.terms[dimension].items() if basis in ("", on)] or ["none"])
    return counts


def test_what_else_the_editors_read_is_explained_in_both_languages() -> None:
    explained = Initiative.objects.exclude(classification_note="").exclude(classification_note_en="")
    measures = "servizi-collaborativi", "assistenza-leggera", "orientamento-benessere", "rigenerazione-spazi"
    read = {"contatto-grave-marginalita", "modelli-abitativi", "social-impact-investing", *measures}
    assert read == set(explained.values_list("slug", flat=True))


def test_loading_touches_nothing_that_is_there() -> None:
    Initiative.objects.filter(slug="coworking").update(title="Modificato")
    Initiative.objects.filter(slug="scale-up").delete()
    assert load_catalogue() == "The catalogue already holds 26 entries: nothing loaded."
    assert Initiative.objects.get(slug="coworking").title == "Modificato"


def test_only_an_empty_catalogue_is_filled(no_entries: None) -> None:
    assert load_catalogue() == "The catalogue already holds 0 entries: nothing loaded."
    for model in (Passage, Source, PrioritySector, InterventionCategory, SpecificObjective):
        model.objects.all().delete()
    get_user_model().objects.create_superuser("redazione")
    assert load_catalogue() == "27 entries loaded from the fixtures."
