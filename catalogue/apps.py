from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.staticfiles.apps import StaticFilesConfig

from catalogue.environment import make_data_dir


class CatalogueConfig(AppConfig):
    name = "catalogue"
    verbose_name = "Catalogo"

    def ready(self) -> None:
        from catalogue import checks  # noqa: F401

        make_data_dir(settings.DATA_DIR)


class Editors(SimpleAdminConfig):
    """Django's admin with the pages of `catalogue.admin` alone: no app has pages there that are not ours."""

    default_site = "catalogue.admin.site.EditorsSite"

    def ready(self) -> None:
        super().ready()
        from catalogue import admin  # noqa: F401


class StaticFiles(StaticFilesConfig):
    """Leaves what no page asks for where it is: collecting and packing it would double the time of a first start."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        *("ext", "django-htmx.js", "htmax-*", "htmx-4*", "htmx-2.js"),  # django-htmx's
        *("jquery.js", "select2.full.js", "xregexp.js"),  # admin's, while one develops
    ]
