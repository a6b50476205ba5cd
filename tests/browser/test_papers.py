"""What is printed, counted in sheets."""

import re

import pytest

from tests.browser.helpers import OpenPage

SHEET = re.compile(rb"/Type\s*/Page\b")


@pytest.mark.parametrize("address", ["/dossier/?objective=os-i", "/dossier/", "/en/dossier/?objective=os-ix"])
def test_short_dossier_is_one_sheet(open_page: OpenPage, address: str) -> None:
    assert len(SHEET.findall(open_page(address).pdf(prefer_css_page_size=True, print_background=True))) == 1
