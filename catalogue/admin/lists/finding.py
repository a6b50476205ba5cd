"""How lists search: for what the site's own search finds, and literally for what is written.

All are conditions that join no other table: nothing is found twice, and the database counts and pages what it finds.
"""

from collections.abc import Iterable
from functools import reduce
from operator import and_, or_

from django.db.models import Exists, OuterRef, Q
from django.utils.text import smart_split, unescape_string_literal

from initiatives.facets import Selection, current_index
from initiatives.models import Initiative, Passage, Status, among

# The site's index knows the published entries alone.
OF_DRAFTS = ("title", "title_en", "summary", "summary_en", "classification_note", "classification_note_en")


LONGEST, MOST_WORDS = 200, 20  # letters and words that are looked for; a database refuses more than it can read


def entries_with(text: str, fields: Iterable[str]) -> Q:
    text = _short(text)
    ids = current_index().all_of(Selection(q=text, order="position"))
    by_drafts = reduce(and_, map(_draft_says, _terms(text)), Q(status=Status.DRAFT))
    return _written(text, fields) | Q(among(f"{Initiative._meta.db_table}.id", ids)) | by_drafts


def passages_with(text: str, fields: Iterable[str]) -> Q:
    text = _short(text)
    ids = (passage.pk for passage in current_index().passages_with(text))
    return _written(text, fields) | Q(among(f"{Passage._meta.db_table}.id", ids))


def _short(text: str) -> str:
    return " ".join(text.replace("\0", " ")[:LONGEST].split()[:MOST_WORDS])


def _terms(text: str) -> list[str]:
    """Words, and phrases in quotes."""
    every = list(smart_split(text))
    return [unescape_string_literal(each) if each[0] in "\"'" and each[0] == each[-1] else each for each in every]


def _written(text: str, fields: Iterable[str]) -> Q:
    """Every word, wherever it stands."""
    fields = tuple(fields)
    return reduce(and_, (_is_in(fields, term) for term in _terms(text)), Q())


def _is_in(fields: Iterable[str], term: str) -> Q:
    return reduce(or_, (Q(**{f"{name}__icontains": term}) for name in fields))


def _draft_says(term: str) -> Q:
    quoted = Initiative.passages.through._default_manager.filter(
        initiative=OuterRef("pk"), passage__text__icontains=term
    )
    return _is_in(OF_DRAFTS, term) | Q(Exists(quoted))
