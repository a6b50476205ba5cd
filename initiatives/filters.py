from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives import search
from initiatives.models import LINKS, Basis, Initiative, InitiativeQuerySet, Level, Scope
from initiatives.selection import FACETS, NONE, Selection
from taxonomy.models import Term

MOST_WORDS = 20  # each costs a look through all texts
PAGE_SIZES = (10, 25, 50, 100)
BASIS_CHOICES = [
    ("all", gettext_lazy("Tutte le attribuzioni")),
    (Basis.SOURCE.value, gettext_lazy("Solo quelle del documento")),
]
ORDER_CHOICES = [
    ("position", gettext_lazy("Ordine del documento")),
    ("relevance", gettext_lazy("Pertinenza")),
    ("title", gettext_lazy("Titolo")),
    ("-updated", gettext_lazy("Ultimo aggiornamento")),
]


@dataclass(frozen=True)
class Ignored:
    """One thing of a query string that was not understood, and the reason in the reader's words."""

    parameter: str
    value: str
    reason: str


GIVEN_AGAIN = gettext_lazy("il parametro è dato più volte: vale l’ultimo")
NO_SUCH_VALUE: dict[str, Any] = {"invalid_choice": gettext_lazy("il valore non esiste")}


class FacetField(forms.MultipleChoiceField):
    default_error_messages = NO_SUCH_VALUE


class FacetFilter(django_filters.MultipleChoiceFilter):
    field_class = FacetField


class SearchField(forms.CharField):
    default_error_messages: ClassVar = {
        "max_length": gettext_lazy("è più lungo di %(limit_value)d caratteri"),
        "null_characters_not_allowed": gettext_lazy("contiene un carattere non ammesso"),
    }

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > (self.max_length or 0):
            return  # refused for that, and not worth the stemming
        if value and not search.words(value):
            raise ValidationError(_("non contiene parole o numeri da cercare"))
        if len(search.atoms(value)) > MOST_WORDS:
            raise ValidationError(_("ha più di %(most)d parole") % {"most": MOST_WORDS})


class SearchFilter(django_filters.CharFilter):
    field_class = SearchField


class PageField(forms.IntegerField):
    default_error_messages = dict.fromkeys(
        ("invalid", "min_value", "max_value"), gettext_lazy("non è un numero di pagina")
    )


class PageFilter(django_filters.NumberFilter):
    field_class = PageField


class SelectionFilter(django_filters.FilterSet):
    """Validates a query string and makes the Selection of it. `vocabularies` holds the terms by dimension and slug."""

    objective = FacetFilter()
    category = FacetFilter()
    sector = FacetFilter()
    scope = FacetFilter(choices=Scope)
    level = FacetFilter(choices=Level)
    basis = django_filters.ChoiceFilter(choices=BASIS_CHOICES, error_messages=NO_SUCH_VALUE)
    q = SearchFilter(max_length=500)
    order = django_filters.ChoiceFilter(choices=ORDER_CHOICES, error_messages=NO_SUCH_VALUE)
    page = PageFilter(min_value=1, max_value=10**9)
    page_size = django_filters.TypedChoiceFilter(
        choices=[(n, n) for n in PAGE_SIZES], coerce=int, error_messages=NO_SUCH_VALUE
    )

    class Meta:
        model = Initiative
        fields: ClassVar[list[str]] = []

    def __init__(self, data: Mapping[str, Any], vocabularies: Mapping[str, Mapping[str, Term]], **kwargs: Any) -> None:
        super().__init__(data, queryset=kwargs.pop("queryset", Initiative.objects.published()), **kwargs)
        for dimension in LINKS:
            terms = vocabularies[dimension].values()
            choices = [(term.slug, term.label) for term in terms]
            self.filters[dimension].extra["choices"] = [*choices, (NONE, gettext_lazy("Non classificato"))]

    @property
    def selection(self) -> Selection:
        if not self.is_valid():
            raise ValidationError(self.errors)
        given: dict[str, Any] = {
            name: value for name, value in self.form.cleaned_data.items() if value not in (None, "", [])
        }
        for facet in given.keys() & set(FACETS):
            given[facet] = tuple(sorted(set(given[facet])))
        return Selection(**given)

    def filter_queryset(self, queryset: InitiativeQuerySet) -> InitiativeQuerySet:
        return queryset.matching(self.selection).in_order_of(self.selection)


def read(query: QueryDict, vocabularies: Mapping[str, Mapping[str, Term]]) -> tuple[Selection, list[Ignored]]:
    """The selection made of whatever a query string has of valid, and what had to be ignored."""
    strict = SelectionFilter(query, vocabularies)
    kept, ignored = QueryDict(mutable=True), []
    for name, values in query.lists():
        given = [value for value in values if value]
        refused = dict(_refused(name, given, strict.form.fields))
        ignored += [Ignored(name, value, reason) for value, reason in refused.items()]
        kept.setlist(name, [value for value in given if value not in refused])
    understood = strict if kept == query else SelectionFilter(kept, vocabularies)
    return understood.selection, ignored


def _refused(name: str, values: list[str], fields: Mapping[str, forms.Field]) -> Iterator[tuple[str, str]]:
    for value in values:
        if name not in fields:
            yield value, _("il parametro non esiste")
        elif name not in FACETS and value != values[-1]:
            yield value, str(GIVEN_AGAIN)
        else:
            try:
                fields[name].clean([value] if name in FACETS else value)
            except ValidationError as error:
                yield value, " ".join(error.messages)
