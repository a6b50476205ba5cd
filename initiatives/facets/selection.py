from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self
from urllib.parse import urlencode

from initiatives.facets.kinds import FACETS

NONE = "none"


@dataclass(frozen=True)
class Selection:
    """What a query string asks for, once validated: the same value for page, counts and files.

    `choices` has the values of each facet that has any; `entries`, where there are any, the slugs of the only ones that
    are looked at. `carried` are parameters of the site's own, which find nothing: every change keeps them.
    """

    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    entries: tuple[str, ...] = ()
    basis: str = "all"
    q: str = ""
    order: str = ""  # the one that fits
    page: int = 1
    page_size: int = 25
    carried: tuple[tuple[str, str], ...] = ()

    def chosen(self, facet: str) -> tuple[str, ...]:
        return self.choices.get(facet, ())

    @property
    def ordering(self) -> str:
        """By relevance, where words were asked for and nobody chose otherwise."""
        return self.order or ("relevance" if self.q else "position")

    @property
    def active(self) -> list[str]:
        """The parameters that narrow the result, in the order of the page."""
        facets = [facet for facet in FACETS if self.chosen(facet)]
        entries = ["entries"] * bool(self.entries)
        return ["q"] * bool(self.q) + entries + facets + ["basis"] * (self.basis != DEFAULTS["basis"])

    def without(self, *names: str) -> Self:
        """The same selection with these parameters at their defaults, from its first page."""
        kept = {facet: values for facet, values in self.choices.items() if facet not in names}
        defaults = {name: default for name, default in DEFAULTS.items() if name in names}
        return replace(self, **{**defaults, "choices": kept, "page": DEFAULTS["page"]})

    @property
    def bare(self) -> Self:
        return replace(self, carried=())

    @property
    def whole(self) -> Self:
        """With nothing that narrows it."""
        return self.without(*self.active)

    def choosing(self, facet: str, value: str) -> Self:
        return self._with(facet, {*self.chosen(facet), value})

    def only(self, facet: str, value: str) -> Self:
        """With this value alone of its facet: what a cell or a ribbon opens."""
        return self._with(facet, {value})

    def dropping(self, facet: str, value: str) -> Self:
        return self._with(facet, {*self.chosen(facet)} - {value})

    def _with(self, facet: str, values: set[str]) -> Self:
        choices = {name: chosen for name, chosen in self.choices.items() if name != facet}
        if values:
            choices[facet] = tuple(sorted(values))
        return replace(self, choices=choices, page=DEFAULTS["page"])

    def ordered(self, order: str) -> Self:
        """In another order, from its first page; an order that goes without saying is not said."""
        unsaid = replace(self, order="", page=DEFAULTS["page"])
        return unsaid if order in ("relevance", unsaid.ordering) else replace(unsaid, order=order)

    def at_page(self, page: int) -> Self:
        return replace(self, page=page)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Parameters and values, sorted, without defaults."""
        chosen = [(facet, value) for facet, values in self.choices.items() for value in values]
        named = [("i", slug) for slug in self.entries]
        others = [(name, str(value)) for name in SAID if (value := getattr(self, name)) != DEFAULTS[name]]
        return sorted([*chosen, *named, *others, *self.carried])

    @property
    def query(self) -> str:
        """The canonical query string; starts with `?` unless empty."""
        pairs = self.pairs
        return f"?{urlencode(pairs)}" if pairs else ""


DEFAULTS: dict[str, Any] = {each.name: each.default for each in fields(Selection) if each.name != "choices"}
SAID = [name for name in DEFAULTS if name not in ("entries", "carried")]
