"""«Segnala un errore»: a letter to the editors, with the page, the version and the passage."""

from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from initiatives.models import Passage
from taxonomy.models import SpecificObjective
from tests.helpers import coworking, text

pytestmark = pytest.mark.django_db


def letters(client: Client, address: str) -> list[dict[str, str]]:
    """What a mail program makes of the links."""
    soup = BeautifulSoup(client.get(address).content, "lxml")
    found = []
    for link in soup.select('main a[href^="mailto:"]'):
        parts = urlsplit(str(link["href"]))
        fields = dict(pair.split("=", 1) for pair in parts.query.split("&"))
        assert "+" not in parts.query
        found.append({"to": unquote(parts.path), "label": link.text} | {k: unquote(v) for k, v in fields.items()})
    return found


@pytest.fixture
def contact(settings: Any) -> None:
    settings.CONTACT_EMAIL = "redazione+catalogo@example.org"


@pytest.mark.usefixtures("contact")
@pytest.mark.parametrize(
    ("address", "subject", "label", "asks"),
    [
        ("/iniziative/coworking/", "Errore in «Spazi", "La pagina in generale", "Che cosa non va:"),
        ("/en/initiatives/coworking/", "Error in “Collaborative", "The page in general", "What is wrong:"),
    ],
)
def test_letter_names_page_version_and_passage(
    client: Client, address: str, subject: str, label: str, asks: str
) -> None:
    whole, *of_passages = letters(client, address)
    soup = BeautifulSoup(client.get(address).content, "lxml")
    assert (whole["to"], whole["label"]) == ("redazione+catalogo@example.org", label)
    assert whole["subject"].startswith(subject)
    lines = whole["body"].split("\r\n")
    assert lines[0].endswith(f"http://127.0.0.1:8000{address}")
    assert lines[1].split()[-1] in text(soup, "#citazione")
    assert lines[2:] == ["", asks, ""]
    assert "\n" not in whole["body"].replace("\r\n", "")
    passages = list(coworking().passages.all())
    assert [letter["body"].split("\r\n")[2].split()[-1] for letter in of_passages] == [p.anchor for p in passages]
    assert "*" not in "".join(letter["body"] + letter["label"] for letter in of_passages)


@pytest.mark.usefixtures("contact")
@pytest.mark.parametrize("address", ["/obiettivi/os-ix/", "/en/objectives/os-ix/"])
def test_letter_about_a_term(client: Client, address: str) -> None:
    whole, *of_passages = letters(client, address)
    soup = BeautifulSoup(client.get(address).content, "lxml")
    assert whole["body"].split("\r\n")[1].split(": ")[1] in soup.select("#colophon")[0].text
    assert len(of_passages) == SpecificObjective.objects.get(slug="os-ix").passages.count()


@pytest.mark.usefixtures("contact")
def test_letter_is_not_too_long_and_holds_any_text(client: Client) -> None:
    passage = coworking().passages.all()[0]
    Passage.objects.filter(pk=passage.pk).update(text="Perché «così» & più?\r\n" * 200)
    (letter,) = [
        each for each in letters(client, "/iniziative/coworking/") if f": {passage.anchor}\r\n" in each["body"]
    ]
    assert "Perché «così» & più? Perché" in letter["body"]
    soup = BeautifulSoup(client.get("/iniziative/coworking/").content, "lxml")
    assert all(len(str(link["href"])) < 2000 for link in soup.select('a[href^="mailto:"]'))


def test_nobody_to_write_to_no_letter(client: Client) -> None:
    for address in ("/iniziative/coworking/", "/obiettivi/os-ix/"):
        assert letters(client, address) == []
        assert "Segnala" not in client.get(address).content.decode()
