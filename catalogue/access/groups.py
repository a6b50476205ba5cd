"""Who may do what: Redazione writes, Responsabili publish too; administrators may do everything.

Made where they are missing, and never touched again: what an administrator changes stays.
"""

from typing import Any

from django.apps import apps as installed
from django.db.models import Q

APPS = ("initiatives", "taxonomy")
LINKS = ("objectivelink", "categorylink", "sectorlink")
MATCHES = ("objectivematch", "categorymatch", "sectormatch")
PUBLIC = ("source", "passage", "specificobjective", "interventioncategory", "prioritysector")

# By model. What is written of entries waits to be published; synonyms alone change at once, what searches find.
WRITES = {
    "initiative": "add change",
    **dict.fromkeys(LINKS, "add change delete"),
    "synonymgroup": "add change",
    "expression": "add change delete",
}
PUBLISHES = {
    "initiative": "publish delete",
    **dict.fromkeys(PUBLIC, "add change"),
    **dict.fromkeys(MATCHES, "add change delete"),
    "synonymgroup": "delete",
    "publicentry": "change",
}


def _codenames(*rights: dict[str, str]) -> set[str]:
    return {f"{verb}_{model}" for each in rights for model, verbs in each.items() for verb in verbs.split()}


GROUPS = {"Redazione": _codenames(WRITES), "Responsabili": _codenames(WRITES, PUBLISHES)}


def make_groups(using: str, apps: Any = installed, **kwargs: Any) -> None:
    """After `migrate`, which may have gone part of the way: not before all of their permissions are there."""
    try:
        groups, permissions = (apps.get_model("auth", name).objects.using(using) for name in ("Group", "Permission"))
    except LookupError:
        return
    of_catalogue = permissions.filter(content_type__app_label__in=APPS)
    for name, codenames in GROUPS.items():
        if not groups.filter(name=name).exists():
            found = of_catalogue.filter(Q(codename__startswith="view_") | Q(codename__in=codenames))
            if codenames <= {permission.codename for permission in found}:
                groups.create(name=name).permissions.set(found)
