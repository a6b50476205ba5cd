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


def device_of(user: Any) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def is_complete(request: HttpRequest) -> bool:
    """Whether this session has shown what its account asks for.

    One begun with a device that has since been taken from the account ends; so does one from before it had any.
    """
    device = device_of(request.user)
    return request.session.get(DEVICE_ID_SESSION_KEY) == (device.persistent_id if device else None)


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
