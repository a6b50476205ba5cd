"""Strict readers of environment variables: a wrong value stops the start with a sentence that names it."""

import os
import re
import secrets
import tempfile
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import EmailValidator, MaxLengthValidator, RegexValidator, URLValidator
from django.utils.functional import SimpleLazyObject

POSTGRESQL = {
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 9000,
}
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:]*:[0-9a-f:.]*")
_URI = re.compile(r"""[^\x00-\x20\x7f-\U0010ffff<>"{}|\\^`]+""")


def data_dir(default: Path) -> Path:
    return Path(os.environ.get("DATA_DIR") or default).absolute()


def make_data_dir(folder: Path) -> None:
    try:
        # The database holds password hashes and sessions: nobody else's business.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"DATA_DIR={folder} cannot be made: {error.strerror}.") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ImproperlyConfigured(f"DATA_DIR={folder} is not writable.")


def secret_key(folder: Path) -> str:
    """SECRET_KEY, or the key kept in `folder` (mode 0600), drawn when it is first used."""
    if given := os.environ.get("SECRET_KEY"):
        if len(given) < 50:
            raise ImproperlyConfigured("SECRET_KEY must have 50 characters or more.")
        return given
    return SimpleLazyObject(lambda: _kept_key(folder))  # type: ignore[return-value]


def _kept_key(folder: Path) -> str:
    path = folder / "secret-key"
    make_data_dir(folder)
    try:
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(64))
        key = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as error:
        raise ImproperlyConfigured(f"The secret key {path} cannot be kept or read: {error}.") from error
    if len(key) < 50:
        raise ImproperlyConfigured(f"The secret key {path} is too short: delete it and a new one is made.")
    return key


def _write_once(path: Path, text: str) -> None:
    # Written aside and linked in: whoever starts at the same moment sees a whole key or none, and the first one stays.
    # `mkstemp` makes files that their owner alone can read.
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(aside)


def public_url(default: str) -> SplitResult:
    """PUBLIC_URL: scheme and host under which readers reach the site; no path."""
    given = os.environ.get("PUBLIC_URL") or default
    try:
        url = urlsplit(given)
        host = url.hostname if url.port != 0 else None
    except ValueError:
        url, host = urlsplit(""), None
    if url.scheme not in ("http", "https") or not _HOST.fullmatch(host or ""):
        raise ImproperlyConfigured(
            f"PUBLIC_URL={given} is not an address such as https://catalogo.example.it (accented names as xn--…)."
        )
    if url.path.strip("/") or url.query or url.fragment or url.username:
        raise ImproperlyConfigured(f"PUBLIC_URL={given} must end after the host: the site needs one of its own.")
    return url


def email(name: str) -> str:
    return _optional(name, EmailValidator(), "an e-mail address")


def web_address(name: str) -> str:
    return _optional(name, URLValidator(["http", "https"]), "a web address")


def uri(name: str, default: str) -> str:
    """A web address that can stand in RDF as it is."""
    given = web_address(name) or default
    if not _URI.fullmatch(given):
        raise ImproperlyConfigured(f"{name}={given!a} is not a URI: some of its characters must be written as %….")
    return given


def text(name: str) -> str:
    return _optional(name, MaxLengthValidator(200), "a name of 200 characters at most")


def megabytes(name: str, default: int) -> int:
    given = _optional(name, RegexValidator(r"^\d{1,4}\Z"), "a number of megabytes, 0 to 9999")
    return int(given) if given else default


def ipa_code(name: str) -> str:
    return _optional(name, RegexValidator(r"^[A-Za-z0-9_-]{1,40}\Z"), "a code of the Indice della PA, such as agid")


def choice(name: str, *choices: str) -> str:
    """One of them; the first, which may be none, where nothing is said."""
    given = os.environ.get(name) or choices[0]
    if given not in choices:
        raise ImproperlyConfigured(f"{name}={given!a} is not {' or '.join(filter(None, choices))}.")
    return given


def networks(name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Addresses and networks, with commas between them."""
    given = os.environ.get(name, "")
    try:
        read = tuple(ip_network(each.strip()) for each in given.split(",") if each.strip())
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name}={given!a} is not a list of addresses and networks such as 10.0.0.7, 192.168.1.0/24."
        ) from error
    if not all(network.prefixlen for network in read):
        raise ImproperlyConfigured(f"{name}={given!a} would trust everybody.")
    return read


def _optional(name: str, validate: Callable[[str], None], what: str) -> str:
    given = os.environ.get(name, "")
    try:
        if given:
            validate(given)
    except ValidationError as error:
        raise ImproperlyConfigured(f"{name}={given!a} is not {what}.") from error
    if not given.isprintable():  # nor is a byte that is not UTF-8
        raise ImproperlyConfigured(f"{name}={given!a} has a character that cannot be shown.")
    return given


def database(default: Path) -> dict[str, Any]:
    """DATABASE_URL as Django's settings; without it, SQLite in the file `default`."""
    given = os.environ.get("DATABASE_URL")
    if not given:
        return _sqlite(default)
    try:
        url = urlsplit(given)
        port = url.port
    except ValueError as error:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {error}.") from error
    name = unquote(url.path[1:])
    if url.scheme == "sqlite" and name and not url.netloc:
        return _sqlite(Path(name))
    if url.scheme in ("postgres", "postgresql") and name:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": name,
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": unquote(url.hostname or ""),
            "PORT": str(port or ""),
            # Each thread of a worker, five at the most, keeps its own: it does what a pool would, and fails clearly.
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
            # A server that is gone without a word is noticed within some ten seconds.
            "OPTIONS": {**POSTGRESQL, **dict(parse_qsl(url.query))},
        }
    raise ImproperlyConfigured(
        "DATABASE_URL must be postgresql://user:password@host:5432/name or sqlite:////absolute/path."
    )


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # Readers go on while an editor writes; a writer asks for its lock at once instead of failing half-way.
            # What is committed outlives a power cut; no commit moves more than a few pages of those before it.
            "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 100",
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
        },
    }
