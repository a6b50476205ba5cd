import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent


def worker_of(server: int) -> Path:
    return Path("/proc") / Path(f"/proc/{server}/task/{server}/children").read_text().split()[0]


def memory(worker: Path, field: str) -> int:
    """MB; of the resident set `VmRSS:` is what it takes, `VmHWM:` its peak."""
    return round(int((worker / "status").read_text().split(field)[1].split()[0]) / 1024)


@contextmanager
def copied_site(entries: int, database_url: str, below: Path = ROOT / "var") -> Iterator[Any]:
    """The `RunningSite` of a copy of a sample, below a folder, which may be edited; PostgreSQL's is edited itself."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "catalogue.settings"
    import django

    django.setup()
    from tests.sites import run_site

    with tempfile.TemporaryDirectory(dir=below) as folder:
        for file in (ROOT / "var" / "samples" / str(entries)).glob("catalogue.sqlite3*"):
            shutil.copy(file, folder)
        os.sync()  # what is measured does not wait for the copy
        site = run_site(Path(folder), **({"DATABASE_URL": database_url} if database_url else {}))
        try:
            yield site
        finally:
            site.stop()
