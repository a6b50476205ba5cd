"""The entries most like one, where they say more than that they stand in the same section of the document."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.presenters.cards import cards
from initiatives.facets import Attributions, FacetIndex
from initiatives.models import Basis, Initiative, Kind, Passage

MOST = 5
LOOKED_AT = 20  # of those most alike, for so many that say something


@dataclass(frozen=True)
class Alike:
    """Entries that have the same in common with one; `reason` says what, and on whose word."""

    reason: str
    entries: list[Initiative]


def related_to(entry: Initiative, index: FacetIndex) -> list[Alike]:
    """The most alike first; those that the entry's page links anyway are left out.

    The document classifies by section: of what it says of a whole section nobody need be told twice.
    """
    own, headings = index.attributions(entry.pk), _headings(index.passages)

    def sections(pk: int) -> set[str]:
        return {headings[passage.pk] for passage in index.passages_of(pk) if passage.pk in headings}

    ids = index.related(entry, [other.pk for other in entry.kin], LOOKED_AT)
    here = sections(entry.pk)
    telling = [pk for pk in ids if not here & sections(pk) or _by_editors(own, index.attributions(pk))]
    by_reason = defaultdict[str, list[Initiative]](list)
    for other in cards(index, telling[:MOST]):
        by_reason[_reason(own, other.links)].append(other.entry)
    return [Alike(reason, entries) for reason, entries in by_reason.items()]


def _headings(passages: Iterable[Passage]) -> dict[int, str]:
    """The heading under which the document has each passage that is none."""
    heading, headings = "", {}
    for passage in passages:
        if passage.kind in (Kind.TITLE, Kind.HEADING, Kind.SUBHEADING):
            heading = passage.anchor
        else:
            headings[passage.pk] = heading
    return headings


def _shared(own: Attributions, others: Attributions) -> dict[str, list[str]]:
    """The terms in common, by whose word they are; the document's only where it says so of both."""
    shared: dict[str, list[str]] = {basis: [] for basis in Basis.values}
    for dimension, links in own.items():
        theirs = {link.term.slug: link.basis for link in others[dimension]}
        for link in links:
            if link.term.slug in theirs:
                agreed = Basis.SOURCE if link.basis == theirs[link.term.slug] == Basis.SOURCE else Basis.EDITORIAL
                shared[agreed.value].append(link.term.short)
    return shared


def _by_editors(own: Attributions, others: Attributions) -> bool:
    return bool(_shared(own, others)[Basis.EDITORIAL.value])


def _reason(own: Attributions, others: Attributions) -> str:
    shared = _shared(own, others)
    added = ngettext(
        "%(terms)s (aggiunta dalla redazione)", "%(terms)s (aggiunte dalla redazione)", len(shared[Basis.EDITORIAL])
    )
    words = {Basis.SOURCE.value: _("%(terms)s (dal documento)"), Basis.EDITORIAL.value: added}
    return "; ".join(words[basis] % {"terms": ", ".join(names)} for basis, names in shared.items() if names)
