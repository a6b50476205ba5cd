"""The texts of two releases side by side, as Markdown: `uv run python -m tests.compare_data OLD [NEW]`.

OLD and NEW are folders of checkouts; NEW is this one unless named. Of each entry the title and summary, of each term
the name, wording and note, in both languages, where they differ; under each entry the words of its passages today.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
TEXTS = {
    "initiatives": ("title", "title_en", "summary", "summary_en"),
    "taxonomy": ("name", "name_en", "text", "note", "note_en"),
}

Rows = dict[str, dict[str, Any]]


def rows_of(checkout: Path, name: str, key: str = "slug") -> Rows:
    rows = yaml.safe_load((checkout / "fixtures" / f"{name}.yaml").read_text("utf-8"))
    return {row["fields"][key]: row["fields"] for row in rows if key in row["fields"]}


def differences(old: Path, new: Path) -> Iterator[str]:
    passages = rows_of(new, "source", "anchor")
    for name, fields in TEXTS.items():
        before, after = rows_of(old, name), rows_of(new, name)
        for slug, row in after.items():
            yield f"\n### {slug}\n"
            for anchors, label in (("lead_ins", "opens its list"), ("passages", "passage")):
                for (anchor,) in row.get(anchors, []):
                    yield f"> {label} `{anchor}`: {passages[anchor]['text'].strip()}\n"
            yield "| | old | new |\n|---|---|---|"
            for field in fields:
                was, now = (str(side.get(field, "")).strip() for side in (before.get(slug, {}), row))
                yield f"| {field} | {was if was != now else '='} | {now} |"


if __name__ == "__main__":
    checkouts = [Path(argument) for argument in sys.argv[1:]]
    print("\n".join(differences(checkouts[0], checkouts[1] if len(checkouts) > 1 else ROOT)))
