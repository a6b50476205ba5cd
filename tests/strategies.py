"""Random catalogues and selections, and which entries a selection finds, counted by hand."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from initiatives.facets import FACETS, Selection
from initiatives.models import LINKS, Initiative, Scope, Status, SynonymGroup, vocabularies

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
# What a reader writes and the word of the entry that it must find; the last by a synonym.
ASKED = {
    "cura": "cura",
    "citta": "città",
    "Famiglia": "famiglie",
    "fam": "famiglie",
    "città": "città",
    "zibibbo": "famiglie",
}


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


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Words, some of them joined by an "o", some excluded: `cura o fam -citta`."""
    asked = draw(st.lists(st.sampled_from(list(ASKED)), max_size=3, unique=True))
    signs = [draw(st.sampled_from(["", "", "-", "o "])) for _ in asked]
    pieces: list[str] = []
    for word, sign in zip(asked, signs, strict=True):
        can_join = sign == "o " and pieces and not pieces[-1].startswith("-")
        pieces.append(f"o {word}" if can_join else f"-{word}" if sign == "-" else word)
    return " ".join(pieces)


@dataclass(frozen=True)
class Text:
    """Of each clause the words that may fulfil it, and the words that must not be there."""

    clauses: list[list[str]]
    excluded: list[str]

    @classmethod
    def of(cls, q: str) -> "Text":
        clauses: list[list[str]] = []
        excluded, tokens = [], q.split()
        for n, token in enumerate(tokens):
            if token.startswith("-"):
                excluded.append(token[1:])
            elif n and tokens[n - 1] == "o":
                clauses[-1].append(token)
            elif token != "o":
                clauses.append([token])
        return cls(clauses, excluded)

    def is_said(self, word: str, words: Iterable[str]) -> bool:
        """Only the last of a text may be the beginning of a word."""
        return ASKED[word] in words and (word != "fam" or word == self.clauses[-1][-1])

    def is_all_said(self, words: Collection[str]) -> bool:
        return all(any(self.is_said(word, words) for word in clause) for clause in self.clauses)

    def finds(self, entry: Mapping, basis: str) -> bool:
        def under(word: str) -> bool:
            return word == "cura" and "cura-conciliazione" in values(entry, "category", basis)

        unwanted = (under(word) or (word in ("cura", "citta", "Famiglia", "città") and ASKED[word] in entry["words"])
                    for word in self.excluded)  # fmt: skip
        wanted = (any(under(word) or self.is_said(word, entry["words"]) for word in clause) for clause in self.clauses)
        return all(wanted) and not any(unwanted)


def catalogues(most: int) -> st.SearchStrategy[list[Mapping]]:
    """Entries that know the slug under which `make` makes them."""
    rows = st.lists(entries(), max_size=most)
    return rows.map(lambda made: [{**row, "slug": f"voce-{n}"} for n, row in enumerate(made)])


def selections(slugs: Sequence[str] = ()) -> st.SearchStrategy[Selection]:
    """`slugs` are of entries that a selection may name."""
    named = st.sets(st.sampled_from([*slugs])).map(lambda names: tuple(sorted(names))) if slugs else st.just(())
    facets = {f: st.sets(st.sampled_from(v), max_size=2).map(lambda s: tuple(sorted(s))) for f, v in VALUES.items()}
    return st.builds(
        Selection,
        choices=st.fixed_dictionaries(facets).map(lambda chosen: {f: values for f, values in chosen.items() if values}),
        entries=st.just(()) | named,
        basis=st.sampled_from(["all", "source"]),
        q=texts(),
        order=st.sampled_from(["position", "title", "level", "-updated", "relevance"]),
        page=st.integers(1, 3),
        page_size=st.sampled_from([2, 5]),
    )


def values(entry: Mapping, facet: str, basis: str) -> set[str]:
    if facet in TERMS:
        return {slug for slug, on in entry[facet].items() if basis in ("all", on)} or {"none"}
    return {entry["scope"] if facet == "scope" else "measure" if entry["measure"] else "initiative"}


def matches(entry: Mapping, selection: Selection) -> bool:
    return (
        entry["status"] == Status.PUBLISHED
        and (not selection.entries or entry["slug"] in selection.entries)
        and Text.of(selection.q).finds(entry, selection.basis)
        and all(
            values(entry, facet, selection.basis) & set(selection.chosen(facet))
            for facet in FACETS
            if selection.chosen(facet)
        )
    )


def make(rows: list[Mapping]) -> list[Initiative]:
    """A catalogue of these entries alone, and of one group of synonyms."""
    SynonymGroup.objects.all().delete()
    group = SynonymGroup.objects.create(slug="famiglie")
    for expression in ("zibibbo", "famiglie"):
        group.expressions.create(text=expression)
    Initiative.objects.exclude(parent=None).delete()
    Initiative.objects.all().delete()
    terms = vocabularies()
    parent = Initiative.objects.create(slug="madre", title="Madre", summary="Bozza.")
    made = []
    for n, row in enumerate(rows):
        entry = Initiative.objects.create(
            slug=f"voce-{n}",
            title=f"Scheda {n}",
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
