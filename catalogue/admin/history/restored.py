"""A thing as it was: its form filled with an older version, or itself once more after it was deleted."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.http import QueryDict
from reversion.models import Version

from catalogue.admin.history.told import (
    Rows,
    Values,
    editable_fields,
    fields_of,
    found,
    label_of,
    named,
    rows_of,
    values_of,
    written,
)


class Gone(list[str]):
    """What a version names and is no more, in words."""

    def found(self, field: Any, key: Any) -> Any:
        thing = found(field.related_model, key)
        if thing is None:
            self.append(f"{label_of(field)}: {named(key)}")
        return thing


def form_data(version: Version, thing: models.Model, kinds: Iterable[Rows]) -> tuple[QueryDict, Gone]:
    """What a browser would send to make the thing what it was in this version."""
    data, gone, values = QueryDict(mutable=True), Gone(), values_of(version)
    for field in editable_fields(version._model):
        if field.name in values:
            data.setlist(field.name, _sent(field, values[field.name], gone))
    for rows in kinds:
        _set_rows(data, version, thing, rows, gone)
    return data, gone


def _set_rows(data: QueryDict, version: Version, thing: models.Model, rows: Rows, gone: Gone) -> None:
    """Those that are there, to be deleted where they were not; then those that are to be there again."""
    prefix, first = rows.prefix(type(thing)), rows.fields[0]
    then = {str(row[first]): row for row in rows_of(version, rows)}
    present = list(rows.of(thing))
    for number, row in enumerate(present):
        now = written(row)
        was = then.pop(str(now[first]), None)
        _set_row(data, f"{prefix}-{number}", rows, was or now, gone)
        data[f"{prefix}-{number}-id"] = str(row.pk)
        if was is None:
            data[f"{prefix}-{number}-DELETE"] = "on"
    again = [row for row in then.values() if _is_there(rows, row, gone)]
    for number, row_then in enumerate(again, len(present)):
        _set_row(data, f"{prefix}-{number}", rows, row_then, gone)
    data[f"{prefix}-TOTAL_FORMS"] = str(len(present) + len(again))
    data[f"{prefix}-INITIAL_FORMS"] = str(len(present))


def _is_there(rows: Rows, row: Values, gone: Gone) -> bool:
    """Whether what tells a row apart is no other thing, or one that is still there."""
    field: Any = rows.model._meta.get_field(rows.fields[0])
    return not field.is_relation or gone.found(field, row[field.name]) is not None


def _set_row(data: QueryDict, prefix: str, rows: Rows, row: Values, gone: Gone) -> None:
    for name in rows.fields:
        data.setlist(f"{prefix}-{name}", _sent(rows.model._meta.get_field(name), row.get(name), gone))


def _sent(field: Any, value: Any, gone: Gone) -> list[str]:
    """What a form sends for a value: several, one, or nothing of a box without a tick."""
    if field.many_to_many:
        return [str(thing.pk) for key in value if (thing := gone.found(field, key))]
    if value is not None and field.is_relation:
        thing = gone.found(field, value)
        return [str(thing.pk) if thing else ""]
    if isinstance(value, bool):
        return ["on"] if value else []
    return ["" if value is None else str(value)]


def recover(version: Version, kinds: Iterable[Rows], **instead: Any) -> tuple[models.Model, Gone]:
    """Saves it as it was, but for the values `instead`. Raises ValidationError where it has no place any more."""
    gone, model = Gone(), version._model
    thing, ties = _built(model, {**values_of(version), **instead}, gone)
    thing.pk = model._meta.pk.to_python(version.object_id)
    thing.full_clean()
    thing.save(force_insert=True)
    for name, others in ties.items():
        getattr(thing, name).set(others)
    for rows in kinds:
        for row in rows_of(version, rows):
            if _is_there(rows, row, gone):
                _recover_row(thing, rows, row, gone)
    return thing, gone


def _recover_row(thing: models.Model, rows: Rows, row: Values, gone: Gone) -> None:
    parent = rows.parent(type(thing)).name
    again, _ = _built(rows.model, {name: value for name, value in row.items() if name != parent}, gone)
    setattr(again, parent, thing)
    again.full_clean()
    again.save()


def _built(model: type[models.Model], values: Values, gone: Gone) -> tuple[models.Model, dict[str, list[Any]]]:
    """A thing that is not saved, and what it is tied to once it is."""
    plain: Values = {}
    ties: dict[str, list[Any]] = {}
    for field in fields_of(model):
        if field.name not in values:
            continue
        value = values[field.name]
        if field.many_to_many:
            ties[field.name] = [thing for key in value if (thing := gone.found(field, key))]
        elif value is not None and field.is_relation:
            plain[field.name] = gone.found(field, value)
        else:
            plain[field.name] = field.to_python(value)
    return model(**plain), ties
