"""What other sites show inside their own pages, and that they can show nothing else."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests.helpers import GetPage

pytestmark = pytest.mark.django_db
FRAMED = [
    "/incorpora/figura/?objective=os-ix",
    "/incorpora/tabella/?rows=sector",
    "/en/embed/picture/",
    "/en/embed/table/",
]
OTHERS = [
    "/",
    "/iniziative/",
    "/figura/",
    "/matrice/",
    "/dossier/",
    "/incroci.svg",
    "/iniziative/coworking/",
    "/admin/",
]


@pytest.mark.parametrize("address", FRAMED)
def test_embedded_page_may_be_framed_and_does_nothing_else(client: Client, address: str) -> None:
    response = client.get(address)
    policy = response.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "unsafe" not in policy
    assert "form-action 'none'" in policy
    assert not response.has_header("X-Frame-Options")
    assert not response.cookies
    page = BeautifulSoup(response.content, "lxml")
    assert not page.select("form, script")
    assert page.select("base[target=_top]")
    assert page.select(".embedded-source a[href^='http']")
    assert all(link["target"] == "_top" for link in page.select("svg a"))


@pytest.mark.parametrize("address", FRAMED)
def test_embedded_page_that_is_kept_may_be_framed_too(client: Client, address: str) -> None:
    first = client.get(address)
    again = client.get(address, headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304
    assert "frame-ancestors *" in again.headers["Content-Security-Policy"]
    assert not again.has_header("X-Frame-Options")


@pytest.mark.parametrize("address", [*OTHERS, "/incorpora/", "/incorpora/altro/"])
def test_every_other_page_refuses_to_be_framed(client: Client, address: str) -> None:
    response = client.get(address)
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    ("view", "embedded"), [("/figura/", "/incorpora/figura/"), ("/matrice/", "/incorpora/tabella/")]
)
def test_code_to_paste_shows_what_is_on_screen(page: GetPage, view: str, embedded: str) -> None:
    query = "?category=cura-conciliazione"
    code = page(view + query).select("#embed-code")[0].get_text()
    (frame,) = BeautifulSoup(code, "lxml").select("iframe")
    address = str(frame["src"])
    assert address == f"http://127.0.0.1:8000{embedded}{query}"
    assert frame["title"]
    shown = page(address.removeprefix("http://127.0.0.1:8000"))
    assert any("category=cura-conciliazione" in str(link["href"]) for link in shown.select("svg a, .cell a"))
    assert "6 schede" in " ".join(shown.select(".embedded-source")[0].get_text().split())
