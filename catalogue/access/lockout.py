"""Passwords are not guessed: after so many failures nobody is let try, and nothing is hashed.

django-axes has one limit for all it counts by, keeps a row for each browser that is named and writes what was typed;
here there are two limits, and what is kept is what is counted.
"""

import logging
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.encoding import escape_uri_path

from catalogue.access.addresses import client_address, neighbourhood
from catalogue.access.models import FailedSignIn

LOCKED_FOR = timedelta(hours=1)
MOST_OF_ACCOUNT = 10  # from one address
MOST_OF_ADDRESS = 50  # whatever the accounts: an office may have one address for all
logger = logging.getLogger("catalogue.access")


def is_locked(request: HttpRequest, name: str) -> bool:
    failures = FailedSignIn.objects.filter(address=_place(request), moment__gt=timezone.now() - LOCKED_FOR)
    counts = failures.aggregate(of_address=Count("pk"), of_account=Count("pk", Q(account=_key(name))))
    return counts["of_account"] >= MOST_OF_ACCOUNT or counts["of_address"] >= MOST_OF_ADDRESS


def count_failure(credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    if request is None:  # a program's, on this machine
        return
    name = str(credentials.get("username", ""))
    FailedSignIn.objects.filter(moment__lte=timezone.now() - LOCKED_FOR).delete()
    FailedSignIn.objects.create(account=_key(name), address=_place(request))
    log("failed sign-in", request, name)


def end_failures(request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Of this account from here: those of other names count on, or whoever has an account could guess for ever."""
    FailedSignIn.objects.filter(account=_key(user.get_username()), address=_place(request)).delete()


def failures_of(name: str) -> QuerySet[FailedSignIn]:
    """From wherever: deleted, they lock no more; an address stays locked where those of other names suffice."""
    return FailedSignIn.objects.filter(account=_key(name))


def log(what: str, request: HttpRequest, name: str) -> None:
    """Of names those that are an account's: whatever else was typed is written nowhere."""
    is_known = get_user_model().objects.filter(username=name).exists()
    who = f"account {name}" if is_known else "unknown account"
    logger.warning("%s: %s, from %s, at %s", what, who, client_address(request), escape_uri_path(request.path))


def _key(name: str) -> str:
    return salted_hmac(__name__, name.casefold(), algorithm="sha256").hexdigest()


def _place(request: HttpRequest) -> str:
    return neighbourhood(client_address(request))
