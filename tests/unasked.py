"""The example city without approvals and lists of contacts, for tests in which no coordinator answers."""

from __future__ import annotations

from pathlib import Path

from reminder.configuration.keys import SCHEDULE_FILE
from reminder.resources import find_example


def copy_unasked(folder: Path) -> Path:
    """The example's files in a folder, which is made; what would wait for approval leaves by itself, and no list of contacts is sent."""
    folder.mkdir(parents=True)
    for path in find_example().glob("*.*ml"):
        content = path.read_bytes()
        if path.name == SCHEDULE_FILE:
            assert content.count(b"approve: first") == 1
            assert content.count(b"contacts: notice - 2 weeks") == 1
            content = content.replace(b"approve: first", b"approve: none").replace(b"contacts: notice - 2 weeks", b"contacts: none")
        folder.joinpath(path.name).write_bytes(content)
    return folder
