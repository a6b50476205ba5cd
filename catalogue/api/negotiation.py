from typing import Any

from rest_framework.negotiation import BaseContentNegotiation


class JSONAlone(BaseContentNegotiation):
    """Whatever is asked for, JSON in one form is what there is: a cache can keep it for everybody."""

    def select_parser(self, request: Any, parsers: Any) -> None:
        return None

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> tuple[Any, str]:
        return renderers[0], renderers[0].media_type
