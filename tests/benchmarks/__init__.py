from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def worker_of(server: int) -> Path:
    return Path("/proc") / Path(f"/proc/{server}/task/{server}/children").read_text().split()[0]


def memory(worker: Path, field: str) -> int:
    """MB; of the resident set `VmRSS:` is what it takes, `VmHWM:` its peak."""
    return round(int((worker / "status").read_text().split(field)[1].split()[0]) / 1024)
