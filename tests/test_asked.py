"""What people type leads to what they want: most of it among the first three results."""

import pytest
from django.test import Client

from tests.asked import entries_under_terms, queries, unanswered

pytestmark = pytest.mark.django_db


def test_nearly_all_that_people_type_is_answered(client: Client) -> None:
    assert len(queries()) == len({(asked.q, asked.lang) for asked in queries()}) == 150
    missed = [(asked.q, shown) for asked, shown in unanswered(client, entries_under_terms())]
    assert len(missed) <= 7, missed
