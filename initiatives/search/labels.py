"""What an entry's page calls it beside its own words: its terms, where it stands in the document, its funds."""

from collections.abc import Iterator

from django.db.models import TextChoices
from django.utils.translation import override

from initiatives.search.reading import Terms
from initiatives.search.shelf import Shelf
from initiatives.search.words import once

# Of a label, what it is on the page of: a term or a choice by its facet and value, whatever has a term of that facet
# (no value), or every entry.
Labelled = tuple[str, str]
EVERY: Labelled = ("", "")
DIMENSIONS = {
    "objective": ("obiettivo specifico 2021-27", "2021-27 specific objective"),
    "category": ("categoria d’intervento", "intervention category"),
    "sector": ("settore prioritario", "priority sector", "Annex D", "allegato D"),
}
OF_EVERY_ENTRY = ("POR FSE 2014-2020", "ESF 2014-2020")


def labels_of(terms: Terms, choices: dict[str, type[TextChoices]]) -> Shelf[Labelled]:
    return Shelf((labelled, once(text)) for labelled, text in _labels(terms, choices))


def _labels(terms: Terms, choices: dict[str, type[TextChoices]]) -> Iterator[tuple[Labelled, str]]:
    for dimension, each in terms.items():
        for slug, term in each.items():
            yield from (((dimension, slug), text) for text in (term.code, term.name, term.name_en) if text)
        yield from (((dimension, ""), text) for text in DIMENSIONS.get(dimension, ()))
    for name, values in choices.items():
        for language in ("it", "en"):
            with override(language):
                yield from (((name, value), str(label)) for value, label in values.choices)
    yield from ((EVERY, text) for text in OF_EVERY_ENTRY)
