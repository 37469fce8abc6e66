"""Where settings come from: the environment, and a `.env` file in the folder of the configuration or in the one beside it.

pydantic-settings knows no `…_FILE`, reads only the process environment, and passes over a mistyped variable in silence; so
the variables are gathered here, each with its place, and handed to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from dotenv.parser import parse_stream

from reminder.configuration import settings_wording as say
from reminder.configuration.findings import NOWHERE, Place, Report, near_miss
from reminder.configuration.phrases import NOT_UTF8_TEXT

PREFIX = "REMINDER_"
ENVIRONMENT = "environment"
SECRET_LIMIT = 65_536
"""Bytes that a file with a secret may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A variable and where it was set: `file` is `environment` or the path of the `.env` file."""

    name: str
    value: str
    file: str
    line: int = 0

    def place_in(self, report: Report) -> tuple[Report, Place]:
        """The report of its file, and its place, for a finding about it."""
        return report.of_file(self.file), Place(self.line, 1) if self.line else NOWHERE


def gather(
    directory: Path, environ: Mapping[str, str], known: Sequence[str], secrets: Sequence[str], report: Report
) -> dict[str, Variable]:
    """All `REMINDER_` variables that are known and not empty, secrets read from their files; the environment wins over `.env`."""
    found = {variable.name: variable for variable in (*_from_file(directory, report), *_from_environment(environ))}
    _report_unknown(found.values(), known, secrets, report)
    _read_secret_files(found, secrets, report)
    return {name: variable for name, variable in found.items() if name in known and variable.value}


def find_env_file(directory: Path) -> Path | None:
    """`.env` in the folder of the configuration, else in the folder that holds it."""
    candidates = (directory / ".env", directory.absolute().parent / ".env")
    return next((path for path in candidates if path.is_file()), None)


def _from_environment(environ: Mapping[str, str]) -> list[Variable]:
    return [
        Variable(name=name, value=value.strip(), file=ENVIRONMENT) for name, value in sorted(environ.items()) if name.startswith(PREFIX)
    ]


def _from_file(directory: Path, settings_report: Report) -> list[Variable]:
    path = find_env_file(directory)
    if path is None:
        return []
    report = settings_report.of_file(str(path))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or NOT_UTF8_TEXT
        report.add(say.ENV_UNREADABLE, NOWHERE, why=why)
        return []
    variables = []
    for binding in parse_stream(StringIO(text)):
        line = binding.original.line + len(binding.original.string) - len(binding.original.string.lstrip("\n"))
        if binding.error or (binding.key is not None and binding.value is None):
            report.add(say.ENV_LINE, Place(line, 1))
        elif binding.key is not None and binding.key.startswith(PREFIX):
            variables.append(Variable(name=binding.key, value=(binding.value or "").strip(), file=str(path), line=line))
    return variables


def _report_unknown(found: Iterable[Variable], known: Sequence[str], secrets: Sequence[str], report: Report) -> None:
    every = (*known, *(f"{name}_FILE" for name in secrets))
    short = {name.removeprefix(PREFIX): name for name in every}
    for variable in found:
        if variable.name in every:
            continue
        at, place = variable.place_in(report)
        guess = near_miss(variable.name.removeprefix(PREFIX), short)
        if guess:
            at.add(say.MISTYPED, place, name=variable.name, guess=short[guess])
        else:
            at.add(say.UNKNOWN, place, name=variable.name)


def _read_secret_files(found: dict[str, Variable], secrets: Sequence[str], report: Report) -> None:
    """Replaces `X_FILE` by `X` with the content of the file, its trailing line end removed."""
    for name in secrets:
        pointer = found.get(f"{name}_FILE")
        if pointer is None or not pointer.value:
            continue
        at, place = pointer.place_in(report)
        plain = found.get(name)
        if plain is not None and plain.value:
            at.add(say.TWICE, place, name=name)
            continue
        try:
            with Path(pointer.value).open("rb") as stream:
                content = stream.read(SECRET_LIMIT).decode("utf-8")
        except (OSError, ValueError) as error:
            at.add(say.SECRET_UNREADABLE, place, name=pointer.name, why=getattr(error, "strerror", None) or NOT_UTF8_TEXT)
            continue
        value = content.removesuffix("\n").removesuffix("\r")
        if not value:
            at.add(say.SECRET_EMPTY, place, name=pointer.name)
        found[name] = Variable(name=name, value=value, file=pointer.file, line=pointer.line)
