from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode

NONE = "none"
FACETS = ("objective", "category", "sector", "scope", "level")
DEFAULTS: dict[str, Any] = {"basis": "all", "q": "", "order": "position", "page": 1, "page_size": 25}


@dataclass(frozen=True)
class Selection:
    """What a query string asks for, once validated: the same value for page, counts and files."""

    objective: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    sector: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    basis: str = "all"
    q: str = ""
    order: str = "position"
    page: int = 1
    page_size: int = 25

    def chosen(self, facet: str) -> tuple[str, ...]:
        return getattr(self, facet)

    @property
    def active(self) -> list[str]:
        """The parameters that narrow the result, in the order of the page."""
        return [name for name in ("q", *FACETS, "basis") if getattr(self, name) != DEFAULTS.get(name, ())]

    def without(self, *names: str) -> Self:
        """The same selection with these parameters at their defaults, from its first page."""
        changes: dict[str, Any] = {name: DEFAULTS.get(name, ()) for name in names}
        return replace(self, **{**changes, "page": 1})

    def choosing(self, facet: str, value: str) -> Self:
        return self._with(facet, {*self.chosen(facet), value})

    def only(self, facet: str, value: str) -> Self:
        """With this value alone of its facet: what a cell or a ribbon opens."""
        return self._with(facet, {value})

    def dropping(self, facet: str, value: str) -> Self:
        return self._with(facet, {*self.chosen(facet)} - {value})

    def _with(self, facet: str, values: set[str]) -> Self:
        changes: dict[str, Any] = {facet: tuple(sorted(values)), "page": 1}
        return replace(self, **changes)

    def at_page(self, page: int) -> Self:
        return replace(self, page=page)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Parameters and values, sorted, without defaults."""
        chosen = [(facet, value) for facet in FACETS for value in self.chosen(facet)]
        others = [(name, getattr(self, name)) for name in DEFAULTS]
        return sorted(chosen + [(name, str(value)) for name, value in others if value != DEFAULTS[name]])

    @property
    def query(self) -> str:
        """The canonical query string; starts with `?` unless empty."""
        return f"?{urlencode(self.pairs)}" if self.pairs else ""
