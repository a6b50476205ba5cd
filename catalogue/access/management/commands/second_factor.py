from argparse import ArgumentParser
from io import StringIO
from typing import Any

import segno
from django.core.management import CommandError
from django.core.management.base import BaseCommand

from catalogue.access import second_factor
from catalogue.access.models import Account


class Command(BaseCommand):
    help = "Shows the QR code with which somebody sets up their second factor, or forgets one that was lost."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="with which they sign in")
        parser.add_argument("--forget", action="store_true", help="what they have: they can set up another")

    def handle(self, *args: Any, name: str, forget: bool = False, **options: Any) -> None:
        account = Account.objects.filter(username=name).first()
        if account is None:
            raise CommandError(f"Nobody is called {name}.")
        if forget:
            self.stdout.write("Forgotten." if second_factor.forget(account) else f"{name} has none.")
            return
        key = second_factor.new_key()
        self.stdout.write(in_blocks(second_factor.address_of(account, key)))
        self.stdout.write(f"Scan this, or type the key: {second_factor.in_words(key)}")
        codes = second_factor.enrol(account, key, ask("Code that the app shows: "))
        if not codes:
            raise CommandError("This is not the code that was expected: nothing is changed.")
        self.stdout.write("The second factor is set up. Codes to keep on paper, each good once:")
        self.stdout.write("\n".join(codes))


def in_blocks(address: str) -> str:
    drawn = StringIO()
    segno.make(address, micro=False).terminal(drawn, compact=True)
    return drawn.getvalue()


def ask(question: str) -> str:
    try:
        return input(question)
    except EOFError as error:
        raise CommandError("Nobody has answered: nothing is changed.") from error
