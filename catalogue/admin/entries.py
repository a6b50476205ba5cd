from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Exists, Max, OuterRef, QuerySet, TextField
from django.http import HttpRequest

from catalogue.admin.history.pages import HistoryAdmin, HistoryForm
from catalogue.admin.review.pages import TAKEN, ReviewAdmin
from catalogue.admin.shared import EditorForm
from catalogue.submissions.models import Submission
from initiatives.models import LINKS, WITHOUT_REASON, Basis, Initiative, Link, PublicAddress, Status, is_taken

admin.site.site_header = "Catalogo dell’innovazione sociale"
admin.site.site_title = "Redazione"
admin.site.index_title = "Redazione del catalogo"


class InitiativeForm(HistoryForm):
    def clean(self) -> dict[str, Any]:
        """What is published quotes the document. Checked here: passages are saved after the entry itself."""
        cleaned = super().clean()
        if "slug" in cleaned and is_taken(cleaned["slug"], self.instance):
            self.add_error("slug", TAKEN)
        # The status is no field of those who may not publish.
        is_published = cleaned.get("status", self.instance.status) == Status.PUBLISHED
        if is_published and self.instance.pk and self._lacks_reasons():
            self.add_error(None, "Manca il perché di un’attribuzione: senza, la scheda non si pubblica.")
        if is_published and "passages" in cleaned and not cleaned["passages"]:
            self.add_error("passages", "Una scheda pubblicata cita almeno un passo del documento.")
        return cleaned

    def _lacks_reasons(self) -> bool:
        """Of links that this editor may not see, and which no form of theirs checks."""
        unseen = (link for link in LINKS.values() if f"{_prefix(link)}-TOTAL_FORMS" not in self.data)
        return any(link._default_manager.filter(WITHOUT_REASON, initiative=self.instance).exists() for link in unseen)


def _prefix(link: type[Link]) -> str:
    """Of the names that its rows have in the form."""
    parent: Any = link._meta.get_field("initiative")
    return str(parent.remote_field.get_accessor_name())


class LinkForm(EditorForm):
    def clean(self) -> dict[str, Any]:
        """Who says that an entry stands under a term says why. A draft may keep a link from before this rule."""
        cleaned = super().clean()
        if self.has_changed() and cleaned.get("basis") == Basis.SOURCE:
            if not cleaned.get("passage"):
                self.add_error("passage", "Indicare il passo in cui il documento lo dice.")
            if cleaned.get("note"):
                self.add_error(
                    "note", "Le parole della redazione spiegano le sue attribuzioni, non quelle del documento."
                )
        if self.has_changed() and cleaned.get("basis") == Basis.EDITORIAL and not cleaned.get("note"):
            self.add_error("note", "Un’attribuzione redazionale va spiegata.")
        return cleaned


class Links(forms.BaseInlineFormSet):
    """Each attribution of a published entry says what it rests on, one from before this rule too."""

    def clean(self) -> None:
        super().clean()
        if not self.instance.is_published:
            return
        for form in self.forms:
            cleaned = getattr(form, "cleaned_data", {})
            name = "passage" if cleaned.get("basis") == Basis.SOURCE else "note"
            if cleaned.get("basis") and not (cleaned.get("DELETE") or cleaned.get(name) or name in form.errors):
                form.add_error(name, "Manca il perché: senza, la scheda non si pubblica.")


class LinkInline(admin.StackedInline):
    form = LinkForm
    formset = Links
    fields = (("term", "basis"), "passage", ("note", "note_en"))
    autocomplete_fields = ("term", "passage")
    formfield_overrides = {TextField: {"widget": forms.Textarea(attrs={"rows": 3})}}
    extra = 0


LINK_INLINES = [type(f"{link.__name__}Inline", (LinkInline,), {"model": link}) for link in LINKS.values()]


def in_review() -> Exists:
    return Exists(Submission.objects.waiting().filter(initiative=OuterRef("pk")))


class InReview(admin.SimpleListFilter):
    title = "revisione"
    parameter_name = "in_review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "In revisione")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Initiative]) -> QuerySet[Initiative]:
        return queryset.filter(in_review()) if self.value() == "yes" else queryset


@admin.register(Initiative)
class InitiativeAdmin(ReviewAdmin):
    form = InitiativeForm
    list_display = ("title", "level_label", "scope", "stage", "position", "updated")
    list_filter = (
        "status",
        InReview,
        "scope",
        "objectivelinks__term",
        "categorylinks__term",
        "sectorlinks__term",
        "funding",
    )
    list_select_related = ("parent",)
    search_fields = ("title", "title_en", "summary", "slug")
    autocomplete_fields = ("parent", "passages", "lead_ins")
    prepopulated_fields = {"slug": ("title",)}
    readonly_fields = ("created", "updated")
    inlines = LINK_INLINES
    when_recovered = {"status": Status.DRAFT}
    fieldsets = [
        (None, {"fields": ["title", "summary", "slug", "parent", "status"]}),
        ("Il documento", {"fields": ["passages", "lead_ins", "scope", "funding"]}),
        ("Lettura della redazione", {"fields": ["classification_note", "classification_note_en"]}),
        ("Inglese", {"fields": ["title_en", "summary_en"]}),
        ("Elenco", {"fields": ["position", "created", "updated"]}),
    ]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Initiative | None = None) -> dict[str, Any]:
        return {} if obj else dict(self.prepopulated_fields)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Initiative]:
        return super().get_queryset(request).annotate(is_in_review=in_review())

    @admin.display(description="stato", ordering="status")
    def stage(self, entry: Initiative) -> str:
        stage = entry.get_status_display()
        if not entry.is_in_review:  # type: ignore[attr-defined]
            return stage
        return f"{stage}, con una modifica in revisione" if entry.is_published else "In revisione"

    @admin.display(description="livello", ordering="parent")
    def level_label(self, entry: Initiative) -> str:
        return "Misura" if entry.parent_id else "Iniziativa"

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        last = Initiative.objects.aggregate(last=Max("position"))["last"] or 0
        return {"position": last + 1, **super().get_changeform_initial_data(request)}

    def view_on_site(self, entry: Initiative) -> str | None:
        return entry.get_absolute_url() if entry.is_published else None


@admin.register(PublicAddress)
class PublicAddressAdmin(HistoryAdmin):
    """For the reason that is read where an entry was withdrawn."""

    list_display = ("slug", "title", "initiative", "withdrawn")
    list_filter = (("withdrawn", admin.EmptyFieldListFilter),)
    list_select_related = ("initiative",)
    search_fields = ("slug", "title", "title_en")
    fields = ("slug", "title", "title_en", "initiative", "withdrawn", "reason", "reason_en")

    def get_readonly_fields(self, request: HttpRequest, obj: PublicAddress | None = None) -> list[str]:
        is_withdrawn = obj is not None and obj.withdrawn
        return [name for name in self.fields if not (is_withdrawn and name.startswith("reason"))]

    def save_model(self, request: HttpRequest, obj: PublicAddress, form: Any, change: bool) -> None:
        """The reason is read under each address that the entry has had."""
        super().save_model(request, obj, form, change)
        if obj.initiative_id:
            others = PublicAddress.objects.filter(initiative=obj.initiative_id)
            others.update(reason=obj.reason, reason_en=obj.reason_en)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
