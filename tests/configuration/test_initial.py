"""`reminder init`: the starting configuration is accepted once `.env` is filled in, and nothing is overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from reminder.configuration.initial import STARTING_FILES, write_initial
from reminder.configuration.keys import KNOWN_FILES
from reminder.configuration.loading import load_setup
from reminder.configuration.schema import schema_name
from reminder.configuration.settings import read_settings
from reminder.errors import UsageFailure


def test_what_init_writes_is_accepted(tmp_path: Path) -> None:
    """The files have no findings; of the settings only the key is missing, which nobody can make for the admin."""
    folder = tmp_path / "new" / "config"
    written = write_initial(folder)
    assert [path.name for path in written] == [*STARTING_FILES, *(schema_name(file) for file in KNOWN_FILES)]
    assert load_setup(folder).findings == ()
    example = (folder / ".env.example").read_text(encoding="utf-8")
    (folder / ".env").write_text(example, encoding="utf-8")
    assert ["REMINDER_SECRET_KEY" in finding.message for finding in read_settings(folder, {}).findings] == [True]
    (folder / ".env").write_text(example.replace("SECRET_KEY=\n", f"SECRET_KEY=a:{'0' * 64}\n"), encoding="utf-8")
    assert read_settings(folder, {}).findings == ()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """Where one file is there, none is written, and the failure names it."""
    (tmp_path / "contacts.yaml").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageFailure, match=r"contacts\.yaml"):
        write_initial(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["contacts.yaml"]
    assert (tmp_path / "contacts.yaml").read_text(encoding="utf-8") == "mine"
