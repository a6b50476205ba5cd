from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Max, TextField
from django.http import HttpRequest

from catalogue.admin.shared import EditorForm, SharedAdmin, SharedForm
from initiatives.models import LINKS, WITHOUT_REASON, Basis, Initiative, Link, Status, is_taken

admin.site.site_header = "Catalogo dell’innovazione sociale"
admin.site.site_title = "Redazione"
admin.site.index_title = "Redazione del catalogo"


class InitiativeForm(SharedForm):
    def clean(self) -> dict[str, Any]:
        """What is published quotes the document. Checked here: passages are saved after the entry itself."""
        cleaned = super().clean()
        if "slug" in cleaned and is_taken(cleaned["slug"], self.instance):
            self.add_error(
                "slug", "Sotto questo indirizzo si legge, o si è letta, un’altra scheda: sceglierne un altro."
            )
        if cleaned.get("status") == Status.PUBLISHED and self.instance.pk and self._lacks_reasons():
            self.add_error("status", "Manca il perché di un’attribuzione: senza, la voce non si pubblica.")
        if cleaned.get("status") == Status.PUBLISHED and "passages" in cleaned and not cleaned["passages"]:
            self.add_error("passages", "Una voce pubblicata cita almeno un passo del documento.")
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
                form.add_error(name, "Manca il perché: senza, la voce non si pubblica.")


class LinkInline(admin.StackedInline):
    form = LinkForm
    formset = Links
    fields = (("term", "basis"), "passage", ("note", "note_en"))
    autocomplete_fields = ("term", "passage")
    formfield_overrides = {TextField: {"widget": forms.Textarea(attrs={"rows": 3})}}
    extra = 0


LINK_INLINES = [type(f"{link.__name__}Inline", (LinkInline,), {"model": link}) for link in LINKS.values()]


@admin.register(Initiative)
class InitiativeAdmin(SharedAdmin):
    form = InitiativeForm
    list_display = ("title", "level_label", "scope", "status", "position", "updated")
    list_filter = ("status", "scope", "objectivelinks__term", "categorylinks__term", "sectorlinks__term", "funding")
    list_select_related = ("parent",)
    search_fields = ("title", "title_en", "summary", "slug")
    autocomplete_fields = ("parent", "passages", "lead_ins")
    prepopulated_fields = {"slug": ("title",)}
    readonly_fields = ("created", "updated")
    inlines = LINK_INLINES
    fieldsets = [
        (None, {"fields": ["title", "summary", "slug", "parent", "status"]}),
        ("Il documento", {"fields": ["passages", "lead_ins", "scope", "funding"]}),
        ("Lettura della redazione", {"fields": ["classification_note", "classification_note_en"]}),
        ("Inglese", {"fields": ["title_en", "summary_en"]}),
        ("Elenco", {"fields": ["position", "created", "updated"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Initiative | None = None) -> list[str]:
        """What people cite is changed by administrators alone; the former address leads to the new one for ever."""
        is_cited = obj is not None and obj.was_public
        return [*self.readonly_fields, *(["slug"] if is_cited and not request.user.is_superuser else [])]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Initiative | None = None) -> dict[str, Any]:
        return {} if obj else dict(self.prepopulated_fields)

    @admin.display(description="livello", ordering="parent")
    def level_label(self, entry: Initiative) -> str:
        return "Misura" if entry.parent_id else "Iniziativa"

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        last = Initiative.objects.aggregate(last=Max("position"))["last"] or 0
        return {"position": last + 1, **super().get_changeform_initial_data(request)}

    def view_on_site(self, entry: Initiative) -> str | None:
        return entry.get_absolute_url() if entry.is_published else None
