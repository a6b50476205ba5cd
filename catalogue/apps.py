from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "catalogue"
    verbose_name = "Catalogo"

    def ready(self) -> None:
        from catalogue import checks  # noqa: F401
