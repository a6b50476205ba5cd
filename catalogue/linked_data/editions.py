"""Which edition of the data is described: the version that its content makes, and the days of that content.

The archive's own version and day move with drafts too, of which nobody who harvests or cites sees anything.
"""

from datetime import date, datetime
from typing import NamedTuple

from django.utils.timezone import localdate

from initiatives import content
from initiatives.facets import FacetIndex, Selection, Vocabularies
from initiatives.models import PublicChange
from initiatives.versions import moment_of


class Edition(NamedTuple):
    """`issued` is the day when readers first saw something, `modified` that of the last change they could see."""

    version: str
    issued: date | None
    modified: date


def edition_of(index: FacetIndex, version: int) -> Edition:
    version_of_content = content.of_whole(version, index.find(Selection()).total)
    return Edition(version_of_content, *days_of_content(moment_of(version).date()))


def last_day(version: int) -> date:
    """Of the content, in this version of the archive."""
    return _last_day(moment_of(version).date())


def days_of_content(otherwise: date) -> tuple[date | None, date]:
    """The first and the last; `otherwise` is the last of what nobody has read yet."""
    return _day(PublicChange.objects.first_moment()), _last_day(otherwise)


def editions_of(terms: Vocabularies, issued: date | None, modified: date) -> dict[str, Edition]:
    """Of each vocabulary, in a catalogue of these days: as old as that, until one of its terms changes."""
    changed = PublicChange.objects.last_of_terms()
    return {
        dimension: Edition(
            content.of_vocabulary(dimension, values.values()),
            issued,
            _day(changed.get(dimension)) or issued or modified,
        )
        for dimension, values in terms.items()
    }


def _last_day(otherwise: date) -> date:
    return _day(PublicChange.objects.last_moment()) or otherwise


def _day(moment: datetime | None) -> date | None:
    return localdate(moment) if moment else None
