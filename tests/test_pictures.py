"""Pictures that are taken away: their words are there to be read, whatever they are."""

import re
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from PIL import Image
from pytest_django import Settings

from catalogue.pictures.card import MOST_LINES, card
from catalogue.pictures.raster import as_png
from initiatives.models import Initiative
from taxonomy.models import InterventionCategory

pytestmark = pytest.mark.django_db
TEXT = re.compile(r"<text[^>]*>[^<]*</text>")


def opened(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png)).convert("L")


def ink(picture: Image.Image) -> int:
    """How many points are dark enough to be read."""
    return sum(picture.histogram()[:128])


@pytest.mark.parametrize("address", ["/incroci", "/en/crosswalk", "/incroci.png?objective=os-i"])
def test_picture_has_the_size_of_a_slide_at_double_density(client: Client, address: str) -> None:
    address, _dot, query = address.partition(".png")
    response = client.get(f"{address}.png{query}")
    assert response.headers["Content-Type"] == "image/png"
    assert re.search(r'filename="\w[\w-]+\.png"', response.headers["Content-Disposition"])
    assert opened(response.content).size == (3200, 1800)


@pytest.mark.parametrize(
    "address", ["/incroci.png", "/en/crosswalk.png", "/en/crosswalk.png?objective=os-ix&basis=source"]
)
def test_no_line_of_the_slide_is_cut(client: Client, settings: Settings, address: str) -> None:
    """Beside the lines, which end 60 points before the edge, there is nothing."""
    settings.PUBLISHER_NAME, settings.DATA_LICENCE = (
        "Agenzia per la coesione territoriale",
        "https://example.it/licenza",
    )
    drawn = opened(client.get(address).content)
    assert ink(drawn.crop((3090, 30, 3200, 1800))) == 0
    assert ink(drawn.crop((2400, 1690, 3090, 1725))) > 100  # whose it is


@pytest.mark.parametrize("address", ["/incroci.svg", "/en/crosswalk.svg"])
def test_each_word_of_the_slide_has_ink(client: Client, address: str) -> None:
    """Each text taken away alone leaves less of it."""
    svg = client.get(address).content.decode()
    texts = list(TEXT.finditer(svg))
    assert len(texts) > 30
    whole = ink(opened(as_png(svg, 1)))
    for text in texts[:: len(texts) // 12]:
        assert ink(opened(as_png(svg.replace(text[0], "", 1), 1))) < whole, text[0]


@pytest.mark.parametrize("sign", "àÈ€«»“”‘’–—…·§°½→←−≤≥×" + "αЖ☃🚀")
def test_each_sign_is_drawn_or_stood_for(sign: str) -> None:
    shapes = f'<rect width="90" height="60" fill="#fff"/><text x="9" y="42" font-size="36">{sign}</text>'
    drawn = opened(as_png(f'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60">{shapes}</svg>', 1))
    assert ink(drawn) > 10


def test_what_editors_and_readers_write_is_drawn(client: Client) -> None:
    """Arrows in a term's name, other alphabets in a search; the address says what was searched to the letter."""
    InterventionCategory.objects.filter(slug="economia-sociale").update(name="Economia → sociale & <altro>")
    assert Initiative.objects.filter(categorylinks__term__slug="economia-sociale").exists()
    response = client.get("/incroci.png?category=economia-sociale")
    assert opened(response.content).size == (3200, 1800)
    assert client.get("/incroci.png?q=cura+or+έργο+καλό").status_code == 200


@pytest.mark.parametrize("query", ["?category=inventata", "?page=2", "?boh=1"])
def test_picture_refuses_what_it_does_not_understand(client: Client, query: str) -> None:
    assert client.get(f"/incroci.png{query}").status_code == 400


CARDS = [
    ("/iniziative/coworking/", "/iniziative/coworking/immagine.png"),
    ("/obiettivi/os-ix/", "/obiettivi/os-ix/immagine.png"),
    ("/en/categories/cura-conciliazione/", "/en/categories/cura-conciliazione/picture.png"),
]


@pytest.mark.parametrize(("page", "picture"), CARDS)
def test_link_to_a_page_is_shown_with_a_picture_of_its_own(client: Client, page: str, picture: str) -> None:
    shown = BeautifulSoup(client.get(page).content, "lxml")
    (named,) = shown.select("meta[property='og:image']")
    assert named["content"] == f"http://127.0.0.1:8000{picture}"
    drawn = opened(client.get(picture).content)
    assert drawn.size == (1200, 630)
    assert ink(drawn) > 5_000


def test_title_that_is_too_long_for_its_picture_is_cut_inside_it(client: Client) -> None:
    Initiative.objects.filter(slug="coworking").update(title="Parola lunghissima " * 15)
    svg = card("Iniziativa", "Parola lunghissima " * 15, "")
    assert svg.count('font-size="56"') == MOST_LINES
    assert "…" in svg
    assert client.get("/iniziative/coworking/immagine.png").status_code == 200


@pytest.mark.parametrize("address", ["/iniziative/mai-stata/immagine.png", "/obiettivi/mai-stato/immagine.png"])
def test_nothing_has_no_picture(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404
