from django.apps import AppConfig
from django.core.checks import register


class CatalogueConfig(AppConfig):
    name = "catalogue"
    verbose_name = "Catalogo"

    def ready(self) -> None:
        from catalogue.checks import unstated

        register(unstated, deploy=True)
