"""The addresses of the API, which are the same in every language."""

from django.urls import path, re_path

from catalogue.api import views

app_name = "api"
urlpatterns = [
    path("api/v1/initiatives/", views.initiatives, name="initiatives"),
    path("api/v1/initiatives/<slug:slug>/", views.initiative, name="initiative"),
    path("api/v1/categories/", views.terms("categories", "category"), name="categories"),
    path("api/v1/objectives/", views.terms("objectives", "objective"), name="objectives"),
    path("api/v1/sectors/", views.terms("sectors", "sector"), name="sectors"),
    path("api/v1/passages/", views.passages, name="passages"),
    path("api/v1/matrix/", views.matrix, name="matrix"),
    path("api/v1/status", views.status, name="status"),
    path("api/v1/openapi.json", views.schema, name="schema"),
    re_path(r"^api/v1/[\s\S]*/$", views.nothing),
]
