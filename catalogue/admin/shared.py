"""What all editors' forms share: texts are stored tidy, and who saves after somebody else is told and loses nothing."""

import re
import time
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext

from catalogue.admin.pickers import WithPickers, offered
from initiatives.models import Initiative
from initiatives.versions import hold_version

MOST_NAMED = 10  # entries
# What an editor reads of a thing, by the labels of its form.
Told = dict[str, str]


class Difference(NamedTuple):
    """A field that somebody else has changed: as the form was opened with, as it is now, as it was filled in."""

    label: str
    before: str
    now: str
    mine: str


@dataclass(frozen=True)
class Altered:
    """What is read of a thing by everybody: its own page, if it has one beside the entries', and the first entries."""

    page: str
    entries: list[Initiative]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.entries)


def tidy(text: str) -> str:
    """With one kind of line end, composed accents, and nothing that nobody sees."""
    lines = re.sub("\r\n|[\r\v\f\x85\u2028\u2029]", "\n", text)
    seen = (letter for letter in lines if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cf"))
    return unicodedata.normalize("NFC", "".join(seen))


def shown(field: Any, value: Any) -> str:
    """A value of a model's field, as its form shows it."""
    if isinstance(value, bool):
        return gettext("sì") if value else gettext("no")
    if field.many_to_many:
        return "\n".join(sorted(str(each) for each in value or ()))
    return str(dict(field.flatchoices).get(value, "" if value is None else value))


def tell(thing: models.Model, rows: Iterable[tuple[str, list[str], Iterable[models.Model]]] = ()) -> Told:
    """Its own fields and its rows: of these the kind and the names of fields, the first of which tells each apart."""
    told = {
        _label(field): shown(field, _value(thing, field))
        for field in _fields(thing)
        if field.editable and not field.primary_key
    }
    for kind, (first, *others), each in rows:
        for row in each:
            fields: list[Any] = [row._meta.get_field(name) for name in others]
            said = ((_label(field), shown(field, _value(row, field))) for field in fields)
            label = f"{capfirst(kind)}: {_value(row, row._meta.get_field(first))}"
            told[label] = "\n".join(f"{name}: {value}" for name, value in said if value) or gettext("c’è")
    return told


def _fields(thing: models.Model | type[models.Model]) -> tuple[Any, ...]:
    return (*thing._meta.fields, *thing._meta.many_to_many)


def _label(field: Any) -> str:
    return str(capfirst(field.verbose_name))


def _value(thing: models.Model, field: Any) -> Any:
    value = getattr(thing, field.name)
    return value.all() if field.many_to_many else value


class EditorForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        return {name: tidy(value) if isinstance(value, str) else value for name, value in cleaned.items()}


class Seen(forms.CharField):
    """What the form was opened with, signed, and when; nothing that its editor changes."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class SharedForm(EditorForm):
    """Knows what its editor saw when it was opened. Saved again after it has told of a difference, it wins."""

    seen = Seen(required=False)
    tell: Callable[[models.Model], Told] = staticmethod(tell)
    differences: tuple[Difference, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = _signed(self.tell(self.instance))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.pk:
            self._compare(cleaned)
        return cleaned

    def _compare(self, cleaned: dict[str, Any]) -> None:
        model = type(self.instance)
        hold_version()  # nobody else saves until this is saved
        now = self.tell(model._base_manager.get(pk=self.instance.pk))
        try:
            opened, seen = signing.loads(cleaned.get("seen", ""))
        except signing.BadSignature:
            opened, seen = time.time(), {}  # nobody knows what this form was opened with: then all of it is told
        if seen == now:
            return
        own = {field.name: field for field in _fields(model)}
        mine = {_label(own[name]): shown(own[name], value) for name, value in cleaned.items() if name in own}
        self.differences = tuple(
            Difference(
                label, seen.get(label, ""), now.get(label, ""), mine.get(label, gettext("come nel modulo qui sotto"))
            )
            for label in {**now, **seen}
            if seen.get(label) != now.get(label)
        )
        told = [
            gettext("%(who)s dopo che hai aperto questo modulo: non è stato salvato nulla.")
            % {"who": _who_changed(self.instance, opened)},
            gettext("Qui sotto c’è che cosa è cambiato; quel che hai scritto è ancora nel modulo."),
        ]
        if set(seen) - set(now):  # a row of the form is no more: it cannot be sent again
            told += [
                gettext(
                    "Poiché nel frattempo è stato tolto qualcosa,"
                    " apri il modulo in un’altra scheda e riporta lì il tuo."
                )
            ]
        else:
            told.append(gettext("Riporta nel modulo ciò che vuoi tenere dell’altra versione e salva di nuovo."))
            sent: Any = self.data
            self.data = again = sent.copy()
            again[self.add_prefix("seen")] = _signed(now)  # saved once more, it has seen this
        raise forms.ValidationError(" ".join(told))


def _signed(told: Told) -> str:
    return signing.dumps([time.time(), told], compress=True)


def _who_changed(thing: models.Model, opened: float) -> str:
    kind, since = ContentType.objects.get_for_model(thing), datetime.fromtimestamp(opened, tz=UTC)
    changes = LogEntry.objects.filter(content_type=kind, object_id=thing.pk, action_time__gt=since)
    if not (last := changes.select_related("user").first()):
        return gettext("Qualcosa è cambiato")
    user: Any = last.user
    when = date_format(timezone.localtime(last.action_time), "j F Y, H:i")
    return gettext("%(who)s ha salvato (%(when)s)") % {"who": user.get_full_name() or user.get_username(), "when": when}


class SharedAdmin(WithPickers, admin.ModelAdmin):
    form = SharedForm
    change_form_template = "admin/shared_form.html"

    class Media:
        css = {"all": ["editors/shared.css"]}

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        offered(request).entry = obj if isinstance(obj, Initiative) else None
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.tell = staticmethod(partial(self.tell, request))
        return form

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        title = {"title": capfirst(self.model._meta.verbose_name_plural)}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [name for name in super().get_fields(request, obj) if name != "seen"]  # which stands at the form's top

    def altered_entries(self, thing: Any) -> models.QuerySet[Initiative]:
        """The published entries whose pages show it."""
        return Initiative.objects.none()

    def altered(self, thing: Any) -> Altered | None:
        entries = self.altered_entries(thing)
        has_page = hasattr(thing, "get_absolute_url") and not isinstance(thing, Initiative)
        page = thing.get_absolute_url() if has_page else ""
        if not (total := entries.count()) and not page:
            return None
        return Altered(page, list(entries[:MOST_NAMED]), total)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if thing := context.get("original"):
            context["altered"] = self.altered(self.model._base_manager.get(pk=thing.pk))
        return super().render_change_form(request, context, *args, **kwargs)

    def tell(self, request: HttpRequest, thing: models.Model) -> Told:
        rows = []
        for inline in self.get_inline_instances(request, thing):
            model = inline.model
            every = flatten_fieldsets(inline.get_fieldsets(request, thing))
            names = [name for name in every if name not in inline.readonly_fields]
            (parent,) = (f for f in model._meta.fields if f.is_relation and f.related_model is type(thing))
            rows.append((str(model._meta.verbose_name), names, model._default_manager.filter(**{parent.name: thing})))
        return tell(thing, rows)

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """Who saves what somebody has deleted is shown the texts, to take them elsewhere."""
        if request.method != "POST" or not request.path.endswith("/change/"):
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc]
        labels = {field.name: _label(field) for field in _fields(self.model)}
        texts = [
            (labels.get(name, name), text)
            for name, values in request.POST.lists()
            for text in values
            if not (text == "" or text.isdigit() or name in ("csrfmiddlewaretoken", "seen") or name.startswith("_"))
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Non c’è più"),
            "opts": opts,
            "texts": texts,
        }
        return TemplateResponse(request, "admin/gone.html", context, status=409)


def as_links(things: Iterable[models.Model]) -> list[SafeString]:
    """To the pages where they are changed, each by its name."""
    return [
        format_html(
            '<a href="{}">{}</a>', reverse(admin_urlname(thing._meta, SafeString("change")), args=[thing.pk]), thing
        )
        for thing in things
    ]
