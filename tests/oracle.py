"""What a selection finds, asked of the database alone: the slow twin that the index is held against."""

from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache, reduce
from operator import add, and_, or_
from typing import Any
from unittest import mock

from django.core.paginator import Paginator
from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    FilteredRelation,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Abs, Cast, Coalesce, RowNumber

from catalogue.query import SelectionFilter, selected
from initiatives.facets import (
    FACETS,
    NONE,
    Attribution,
    Attributions,
    Found,
    Pairs,
    Position,
    Selection,
    TermFacet,
    index,
)
from initiatives.facets.kinds import choice_facets
from initiatives.models import (
    LINKS,
    ORDERS,
    Basis,
    Funding,
    Initiative,
    InitiativeQuerySet,
    Level,
    Link,
    Named,
    Passage,
    Scope,
    synonyms,
    vocabularies,
)
from initiatives.search import engine, known
from initiatives.search.labels import EVERY, Labelled, labels_of
from initiatives.search.reading import MOST_WORDS, STOP_WORDS, Clause, Reading, read_text
from initiatives.search.shelf import Shelf
from initiatives.search.words import Atom, Word, compounds, spans, words
from initiatives.versions import current_version
from taxonomy.models import Term


class SelectionSQL(SelectionFilter):
    """The FilterSet with an SQL for its filters."""

    def filter_queryset(self, queryset: InitiativeQuerySet) -> InitiativeQuerySet:
        given = {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "", [])}
        given["i"] = self.data.getlist("i")
        return in_order_of(matching(selected(given), queryset), selected(given))


def matching(selection: Selection, entries: InitiativeQuerySet | None = None) -> InitiativeQuerySet:
    """The entries that a selection chooses: OR within a facet, AND across facets and words; no order, no page."""
    found = Initiative.objects.published() if entries is None else entries
    for name, slugs in selection.choices.items():
        facet = FACETS[name]
        if isinstance(facet, TermFacet):
            found = found.filter(under(facet.link, slugs, selection.basis))
        else:
            found = found.alias(**{f"own_{name}": facet.value}).filter((f"own_{name}__in", slugs))
    if selection.entries:
        found = found.filter(slug__in=selection.entries)
    return found.filter(with_text(selection)) if selection.q else found


def read(q: str) -> Reading:
    terms, groups, _ = _at(current_version())
    return read_text(q, terms, groups)


@lru_cache(maxsize=2)
def _at(version: int) -> tuple[dict[str, dict[str, Term]], tuple[tuple[str, ...], ...], Shelf[Labelled]]:
    """What texts are read with, of one version: terms, synonyms, labels."""
    terms = vocabularies()
    return terms, synonyms(), labels_of(terms, {"scope": Scope, "funding": Funding})


def with_text(selection: Selection) -> Q:
    """The entries that have all of the text in their own words, or in what their page calls them."""
    engine.restem()
    reading, published = read(selection.q), Initiative.objects.published()
    labels = all_labels()
    clauses = [with_clause(selection.basis, clause, labels) for clause in reading.clauses]
    if reading.phrase:
        if published.filter(in_texts(reading.phrase)).exists():
            return in_texts(reading.phrase)
        counted = [(published.filter(clause).count(), n) for n, clause in enumerate(clauses)]
        clauses = [clauses[n] for count, n in sorted(counted) if count][:MOST_WORDS] or [NOWHERE]
    excluded = (~with_clause(selection.basis, clause, labels) for clause in reading.excluded)
    return reduce(and_, [*clauses, *excluded], ~NOWHERE)


def has_words(reading: Reading) -> bool:
    return bool(reading.clauses or reading.excluded)


def is_said(clause: Clause, texts: Sequence[list[Word]]) -> bool:
    return any(atom.found_in(text) for atom in clause.spoken for text in texts)


def says(reading: Reading, texts: Sequence[list[Word]]) -> bool:
    """Whether texts have all that is asked for and nothing that must not be there."""
    wanted = (is_said(clause, texts) for clause in reading.clauses)
    return all(wanted) and not any(is_said(clause, texts) for clause in reading.excluded)


NOWHERE = Q(pk__in=[])


def all_labels() -> Shelf[Labelled]:
    return _at(current_version())[2]


def with_atom(basis: str, atom: Atom, labels: Shelf[Labelled]) -> Q:
    return in_texts(atom) | reduce(or_, (called(each, basis) for each in labels.having(atom)), NOWHERE)


def with_clause(basis: str, clause: Clause, labels: Shelf[Labelled]) -> Q:
    if clause.is_everywhere:
        return ~NOWHERE
    named = (under(LINKS[dimension], [slug], basis) for dimension, slug in clause.named)
    return reduce(
        or_, [*named, *(with_atom(basis, atom, labels) for atom in clause.atoms), *map(in_texts, clause.wider)]
    )


def called(labelled: Labelled, basis: str) -> Q:
    """The entries whose page has this label."""
    facet, value = labelled
    if labelled == EVERY:
        return ~NOWHERE
    if facet in LINKS and not value:
        return ~under(LINKS[facet], [NONE], basis)
    return under(LINKS[facet], [value], basis) if facet in LINKS else Q((facet, value))


def counting(link: type[Link], basis: str) -> QuerySet:
    """The links that count under `basis`: all of them, or the document's alone."""
    links = link._default_manager.all()
    return links.filter(basis=basis) if basis in Basis else links


def under(link: type[Link], slugs: Collection[str], basis: str) -> Q:
    """Entries under any of the terms; `none` stands for those under no term at all."""
    links = counting(link, basis)
    named = [slug for slug in slugs if slug != NONE]
    condition = Q(pk__in=links.filter(term__slug__in=named).values("initiative")) if named else Q(pk__in=[])
    return condition | ~Q(pk__in=links.values("initiative")) if NONE in slugs else condition


def in_texts(atom: Atom, fields: tuple[str, ...] = engine.FIELDS) -> Q:
    """The entries whose own text, initiative's title or passages have it."""
    query = engine.query(atom, fields)
    units = f"SELECT rowid / 2 FROM initiatives_search WHERE {engine.matches()} AND rowid %% 2 = "
    quoted = f"SELECT initiative_id FROM initiatives_initiative_passages WHERE passage_id IN ({units} 1)"
    return Q(pk__in=RawSQL(f"{units} 0", [query])) | Q(pk__in=RawSQL(quoted, [query]))


def own_words(entry: Initiative) -> list[list[Word]]:
    """All that an entry is found by, past the engine: its texts, hyphened words written as one beside them."""
    italian = [entry.title, entry.summary, entry.classification_note, *(p.text for p in entry.passages.all())]
    english = [entry.title_en, entry.summary_en, entry.classification_note_en]
    if entry.parent:
        italian.append(entry.parent.title)
        english.append(entry.parent.title_en)
    read = [words(text, "it") for text in italian] + [words(text, "en") for text in english]
    apart = [w for text in italian for w in compounds(text, "it")] + [w for t in english for w in compounds(t, "en")]
    return [*read, *([each] for each in apart)]


def in_order_of(entries: InitiativeQuerySet, selection: Selection) -> InitiativeQuerySet:
    reading = read(selection.q)
    if selection.ordering != "relevance":
        return entries.in_order(selection.ordering)
    title, *_ = tiers = engine.FIELDS[:1], engine.FIELDS[:2], engine.FIELDS
    conditions = [in_texts(reading.whole, title)] if reading.whole else []
    if spoken := [clause for clause in reading.clauses if clause.ways]:
        for fields in tiers:
            clauses = (reduce(or_, (in_texts(atom, fields) for atom in clause.ways)) for clause in spoken)
            conditions.append(reduce(and_, clauses))
    if not conditions:
        return entries.in_order("position")
    ranks = [When(condition, then=Value(rank)) for rank, condition in enumerate(conditions)]
    return entries.order_by(Case(*ranks, default=Value(len(ranks))), *ORDERS["position"])


class PlainSQL:
    """Answers all that an index does, of whatever version the database is."""

    version = mock.ANY

    @cached_property
    def terms(self) -> dict[str, dict[str, Term]]:
        return vocabularies()

    @property
    def passages(self) -> list[Passage]:
        return list(Passage.objects.all())

    def named(self, slugs: Collection[str]) -> dict[str, Named]:
        rows = Initiative.objects.published().filter(slug__in=slugs).values_list("pk", "slug")
        return {slug: Named(pk, slug) for pk, slug in rows}

    def find(self, selection: Selection, orphans: int = 0) -> Found:
        counts = {dimension: _term_counts(dimension, selection) for dimension in LINKS} | _choice_counts(selection)
        levels = {v: counts["level"].get(v, 0) for v in Level.values if v in (selection.chosen("level") or Level)}
        levels = dict.fromkeys(Level.values, 0) | levels
        ordered = in_order_of(matching(selection), selection).values_list("pk", flat=True)
        pages = Paginator(range(sum(levels.values())), selection.page_size, orphans=orphans)
        page = pages.page(min(selection.page, pages.num_pages))
        ids = tuple(ordered[page.start_index() - 1 : page.end_index()]) if levels != dict.fromkeys(levels, 0) else ()
        return Found(levels, page.number, pages.num_pages, ids, counts)

    def position_of(self, pk: int, selection: Selection) -> Position | None:
        ids = [None, *self.all_of(selection), None]
        if pk not in ids:
            return None
        number = ids.index(pk)
        return Position(number, len(ids) - 2, ids[number - 1], ids[number + 1])

    def all_of(self, selection: Selection) -> Sequence[int]:
        """The ids of everything found, in its order."""
        ordered = in_order_of(matching(selection), selection)
        return array("Q", ordered.values_list("pk", flat=True).iterator())

    def attributions(self, pk: int) -> Attributions:
        return self.attributions_of([pk])[pk]

    def attributions_of(self, ids: Collection[int]) -> dict[int, Attributions]:
        attributions: dict[int, dict[str, list[Attribution]]] = {pk: {name: [] for name in LINKS} for pk in ids}
        for dimension, link in LINKS.items():
            rows = counting(link, "all").filter(initiative__in=ids).values_list("initiative", "term__slug", "basis")
            for pk, slug, basis in rows:
                attributions[pk][dimension].append(Attribution(self.terms[dimension][slug], basis))
        return dict(attributions)

    def related(self, entry: Initiative, besides: Collection[int], most: int) -> tuple[int, ...]:
        """The ids of the entries most like it, without those given."""
        own = {name: [link.term.pk for link in links] for name, links in self.attributions(entry.pk).items() if links}
        if not own:
            return ()
        published = Initiative.objects.published()
        before = published.filter(Q(position__lt=entry.position) | Q(position=entry.position, pk__lt=entry.pk))
        compared = published.annotate(
            shared=reduce(add, (_term_count(dimension, ids) for dimension, ids in own.items())),
            terms=reduce(add, (_term_count(dimension) for dimension in LINKS)),
            place=Window(RowNumber(), order_by=ORDERS["position"]),
        )
        either = F("terms") + sum(map(len, own.values())) - F("shared")
        likeness, distance = Cast("shared", FloatField()) / either, Abs(F("place") - before.count() - 1)
        rows = compared.order_by(likeness.desc(), distance, "place").values_list("pk", "shared")
        without = {entry.pk, *besides}
        return tuple(pk for pk, shared in rows[: most + len(without)] if shared and pk not in without)[:most]

    def totals_without(self, selection: Selection) -> dict[str, int]:
        """For each active parameter the total that dropping it would give: the way on where nothing was found."""
        return Initiative.objects.aggregate(
            **{
                name: Count("pk", filter=Q(pk__in=matching(selection.without(name)).values("pk")))
                for name in selection.active
            }
        )

    def reading(self, q: str) -> Reading:
        return read(q)

    def also_found(self, selection: Selection) -> list[str]:
        """The synonyms that were looked for and are there."""
        return [each for each in read(selection.q).also if self._has(each)]

    def _has(self, text: str) -> bool:
        return Initiative.objects.published().filter(in_texts(Atom(tuple(words(text))))).exists()

    def passages_with(self, q: str) -> list[Passage]:
        """The passages that have all of the text, in the document's order."""
        reading = read(q)
        texts = ((each, engine.words_of(each.text)) for each in Passage.objects.all())
        return [each for each, read_texts in texts if has_words(reading) and says(reading, read_texts)]

    def passages_of(self, pk: int) -> list[Passage]:
        """Those that an entry quotes."""
        return list(Passage.objects.filter(initiatives=pk))

    def look_up(self, texts: object) -> None:
        """Asks nothing beforehand."""

    def total(self, selection: Selection) -> int:
        return matching(selection).count()

    def counts_alone(self, selection: Selection) -> list[int]:
        """For each clause of the text how many entries it finds under the other choices; last, how many any of them."""
        labels, among = all_labels(), matching(selection.without("q"))
        for clause in read(selection.q).excluded:
            among = among.exclude(with_clause(selection.basis, clause, labels))
        found = [with_clause(selection.basis, clause, labels) for clause in read(selection.q).clauses]
        return [among.filter(condition).count() for condition in (*found, reduce(or_, found))]

    def also_in_document(self, q: str) -> list[str]:
        """The synonyms that were looked for and that a passage has."""
        read_passages = [words(each.text.replace("*", ""), "it") for each in Passage.objects.all()]
        return [each for each in read(q).also if any(Atom(tuple(words(each))).found_in(text) for text in read_passages)]

    def terms_speaking(self, selection: Selection) -> list[tuple[Term, int]]:
        """The terms whose wording has all of the text, each with how many entries it has."""
        clauses, published = read(selection.q).clauses, Initiative.objects.published()
        return [
            (term, published.filter(under(LINKS[dimension], [slug], selection.basis)).count())
            for dimension, terms in self.terms.items()
            for slug, term in terms.items()
            if clauses
            and not any((dimension, slug) in clause.named for clause in clauses)
            and says(read(selection.q), [words(text) for text in (term.name, term.name_en, term.text)])
        ]

    def nearest(self, selection: Selection, most: int) -> tuple[int, ...]:
        """The ids of entries that have some of the text: those with more of it first, then those with rarer words."""
        among = matching(selection.without("q"))
        for clause in read(selection.q).excluded:
            among = among.exclude(with_clause(selection.basis, clause, all_labels()))
        having = [
            set(among.filter(with_clause(selection.basis, clause, all_labels())).values_list("pk", flat=True))
            for clause in read(selection.q).clauses
        ]
        published = Initiative.objects.published()
        sizes = [
            published.filter(with_clause(selection.basis, each, all_labels())).count()
            for each in read(selection.q).clauses
        ]
        by_rarity = [ids for _, _, ids in sorted(zip(sizes, range(len(sizes)), having, strict=True))]
        ranked = [
            (-sum(pk in ids for ids in having), next(n for n, ids in enumerate(by_rarity) if pk in ids), place, pk)
            for place, pk in enumerate(among.in_order("position").values_list("pk", flat=True))
            if any(pk in ids for ids in having)
        ]
        return tuple(pk for *_, pk in sorted(ranked)[:most])

    def spelt(self, selection: Selection) -> str:
        """The text with each word that the catalogue has not as the nearest that it has; empty if there is none."""
        published = Initiative.objects.published()
        unknown = {
            clause.atoms[0].words[0].folded
            for clause in read(selection.q).clauses
            if clause.atoms and len(clause.atoms[0].words) == 1
            if not published.filter(with_clause(selection.basis, clause, all_labels())).exists()
        }
        expressions = (w for group in synonyms() for text in group for w in words(text))
        nearest = known.nearest(unknown, {w.folded: w.raw for w in expressions if w.folded not in STOP_WORDS})
        text, end = "", 0
        for start, stop, word in spans(selection.q):
            text += selection.q[end:start] + (nearest.get(word.folded) or selection.q[start:stop])
            end = stop
        spelt = text + selection.q[end:]
        return spelt if spelt != selection.q else ""

    def strata(self, selection: Selection, facet: str) -> dict[str, tuple[int, int]]:
        rows = _with_values(matching(selection), facet, selection, "own").values_list("own_value", "own_basis")
        strata: dict[str, tuple[int, int]] = {}
        for value, basis, n in rows.annotate(n=Count("pk")).order_by():
            count, sourced = strata.get(value, (0, 0))
            strata[value] = count + n, sourced + n * (basis in (Basis.SOURCE, None))
        return strata

    def first_of_pairs(
        self, selection: Selection, facets: tuple[str, str], pairs: Collection[tuple[str, str]], most: int
    ) -> dict[tuple[str, str], list[int]]:
        one, other = facets
        rows = _with_values(_with_values(matching(selection), one, selection, "these"), other, selection, "those")
        firsts: dict[tuple[str, str], list[int]] = {}
        for pk, *at in rows.in_order("position").values_list("pk", "these_value", "those_value"):
            firsts.setdefault((at[0], at[1]), []).append(pk)
        return {at: firsts.get(at, [])[:most] for at in pairs}

    def pairs(self, selection: Selection, one: str, other: str) -> Pairs:
        rows = _with_values(_with_values(matching(selection), one, selection, "these"), other, selection, "those")
        cells = rows.values_list("these_value", "these_basis", "those_value", "those_basis")
        pairs: dict[tuple[str, str], tuple[int, int]] = {}
        for value, basis, other_value, other_basis, n in cells.annotate(n=Count("pk")).order_by():
            count, sourced = pairs.get((value, other_value), (0, 0))
            pairs[value, other_value] = count + n, sourced + n * ({basis, other_basis} <= {Basis.SOURCE, None})
        return pairs


def _with_values(entries: InitiativeQuerySet, name: str, selection: Selection, alias: str) -> Any:
    """Each entry once for each of its values in a facet: `…_value` and, of a term, `…_basis`."""
    if name in choice_facets():
        nobody = Value(None, output_field=CharField())
        return entries.annotate(**{f"{alias}_value": choice_facets()[name].value, f"{alias}_basis": nobody})
    joined: Any = entries.alias(**{alias: _counting(name, selection)})
    value = Coalesce(F(f"{alias}__term__slug"), Value(NONE), output_field=CharField())
    return joined.annotate(**{f"{alias}_value": value, f"{alias}_basis": F(f"{alias}__basis")})


def _term_counts(dimension: str, selection: Selection) -> dict[str, int]:
    rows: Any = matching(selection.without(dimension)).alias(own=_counting(dimension, selection))
    slugs = rows.values_list("own__term__slug").annotate(n=Count("pk")).order_by()
    return {slug or NONE: n for slug, n in slugs}


def _counting(dimension: str, selection: Selection) -> FilteredRelation:
    # An outer join keeps the entries without a link that counts: they come back under NULL, as unclassified.
    links = f"{dimension}links"
    return FilteredRelation(
        links, condition=Q((f"{links}__basis", selection.basis)) if selection.basis in Basis else Q()
    )


def _choice_counts(selection: Selection) -> dict[str, dict[str, int]]:
    # One query for these facets: none's own choice is applied in it, each applies the others' afterwards.
    facets = choice_facets()
    rows = matching(selection.without(*facets)).values_list(*(facet.value for facet in facets.values()))
    counts: dict[str, Counter[str]] = {name: Counter() for name in facets}
    for *values, n in rows.annotate(n=Count("pk")).order_by():
        apart = {name for name, value in zip(facets, values, strict=True) if value not in chosen(name, selection)}
        for name, value in zip(facets, values, strict=True):
            counts[name][value] += n * (apart <= {name})
    return {name: dict(counted) for name, counted in counts.items()}


def chosen(name: str, selection: Selection) -> Collection[str]:
    return selection.chosen(name) or choice_facets()[name].choices.values


def _term_count(dimension: str, among: Collection[int] | None = None) -> Subquery:
    """How many terms of a dimension an entry has, of these ids if any are given."""
    links = counting(LINKS[dimension], "all").filter(initiative=OuterRef("pk")).order_by()
    counted = links if among is None else links.filter(term__in=among)
    # Not Django's Count, which would group what is one group.
    return Subquery(counted.values(n=Func("pk", function="COUNT")), output_field=IntegerField())


@contextmanager
def answering_pages() -> Iterator[None]:
    """Every page of this process is made of plain SQL meanwhile."""
    engine.restem()  # a page cannot: it only reads
    with mock.patch.object(index, "_newest", (0, PlainSQL())):
        yield
