"""Italian at the root, English under /en/: the address alone decides."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests.conftest import main_of

pytestmark = pytest.mark.django_db
PAIRS = [
    ("/", "/en/"),
    ("/iniziative/?objective=os-ix&q=cura", "/en/initiatives/?objective=os-ix&q=cura"),
    ("/iniziative/coworking/", "/en/initiatives/coworking/"),
    ("/obiettivi/os-i/", "/en/objectives/os-i/"),
    ("/categorie/economia-sociale/", "/en/categories/economia-sociale/"),
    ("/settori/inclusione-attiva/", "/en/sectors/inclusione-attiva/"),
    ("/fonte/", "/en/source/"),
    ("/informazioni/", "/en/about/"),
]


@pytest.mark.parametrize(("italian", "english"), PAIRS)
def test_each_page_leads_to_its_twin(client: Client, italian: str, english: str) -> None:
    for address, language, twin in ((italian, "it", english), (english, "en", italian)):
        response = client.get(address, headers={"accept-language": "de, en;q=0.9, it;q=0.1"})
        assert response.status_code == 200
        assert response.headers["Content-Language"] == language
        assert "Vary" not in response.headers
        soup = BeautifulSoup(response.content, "html.parser")
        assert soup.html is not None
        assert soup.html["lang"] == language
        switch = soup.select_one(".languages a")
        assert switch is not None
        assert switch["href"] == twin


def test_english_pages_quote_the_document_in_italian_and_say_what_is_translated(
    page: Callable[[str], BeautifulSoup],
) -> None:
    soup = main_of(page("/en/initiatives/coworking/"))
    assert "unofficial translation" in soup.get_text()
    quote = soup.select_one("blockquote p")
    assert quote is not None
    assert quote["lang"] == "it"
    assert "spazi collaborativi di lavoro" in quote.get_text()
    assert "according to the document" in soup.get_text()
