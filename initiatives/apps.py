from typing import Any

from django.apps import AppConfig
from django.db import connections, transaction
from django.db.models.signals import m2m_changed, post_delete, post_migrate, post_save, pre_delete, pre_migrate
from django.utils.translation import gettext_lazy as _


class InitiativesConfig(AppConfig):
    name = "initiatives"
    verbose_name = _("Iniziative e fonte")

    def ready(self) -> None:
        pre_migrate.connect(drop_triggers, sender=self)
        post_migrate.connect(install_triggers, sender=self)
        for model in ("Initiative", "Passage"):
            for change in (post_save, post_delete):
                change.connect(stem_when_committed, sender=self.get_model(model))
        from initiatives.models import addresses

        post_save.connect(addresses.keep_address, sender=self.get_model("Initiative"))
        pre_delete.connect(addresses.leave_address, sender=self.get_model("Initiative"))
        self._tell_of_changes()

    def _tell_of_changes(self) -> None:
        from initiatives.history import settle_when_committed
        from initiatives.models import LINKS

        entry: Any = self.get_model("Initiative")
        links = LINKS.values()
        vocabularies = [link.vocabulary() for link in links]
        matches = [vocabulary.match_model() for vocabulary in vocabularies]
        for model in (entry, self.get_model("Passage"), *links, *vocabularies, *matches):
            for change in (post_save, post_delete):
                change.connect(settle_when_committed, sender=model)
        for ties in (entry.passages.through, entry.lead_ins.through):
            m2m_changed.connect(settle_when_committed, sender=ties)


def drop_triggers(using: str, plan: list[tuple[Any, bool]], **kwargs: Any) -> None:
    """Those that a migration would stumble over, where there is one to make."""
    from initiatives.versions import befores, triggers

    if any(migration.app_label in triggers.APPS for migration, _ in plan):
        befores.drop(connections[using])


def install_triggers(using: str, stdout: Any = None, **kwargs: Any) -> None:
    """Texts whose words nobody made yet get them now: all, where the rules of words are others.

    So does what came past Python, and what has stood since before the changes were told.
    """
    from initiatives.history import enter, settle
    from initiatives.models import PublicChange
    from initiatives.search import engine
    from initiatives.versions import triggers

    triggers.install(connections[using])
    engine.restem(stdout.write if stdout else print)
    if PublicChange._meta.db_table in connections[using].introspection.table_names():  # half-way back it is not
        settle()
        if not PublicChange.objects.exists():
            enter()


def stem_when_committed(**kwargs: Any) -> None:
    """Whoever changes a text makes its words; where that fails they are read from the text until the next change."""
    from initiatives.search import engine

    transaction.on_commit(engine.restem, robust=True)
