"""What a dossier says of a selection."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from catalogue.dossier.blocks import Block, Citation, Counts, Figure, Heading, Item, Listing, Paragraph, Quote
from catalogue.presenters.cards import Card, cards, whole
from catalogue.presenters.text import without_markup
from catalogue.query import facet_labels
from catalogue.templating.filters import day
from catalogue.workbench.crosswalk import draw, how_many
from catalogue.workbench.selection import basis_label, present_sentence
from initiatives import content
from initiatives.facets import Attribution, FacetIndex, Found, Selection
from initiatives.models import LINKS, Basis, Initiative, Passage, Scope
from initiatives.versions import moment_of

MOST = 200  # entries in a dossier: more are no reading for a meeting
LINES = 20  # of numbers and of entries that the short one has room for
LEAST_NAMED = 6  # entries, whatever the numbers take
SHEET = ("picture", "counts", "entries")  # what stands on one sheet of paper
TEXTS = ("summaries", "quotations")


@dataclass(frozen=True)
class Dossier:
    title: str
    total: int
    blocks: tuple[Block, ...]


def compile_dossier(index: FacetIndex, selection: Selection, parts: Sequence[str], version: int) -> Dossier:
    """Of a selection of `MOST` entries at the most, in the active language."""
    found, shown = index.find(selection), whole(index, cards(index, index.all_of(selection)))
    title, rows = _title(index, selection), list(_rows(shown, selection))
    page = reverse("initiative-list") + selection.query
    blocks = [
        Heading(title, 1),
        Paragraph(_account(index, selection, found), kind="lead"),
        *_codes_today(index, selection),
        *_picture(index, selection, found, parts),
        *([_counts(rows)] if rows and "counts" in parts else []),
        *_entries(shown, parts, max(LEAST_NAMED, LINES - len(rows))),
        *_caveats(parts),
        *_citation(title, shown, page, version),
    ]
    return Dossier(title, found.total, tuple(blocks))


def _title(index: FacetIndex, selection: Selection) -> str:
    """Of one term alone its name."""
    if len(selection.pairs) == 1 and (term := index.terms.get((pair := selection.pairs[0])[0], {}).get(pair[1])):
        return str(term.label)
    if not selection.active:
        return _("Le iniziative di innovazione sociale")
    return _("Iniziative di innovazione sociale: %(said)s") % {
        "said": without_markup(present_sentence(replace(selection, basis="all"), index.terms))
    }


def _account(index: FacetIndex, selection: Selection, found: Found) -> str:
    levels = found.levels
    kinds = [
        ngettext("%(n)s iniziativa", "%(n)s iniziative", levels["initiative"]) % {"n": levels["initiative"]},
        ngettext("%(n)s misura", "%(n)s misure", levels["measure"]) % {"n": levels["measure"]},
    ]
    said = {
        "count": how_many(found.total),
        "kinds": ", ".join(kind for kind, n in zip(kinds, (levels["initiative"], levels["measure"]), strict=True) if n),
        "basis": basis_label(selection.basis).lower(),
    }
    words = _(
        "%(count)s (%(kinds)s) tra quelle che le regioni hanno realizzato con i POR FSE 2014-2020, secondo il "
        "documento che il Catalogo dell’innovazione sociale cita. Classificazione considerata: %(basis)s. Il documento "
        "non nomina regioni né importi, classifica per sezione e non scheda per scheda, e dice le iniziative "
        "«potenzialmente in grado di concorrere» agli obiettivi."
    )
    return words % said


def _codes_today(index: FacetIndex, selection: Selection) -> Iterator[Block]:
    """Of the objectives that the dossier is about."""
    terms = [index.terms["objective"].get(slug) for dimension, slug in selection.pairs if dimension == "objective"]
    if codes := [f"{', '.join(term.codes_today)} ({term.short})" for term in terms if term and term.codes_today]:
        yield Paragraph(", ".join(codes), _("Codice attuale, secondo la redazione"))


def _picture(index: FacetIndex, selection: Selection, found: Found, parts: Sequence[str]) -> Iterator[Block]:
    if "picture" not in parts or not found.total:
        return
    crosswalk = draw(index, selection, found)
    if crosswalk.wide.nodes:
        words = (
            f"{ribbon.pair}: {ribbon.counts}" for crossing in crosswalk.wide.crossings for ribbon in crossing.ribbons
        )
        yield Figure(crosswalk, f"{crosswalk.title}. {'; '.join(words)}.")


def _counts(rows: Sequence[tuple[str | int, ...]]) -> Counts:
    columns = _("Classificazione"), _("Schede"), _("Dal documento"), _("Aggiunte dalla redazione")
    return Counts(_("Quante schede"), columns, tuple(rows))


def _rows(shown: Sequence[Card], selection: Selection) -> Iterator[tuple[str | int, ...]]:
    """Of each term how many entries stand under it, and on whose word."""
    labels, unclassified = facet_labels(), _("Non classificato")
    for dimension in LINKS:
        links = [link for card in shown for link in _considered(card.links[dimension], selection)]
        counts = Counter((link.term, link.basis) for link in links)
        for term in sorted({link.term for link in links}, key=lambda term: term.position):
            own = [counts[term, basis] for basis in (Basis.SOURCE, Basis.EDITORIAL)]
            yield f"{labels[dimension]}: {term.short}", sum(own), *own
        if rest := sum(not _considered(card.links[dimension], selection) for card in shown):
            yield f"{labels[dimension]}: {unclassified}", rest, "", ""


def _considered(links: Sequence[Attribution], selection: Selection) -> list[Attribution]:
    return [link for link in links if selection.basis in ("all", link.basis)]


def _entries(shown: Sequence[Card], parts: Sequence[str], most: int) -> Iterator[Block]:
    if not shown or not set(parts) & {"entries", *TEXTS}:
        return
    yield Heading(_("Le schede"), 2)
    if not set(parts) & {*TEXTS}:
        yield Listing(tuple(_item(card.entry) for card in shown[:most]))
        if (rest := len(shown) - most) > 0:
            more = ngettext("E un’altra, all’indirizzo qui sotto.", "E altre %(n)s, all’indirizzo qui sotto.", rest)
            yield Paragraph(more % {"n": rest}, kind="hint")
        return
    for card in shown:
        yield from _entry(card, parts)


def _item(entry: Initiative) -> Item:
    return Item(entry.heading, _kind(entry, short=True), _whole(entry.get_absolute_url()), _language_of(entry, "title"))


def _entry(card: Card, parts: Sequence[str]) -> Iterator[Block]:
    entry = card.entry
    yield Heading(entry.heading, 3, _whole(entry.get_absolute_url()), _language_of(entry, "title"))
    yield Paragraph(_kind(entry), kind="hint")
    if "summaries" in parts:
        yield Paragraph(entry.abstract, language=_language_of(entry, "summary"))
        for dimension, label in facet_labels().items():
            if dimension in LINKS:
                yield Paragraph(_terms(card.links[dimension]), label)
        if entry.reading_note:
            yield Paragraph(entry.reading_note, _("Nota sulla lettura"))
    if "quotations" in parts:
        for passage in card.passages:
            yield Quote(passage, _whole(passage.get_absolute_url()))


def _kind(entry: Initiative, short: bool = False) -> str:
    """What the document names alone, saying that it does not report it, is no more than that here too."""
    parent = None if short else entry.public_parent
    kind = _("Misura di «%(title)s»") % {"title": parent.heading} if parent else entry.level_name
    named = _("solo citata in premessa")
    return f"{kind}; {named}" if entry.scope == Scope.FURTHER else kind


def _terms(links: Sequence[Attribution]) -> str:
    """Each with its basis and, where the editors say it, why."""
    said = []
    for link in links:
        why = link.reason.words if link.reason and link.basis == Basis.EDITORIAL else ""
        said.append(f"{link.term.label} ({link.basis_label}{': ' + why if why else ''})")
    return "; ".join(said) or _("Non classificato")


def _caveats(parts: Sequence[str]) -> Iterator[Block]:
    if set(parts) & {*TEXTS}:
        yield Heading(_("Che cosa avverte il documento"), 2)
        for passage in Passage.objects.caveats():
            yield Quote(passage, _whole(passage.get_absolute_url()))


def _citation(title: str, shown: Sequence[Card], page: str, version: int) -> Iterator[Block]:
    said = {
        "title": title,
        "day": day(moment_of(version)),
        "version": content.of_several(
            content.wording(card.entry, card.links, card.passages, card.lead_ins) for card in shown
        ),
        "address": _whole(page),
    }
    yield Heading(_("Come citare"), 2)
    words = _(
        "«%(title)s», nel Catalogo dell’innovazione sociale, dati aggiornati al %(day)s, versione del contenuto "
        "%(version)s, %(address)s"
    )
    yield Citation(words % said, page, _("Il codice da inquadrare con il telefono per aprire queste schede."))


def _whole(address: str) -> str:
    return settings.PUBLIC_URL + address


def _language_of(entry: Initiative, field: str) -> str:
    """Empty where the text is in the reader's."""
    language = get_language() or settings.LANGUAGE_CODE
    return "" if language == settings.LANGUAGE_CODE or getattr(entry, f"{field}_{language}") else settings.LANGUAGE_CODE
