import random
import re
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connection, transaction

from initiatives.history import enter
from initiatives.models import LINKS, Basis, Initiative, Passage, Scope, Status, vocabularies
from initiatives.models.addresses import keep_addresses
from initiatives.search import engine
from initiatives.versions import triggers
from taxonomy.models import Term

BATCH = 5000
NAMES = 20_000  # made-up project names: a few of them common, most of them rare
MEASURES = 10 / 27
# How many terms of a dimension an entry has, with what weight; within a dimension the first terms are the common ones.
HOW_MANY = {"objective": {0: 10, 1: 82, 2: 8}, "category": {0: 10, 1: 70, 2: 20}, "sector": {0: 8, 1: 50, 2: 42}}
SYLLABLES = [consonant + vowel for consonant in "bcdfglmnprstv" for vowel in "aeo"]


class Command(BaseCommand):
    help = "Fills an empty database with made-up entries, for trying the catalogue at a size it does not have yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--entries", type=int, required=True)
        parser.add_argument("--seed", type=int, default=2014)

    def handle(self, *args: Any, entries: int, seed: int, **options: Any) -> None:
        if Initiative._meta.db_table in connection.introspection.table_names() and Initiative.objects.exists():
            raise CommandError("This database has entries: a sample goes into one of its own (DATA_DIR, DATABASE_URL).")
        if entries < 1:
            raise CommandError("--entries must be 1 or more.")
        call_command("migrate", verbosity=0, interactive=False)
        if not Passage.objects.exists():
            call_command("loaddata", "taxonomy", "source", "matches", verbosity=0)
        began = time.monotonic()
        triggers.drop()
        try:
            maker = Maker(random.Random(seed))
            for made in maker.batches(entries):
                self.stdout.write(f"{made} of {entries} entries, {time.monotonic() - began:.0f} s")
                self.stdout.flush()
            keep_addresses()
            enter()
        finally:
            triggers.install()  # which knows nothing of these texts
            engine.restem(self.stdout.write)


class Maker:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.passages = list(Passage.objects.all())
        clauses = {c.strip(" *.:()¹") for p in self.passages for c in re.split(r"[,;:.()*]", p.text)}
        self.clauses = sorted(clause for clause in clauses if 2 <= len(clause.split()) <= 14)
        self.names = ["".join(rng.choices(SYLLABLES, k=4)).capitalize() for _ in range(NAMES)]
        self.name_weights = list(accumulate(1 / (n + 1) for n in range(NAMES)))
        self.terms = {dimension: list(terms.values()) for dimension, terms in vocabularies().items()}
        self.naming = {term: term.passages.first() for terms in self.terms.values() for term in terms}

    def batches(self, entries: int) -> Iterator[int]:
        """Yields how many entries there are after each batch."""
        made = 0
        while made < entries:
            with transaction.atomic():
                size = min(BATCH, entries - made)
                roots = round(size * (1 - MEASURES)) or 1
                initiatives = Initiative.objects.bulk_create(self.entry(made + n, None) for n in range(roots))
                measures = Initiative.objects.bulk_create(
                    self.entry(made + n, self.rng.choice(initiatives)) for n in range(roots, size)
                )
                self.tie(initiatives + measures)
            made += size
            yield made

    def entry(self, number: int, parent: Initiative | None) -> Initiative:
        (name,) = self.rng.choices(self.names, cum_weights=self.name_weights)
        first, second, third = self.rng.choices(self.clauses, k=3)
        when = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=self.rng.randrange(300_000))
        is_draft = self.rng.random() < 0.01 or (parent is not None and not parent.is_published)
        return Initiative(
            slug=f"prova-{number}",
            title=f"{first[:1].upper()}{first[1:]} {name}",
            summary=f"Scheda di prova: {second}, {third}.",
            parent=parent,
            scope=Scope.FURTHER if self.rng.random() < 0.1 else Scope.FOCUS,
            status=Status.DRAFT if is_draft else Status.PUBLISHED,
            position=number,
            created=when,
            updated=when,
        )

    def tie(self, entries: list[Initiative]) -> None:
        """Links and passages of new entries."""
        for dimension, link in LINKS.items():
            made = [
                link(initiative=entry, basis=self.basis(), term=term)  # type: ignore[misc]
                for entry in entries
                for term in self.some_terms(dimension)
            ]
            for each in made:
                each.passage = self.naming[each.term]
                each.note = "Classificazione di prova." if each.basis == Basis.EDITORIAL else ""
            link._default_manager.bulk_create(made)
        quoted = Initiative.passages.through
        quoted._default_manager.bulk_create(
            quoted(initiative=entry, passage=self.rng.choice(self.passages)) for entry in entries
        )

    def some_terms(self, dimension: str) -> set[Term]:
        counts = HOW_MANY[dimension]
        (wanted,) = self.rng.choices(list(counts), weights=list(counts.values()))
        terms = self.terms[dimension]
        return set(self.rng.choices(terms, weights=[1 / (n + 1) for n in range(len(terms))], k=wanted))

    def basis(self) -> Basis:
        return Basis.SOURCE if self.rng.random() < 0.8 else Basis.EDITORIAL
