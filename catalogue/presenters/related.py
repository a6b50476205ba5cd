"""The entries most like one, where they say more than that they stand in the same section of the document."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from initiatives.facets import Attributions, FacetIndex
from initiatives.models import Basis, Initiative, Kind

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
    own, sections = index.attributions(entry.pk), _sections(entry.pk, index)
    ids = index.related(entry, [other.pk for other in entry.kin], LOOKED_AT)
    telling = [pk for pk in ids if not sections & _sections(pk, index) or _by_editors(own, index.attributions(pk))]
    others, by_reason = Initiative.objects.in_bulk(telling[:MOST]), defaultdict[str, list[Initiative]](list)
    for pk in telling[:MOST]:
        by_reason[_reason(own, index.attributions(pk))].append(others[pk])
    return [Alike(reason, entries) for reason, entries in by_reason.items()]


def _sections(pk: int, index: FacetIndex) -> set[str]:
    """The headings under which the document has what an entry quotes."""
    heading, sections, quoted = "", set(), {passage.pk for passage in index.passages_of(pk)}
    for passage in index.passages:
        if passage.kind in (Kind.TITLE, Kind.HEADING, Kind.SUBHEADING):
            heading = passage.anchor
        elif passage.pk in quoted:
            sections.add(heading)
    return sections


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
    words = {
        Basis.SOURCE.value: _("secondo il documento: %(terms)s"),
        Basis.EDITORIAL.value: _("per attribuzione redazionale: %(terms)s"),
    }
    return "; ".join(
        words[basis] % {"terms": ", ".join(names)} for basis, names in _shared(own, others).items() if names
    )
