"""How a searched text was read, in words."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalogue.presenters.text import quoted
from initiatives.facets import Vocabularies
from initiatives.search.reading import QUOTES, Clause, Named, Reading


def present_reading(reading: Reading, terms: Vocabularies) -> SafeString:
    """How a text was read, where that is more than one word: `«welfare» <strong>o</strong> «scuola»`."""
    if reading.phrase:
        return format_html("{}", _("per intero o, se così non si trova, con venti parole rare tra le più lunghe"))
    if not _says_more_than_a_word(reading):
        return SafeString("")
    both = format_html(" <strong>{}</strong> ", pgettext("joins", "e"))
    is_one_of_several = len(reading.clauses) + len(reading.excluded) > 1
    clauses = format_html_join(both, "{}", ((_clause(clause, terms, is_one_of_several),) for clause in reading.clauses))
    is_all = all(clause.is_everywhere for clause in reading.clauses)
    said = format_html("{}", _("qualsiasi testo")) if is_all else clauses
    for clause in reading.excluded:
        said = format_html("{} <strong>{}</strong> {}", said, _("ma non"), _clause(clause, terms, True))
    if reading.generic:
        left_out = _("vale per ogni scheda: %(words)s") % {"words": ", ".join(map(quoted, reading.generic))}
        said = format_html("{} ({})", said, left_out)
    return said


def _says_more_than_a_word(reading: Reading) -> bool:
    if len(reading.clauses) != 1 or reading.excluded or reading.generic:
        return bool(reading.clauses or reading.excluded)
    (clause,) = reading.clauses
    return len(clause.typed) > 1 or bool(clause.named)


def _clause(clause: Clause, terms: Vocabularies, is_one_of_several: bool) -> SafeString:
    either = format_html(" <strong>{}</strong> ", pgettext("joins", "o"))
    said = format_html_join(either, "{}", ((quoted(text.strip(QUOTES)),) for text in clause.typed))
    if clause.named:
        called = format_html_join(", ", "{}", ((_called(clause, named, terms),) for named in clause.named))
        said = format_html("{} ({})", said, called)
    return format_html("({})", said) if len(clause.typed) > 1 and is_one_of_several else said


def _called(clause: Clause, named: Named, terms: Vocabularies) -> str:
    """A code of today leads to what the editors say of it."""
    dimension, slug = named
    term = terms[dimension][slug]
    if named not in clause.by_editors:
        return term.label
    link = format_html('<a href="{}#corrispondenze">{}</a>', term.get_absolute_url(), term.label)
    return format_html(_("secondo la redazione, il codice attuale di %(label)s") % {"label": "{}"}, link)
