from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Max, TextField
from django.http import HttpRequest

from initiatives.models import LINKS, Basis, Initiative, Status

admin.site.site_header = "Catalogo dell’innovazione sociale"
admin.site.site_title = "Redazione"
admin.site.index_title = "Redazione del catalogo"


class InitiativeForm(forms.ModelForm):
    # When the entry was last changed, as the editor who opened the form saw it.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.instance.updated.isoformat()

    def clean(self) -> dict[str, Any]:
        """What is published quotes the document. Checked here: passages are saved after the entry itself."""
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk and cleaned.get("seen") != self.initial["seen"]:
            raise forms.ValidationError(
                "Qualcuno ha modificato la voce nel frattempo: aprirla in un’altra scheda e riportarvi le modifiche."
            )
        if cleaned.get("status") == Status.PUBLISHED and "passages" in cleaned and not cleaned["passages"]:
            self.add_error("passages", "Una voce pubblicata cita almeno un passo del documento.")
        return cleaned


class LinkForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        """Who says that an entry stands under a term says why. A link that was there before this rule may stay."""
        cleaned = super().clean() or self.cleaned_data
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


class LinkInline(admin.StackedInline):
    form = LinkForm
    fields = (("term", "basis"), "passage", ("note", "note_en"))
    autocomplete_fields = ("term", "passage")
    formfield_overrides = {TextField: {"widget": forms.Textarea(attrs={"rows": 3})}}
    extra = 0


LINK_INLINES = [type(f"{link.__name__}Inline", (LinkInline,), {"model": link}) for link in LINKS.values()]


@admin.register(Initiative)
class InitiativeAdmin(admin.ModelAdmin):
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
        (None, {"fields": ["title", "summary", "slug", "parent", "status", "seen"]}),
        ("Il documento", {"fields": ["passages", "lead_ins", "scope", "funding"]}),
        ("Lettura della redazione", {"fields": ["classification_note", "classification_note_en"]}),
        ("Inglese", {"fields": ["title_en", "summary_en"]}),
        ("Elenco", {"fields": ["position", "created", "updated"]}),
    ]

    @admin.display(description="livello", ordering="parent")
    def level_label(self, entry: Initiative) -> str:
        return "Misura" if entry.parent_id else "Iniziativa"

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        last = Initiative.objects.aggregate(last=Max("position"))["last"] or 0
        return {"position": last + 1, **super().get_changeform_initial_data(request)}

    def view_on_site(self, entry: Initiative) -> str | None:
        return entry.get_absolute_url() if entry.is_published else None
