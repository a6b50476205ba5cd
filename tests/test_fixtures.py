"""The data says what the document says: word for word, and no more."""

import re
from collections import Counter
from itertools import chain

import pytest
from django.contrib.auth import get_user_model

from catalogue.management.commands.start import load_catalogue
from initiatives.models import Initiative, Kind, Passage, Source, vocabularies
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
        text = plain(" ".join(passage.text for passage in entry.passages.all()))
        said = iter(re.findall(r"\w+", text.lower()))
        assert all(word in said for word in re.findall(r"\w+", entry.title.lower())), entry.slug


def test_summaries_have_one_or_two_sentences_and_a_translation() -> None:
    for entry in Initiative.objects.all():
        assert 1 <= len(re.findall(r"[.!?](?:\s|$)", entry.summary)) <= 2, entry.slug
        assert entry.title_en, entry.slug
        assert entry.summary_en, entry.slug


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


def test_editorial_reading_is_explained_in_both_languages() -> None:
    explained = Initiative.objects.exclude(classification_note="").exclude(classification_note_en="")
    links = ("categorylinks", "objectivelinks", "sectorlinks")
    read = {e.slug for name in links for e in Initiative.objects.filter(**{f"{name}__basis": "editorial"})}
    assert read | {"modelli-abitativi", "social-impact-investing"} == set(explained.values_list("slug", flat=True))


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
