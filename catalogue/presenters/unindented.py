"""Templates are laid out for those who write them; every page would carry a tenth of its weight for it."""

import re

from django.template import Origin
from django.template.loaders import filesystem

_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_SILENT_TAGS = "load|extends|block|endblock|with|endwith|if|elif|else|endif|for|empty|endfor"
_LINE_OF_TAGS = re.compile(rf"^((?:{{% (?:{_SILENT_TAGS})\b[^%]*%}})+)\n", re.MULTILINE)


class Loader(filesystem.Loader):
    """Gives a page's template without its indentation and without the ends of lines that hold only silent tags."""

    def get_contents(self, origin: Origin) -> str:
        contents = super().get_contents(origin)
        if not origin.name.endswith(".html"):
            return contents
        return _LINE_OF_TAGS.sub(r"\1", _INDENT.sub("", contents))
