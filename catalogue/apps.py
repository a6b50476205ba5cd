from django.apps import AppConfig
from django.conf import settings

from catalogue.environment import make_data_dir


class CatalogueConfig(AppConfig):
    name = "catalogue"
    verbose_name = "Catalogo"

    def ready(self) -> None:
        from catalogue import checks  # noqa: F401

        make_data_dir(settings.DATA_DIR)
