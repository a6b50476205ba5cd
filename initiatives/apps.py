from typing import Any

from django.apps import AppConfig
from django.core.checks import register
from django.db import connections
from django.db.models.signals import post_migrate


class InitiativesConfig(AppConfig):
    name = "initiatives"
    verbose_name = "Iniziative e fonte"

    def ready(self) -> None:
        from initiatives.checks import unstated

        post_migrate.connect(install_schema, sender=self)
        register(unstated, deploy=True)


def install_schema(using: str, **kwargs: Any) -> None:
    from initiatives import schema

    schema.install(connections[using])
