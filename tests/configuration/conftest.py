"""A small sound configuration that tests break in one place."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parent / "sample"
Edit = Callable[[str, str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the four sound files."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "config"))


@pytest.fixture
def edit(folder: Path) -> Edit:
    """Replaces one text by another in one file; the text must be there once."""

    def replace(file: str, old: str, new: str) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace
