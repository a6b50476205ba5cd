"""What a reader's text asks for: clauses that must all be found, each in one of its ways, and what must not be found.

Pure: it is told the terms, which have codes and names, and the synonyms that editors keep.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeVar

from initiatives.search.codes import in_words, ways_of, ways_of_today
from initiatives.search.folding import fold
from initiatives.search.words import LEAST_PREFIX, Atom, Word, as_atom, compounds, once, spans, word, words
from taxonomy.models import Term

Terms = Mapping[str, Mapping[str, Term]]
Named = tuple[str, str]  # a term, by its dimension and slug
# Each group's expressions, which readers use for one thing.
Synonyms = tuple[tuple[str, ...], ...]
Places = TypeVar("Places", bound=Sized)
Telling = tuple[Word, ...]  # an expression without its articles

MOST_TYPED = 30  # words, articles and all: a longer text was pasted
MOST_CONSIDERED = 60  # of its words
MOST_WORDS = 20  # of a pasted text that must all be found; each costs a look through all texts
LONGEST_PHRASE = 200  # words
STOP_WORDS = frozenset(
    """
    a ad al allo alla ai agli alle all di del dello della dei degli delle dell d da dal dallo dalla dai dagli dalle dall
    e ed i gli il in la le l lo nel nello nella nei negli nelle nell o od per con su sul sulla sui sugli sulle sull tra
    fra un una uno che chi come cosa dove quali quale quando si sono ci può possono fare c è
    the an of and to for or on in at by with from that which is are be being can how what where who do does
    """.split()  # noqa: SIM905
)
# True of every entry: they exclude none where another word tells more.
GENERIC = frozenset(
    """
    iniziativa iniziative misura misure progetto progetti intervento interventi scheda schede voce voci azione azioni
    esempio esempi initiative initiatives measure measures project projects intervention interventions entry entries
    action actions example examples
    """.split()  # noqa: SIM905
)
AS_WRITTEN = "="  # before a text: without its synonyms
EITHER = frozenset(["o", "oppure", "or"])
QUOTES = '"“”„‟«»″'
_CHUNK = re.compile(rf"(?P<minus>(?<!\S)[-−])?(?:[{QUOTES}](?P<phrase>[^{QUOTES}]*)[{QUOTES}]|(?P<run>[^\s{QUOTES}]+))")
_SINGLE_QUOTES = re.compile(r"(?<![^\s\-−])[‘‚'](?P<inside>[^‘’'‚]*(?:\w['’]\w[^‘’'‚]*)*)['’](?!\w)")


@dataclass(frozen=True)
class Clause:
    """Found where one of the atoms is, or under one of the terms; what is true of every entry is found everywhere.

    `wider` are the synonyms: looked for in an entry's own words alone, so that they never claim a classification.
    `typed` has what the reader wrote, one thing or, joined by "or", several; `codes` how the document writes it.
    `by_editors` are those of the terms that the text names by a code of today, which the editors match with them.
    """

    atoms: tuple[Atom, ...] = ()
    wider: tuple[Atom, ...] = ()
    named: tuple[Named, ...] = ()
    is_everywhere: bool = False
    typed: tuple[str, ...] = field(default=(), compare=False)
    codes: tuple[str, ...] = field(default=(), compare=False)
    by_editors: tuple[Named, ...] = field(default=(), compare=False)

    @property
    def ways(self) -> tuple[Atom, ...]:
        return tuple(dict.fromkeys([*self.atoms, *self.wider]))

    @property
    def spoken(self) -> tuple[Atom, ...]:
        """The ways in which a text may say it: a term's code or name as well."""
        return (*self.ways, *(as_atom(text) for text in (*self.typed, *self.codes) if self.named))

    def __or__(self, other: "Clause") -> "Clause":
        named = tuple(dict.fromkeys([*self.named, *other.named]))
        typed = (*self.typed, *other.typed)
        codes = (*self.codes, *other.codes)
        by_editors = (*self.by_editors, *other.by_editors)
        atoms, wider = (*self.atoms, *other.atoms), (*self.wider, *other.wider)
        return Clause(atoms, wider, named, typed=typed, codes=codes, by_editors=by_editors)


@dataclass(frozen=True)
class Reading:
    """`phrase` is the whole of a text that has too many words: where it is found, the clauses are not looked for.

    `also` has the expressions that were looked for besides, as somebody wrote them; `generic` the words that are left
    out because they are true of every entry.
    """

    clauses: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()
    also: tuple[str, ...] = ()
    generic: tuple[str, ...] = ()
    whole: Atom | None = None
    phrase: Atom | None = None

    @property
    def atoms(self) -> tuple[Atom, ...]:
        """All that has to be looked up, each once."""
        every = [atom for clause in (*self.clauses, *self.excluded) for atom in clause.ways]
        return tuple(dict.fromkeys([*every, *(atom for atom in (self.whole, self.phrase) if atom)]))

    @property
    def wanted(self) -> tuple[Atom, ...]:
        """What is marked where it is found."""
        return tuple(dict.fromkeys(atom for clause in self.clauses for atom in clause.spoken))

    def any_of(self, either: str) -> str:
        """A text that asks for at least one of what this one asks for altogether; `either` is an "or"."""
        wanted = f" {either} ".join(text for clause in self.clauses for text in clause.typed)
        return " ".join([wanted, *(f"-{text}" for clause in self.excluded for text in clause.typed)])


@dataclass
class _Unit:
    """A word, phrase or compound as it was typed, and what else it may be found as."""

    typed: str
    words: tuple[Word, ...]
    is_word: bool
    is_quoted: bool = False
    is_excluded: bool = False
    is_joined: bool = False  # to the one before it by an "or"
    lead: str = " "  # what stands between the one before it and this one
    others: list[Atom] = field(default_factory=list)
    synonyms: list[Atom] = field(default_factory=list)
    named: tuple[Named, ...] = ()
    codes: tuple[str, ...] = ()
    by_editors: tuple[Named, ...] = ()

    @property
    def folded(self) -> str:
        return self.words[0].folded if self.is_word else ""

    def is_one_of(self, kind: Collection[str]) -> bool:
        return self.is_word and not self.named and self.folded in kind


def read_text(q: str, terms: Terms, synonyms: Synonyms) -> Reading:
    """Of no words at all, a reading without clauses."""
    typed = words(q)
    if sum(each.folded not in EITHER for each in typed) > MOST_TYPED:
        return _of_long_text(typed)
    units = list(_units(q))
    if (named := _whole_names(typed, terms)) and not any(unit.is_excluded for unit in units):
        return Reading((Clause(typed=(" ".join(q.split()),), **_naming(named, terms)),))
    _name_codes(units, terms)
    also = [] if q.lstrip().startswith(AS_WRITTEN) else _widen(units, synonyms)
    _join_neighbours(units)
    wanted = [unit for unit in units if not unit.is_excluded]
    without_articles = [unit for unit in wanted if not unit.is_one_of(STOP_WORDS)] or wanted
    specific = [unit for unit in without_articles if not unit.is_one_of(GENERIC)]
    clauses = _clauses(specific or without_articles, _is_last(specific or without_articles, wanted))
    if not specific:
        clauses = [replace(clause, is_everywhere=True) for clause in clauses]
    unwanted = [unit for unit in units if unit.is_excluded]
    excluded = tuple(clause for unit in unwanted if not unit.is_one_of(GENERIC) for clause in _clauses([unit], False))
    whole = Atom(tuple(typed)) if len(typed) > 1 and not excluded else None
    generic = tuple(unit.typed for unit in (*without_articles, *unwanted) if unit.is_one_of(GENERIC))
    return Reading(tuple(clauses), excluded, tuple(also), generic, whole)


def _of_long_text(typed: Sequence[Word]) -> Reading:
    """Pasted, not typed: nothing in it is a sign. The finder takes the rarest of its longest words."""
    longest = sorted(dict.fromkeys(typed), key=lambda each: -len(each.folded))[:MOST_CONSIDERED]
    whole = Atom(tuple(typed[:LONGEST_PHRASE]))
    return Reading(tuple(Clause((Atom((each,)),)) for each in longest), whole=whole, phrase=whole)


def rarest(found: Iterable[Places]) -> list[Places]:
    """What must be found of a pasted text, given what each of its words finds: the fewest that are not none."""
    return sorted(filter(None, found), key=len)[:MOST_WORDS]


def _units(q: str) -> Iterator[_Unit]:
    chunks = [*_CHUNK.finditer(_SINGLE_QUOTES.sub(r'"\g<inside>"', q))]
    excluding = joining = False
    for place, chunk in enumerate(chunks):
        run, phrase = chunk["run"] or "", chunk["phrase"]
        between = 0 < place < len(chunks) - 1
        if fold(run) in EITHER and between and not excluding:
            joining = True
            continue
        if run == "NOT" and place < len(chunks) - 1:
            excluding = True
            continue
        excluding = excluding or bool(chunk["minus"])
        for unit in _of_phrase(phrase) if phrase is not None else _of_run(run):
            if (excluding or joining) and unit.is_word and unit.folded in STOP_WORDS:
                continue  # the sign goes on to the word that tells: "o l’infanzia"
            unit.is_excluded, unit.is_joined = excluding, joining
            joining = False
            yield unit
        excluding = excluding and not _tells(run, phrase)


def _tells(run: str, phrase: str | None) -> bool:
    return phrase is not None or any(each.folded not in STOP_WORDS for each in words(run))


def _of_phrase(phrase: str) -> Iterator[_Unit]:
    if inside := tuple(words(phrase)):
        yield _Unit(f'"{" ".join(phrase.split())}"', inside, is_word=False, is_quoted=True)


def _of_run(run: str) -> Iterator[_Unit]:
    """A run of letters without a space: one word, those beside an apostrophe, or a compound."""
    whole = compounds(run)
    if whole and len(whole[0].folded) == sum(len(each.folded) for each in words(run)):
        prefix = len(whole[0].folded) >= LEAST_PREFIX
        yield _Unit(run.strip("-−"), tuple(words(run)), is_word=False, others=[Atom((whole[0],), prefix)])
    else:
        end = 0
        for start, stop, each in spans(run):
            is_whole = fold(run[start:stop]) == each.folded  # "½" is two words
            lead = run[end:start] if end else " "
            yield _Unit(run[start:stop] if is_whole else each.raw, (each,), is_word=True, lead=lead)
            end = stop


# Codes and names


# Of the terms that a text names, whether it is by a name of theirs: else by a code of today.
Naming = dict[Named, bool]


def _naming(named: Naming, terms: Terms) -> dict[str, Any]:
    """What a unit or clause says of them."""
    called = (terms[dimension][slug] for dimension, slug in named)
    return {
        "named": tuple(named),
        "codes": tuple(term.code or term.name for term in called),
        "by_editors": tuple(each for each, is_own in named.items() if not is_own),
    }


def _whole_names(typed: Sequence[Word], terms: Terms) -> Naming:
    """The terms of which the text is a code, slug or name."""
    folded = tuple(each.folded for each in typed)
    naming: Naming = {}
    for dimension, each in terms.items():
        for slug, term in each.items():
            is_own = folded in {*ways_of(dimension, term.code), *map(in_words, (slug, term.name, term.name_en))}
            if folded and (is_own or folded in ways_of_today(term.codes_today)):
                naming[dimension, slug] = is_own
    return naming


def _all_codes(terms: Terms) -> dict[tuple[str, ...], Naming]:
    """The longest first: "OS 4.k" before the "4.k" in it."""
    codes: dict[tuple[str, ...], Naming] = {}
    for dimension, each in terms.items():
        for slug, term in each.items():
            for ways, is_own in ((ways_of_today(term.codes_today), False), (ways_of(dimension, term.code), True)):
                for code in ways:
                    codes.setdefault(code, {})[dimension, slug] = is_own
    return dict(sorted(codes.items(), key=lambda each: -len(each[0])))


def _name_codes(units: list[_Unit], terms: Terms) -> None:
    """Codes among other words, each made one unit."""
    begun = {unit.words[0].folded for unit in units}
    for code, named in _all_codes(terms).items():
        if code[0] not in begun:
            continue
        for start in range(len(units) - 1, -1, -1):
            run = _run_of(units, start, len(code))
            written = tuple(w for unit in run for w in unit.words)
            if tuple(w.folded for w in written) == code and _is_one(run):
                typed = "".join(unit.lead + unit.typed for unit in run).removeprefix(run[0].lead)
                one = replace(run[0], typed=typed, words=written, is_word=False, others=[])
                units[start : start + len(run)] = [replace(one, **_naming(named, terms))]


def _is_one(run: Sequence[_Unit]) -> bool:
    """Whether units may make one code: the sign before it is of all of it, "-OS ix", and no sign is inside."""
    signs = any(unit.is_joined for unit in run[1:]) or any(unit.is_quoted or unit.named for unit in run)
    if run[0].folded.isdigit():  # "da 4 a 6 anni" is no "4.a"
        signs = signs or any(unit.lead != "." for unit in run[1:])
    return not signs and (run[0].is_excluded or not any(unit.is_excluded for unit in run))


def _run_of(units: Sequence[_Unit], start: int, size: int) -> Sequence[_Unit]:
    """From here as many units as make so many words."""
    stop = start
    while stop < len(units) and sum(len(unit.words) for unit in units[start:stop]) < size:
        stop += 1
    return units[start:stop]


# Synonyms and compounds


def _widen(units: Sequence[_Unit], synonyms: Synonyms) -> list[str]:
    """Lets the units that make an expression be found as the others of its group; returns those, as written."""
    meant = [
        (expression, group, run)
        for segment in _segments(units)
        for start in range(len(segment))
        for expression, group in _beginning_with(segment[start].words[0], synonyms)
        if _says(run := _run_of(segment, start, len(expression)), expression)
        or _says(run := segment[start : start + 1], expression)
    ]
    also: dict[str, None] = {}
    taken: dict[int, Telling] = {}  # a unit is part of one expression, which may be in several groups
    for expression, group, run in sorted(meant, key=lambda each: -len(each[0])):  # "asilo nido" before "nido"
        if any(taken.get(id(unit), expression) != expression for unit in run):
            continue
        taken |= dict.fromkeys(map(id, run), expression)
        others = [other for other in group if not _says(run, _telling(other))]
        for unit in run:
            unit.synonyms += map(as_atom, others)
        also |= dict.fromkeys(others)
    return list(also)


def _segments(units: Sequence[_Unit]) -> list[list[_Unit]]:
    """The telling units in a row: an "or", a quotation, a name, what is excluded end a row."""
    segments: list[list[_Unit]] = [[]]
    for unit in units:
        if unit.named or unit.is_quoted or unit.is_excluded:
            segments.append([])
        elif not unit.is_one_of(STOP_WORDS):
            if unit.is_joined:
                segments.append([])
            segments[-1].append(unit)
    return segments


def _beginning_with(first: Word, synonyms: Synonyms) -> list[tuple[Telling, Sequence[str]]]:
    """Expressions and their groups that may begin with a word, or be written as one that does."""
    index = _by_beginning(synonyms)
    found = {id(pair): pair for form in first.forms for pair in index.get(form, ())}
    return list(found.values())


@lru_cache(maxsize=4)
def _by_beginning(synonyms: Synonyms) -> dict[str, list[tuple[Telling, Sequence[str]]]]:
    index: dict[str, list[tuple[Telling, Sequence[str]]]] = {}
    for group in synonyms:
        for expression in group:
            pair = _telling(expression), group
            for form in {*pair[0][0].forms, *_joined(pair[0]).forms}:
                index.setdefault(form, []).append(pair)
    return index


def _telling(expression: str) -> Telling:
    return tuple(each for each in once(expression) if each.folded not in STOP_WORDS) or once(expression)


def _joined(several: Sequence[Word]) -> Word:
    return word("".join(each.folded for each in several))


def _says(run: Sequence[_Unit], expression: Telling) -> bool:
    """Word by word, or both written as one word: "smart working", "smart-working", "smartworking"."""
    written = tuple(w for unit in run for w in unit.words)
    typed = tuple(w for w in written if w.folded not in STOP_WORDS) or written
    return _are_alike([_joined(typed)], [_joined(expression)]) or _are_alike(typed, expression)


def _are_alike(these: Sequence[Word], those: Sequence[Word]) -> bool:
    return len(these) == len(those) and all(
        any(a == b for a, b in zip(one.forms, other.forms, strict=True))
        for one, other in zip(these, those, strict=True)
    )


def _join_neighbours(units: Sequence[_Unit]) -> None:
    """Two words may be one: "co working" is found as "coworking"."""
    for one, other in pairwise(units):
        tell = all(each.is_word and not each.is_excluded and each.folded not in STOP_WORDS for each in (one, other))
        if tell and not other.is_joined:
            joined = Atom((word(one.folded + other.folded),))
            one.others.append(joined)
            other.others.append(joined)


# Clauses


def _is_last(told: Sequence[_Unit], wanted: Sequence[_Unit]) -> bool:
    """Whether the text ends with a word of which only the beginning may have been typed."""
    return bool(told) and told[-1] is wanted[-1] and told[-1].is_word and len(told[-1].folded) >= LEAST_PREFIX


def _clauses(units: Sequence[_Unit], last_is_prefix: bool) -> list[Clause]:
    clauses: list[Clause] = []
    for unit in units:
        own = () if unit.named else (Atom(unit.words, prefix=last_is_prefix and unit is units[-1]),)
        atoms = tuple(dict.fromkeys([*own, *unit.others]))
        found_in = atoms, tuple(unit.synonyms), unit.named
        clause = Clause(*found_in, typed=(unit.typed,), codes=unit.codes, by_editors=unit.by_editors)
        clauses.append(clauses.pop() | clause if unit.is_joined and clauses else clause)
    return list(dict.fromkeys(clauses))
