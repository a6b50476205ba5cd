"""Random catalogues and selections, and which entries a selection finds, counted by hand."""

from collections.abc import Iterable, Mapping

from hypothesis import strategies as st

from initiatives.facets import FACETS, Selection
from initiatives.models import LINKS, Initiative, Scope, Status, vocabularies

TERMS = {
    "objective": ["os-i", "os-ix"],
    "category": ["welfare-servizi-sociali", "cura-conciliazione", "economia-sociale"],
    "sector": ["inclusione-attiva", "servizi-sociali-qualita", "istruzione-formazione"],
}
VALUES = {
    **{dimension: [*slugs, "none"] for dimension, slugs in TERMS.items()},
    "scope": Scope.values,
    "level": ["initiative", "measure"],
}
WORDS = ["cura", "città", "famiglie"]
# What a reader writes and the word of the entry that it must find.
ASKED = {"cura": "cura", "citta": "città", "Famiglia": "famiglie", "fam": "famiglie", "città": "città"}


@st.composite
def entries(draw: st.DrawFn) -> Mapping:
    return {
        "status": draw(st.sampled_from([Status.PUBLISHED] * 4 + [Status.DRAFT])),
        "scope": draw(st.sampled_from(Scope.values)),
        "measure": draw(st.booleans()),
        "words": draw(st.sets(st.sampled_from(WORDS))),
        **{
            dimension: draw(st.dictionaries(st.sampled_from(slugs), st.sampled_from(["source", "editorial"])))
            for dimension, slugs in TERMS.items()
        },
    }


def selections() -> st.SearchStrategy[Selection]:
    facets = {f: st.sets(st.sampled_from(v), max_size=2).map(lambda s: tuple(sorted(s))) for f, v in VALUES.items()}
    return st.builds(
        Selection,
        choices=st.fixed_dictionaries(facets).map(lambda chosen: {f: values for f, values in chosen.items() if values}),
        basis=st.sampled_from(["all", "source"]),
        q=st.lists(st.sampled_from(list(ASKED)), max_size=2, unique=True).map(" ".join),
        order=st.sampled_from(["position", "title", "-updated", "relevance"]),
        page=st.integers(1, 3),
        page_size=st.sampled_from([2, 5]),
    )


def values(entry: Mapping, facet: str, basis: str) -> set[str]:
    if facet in TERMS:
        return {slug for slug, on in entry[facet].items() if basis in ("all", on)} or {"none"}
    return {entry["scope"] if facet == "scope" else "measure" if entry["measure"] else "initiative"}


def said_in(words: Iterable[str], selection: Selection) -> dict[str, bool]:
    """For each word asked for, whether these words have it; only the last of a query may be the beginning of one."""
    asked = selection.q.split()
    return {word: ASKED[word] in words and (word != "fam" or word == asked[-1]) for word in asked}


def matches(entry: Mapping, selection: Selection) -> bool:
    findable = all(
        said or (word == "cura" and "cura-conciliazione" in values(entry, "category", selection.basis))
        for word, said in said_in(entry["words"], selection).items()
    )
    return (
        entry["status"] == Status.PUBLISHED
        and findable
        and all(
            values(entry, facet, selection.basis) & set(selection.chosen(facet))
            for facet in FACETS
            if selection.chosen(facet)
        )
    )


def make(rows: list[Mapping]) -> list[Initiative]:
    """A catalogue of these entries alone."""
    Initiative.objects.exclude(parent=None).delete()
    Initiative.objects.all().delete()
    terms = vocabularies()
    parent = Initiative.objects.create(slug="madre", title="Madre", summary="Bozza.")
    made = []
    for n, row in enumerate(rows):
        entry = Initiative.objects.create(
            slug=f"voce-{n}",
            title=f"Voce {n}",
            summary=" ".join(sorted(row["words"])),
            status=row["status"],
            scope=row["scope"],
            parent=parent if row["measure"] else None,
            position=n,
        )
        for dimension, link in LINKS.items():
            for slug, basis in row[dimension].items():
                link._default_manager.create(initiative=entry, basis=basis, term=terms[dimension][slug])
        made.append(entry)
    return made
