"""What `check --deploy` says to whoever publishes the site."""

from typing import Any

from django.conf import settings
from django.core.checks import Info, register

from catalogue.rights import licence

UNSTATED = {
    "PUBLISHER_NAME": "every page says that nobody has signed the site yet, and so do the linked data",
    "PUBLISHER_IPA": "the linked data give the publisher no code of the Indice della Pubblica Amministrazione",
    "CONTACT_EMAIL": "every page says that there is no contact, and the linked data name none",
    "DATA_LICENCE": "files, pages and linked data say that the licence is not known",
    "TRUSTED_PROXIES": "all who sign in through a proxy count as one, and one stranger's wrong passwords lock all out",
    "PUBLISHER_URL": "the publisher's name leads nowhere",
    "ACCESSIBILITY_DECLARATION_URL": "the page on accessibility names no official declaration",
    "PUBLISHER_TYPE": "the linked data do not say what kind of body the publisher is",
}


@register(deploy=True)
def unstated(**kwargs: Any) -> list[Info]:
    """Settings still at their defaults, which are honest: none of this stops a deployment."""
    ids = {name: f"catalogue.I{number:03}" for number, name in enumerate(UNSTATED, start=1)}
    return [Info(f"{name} is not set: {UNSTATED[name]}.", id=ids[name]) for name in missing()]


def missing() -> list[str]:
    given = {name: getattr(settings, name) for name in UNSTATED} | {"DATA_LICENCE": licence()}
    return [name for name in UNSTATED if not given[name]]
