"""The addresses of the API, which are the same in every language."""

from django.urls import path, re_path

from initiatives import api

app_name = "api"
urlpatterns = [
    path("api/v1/initiatives/", api.initiatives, name="initiatives"),
    path("api/v1/initiatives/<slug:slug>/", api.initiative, name="initiative"),
    path("api/v1/categories/", api.terms("categories", "category"), name="categories"),
    path("api/v1/objectives/", api.terms("objectives", "objective"), name="objectives"),
    path("api/v1/sectors/", api.terms("sectors", "sector"), name="sectors"),
    path("api/v1/passages/", api.passages, name="passages"),
    path("api/v1/matrix/", api.matrix, name="matrix"),
    path("api/v1/status", api.status, name="status"),
    path("api/v1/openapi.json", api.schema, name="schema"),
    re_path(r"^api/v1/[\s\S]*/$", api.nothing),
]
