"""What a text that is being typed may become: another text to search, a term, an entry. Few and cheap, never all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain

from initiatives.facets.index import FacetIndex
from initiatives.facets.selection import Selection
from initiatives.facets.texts import TITLE
from initiatives.models import Initiative
from initiatives.search import engine, known
from initiatives.search.reading import STOP_WORDS
from initiatives.search.words import LEAST_PREFIX, Atom, Word, as_atom, once, spans, word
from taxonomy.models import Term

LEAST_BEGUN = 2  # letters of a term's name
LONGEST = 8  # words: a longer text is being pasted
MOST_COMPLETED, MOST_TITLED, MOST_UNITS = 12, 8, 5  # looked at: not all of them are offered
MOST_TEXTS, MOST_TERMS, MOST_ENTRIES = 3, 3, 4


@dataclass(frozen=True)
class Suggestions:
    """Texts that would find entries, or passages alone; terms with their numbers of entries; entries by title."""

    texts: list[str]
    in_document: list[str]
    terms: list[tuple[Term, int]]
    entries: list[Initiative]


NOTHING = Suggestions([], [], [], [])


@dataclass(frozen=True)
class _Typed:
    """Words that are whole, as atoms of those that tell, and the last one, which may be the beginning of one."""

    text: str
    head: str
    telling: tuple[Atom, ...]
    last: Word

    @property
    def begun(self) -> tuple[Atom, ...]:
        """All that tells, the last one as the beginning of a word; nothing of a text that tells nothing yet."""
        tells = len(self.last.folded) >= LEAST_BEGUN and self.last.folded not in STOP_WORDS
        return (*self.telling, *([Atom((self.last,), prefix=True)] if tells else []))


def suggest(index: FacetIndex, q: str) -> Suggestions:
    found = list(spans(q))
    if not 0 < len(found) <= LONGEST or index.reading(q).excluded:
        return NOTHING
    start, _, last = found[-1]
    typed = _Typed(q, q[:start], tuple(Atom((w,)) for _, _, w in found[:-1] if w.folded not in STOP_WORDS), last)
    begun = known.completions(last.folded, MOST_COMPLETED) if len(last.folded) >= LEAST_PREFIX else []
    completed = [each for each in begun if each not in STOP_WORDS]
    suggested = _of(index, typed, _apart(completed, last))
    if completed or suggested != NOTHING:
        return suggested
    return _of(index, typed, list(known.nearest({last.folded}, index.synonym_words, same_initial=True).values()))


def _apart(completed: Iterable[str], last: Word) -> list[str]:
    """Of words with a stem in common only the first, the one that most have: searched, it finds the others."""
    every = {word(each): each for each in completed}
    apart = {last: last.raw} if any(each.folded == last.folded for each in every) else {}
    for each, written in every.items():
        if all(set(each.forms).isdisjoint(other.forms) for other in apart):
            apart[each] = written
    return list(apart.values())[: MOST_TEXTS + 1]


def _of(index: FacetIndex, typed: _Typed, completed: Sequence[str]) -> Suggestions:
    """Asks the engine once: for titles, for each text whether anything has all of it, for synonyms that are there."""
    words_found = [Atom((word(each),)) for each in completed]
    groups = _synonyms(index, typed)
    titled = [*_queries(typed.telling, TITLE), engine.either(_queries(words_found, TITLE))]
    queries = [(engine.every(titled), MOST_TITLED)] if completed else []
    queries += [(engine.every(_queries([*typed.telling, each])), MOST_UNITS) for each in words_found]
    queries += [(engine.either(_queries(map(as_atom, group))), MOST_UNITS) for group in groups.values()]
    units = engine.first_units(queries)
    entries = _entries(units.pop(0) if completed else (), typed, words_found)
    possible = [*(typed.head + each for each in completed), *groups]
    others = {text: there for text, there in zip(possible, units, strict=True) if once(text) != once(typed.text)}
    texts, in_document = _sorted_out(index, {text: there for text, there in others.items() if there})
    return Suggestions(texts[:MOST_TEXTS], in_document[:MOST_TEXTS], _terms(index, typed), entries)


def _sorted_out(index: FacetIndex, found: Mapping[str, Sequence[int]]) -> tuple[list[str], list[str]]:
    """The texts that find entries, most at a glance at the units that have them, and those that only passages have."""
    is_stale = engine.count_stale()
    glanced = {text for text, units in found.items() if not is_stale and any(_is_of_entry(index, u) for u in units)}
    index.look_up(text for text in found if text not in glanced)
    finding = {text for text in found if text in glanced or index.total(Selection(q=text))}
    rest = [text for text in found if text not in finding]
    return [text for text in found if text in finding], [text for text in rest if index.passages_with(text)]


def _is_of_entry(index: FacetIndex, unit: int) -> bool:
    return not unit % 2 or bool(index.quoting.get(unit // 2))


def _queries(atoms: Iterable[Atom], fields: tuple[str, ...] = engine.FIELDS) -> list[str]:
    return [engine.query(atom, fields) for atom in atoms]


def _synonyms(index: FacetIndex, typed: _Typed) -> dict[str, tuple[str, ...]]:
    """Expressions that may be meant, each with its group."""
    every = {text: group for group in index.synonyms for text in group if typed.begun}
    meant = (text for text in every if all(atom.found_in(once(text)) for atom in typed.begun))
    return {text: every[text] for text, _ in zip(meant, range(MOST_TEXTS), strict=False)}


def _terms(index: FacetIndex, typed: _Typed) -> list[tuple[Term, int]]:
    named = [named for clause in index.reading(typed.text).clauses for named in clause.named]
    begun = [
        (dimension, slug)
        for dimension, terms in index.terms.items()
        for slug, term in terms.items()
        if typed.begun and (_says(term, typed.begun) or _has_code(term, typed.text))
    ]
    some = list(dict.fromkeys([*named, *begun]))[:MOST_TERMS]
    return [(index.terms[dimension][slug], index.count_under(dimension, slug)) for dimension, slug in some]


def _says(term: Term, begun: Iterable[Atom]) -> bool:
    names = (once(name) for name in (term.code, term.name, term.name_en))
    return any(all(atom.found_in(name) for atom in begun) for name in names)


def _has_code(term: Term, text: str) -> bool:
    """Whether one of its codes of today begins so: they are numbers, of which others are full."""
    return any(_in_one(code).startswith(_in_one(text)) for code in term.codes_today)


def _in_one(text: str) -> str:
    return "".join(each.folded for each in once(text))


def _entries(units: Iterable[int], typed: _Typed, completed: Sequence[Atom]) -> list[Initiative]:
    """The published ones whose title still has the text, in their order."""
    # By id alone: asked for the published among these ids, SQLite would walk through all that are published.
    needed = Initiative.objects.only("slug", "title", "title_en", "parent", "status", "position")
    rows = needed.in_bulk([unit // 2 for unit in units]).values()
    ordered = sorted((entry for entry in rows if entry.is_published), key=lambda entry: (entry.position, entry.pk))
    return [entry for entry in ordered if _is_titled(entry, typed, completed)][:MOST_ENTRIES]


def _is_titled(entry: Initiative, typed: _Typed, completed: Sequence[Atom]) -> bool:
    return any(
        all(atom.found_in(title) for atom in typed.telling) and any(atom.found_in(title) for atom in completed)
        for title in (once(entry.title, "it"), once(entry.title_en, "en"))
    )


# Where an address leads nowhere

MOST_MEANT = 5
NEIGHBOURS = 25  # addresses on each side of one, in their order
ALIKE = 0.7


def meant_by(index: FacetIndex, slug: str) -> list[Initiative]:
    """Published entries whose address is most like this one, then those whose title has its words, or one of them."""
    rows = Initiative.objects.only("slug", "title", "title_en", "parent", "status", "position")
    after, before = rows.filter(slug__gte=slug).order_by("slug"), rows.filter(slug__lt=slug).order_by("-slug")
    around = {entry.slug: entry for entry in chain(after[:NEIGHBOURS], before[:NEIGHBOURS]) if entry.is_published}
    close = [around[near] for near in get_close_matches(slug, around, MOST_MEANT, ALIKE)]
    return list(dict.fromkeys([*close, *_titled_like(index, slug)]))[:MOST_MEANT]


def _titled_like(index: FacetIndex, slug: str) -> list[Initiative]:
    telling = [each for each in slug.split("-") if len(each) >= known.LEAST and each not in STOP_WORDS]
    longest = sorted(telling, key=len, reverse=True)[:MOST_TEXTS]  # of many common words the engine is slow to say
    texts = dict.fromkeys([" ".join(longest), *longest])
    return next(filter(None, (suggest(index, text).entries for text in texts)), [])
