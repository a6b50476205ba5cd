"""What the API says, field by field; the docstrings are its readers'."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from initiatives.facets import FACETS
from initiatives.models import LINKS, Basis, ChangeKind, Funding, Initiative, Kind, Level, Passage, Scope
from taxonomy.models import OtherVocabulary, Relation, Term

LISTS = ("initiatives", "categories", "objectives", "sectors", "passages", "matrix", "changes")


class IdField(serializers.SlugField):
    """An entry, by the name that it keeps, or a term."""

    def to_representation(self, value: Initiative | Term) -> str:
        return value.uid if isinstance(value, Initiative) else value.slug


class AddressField(serializers.URLField):
    """Where people read of it."""

    def to_representation(self, value: Initiative | Passage | Term) -> str:
        return settings.PUBLIC_URL + value.get_absolute_url()


class LinkSerializer(serializers.Serializer):
    """Says that an entry stands under a term, on whose word, the document's or the editors', and why."""

    value = serializers.SlugField(source="term.slug")
    label = serializers.CharField(source="term.label")
    basis = serializers.ChoiceField(Basis.choices)
    passage = serializers.SlugField(
        source="reason.passage.anchor", allow_null=True, default=None, help_text="The `id` of the one it rests on."
    )
    note = serializers.CharField(source="reason.note", default="", help_text="The editors', of what they added.")
    note_en = serializers.CharField(source="reason.note_en", default="")


class PassageSerializer(serializers.Serializer):
    """A piece of the document, word for word, in Italian; `*` and `**` mark emphasis."""

    id = serializers.SlugField(source="anchor")
    kind = serializers.ChoiceField(Kind.choices)
    text = serializers.CharField()
    address = AddressField(source="*")


class TiedPassageSerializer(PassageSerializer):
    """A passage with the entries that come from it, those that it only introduces, and the terms it names."""

    entries = serializers.ListField(child=IdField(), source="initiatives.all")
    introduces = serializers.ListField(child=IdField(), source="introduced.all")
    objectives = serializers.ListField(child=IdField(), source="objectives.all")
    categories = serializers.ListField(child=IdField(), source="categories.all")
    sectors = serializers.ListField(child=IdField(), source="sectors.all")
    is_caveat = serializers.BooleanField(help_text="Holds for the whole classification.")


class EntrySerializer(serializers.Serializer):
    """An initiative or a measure of one. The English texts are unofficial translations and may be empty."""

    id = serializers.SlugField(source="entry.uid", help_text="Stays the same when its address changes.")
    title = serializers.CharField(source="entry.title")
    title_en = serializers.CharField(source="entry.title_en")
    summary = serializers.CharField(source="entry.summary")
    summary_en = serializers.CharField(source="entry.summary_en")
    level = serializers.ChoiceField(Level.choices, source="entry.level")
    measure_of = serializers.SlugField(source="entry.public_parent.uid", allow_null=True, default=None)
    scope = serializers.ChoiceField(Scope.choices, source="entry.scope")
    funding = serializers.ChoiceField(Funding.choices, source="entry.funding")
    objective = LinkSerializer(source="links.objective", many=True)
    category = LinkSerializer(source="links.category", many=True)
    sector = LinkSerializer(source="links.sector", many=True)
    classification_note = serializers.CharField(source="entry.classification_note")
    classification_note_en = serializers.CharField(source="entry.classification_note_en")
    passages = PassageSerializer(many=True)
    lead_ins = PassageSerializer(many=True, help_text="They open the list that the document has the entry in.")
    updated = serializers.DateTimeField(source="entry.updated")
    address = AddressField(source="entry")


class FacetValueSerializer(serializers.Serializer):
    """`count` applies all choices of the other facets and not its own."""

    value = serializers.SlugField()
    label = serializers.CharField()
    count = serializers.IntegerField(min_value=0)
    selected = serializers.BooleanField()


class FacetsSerializer(serializers.Serializer):
    def get_fields(self) -> dict[str, serializers.Field]:
        return {facet: FacetValueSerializer(many=True) for facet in FACETS}


class FoundSerializer(serializers.Serializer):
    """A page of what a selection finds; `count` is of all pages."""

    count = serializers.IntegerField(min_value=0)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    facets = FacetsSerializer()
    results = EntrySerializer(many=True)


class MatchedSerializer(serializers.Serializer):
    """What a term is or was matched with in another vocabulary, always by the editors; `relation` is SKOS's."""

    vocabulary = serializers.ChoiceField(OtherVocabulary.choices)
    code = serializers.CharField()
    relation = serializers.ChoiceField(Relation.choices)
    basis = serializers.ChoiceField(Basis.choices, default=Basis.EDITORIAL.value)
    name = serializers.CharField(help_text="In the other vocabulary's words.")
    name_en = serializers.CharField()
    note = serializers.CharField(help_text="Why, and what differs.")
    note_en = serializers.CharField()


class MatchSerializer(MatchedSerializer):
    address = serializers.URLField(help_text="The concept's or, of the regulation, its own.")


class TermSerializer(serializers.Serializer):
    """A value of a classification, with the document's own wording; `count` is of its entries, on any basis."""

    id = serializers.SlugField(source="term.slug")
    code = serializers.CharField(source="term.code")
    name = serializers.CharField(source="term.name")
    name_en = serializers.CharField(source="term.name_en")
    text = serializers.CharField(source="term.text")
    note = serializers.CharField(source="term.note")
    note_en = serializers.CharField(source="term.note_en")
    from_introduction = serializers.BooleanField(
        source="term.from_introduction", help_text="None of Annex D's sectors: it repeats words of the introduction."
    )
    count = serializers.IntegerField(min_value=0)
    count_by_source = serializers.IntegerField(min_value=0)
    address = AddressField(source="term")
    matches = MatchSerializer(source="term.matches.all", many=True)


class TermsSerializer(serializers.Serializer):
    count = serializers.IntegerField(min_value=0)
    results = TermSerializer(many=True)


class PassagesSerializer(serializers.Serializer):
    count = serializers.IntegerField(min_value=0)
    results = TiedPassageSerializer(many=True)


class HeadingSerializer(serializers.Serializer):
    """A row or column: its `count` takes each entry once."""

    value = serializers.SlugField(source="value.value")
    label = serializers.CharField(source="value.label")
    count = serializers.IntegerField(min_value=0, source="total.count")
    source = serializers.IntegerField(
        min_value=0, allow_null=True, source="total.by_source", help_text="Of them, on the document's word."
    )


class MatrixSerializer(serializers.Serializer):
    """`cells[r][c]` counts the entries under both the r-th row and the c-th column; `count` is of all entries."""

    count = serializers.IntegerField(min_value=0)
    rows = HeadingSerializer(many=True)
    columns = HeadingSerializer(many=True)
    cells = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField(min_value=0)))
    source = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(min_value=0, allow_null=True)),
        help_text="Of each cell, those that are there on the document's word alone; null where nothing has a basis.",
    )
    editorial = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(min_value=0)),
        help_text="Of each cell, those that are there on the editors' word: at least one of the two classifications.",
    )


class QuotedSerializer(serializers.Serializer):
    """A passage, with the words that it had."""

    id = serializers.SlugField(source="anchor")
    text = serializers.CharField()


class ClassifiedSerializer(serializers.Serializer):
    """A term that an entry stood under, on whose word and why."""

    dimension = serializers.ChoiceField(list(LINKS))
    value = serializers.SlugField(source="slug")
    name = serializers.CharField()
    name_en = serializers.CharField()
    from_introduction = serializers.BooleanField()
    basis = serializers.ChoiceField(Basis.choices)
    passage = QuotedSerializer(allow_null=True)
    note = serializers.CharField()
    note_en = serializers.CharField()


class TextsSerializer(serializers.Serializer):
    title = serializers.CharField()
    title_en = serializers.CharField()
    summary = serializers.CharField()
    summary_en = serializers.CharField()
    scope = serializers.ChoiceField(Scope.choices)
    funding = serializers.ChoiceField(Funding.choices)
    classification_note = serializers.CharField()
    classification_note_en = serializers.CharField()


class WordingSerializer(serializers.Serializer):
    """All that an entry said."""

    id = serializers.SlugField(source="uid")
    measure_of = serializers.SlugField(source="parent", allow_null=True)
    texts = TextsSerializer()
    terms = ClassifiedSerializer(many=True)
    passages = QuotedSerializer(many=True)
    lead_ins = QuotedSerializer(many=True)


class PlaceSerializer(serializers.Serializer):
    """The last part of an entry's address."""

    slug = serializers.SlugField()


class TermTextsSerializer(serializers.Serializer):
    """What a term said; `from_introduction` is of sectors alone, `matches` of what was kept since there are any."""

    id = serializers.SlugField(source="slug")
    code = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    text = serializers.CharField()
    note = serializers.CharField()
    note_en = serializers.CharField()
    from_introduction = serializers.BooleanField(required=False)
    matches = MatchedSerializer(many=True, required=False)


class ChangeSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="key")
    moment = serializers.DateTimeField()
    entry = serializers.CharField(
        source="entry.uid", allow_null=True, default=None, help_text="The entry's `id`; null of a passage or a term."
    )
    subject = serializers.CharField(help_text="The passage's `id`, or the term as dimension/id; empty of an entry.")
    title = serializers.CharField(source="entry.title", default="", help_text="The last that was published.")
    title_en = serializers.CharField(source="entry.title_en", default="")
    reason = serializers.CharField(default="", help_text="Of a withdrawal, while it lasts.")
    reason_en = serializers.CharField(default="")


def _kinds(*kinds: ChangeKind) -> serializers.ChoiceField:
    return serializers.ChoiceField([(kind.value, kind.label) for kind in kinds])


class EntryChangeSerializer(ChangeSerializer):
    """An entry said something else (`changed`), came or went: then both are null, as of what was withdrawn since."""

    kind = _kinds(ChangeKind.ENTERED, ChangeKind.CHANGED, ChangeKind.WITHDRAWN, ChangeKind.RETURNED)
    before = WordingSerializer(allow_null=True)
    after = WordingSerializer(allow_null=True)


class MoveSerializer(ChangeSerializer):
    """An entry has another address; null of what was withdrawn since."""

    kind = _kinds(ChangeKind.MOVED)
    before = PlaceSerializer(allow_null=True)
    after = PlaceSerializer(allow_null=True)


class PassageChangeSerializer(ChangeSerializer):
    """A passage of the document was set right."""

    kind = _kinds(ChangeKind.PASSAGE)
    before = QuotedSerializer()
    after = QuotedSerializer()


class TermChangeSerializer(ChangeSerializer):
    """A value of a classification has other words."""

    kind = _kinds(ChangeKind.TERM)
    before = TermTextsSerializer()
    after = TermTextsSerializer()


CHANGES: dict[str, type[ChangeSerializer]] = {
    **dict.fromkeys(EntryChangeSerializer().fields["kind"].choices, EntryChangeSerializer),
    ChangeKind.MOVED: MoveSerializer,
    ChangeKind.PASSAGE: PassageChangeSerializer,
    ChangeKind.TERM: TermChangeSerializer,
}


@extend_schema_field(PolymorphicProxySerializer("Change", CHANGES, "kind"))
class ChangeField(serializers.Field):
    """Something that readers could see change; of what is withdrawn since, nothing of what it said."""

    def to_representation(self, change: dict[str, Any]) -> dict[str, Any]:
        return CHANGES[change["kind"]](change).data


class ChangesSerializer(serializers.Serializer):
    """A page of all changes, the latest first; `count` is of all pages."""

    count = serializers.IntegerField(min_value=0)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = serializers.ListField(child=ChangeField())


class IndexSerializer(serializers.Serializer):
    """Addresses."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {name: serializers.URLField() for name in (*LISTS, "status", "openapi", "documentation", "licence")}


class ProblemSerializer(serializers.Serializer):
    """RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField(min_value=200, max_value=599)
    detail = serializers.CharField(required=False)
