"""What somebody wrote in a form that cannot be shown, under the labels that it had there. Asks no database."""

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.urls import Resolver404, resolve
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalogue.admin.history.told import Rows, editable_fields, label_of

Fields = list[tuple[str, str]]
ROW = re.compile(r"(?P<kind>.+)-(?P<number>\d+)-(?P<field>\w+)")
# Of pages that are no model's form: those that ask why something is returned or withdrawn.
ASKED = {"reason": _("perché"), "reason_en": _("perché, in inglese")}


def texts_in(sent: Fields, form: Any) -> Fields:
    """Label and text, in the order of the form, an admin's (None where there is none).

    Choices, keys of other things and what is the form's own affair are no texts.
    """
    labels = dict(_labels(form)) if form else {}
    return [(label, text) for name, text in sent if text.strip() and (label := _label(name, labels))]


def form_at(address: str) -> Any:
    """The admin whose page this is; None of an address that is none's."""
    try:
        name = resolve(address).url_name or ""
    except Resolver404:
        return None
    own = (each for each in admin.site._registry.values() if name.startswith(f"{_name(each.model)}_"))
    return next(own, None)


def _name(model: type[models.Model]) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}"


def _label(name: str, labels: dict[str, str]) -> str:
    """Empty of what is no text."""
    if row := ROW.fullmatch(name):
        kind, label = labels.get(row["kind"]), labels.get(f"{row['kind']}-{row['field']}")
        told = {"kind": kind, "number": int(row["number"]) + 1, "field": label}
        return gettext("%(kind)s, riga %(number)s: %(field)s") % told if kind and label else ""
    return labels.get(name) or str(capfirst(ASKED.get(name, "")))


def _labels(form: Any) -> Iterator[tuple[str, str]]:
    """By field; of rows by their prefix, and by their prefix and field."""
    for name, field in form.form.base_fields.items():
        if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.HiddenInput) and field.label:
            yield name, str(capfirst(field.label))
    yield from _texts_of(form.model)
    for inline in form.inlines:
        prefix = Rows(inline.model, ()).prefix(form.model)
        yield prefix, str(capfirst(inline.verbose_name or inline.model._meta.verbose_name))
        yield from ((f"{prefix}-{name}", label) for name, label in _texts_of(inline.model))


def _texts_of(model: type[models.Model]) -> Iterator[tuple[str, str]]:
    for field in editable_fields(model):
        if isinstance(field, (models.CharField, models.TextField)) and not field.choices:
            yield field.name, label_of(field)
