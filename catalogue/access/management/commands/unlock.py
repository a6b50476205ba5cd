from argparse import ArgumentParser
from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand

from catalogue.access.addresses import neighbourhood
from catalogue.access.lockout import failures_of
from catalogue.access.models import FailedSignIn


class Command(BaseCommand):
    help = "Lets somebody try again who has been locked out by wrong passwords; without a name, everybody."

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("name", nargs="?", help="with which they sign in")
        which.add_argument("--address", help="which is locked for all names")

    def handle(self, *args: Any, name: str | None = None, address: str | None = None, **options: Any) -> None:
        failures = failures_of(name) if name else FailedSignIn.objects.all()
        if address is not None:
            if not (place := neighbourhood(address)):
                raise CommandError(f"{address} is no address.")
            failures = failures.filter(address=place)
        self.stdout.write(f"{failures.delete()[0]} failed sign-ins forgotten.")
