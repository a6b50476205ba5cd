from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from catalogue.access.lockout import failures_of


def one_time_link(user: AbstractBaseUser) -> str:
    """Where whoever holds it chooses the account's password: once, and for as long as PASSWORD_RESET_TIMEOUT says.

    Choosing one or signing in ends all links of the account. It opens an account that wrong guesses have locked, but no
    address that is locked for all names.
    """
    failures_of(user.get_username()).delete()
    key, token = urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)
    return settings.PUBLIC_URL + reverse("admin:one-time-link", args=[key, token])
