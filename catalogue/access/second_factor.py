"""What somebody has, beside the password that they know: an app that counts (TOTP, RFC 6238), and codes on paper."""

import re
import time
from base64 import b32encode
from binascii import unhexlify
from math import ceil
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY, verify_token
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

RECOVERY_CODES = 10
BEGUN = "second-factor-begun"  # in the session, of an app that has not shown yet that it has its key
BEGUN_FOR = 10 * 60  # seconds, where there is an app already


def device_of(user: Any) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def is_complete(request: HttpRequest) -> bool:
    """Whether this session has shown what its account asks for.

    One begun with a device that has since been taken from the account ends; so does one from before it had any.
    """
    device = device_of(request.user)
    return request.session.get(DEVICE_ID_SESSION_KEY) == (device.persistent_id if device else None)


def start_session(request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """At sign-in, which keeps what this account's session before had: a device since taken away, an app just begun."""
    request.session.pop(BEGUN, None)
    if device_of(user) is None:
        request.session.pop(DEVICE_ID_SESSION_KEY, None)


def must_enrol(user: Any) -> bool:
    return settings.SECOND_FACTOR == "required" and device_of(user) is None


def accept(user: Any, code: str) -> TOTPDevice | None:
    """The account's device, if the code is the app's or one of those on paper, which then is spent."""
    code, device = re.sub(r"[\s-]", "", code).lower(), device_of(user)
    paper = StaticDevice.objects.filter(user=user).first()
    shown = device if re.fullmatch(r"[0-9]{6}", code) else paper
    return device if shown and verify_token(user, shown.persistent_id, code) else None


def seconds_to_wait(user: Any) -> int:
    """After wrong codes, each of which doubles it."""
    until = [timezone.now()]
    for model in (TOTPDevice, StaticDevice):
        for device in model.objects.filter(user=user):
            until.append((device.verify_is_allowed()[1] or {}).get("locked_until", until[0]))
    return ceil((max(until) - until[0]).total_seconds())


def new_key() -> str:
    return random_hex(20)


def begin(request: HttpRequest, former: TOTPDevice | None) -> str:
    """The key of the app that is being set up in this session."""
    key = new_key()
    request.session[BEGUN] = {"key": key, "at": time.time(), "former": former.persistent_id if former else None}
    return key


def key_begun(request: HttpRequest, device: TOTPDevice | None) -> str:
    """Empty where none was begun, or since then the account's device has changed or too much time has passed.

    Whoever has no device yet may take all the time that the session lasts.
    """
    begun = request.session.get(BEGUN)
    if not begun or begun["former"] != (device.persistent_id if device else None):
        return ""
    return "" if device and time.time() - begun["at"] >= BEGUN_FOR else begun["key"]


def address_of(user: Any, key: str) -> str:
    """What a QR code tells the app."""
    return str(TOTPDevice(user=user, key=key).config_url)


def in_words(key: str) -> str:
    """The key as one types it where nothing reads a QR code."""
    return _in_fours(b32encode(unhexlify(key)).decode(), " ")


def enrol(user: Any, key: str, code: str) -> list[str]:
    """The codes to keep on paper, once the app has shown that it has the key; none where it has not.

    Whatever the account had before is worth nothing from then on.
    """
    device = TOTPDevice(user=user, name="app", key=key)
    clock = TOTP(device.bin_key)
    clock.time = time.time()
    code = re.sub(r"\s", "", code)
    if not (re.fullmatch(r"[0-9]{6}", code) and clock.verify(int(code), device.tolerance)):
        return []
    device.drift, device.last_t = clock.drift, clock.t()  # this code is spent
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    with transaction.atomic():
        forget(user)
        device.save()
        paper = StaticDevice.objects.create(user=user, name="carta")
        StaticToken.objects.bulk_create([StaticToken(device=paper, token=code) for code in codes])
    return [_in_fours(code, "-") for code in codes]


def codes_left(user: Any) -> int:
    return StaticToken.objects.filter(device__user=user).count()


@transaction.atomic
def forget(user: Any) -> bool:
    """Whether there was anything to forget."""
    deleted = [model.objects.filter(user=user).delete()[0] for model in (TOTPDevice, StaticDevice)]
    return any(deleted)


def _in_fours(text: str, between: str) -> str:
    return between.join(text[at : at + 4] for at in range(0, len(text), 4))
