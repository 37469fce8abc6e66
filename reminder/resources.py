"""Where the templates and the example configuration are: in an installed package, or at the top of a checkout.

They stand at the top level of the repository and go into the wheel under `reminder/_data`; an editable install does not
see what a wheel is forced to include, so both places are looked at (DESIGN, decision 24).
"""

from __future__ import annotations

from pathlib import Path

from reminder.errors import ReminderError

PACKAGE = Path(__file__).resolve().parent


def find_templates() -> Path:
    """The folder of the mail and page templates."""
    return _find("templates")


def find_example() -> Path:
    """The folder of the example city's configuration."""
    return _find("config")


def find_starter() -> Path:
    """The folder of the short, commented configuration that `reminder init` writes."""
    return _find("config") / "starter"


def _find(name: str) -> Path:
    for candidate in (PACKAGE / "_data" / name, PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise ReminderError(f"The folder {name} is missing from this installation.", advice="Install reminder again.")
