"""A query string, read once: the selection it asks for, and what of it was not understood.

`SelectionFilter` is the one place that knows a parameter: its bounds, its label for readers and its help for programs.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.problems import problem
from initiatives.facets import FACETS, NONE, ChoiceFacet, Selection, Vocabularies, index_at
from initiatives.models import Basis, Initiative
from initiatives.search.words import words
from initiatives.versions import Snapshot

MOST_NAMED = 20  # of what is not understood, in an answer
NO_SUCH_PARAMETER = gettext_lazy("il parametro non esiste")
NO_SUCH_VALUE = gettext_lazy("il valore non esiste")
GIVEN_AGAIN = gettext_lazy("il parametro è dato più volte: vale l’ultimo")
NO_SUCH_PAGE = gettext_lazy("non è un numero di pagina")
SAME_AXES = gettext_lazy("righe e colonne sono uguali")


@dataclass(frozen=True)
class Ignored:
    """One thing of a query string that was not understood, and the reason in the reader's words."""

    parameter: str
    value: str
    reason: str


class FacetFilter(django_filters.MultipleChoiceFilter):
    """`unclassified` says in a sentence what `none` stands for, where that is a value of the facet."""

    def __init__(self, *, unclassified: str | Promise = "", **kwargs: Any) -> None:
        super().__init__(error_messages={"invalid_choice": NO_SUCH_VALUE}, **kwargs)
        self.unclassified = unclassified

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
            raise ValidationError(_("non contiene parole o numeri da cercare"))


class SearchFilter(django_filters.CharFilter):
    field_class = SearchField


class PageField(forms.IntegerField):
    default_error_messages = dict.fromkeys(("invalid", "min_value", "max_value"), NO_SUCH_PAGE)


class PageFilter(django_filters.Filter):  # a NumberFilter would say its own reason beside the field's
    field_class = PageField


class TextFilter(django_filters.FilterSet):
    """What is searched, in entries or in the document."""

    q = SearchFilter(
        max_length=5000,
        help_text="Words, all to be found, or “a phrase”; `or` between two, `-` before one that must not be there.",
    )

    class Meta:
        model = Initiative
        fields: list[str] = []


class SelectionFilter(TextFilter):
    """`terms` holds the vocabularies: the values of the facets that have one."""

    objective = FacetFilter(
        label=gettext_lazy("Obiettivo specifico 2021-27"), unclassified=gettext_lazy("senza obiettivo")
    )
    category = FacetFilter(label=gettext_lazy("Categoria d’intervento"), unclassified=gettext_lazy("senza categoria"))
    sector = FacetFilter(
        label=gettext_lazy("Settore prioritario (Annex D)"), unclassified=gettext_lazy("senza settore")
    )
    scope = FacetFilter(label=gettext_lazy("Ambito"))
    level = FacetFilter(label=gettext_lazy("Livello"))
    basis = OneOf(
        choices=[
            ("all", gettext_lazy("Tutte le attribuzioni")),
            (Basis.SOURCE.value, gettext_lazy("Solo quelle del documento")),
        ],
        help_text="Whose links filter and count.",
    )
    order = OneOf(
        choices=[
            ("position", gettext_lazy("Ordine del documento")),
            ("relevance", gettext_lazy("Pertinenza")),
            ("title", gettext_lazy("Titolo")),
            ("-updated", gettext_lazy("Ultimo aggiornamento")),
        ],
        help_text="Relevance needs words.",
    )
    page = PageFilter(min_value=1, max_value=10**9, help_text="Page of the entries.")
    page_size = OneOf(choices=[(n, n) for n in (10, 25, 50, 100)], coerce=int, help_text="Entries on a page.")

    def __init__(self, data: Mapping[str, Any], terms: Vocabularies, **kwargs: Any) -> None:
        super().__init__(data, queryset=kwargs.pop("queryset", Initiative.objects.published()), **kwargs)
        for facet in FACETS:
            self.filters[facet].offer(facet, terms)


class MatrixFilter(SelectionFilter):
    rows = OneOf(choices=lambda: facet_labels().items(), help_text="The facet of the rows.")
    columns = OneOf(choices=lambda: facet_labels().items(), help_text="Another facet than the rows'.")


@dataclass(frozen=True)
class Axes:
    """The facets that make the rows and columns of a matrix."""

    rows: str = "category"
    columns: str = "objective"

    def query(self, selection: Selection) -> str:
        """The canonical query string of a matrix."""
        pairs = [("rows", self.rows), ("columns", self.columns)] if self != Axes() else []
        pairs += selection.without("order", "page_size").pairs
        return f"?{urlencode(sorted(pairs))}" if pairs else ""


def selected(cleaned: Mapping[str, Any]) -> Selection:
    """The selection of these values; what is not among them is at its default."""
    choices = {facet: tuple(sorted(set(cleaned[facet]))) for facet in FACETS if cleaned.get(facet)}
    selection = Selection(choices, **{name: value for name, value in cleaned.items() if name not in FACETS})
    unsaid = replace(selection, order="").ordering
    return replace(selection, order="") if selection.order in (unsaid, "relevance") else selection


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


def read(query: QueryDict, terms: Vocabularies) -> tuple[Selection, list[Ignored]]:
    """The selection made of whatever a query string has of valid, and what had to be ignored."""
    cleaned, ignored = _clean(query, SelectionFilter({}, terms))
    return selected(cleaned), ignored


def read_search(query: QueryDict) -> tuple[str, list[Ignored]]:
    """The text that is searched where nothing else can be chosen, and what had to be ignored."""
    cleaned, ignored = _clean(query, TextFilter({}))
    return cleaned.get("q", ""), ignored


def read_matrix(query: QueryDict, terms: Vocabularies) -> tuple[Axes, Selection, list[Ignored]]:
    """Rows and columns, the selection, which has neither order nor pages, and what had to be ignored of both."""
    cleaned, ignored = _clean(query, MatrixFilter({}, terms))
    given = {name: cleaned.pop(name) for name in ("rows", "columns") if name in cleaned}
    axes = replace(Axes(), **given)
    if axes.rows == axes.columns:
        if len(given) == 2:
            ignored.append(Ignored("columns", axes.columns, str(SAME_AXES)))
        other = "columns" if "rows" in given else "rows"
        axes = replace(axes, **{other: Axes.rows if axes.rows == Axes.columns else Axes.columns})
    return axes, selected(cleaned).without("order", "page_size"), ignored


def unknown(query: QueryDict, known: Collection[str] = ()) -> list[Ignored]:
    """What a query string has beside these parameters."""
    given = [(name, value) for name, values in query.lists() for value in values if value and name not in known]
    return [Ignored(name, str(value), str(NO_SUCH_PARAMETER)) for name, value in given]


def _clean(query: QueryDict, parameters: TextFilter) -> tuple[dict[str, Any], list[Ignored]]:
    """Each value is looked at once, by the field of its parameter."""
    fields, cleaned, ignored = parameters.form.fields, dict[str, Any](), []
    for name, values in query.lists():
        given = [str(value) for value in values if value]
        for value in dict.fromkeys(given):
            try:
                outcome = _clean_one(name, value, given[-1], fields)
            except ValidationError as error:
                ignored.append(Ignored(name, value, " ".join(error.messages)))
            else:
                cleaned[name] = [*cleaned.get(name, []), *outcome] if name in FACETS else outcome
    return cleaned, ignored


def _clean_one(name: str, value: str, last: str, fields: Mapping[str, forms.Field]) -> Any:
    if name not in fields:
        raise ValidationError(NO_SUCH_PARAMETER)
    if name in FACETS:
        return fields[name].clean([value])
    if value != last:
        raise ValidationError(GIVEN_AGAIN)
    return fields[name].clean(value)


# For those who take what they asked for or nothing


def not_understood(ignored: Collection[Ignored]) -> HttpResponse:
    """A file or a program never gets more than it asked for: what is not understood is refused.

    A facet crossed with itself is understood, and there is no such matrix: OpenAPI could not say that two must differ.
    """
    status = 404 if {item.reason for item in ignored} == {str(SAME_AXES)} else 400
    named = [f"{item.parameter}={item.value}: {item.reason}" for item in ignored][:MOST_NAMED]
    return problem(status, _("Una parte dell’indirizzo non si capisce"), "; ".join(named))


def strictly(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Gives a public page the index and the selection of its query string, if all of that is understood."""

    @wraps(view)
    def refusing(request: HttpRequest, snapshot: Snapshot, **address: str) -> HttpResponseBase:
        index = index_at(snapshot)
        selection, ignored = read(request.GET, index.terms)
        return not_understood(ignored) if ignored else view(request, snapshot, index, selection, **address)

    return refusing
