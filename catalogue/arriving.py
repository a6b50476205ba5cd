"""Addresses as they come back from newsletters, chats and phones.

What was added on the way is dropped, what was encoded once too often is read as it was meant, and where there is
nothing the address that was meant is looked for. No filter is lost on the way: it is understood, or named.
"""

import re
import string
from collections.abc import Callable, Iterator
from html import unescape
from urllib.parse import quote, unquote, unquote_plus

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve
from django.utils.translation import get_language_from_path, override

from catalogue.answers import WITHOUT_DATABASE
from catalogue.headers import is_editorial
from catalogue.problems import API
from catalogue.query import LONGEST_SLUG, PARAMETERS, WRITTEN, as_slug
from initiatives.models import PublicAddress

# What mail programs, networks and advertisers add to an address for themselves; none is a parameter of ours.
ADDED = (
    r"(?:utm|mtm|matomo|pk|piwik|hsa|at|ga|gad|mc|oly|vero|oft|itm|sc|bsft|guce|fb|sms|mkt|trk|awt)_\w+",
    r"_{1,2}hs\w*|hsCtaTracking|hss_channel|elq\w*|ml_subscriber\w*|_branch_\w+|_x_tr_\w+|__cf_chl_\w+|_bta_\w+",
    r"[dg]clid|fbclid|gclsrc|gbraid|wbraid|msclkid|y[sm]?clid|twclid|ttclid|sccid|rdt_cid|irclickid|rb_clickid",
    r"li_fat_id|lipi|trk|trkCampaign|trkInfo|igshid|igsh|mibextid|sfnsn|epik|ref_src|ref_url|__twitter_impression",
    r"_ga|_gl|_gac|_ke|_kx|__s|_openstat|_bhlid|bbeml|wickedid|s_cid|s_kwcid|ef_id|cmpid|cvid|dicbo|dm_i|et_rid|icid",
    r"inf_contact_key|ck_subscriber_id|mbid|ncid|nr_email_referer|ocid|soc_src|soc_trk|spm|scm|srsltid|ss_email_id",
    r"tblci|unicorn_click_id|vgo_ee|wt_z?mc|xtor",
)
LONGEST, LONGEST_QUERY = 500, 16_000  # letters of a path and of a query string that are looked at
MOST_TIMES = 3  # that an address is encoded too often
_ADDED = "|".join(ADDED)
_KNOWN = rf"(?:{_ADDED}|{'|'.join(sorted(PARAMETERS))})="
_AMP = r"(?:amp(?:;|%3B)){0,5}"  # what “&” becomes in HTML, after itself
_is_added = re.compile(_ADDED, re.I).fullmatch
_starts_known = re.compile(_AMP + _KNOWN, re.I).match
# “&”; another separator before what is a parameter for sure, and a second “?” before what was added.
_parts = re.compile(rf"(?:^|&){_AMP}|(?:;|%3B|%26){_AMP}(?={_KNOWN})|(?:\?|%3F)(?=(?:{_ADDED})=)", re.I).split
_inside_choice = re.compile(r"[?&;](?=\w+=)")  # no value of a list has any of these signs
_parts_of_text = re.compile(rf"&(?:amp;){{1,5}}(?={_KNOWN})", re.I).split
_is_encoded = re.compile(r"(?:[^%]*%[0-9a-f]{2})+[^%]*", re.I).fullmatch
_entities = re.compile(r"&(?:[a-z]{2,8}\d{0,2}|#\d{1,5}|#x[0-9a-f]{1,5});", re.I).sub
_glued_query = re.compile(r"[?&;](?=[\w%;]+=)")


def as_meant(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        if is_editorial(request):
            return get_response(request)
        request.META["QUERY_STRING"] = mended(request.META.get("QUERY_STRING", ""))
        response = get_response(request)
        if response.status_code == 404 and (meant := _address_meant(request)):
            # Caches would keep it for ever: what is not there today may be there tomorrow.
            return HttpResponsePermanentRedirect(meant, headers={"Cache-Control": "no-cache"})
        return response

    return middleware


# Query strings


def mended(query: str) -> str:
    """A query string, as WSGI has it, without what was added to it on its way and encoded no more than once."""
    if not query or len(query) > LONGEST_QUERY:
        return query
    query = _entities(lambda entity: quote(unescape(entity[0]), safe="&;"), _in_ascii(query.encode("latin-1")))
    return "&".join(each for part in _parts(query) if part for each in _read(part, MOST_TIMES))


def _read(part: str, times: int) -> Iterator[str]:
    """Of what stands between two separators, the parameters that it was, encoded so many times too often at most."""
    written, _, value = part.partition("=")
    name, others = unquote_plus(written).strip(f"{string.whitespace}?\u200b\ufeff\u00a0"), []
    if name in WRITTEN:
        text, *others = _parts_of_text(unquote_plus(value))
        typed = _as_typed(text)
        yield f"{name}={value if typed == unquote_plus(value) else quote(typed)}"
    elif name in PARAMETERS:
        readings = _readings(value, times)
        if several := next(filter(_inside_choice.search, readings), ""):
            own, *others = _inside_choice.split(several)
            others.insert(0, f"{name}={own}")
        else:
            yield f"{name}={quote(readings[-1])}"
    elif not _is_added(name):
        _as_it_is, *readings = _readings(part, times)
        if whole := next(filter(_starts_known, readings), ""):  # a query string that was encoded as one
            others = _parts(whole)
        else:
            yield _in_ascii(part)
    for other in filter(None, others):
        yield from _read(other, times - 1)


def _as_typed(text: str) -> str:
    """Any text is searched as it is; nobody types percent signs for spaces, or a sign's name in HTML for the sign."""
    for _time in range(MOST_TIMES):
        decoded = unquote(text) if _is_encoded(text) else text
        text = text if "\ufffd" in decoded else decoded
    return _decoded_html(text)


def _readings(text: str, times: int) -> list[str]:
    """As it is, and each time decoded once more, as long as that makes another text of it."""
    readings = [text]
    while len(readings) <= times and (decoded := _decoded_html(unquote(readings[-1]))) != readings[-1]:
        readings.append(decoded)
    return readings


def _decoded_html(text: str) -> str:
    return _entities(lambda entity: unescape(entity[0]), text)


def _in_ascii(text: str | bytes) -> str:
    return quote(text, safe=string.punctuation)


# Paths


def _address_meant(request: HttpRequest) -> str:
    """The page that this address was of before it was capitalized, cut out of a sentence or encoded again, if any."""
    if len(request.path_info) > LONGEST:  # asked first: of a long one even taking apart is a matter of minutes
        return ""
    path, *glued = _glued_query.split(request.path_info, maxsplit=1)
    written = unquote(unquote(path)).removesuffix("/").split("/")[1:]
    if any(len(step) > LONGEST_SLUG for step in written):
        return ""
    steps = [".".join(filter(None, map(as_slug, step.split(".")))) for step in written]
    plain = "".join(f"/{step}" for step in steps if step)
    if plain.startswith(API) and (glued or not all(steps) or request.META.get(WITHOUT_DATABASE)):
        return ""  # a program that asks for one entry is never given all of them
    query = "&".join(filter(None, [*(mended(_in_ascii(each)) for each in glued), request.META["QUERY_STRING"]]))
    query = query.replace("#", "%23")  # of a value: it would cut off all that follows it
    there = next((each for each in (f"{plain}/", plain) if each != request.path_info and _is_page(each)), "")
    return f"{there}?{query}" if there and query else there


def _is_page(path: str) -> bool:
    with override(get_language_from_path(path) or settings.LANGUAGE_CODE):
        try:
            found = resolve(path)
        except Resolver404:
            return False
    if found.view_name == "api:initiative":
        return _was_ever_public(found.kwargs["slug"])
    return bool(found.url_name) and "admin" not in found.app_names


def _was_ever_public(slug: str) -> bool:
    """Programs are led on to what there is alone: what is no entry's is wrong, however it is written."""
    try:
        return PublicAddress.objects.filter(slug=slug).exists()
    except (DatabaseError, InterfaceError):
        return False
