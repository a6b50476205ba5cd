from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django import forms
from django.contrib import admin
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, TextField
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from catalogue.admin.history.pages import HistoryForm
from catalogue.admin.history.told import Rows
from catalogue.admin.lists.finding import entries_with
from catalogue.admin.pickers import WithPickers, passages_found
from catalogue.admin.review.pages import ReviewAdmin
from catalogue.admin.review.publishing import TAKEN
from catalogue.admin.review.words import in_words
from catalogue.admin.shared import EditorForm
from catalogue.submissions.models import Submission
from initiatives.models import (
    LINKS,
    Basis,
    Initiative,
    Lack,
    Lacking,
    Link,
    PublicEntry,
    Status,
    is_taken,
    lacks,
    obstacles,
)

admin.site.site_header = _("Catalogo dell’innovazione sociale")
admin.site.site_title = _("Redazione")
admin.site.index_title = _("Redazione del catalogo")
admin.site.enable_nav_sidebar = False  # forms have texts in two languages side by side: they need its place

# As editors read them.
ORIGINS = [("", _("Scegli…")), (Basis.SOURCE, _("dal documento")), (Basis.EDITORIAL, _("aggiunta dalla redazione"))]
MISSING_REASON = _("Manca il perché di una classificazione.")
REASONS = {Basis.SOURCE: (Lacking.SOURCE_REASON, "passage"), Basis.EDITORIAL: (Lacking.EDITORIAL_REASON, "note")}
SECTIONS = (
    ("che-cosa-dice", _("Che cosa dice")),
    ("da-dove-viene", _("Da dove viene")),
    ("come-e-classificata", _("Come è classificata")),
    ("pubblicazione", _("Pubblicazione")),
)


class Task(NamedTuple):
    """Something to do before an entry is published, and the field where it is done."""

    words: str
    anchor: str


class Section(NamedTuple):
    anchor: str
    title: str
    fieldset: Any
    has_links: bool


class InitiativeForm(HistoryForm):
    printed = ("title", "title_en", "summary", "summary_en")
    is_previewed = False
    hindrance = ""  # why it cannot be handed in now, whatever it says

    class Meta:
        widgets = {name: forms.Textarea(attrs={"rows": 2}) for name in ("title", "title_en")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        titles = {name: " ".join(cleaned[name].split()) for name in ("title", "title_en") if cleaned.get(name)}
        if "slug" in cleaned and is_taken(cleaned["slug"], self.instance):
            self.add_error("slug", TAKEN)
        if self.hindrance:
            self.add_error(None, self.hindrance)
        return cleaned | titles

    @property
    def is_handed_in(self) -> bool:
        return "_hand_in" in self.data

    @property
    def is_tried(self) -> bool:
        return super().is_tried and not self.is_previewed

    def refusal(self, errors: int) -> str:
        if not (self.is_handed_in and self.is_tried):
            return super().refusal(errors)
        told = ngettext(
            "Non è stata consegnata, né salvata: c’è %(n)s cosa da correggere.",
            "Non è stata consegnata, né salvata: ci sono %(n)s cose da correggere.",
            errors,
        )
        return told % {"n": errors}

    @property
    def way_on(self) -> str:
        is_draft = self.is_handed_in and self.is_tried and not self.instance.is_published
        words = gettext("Si consegna ciò che si può pubblicare. Una bozza a cui manca qualcosa si tiene con «Salva».")
        return words if is_draft else ""

    def _post_clean(self) -> None:
        """Asked once the entry is as it was filled in: what is published or handed in lacks nothing."""
        super()._post_clean()  # type: ignore[misc]
        is_complete = self.instance.is_published or self.is_handed_in
        lacking = obstacles(self.instance, self.cleaned_data.get("passages")) if is_complete else []
        for lack in lacking:
            if not self._is_asked_for_elsewhere(lack):
                self._refuse(lack)

    def _refuse(self, lack: Lack) -> None:
        words, field = in_words(lack, self.instance), lack.field
        if lack.link:  # no field of this form is its own
            words, field = f"{MISSING_REASON} {words}", "status"
        self.add_error(field if field in self.fields else None, words)

    def _is_asked_for_elsewhere(self, lack: Lack) -> bool:
        """By the rows of links, unless this editor may not see them; by the entry itself, or by its field.

        An initiative and its measures are handed in together: who publishes begins with the initiative.
        """
        by_rows = lack.link is not None and f"{_prefix(type(lack.link))}-TOTAL_FORMS" in self.data
        return by_rows or lack.what == Lacking.PUBLISHED_PARENT or lack.field in self.errors


def _prefix(link: type[Link]) -> str:
    """Of the names that its rows have in the form."""
    return Rows(link, ()).prefix(Initiative)


class LinkForm(EditorForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if basis := self.fields.get("basis"):
            basis.choices = ORIGINS  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.has_changed() and cleaned.get("basis") == Basis.SOURCE and cleaned.get("note"):
            words = _("La redazione spiega le classificazioni che aggiunge, non quelle del documento.")
            self.add_error("note", words)
        return cleaned


class Links(forms.BaseInlineFormSet):
    """Each attribution of an entry that is published or handed in says what it rests on; a draft's may wait."""

    def clean(self) -> None:
        super().clean()
        if not (self.instance.is_published or "_hand_in" in self.data):
            return
        for form in self.forms:
            cleaned = getattr(form, "cleaned_data", {})
            if cleaned.get("term") and (basis := cleaned.get("basis")) and not cleaned.get("DELETE"):
                what, name = REASONS[basis]
                if not (cleaned.get(name) or name in form.errors):
                    form.add_error(name, in_words(Lack(what, name, form.instance), self.instance))


class LinkInline(WithPickers, admin.StackedInline):
    form = LinkForm
    formset = Links
    template = "admin/links.html"
    fieldsets = [(None, {"fields": ["term", "basis"]}), (None, {"fields": ["passage", "note", "note_en"]})]
    formfield_overrides = {TextField: {"widget": forms.Textarea(attrs={"rows": 3})}}

    def get_extra(self, request: HttpRequest, obj: Initiative | None = None, **kwargs: Any) -> int:
        """A new entry offers a row of each kind: without scripts no other can be added."""
        return 0 if obj else 1


def _inline(link: type[Link]) -> type[LinkInline]:
    """Its rows are called as the terms that they lead to."""
    terms = link.vocabulary()._meta
    names = {"verbose_name": terms.verbose_name, "verbose_name_plural": terms.verbose_name_plural}
    return type(f"{link.__name__}Inline", (LinkInline,), {"model": link, **names})


def in_review() -> Exists:
    return Exists(Submission.objects.waiting().filter(initiative=OuterRef("pk")))


class InReview(admin.SimpleListFilter):
    title = _("revisione")
    parameter_name = "in_review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("In revisione"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Initiative]) -> QuerySet[Initiative]:
        return queryset.filter(in_review()) if self.value() == "yes" else queryset


@admin.register(Initiative)
class InitiativeAdmin(ReviewAdmin):
    form = InitiativeForm
    list_display = ("title", "stage", "level_label", "scope", "position", "day")
    list_filter = ("status", InReview, "scope", *(f"{_prefix(link)}__term" for link in LINKS.values()), "funding")
    list_select_related = ("parent",)
    search_fields = ("title", "title_en", "summary", "slug")
    prepopulated_fields = {"slug": ("title",)}
    readonly_fields = ("created", "updated")
    when_recovered = {"status": Status.DRAFT}
    inlines = [_inline(link) for link in LINKS.values()]
    formfield_overrides = {TextField: {"widget": forms.Textarea(attrs={"rows": 5})}}
    fieldsets = [
        (SECTIONS[0][1], {"fields": [("title", "title_en"), ("summary", "summary_en"), "parent"]}),
        (SECTIONS[1][1], {"fields": ["passages", "lead_ins", ("scope", "funding")]}),
        (_("Nota sulla lettura"), {"fields": [("classification_note", "classification_note_en")]}),
        (SECTIONS[3][1], {"fields": [("status", "position"), "slug", ("created", "updated")]}),
    ]

    def get_urls(self) -> list[URLPattern]:
        found = self.admin_site.admin_view(passages_found)
        return [path("passi-trovati/", found, name="passages-found"), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        entry, formsets = context.get("original"), context["inline_admin_formsets"]
        form = context["adminform"].form
        titled = zip(SECTIONS, context["adminform"], strict=True)
        context["sections"] = [
            Section(anchor, str(title), fieldset, fieldset.name != title) for (anchor, title), fieldset in titled
        ]
        if entry:
            context["measures"] = entry.measures.all()
        if entry and self.has_change_permission(request, entry):
            passages = getattr(form, "cleaned_data", {}).get("passages")
            context |= tasks_of(entry, lacks(entry, passages), formsets)
        return super().render_change_form(request, context, *args, **kwargs)

    def altered_entries(self, thing: Initiative) -> QuerySet[Initiative]:
        return Initiative.objects.published().around(thing) if thing.is_published else Initiative.objects.none()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Initiative]:
        withdrawn = PublicEntry.objects.filter(initiative=OuterRef("pk"), withdrawn__isnull=False)
        return super().get_queryset(request).annotate(is_in_review=in_review(), is_withdrawn=Exists(withdrawn))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        wanted = entries_with(search_term, self.search_fields) if search_term.strip() else Q()
        return queryset.filter(wanted), False

    @admin.display(description=_("stato"), ordering="status")
    def stage(self, entry: Any) -> str:
        if entry.is_in_review:
            words = gettext("Pubblicata, con una modifica in revisione")
            return words if entry.is_published else gettext("In revisione")
        return gettext("Ritirata") if entry.is_withdrawn else entry.get_status_display()

    @admin.display(description=_("tipo"), ordering="parent")
    def level_label(self, entry: Initiative) -> str:
        return entry.level_name

    @admin.display(description=_("aggiornata"), ordering="updated")
    def day(self, entry: Initiative) -> str:
        return date_format(timezone.localtime(entry.updated), "SHORT_DATE_FORMAT")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        last = Initiative.objects.aggregate(last=Max("position"))["last"] or 0
        return {"position": last + 1, **super().get_changeform_initial_data(request)}

    def view_on_site(self, entry: Any) -> str | None:
        return entry.get_absolute_url() if entry.is_public else None


def _anchor(lack: Lack, rows: Mapping[Link, str]) -> str:
    """Of the field, given how the names in each link's row begin."""
    if lack.link:
        return f"id_{rows[lack.link]}-{lack.field}" if lack.link in rows else ""
    return f"{_prefix(LINKS[lack.field])}-group" if lack.field in LINKS else f"id_{lack.field}"


def tasks_of(entry: Initiative, lacking: Iterable[Lack], formsets: Iterable[Any]) -> dict[str, list[Task]]:
    """What has to be done, what readers would miss most, and what else is only advice."""
    rows = {form.instance: form.prefix for each in formsets for form in each.formset.forms if form.instance.pk}
    tasks: dict[str, list[Task]] = {"tasks": [], "unclassified": [], "advice": []}
    for lack in lacking:
        kind = "unclassified" if lack.what == Lacking.TERM else "advice" if lack.is_advice else "tasks"
        tasks[kind].append(Task(in_words(lack, entry), _anchor(lack, rows)))
    return tasks
