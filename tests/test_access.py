"""Who comes in to the editors' pages, and what they may do there."""

import gc
import logging
import re
import time
from ipaddress import ip_network
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import LazySettings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from django.urls import reverse
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from catalogue.access import second_factor
from catalogue.access.addresses import client_address
from catalogue.access.models import Account, FailedSignIn
from catalogue.access.second_factor import BEGUN, BEGUN_FOR
from catalogue.admin.shared import seen_in
from initiatives.models import Initiative, Passage
from tests.helpers import PASSWORD, address_of, code_of, form_of
from tests.sites import RunningSite, manage

pytestmark = pytest.mark.django_db
LOGIN = "/admin/login/"
ENROL = "/admin/verifica/"


def sign_in(client: Client, name: str, password: str = PASSWORD, code: str = "", **extra: Any) -> Any:
    return client.post(LOGIN, {"username": name, "password": password, "code": code, "next": "/admin/"}, **extra)


def is_in(response: Any) -> bool:
    return response.status_code == 302


def seen(response: Any, selector: str = "body") -> str:
    tags = BeautifulSoup(response.content, "lxml").select(selector)
    return " ".join(" ".join(tag.get_text(" ") for tag in tags).split())


def test_thirty_wrong_passwords_cost_nothing_once_locked(client: Client) -> None:
    """With the hashing that is served."""
    for name in ("anna", "bruno"):
        Account.objects.create_user(name, password=PASSWORD, is_staff=True)
    costs, statuses = [], []
    gc.freeze()  # as a worker does: what the tests before have left is not looked through
    for n in range(30):
        began = time.process_time()
        response = sign_in(client, "anna", f"sbagliata-{n}")
        costs.append(time.process_time() - began)
        statuses.append(response.status_code)
    gc.unfreeze()
    assert statuses == [200] * 10 + [429] * 20
    assert max(costs[11:]) <= 0.02, costs
    refused = sign_in(client, "anna")
    assert refused.status_code == 429, "the right password is refused too"
    assert refused.headers["Retry-After"] == "3600"
    assert "Troppi tentativi falliti" in seen(refused, ".errornote")
    assert is_in(sign_in(Client(), "bruno", REMOTE_ADDR="203.0.113.9"))


def test_open_session_lets_guess_the_password_no_more_often(client: Client, make: Any) -> None:
    client.force_login(make("anna"))
    new = {"new_password1": "sette-oche-nel-fosso", "new_password2": "sette-oche-nel-fosso"}

    def change(old: str) -> Any:
        return client.post("/admin/password_change/", {"old_password": old, **new})

    assert [change(f"sbagliata-{n}").status_code for n in range(11)] == [200] * 10 + [429]
    refused = change(PASSWORD)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3600")
    assert "chiedi a chi amministra" in seen(refused)
    FailedSignIn.objects.all().delete()
    assert is_in(change(PASSWORD))


def test_account_is_locked_where_it_was_guessed_and_nowhere_else(client: Client, make: Any) -> None:
    make("anna")
    for n in range(10):
        sign_in(client, "Anna" if n % 2 else "anna", "sbagliata")
    assert sign_in(client, "anna").status_code == 429
    assert is_in(sign_in(Client(), "anna", REMOTE_ADDR="203.0.113.9"))


def test_address_from_which_all_is_tried_is_locked(client: Client, make: Any) -> None:
    make("anna")
    for n in range(50):
        sign_in(client, f"nome-{n}", "sbagliata", REMOTE_ADDR=f"2001:db8:0:7::{n}")
    assert sign_in(client, "anna", REMOTE_ADDR="2001:db8:0:7:ffff::1").status_code == 429, "of one network"
    assert is_in(sign_in(Client(), "anna", REMOTE_ADDR="2001:db8:0:8::1"))


def test_signing_in_forgets_own_failures_and_no_others(client: Client, make: Any) -> None:
    make("anna")
    sign_in(client, "anna", "sbagliata")
    sign_in(client, "bruno", "sbagliata")
    assert is_in(sign_in(client, "anna"))
    assert FailedSignIn.objects.count() == 1


def test_locked_account_is_opened_by_command(client: Client, make: Any, capsys: pytest.CaptureFixture[str]) -> None:
    make("anna")
    for _ in range(10):
        sign_in(client, "anna", "sbagliata")
    call_command("unlock", "bruno")
    assert sign_in(client, "anna").status_code == 429
    call_command("unlock", "anna")
    assert "10 failed sign-ins forgotten." in capsys.readouterr().out
    assert is_in(sign_in(client, "anna"))
    sign_in(client, "bruno", "sbagliata")
    call_command("unlock", address="127.0.0.1")
    assert not FailedSignIn.objects.exists()


def test_locked_address_is_opened_by_command_however_it_is_written(make: Any) -> None:
    make("anna")
    for address, written in (("10.0.0.7", "::ffff:10.0.0.7"), ("2001:db8:0:7::1", "2001:DB8:0:7::2")):
        for n in range(50):
            sign_in(Client(), f"nome-{n}", "sbagliata", REMOTE_ADDR=address)
        call_command("unlock", "anna")
        assert sign_in(Client(), "anna", REMOTE_ADDR=address).status_code == 429, "it is locked for all names"
        call_command("unlock", address=written)
        assert is_in(sign_in(Client(), "anna", REMOTE_ADDR=address))
    with pytest.raises(CommandError, match="anna is no address"):
        call_command("unlock", address="anna")


def test_what_a_stranger_says_of_where_they_are_is_not_believed(client: Client, make: Any) -> None:
    make("anna")
    for n in range(10):
        sign_in(client, "anna", "sbagliata", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}")
    assert sign_in(client, "anna", HTTP_X_FORWARDED_FOR="203.0.113.200").status_code == 429


def test_what_a_trusted_proxy_says_is(client: Client, make: Any, settings: LazySettings) -> None:
    settings.TRUSTED_PROXIES = (ip_network("127.0.0.1/32"),)
    make("anna")
    for n in range(10):
        sign_in(client, "anna", "sbagliata", HTTP_X_FORWARDED_FOR=f"198.51.100.{n}, 203.0.113.9")
    assert sign_in(client, "anna", HTTP_X_FORWARDED_FOR="198.51.100.77, 203.0.113.9").status_code == 429
    assert is_in(sign_in(Client(), "anna", HTTP_X_FORWARDED_FOR="203.0.113.10"))


@pytest.mark.parametrize(
    ("peer", "said", "client"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.7", "198.51.100.1", "198.51.100.1"),
        ("::ffff:10.0.0.7", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.7", "198.51.100.1, 203.0.113.9, 10.0.0.8", "203.0.113.9"),
        ("10.0.0.7", "10.0.0.9, 10.0.0.8", "10.0.0.9"),
        ("10.0.0.7", "203.0.113.9, inventato", "10.0.0.7"),
        ("10.0.0.7", "", "10.0.0.7"),
        ("", "198.51.100.1", ""),
    ],
)
def test_nearest_address_that_is_no_proxys(settings: LazySettings, peer: str, said: str, client: str) -> None:
    settings.TRUSTED_PROXIES = (ip_network("10.0.0.0/8"),)
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=said)
    assert client_address(request) == client


def test_https_is_believed_of_named_proxies_where_any_are_named(settings: LazySettings) -> None:
    from catalogue.serving.through_django import environ_of  # sets Django up, which needs the tests' static files

    def told(peer: str) -> bool:
        scope = {"method": "GET", "raw_path": b"/", "query_string": b"", "server": ("localhost", 80), "scheme": "http"}
        scope |= {"http_version": "1.1", "client": (peer, 1), "headers": [(b"x-forwarded-proto", b"https")]}
        return "HTTP_X_FORWARDED_PROTO" in environ_of(scope)

    assert told("203.0.113.9"), "as before, where none is named"
    settings.TRUSTED_PROXIES = (ip_network("10.0.0.0/8"),)
    assert told("10.0.0.7")
    assert not told("203.0.113.9")


def test_failures_and_refusals_are_one_line_each(client: Client, make: Any, caplog: pytest.LogCaptureFixture) -> None:
    make("anna")
    sign_in(client, "anna", "segreta-sbagliata")
    sign_in(client, "segreta-nel-posto-sbagliato", "x")
    assert is_in(sign_in(client, "anna"))
    assert client.get(reverse("admin:access_account_changelist")).status_code == 403
    lines = [record.getMessage() for record in caplog.records if record.name == "catalogue.access"]
    assert lines == [
        "failed sign-in: account anna, from 127.0.0.1, at /admin/login/",
        "failed sign-in: unknown account, from 127.0.0.1, at /admin/login/",
        "refused: account anna, from 127.0.0.1, at /admin/access/account/",
    ]
    assert "segreta" not in caplog.text
    assert logging.getLogger("django.request").filters, "which would say the refusal again, with its traceback"


def test_refusals_say_the_way_on_in_words(client: Client, make: Any, caplog: pytest.LogCaptureFixture) -> None:
    client.force_login(make("anna"))
    refused = client.get(reverse("admin:access_account_changelist"))
    assert "torna alla redazione" in seen(refused)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make("bruno"))
    caplog.clear()
    refused = strict.post(address_of(Passage.objects.first()), {})
    assert refused.status_code == 403
    (line,) = caplog.messages
    assert line.startswith("refused, form out of date (CSRF cookie not set.): account bruno")
    assert "non è stato salvato nulla" in seen(refused)
    assert "unsafe" not in refused.headers["Content-Security-Policy"]


# In English


ITALIAN = re.compile(r"\b(?:che|con|della?|di|entr[ai]|gli|il|la|le|non|per|una?|verifica)\b|[àèéìòù]", re.I)


def english(response: Any) -> str:
    """What a page says, none of it in Italian but the button which leads back there."""
    soup = BeautifulSoup(response.content, "lxml")
    assert soup.html is not None
    assert soup.html["lang"] == "en"
    assert [button.extract().get_text() for button in soup.select("form.language button")] == ["Italiano"]
    words = " ".join(soup.get_text(" ").split())
    assert not (found := ITALIAN.search(words)), (found and found[0], words)
    return words


def leads_back_to(response: Any) -> str:
    """Where the button for the language goes."""
    return str(BeautifulSoup(response.content, "lxml").select("form.language [name=next]")[0]["value"])


def in_english(**options: Any) -> Client:
    """The button is there for who is not signed in, too."""
    client = Client(**options)
    page = BeautifulSoup(client.get(LOGIN).content, "lxml")
    form = {str(tag["name"]): str(tag["value"]) for tag in page.select("form.language [name]")}
    assert client.post("/admin/lingua/", form).headers["Location"] == LOGIN
    return client


def test_signing_in_and_each_of_its_errors_in_english(make: Any) -> None:
    client, editor = in_english(), Client()
    editor.force_login(make("anna"))
    secret, _ = enrol(editor)
    assert "Sign in to the editors’ pages" in english(client.get(LOGIN))
    assert "This field is required." in english(client.post(LOGIN))
    assert "The username or the password is not correct." in english(sign_in(client, "anna", "sbagliata"))
    assert "the verification code is needed too" in english(sign_in(client, "anna"))
    assert "The verification code is not correct" in english(sign_in(client, "anna", code="000000"))
    assert "try again in 1 second." in english(sign_in(client, "anna", code=code_of(secret, 1)))
    TOTPDevice.objects.update(throttling_failure_count=6)
    assert re.search(r"try again in \d+ seconds\.", english(sign_in(client, "anna", code=code_of(secret, 1))))
    for _n in range(10):
        locked = sign_in(client, "anna", "sbagliata")
    assert locked.status_code == 429
    assert "Too many failed attempts: for an hour you cannot sign in" in english(locked)


def test_refusals_in_english_and_the_way_back_from_what_was_sent(make: Any) -> None:
    anna, accounts = make("anna"), reverse("admin:access_account_changelist")
    client = in_english()
    client.force_login(anna)
    refused = client.get(accounts)
    assert refused.status_code == 403
    assert "Your account may not open this page" in english(refused)
    assert leads_back_to(refused) == accounts
    refused = client.post(reverse("admin:access_account_link", args=[anna.pk]))
    assert (refused.status_code, leads_back_to(refused)) == (403, "/admin/"), "there is nothing to be read"
    out = client.post("/admin/logout/")
    assert "You have signed out of the editors’ pages" in english(out)
    assert leads_back_to(out) == "/admin/"
    strict = in_english(enforce_csrf_checks=True)
    out_of_date = sign_in(strict, "anna")
    assert out_of_date.status_code == 403
    assert "nothing has been saved" in english(out_of_date)


def test_accounts_and_what_groups_may_do_in_english(make: Any) -> None:
    client, anna = in_english(), make("anna", "administrators")
    client.force_login(anna)
    assert "Administrators" in english(client.get(reverse("admin:access_account_changelist")))
    assert "May sign in" in english(client.get(address_of(anna)))
    group = english(
        client.get(reverse("admin:access_accountgroup_change", args=[Group.objects.get(name="Redazione").pk]))
    )
    assert "Entries: publish" in group


def test_what_is_shown_once_offers_no_other_language(client: Client, make: Any) -> None:
    client.force_login(anna := make("anna", "administrators"))
    link = client.post(reverse("admin:access_account_link", args=[anna.pk]))
    codes = client.post(ENROL, {"code": code_of(seen(client.get(ENROL), ".secret"))})
    for page, shown in ((link, "#one-time-link"), (codes, ".recovery-codes")):
        assert seen(page, shown)
        assert not seen(page, "form.language")


# Second factor


def enrol(client: Client) -> tuple[str, list[str]]:
    """As on the page; returns the secret of the app and the codes to keep."""
    page = client.get(ENROL)
    secret = seen(page, ".secret")
    shown = client.post(ENROL, {"code": code_of(secret)})
    return secret, seen(shown, ".recovery-codes").split()


def test_account_with_an_app_comes_in_with_its_code_alone(client: Client, make: Any) -> None:
    make("anna")
    assert is_in(sign_in(client, "anna"))
    secret, codes = enrol(client)
    assert len(codes) == 10
    assert client.get("/admin/").status_code == 200, "this session has shown it"
    stranger = Client()
    assert "serve anche il codice" in seen(sign_in(stranger, "anna"))
    assert "non è corretto" in seen(sign_in(stranger, "anna", code=code_of(secret))), "spent at the enrolment"
    TOTPDevice.objects.update(throttling_failure_count=0)
    assert is_in(sign_in(stranger, "anna", code=code_of(secret, 1)))
    assert stranger.get("/admin/").status_code == 200
    assert not is_in(sign_in(Client(), "anna", code=code_of(secret, 1))), "no code is good twice"


def test_recovery_code_works_once(client: Client, make: Any) -> None:
    client.force_login(make("anna"))
    _, codes = enrol(client)
    assert is_in(sign_in(Client(), "anna", code=codes[0].upper().replace("-", " ")))
    assert not is_in(sign_in(Client(), "anna", code=codes[0]))
    assert "Restano 9 codici" in seen(client.get(ENROL))


def test_after_a_wrong_code_not_even_the_right_one_is_taken_for_a_while(client: Client, make: Any) -> None:
    client.force_login(make("anna"))
    secret, _ = enrol(client)
    assert "non è corretto" in seen(sign_in(Client(), "anna", code="000000"))
    assert "riprova fra 1 secondo." in seen(sign_in(Client(), "anna", code=code_of(secret, 1)))
    TOTPDevice.objects.update(throttling_failure_count=6)
    assert "secondi." in seen(sign_in(Client(), "anna", code=code_of(secret, 1)))
    assert FailedSignIn.objects.count() == 1, "a wrong code counts as a wrong password does"


def test_session_from_before_the_app_ends(client: Client, make: Any) -> None:
    """Whoever had the password alone is out once its owner has an app; so is a session whose app was taken away."""
    account, thief = make("anna"), Client()
    client.force_login(account)
    thief.force_login(account)
    enrol(client)
    assert thief.get("/admin/").status_code == 302
    assert thief.get(ENROL).status_code == 302
    assert client.get("/admin/").status_code == 200
    second_factor.forget(account)
    assert client.get("/admin/").status_code == 302


def test_whose_app_was_taken_away_signs_in_again_from_the_same_browser(client: Client, make: Any) -> None:
    client.force_login(account := make("anna"))
    enrol(client)
    second_factor.forget(account)
    assert client.get("/admin/").status_code == 302
    assert is_in(sign_in(client, "anna"))
    assert client.get("/admin/").status_code == 200


def test_where_it_is_required_nothing_comes_before_it(client: Client, make: Any, settings: LazySettings) -> None:
    settings.SECOND_FACTOR = "required"
    make("anna")
    assert is_in(sign_in(client, "anna"))
    entry = Initiative.objects.get(slug="coworking")
    for address in ("/admin/", address_of(entry), reverse("admin:autocomplete"), "/admin/password_change/"):
        assert client.get(address).headers["Location"] == ENROL
        assert client.post(address, {}).headers["Location"] == ENROL
    assert "Per entrare nella redazione serve" in seen(client.get(ENROL))
    assert "non è quello" in seen(client.post(ENROL, {"code": "12"}))
    enrol(client)
    assert client.get("/admin/").status_code == 200


def test_who_must_set_it_up_may_leave_instead(client: Client, make: Any, settings: LazySettings) -> None:
    settings.SECOND_FACTOR = "required"
    client.force_login(make("anna"))
    client.post("/admin/logout/")
    assert client.get(ENROL).headers["Location"].startswith(LOGIN)


def test_another_app_takes_a_code_of_the_former_and_ends_it(client: Client, make: Any) -> None:
    client.force_login(make("anna"))
    secret, codes = enrol(client)
    assert "non è corretto" in seen(client.post(ENROL, {"code": "abcdefgh"}))
    assert not BeautifulSoup(client.get(ENROL).content, "lxml").select(".secret")
    time.sleep(1.1)  # one wrong code on paper costs a second
    assert client.post(ENROL, {"code": codes[0]}).headers["Location"] == ENROL
    another, _ = enrol(client)
    assert another != secret
    assert client.get("/admin/").status_code == 200
    assert not is_in(sign_in(Client(), "anna", code=codes[1]))
    assert not is_in(sign_in(Client(), "anna", code=code_of(secret, 1)))


def shows_a_key(client: Client) -> bool:
    return bool(BeautifulSoup(client.get(ENROL).content, "lxml").select(".secret"))


def test_another_app_that_was_begun_and_left_asks_for_a_code_again(client: Client, make: Any) -> None:
    client.force_login(make("anna"))
    _, codes = enrol(client)
    client.post(ENROL, {"code": codes[0]})
    assert shows_a_key(client)
    session = client.session
    session[BEGUN] |= {"at": time.time() - BEGUN_FOR}
    session.save()
    assert "passato troppo tempo" in seen(client.post(ENROL, {"code": "000000"}, follow=True))
    assert not shows_a_key(client)
    assert not FailedSignIn.objects.exists(), "nobody guessed"
    client.post(ENROL, {"code": codes[1]})
    assert is_in(sign_in(client, "anna", code=codes[2]))
    assert not shows_a_key(client)


def test_page_opened_before_there_was_an_app_asks_for_its_code_too(client: Client, make: Any) -> None:
    client.force_login(account := make("anna"))
    assert shows_a_key(client)
    key = second_factor.new_key()
    assert second_factor.enrol(account, key, code_of(second_factor.in_words(key)))
    device = second_factor.device_of(account)
    assert device
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()
    assert not shows_a_key(client)


def test_codes_of_the_former_app_are_guessed_no_more_often_than_at_the_door(client: Client, make: Any) -> None:
    client.force_login(make("anna"))
    secret, _ = enrol(client)
    assert "non è corretto" in seen(client.post(ENROL, {"code": "000000"}))
    assert "riprova fra 1 secondo." in seen(client.post(ENROL, {"code": code_of(secret, 1)}))
    for _n in range(9):
        TOTPDevice.objects.update(throttling_failure_count=0)
        assert client.post(ENROL, {"code": "000000"}).status_code == 200
    refused = client.post(ENROL, {"code": code_of(secret, 1)})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3600")
    assert sign_in(client, "anna").status_code == 429


def test_enrolment_page_shows_a_picture_without_inline_style(client: Client, make: Any) -> None:
    client.force_login(make("anna"))
    page = client.get(ENROL)
    soup = BeautifulSoup(page.content, "lxml")
    assert soup.select(".qr-code svg path")
    assert not soup.select("[style], style, script:not([src])")
    assert "no-store" in page.headers["Cache-Control"]


def test_command_sets_it_up_in_the_terminal(
    client: Client, make: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make("anna")
    shown: list[str] = []

    def scan(question: str) -> str:
        shown.append(capsys.readouterr().out)
        return code_of(shown[0].rpartition("key: ")[2].strip())

    monkeypatch.setattr("builtins.input", scan)
    call_command("second_factor", "anna")
    assert "█" in shown[0]
    codes = capsys.readouterr().out.split()[-10:]
    assert not is_in(sign_in(client, "anna"))
    assert is_in(sign_in(client, "anna", code=codes[3]))
    call_command("second_factor", "anna", forget=True)
    assert is_in(sign_in(Client(), "anna"))
    monkeypatch.setattr("builtins.input", lambda question: "000")
    with pytest.raises(CommandError, match="nothing is changed"):
        call_command("second_factor", "anna")
    assert not TOTPDevice.objects.exists()


# Links and accounts


def chosen(client: Client, link: str, password: str = "cinque-cani-al-sole") -> Any:
    opened: Any = client.get(link, follow=True)
    return client.post(opened.request["PATH_INFO"], {"new_password1": password, "new_password2": password})


def test_newcomer_gets_a_link_chooses_a_password_and_comes_in(client: Client, make: Any) -> None:
    client.force_login(make("capo", "administrators"))
    group = Group.objects.get(name="Redazione")
    made: Any = client.post(
        reverse("admin:access_account_add"), {"username": "bruno", "is_active": "on", "groups": [group.pk]}, follow=True
    )
    assert "dagli un link" in seen(made, ".messagelist")
    bruno = Account.objects.get(username="bruno")
    assert bruno.is_staff
    assert not bruno.has_usable_password()
    page = client.post(reverse("admin:access_account_link", args=[bruno.pk]))
    link = seen(page, "#one-time-link").removeprefix("http://127.0.0.1:8000")
    newcomer = Client()
    assert newcomer.get(link).headers["Location"].endswith("/set-password/"), "no Referer tells the token"
    assert is_in(chosen(newcomer, link))
    assert is_in(sign_in(newcomer, "bruno", "cinque-cani-al-sole"))
    assert newcomer.get("/admin/").status_code == 200
    for used in (link, link.replace("/admin/accesso/", "/admin/accesso/x")):
        assert "Link non più valido" in seen(Client().get(used))


def test_link_is_good_for_three_days(make: Any, settings: LazySettings, capsys: pytest.CaptureFixture[str]) -> None:
    assert settings.PASSWORD_RESET_TIMEOUT <= 72 * 3600
    make("anna")
    call_command("invite", "anna")
    link = capsys.readouterr().out.strip()
    settings.PASSWORD_RESET_TIMEOUT = -1  # as if that long had passed
    assert "Link non più valido" in seen(Client().get(link))


def test_lost_password_is_mended_by_a_link_which_opens_a_locked_account_too(
    client: Client, make: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    make("anna")
    for _ in range(10):
        sign_in(client, "anna", "dimenticata")
    call_command("invite", "anna")
    assert is_in(chosen(client, capsys.readouterr().out.strip()))
    assert is_in(sign_in(client, "anna", "cinque-cani-al-sole"))


def test_link_asks_for_the_second_factor_all_the_same(
    client: Client, make: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    client.force_login(make("anna"))
    enrol(client)
    call_command("invite", "anna")
    chosen(Client(), capsys.readouterr().out.strip())
    assert "serve anche il codice" in seen(sign_in(Client(), "anna", "cinque-cani-al-sole"))


def test_command_makes_newcomers(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("invite", "bruno", group="Responsabili")
    call_command("invite", "capo", administrator=True)
    assert "/admin/accesso/" in capsys.readouterr().out
    bruno, capo = Account.objects.get(username="bruno"), Account.objects.get(username="capo")
    assert bruno.has_perm("initiatives.publish_initiative")
    assert not bruno.is_superuser
    assert capo.is_superuser
    for arguments in (["carla"], ["bruno", "--group", "Redazione"], ["a b", "--administrator"]):
        with pytest.raises(CommandError):
            call_command("invite", *arguments)
    assert Account.objects.count() == 2


def test_commands_refuse_in_one_line(site: RunningSite) -> None:
    for command in (("invite", "nessuno"), ("second_factor", "nessuno")):
        done = manage(*command, **site.variables)
        assert done.returncode != 0
        assert len(done.stderr.strip().splitlines()) == 1


def test_administrator_takes_a_lost_app_away(client: Client, make: Any) -> None:
    anna, editor = make("anna"), Client()
    editor.force_login(anna)
    enrol(editor)
    client.force_login(make("capo", "administrators"))
    address = reverse("admin:access_account_second_factor", args=[anna.pk])
    assert address in client.get(address_of(anna)).content.decode()
    assert editor.post(address).status_code == 403, "editors give nothing to themselves"
    assert is_in(client.post(address))
    assert is_in(sign_in(Client(), "anna"))


@pytest.mark.parametrize("what", ["link", "second_factor"])
def test_administrators_alone_give_links_and_only_by_post(client: Client, make: Any, what: str) -> None:
    anna = make("anna", "Responsabili")
    address = reverse(f"admin:access_account_{what}", args=[anna.pk])
    client.force_login(anna)
    assert client.post(address).status_code == 403
    client.force_login(make("capo", "administrators"))
    assert client.get(address).status_code == 405
    assert client.post(reverse(f"admin:access_account_{what}", args=[0])).status_code == 404


def test_account_form_holds_no_hash_and_tells_of_other_administrators(client: Client, make: Any) -> None:
    client.force_login(make("capo", "administrators"))
    anna = make("anna")
    groups = {"groups": [group.pk for group in anna.groups.all()]}
    address, data = form_of(client, anna)
    assert anna.password not in client.get(address).content.decode()
    assert anna.password not in str(seen_in(data["seen"]))
    Account.objects.filter(pk=anna.pk).update(first_name="Anna Maria")
    told = client.post(address, {**data, **groups, "first_name": "Annina"})
    assert told.status_code == 200
    assert "Anna Maria" in seen(told, ".differences")
    _, data = form_of(client, anna)
    assert is_in(client.post(address, {**data, **groups, "first_name": "Annina"}))
    anna.refresh_from_db()
    assert (anna.first_name, anna.password != "", anna.is_staff) == ("Annina", True, True)
    assert anna.check_password(PASSWORD)


def test_administrators_do_not_shut_themselves_out(client: Client, make: Any) -> None:
    capo = make("capo", "administrators")
    client.force_login(capo)
    address, data = form_of(client, capo)
    assert not {"is_active", "is_superuser"} & set(data)
    assert is_in(client.post(address, data))
    capo.refresh_from_db()
    assert capo.is_active
    assert capo.is_superuser


def test_whoever_left_does_not_come_in(client: Client, make: Any) -> None:
    anna = make("anna")
    client.force_login(anna)
    get_user_model().objects.filter(pk=anna.pk).update(is_active=False)
    assert client.get("/admin/").status_code == 302
    assert not is_in(sign_in(Client(), "anna"))


# Sessions


def test_session_lasts_a_working_day_at_most(client: Client, make: Any, settings: LazySettings) -> None:
    make("anna")
    response = sign_in(client, "anna")
    cookie = response.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["max-age"] == "", "it ends with the browser"
    assert 10 * 3600 <= settings.SESSION_COOKIE_AGE <= 12 * 3600
    assert client.get("/admin/logout/").status_code == 405
    client.post("/admin/logout/")
    assert client.get("/admin/").status_code == 302
    assert not Session.objects.exists()


def test_changing_the_password_ends_other_sessions(client: Client, make: Any) -> None:
    anna, other = make("anna"), Client()
    client.force_login(anna)
    other.force_login(anna)
    new = {"old_password": PASSWORD, "new_password1": "cinque-cani-al-sole", "new_password2": "cinque-cani-al-sole"}
    done: Any = client.post("/admin/password_change/", new, follow=True)
    assert "è stata salvata" in seen(done)
    assert client.get("/admin/").status_code == 200
    assert other.get("/admin/").status_code == 302


def test_public_pages_know_nothing_of_all_this(client: Client, make: Any, django_assert_num_queries: Any) -> None:
    client.force_login(make("anna"))
    with django_assert_num_queries(0):
        page = client.get("/favicon.ico")
    assert not page.cookies
    assert not client.get("/iniziative/").cookies
