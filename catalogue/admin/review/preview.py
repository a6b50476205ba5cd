"""An entry's public page as it would be: made of rows that are saved in a transaction which is rolled back."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import resolve
from django.utils.translation import override

from catalogue.pages.entries import entry_alone
from initiatives.facets import FacetIndex, current_index, index_of_rehearsal
from initiatives.models import Initiative, Status


@dataclass(frozen=True)
class Preview:
    """What the page's notice says: what is shown, where it is in the other language, where its form is."""

    what: str
    twin: str = ""
    form: str = ""


@contextmanager
def rolled_back() -> Iterator[None]:
    """Whatever is saved inside is seen inside and nowhere else."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def rehearsal() -> Iterator[FacetIndex]:
    """The same, and the index of the published catalogue."""
    index = current_index()
    with rolled_back():
        yield index


def show_preview(request: HttpRequest, entry: Initiative, published: FacetIndex, preview: Preview) -> HttpResponse:
    """To be called in a rehearsal, in which the entry is published."""
    Initiative.objects.filter(pk=entry.pk).update(status=Status.PUBLISHED)
    index = index_of_rehearsal(published)
    with override(language_of(request)):
        page = entry_alone(_as_reader(request, entry), entry.slug, index, preview=preview, edit="")
    page.headers["Cache-Control"] = "private, no-store"
    return page


def language_of(request: HttpRequest) -> str:
    asked = request.GET.get("lingua", "")
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _as_reader(request: HttpRequest, entry: Initiative) -> HttpRequest:
    """Whom the page believes to be asked by: its links and its language are those of its public address."""
    reader = copy(request)
    reader.path = reader.path_info = entry.get_absolute_url()
    reader.resolver_match = resolve(reader.path)
    reader.method, reader.GET = "GET", QueryDict()
    return reader
