"""What editors type with the keyboard's quotes is stored with those of print, where only one reading is possible."""

from itertools import product

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.test import Client

from catalogue.admin.shared import with_signs_of_print
from initiatives.models import CategoryLink, Initiative
from tests.helpers import form_of

ITALIAN, ENGLISH = "«»", "“”"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Reti dell'innovazione e d'impresa", "Reti dell’innovazione e d’impresa"),
        ("L'80% delle imprese", "L’80% delle imprese"),
        ("Un po' di coworking", "Un po’ di coworking"),
        ("Gli asili degli anni '90", "Gli asili degli anni ’90"),
        ('Lo "scale-up" delle imprese', "Lo «scale-up» delle imprese"),
        ('"Badanti" e "nonni" di condominio', "«Badanti» e «nonni» di condominio"),
        ('Dell\'"economia sociale" (o "solidale"), oggi', "Dell’«economia sociale» (o «solidale»), oggi"),
        ('«Community» e "coworking"', "«Community» e «coworking»"),
        ('"La “casa” di tutti"', "«La “casa” di tutti»"),
        ("Già l’innovazione «aperta»", "Già l’innovazione «aperta»"),
        ("", ""),
    ],
)
def test_italian_titles_have_the_signs_of_print(typed: str, stored: str) -> None:
    assert with_signs_of_print(typed, ITALIAN) == stored
    assert with_signs_of_print(stored, ITALIAN) == stored


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("The person's home, the carers' work", "The person’s home, the carers’ work"),
        ("Nurseries of the '90s", "Nurseries of the ’90s"),
        ('Support for "scale-up"', "Support for “scale-up”"),
    ],
)
def test_english_titles_have_their_own(typed: str, stored: str) -> None:
    assert with_signs_of_print(typed, ENGLISH) == stored


@pytest.mark.parametrize(
    "typed",
    [
        'Lo "scale-up delle imprese',
        'Uno schermo da 15" e uno da 17"',
        '"Reti "aperte" di imprese"',
        'Le «reti "aperte"» di imprese',
        'Il segno " da solo',
        "I 'servizi di cura' di prossimità",
        "Gli 'asili' un po' più aperti",
        "Le 'ndrine",
        "Il '2020'",
        "A 5' da casa",
    ],
)
def test_what_may_be_read_in_two_ways_stays(typed: str) -> None:
    assert with_signs_of_print(typed, ITALIAN) == typed


def test_no_sign_is_lost_or_added() -> None:
    """Letters, spaces and the number of signs stay, whatever their order."""
    plain = str.maketrans("’«»“”", '\'""""')
    for signs in product("a '\"", repeat=7):
        typed = "".join(signs)
        assert with_signs_of_print(typed, ITALIAN).translate(plain) == typed


@pytest.mark.django_db
def test_titles_and_summaries_are_stored_with_them_and_quotations_as_they_are(client: Client) -> None:
    client.force_login(get_user_model().objects.create_superuser("redazione"))
    entry = Initiative.objects.get(slug="coworking")
    passage = entry.passages.first()
    assert passage is not None
    type(passage).objects.filter(pk=passage.pk).update(text='L\'uso di "coworking"')
    CategoryLink.objects.filter(initiative=entry).update(basis="editorial", passage=None, note='È l\'"uso".')
    address, data = form_of(client, entry)
    typed = {
        "title": 'L\'uso di "coworking"',
        "title_en": 'The use of "coworking"',
        "summary": "Un po' d'aiuto.",
        "summary_en": "The editors' help.",
    }
    assert client.post(address, {**data, **typed}).status_code == 302
    entry.refresh_from_db()
    assert (entry.title, entry.title_en) == ("L’uso di «coworking»", "The use of “coworking”")
    assert (entry.summary, entry.summary_en) == ("Un po’ d’aiuto.", "The editors’ help.")
    assert entry.categorylinks.values_list("note", flat=True)[0] == 'È l\'"uso".'
    passage.refresh_from_db()
    assert passage.text == 'L\'uso di "coworking"'
    # The same texts, typed again, change nothing.
    address, data = form_of(client, entry)
    assert client.post(address, {**data, **typed}).status_code == 302
    assert LogEntry.objects.latest("pk").get_change_message() == "Nessun campo modificato."
