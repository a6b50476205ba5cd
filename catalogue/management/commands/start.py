import errno
import hashlib
import os
import socket
from argparse import ArgumentParser
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.files import locks
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.core.serializers.base import DeserializationError
from django.db import DatabaseError, connection, transaction

from catalogue.apps import StaticFiles
from catalogue.checks import missing
from initiatives.models import Initiative, Source, vocabularies

FIXTURES = ("taxonomy", "source", "initiatives", "links", "synonyms", "matches")


class Command(BaseCommand):
    help = "Makes whatever is missing (database, catalogue, static files) and serves the site."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: loopback alone)")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=1, help="server processes")

    def handle(self, *args: Any, host: str, port: int, workers: int, **options: Any) -> None:
        if workers < 1:
            raise CommandError("--workers must be 1 or more.")
        if not 1 <= port <= 65535:
            raise CommandError("--port must be a number from 1 to 65535.")
        ip = probe(host, port)
        public = public_address(host, port)
        with (settings.DATA_DIR / "start.lock").open("w") as lock:
            # Two first starts at the same moment: the second waits and finds everything done.
            locks.lock(lock, locks.LOCK_EX)
            str(settings.SECRET_KEY)  # drawn now, if there is none: a bad one stops the start
            with collecting_static():
                prepare_database()
                self.stdout.write(load_catalogue())
        self.stdout.write(f"The catalogue is at {public}/ (stop it with Ctrl+C).")
        if not get_user_model().objects.exists():
            self.stdout.write("To edit it, make the first admin: uv run manage.py createsuperuser")
        if unset := missing():
            self.stdout.write(f"Not set yet, and README says what each is: {', '.join(unset)}.")
        self.stdout.flush()
        connection.close()
        serve(ip, port, workers)


def probe(host: str, port: int) -> str:
    """The host's IP address. Fails now if it cannot be had: the server would share a busy port without a word."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probing:
            if os.name == "posix":  # a port left by a process just stopped is free; elsewhere the option means "share"
                probing.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probing.bind(place)
            probing.listen(1)
            return str(place[0])
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CommandError(f"Port {port} of {host} is in use: stop what uses it, or choose --port.") from error
        raise CommandError(f"Cannot listen on {host}, port {port}: {error.strerror}.") from error


def prepare_database() -> None:
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as error:
        raise CommandError(f"The database cannot be prepared: {' '.join(str(error).split())}") from error


def load_catalogue() -> str:
    """Loads the fixtures into an empty database only: what editors have written is never touched."""
    if Initiative.objects.exists() or Source.objects.exists() or any(vocabularies().values()):
        return f"The catalogue already holds {Initiative.objects.count()} entries: nothing loaded."
    try:
        with transaction.atomic():
            call_command("loaddata", *FIXTURES, verbosity=0)
    except (CommandError, DeserializationError, DatabaseError, TypeError) as error:
        reason = " ".join(f"{error} {error.__cause__ or ''}".split())
        raise CommandError(f"The fixtures cannot be loaded, nothing was: {reason}") from error
    return f"{Initiative.objects.count()} entries loaded from the fixtures."


@contextmanager
def collecting_static() -> Iterator[None]:
    """Hashes and compresses the static files meanwhile, unless those collected come from the very same ones."""
    stamp = settings.DATA_DIR / "static-collected-from"
    fingerprint = _fingerprint()
    if Path(settings.STATIC_ROOT).exists() and stamp.exists() and stamp.read_text() == fingerprint:
        yield
        return
    # In a process of its own: the memory that compressing takes goes with it, and workers do not inherit it.
    with ProcessPoolExecutor(1, initializer=django.setup) as pool:
        collecting = pool.submit(call_command, "collectstatic", verbosity=0, interactive=False)
        yield
        try:
            collecting.result()
            stamp.write_text(fingerprint)
        except OSError as error:
            raise CommandError(f"The static files cannot be collected: {error}.") from error


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(StaticFiles.ignore_patterns):
            stat = Path(storage.path(path)).stat()
            prefix = getattr(storage, "prefix", "")
            digest.update(f"{prefix}/{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def public_address(host: str, port: int) -> str:
    """PUBLIC_URL or, on loopback, the address itself, which then is PUBLIC_URL for the server's processes too."""
    if not os.environ.get("PUBLIC_URL"):
        if host not in ("127.0.0.1", "localhost", "::1"):
            raise CommandError(f"--host {host} is for readers elsewhere: set PUBLIC_URL to the address they use.")
        address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        # Workers that are forked have these settings; those that start anew, as on macOS, read the environment.
        settings.PUBLIC_URL = os.environ["PUBLIC_URL"] = address
        settings.CSRF_TRUSTED_ORIGINS = [address]
    return settings.PUBLIC_URL


def serve(ip: str, port: int, workers: int) -> None:
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    Granian(
        "catalogue.serving.asgi:application",
        address=ip,
        port=port,
        interface=Interfaces.ASGINL,  # without ASGI's lifespan, which nothing here needs
        workers=workers,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve()
