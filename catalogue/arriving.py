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
_STARTS = rf"(?:{_ADDED}|{'|'.join(sorted(PARAMETERS))})="
_AND = r"(?:amp|#0{0,3}38|#x26)(?:;|%3B)"  # what “&” becomes in HTML, after itself
_AMP = f"(?:{_AND}){{0,5}}"
_is_added = re.compile(_ADDED, re.I).fullmatch
_starts_parameter = re.compile(_AMP + _STARTS, re.I).match
_between = re.compile(rf"(?:^|&){_AMP}|;{_AMP}(?={_STARTS})", re.I).split
# Of a value: an encoded separator before what is a parameter for sure, and a second “?” before what was added.
_SECOND = rf"(?:\?|%3F)(?=(?:{_ADDED})=)"
_inside_text = re.compile(rf"(?:%26|%3B){_AMP}(?={_STARTS})|{_SECOND}", re.I).split
# No value of a list has a separator or a percent sign.
_inside_choice = re.compile(rf"(?:%26|%3B|;){_AMP}(?=\w+=)|{_SECOND}", re.I).split
_encoded_choice = re.compile(rf"%[0-9a-f]{{2}}|[&;]{_AMP}\w+=", re.I).search
_parameter_in_text = re.compile(rf"&(?:amp;){{1,5}}(?={_STARTS})", re.I).search
_encoded_text = re.compile(r"(?:[^%]*%[0-9a-f]{2})+[^%]*", re.I).fullmatch
_ENTITY = r"(?:[a-z]{2,8}\d{0,2}|#\d{1,5}|#x[0-9a-f]{1,5});"
_entities = re.compile(f"&{_ENTITY}", re.I).sub
_entities_but_amp = re.compile(f"&(?!{_AND}){_ENTITY}", re.I).sub
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
    if not query.isascii():
        query = quote(query.encode("latin-1"), safe=string.punctuation)
    query = _entities_but_amp(lambda entity: quote(unescape(entity[0]), safe="&;"), query)
    return "&".join(_pieces(query, MOST_TIMES))


def _pieces(query: str, times: int) -> Iterator[str]:
    for piece in _between(query):
        if piece:
            yield from _read(piece, times)


def _read(piece: str, times: int) -> Iterator[str]:
    written, _, whole = piece.partition("=")
    name = _as_name(written)
    if name in PARAMETERS and name not in WRITTEN:
        value, *others = _inside_choice(whole)
        yield from _choice(name, value, times)
    elif name in WRITTEN or _is_added(name):
        value, *others = _inside_text(whole)
        if name in WRITTEN:
            yield from _text(name, value, times)
    else:
        others = []
        yield from _unknown(piece, times)
    for other in others:
        yield from _read(other, times)


def _as_name(written: str) -> str:
    return unquote_plus(written).strip(f"{string.whitespace}?\u200b\ufeff\u00a0")


def _choice(name: str, value: str, times: int) -> Iterator[str]:
    peeled = _peeled(value)
    if times > 0 and peeled != value and _encoded_choice(peeled):
        yield from _pieces(f"{name}={peeled}", times - 1)
    else:
        yield f"{name}={value}"


def _unknown(piece: str, times: int) -> Iterator[str]:
    """Parameters, if it was a whole query string that was encoded."""
    peeled = piece
    for left in reversed(range(times)):
        peeled = _peeled(peeled)
        if _starts_parameter(peeled):
            yield from _pieces(peeled, left)
            return
    yield piece


def _text(name: str, value: str, times: int) -> Iterator[str]:
    """Any text is searched as it is; nobody types percent signs for spaces, or a sign's name in HTML for the sign."""
    text = unquote_plus(value)
    if times > 0 and (inside := _parameter_in_text(text)):
        yield from _text(name, quote(text[: inside.start()]), times)
        yield from _pieces(quote(text[inside.end() :], safe=string.punctuation), times - 1)
        return
    read = text
    for _ in range(times):
        peeled = unquote(read, errors="replace") if _encoded_text(read) else read
        read = read if "\ufffd" in peeled else peeled
    read = _entities(lambda entity: unescape(entity[0]), read)
    yield f"{name}={value if read == text else quote(read)}"


def _peeled(text: str) -> str:
    """Encoded once less; as it is where that would be no text."""
    peeled = unquote(text)
    return text if "\ufffd" in peeled else quote(peeled, safe=string.punctuation)


# Paths


def _address_meant(request: HttpRequest) -> str:
    """The page that this address was of before it was capitalized, cut out of a sentence or encoded again, if any."""
    if len(request.path_info) > LONGEST:  # asked first: of a long one even taking apart is a matter of minutes
        return ""
    path, *glued = _glued_query.split(request.path_info, maxsplit=1)
    written = unquote(unquote(path)).split("/")
    if max(map(len, written)) > LONGEST_SLUG:
        return ""
    steps = [".".join(filter(None, map(as_slug, step.split(".")))) for step in written]
    plain = "".join(f"/{step}" for step in steps if step)
    is_cut = glued or not all(steps[1 : None if written[-1] else -1])
    if plain.startswith("/api/") and (is_cut or request.META.get(WITHOUT_DATABASE)):
        return ""  # a program that asks for one entry is never given all of them
    there = (each for each in (f"{plain}/", plain) if each != request.path_info and _is_page(each))
    glued_on = (mended(quote(each, safe=string.punctuation)) for each in glued)
    # A `#` of a value would cut off all that follows it.
    query = "&".join([*glued_on, request.META["QUERY_STRING"]]).strip("&").replace("#", "%23")
    return next((each + (f"?{query}" if query else "") for each in there), "")


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
