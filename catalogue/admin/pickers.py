"""How editors choose passages, terms and entries: by reading them. Everything works without scripts.

Vocabularies are short and stand there whole. So do the passages of a document; of very many, as of entries, those that
are chosen already, and the scripts search the rest.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django import forms
from django.contrib.admin import site
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.presenters.text import html, plain
from initiatives.facets import current_index
from initiatives.models import Initiative, Passage
from taxonomy.models import Term

MOST_PASSAGES = 300  # of a page that holds all of them
MOST_ENTRIES = 100  # of a list that holds all of them
MOST_FOUND = 50  # passages
LONGEST_OPTION = 110  # letters: a list of choices breaks no line; the whole text stands under it


class Offered:
    """What all pickers of a form offer, read once."""

    def __init__(self) -> None:
        self.entry: Initiative | None = None  # whose form it is
        self._terms: dict[type[Term], list[Term]] = {}

    @cached_property
    def _passages(self) -> list[Passage]:
        return list(Passage.objects.select_related("source")[: MOST_PASSAGES + 1])

    @property
    def are_many(self) -> bool:
        return len(self._passages) > MOST_PASSAGES

    @cached_property
    def own(self) -> set[int]:
        """The passages that are chosen for the entry."""
        return set(self.entry.passages.values_list("pk", flat=True)) if self.entry else set()

    def passages(self, chosen: Iterable[str]) -> list[Passage]:
        """All of them or, of many, the entry's and those that are chosen."""
        if not self.are_many:
            return self._passages
        ids = {*self.own, *(int(pk) for pk in chosen if pk.isdigit())}
        return list(Passage.objects.select_related("source").filter(pk__in=ids))

    def terms(self, model: type[Term]) -> list[Term]:
        if model not in self._terms:
            self._terms[model] = list(model.objects.all())
        return self._terms[model]


def offered(request: HttpRequest) -> Offered:
    if not hasattr(request, "offered"):
        request.offered = Offered()  # type: ignore[attr-defined]
    return request.offered  # type: ignore[attr-defined]


class Picker(forms.Widget):
    """Knows what its form offers, and what its field is called."""

    offered: Offered
    label = ""


class PassageChecks(Picker, forms.CheckboxSelectMultiple):
    """Whole texts in the document's order, those that are chosen first."""

    template_name = "admin/pickers/passages.html"
    use_fieldset = False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        values = {str(pk) for pk in value or ()}
        passages = [(passage, str(passage.pk) in values) for passage in self.offered.passages(values)]
        return {
            "name": name,
            "id": (attrs or {}).get("id") or f"id_{name}",
            "label": self.label,
            "chosen": [_readable(passage) for passage, is_chosen in passages if is_chosen],
            "others": [_readable(passage) for passage, is_chosen in passages if not is_chosen],
            "are_many": self.offered.are_many,
            "search": reverse("admin:passages-found"),
        }


def _readable(passage: Passage) -> dict[str, Any]:
    return {"id": passage.pk, "text": html(passage.text), "kind": passage.kind}


class PassageSelect(Picker, forms.Select):
    """One passage: those that are chosen for the entry come first; under the list stands the whole text."""

    template_name = "admin/pickers/passage.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context, values = super().get_context(name, value, attrs), self.format_value(value)
        passages = self.offered.passages(values)
        own: list[tuple[str, str]] = []
        others: list[tuple[str, str]] = []
        for passage in passages:
            group = own if passage.pk in self.offered.own else others
            group.append((str(passage.pk), Truncator(plain(passage.text)).chars(LONGEST_OPTION)))
        context["groups"] = [(_("I passi di questa scheda"), own), (_("Gli altri passi del documento"), others)]
        context["values"] = values
        context["text"] = next((html(p.text) for p in passages if str(p.pk) in values), "")
        return context

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        return []  # the template's own


class TermSelect(Picker, forms.Select):
    """Under the list stand the document's words for the term that is chosen."""

    template_name = "admin/pickers/term.html"
    vocabulary: type[Term]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context, values = super().get_context(name, value, attrs), self.format_value(value)
        context["values"], context["terms"] = values, self.offered.terms(self.vocabulary)
        context["wording"] = next((term.text for term in context["terms"] if str(term.pk) in values), "")
        return context

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        return []  # the template's own


class TermChecks(Picker, forms.CheckboxSelectMultiple):
    template_name = "admin/pickers/terms.html"
    use_fieldset = False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | {"label": self.label}


class EntrySelect(Picker, forms.Select):
    """Of few entries all; of many the one that is chosen, and what a search finds."""

    template_name = "admin/pickers/entry.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        choices: Any = self.choices
        entries = choices.queryset.order_by("title_key")
        context, values = super().get_context(name, value, attrs), [pk for pk in self.format_value(value) if pk]
        context["are_many"] = entries.count() > MOST_ENTRIES
        context["chosen"] = list(entries.filter(pk__in=values))
        context["entries"] = context["chosen"] if context["are_many"] else entries
        context["values"], context["search"] = values, reverse("admin:autocomplete")
        return context

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        return []  # the template's own


ONE: dict[type[models.Model], type[Picker]] = {Passage: PassageSelect, Initiative: EntrySelect, Term: TermSelect}
SEVERAL: dict[type[models.Model], type[Picker]] = {Passage: PassageChecks, Term: TermChecks}


class WithPickers(BaseModelAdmin):
    """Of fields that lead to other things, in forms and their rows."""

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Without Django's icons beside a picker: what is missing is added on its own page."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, **_with_picker(ONE, db_field, request), **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(db_field, request, **_with_picker(SEVERAL, db_field, request), **kwargs)


def _with_picker(pickers: dict[type[models.Model], type[Picker]], db_field: Any, request: HttpRequest) -> Any:
    related = db_field.related_model
    for model, picker in pickers.items():
        if issubclass(related, model):
            widget: Any = picker()
            widget.offered, widget.label = offered(request), str(capfirst(db_field.verbose_name))
            widget.vocabulary = related
            return {"widget": widget}
    return {}


def passages_found(request: HttpRequest) -> JsonResponse:
    """What the site's own search finds in the documents, in their order."""
    if not site.get_model_admin(Initiative).has_view_permission(request):
        raise PermissionDenied
    index, q = current_index(), request.GET.get("q", "")
    found, wanted = index.passages_with(q), index.reading(q).wanted
    said = ngettext("%(n)s passo trovato", "%(n)s passi trovati", len(found)) % {"n": len(found)}
    if len(found) > MOST_FOUND and len(index.passages) > MOST_PASSAGES:
        said = _("%(n)s passi trovati: ecco i primi %(first)s") % {"n": len(found), "first": MOST_FOUND}
        found = found[:MOST_FOUND]
    passages = [_readable(passage) | {"text": html(passage.text, wanted)} for passage in found]
    return JsonResponse({"said": said, "found": passages})
