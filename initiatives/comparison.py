"""Two to four entries side by side: in each field, what they have in common and in what they differ."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.core.validators import slug_re
from django.db.models import TextChoices
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.filters import Ignored
from initiatives.models import LINKS, Basis, Initiative
from initiatives.presenters import FACET_LABELS

MOST = 4
Said = tuple[Any, str]  # a text, a day, an entry, a passage, or a term; and on whose word, if it is a term


class Agreement(TextChoices):
    SAME = "same", gettext_lazy("uguale per tutte")
    PARTLY = "partly", gettext_lazy("uguale in parte")
    DIFFERENT = "different", gettext_lazy("diverso")
    EMPTY = "empty", gettext_lazy("vuoto per tutte")


@dataclass(frozen=True)
class Value:
    """What one entry says in a row. `shared` and `apart` are marks in words, empty where there is nothing to mark."""

    what: Any
    basis: str
    shared: str  # with how many others it has this in common, on the same basis
    apart: str  # that another has it on the other basis: the same term, not the same link

    @property
    def basis_label(self) -> str:
        return str(Basis(self.basis).label)


@dataclass(frozen=True)
class Row:
    """A field; `kind` says what its values are: text, day, entry, term or passage. One entry alone agrees with none."""

    label: str
    kind: str
    empty: str
    cells: tuple[tuple[Value, ...], ...]
    agreement: Agreement | None


@dataclass(frozen=True)
class Column:
    """An entry, and the query string that is left without it."""

    entry: Initiative
    without: str


@dataclass(frozen=True)
class Comparison:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def titles(self) -> str:
        return " · ".join(column.entry.heading for column in self.columns)


@dataclass(frozen=True)
class Field:
    label: str | Promise
    kind: str
    said: Callable[[Initiative], Iterable[Said]]
    empty: str | Promise = ""
    is_compared: bool = True  # not what each entry has of its own by its nature


def _texts(*texts: Any) -> list[Said]:
    return [(text, "") for text in texts if text]


def _terms(dimension: str, entry: Initiative) -> list[Said]:
    return [(link.term, link.basis) for link in entry.links[dimension]]


def _day(entry: Initiative) -> list[Said]:
    return _texts(timezone.localtime(entry.updated).replace(hour=0, minute=0, second=0, microsecond=0))


FIELDS = (
    Field(FACET_LABELS["level"], "text", lambda e: _texts(e.level_name)),
    Field(
        gettext_lazy("Misura di"),
        "entry",
        lambda e: _texts(e.public_parent),
        gettext_lazy("nessuna iniziativa del catalogo"),
    ),
    Field(FACET_LABELS["scope"], "text", lambda e: _texts(e.get_scope_display())),
    Field(gettext_lazy("Fondi"), "text", lambda e: _texts(e.get_funding_display())),
    *(Field(FACET_LABELS[name], "term", partial(_terms, name), gettext_lazy("Non classificato")) for name in LINKS),
    Field(
        gettext_lazy("Nota sulla classificazione"),
        "text",
        lambda e: _texts(e.reading_note),
        gettext_lazy("Nessuna nota."),
    ),
    Field(gettext_lazy("Sintesi"), "text", lambda e: _texts(e.abstract), is_compared=False),
    Field(
        gettext_lazy("Passi del documento"),
        "passage",
        lambda e: _texts(*e.passages.all()),
        gettext_lazy("Nessun passo indicato."),
    ),
    Field(gettext_lazy("Voce aggiornata il"), "day", _day, is_compared=False),
)


def query_of(slugs: Iterable[str]) -> str:
    """The canonical query string of a comparison: the entries in the order of their columns."""
    pairs = [("i", slug) for slug in slugs]
    return f"?{urlencode(pairs)}" if pairs else ""


def read(query: QueryDict) -> tuple[list[Initiative], list[Ignored]]:
    """The entries asked for, loaded as for their pages, and what had to be ignored."""
    asked = [slug for slug in query.getlist("i") if slug]
    ignored = [
        Ignored(name, value, _("il parametro non esiste"))
        for name, values in query.lists()
        for value in map(str, values)
        if name != "i" and value
    ]
    published, chosen = _published(asked), dict[str, int]()
    for slug in asked:
        if refusal := _refusal(slug, published, chosen):
            ignored.append(Ignored("i", slug, refusal))
        else:
            chosen[slug] = published[slug]
    loaded = Initiative.objects.for_page().in_bulk(list(chosen.values()))
    # An entry withdrawn since it was found is left out here, and then the page is made again.
    return [loaded[pk] for pk in chosen.values() if pk in loaded], ignored


def _published(slugs: Iterable[str]) -> dict[str, int]:
    """The ids of those that are a published entry's."""
    # By slug alone: asked for the published among them, SQLite would walk through all that are published.
    named = Initiative.objects.filter(slug__in={slug for slug in slugs if slug_re.match(slug)})
    return {entry.slug: entry.pk for entry in named.only("slug", "status") if entry.is_published}


def _refusal(slug: str, published: dict[str, int], chosen: dict[str, int]) -> str:
    if slug not in published:
        return _("nessuna voce pubblicata ha questo identificativo")
    if slug in chosen:
        return _("la voce è già nel confronto")
    return _("si confrontano al più quattro voci") if len(chosen) == MOST else ""


def compare(entries: Sequence[Initiative]) -> Comparison:
    """The entries with their links, in this order."""
    slugs = [entry.slug for entry in entries]
    columns = (Column(entry, query_of(slug for slug in slugs if slug != entry.slug)) for entry in entries)
    return Comparison(tuple(columns), tuple(_row(field, entries) for field in FIELDS))


def _row(field: Field, entries: Sequence[Initiative]) -> Row:
    cells = [list(field.said(entry)) for entry in entries]
    agreement = _agreement(cells) if len(cells) > 1 and field.is_compared else None
    # Where a plain text is the same for all, the row says it once.
    marking = agreement not in (None, Agreement.SAME) or field.kind in ("term", "passage")
    values = (tuple(_value(said, cells if marking else [cell]) for said in cell) for cell in cells)
    return Row(str(field.label), field.kind, str(field.empty), tuple(values), agreement)


def _agreement(cells: Sequence[Sequence[Said]]) -> Agreement:
    if not any(cells):
        return Agreement.EMPTY
    if all(set(cell) == set(cells[0]) for cell in cells):
        return Agreement.SAME
    values, whole = Counter(said for cell in cells for said in cell), Counter(map(frozenset, cells))
    return Agreement.PARTLY if max(*values.values(), *whole.values()) > 1 else Agreement.DIFFERENT


def _value(said: Said, cells: Sequence[Sequence[Said]]) -> Value:
    what, basis = said
    same = sum(said in cell for cell in cells)
    apart = any(other == what and on != basis for cell in cells for other, on in cell)
    return Value(what, basis, _shared(same, len(cells)), _apart(basis) if apart else "")


def _shared(same: int, all_of_them: int) -> str:
    if same < 2:
        return ""
    some = _("in comune a %(same)s su %(all)s") % {"same": same, "all": all_of_them}
    return _("in comune") if same == all_of_them else some


def _apart(basis: str) -> str:
    if basis == Basis.SOURCE:
        return _("altrove è attribuzione redazionale")
    return _("altrove è secondo il documento")
