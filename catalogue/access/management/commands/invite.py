from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.core.management.base import BaseCommand

from catalogue.access.groups import GROUPS
from catalogue.access.links import one_time_link
from catalogue.access.models import Account


class Command(BaseCommand):
    help = "Prints a link, good once and for three days, with which somebody chooses a password; makes who is new."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="with which they sign in")
        rights = parser.add_mutually_exclusive_group()
        rights.add_argument("--group", choices=GROUPS, help="of somebody new")
        rights.add_argument("--administrator", action="store_true", help="somebody new who may do everything")

    def handle(
        self, *args: Any, name: str, group: str | None = None, administrator: bool = False, **options: Any
    ) -> None:
        account = Account.objects.filter(username=name).first()
        if account is None:
            account = make(name, group, administrator)
            self.stdout.write(f"Account {name} made.")
        elif group or administrator:
            raise CommandError(f"{name} has an account already: its rights are changed under /admin/.")
        self.stdout.write(one_time_link(account))


def make(name: str, group: str | None, administrator: bool) -> Account:
    if not (group or administrator):
        raise CommandError(f"Nobody is called {name}: for somebody new say --group or --administrator.")
    account = Account(username=name, is_staff=True, is_superuser=administrator)
    account.set_unusable_password()
    try:
        account.full_clean()
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    account.save()
    account.groups.set(Group.objects.filter(name=group))
    return account
