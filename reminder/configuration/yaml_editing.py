"""Our own YAML files read to be changed and written again: comments, order and quotation marks stay, and every value stays a text.

What stands in the file is first read as the program reads it; a file with faults is not touched.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from reminder.configuration.findings import Report
from reminder.configuration.nodes import Node, read_tree
from reminder.configuration.schema import FOLDER, schema_name
from reminder.configuration.sections import is_given
from reminder.errors import ConfigurationFailure, Finding, ReminderError, Severity

_NOT_PLAIN = re.compile(r"[-+.\d].*|null|~|true|false|yes|no|on|off", re.IGNORECASE | re.DOTALL)
"""What an editor would take for a number, a date or a truth; quoted, it is a text for everybody."""


class _AllTexts(VersionedResolver):
    """Resolves every scalar to a text, as our reader does: `3.10` stays as it is written."""

    def resolve(self, kind: type, value: object, implicit: object) -> object:
        """The tag of a node."""
        return self.DEFAULT_SCALAR_TAG if kind is ScalarNode else super().resolve(kind, value, implicit)


def read_sound(path: Path, read: Callable[[Node | None, Report], object], *, pardoned: Sequence[str] = ()) -> CommentedMap:
    """The file as a tree that can be changed; an empty one where it is missing or holds nothing.

    `read` is its reader. Raises ConfigurationFailure with every fault but those whose advice is `pardoned`, ReminderError
    where the file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return CommentedMap()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ReminderError(f"{path} cannot be read: {why}.", advice="Correct the file, or name another one.") from error
    findings: list[Finding] = []
    report = Report(path.name, findings)
    tree = read_tree(text, report)
    if not findings:
        read(tree, report)
    if any(finding.severity is Severity.FAULT and finding.advice not in pardoned for finding in findings):
        raise ConfigurationFailure(findings)
    loaded = _yaml().load(text) if tree is not None and is_given(tree) else None
    return loaded if isinstance(loaded, CommentedMap) else CommentedMap()


def show_yaml(content: CommentedMap, header: str = "") -> str:
    """The text of a file. `header` is put before a new one, as comments."""
    stream = StringIO()
    _yaml().dump(content, stream)
    text = re.sub(r" +$", "", stream.getvalue(), flags=re.MULTILINE)
    comment = "".join(f"# {line}\n" for line in header.splitlines())
    return f"{comment}\n{text}" if header else text


def header_for(out: Path, file: str, words: str) -> str:
    """The first lines of a new file: where its schema is, if the editor has one, and what it is."""
    has_schema = (out.parent / FOLDER / schema_name(file)).is_file()
    return f"yaml-language-server: $schema={FOLDER}/{schema_name(file)}\n{words}" if has_schema else words


def inner(content: CommentedMap, key: str) -> CommentedMap:
    """The table under a key, which is made where nothing stands there."""
    if not isinstance(content.get(key), CommentedMap):
        content[key] = CommentedMap()
    found = content[key]
    assert isinstance(found, CommentedMap)
    return found


def text_value(text: str) -> str:
    """A text as it is written: in quotation marks where something else could be read in it."""
    return DoubleQuotedScalarString(text) if _NOT_PLAIN.fullmatch(text) else text


def table_of(values: Mapping[str, str]) -> CommentedMap:
    """A table of texts; empty ones are left out."""
    return CommentedMap({key: text_value(value) for key, value in values.items() if value})


def flow_list(items: Sequence[str]) -> CommentedSeq:
    """A list on one line."""
    sequence = CommentedSeq(items)
    sequence.fa.set_flow_style()
    return sequence


def write_whole(path: Path, text: str) -> None:
    """Writes a file whole or not at all: beside it first, then in its place. Raises ReminderError where that cannot be done."""
    beside = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists():
            beside.chmod(path.stat().st_mode)
        beside.replace(path)
    except OSError as error:
        raise ReminderError(f"{error.filename or path} cannot be written: {error.strerror}.", advice="Name another file.") from error


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.Resolver = _AllTexts
    yaml.preserve_quotes = True
    yaml.width = 120
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml
