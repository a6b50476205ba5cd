"""The addresses of the API, which are the same in every language."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path, re_path, reverse_lazy
from django.utils.module_loading import import_string
from django.views.generic import RedirectView


class Later:
    """A view that is imported when first asked for: REST framework takes a fifth of a worker's start to import."""

    def __init__(self, name: str, module: str = "views") -> None:
        self.__name__ = self.__qualname__ = name
        self._module = module

    @cached_property
    def view(self) -> Callable[..., HttpResponseBase]:
        return import_string(f"catalogue.api.{self._module}.{self.__name__}")

    def __getattr__(self, name: str) -> Any:
        """What the framework knows of a view, for those who describe the API."""
        if name == "view_class":  # Django asks every view for it, at the start
            raise AttributeError(name)
        return getattr(self.view, name)

    def __call__(self, request: HttpRequest, **address: Any) -> HttpResponseBase:
        return self.view(request, **address)


app_name = "api"
urlpatterns = [
    path("api/", RedirectView.as_view(url=reverse_lazy("api"))),
    path("api/v1/", Later("index"), name="index"),
    path("api/v1/initiatives/", Later("initiatives"), name="initiatives"),
    path("api/v1/initiatives/<slug:slug>/", Later("initiative"), name="initiative"),
    path("api/v1/categories/", Later("categories"), name="categories"),
    path("api/v1/objectives/", Later("objectives"), name="objectives"),
    path("api/v1/sectors/", Later("sectors"), name="sectors"),
    path("api/v1/passages/", Later("passages"), name="passages"),
    path("api/v1/matrix/", Later("matrix"), name="matrix"),
    path("api/v1/changes/", Later("changes"), name="changes"),
    path("api/v1/status", Later("status"), name="status"),
    path("api/v1/openapi.json", Later("schema", "openapi"), name="schema"),
    re_path(r"^api/[\s\S]*/$", Later("nothing")),
]
