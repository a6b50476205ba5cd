"""What editors read of a thing, now and in its versions: its fields and rows in words, by the labels of its form."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django.core import serializers
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext
from reversion.models import Version

from initiatives.models import Initiative, read_at

Told = dict[str, str]
Values = dict[str, Any]


class Rows(NamedTuple):
    """The rows of another model that a thing's form has, and their fields, the first of which tells each row apart."""

    model: type[models.Model]
    fields: tuple[str, ...]

    def parent(self, model: type[models.Model]) -> Any:
        (parent,) = (field for field in self.model._meta.fields if field.related_model is model)
        return parent

    def told(self, value: Mapping[str, str]) -> tuple[str, str]:
        """Of one row its label, and its other fields in lines."""
        first, *others = self.fields
        lines = (f"{label_of(self.model._meta.get_field(name))}: {value[name]}" for name in others if value[name])
        return f"{capfirst(self.model._meta.verbose_name)}: {value[first]}", "\n".join(lines) or gettext("c’è")


def fields_of(thing: models.Model | type[models.Model]) -> tuple[Any, ...]:
    return (*thing._meta.fields, *thing._meta.many_to_many)


def editable_fields(model: type[models.Model]) -> Iterable[Any]:
    return (field for field in fields_of(model) if field.editable and not field.primary_key)


def label_of(field: Any) -> str:
    return str(capfirst(field.verbose_name))


def shown(field: Any, value: Any) -> str:
    """A value of a model's field, as its form shows it."""
    if isinstance(value, bool):
        return gettext("sì") if value else gettext("no")
    if field.many_to_many:
        return "\n".join(sorted(str(each) for each in value or ()))
    return str(dict(field.flatchoices).get(value, "" if value is None else value))


def tell(thing: models.Model, *kinds: Rows) -> Told:
    """As it is now."""
    told = {label_of(field): shown(field, _value(thing, field)) for field in editable_fields(type(thing))}
    for rows in kinds:
        own = {rows.parent(type(thing)).name: thing}
        for row in rows.model._default_manager.filter(**own):
            fields = ((name, row._meta.get_field(name)) for name in rows.fields)
            label, text = rows.told({name: shown(field, _value(row, field)) for name, field in fields})
            told[label] = text
    return told


def tell_version(version: Version, *kinds: Rows) -> Told:
    """As it was then; what it named and is no more is named by its key."""
    model, then = version._model, values_of(version)
    told = {label_of(field): _said(field, then[field.name]) for field in editable_fields(model) if field.name in then}
    for rows in kinds:
        for row in rows_of(version, rows):
            label, text = rows.told(
                {name: _said(rows.model._meta.get_field(name), row.get(name)) for name in rows.fields}
            )
            told[label] = text
    return told


def written(thing: models.Model) -> Values:
    """As versions hold it: what it is related to by its natural key."""
    (row,) = json.loads(serializers.serialize("json", [thing], use_natural_foreign_keys=True))
    return row["fields"]


def values_of(version: Version) -> Values:
    return json.loads(version.serialized_data)[0]["fields"]


def rows_of(version: Version, rows: Rows) -> Iterator[Values]:
    """The rows that it had then: its revision holds them with the natural key that it had."""
    parent, key = rows.parent(version._model).name, _key(version)
    for other in version.revision.version_set.all():
        if other._model is rows.model and (row := values_of(other))[parent] == key:
            yield row


def found(model: Any, key: Any) -> Any:
    """What has this natural key, or had it and has another address now; None where it is no more."""
    try:
        return model._default_manager.get_by_natural_key(*key)
    except ObjectDoesNotExist:
        public = read_at(*key) if model is Initiative else None
        return public and public.initiative


def named(key: Any) -> str:
    return " ".join(str(part) for part in key)


def _key(version: Version) -> list[Any]:
    """Its natural key then: every model that has rows is named by its slug."""
    return [values_of(version)["slug"]]


def _said(field: Any, value: Any) -> str:
    if field.many_to_many:
        return "\n".join(sorted(_of_key(field.related_model, key) for key in value or ()))
    if value is not None and field.is_relation:
        return _of_key(field.related_model, value)
    return shown(field, value if value is None else field.to_python(value))


def _of_key(model: Any, key: Any) -> str:
    thing = found(model, key)
    return gettext("%(name)s (non c’è più)") % {"name": named(key)} if thing is None else str(thing)


def _value(thing: models.Model, field: Any) -> Any:
    value = getattr(thing, field.name)
    return value.all() if field.many_to_many else value
