"""The guide for editors, inside their pages."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse


def guide(request: HttpRequest) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": "Guida per la redazione"}
    return TemplateResponse(request, "admin/guide.html", context)
