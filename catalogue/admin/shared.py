"""What all editors' forms share: texts are stored tidy, and who saves after somebody else is told and loses nothing."""

import re
import time
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
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
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from catalogue.admin.history.told import Rows, State, Told, fields_of, label_of, shown, state_of, tell
from catalogue.admin.lists.deleting import DeletingAdmin
from catalogue.admin.pickers import WithPickers, offered
from catalogue.admin.refused.errors import refusal_of
from catalogue.admin.refused.written import texts_in
from catalogue.submissions.models import name_of
from catalogue.templating.filters import minute
from initiatives.models import Initiative
from initiatives.versions import hold_version

MOST_NAMED = 10  # entries
SALT = "state 2"  # another one whenever states have another shape


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


def with_signs_of_print(text: str, quotes: str) -> str:
    """With the signs of print for those of the keyboard, where no other reading is possible: ’, and “x” or «x»."""
    text = re.sub(r"(?<=[^\W\d_])'(?=\w)|(?<!\S)'(?=\d\ds?\b)", "’", text)  # dell'arte, gli anni '90
    if not re.search(r"(?<!\w)'(?=\w)", text):  # which begins a quotation, and another would end it
        text = re.sub(r"(?<=[^\W\d_])'(?!\w)", "’", text)  # un po' di
    opens, closes = quotes[0], quotes[1]
    quoted = re.sub(r'(?<!\w)"(?=\S)([^"]+)(?<=\S)"(?!\w)', rf"{opens}\1{closes}", text)
    other = rf'[^"{quotes}]*'
    is_flat = re.fullmatch(f"{other}({opens}{other}{closes}{other})*", quoted)  # none is alone or inside another
    return quoted if is_flat else text


class EditorForm(forms.ModelForm):
    printed: tuple[str, ...] = ()  # the fields whose texts are printed, and never the document's own

    @cached_property
    def changed_data(self) -> list[str]:
        """Without the texts that are stored as they were: browsers send line ends of another kind."""
        return [name for name in super().changed_data if not self._is_same_text(name)]

    def _is_same_text(self, name: str) -> bool:
        field, bound = self.fields[name], self[name]
        is_text = isinstance(field, forms.CharField) and isinstance(bound.data, str)
        return is_text and not field.has_changed(bound.initial, self._stored(name, bound.data))

    def _stored(self, name: str, text: str) -> str:
        quotes = "“”" if name.endswith("_en") else "«»"
        return with_signs_of_print(tidy(text), quotes) if name in self.printed else tidy(text)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        return {name: self._stored(name, value) if isinstance(value, str) else value for name, value in cleaned.items()}


class Aside(forms.CharField):
    """Of a form's dealings with its editor, not of the thing."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class SharedForm(EditorForm):
    """Knows what its editor saw when it was opened. Saved again after it has told of a difference, it wins."""

    # What it was opened with, signed, and when.
    seen = Aside(required=False, widget=forms.HiddenInput)
    state_of: Callable[[models.Model], State] = staticmethod(state_of)
    tell: Callable[..., list[Told]]
    rows: tuple[Rows, ...] = ()
    differences: tuple[Difference, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "seen" not in self.data:
            self.initial["seen"] = sign(self.state_of(self.instance))

    @property
    def is_only_shown(self) -> bool:
        """It was filled for its editor, who has not sent it."""
        return False

    @property
    def is_tried(self) -> bool:
        """Its editor wants it saved as it is."""
        return not self.is_only_shown

    def refusal(self, errors: int) -> str:
        """What its editor reads over so many errors."""
        if not self.is_tried:
            told = ngettext(
                "Così com’è non si può salvare: c’è %(n)s cosa da correggere.",
                "Così com’è non si può salvare: ci sono %(n)s cose da correggere.",
                errors,
            )
        else:
            told = ngettext(
                "Non è stato salvato nulla: c’è %(n)s cosa da correggere.",
                "Non è stato salvato nulla: ci sono %(n)s cose da correggere.",
                errors,
            )
        return told % {"n": errors}

    @property
    def way_on(self) -> str:
        """What else its editor may do."""
        return ""

    def send(self, name: str, value: str) -> None:
        """As if the browser had sent it."""
        sent: Any = self.data
        self.data = sent = sent.copy()
        sent[self.add_prefix(name)] = value

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.pk:
            self.tell_of_others(cleaned)
        return cleaned

    def tell_of_others(self, cleaned: dict[str, Any]) -> None:
        model = type(self.instance)
        if not self.is_only_shown:
            hold_version()  # nobody else saves until this is saved
        state = self.state_of(model._base_manager.get(pk=self.instance.pk))
        opened, state_seen = seen_in(cleaned.get("seen", ""))
        if state_seen == state:
            return
        now, seen = self.tell(state, state_seen)
        own = {field.name: field for field in fields_of(model)}
        mine = {label_of(own[name]): shown(own[name], value) for name, value in cleaned.items() if name in own}
        self.differences = tuple(
            Difference(
                label, seen.get(label, ""), now.get(label, ""), mine.get(label, gettext("come nel modulo qui sotto"))
            )
            for label in {**now, **seen}
            if seen.get(label) != now.get(label)
        )
        told = [
            gettext("%(who)s dopo che questo modulo è stato aperto: quel che vi è scritto non è salvato.")
            % {"who": _who_changed(self.instance, opened)},
            gettext("Qui sotto c’è che cosa è cambiato; quel che era scritto è ancora nel modulo."),
        ]
        if self._has_rows_that_are_gone():  # they cannot be sent again
            told += [
                gettext(
                    "Poiché nel frattempo è stato tolto qualcosa,"
                    " apri in un’altra finestra la versione di ora e riporta lì il tuo."
                )
            ]
        else:
            told.append(gettext("Riporta nel modulo ciò che vuoi tenere dell’altra versione e salva di nuovo."))
            self.send("seen", sign(state))  # saved once more, it has seen this
        raise forms.ValidationError(" ".join(told))

    def _has_rows_that_are_gone(self) -> bool:
        for rows in self.rows:
            number = re.compile(rf"{rows.prefix(type(self.instance))}-\d+-id")
            there = {str(row.pk) for row in rows.of(self.instance)}
            if any(value and number.fullmatch(name) and value not in there for name, value in self.data.items()):
                return True
        return False


def sign(state: State) -> str:
    return signing.dumps([time.time(), state], compress=True, salt=SALT)


def seen_in(signed: str) -> tuple[float, State]:
    """When it was signed, and what; of what nobody signed, now and nothing: then all is told."""
    try:
        opened, state = signing.loads(signed, salt=SALT)
    except signing.BadSignature:
        return time.time(), {}
    return opened, state


def _who_changed(thing: models.Model, opened: float) -> str:
    kind = ContentType.objects.get_for_model(thing, for_concrete_model=False)
    since = datetime.fromtimestamp(opened, tz=UTC)
    changes = LogEntry.objects.filter(content_type=kind, object_id=thing.pk, action_time__gt=since)
    if not (last := changes.select_related("user").first()):
        return gettext("Qualcosa è cambiato")
    return gettext("%(who)s ha salvato (%(when)s)") % {"who": name_of(last.user), "when": minute(last.action_time)}


class SharedAdmin(WithPickers, DeletingAdmin):
    form = SharedForm
    change_form_template = "admin/shared_form.html"

    class Media:
        css = {"all": ["editors/shared.css"]}

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """By the one way to write its number: no second spelling of an address is another thing for those who ask."""
        thing = super().get_object(request, object_id, from_field)
        return thing if thing is None or from_field or str(thing.pk) == object_id else None

    def rows(self) -> tuple[Rows, ...]:
        return tuple(Rows(inline.model, _own_fields(inline)) for inline in self.inlines)

    def state_of(self, thing: models.Model) -> State:
        return state_of(thing, *self.rows())

    def tell(self, *states: State) -> list[Told]:
        return tell(self.model, states, self.rows())

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        offered(request).entry = obj if isinstance(obj, Initiative) else None
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.state_of, form.tell, form.rows = staticmethod(self.state_of), staticmethod(self.tell), self.rows()
        return form

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        context = {"may_recover": hasattr(self, "deleted_view") and self.has_delete_permission(request)}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The template shows what is aside."""
        aside = {name for name, field in self.form.base_fields.items() if isinstance(field, Aside)}
        return [name for name in super().get_fields(request, obj) if name not in aside]

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
        # In the place of Django's own word, which neither counts nor leads anywhere.
        context["refusal"] = refusal_of(context["adminform"].form, context["inline_admin_formsets"])
        context["errors"] = None
        return super().render_change_form(request, context, *args, **kwargs)

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """Who saves what somebody has deleted is shown the texts, to take them elsewhere."""
        if request.method != "POST" or not request.path.endswith("/change/"):
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc]
        sent = [(name, value) for name, values in request.POST.lists() for value in values]
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Non c’è più"),
            "opts": opts,
            "texts": texts_in(sent, self),
        }
        return TemplateResponse(request, "admin/gone.html", context, status=409)


def _own_fields(inline: type[admin.options.InlineModelAdmin]) -> tuple[str, ...]:
    return tuple(
        name
        for name in flatten_fieldsets(inline.fieldsets or [(None, {"fields": inline.fields or ()})])
        if name not in inline.readonly_fields
    )


def as_links(things: Iterable[models.Model]) -> list[SafeString]:
    """To the pages where they are changed, each by its name."""
    return [
        format_html(
            '<a href="{}">{}</a>', reverse(admin_urlname(thing._meta, SafeString("change")), args=[thing.pk]), thing
        )
        for thing in things
    ]
