"""The code that a telephone's camera reads from paper, and that opens a page of the site."""

from io import BytesIO
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.urls import reverse

LONGEST = 500  # letters of a page's address: the code of a longer one would be too fine to be read


def code_of(page: str, kind: str, scale: float) -> bytes:
    drawn = BytesIO()
    segno.make(settings.PUBLIC_URL + page, micro=False).save(drawn, kind=kind, border=2, scale=scale)
    return drawn.getvalue()


def address_of_code(page: str) -> str:
    """Nothing where the page has none."""
    return f"{reverse('code')}?{urlencode({'of': page}, safe='/')}" if len(page) <= LONGEST else ""
