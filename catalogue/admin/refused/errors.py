"""All that is wrong with a form and its rows, in one list that leads to each field."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.text import capfirst
from django.utils.translation import gettext


class Problem(NamedTuple):
    """Whose it is and where that is; both empty of what is no field's."""

    words: str
    label: str = ""
    anchor: str = ""


class Refusal(NamedTuple):
    """What is told over the problems, and after them."""

    title: str
    problems: list[Problem]
    way_on: str


def refusal_of(form: Any, formsets: Iterable[Any]) -> Refusal | None:
    """Of an admin's form and its rows as its page shows them; None where nothing is wrong."""
    if not form.is_bound:
        return None
    problems = [*_of_form(form), *(problem for formset in formsets for problem in _of_rows(formset))]
    return Refusal(form.refusal(len(problems)), problems, form.way_on) if problems else None


def _of_form(form: Any, row: str = "", is_there: bool = True) -> Iterator[Problem]:
    """In the order of its fields."""
    for name in (NON_FIELD_ERRORS, *form.fields):
        label, anchor = row, ""
        errors = form.errors.get(name, ())
        if errors and name != NON_FIELD_ERRORS and not form[name].is_hidden:
            field = str(capfirst(form[name].label))
            label = f"{row}: {field}" if row else field
            anchor = form[name].auto_id if is_there else ""
        yield from (Problem(words, label, anchor) for words in errors)


def _of_rows(rows: Any) -> Iterator[Problem]:
    """Of a row that is no more the page shows nothing: what is said of it leads nowhere."""
    formset, kind = rows.formset, str(capfirst(rows.opts.verbose_name_plural))
    yield from (Problem(words, kind, f"{formset.prefix}-group") for words in formset.non_form_errors())
    shown = {row.form.prefix for row in rows}
    for number, form in enumerate(formset.forms, 1):
        if formset.can_delete and formset._should_delete_form(form):
            continue
        name = _name(form, str(capfirst(rows.opts.verbose_name)), number)
        if formset.model._meta.pk.name in form.errors:
            yield Problem(gettext("Nel frattempo qualcuno l’ha tolto: non si può più salvare."), name)
        else:
            yield from _of_form(form, name, form.prefix in shown)


def _name(form: Any, kind: str, number: int) -> str:
    """By the field that tells the rows apart, the first; by its number where that is empty."""
    first = next(iter(form.fields))
    value = getattr(form, "cleaned_data", {}).get(first) or getattr(form.instance, first, None)
    named = gettext("%(kind)s «%(name)s»") if value else gettext("%(kind)s, riga %(number)s")
    return named % {"kind": kind, "name": value, "number": number}
