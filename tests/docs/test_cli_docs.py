"""The documentation of the command line names every command and every option."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

from reminder.cli.main import build_parser

ROOT = Path(__file__).parents[2]
GLOBAL = {"-h", "--help", "--config", "--json", "--lang", "--quiet"}


def walk(parser: argparse.ArgumentParser, path: str = "") -> Iterator[tuple[str, str]]:
    """Each command with each of its options."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, child in action.choices.items():
                yield f"{path} {name}".strip(), ""
                yield from walk(child, f"{path} {name}".strip())
        elif path:
            yield from ((path, option) for option in action.option_strings if option not in GLOBAL)


def test_every_command_and_option_has_its_place() -> None:
    """A command without a heading, or an option that is nowhere, is not documented."""
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## `([a-z]+)`\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))

    missing = [
        f"{command} {option}".strip()
        for command, option in walk(build_parser())
        if command.split()[0] not in sections or (option or command) not in (sections[command.split()[0]] + f"`{command}`")
    ]

    assert missing == []


def test_relative_links_lead_somewhere() -> None:
    """Every relative link and picture of the README and the documentation is there."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists()
    ]

    assert broken == []
