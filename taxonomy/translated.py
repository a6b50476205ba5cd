from django.db.models import Model
from django.utils.translation import get_language


def translated(instance: Model, field: str) -> str:
    """`field` in the active language: its English twin where there is one, else the Italian original."""
    twin = getattr(instance, f"{field}_en") if get_language() == "en" else ""
    return twin or getattr(instance, field)
