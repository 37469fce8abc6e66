"""What stands beside a file that an import writes: the programme that its rows belong to, the coordinators that it must hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from reminder.configuration.findings import Report
from reminder.configuration.nodes import Node, read_tree
from reminder.configuration.programme_file import read_programmes
from reminder.configuration.service_file import read_service
from reminder.domain.programme import Programme
from reminder.errors import ConfigurationFailure, Finding, ReminderError, Severity

Value = TypeVar("Value")


def read_programmes_beside(path: Path) -> tuple[Programme, ...] | None:
    """The programmes of a file; None where it is missing. Raises ConfigurationFailure where it has faults."""
    return _read(path, lambda tree, report: tuple(draft.programme for draft in read_programmes(tree, path.parent, report)))


def read_coordinators_beside(path: Path) -> tuple[str, ...] | None:
    """The ids of the contacts that service.yaml names as coordinators; None where it is missing."""
    return _read(path, lambda tree, report: tuple(name for name, _ in read_service(tree, report).coordinators))


def _read(path: Path, read: Callable[[Node | None, Report], Value]) -> Value | None:
    findings: list[Finding] = []
    report = Report(path.name, findings)
    try:
        tree = read_tree(path.read_text(encoding="utf-8-sig"), report)
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ReminderError(f"{path} cannot be read: {why}.", advice="Correct the file.") from error
    found = None if findings else read(tree, report)
    if any(finding.severity is Severity.FAULT for finding in findings):
        raise ConfigurationFailure(findings)
    return found
