"""What `check --deploy` says to whoever publishes the site."""

from typing import Any

from django.conf import settings
from django.core.checks import Info, register

from catalogue.rights import licence

UNSTATED = {
    "PUBLISHER_NAME": "the linked data say that the publisher and rights holder is not stated",
    "PUBLISHER_IPA": "the linked data give the publisher no code of the Indice della Pubblica Amministrazione",
    "CONTACT_EMAIL": "the linked data name no contact, and the pages say that there is none",
    "DATA_LICENCE": "files, pages and linked data say that the licence is not known",
    "TRUSTED_PROXIES": "all who sign in through a proxy count as one, and one stranger's wrong passwords lock all out",
}


@register(deploy=True)
def unstated(**kwargs: Any) -> list[Info]:
    """Settings still at their defaults, which are honest: none of this stops a deployment."""
    given = {name: getattr(settings, name) for name in UNSTATED} | {"DATA_LICENCE": licence()}
    return [
        Info(f"{name} is not set: {UNSTATED[name]}.", id=f"catalogue.I{number:03}")
        for number, name in enumerate(UNSTATED, start=1)
        if not given[name]
    ]
