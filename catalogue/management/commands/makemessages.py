"""Django's own, which finds the words of Jinja's templates too."""

from pathlib import Path

from django.conf import settings
from django.core.management.commands import makemessages
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from jinja2.ext import extract_from_ast


def as_python(template: str) -> str:
    """The calls of gettext that a template makes, for xgettext to read."""
    engine = engines["jinja2"]
    assert isinstance(engine, Jinja2)
    calls = extract_from_ast(engine.env.parse(template), babel_style=False)
    return "".join(f"{name}{words!r}\n" for _, name, words in calls)


def is_jinja(path: Path) -> bool:
    """The editors' templates, which are the application's, are of Django's own kind."""
    return path.resolve().is_relative_to(settings.BASE_DIR / "templates")


class TemplateFile(makemessages.BuildFile):
    def preprocess(self) -> None:
        if not self.is_templatized or not is_jinja(Path(self.path)):
            super().preprocess()
        else:
            Path(self.work_path).write_text(as_python(Path(self.path).read_text("utf-8")), "utf-8")


class Command(makemessages.Command):
    build_file_class = TemplateFile
