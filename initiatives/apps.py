from typing import Any

from django.apps import AppConfig
from django.db import connections, transaction
from django.db.models.signals import post_delete, post_migrate, post_save, pre_delete
from django.utils.translation import gettext_lazy as _


class InitiativesConfig(AppConfig):
    name = "initiatives"
    verbose_name = _("Iniziative e fonte")

    def ready(self) -> None:
        post_migrate.connect(install_triggers, sender=self)
        for model in ("Initiative", "Passage"):
            for change in (post_save, post_delete):
                change.connect(stem_when_committed, sender=self.get_model(model))
        from initiatives.models import addresses

        post_save.connect(addresses.keep_address, sender=self.get_model("Initiative"))
        pre_delete.connect(addresses.leave_address, sender=self.get_model("Initiative"))


def install_triggers(using: str, stdout: Any = None, **kwargs: Any) -> None:
    """Texts whose words nobody made yet get them now: all, where the rules of words are others."""
    from initiatives.search import engine
    from initiatives.versions import triggers

    triggers.install(connections[using])
    engine.restem(stdout.write if stdout else print)


def stem_when_committed(**kwargs: Any) -> None:
    """Whoever changes a text makes its words; where that fails they are read from the text until the next change."""
    from initiatives.search import engine

    transaction.on_commit(engine.restem, robust=True)
