"""Made-up catalogues for trying sizes, and the benchmark that runs on them, at a small size."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.test import Client

from catalogue.serving.kept import Answer
from initiatives.facets import Selection
from initiatives.models import Initiative, ObjectiveLink, PublicAddress, PublicEntry
from initiatives.versions import triggers
from tests.helpers import ROOT, current_index, main_of
from tests.oracle import PlainSQL
from tests.sites import clean_environment

pytestmark = pytest.mark.django_db


def test_sample_never_goes_into_a_filled_catalogue() -> None:
    with pytest.raises(CommandError, match="one of its own"):
        call_command("sample", entries=10)
    assert Initiative.objects.count() == 27


def test_sample_is_seeded_skewed_and_searchable(no_entries: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sample", entries=400)
    assert "400 of 400 entries" in capsys.readouterr().out
    assert triggers.missing() == set()
    titles = list(Initiative.objects.values_list("title", flat=True))
    by_objective = Counter(ObjectiveLink.objects.values_list("term__slug", flat=True))
    assert by_objective["os-i"] > by_objective["os-ix"] > 50
    published = Initiative.objects.published()
    assert PublicEntry.objects.filter(initiative__in=published, withdrawn=None).count() == published.count()
    assert PublicAddress.objects.filter(entry__initiative__in=published).count() == published.count()
    assert 0.25 < Initiative.objects.exclude(parent=None).count() / 400 < 0.5
    index = current_index()
    for q in ("", "servizi", titles[-1].split()[-1]):
        found, twin = index.find(Selection(q=q)), PlainSQL().find(Selection(q=q))
        assert found.total == twin.total > 0
        assert found.ids == twin.ids
    Initiative.objects.exclude(parent=None).delete()
    Initiative.objects.all().delete()
    call_command("sample", entries=400)
    assert list(Initiative.objects.values_list("title", flat=True)) == titles


def test_pages_of_a_hundred_are_light(no_entries: None, client: Client) -> None:
    call_command("sample", entries=2000)
    for address in ("/iniziative/", "/tabella/", "/en/initiatives/", "/en/table/"):
        for query in ("", "&objective=os-ix&order=title", "&q=servizi+sociali&page=2"):
            body = client.get(f"{address}?page_size=100{query}").content
            assert len(main_of(BeautifulSoup(body, "lxml")).select("[name=pick]")) == 100
            answer = Answer(200, ((b"content-type", b"text/html"),), body)
            assert len(answer.packed("gzip").body) <= 15 * 1024, (address, query)
            assert len(answer.packed("br").body) <= 13 * 1024, (address, query)


def test_benchmark_prints_a_table_and_lines_for_machines(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.facets", "--entries", "27", "--data-dir", str(tmp_path)],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "| no choice | 27 |" in done.stdout
    lines = dict(line.split()[::2] for line in done.stdout.splitlines() if line.endswith((" ms", " MB", " queries")))
    assert lines["one-term-index"] == "ms"
    assert lines["one-term-queries"] == "queries"
