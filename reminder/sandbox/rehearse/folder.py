"""The folder that a rehearsal leaves behind: made anew each time, and only where it is ours."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from reminder.errors import UsageFailure

MARKER, INDEX, MAILS, PARTIES, SITE = "rehearsal.json", "index.html", "mails", "parties", "site"
OURS = (INDEX, MAILS, PARTIES, SITE, MARKER)
"""Everything that a rehearsal writes; nothing else in the folder is touched."""


def prepare_folder(out: Path, config: Path, facts: Mapping[str, object]) -> Path:
    """An empty folder, that its owner alone may read, with the marker in it; an earlier rehearsal in it is taken away.

    Raises UsageFailure for a folder that holds something else, and for one within the configuration, which is never changed.
    """
    root = out.resolve()
    if root == config.resolve() or config.resolve() in root.parents:
        raise UsageFailure(f"{out} lies in the folder of the configuration, which is not changed.", advice="Name another one with --out.")
    if root.exists():
        _empty(root, out)
    root.mkdir(parents=True, exist_ok=True)
    root.chmod(0o700)
    root.joinpath(MARKER).write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return root


def _empty(root: Path, out: Path) -> None:
    if not root.is_dir() or (any(root.iterdir()) and not root.joinpath(MARKER).is_file()):
        raise UsageFailure(
            f"{out} is not a folder of an earlier rehearsal; it is left alone.", advice="Name another one, or a new one, with --out."
        )
    for name in OURS:
        path = root / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
