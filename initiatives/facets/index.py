"""What a selection finds, from bitmaps of one version of the published catalogue.

The index is kept in the process and written nowhere. After a change the first page that needs it has it follow the
entries that changed, in its own snapshot of the database; where more than entries changed, or too many of them, it is
built anew. The pages that ask meanwhile wait for it.
"""

import threading
from array import array
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from copy import copy
from functools import cached_property, lru_cache, partial, reduce
from math import ceil
from operator import and_

from pyroaring import BitMap

from initiatives.facets.bitmaps import Bitmaps, ByValue, id_array, union
from initiatives.facets.found import Attribution, Attributions, Found, Pairs, Position
from initiatives.facets.kinds import FACETS, TermFacet
from initiatives.facets.likeness import by_count, most_alike
from initiatives.facets.orders import Order, Ordered, Orders
from initiatives.facets.selection import NONE, Selection
from initiatives.facets.texts import Having, Texts
from initiatives.models import Basis, Funding, Initiative, Named, Passage, Scope, Status, named, synonyms, vocabularies
from initiatives.search import engine, known
from initiatives.search.labels import EVERY, Labelled, labels_of
from initiatives.search.reading import STOP_WORDS, Clause, Reading, rarest, read_text
from initiatives.search.shelf import Shelf
from initiatives.search.words import Atom, as_atom, once, spans, words
from initiatives.versions import Changes, Snapshot, changes_since, current_version, last_change
from taxonomy.models import Term

REMEMBERED = 256  # texts as they are read, slugs as they are found
_building = threading.Lock()
# The newest index, after the `opened` of the snapshot that it was built in.
_newest: "tuple[int, FacetIndex] | None" = None


class Overtaken(Exception):
    """The snapshot is older than the newest index: its page is made of a new one."""


def index_at(snapshot: Snapshot) -> "FacetIndex":
    """The index of the snapshot's version. Raises Overtaken."""
    global _newest
    newest = _newest  # another thread may replace it between two looks
    if newest is not None and newest[1].version == snapshot.version:
        return newest[1]
    with _building:
        newest = _newest
        if newest is not None and newest[1].version != snapshot.version and newest[0] > snapshot.opened:
            raise Overtaken
        if newest is None or newest[1].version != snapshot.version:
            _newest = snapshot.opened, _followed(snapshot.version) or FacetIndex(snapshot.version)
        assert _newest is not None
        return _newest[1]


def current_index() -> "FacetIndex":
    """The newest, for who reads nothing else of its moment."""
    while True:
        try:
            with closing(Snapshot()) as snapshot:
                return index_at(snapshot)
        except Overtaken:
            continue


def index_of_rehearsal(published: "FacetIndex") -> "FacetIndex":
    """Of what this transaction has changed and will not commit: kept nowhere."""
    version = current_version()
    changes = changes_since(published.version, published.read_to, version)
    return published.followed(version, changes) if changes else FacetIndex(version)


def _followed(version: int) -> "FacetIndex | None":
    """The newest index brought to this version; where that cannot be done there is none any more."""
    global _newest
    index = _newest[1] if _newest else None
    changes = index and changes_since(index.version, index.read_to, version)
    if index and changes:
        return index.followed(version, changes)
    _newest = None  # two indexes of a million entries need not be in memory together
    return None


def _published(everything: BitMap, slugs: tuple[str, ...]) -> dict[str, Named]:
    """The published entries among these, which may be named by a former address too."""
    there = named(slugs)
    return {slug: entry for slug, entry in there.items() if entry.pk in everything}


class FacetIndex:
    """Built inside a snapshot of its version."""

    def __init__(self, version: int) -> None:
        self.version, self.read_to = version, last_change()
        self.terms = vocabularies()
        self.synonyms = synonyms()
        self.passages = list(Passage.objects.select_related("source"))
        self.document = Shelf((p.pk, text) for p in self.passages for text in engine.words_of(p.text))
        self.wordings = Shelf(
            ((dimension, slug), once(text))
            for dimension, terms in self.terms.items()
            for slug, term in terms.items()
            for text in (term.name, term.name_en, term.text)
        )
        self.labels = labels_of(self.terms, {"scope": Scope, "funding": Funding})
        self.reading = lru_cache(maxsize=REMEMBERED)(partial(read_text, terms=self.terms, synonyms=self.synonyms))
        ids = id_array(Initiative.objects.published().in_order("position"))
        self._found = Bitmaps.of(self.terms, BitMap(ids))
        self.texts = Texts(self.all, self.quoting, self.document)
        self._orders = Orders(Order.of(ids), self.all, self.texts)
        self.named = lru_cache(maxsize=REMEMBERED)(partial(_published, self.all))

    def followed(self, version: int, changes: Changes) -> "FacetIndex":
        """The same of a later version, in which nothing has changed but these entries."""
        index, entries = copy(self), BitMap(changes.entries)
        index.version, index.read_to = version, changes.read_to
        index.named = lru_cache(maxsize=REMEMBERED)(partial(_published, self.all))
        if not entries:
            return index
        for found_out in ("_attributed", "_sizes"):
            index.__dict__.pop(found_out, None)
        rows = Initiative.objects.filter(pk__in=changes.entries).values_list("pk", "status")
        published = BitMap(pk for pk, status in rows if status == Status.PUBLISHED)
        index._found = self._found.followed(entries, Bitmaps.of(self.terms, published, changes.entries))
        index.texts = self.texts.followed(entries, index.all, index.quoting)
        index._orders = self._orders.followed(entries, index.all, index.texts)
        index.named = lru_cache(maxsize=REMEMBERED)(partial(_published, index.all))
        return index

    @property
    def all(self) -> BitMap:
        return self._found.all

    @property
    def bitmaps(self) -> Mapping[tuple[str, str], ByValue]:
        return self._found.values

    @property
    def quoting(self) -> Mapping[int, BitMap]:
        return self._found.quoting

    # What a selection finds

    def find(self, selection: Selection, orphans: int = 0) -> Found:
        """Its last page takes up to so many entries more, rather than leave them a page of their own."""
        among = self._among(selection)
        chosen = {facet: self._chosen(facet, selection) for facet in selection.choices}
        result = reduce(and_, chosen.values(), among)
        counts = {}
        for facet in FACETS:
            # Its own choices left out, so that the siblings keep their counts.
            others = reduce(and_, (bits for name, bits in chosen.items() if name != facet), among)
            counts[facet] = self._counts(facet, selection.basis, others)
        pages = max(1, ceil((len(result) - orphans) / selection.page_size))
        page = min(selection.page, pages)
        start, size = (page - 1) * selection.page_size, selection.page_size + (orphans if page == pages else 0)
        ids = tuple(self._in_order(result, selection).ids(start, start + size))
        return Found(self._counts("level", selection.basis, result), page, pages, ids, counts)

    def position_of(self, pk: int, selection: Selection) -> Position | None:
        """Where an entry stands in what a selection finds, if it is there."""
        result = self._result(selection)
        if pk not in result:
            return None
        before, previous, following = self._in_order(result, selection).around(pk)
        return Position(before + 1, len(result), previous, following)

    def all_of(self, selection: Selection) -> Sequence[int]:
        """The ids of everything found, in its order."""
        result = self._result(selection)
        return array("I", self._in_order(result, selection).ids(0, len(result)))

    def total(self, selection: Selection) -> int:
        return len(self._result(selection))

    def counts_alone(self, selection: Selection) -> list[int]:
        """For each clause of the text how many entries it finds under the other choices; last, how many any of them."""
        reading, among = self.reading(selection.q), self._result(selection.without("q"))
        having = self._having(reading, selection)
        among = among - self._excluded(reading, having, selection.basis)
        found = [self._of_clause(clause, having, selection.basis) & among for clause in reading.clauses]
        return [len(bits) for bits in (*found, union(found))]

    def totals_without(self, selection: Selection) -> dict[str, int]:
        """For each active parameter the total that dropping it would give."""
        return {name: self.total(selection.without(name)) for name in selection.active}

    def strata(self, selection: Selection, facet: str) -> Mapping[str, tuple[int, int]]:
        """How many of a result stand under each value, and how many of them on the document's word."""
        result = self._result(selection)
        values, sourced = self._with_sourced(facet, selection.basis)
        size = result.intersection_cardinality
        return {value: (size(bits), size(bits & sourced[value])) for value, bits in values.items()}

    def first_of_pairs(
        self, selection: Selection, facets: tuple[str, str], pairs: Iterable[tuple[str, str]], most: int
    ) -> dict[tuple[str, str], list[int]]:
        """For each pair of a value of one facet and one of the other, the ids of the first entries under both."""
        result = self._result(selection)
        these, those = (self.bitmaps[facet, selection.basis] for facet in facets)
        page = self._orders.default.page
        return {(a, b): list(page(result & these[a] & those[b], 0, most)) for a, b in pairs}

    def pairs(self, selection: Selection, one: str, other: str) -> Pairs:
        result = self._result(selection)
        (these, sourced), (those, others_sourced) = (self._with_sourced(f, selection.basis) for f in (one, other))
        pairs = {}
        for value, bits in these.items():
            here, here_by_source = bits & result, sourced[value] & result
            for other_value, other_bits in those.items():
                if count := here.intersection_cardinality(other_bits):
                    by_source = here_by_source.intersection_cardinality(others_sourced[other_value])
                    pairs[value, other_value] = count, by_source
        return pairs

    def _with_sourced(self, facet: str, basis: str) -> tuple[ByValue, ByValue]:
        """Its values under `basis`, and those of the document alone; `none` is not a link, so it counts in both."""
        values, sourced = self.bitmaps[facet, basis], self.bitmaps[facet, Basis.SOURCE.value]
        return values, {**sourced, NONE: values[NONE]} if isinstance(FACETS[facet], TermFacet) else sourced

    def _counts(self, facet: str, basis: str, among: BitMap) -> dict[str, int]:
        return {value: bits.intersection_cardinality(among) for value, bits in self.bitmaps[facet, basis].items()}

    def _result(self, selection: Selection) -> BitMap:
        return reduce(and_, (self._chosen(f, selection) for f in selection.choices), self._among(selection))

    def _chosen(self, facet: str, selection: Selection) -> BitMap:
        values = self.bitmaps[facet, selection.basis]
        return union(values.get(value, BitMap()) for value in selection.chosen(facet))

    def _among(self, selection: Selection) -> BitMap:
        """What all facets choose from: the entries that have the text, among those that are named, if any are."""
        text = self._with_text(selection)
        if not selection.entries:
            return text
        return text & BitMap(entry.pk for entry in self.named(selection.entries).values())

    # Text and order

    def _with_text(self, selection: Selection) -> BitMap:
        """The entries that have all of the text in their own words, or in what their page calls them."""
        reading = self.reading(selection.q)
        if not reading.clauses and not reading.excluded:
            return self.all
        having = self._having(reading, selection)
        if reading.phrase and having[reading.phrase]:
            return having[reading.phrase]
        clauses = [self._of_clause(clause, having, selection.basis) for clause in reading.clauses]
        if reading.phrase:
            clauses = rarest(clauses) or [BitMap()]
        return reduce(and_, clauses, self.all) - self._excluded(reading, having, selection.basis)

    def _excluded(self, reading: Reading, having: Having, basis: str) -> BitMap:
        return union(self._of_clause(clause, having, basis) for clause in reading.excluded)

    def _having(self, reading: Reading, selection: Selection) -> Having:
        """In an entry's own words."""
        return self.texts.having(reading.atoms, by_relevance=selection.ordering == "relevance")

    def _labelled(self, atom: Atom, basis: str) -> BitMap:
        """The entries whose page calls them so."""
        return union(self._under(labelled, basis) for labelled in self.labels.having(atom))

    def _under(self, labelled: Labelled, basis: str) -> BitMap:
        if labelled == EVERY:
            return self.all
        facet, value = labelled
        if facet in self.terms and not value:
            return self.all - self.bitmaps[facet, basis][NONE]
        return self.bitmaps[facet, basis][value] if facet in FACETS else self._found.funds.get(labelled, BitMap())

    def _of_clause(self, clause: Clause, having: Having, basis: str) -> BitMap:
        if clause.is_everywhere:
            return self.all
        named = union(self.bitmaps[dimension, basis][slug] for dimension, slug in clause.named)
        wider = union(having[atom] for atom in clause.wider)
        return named | union(having[atom] | self._labelled(atom, basis) for atom in clause.atoms) | wider

    # What a text that finds nothing may lead to, and what it finds beside entries

    def in_own_words(self, *texts: str) -> int:
        """How many entries have one of them as it is written."""
        return len(union(self.texts.having([as_atom(text) for text in texts if words(text)]).values()))

    def also_found(self, selection: Selection) -> list[str]:
        """The synonyms that were looked for and are there."""
        reading = self.reading(selection.q)
        having = self._having(reading, selection)
        return [expression for expression in reading.also if having.get(as_atom(expression))]

    def passages_with(self, q: str) -> list[Passage]:
        """The passages that have all of the text, in the document's order: many belong to no entry."""
        found = self.document.saying(self.reading(q))
        return [passage for passage in self.passages if passage.pk in found]

    def also_in_document(self, q: str) -> list[str]:
        """The synonyms that were looked for and that a passage has."""
        return [each for each in self.reading(q).also if self.document.having(as_atom(each))]

    def passages_of(self, pk: int) -> list[Passage]:
        """Those that an entry quotes."""
        return [passage for passage in self.passages if pk in self.quoting.get(passage.pk, ())]

    def count_under(self, dimension: str, slug: str, basis: str = "all") -> int:
        return len(self.bitmaps[dimension, basis][slug])

    def terms_speaking(self, selection: Selection) -> list[tuple[Term, int]]:
        """The terms whose wording has all of the text, each with how many entries it has; not one that it names."""
        reading = self.reading(selection.q)
        named = (clause.named for clause in reading.clauses)
        found = self.wordings.saying(reading).difference(*named) if reading.clauses else ()
        return [
            (term, self.count_under(dimension, slug, selection.basis))
            for dimension, terms in self.terms.items()
            for slug, term in terms.items()
            if (dimension, slug) in found
        ]

    def nearest(self, selection: Selection, most: int) -> tuple[int, ...]:
        """The ids of entries that have some of the text: those with more of it first, then those with rarer words."""
        reading = self.reading(selection.q)
        having = self._having(reading, selection)
        clauses = sorted((self._of_clause(each, having, selection.basis) for each in reading.clauses), key=len)
        among = self._result(selection.without("q")) - self._excluded(reading, having, selection.basis)
        counted = by_count(clauses, among)
        ids: dict[int, None] = {}
        for alike in reversed(counted[1:]):
            for clause in clauses:
                ids |= dict.fromkeys(self._orders.default.page((alike & clause) - BitMap(ids), 0, most - len(ids)))
        return tuple(ids)

    def spelt(self, selection: Selection) -> str:
        """The text with each word that the catalogue has not as the nearest that it has; empty if there is none."""
        reading = self.reading(selection.q)
        having = self._having(reading, selection)
        unknown = {
            clause.atoms[0].words[0].folded
            for clause in reading.clauses
            if clause.atoms and len(clause.atoms[0].words) == 1 and not self._of_clause(clause, having, selection.basis)
        }
        nearest = known.nearest(unknown, self.synonym_words)
        text, end = [], 0
        for start, stop, word in spans(selection.q):
            if start < end:
                continue  # another word of the same letter, such as "½"
            text += [selection.q[end:start], nearest.get(word.folded) or selection.q[start:stop]]
            end = stop
        spelt = "".join([*text, selection.q[end:]])
        return spelt if spelt != selection.q else ""

    def look_up(self, texts: Iterable[str]) -> None:
        """Has the database asked once of several texts, which then cost no query each."""
        self.texts.having([atom for q in texts for atom in self.reading(q).atoms], by_relevance=True)

    def _in_order(self, result: BitMap, selection: Selection) -> Ordered:
        return self._orders.of(result, selection.ordering, self.reading(selection.q))

    @cached_property
    def synonym_words(self) -> dict[str, str]:
        """The telling words of the expressions, and how they are written."""
        every = (w for group in self.synonyms for text in group for w in once(text))
        return {w.folded: w.raw for w in every if w.folded not in STOP_WORDS}

    # What is known of an entry

    def attributions_of(self, ids: Iterable[int]) -> dict[int, Attributions]:
        return {pk: self.attributions(pk) for pk in ids}

    def attributions(self, pk: int) -> Attributions:
        return {
            dimension: [kinds[pk in by_source] for bits, by_source, kinds in terms if pk in bits]
            for dimension, terms in self._attributed.items()
        }

    @cached_property
    def _attributed(self) -> dict[str, list[tuple[BitMap, BitMap, list[Attribution]]]]:
        """Of each term the entries under it, those that the document puts there, and its attributions by that."""
        attributed = {}
        for dimension, terms in self.terms.items():
            by_anyone, by_source = self.bitmaps[dimension, "all"], self.bitmaps[dimension, Basis.SOURCE.value]
            attributed[dimension] = [
                (by_anyone[slug], by_source[slug], [Attribution(term, "editorial"), Attribution(term, "source")])
                for slug, term in terms.items()
            ]
        return attributed

    def related(self, entry: Initiative, besides: Iterable[int], most: int) -> tuple[int, ...]:
        """The ids of the entries most like it, without those given."""
        own = [bits for bits in self._terms if entry.pk in bits]
        others = self.all - BitMap([entry.pk, *besides])
        return tuple(most_alike(own, self._sizes, others, entry.pk, most, self._orders.default))

    @property
    def _terms(self) -> list[BitMap]:
        return [self.bitmaps[dimension, "all"][slug] for dimension, terms in self.terms.items() for slug in terms]

    @cached_property
    def _sizes(self) -> list[BitMap]:
        """The n-th holds the entries that have n terms in all."""
        return by_count(self._terms, self.all)
