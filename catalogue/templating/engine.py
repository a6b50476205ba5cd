"""Jinja, which makes a page in a fraction of the time that Django's own templates take."""

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from django.conf import settings
from django.template import defaultfilters
from django.template.backends.jinja2 import Jinja2
from django.templatetags.static import static
from django.utils.translation import get_language, gettext, ngettext, pgettext
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader

from catalogue.rights import signature
from catalogue.templating.filters import FILTERS
from catalogue.templating.functions import FUNCTIONS, facet_label, said
from taxonomy.addresses import address

_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_SILENT_TAGS = "extends|from|macro|block|endblock|with|endwith|if|elif|else|endif|for|endfor|set"
_LINE_OF_TAGS = re.compile(rf"^((?:{{% (?:{_SILENT_TAGS})\b[^%]*%}})+)\n", re.MULTILINE)
DJANGOS_FILTERS = ("capfirst", "striptags", "truncatechars", "truncatewords", "urlencode")
# Each holds one macro of its own name, which pages call many times with the same few plain values.
REPEATED = ("parts/term_link.html", "workbench/definition.html")


class Unindented(FileSystemLoader):
    """Templates are laid out for those who write them; every page would carry a tenth of its weight for it.

    Gives a page's template without its indentation and without the ends of lines that hold only silent tags.
    """

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        source, path, is_current = super().get_source(environment, template)
        if template.endswith((".html", ".svg")):
            source = _LINE_OF_TAGS.sub(r"\1", _INDENT.sub("", source))
        return source, path, is_current


class Engine(Jinja2):
    """Has an environment for each language: what the language settles is looked up once."""

    @property
    def env(self) -> Environment:
        return self._by_language[get_language() or settings.LANGUAGE_CODE]

    @env.setter
    def env(self, made: Environment) -> None:
        self._by_language = {language: _in_language(language, made) for language, _ in settings.LANGUAGES}


def environment(**options: Any) -> Environment:
    """What environments of all languages have."""
    made = Environment(**options | {"loader": Unindented(settings.BASE_DIR / "templates")})
    made.install_gettext_callables(gettext, ngettext, newstyle=True, pgettext=pgettext)  # type: ignore[attr-defined]
    made.globals |= {function.__name__: function for function in (*FUNCTIONS, signature)}
    made.filters |= {name: getattr(defaultfilters, name) for name in DJANGOS_FILTERS}
    made.filters |= {function.__name__: function for function in FILTERS}
    return made


def _in_language(language: str, made: Environment) -> Environment:
    """Used only while the language is active."""
    compiled = settings.DATA_DIR / "templates" / f"{language}-{jinja2.__version__}"
    compiled.mkdir(parents=True, exist_ok=True)
    environment = made.overlay(bytecode_cache=FileSystemBytecodeCache(str(compiled)))
    settled: dict[str, Callable[..., str]] = {"_": said, "facet_label": facet_label, "static": static, "url": address}
    settled |= {Path(template).stem: _macro(environment, template) for template in REPEATED}
    # By type too: what is safe as it is and what has to be escaped may be the same letters.
    once = {name: lru_cache(maxsize=2000, typed=True)(function) for name, function in settled.items()}
    environment.globals = made.globals | {"language": language} | once
    return environment


def _macro(environment: Environment, template: str) -> Callable[..., str]:
    return lambda *values: getattr(environment.get_template(template).module, Path(template).stem)(*values)
