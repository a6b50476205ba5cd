"""The first command, in processes of its own: what it makes, what it says, what it refuses."""

import re
import shutil
import socket
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.helpers import ROOT
from tests.sites import RunningSite, clean_environment, free_port, manage, run_site


def read(address: str) -> str:
    with urlopen(address, timeout=10) as response:
        return response.read().decode()


def test_first_start_fills_and_second_loads_nothing(tmp_path: Path) -> None:
    first = run_site(tmp_path / "var")
    page = read(f"{first.url}/iniziative/")
    assert "27 schede" in page
    assert f'<link rel="canonical" href="{first.url}/iniziative/">' in page
    said = first.stop()
    assert "27 entries loaded from the fixtures." in said
    assert first.url in said
    assert "createsuperuser" in said
    assert "Not set yet, and README says what each is: PUBLISHER_NAME, PUBLISHER_IPA, " in said
    second = run_site(tmp_path / "var", "--workers", "2")
    assert "27 schede" in read(f"{second.url}/iniziative/")
    assert "The catalogue already holds 27 entries: nothing loaded." in second.stop()


def test_secret_key_is_kept_from_others(site: RunningSite) -> None:
    key = site.data_dir / "secret-key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(key.read_text()) > 50
    assert stat.S_IMODE(site.data_dir.stat().st_mode) == 0o700
    assert [path.name for path in site.data_dir.glob("secret-key*")] == ["secret-key"]


def test_static_files_are_hashed_compressed_and_kept_for_ever(site: RunningSite) -> None:
    address = re.findall(r"/static/css/site\.[0-9a-f]{12}\.css", read(site.url))[0]
    with urlopen(Request(site.url + address, headers={"Accept-Encoding": "br"}), timeout=10) as response:
        assert response.headers["Content-Encoding"] == "br"
        assert "immutable" in response.headers["Cache-Control"]


def refused(tmp_path: Path, *arguments: str, **variables: Any) -> str:
    """Runs `start` with what it must refuse; returns its one line."""
    variables.setdefault("DATA_DIR", str(tmp_path / "var"))
    done = manage("start", "--port", str(free_port()), *arguments, **variables)
    assert done.returncode != 0
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr


def test_busy_port_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen(1)
        port = busy.getsockname()[1]
        assert f"Port {port} of 127.0.0.1 is in use" in refused(tmp_path, "--port", str(port))
    assert not (tmp_path / "var" / "catalogue.sqlite3").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--host", "203.0.113.9"), "Cannot listen on 203.0.113.9"),
        (("--host", "nessuno.invalid"), "Cannot listen on nessuno.invalid"),
        (("--port", "99999"), "--port must be a number from 1 to 65535"),
        (("--host", "0.0.0.0"), "set PUBLIC_URL"),
        (("--workers", "0"), "--workers must be 1 or more"),
    ],
)
def test_wrong_options_are_refused(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    assert said in refused(tmp_path, *arguments)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://localhost/x"),
        ("DATABASE_URL", "postgresql://localhost:porta/x"),
        ("DATABASE_URL", "sqlite:///"),
        ("PUBLIC_URL", "catalogo.example.it"),
        ("PUBLIC_URL", "https://catalogo.example.it/sotto"),
        ("PUBLIC_URL", "https://catalogo.example.it:porta"),
        ("PUBLIC_URL", "https://*"),
        ("PUBLIC_URL", "https://.example.it"),
        ("PUBLIC_URL", "https://città.example.it"),
        ("CONTACT_EMAIL", "nessuno"),
        ("CONTACT_EMAIL", "a@b\udce9.it"),
        ("ACCESSIBILITY_DECLARATION_URL", "https://x.it/\x01"),
        ("ACCESSIBILITY_DECLARATION_URL", "javascript:alert(1)"),
        ("PUBLISHER_NAME", "Regione\x07"),
        ("PUBLISHER_URL", "https://www.example.it/"),  # of nobody who is named
        ("PUBLISHER_IPA", "r esempi"),
        ("PUBLISHER_TYPE", "Regione"),
        ("DATA_LICENCE", "CC-BY"),
        ("DATA_LICENCE", "https://example.it/licenza>"),
        ("DATA_LICENCE", "https://example.it/libertà"),
        ("SECRET_KEY", "corta"),
        ("DATA_DIR", "/dev/null/var"),
        ("TRUSTED_PROXIES", "nginx"),
        ("TRUSTED_PROXIES", "10.0.0.7/8"),
        ("TRUSTED_PROXIES", "0.0.0.0/0"),
        ("SECOND_FACTOR", "sì"),
    ],
)
def test_wrong_variable_is_named(tmp_path: Path, name: str, value: str) -> None:
    assert name in refused(tmp_path, **{name: value})


def test_unreachable_database_is_one_line(tmp_path: Path) -> None:
    said = refused(tmp_path, DATABASE_URL=f"postgresql://nobody:secret@127.0.0.1:{free_port()}/nothing")
    assert "database" in said
    assert "secret" not in said


def test_broken_fixture_loads_nothing_and_is_named(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    kept = ("catalogue", "initiatives", "taxonomy", "templates", "static", "fixtures")
    for name in kept:
        shutil.copytree(ROOT / name, copy / name)
    shutil.copy(ROOT / "manage.py", copy)
    links = copy / "fixtures" / "links.yaml"
    whole = links.read_text("utf-8")
    links.write_text(whole.replace("os-ix", "os-undici", 1), "utf-8")
    done = manage("start", "--port", str(free_port()), root=copy, DATA_DIR=str(tmp_path / "var"))
    assert done.returncode != 0
    assert "nothing was" in done.stderr
    assert "links.yaml" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    ask = "from initiatives.models import *; print(Initiative.objects.count(), Source.objects.count())"
    assert manage("shell", "-v0", "-c", ask, DATA_DIR=str(tmp_path / "var")).stdout.strip() == "0 0"


STATED = {
    "PUBLISHER_NAME": "Regione d’Esempio",
    "PUBLISHER_URL": "https://www.example.it/",
    "PUBLISHER_IPA": "r_esempi",
    "PUBLISHER_TYPE": "RegionalAuthority",
    "CONTACT_EMAIL": "redazione@example.it",
    "DATA_LICENCE": "https://creativecommons.org/licenses/by/4.0/",
    "ACCESSIBILITY_DECLARATION_URL": "https://form.agid.gov.it/view/esempio",
    "TRUSTED_PROXIES": "127.0.0.1, ::1, 10.20.0.0/16",
}


def deploy_check(tmp_path: Path, stated: dict[str, str]) -> str:
    variables: dict[str, Any] = {"DATA_DIR": str(tmp_path / "var"), "PUBLIC_URL": "https://catalogo.example.it"}
    done = manage("check", "--deploy", "--fail-level", "WARNING", **(variables | stated))
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_deploy_check_is_silent_over_https(tmp_path: Path) -> None:
    assert "no issues (0 silenced)" in deploy_check(tmp_path, STATED)


def test_deploy_check_names_what_is_not_stated(tmp_path: Path) -> None:
    said = deploy_check(tmp_path, {})
    assert "identified 8 issues" in said
    assert all(f"{name} is not set" in said for name in STATED)


def test_reading_the_settings_makes_nothing(tmp_path: Path) -> None:
    environment = clean_environment(DATA_DIR=str(tmp_path / "var"))
    read_settings = [sys.executable, "-c", "import catalogue.settings"]
    subprocess.run(read_settings, cwd=ROOT, env=environment, check=True)
    assert list(tmp_path.iterdir()) == []


def test_first_page_waits_for_no_import_that_it_does_not_need(tmp_path: Path) -> None:
    names = "{'rest_framework.views', 'drf_spectacular.openapi', 'xlsxwriter', 'docx'}"
    script = f"import sys; from django.urls import reverse; reverse('home'); print({names} & set(sys.modules))"
    assert manage("shell", "-v0", "-c", script, DATA_DIR=str(tmp_path)).stdout.strip() == "set()"


def test_no_migration_is_missing(tmp_path: Path) -> None:
    assert manage("makemigrations", "--check", "--dry-run", DATA_DIR=str(tmp_path / "var")).returncode == 0
