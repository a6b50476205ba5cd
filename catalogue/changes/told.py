"""What readers are told of changes: of each what it was of, what was said before and what after, in plain words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from textwrap import shorten
from typing import Any
from weakref import WeakKeyDictionary

from django.core.paginator import Paginator
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue.changes.difference import Difference, Piece, pieces
from catalogue.presenters.text import plain, quoted
from catalogue.query import facet_labels
from initiatives.content import TEXTS, Classified, Quoted, Wording
from initiatives.facets import FacetIndex
from initiatives.models import LINKS, Basis, ChangeKind, Funding, PublicChange, PublicEntry, Scope
from taxonomy.addresses import address
from taxonomy.models import OtherVocabulary, Relation, translated

CHOICES = {"scope": Scope, "funding": Funding}
ON_A_PAGE = 50  # of the pages, of the feed and of the API
MOST_NEWS = 5
LONGEST_TITLE = 90  # letters of a passage
Match = Mapping[str, str]  # as it was kept
TERM_TEXTS = ("code", "name", "name_en", "text", "note", "note_en")


@dataclass(frozen=True)
class Told:
    """One change. `address` is of what it was of, empty where that is no more; `history` is that of an entry."""

    kind: str
    label: str
    moment: datetime
    title: str
    title_language: str
    address: str
    why: str = ""
    why_language: str = ""
    history: str = ""
    differences: list[Difference] = field(default_factory=list)

    @property
    def fields(self) -> str:
        return ", ".join(dict.fromkeys(difference.label for difference in self.differences))


@dataclass(frozen=True)
class Day:
    """The changes of a day; those of a kind that says nothing more are told together."""

    day: date
    groups: list[list[Told]]


def pages_of_changes() -> Paginator:
    return Paginator(PublicChange.objects.latest_first().with_withdrawals(), ON_A_PAGE)


def by_day(told: Iterable[Told]) -> list[Day]:
    days = groupby(told, key=lambda change: localdate(change.moment))
    return [Day(day, list(_together(changes))) for day, changes in days]


def _together(changes: Iterable[Told]) -> Iterator[list[Told]]:
    for kind, group in groupby(changes, key=lambda change: change.kind):
        each = list(group)
        # In the order in which they entered, which is the document's.
        yield from [each[::-1]] if kind == ChangeKind.ENTERED else [[change] for change in each]


@dataclass(frozen=True)
class News:
    """A change, or how many entries entered on one day."""

    moment: datetime
    told: Told | None
    entered: int = 0


# Those of each index, by language: with its version they change.
_news: WeakKeyDictionary[FacetIndex, dict[str | None, list[News]]] = WeakKeyDictionary()


def latest_news(index: FacetIndex) -> list[News]:
    """Of what is there; what was withdrawn is told where changes are looked for."""
    known, language = _news.setdefault(index, {}), get_language()
    if language not in known:
        known[language] = _latest_news(index)
    return known[language]


def _latest_news(index: FacetIndex) -> list[News]:
    rows = list(PublicChange.objects.of_what_is_there().latest_first().with_withdrawals()[:MOST_NEWS])
    return [news for day in by_day(present_changes(rows, index)) for news in _news_of(day)]


def _news_of(day: Day) -> Iterator[News]:
    """Of several that entered their number, once, whatever changed between them."""
    of_day = PublicChange.objects.of_what_is_there().filter(kind=ChangeKind.ENTERED, moment__date=day.day)
    entered = 0
    for group in day.groups:
        if group[0].kind != ChangeKind.ENTERED:
            yield News(group[0].moment, group[0])
        elif not entered:
            entered = of_day.count()
            yield News(group[0].moment, None, entered) if entered > 1 else News(group[0].moment, group[0])


def present_changes(changes: Sequence[PublicChange], index: FacetIndex) -> list[Told]:
    titles = _titles_of_parents(changes)
    return [present_change(change, index, titles) for change in changes]


def present_change(change: PublicChange, index: FacetIndex, titles: Mapping[str, str]) -> Told:
    label, differences = str(ChangeKind(change.kind).label), list(_differences(change, titles))
    if change.entry:
        return _of_entry(change, change.entry, label, differences)
    title, language, at = _subject(change, index)
    return Told(change.kind, label, change.moment, title, language, at, differences=differences)


def _of_entry(change: PublicChange, public: PublicEntry, label: str, differences: list[Difference]) -> Told:
    entry = public.leads_to
    at = entry.get_absolute_url() if entry else address("initiative-detail", public.uid)
    why = public.why if change.gives_reason else ""
    return Told(
        *(change.kind, label, change.moment, public.heading, _language(public, "title"), at),
        why,
        _language(public, "reason"),
        address("entry-history", entry.slug) if entry else "",
        differences,
    )


def _language(row: object, name: str) -> str:
    """Where a text is Italian on an English page."""
    original = getattr(row, name)
    return "it" if original and translated(row, name) == original else ""


def _subject(change: PublicChange, index: FacetIndex) -> tuple[str, str, str]:
    """What a passage or a term is called, in which language if not the reader's, and where it is read, if it is."""
    if change.kind == ChangeKind.PASSAGE:
        here = any(passage.anchor == change.subject for passage in index.passages)
        words = shorten(plain(_kept(change.after)["text"]), LONGEST_TITLE, placeholder="…")
        return quoted(words), "it", f"{address('source')}#{change.subject}" if here else ""
    dimension, _slash, slug = change.subject.partition("/")
    term = index.terms[dimension].get(slug)
    return (term.label, "", term.get_absolute_url()) if term else (slug, "", "")


def _titles_of_parents(changes: Iterable[PublicChange]) -> dict[str, str]:
    """By the names that stay, of what entries are or were measures of."""
    uids = {
        kept["parent"]
        for change in changes
        if change.kind == ChangeKind.CHANGED and change.tells
        for kept in (_kept(change.before), _kept(change.after))
        if kept["parent"]
    }
    return {public.uid: public.heading for public in PublicEntry.objects.filter(uid__in=uids)} if uids else {}


def _kept(value: Any) -> dict[str, Any]:
    return value


# Field by field


def _differences(change: PublicChange, titles: Mapping[str, str]) -> Iterator[Difference]:
    if not change.tells or change.before is None or change.after is None:
        return
    before, after = _kept(change.before), _kept(change.after)
    if change.kind == ChangeKind.CHANGED:
        yield from wording_differences(Wording.of_json(before), Wording.of_json(after), titles)
    elif change.kind == ChangeKind.MOVED:
        yield Difference(_("Indirizzo"), [pieces_of_values(before["slug"], after["slug"])])
    elif change.kind == ChangeKind.PASSAGE:
        yield from _texts({"text": _("Testo"), "anchor": _("Ancora")}, _plain(before), _plain(after))
    else:
        yield from _texts(_term_labels(), before, after)
        if lines := list(_match_lines(*({m["code"]: m for m in each.get("matches", ())} for each in (before, after)))):
            yield Difference(_("Corrispondenze"), lines)


def _plain(passage: Mapping[str, Any]) -> dict[str, Any]:
    return {**passage, "text": plain(passage["text"])}


def pieces_of_values(before: str, after: str) -> list[Piece]:
    """Of values that are one thing, not made of words."""
    return [Piece(mark, value) for mark, value in (("del", before), ("ins", after)) if value]


def _texts(labels: Mapping[str, str], before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for name, label in labels.items():
        if before[name] != after[name]:
            language = "en" if name.endswith("_en") else "it"
            yield Difference(label, [pieces(str(before[name]), str(after[name]))], language)


def _term_labels() -> dict[str, str]:
    labels = (
        _("Codice"),
        _("Nome"),
        _("Nome inglese"),
        _("Testo del documento"),
        _("Avvertenze"),
        _("Avvertenze inglesi"),
    )
    return dict(zip(TERM_TEXTS, labels, strict=True))


def _match_lines(before: Mapping[str, Match], after: Mapping[str, Match]) -> Iterator[list[Piece]]:
    for code in dict.fromkeys((*before, *after)):
        was, now = before.get(code), after.get(code)
        if was and now:
            name = Piece("", f"{_match_name(now)}: ")
            for said, now_said in zip(_match_words(was), _match_words(now), strict=True):
                if said != now_said:
                    yield [name, *pieces(said, now_said)]
        elif was:
            yield [Piece("del", _whole_match(was))]
        elif now:
            yield [Piece("ins", _whole_match(now))]


def _match_name(match: Match) -> str:
    return f"{OtherVocabulary(match['vocabulary']).label} {match['code']}"


def _whole_match(match: Match) -> str:
    """A code alone says nothing to who does not know it by heart."""
    title = (match["name_en"] if get_language() == "en" else "") or match["name"]
    named = f"{_match_name(match)} {quoted(title)}" if title else _match_name(match)
    return f"{named}: {_match_words(match)[0]}"


def _match_words(match: Match) -> tuple[str, ...]:
    """Of one how near it is and on whose word; then what is said of it."""
    near = f"{Relation(match['relation']).label}, {Basis.EDITORIAL.label}"
    return near, *(match[name] for name in ("name", "name_en", "note", "note_en"))


def text_labels() -> dict[str, str]:
    """Of what an entry says in words of its own."""
    return {
        "title": _("Titolo"),
        "title_en": _("Titolo inglese"),
        "summary": _("Sintesi"),
        "summary_en": _("Sintesi inglese"),
        "scope": facet_labels()["scope"],
        "funding": _("Fondi"),
        "classification_note": _("Nota sulla classificazione"),
        "classification_note_en": _("Nota inglese sulla classificazione"),
    }


def wording_differences(before: Wording, after: Wording, titles: Mapping[str, str]) -> Iterator[Difference]:
    labels = text_labels()
    yield from _texts({name: labels[name] for name in TEXTS if name not in CHOICES}, before.texts, after.texts)
    for name, choices in CHOICES.items():
        was, now = (str(choices(wording.texts[name]).label) for wording in (before, after))
        if was != now:
            yield Difference(labels[name], [pieces_of_values(was, now)])
    if before.parent != after.parent:
        was, now = (titles.get(parent or "", parent or "") for parent in (before.parent, after.parent))
        yield Difference(_("Misura di"), [pieces_of_values(was, now)])
    for dimension in LINKS:
        if lines := list(_term_lines(_under(before, dimension), _under(after, dimension))):
            yield Difference(facet_labels()[dimension], lines)
    for label, was_quoted, now_quoted in (
        (_("Passi del documento"), before.passages, after.passages),
        (_("Parole che introducono l’elenco"), before.lead_ins, after.lead_ins),
    ):
        if lines := list(_quoted_lines(was_quoted, now_quoted)):
            yield Difference(label, lines, "it")


def _under(wording: Wording, dimension: str) -> dict[str, Classified]:
    return {term.slug: term for term in wording.terms if term.dimension == dimension}


def _term_lines(before: Mapping[str, Classified], after: Mapping[str, Classified]) -> Iterator[list[Piece]]:
    for slug in dict.fromkeys((*before, *after)):
        was, now = before.get(slug), after.get(slug)
        if was and now:
            yield from _reason_lines(was, now)
        elif was:
            yield [Piece("del", _with_basis(was))]
        elif now:
            yield [Piece("ins", _with_basis(now))]


def _with_basis(term: Classified) -> str:
    why = translated(term, "note")
    return f"{name_of_term(term)} ({Basis(term.basis).label})" + (f": {why}" if why else "")


def name_of_term(term: Classified) -> str:
    return translated(term, "name")


def _reason_lines(was: Classified, now: Classified) -> Iterator[list[Piece]]:
    """Of a term under which an entry stands before and after."""
    name = Piece("", f"{name_of_term(now)}: ")
    if was.basis != now.basis:
        yield [name, *pieces_of_values(str(Basis(was.basis).label), str(Basis(now.basis).label))]
    for before, after in (
        (was.passage.text if was.passage else "", now.passage.text if now.passage else ""),
        (was.note, now.note),
        (was.note_en, now.note_en),
    ):
        if before != after:
            yield [name, *pieces(plain(before), plain(after))]


def _quoted_lines(before: Sequence[Quoted], after: Sequence[Quoted]) -> Iterator[list[Piece]]:
    yield from ([Piece("del", plain(quoted.text))] for quoted in before if quoted not in after)
    yield from ([Piece("ins", plain(quoted.text))] for quoted in after if quoted not in before)
