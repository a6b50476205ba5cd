"""A query string, read once: the selection it asks for, and what of it was not understood.

`SelectionFilter` is the one place that knows a parameter: its bounds, its label for readers and its help for programs.
"""

import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.problems import problem
from initiatives.facets import FACETS, NONE, ChoiceFacet, FacetIndex, Selection, Vocabularies, index_at
from initiatives.models import Basis, Initiative
from initiatives.search.folding import INVISIBLE, fold
from initiatives.search.words import words
from initiatives.versions import Snapshot

MOST_NAMED = 20  # of what is not understood, in an answer
NO_SUCH_PARAMETER = gettext_lazy("non è un filtro del catalogo")
NO_SUCH_VALUE = gettext_lazy("il valore non esiste")
GIVEN_AGAIN = gettext_lazy("è ripetuto: vale l’ultimo")
NO_SUCH_PAGE = gettext_lazy("non è un numero di pagina")
NO_SUCH_ENTRY = gettext_lazy("nessuna scheda pubblicata ha questo identificativo")
SAME_AXES = gettext_lazy("righe e colonne sono uguali")
NO_PAGES = gettext_lazy("qui non ci sono pagine: c’è tutto")
NO_WORDS = gettext_lazy("non contiene parole o numeri da cercare")

MOST_ENTRIES = 100  # that an address names
NAMING = ("i", "pick")  # the parameters that name entries
LISTED = (*NAMING, "part")  # that are given once for each of their values
ALONE = "alone"  # the view of an entry opened from a result that is too long to say
REPEATED = (*FACETS, *LISTED)
WRITTEN = ("q", "cite")  # whose values are no slugs or numbers


@dataclass(frozen=True)
class Ignored:
    """One thing of a query string that was not understood, and the reason in the reader's words."""

    parameter: str
    value: str
    reason: str


class FacetFilter(django_filters.MultipleChoiceFilter):
    """`plural` names all values of a vocabulary; `unclassified` says in a sentence what `none` stands for in it."""

    def __init__(self, *, plural: str | Promise = "", unclassified: str | Promise = "", **kwargs: Any) -> None:
        super().__init__(error_messages={"invalid_choice": NO_SUCH_VALUE}, **kwargs)
        self.plural, self.unclassified = plural, unclassified

    def offer(self, facet: str, terms: Vocabularies) -> None:
        """Takes the values that there are today."""
        self.extra["choices"] = list(value_labels(facet, terms).items())


class OneOf(django_filters.TypedChoiceFilter):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(error_messages={"invalid_choice": NO_SUCH_VALUE}, **kwargs)


class SearchField(forms.CharField):
    default_error_messages = {
        "max_length": gettext_lazy("è più lungo di %(limit_value)d caratteri"),
        "null_characters_not_allowed": gettext_lazy("contiene un carattere non ammesso"),
    }

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and len(value) <= (self.max_length or 0) and not words(value):
            raise ValidationError(NO_WORDS)


class SearchFilter(django_filters.CharFilter):
    field_class = SearchField


class PageField(forms.IntegerField):
    default_error_messages = dict.fromkeys(("invalid", "min_value", "max_value"), NO_SUCH_PAGE)


class PageFilter(django_filters.Filter):  # a NumberFilter would say its own reason beside the field's
    field_class = PageField


class EntryField(forms.SlugField):
    default_error_messages = dict.fromkeys(("invalid", "max_length"), NO_SUCH_ENTRY)


class EntryFilter(django_filters.Filter):
    field_class = EntryField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=Initiative._meta.get_field("slug").max_length, **kwargs)


class TextFilter(django_filters.FilterSet):
    """What is searched, in entries or in the document."""

    q = SearchFilter(
        max_length=5000,
        help_text="Words, all to be found, or “a phrase”; `or` between two, `-` before one that must not be there.",
    )

    class Meta:
        model = Initiative
        fields: list[str] = []


class DocumentFilter(TextFilter):
    """`cite` names the passage whose citation is shown."""

    cite = django_filters.CharFilter(max_length=80)


class EntriesFilter(django_filters.FilterSet):
    """Entries named to be looked at, whatever else there is."""

    i = EntryFilter()

    class Meta(TextFilter.Meta):
        pass


class PagesFilter(django_filters.FilterSet):
    """Of what is not selected, and too long for one page."""

    page = PageFilter(min_value=1, max_value=10**9, help_text="Page of the changes.")

    class Meta(TextFilter.Meta):
        pass


class PartsFilter(django_filters.FilterSet):
    """What a dossier has."""

    part = OneOf(
        choices=[
            ("picture", gettext_lazy("La figura")),
            ("counts", gettext_lazy("I numeri")),
            ("entries", gettext_lazy("L’elenco delle schede")),
            ("summaries", gettext_lazy("Le sintesi e le classificazioni")),
            ("quotations", gettext_lazy("Le parole del documento")),
        ]
    )

    class Meta(TextFilter.Meta):
        pass


class SelectionFilter(TextFilter):
    """`terms` holds the vocabularies: the values of the facets that have one."""

    objective = FacetFilter(
        label=gettext_lazy("Obiettivo specifico 2021-27"),
        plural=gettext_lazy("Obiettivi specifici 2021-27"),
        unclassified=gettext_lazy("non classificata per obiettivo"),
    )
    category = FacetFilter(
        label=gettext_lazy("Categoria d’intervento"),
        plural=gettext_lazy("Categorie d’intervento"),
        unclassified=gettext_lazy("non classificata per categoria"),
    )
    sector = FacetFilter(
        label=gettext_lazy("Settore prioritario (Allegato D)"),
        plural=gettext_lazy("Settori prioritari (Allegato D)"),
        unclassified=gettext_lazy("non classificata per settore"),
    )
    scope = FacetFilter(label=gettext_lazy("Dove ne parla il documento"))
    level = FacetFilter(label=gettext_lazy("Tipo di scheda"))
    basis = OneOf(
        choices=[("all", gettext_lazy("Tutta")), (Basis.SOURCE.value, gettext_lazy("Solo quella del documento"))],
        help_text="Whose links filter and count.",
    )
    order = OneOf(
        choices=[
            ("position", gettext_lazy("Ordine del documento")),
            ("relevance", gettext_lazy("Pertinenza")),
            ("title", gettext_lazy("Titolo")),
            ("level", gettext_lazy("Tipo di scheda")),
            ("-updated", gettext_lazy("Ultimo aggiornamento")),
        ],
        help_text="Relevance needs words.",
    )
    page = PageFilter(min_value=1, max_value=10**9, help_text="Page of the entries.")
    page_size = OneOf(choices=[(n, n) for n in (10, 25, 50, 100)], coerce=int, help_text="Entries on a page.")
    i = EntryFilter(help_text=f"Only among these entries, {MOST_ENTRIES} at most.")
    # What one view of a selection uses; the others keep it for that one.
    rows = OneOf(choices=lambda: facet_labels().items(), help_text="The facet of the rows.")
    columns = OneOf(choices=lambda: facet_labels().items(), help_text="Another facet than the rows'.")
    pick = EntryFilter(help_text="Entries that are ticked, which chooses nothing yet.")
    view = OneOf(choices=[(name, name) for name in ("table", ALONE)], help_text="What an entry was opened from.")

    def __init__(self, data: Mapping[str, Any], terms: Vocabularies, **kwargs: Any) -> None:
        super().__init__(data, queryset=kwargs.pop("queryset", Initiative.objects.published()), **kwargs)
        for facet in FACETS:
            self.filters[facet].offer(facet, terms)


PARAMETERS = frozenset(name for each in (SelectionFilter, DocumentFilter, PartsFilter) for name in each.base_filters)
LONGEST_SLUG = 100
_invisible = re.compile(f"[{INVISIBLE}]")
_around = re.compile(r"^[^\w-]+|[\W_]+$")


def as_slug(text: str) -> str:
    """As slugs are written: without capitals, accents, and what a sentence or a phone puts around a word.

    What follows a `#` was of the page, encoded on the way.
    """
    if len(text) > LONGEST_SLUG:
        return ""
    plain = fold(fold(_invisible.sub("", text)))  # one sign may stand for several that have capitals of their own
    return re.sub(r"[\s+]+", "-", _around.sub("", plain.partition("#")[0]))


@dataclass(frozen=True)
class Axes:
    """The facets that make the rows and columns of a matrix."""

    rows: str = "category"
    columns: str = "objective"

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return [("rows", self.rows), ("columns", self.columns)] if self != Axes() else []

    def crossing(self, selection: Selection) -> Selection:
        """The selection with these axes for the ones that it carries."""
        kept = [pair for pair in selection.carried if pair[0] not in ("rows", "columns")]
        return replace(selection, carried=(*self.pairs, *kept))

    def query(self, selection: Selection) -> str:
        """The canonical query string of a matrix."""
        return query_of(self.pairs + selection.without("order", "page_size", "carried").pairs)


@dataclass(frozen=True)
class Asked:
    """A query string, understood: what it selects, what single views use of it, and what had to be ignored.

    The selection carries axes and picked entries, so that all that leads on from a page has them too. `uncrossed` is
    said where axes are shown.
    """

    selection: Selection
    axes: Axes
    picked: tuple[str, ...]
    view: str
    ignored: list[Ignored]
    uncrossed: list[Ignored]


def query_of(pairs: Collection[tuple[str, str]]) -> str:
    """Starts with `?` unless empty."""
    return f"?{urlencode(sorted(pairs))}" if pairs else ""


def query_of_page(number: int) -> str:
    """Where a page is all that is asked for."""
    return query_of([("page", str(number))] if number > 1 else [])


def selected(cleaned: Mapping[str, Any]) -> Selection:
    """The selection of these values; what is not among them is at its default."""
    choices = {facet: tuple(sorted(set(cleaned[facet]))) for facet in FACETS if cleaned.get(facet)}
    others = {name: cleaned[name] for name in ("basis", "q", "page_size") if name in cleaned}
    selection = Selection(choices, tuple(sorted(set(cleaned.get("i", ())))), **others)
    return selection.ordered(cleaned.get("order", "")).at_page(cleaned.get("page", selection.page))


def orders(q: str) -> list[tuple[str, str]]:
    """The orders to choose from, the one that is followed unsaid first."""
    named = {value: str(label) for value, label in parameter("order").extra["choices"]}
    unsaid = Selection(q=q).ordering
    others = [(value, label) for value, label in named.items() if value not in (unsaid, "relevance")]
    return [("", named[unsaid]), *others]


def parameter(name: str) -> django_filters.Filter:
    return SelectionFilter.base_filters[name]


def facet_labels() -> dict[str, str]:
    return {facet: str(parameter(facet).label) for facet in FACETS}


def value_labels(facet: str, terms: Vocabularies) -> dict[str, str]:
    """The values that a facet may have, each with its name."""
    kind = FACETS[facet]
    if isinstance(kind, ChoiceFacet):
        return {value: str(label) for value, label in kind.choices.choices}
    return {slug: term.label for slug, term in terms[facet].items()} | {NONE: _("Non classificato")}


# Of a selection's parameters, whose values are those of an index.
_fields_at: WeakKeyDictionary[FacetIndex, dict[str, forms.Field]] = WeakKeyDictionary()


def read(query: QueryDict, index: FacetIndex) -> Asked:
    """The selection made of whatever a query string has of valid, and what had to be ignored."""
    if index not in _fields_at:
        _fields_at[index] = _fields(SelectionFilter({}, index.terms))
    cleaned, ignored = _clean(query, _fields_at[index])
    for name in NAMING:
        cleaned[name], refused = _published(name, cleaned.get(name, []), index)
        ignored += refused
    axes, uncrossed = _axes({name: cleaned[name] for name in ("rows", "columns") if name in cleaned})
    selection, picked = selected(cleaned), tuple(cleaned["pick"])
    carried = tuple(axes.pairs + [("pick", slug) for slug in picked])
    return Asked(replace(selection, carried=carried), axes, picked, cleaned.get("view", ""), ignored, uncrossed)


def _published(name: str, slugs: list[str], index: FacetIndex) -> tuple[list[str], list[Ignored]]:
    """Those that are a published entry's, with the address that it has now, as many as may be named; and the others."""
    meant = {slug: as_slug(slug) for slug in slugs}
    named = index.named(tuple(sorted({*meant, *meant.values()}))) if slugs else {}
    found = {slug: named.get(slug) or named.get(meant[slug]) for slug in meant}
    there = list(dict.fromkeys(entry.slug for entry in found.values() if entry))
    ignored = [Ignored(name, slug, str(NO_SUCH_ENTRY)) for slug, entry in found.items() if not entry]
    too_many = _("un indirizzo ne tiene al più %(n)s") % {"n": MOST_ENTRIES}
    return there[:MOST_ENTRIES], [*ignored, *(Ignored(name, slug, too_many) for slug in there[MOST_ENTRIES:])]


def read_entries(query: QueryDict, index: FacetIndex) -> tuple[list[str], list[Ignored]]:
    """The slugs of the entries that are named, in this order, and what had to be ignored."""
    cleaned, ignored = _clean(query, _fields(EntriesFilter({})))
    slugs, refused = _published("i", cleaned.get("i", []), index)
    return slugs, [*ignored, *refused]


def _axes(given: Mapping[str, str]) -> tuple[Axes, list[Ignored]]:
    axes = replace(Axes(), **given)
    if axes.rows != axes.columns:
        return axes, []
    uncrossed = [Ignored("columns", axes.columns, str(SAME_AXES))] if len(given) == 2 else []
    other = "columns" if "rows" in given else "rows"
    return replace(axes, **{other: Axes.rows if axes.rows == Axes.columns else Axes.columns}), uncrossed


def read_document(query: QueryDict) -> tuple[str, str, list[Ignored]]:
    """What is searched in the document, the anchor of the passage to cite, and what had to be ignored."""
    cleaned, ignored = _clean(query, _fields(DocumentFilter({})))
    return cleaned.get("q", ""), cleaned.get("cite", ""), ignored


def read_dossier(query: QueryDict, index: FacetIndex) -> tuple[Asked, tuple[str, ...]]:
    """The selection, whole, and the parts that are asked for, in their order."""
    rest, own = query.copy(), QueryDict(mutable=True)
    own.setlist("part", rest.pop("part", []))
    cleaned, refused = _clean(own, _fields(PartsFilter({})))
    asked = read(rest, index)
    ignored = [*(each for each in asked.ignored if each.parameter != "pick"), *refused, *_pages(rest)]
    parts = tuple(name for name, _label in part_choices() if name in cleaned.get("part", []))
    return replace(asked, selection=asked.selection.bare.without("page_size"), ignored=ignored), parts


def part_choices() -> list[tuple[str, str]]:
    return [(name, str(label)) for name, label in PartsFilter.base_filters["part"].extra["choices"]]


def read_search(query: QueryDict) -> tuple[str, list[Ignored]]:
    """The text that is searched where nothing else can be chosen, and what had to be ignored."""
    cleaned, ignored = _clean(query, _fields(TextFilter({})))
    return cleaned.get("q", ""), ignored


def read_page(query: QueryDict) -> tuple[int, list[Ignored]]:
    """Which page is asked for, and what had to be ignored."""
    cleaned, ignored = _clean(query, _fields(PagesFilter({})))
    return cleaned.get("page", 1), ignored


def unknown(query: QueryDict) -> list[Ignored]:
    """All that a query string has, where there are no parameters."""
    given = [(name, value) for name, values in query.lists() for value in values if value]
    return [Ignored(name, str(value), str(NO_SUCH_PARAMETER)) for name, value in given]


def _fields(parameters: django_filters.FilterSet) -> dict[str, forms.Field]:
    return {name: parameter.field for name, parameter in parameters.filters.items()}


def _clean(query: QueryDict, fields: Mapping[str, forms.Field]) -> tuple[dict[str, Any], list[Ignored]]:
    """Each value is looked at once, by the field of its parameter."""
    cleaned, ignored = dict[str, Any](), []
    for name, values in query.lists():
        given = [str(value) for value in values if value]
        for value in dict.fromkeys(given):
            try:
                outcome = _clean_one(name, value, given[-1], fields)
            except ValidationError as error:
                ignored.append(Ignored(name, value, " ".join(error.messages)))
            else:
                cleaned[name] = [*cleaned.get(name, []), *outcome] if name in REPEATED else outcome
    return cleaned, ignored


def _clean_one(name: str, value: str, last: str, fields: Mapping[str, forms.Field]) -> Any:
    if name not in fields:
        raise ValidationError(NO_SUCH_PARAMETER)
    if name not in REPEATED and value != last:
        raise ValidationError(GIVEN_AGAIN)
    try:
        return _clean_value(name, value, fields)
    except ValidationError:
        meant = as_slug(value)
        if name in WRITTEN or meant in ("", value):
            raise
        with suppress(ValidationError):
            return _clean_value(name, meant, fields)
        raise


def _clean_value(name: str, value: str, fields: Mapping[str, forms.Field]) -> Any:
    if name in FACETS:
        return fields[name].clean([value])
    cleaned = fields[name].clean(value)
    return [cleaned] if name in LISTED else cleaned


# For those who take what they asked for or nothing


def not_understood(ignored: Collection[Ignored]) -> HttpResponse:
    """A file or a program never gets more than it asked for: what is not understood is refused.

    A facet crossed with itself is understood, and there is no such matrix; an entry is named, and there is none of this
    name; a text is one, and has nothing to look for: OpenAPI could say none of it.
    """
    not_there = {str(reason) for reason in (SAME_AXES, NO_SUCH_ENTRY, NO_WORDS)}
    status = 404 if {item.reason for item in ignored} <= not_there else 400
    named = [f"{item.parameter}={item.value}: {item.reason}" for item in ignored][:MOST_NAMED]
    return problem(status, _("Alcuni filtri dell’indirizzo non sono validi"), "; ".join(named))


def strictly(
    view: Callable[..., HttpResponseBase], *, is_whole: bool = False, is_crossed: bool = False
) -> Callable[..., HttpResponseBase]:
    """Gives a public page the index and what its query string asks for, if all of that is understood.

    What is given whole has no pages to ask for. What carries only links on is dropped.
    """

    @wraps(view)
    def refusing(request: HttpRequest, snapshot: Snapshot, **address: str) -> HttpResponseBase:
        index = index_at(snapshot)
        asked = read(request.GET, index)
        ignored = [each for each in asked.ignored if each.parameter != "pick"]  # which is dropped whatever it names
        ignored += is_whole * _pages(request.GET) + is_crossed * asked.uncrossed
        asked = replace(asked, selection=asked.selection.bare)
        return not_understood(ignored) if ignored else view(request, snapshot, index, asked, **address)

    return refusing


def _pages(query: QueryDict) -> list[Ignored]:
    names = ("page", "page_size")
    return [Ignored(n, str(value), str(NO_PAGES)) for n in names for value in query.getlist(n) if value]
