"""What editors read of a thing, now and in its versions: its fields and rows in words, by the labels of its form."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from django.core import serializers
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext
from reversion.models import Version

from catalogue.presenters.text import plain
from initiatives.models import Initiative, Passage, read_at

Told = dict[str, str]
Values = dict[str, Any]
# What a thing is, as values: `own`, by field, and `rows`, a list for each kind of them. Nothing, where there was none.
State = dict[str, Any]
Naming = Callable[..., str]


class Rows(NamedTuple):
    """The rows of another model that a thing's form has, and their fields, the first of which tells each row apart."""

    model: type[models.Model]
    fields: tuple[str, ...]

    def parent(self, model: type[models.Model]) -> Any:
        (parent,) = (field for field in self.model._meta.fields if field.related_model is model)
        return parent

    def prefix(self, model: type[models.Model]) -> str:
        """Of their names in its form; the thing has them under it too."""
        return str(self.parent(model).remote_field.get_accessor_name())

    def of(self, thing: models.Model) -> models.QuerySet[Any]:
        """With what each is tied to, which names it."""
        parent = self.parent(type(thing))
        ties = [field.name for field in self.model._meta.fields if field.is_relation and field is not parent]
        rows = getattr(thing, self.prefix(type(thing))).all()
        return rows.select_related(*ties) if ties else rows

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


def state_of(thing: models.Model, *kinds: Rows) -> State:
    """As it is now."""
    return _state(type(thing), written(thing), [[written(row) for row in rows.of(thing)] for rows in kinds], kinds)


def state_in(version: Version, *kinds: Rows) -> State:
    """As it was then."""
    return _state(version._model, values_of(version), [list(rows_of(version, rows)) for rows in kinds], kinds)


def _state(model: type[models.Model], own: Values, rows: list[list[Values]], kinds: Iterable[Rows]) -> State:
    """Nothing but what its form has; in no order but its own."""
    fields = {field.name: _plain(own[field.name]) for field in editable_fields(model) if field.name in own}
    return {"own": fields, "rows": [_rows_in_order(*each) for each in zip(kinds, rows, strict=True)]}


def _rows_in_order(kind: Rows, rows: list[Values]) -> list[Values]:
    of_form = ({name: _plain(row.get(name)) for name in kind.fields} for row in rows)
    return sorted(of_form, key=lambda row: str(row[kind.fields[0]]))


def _plain(value: Any) -> Any:
    """What was never written is an empty text; what a thing is tied to stands in one order."""
    is_of_ties = isinstance(value, list) and value and isinstance(value[0], list)
    return "" if value is None else sorted(value) if is_of_ties else value


def tell(model: type[models.Model], states: Iterable[State], kinds: Iterable[Rows]) -> list[Told]:
    """Each in words, of the active language; what it names and is no more is named by its key."""
    name_of = cache(_name_of)  # many states name the same
    return [_told(model, state, kinds, name_of) if state else {} for state in states]


def _told(model: type[models.Model], state: State, kinds: Iterable[Rows], name_of: Naming) -> Told:
    own = state["own"]
    told = {
        label_of(field): _said(field, own[field.name], name_of) for field in editable_fields(model) if field.name in own
    }
    for rows, each in zip(kinds, state["rows"], strict=True):
        for row in each:
            fields = ((name, rows.model._meta.get_field(name)) for name in rows.fields)
            label, text = rows.told({name: _said(field, row[name], name_of) for name, field in fields})
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


def _said(field: Any, value: Any, name_of: Naming) -> str:
    if field.many_to_many:
        return "\n".join(sorted(name_of(field.related_model, *key) for key in value or ()))
    if value == "":
        return ""
    return name_of(field.related_model, *value) if field.is_relation else shown(field, field.to_python(value))


def _name_of(model: Any, *key: Any) -> str:
    thing = found(model, key)
    if thing is None:
        return gettext("%(name)s (non c’è più)") % {"name": named(key)}
    return plain(str(thing)) if isinstance(thing, Passage) else str(thing)
