"""The documentation of the command line names every command and every option."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from reminder import errors
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


SECTIONS = dict(
    re.findall(r"^## `([a-z]+)`\n(.*?)(?=^##? |\Z)", (ROOT / "docs" / "cli.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
)


def test_every_entry_is_about_something_that_exists() -> None:
    """No section is about a command, and no item of a list about an option or argument, that the parser does not know."""
    known: dict[str, set[str]] = {}
    for command, option in walk(build_parser()):
        known.setdefault(command.split()[0], set()).add(option)
    named = {(command, option) for command, text in SECTIONS.items() for option in re.findall(r"^- `(--[a-z-]+)", text, re.MULTILINE)}

    assert SECTIONS.keys() == known.keys()
    assert {(command, option) for command, option in named if option not in known[command]} == set()


def test_every_choice_of_an_argument_is_named() -> None:
    """Whoever must choose among words finds them in the section: kinds, steps, states, forms."""
    missing = [
        (path, choice)
        for path, action in walk_actions(build_parser())
        if path and action.dest != "lang"
        for choice in action.choices or ()
        if choice not in SECTIONS[path.split()[0]]
    ]

    assert missing == []


def walk_actions(parser: argparse.ArgumentParser, path: str = "") -> Iterator[tuple[str, argparse.Action]]:
    """Each option and argument with the command that it belongs to."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, child in action.choices.items():
                yield from walk_actions(child, f"{path} {name}".strip())
        else:
            yield path, action


def test_every_exit_code_is_explained() -> None:
    """The table of exit codes has those of errors.py."""
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    codes = {getattr(errors, name) for name in vars(errors) if name.startswith("EXIT_")}

    assert {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)} == codes


def list_examples() -> list[tuple[str, str]]:
    """Every line of the README and the documentation that shows a command to type, in a block or in the text."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    found = []
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for block in re.findall(r"^```[a-z]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
            found += [(page.name, line) for line in block.splitlines() if line.startswith("reminder ")]
    return found


def test_every_example_is_understood() -> None:
    """What the documentation shows to type is accepted by the parser."""
    examples = list_examples()
    for page, line in examples:
        words = shlex.split(line.partition(" > ")[0], comments=True)
        try:
            build_parser().parse_args(words[1:])
        except SystemExit as stop:
            raise AssertionError(f"{page}: {line}") from stop

    assert len(examples) > 30


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
