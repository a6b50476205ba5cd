"""The functions of templates."""

from collections.abc import Callable
from functools import lru_cache
from textwrap import shorten

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse, translate_url
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, override
from jinja2 import Undefined, pass_context
from jinja2.runtime import Context

from catalogue.pictures.codes import address_of_code
from catalogue.query import parameter
from taxonomy.addresses import address

LONGEST_KNOWN = 200  # letters of a page's address
LONGEST_TITLE = 70  # letters of it that are shown
LEAST_OF_TITLE = 30  # letters of what a page is of
BETWEEN, ELLIPSIS = " · ", "…"


def said(words: str) -> SafeString:
    """In the reader's language; ours, so nothing in it needs escaping."""
    return mark_safe(gettext(words) % {})


def facet_label(name: str) -> str:
    return str(parameter(name).label)


@pass_context
def here(context: Context, *names: str) -> SafeString | str:
    """Marks the link of the page that is being read, or of what it is a view of."""
    request = context.get("request")
    return mark_safe(' aria-current="page"') if request and request.path in map(address, names) else ""


@pass_context
def address_in(context: Context, language: str) -> str:
    """The address of the same page, with the same selection, in another language; of home, where there is no page."""
    return _twin(context, language, context.get("kept_query", context.get("canonical_query", "")))


@pass_context
def canonical_address(context: Context, language: str = "") -> str:
    """The one public address of a page: a selection in its canonical form, no other query string."""
    return settings.PUBLIC_URL + _twin(context, language or get_language() or "", context.get("canonical_query", ""))


@pass_context
def code_address(context: Context) -> str:
    """Where the code is that leads a telephone to this page; nothing where it has none."""
    return address_of_code(canonical_address(context).removeprefix(settings.PUBLIC_URL))


def _twin(context: Context, language: str, query: str) -> str:
    # Encoded: who reads an address passes over the ends of lines, and "//" leads to another site.
    page = escape_leading_slashes(escape_uri_path(context["request"].path))
    if language == get_language():
        return page + query
    find = _page_in if len(page) <= LONGEST_KNOWN else _page_in.__wrapped__  # strangers ask for any page
    twin = find(page, language, get_language())
    return twin + query if twin else _home_in(language)


@lru_cache(maxsize=1000)
def _page_in(page: str, language: str, _now: str | None) -> str | None:
    """The same page, if there is one."""
    twin = translate_url(page, language)
    return twin if twin != page else None


def _home_in(language: str) -> str:
    with override(language):
        return reverse("home")


def public(path: str) -> str:
    """The whole address of something of the site, for those who read the page elsewhere."""
    return settings.PUBLIC_URL + path


def public_static(path: str) -> str:
    return public(static(path))


def page_title(title: str | Undefined, kind: str | Undefined, site: str) -> str:
    """As tabs, bookmarks and search engines show it: what the page is of, shortened if need be, and whose site."""
    ending = [part for part in (str(kind), site) if part]
    room = LONGEST_TITLE - sum(len(BETWEEN + part) for part in ending)
    return BETWEEN.join([*filter(None, [_shortened(str(title), max(room, LEAST_OF_TITLE))]), *ending])


def _shortened(text: str, most: int) -> str:
    """Between its words, if the first one is not too long for that."""
    shortened = shorten(text, most, placeholder=ELLIPSIS)
    return shortened if shortened != ELLIPSIS else text[: most - 1] + ELLIPSIS


FUNCTIONS: tuple[Callable[..., str], ...] = (
    *(address_in, canonical_address, code_address, here, page_title, public, public_static),
)
