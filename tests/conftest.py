import gc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from bs4 import BeautifulSoup
from django.conf import LazySettings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]

from catalogue.access.models import Account
from catalogue.management.commands.start import load_catalogue
from initiatives.models import Initiative, Status
from tests.helpers import PASSWORD, ROOT, FixtureEntry
from tests.sites import RunningSite, new_site


@pytest.fixture(scope="session", autouse=True)
def static_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The hashed static files that every page names, collected once.

    They are looked through once too: else the first request of each test's `Client` would do so.
    """
    with override_settings(STATIC_ROOT=tmp_path_factory.mktemp("static")), pytest.MonkeyPatch.context() as patch:
        call_command("collectstatic", verbosity=0, interactive=False)
        files = WhiteNoiseMiddleware().files
        patch.setattr(WhiteNoiseMiddleware, "add_files", lambda self, *_, **__: self.files.update(files))
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Every test finds the real entries, loaded once as `start` loads them."""
    with django_db_blocker.unblock():
        load_catalogue()
    gc.freeze()  # what is there by now stays: nobody need look through it again and again


@pytest.fixture
def no_entries(db: None) -> None:
    """For tests that make their own entries; the terms stay."""
    Initiative.objects.exclude(parent=None).delete()
    Initiative.objects.all().delete()


@pytest.fixture(scope="session")
def fixture_entries() -> list[FixtureEntry]:
    """Read straight from the YAML, past every line of the product: the brute-force count starts here."""
    rows = yaml.safe_load((ROOT / "fixtures" / "initiatives.yaml").read_text("utf-8"))
    entries = {
        row["fields"]["slug"]: FixtureEntry(
            row["fields"]["slug"], row["fields"], {"objective": {}, "category": {}, "sector": {}}
        )
        for row in rows
    }
    for row in yaml.safe_load((ROOT / "fixtures" / "links.yaml").read_text("utf-8")):
        fields = row["fields"]
        dimension = row["model"].removeprefix("initiatives.").removesuffix("link")
        entries[fields["initiative"][0]].terms[dimension][fields["term"][0]] = fields["basis"]
    return list(entries.values())


@pytest.fixture
def make_entry(no_entries: None) -> Callable[..., Initiative]:
    """Makes a published entry, `title` and all, from as little as its slug."""

    def make(slug: str, **fields: Any) -> Initiative:
        fields = {"title": slug.title(), "summary": f"Sintesi di {slug}.", "status": Status.PUBLISHED, **fields}
        return Initiative.objects.create(slug=slug, **fields)

    return make


@pytest.fixture
def page(client: Client) -> Callable[[str], BeautifulSoup]:
    def get(address: str) -> BeautifulSoup:
        response = client.get(address)
        assert response.status_code == 200, address
        return BeautifulSoup(response.content, "lxml")

    return get


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """The site as `start` serves it from an empty folder, on the kind of database that the tests run on."""
    running = new_site(tmp_path_factory.mktemp("site") / "var", "catalogue_site")
    yield running
    running.stop()


@pytest.fixture
def quick(settings: LazySettings) -> None:
    """For tests that are not about what hashing costs."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def make(quick: None) -> Callable[..., Any]:
    """Makes an account, of a group or an administrator's."""

    def make_account(name: str, group: str = "Redazione", **fields: Any) -> Any:
        is_superuser = group == "administrators"
        account = Account.objects.create_user(
            name, password=PASSWORD, is_staff=True, is_superuser=is_superuser, **fields
        )
        account.groups.set(Group.objects.filter(name=group))
        return account

    return make_account
