"""`reminder import lights`: what was reported last year, out of a spreadsheet, becomes a lights.yaml.

The words of the lights are those that replies are read by, with the same caution: what is doubtful is rejected, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from reminder.configuration.columns import Columns, find_table
from reminder.configuration.findings import near_miss
from reminder.configuration.import_beside import read_programmes_beside
from reminder.configuration.import_headings import LIGHTS
from reminder.configuration.import_rows import RejectedRow
from reminder.configuration.light_cells import LightCell, find_letters, read_light_cell, read_phase_cell
from reminder.configuration.lights_file import find_action
from reminder.configuration.sheet import Row, SheetTable, read_sheet
from reminder.configuration.values import read_date
from reminder.domain.assessments import EarlierLight, Phase
from reminder.domain.programme import Action, Programme
from reminder.errors import UsageFailure
from reminder.parse.dates import find_date


@dataclass(frozen=True, slots=True, kw_only=True)
class LightsOptions:
    """How to import: `on` is the day of rows that name none, `programme` its id where there are several."""

    columns: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""
    on: date | None = None
    programme: str = ""
    programme_file: Path | None = None
    """Where programme.yaml is; None: beside the file that is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedLights:
    """What an import found: lights by id of the action, in the order of the table."""

    programme: Programme
    rows_read: int
    lights: Mapping[str, EarlierLight]
    rejected: tuple[RejectedRow, ...]
    notes: tuple[str, ...]


class _Rejected(Exception):
    """A row gives no light; the message says why, and what to do."""


def import_lights(source: Path, out: Path, options: LightsOptions | None = None) -> ImportedLights:
    """Reads a table of lights. Raises UsageFailure, ReminderError or ConfigurationFailure where it cannot be read at all."""
    options = options or LightsOptions()
    programme = _find_programme(options, out)
    sheet = read_sheet(source, options.sheet)
    table = find_table(sheet.rows, options.columns, LIGHTS, source.name)
    _check_one_light(table.columns, options)
    if options.on is None and "on" not in table.columns.places:
        raise UsageFailure("The table does not say when this was reported.", advice="Say it: --on 2024-02-20.")
    return _Importer(options, programme, table.columns, table.rows, sheet).run()


def _find_programme(options: LightsOptions, out: Path) -> Programme:
    path = options.programme_file or out.parent / "programme.yaml"
    programmes = read_programmes_beside(path)
    if programmes is None:
        raise UsageFailure(
            f"{path} is not there, and the lights belong to its actions.",
            advice="Import the programme first, or name it: --programme FILE.yaml.",
        )
    by_id = {programme.id: programme for programme in programmes}
    if options.programme and options.programme not in by_id:
        guess = near_miss(options.programme, by_id)
        raise UsageFailure(
            f"There is no programme {options.programme}.", advice=f"Did you mean {guess}?" if guess else f"Programmes: {', '.join(by_id)}."
        )
    if not options.programme and len(by_id) != 1:
        raise UsageFailure(f"{path.name} holds {len(by_id)} programmes.", advice=f"Name one: --id {' or --id '.join(by_id) or 'ID'}.")
    return by_id[options.programme or next(iter(by_id))]


def _check_one_light(columns: Columns, options: LightsOptions) -> None:
    """`Liikennevalo 2022 | Liikennevalo 2023`: which of them is meant only a person knows."""
    more = [title for title in columns.unused if any(title.casefold().startswith(f"{name} ") for name in LIGHTS.headings["light"])]
    if more and "light" not in options.columns:
        raise UsageFailure("Several columns may hold the light.", advice=f'Name the one of last time, such as --column "light={more[-1]}".')


class _Importer:
    """One import: each row is a light, or is rejected."""

    def __init__(self, options: LightsOptions, programme: Programme, columns: Columns, rows: Sequence[Row], sheet: SheetTable) -> None:
        self.options, self.programme, self.columns, self.rows, self.sheet = options, programme, columns, rows, sheet
        self.letters = find_letters(columns.cell(row.cells, "light") for row in rows)
        self.rejected: list[RejectedRow] = []
        self.headings: list[int] = []

    def run(self) -> ImportedLights:
        """The whole table."""
        found: dict[str, tuple[int, EarlierLight]] = {}
        for row in self.rows:
            if self._is_heading(row):
                self.headings.append(row.line)
                continue
            try:
                action, light = self._read_row(row)
            except _Rejected as reason:
                self._reject(row.line, str(reason))
                continue
            self._keep(found, row.line, action, light)
        return ImportedLights(
            programme=self.programme,
            rows_read=len(self.rows),
            lights={action: light for action, (_, light) in found.items()},
            rejected=tuple(sorted(self.rejected, key=lambda one: one.line)),
            notes=self._notes(found),
        )

    def _keep(self, found: dict[str, tuple[int, EarlierLight]], line: int, action: Action, light: EarlierLight) -> None:
        """The newest light of an action counts; the others are named."""
        before = found.get(action.id)
        if before is None:
            found[action.id] = (line, light)
        elif before[1].on < light.on:
            self._reject(before[0], f"tells of {action.number} on {before[1].on}, and line {line} of a later day; the later one was taken")
            found[action.id] = (line, light)
        else:
            self._reject(line, f"tells of {action.number} as line {before[0]} does, and of no later day; line {before[0]} was taken")

    def _reject(self, line: int, reason: str) -> None:
        self.rejected.append(RejectedRow(line=line, reason=reason))

    def _is_heading(self, row: Row) -> bool:
        """A row with one cell, `Painopiste 1: Keskusta`: a heading within the table, and no action."""
        return (
            sum(bool(cell.strip()) for cell in row.cells) == 1
            and not any(self._cell(row, key) for key in ("light", "phase", "on", "text"))
            and (find_action(self.programme, self._number(row)) is None)
        )

    def _cell(self, row: Row, key: str) -> str:
        return self.columns.cell(row.cells, key)

    def _number(self, row: Row) -> str:
        return self._cell(row, "number").strip("[](). ")

    def _read_row(self, row: Row) -> tuple[Action, EarlierLight]:
        action = self._find_action(row)
        said, phase = self._read_light(row), self._read_phase(row)
        if said.light is None and said.phase is None and phase is None:
            raise _Rejected("gives neither light nor phase; write the word, since the colour of a cell is not read")
        text = " ".join(part for part in (self._cell(row, "text"), said.text) if part)
        return action, EarlierLight(on=self._read_day(row), light=said.light, phase=phase or said.phase, text=text)

    def _read_light(self, row: Row) -> LightCell:
        cell = self._cell(row, "light")
        said = read_light_cell(cell, self.letters)
        if said is None:
            raise _Rejected(f"{cell!r} is not one light; write green, yellow or red, vihreä, keltainen or punainen, grön, gul or röd")
        return said

    def _read_phase(self, row: Row) -> Phase | None:
        cell = self._cell(row, "phase")
        phase = read_phase_cell(cell)
        if cell and phase is None:
            raise _Rejected(f"the phase {cell!r} is not known; write {', '.join(Phase)}")
        return phase

    def _read_day(self, row: Row) -> date:
        cell = self._cell(row, "on")
        if not cell:
            if self.options.on is None:
                raise _Rejected("names no day; write one, or say with --on which day counts for rows without one")
            return self.options.on
        found = find_date(cell, date(2000, 1, 1)) if re.search(r"\d{4}|\.\d{2}\b", cell) else None
        day = read_date(cell) or (found[0] if found else None)
        if day is None:
            raise _Rejected(f"the day {cell!r} cannot be read; write it as 20.2.2024")
        return day

    def _find_action(self, row: Row) -> Action:
        """By its number, which its title must not contradict; by an exact title where there is no number, or where a program spoiled it."""
        number, titled = self._number(row), self._titled(self._cell(row, "title"))
        numbered = self._numbered(row, number)
        if not numbered and number:
            guess = near_miss(number, [action.number for action in self.programme.actions])
            hint = f"; did you mean {guess}?" if guess else ""
            raise _Rejected(f"{self.programme.id} has no action {number}{hint}")
        both = [action for action in numbered if action in titled]
        if numbered and titled and not both:
            raise _Rejected(f"{number} is another action than {titled[0].number}, whose title stands beside it; correct one of the two")
        chosen = both or numbered or titled
        if len(chosen) > 1:
            raise _Rejected(f"may be {' or '.join(action.number for action in chosen)}; write the number as a text")
        if not chosen:
            raise _Rejected("names no action; write its number")
        return chosen[0]

    def _numbered(self, row: Row, number: str) -> list[Action]:
        exact = find_action(self.programme, number)
        if self.columns.places.get("number") in row.numeric:
            return [action for action in self.programme.actions if _value(action.number) == _value(number)] or ([exact] if exact else [])
        return [exact] if exact else []

    def _titled(self, title: str) -> list[Action]:
        key = _squash(title)
        return [action for action in self.programme.actions if key and key in {_squash(action.title), _squash(action.text)}]

    def _notes(self, found: Mapping[str, object]) -> tuple[str, ...]:
        silent = [action.number for action in self.programme.actions if action.id not in found]
        notes = [*self.sheet.notes(), *self.columns.notes()]
        if self.headings:
            notes.append(f"Taken as headings within the table: lines {', '.join(map(str, self.headings))}.")
        if silent:
            notes.append(f"Nothing is told of {len(silent)} actions of {self.programme.id}: {', '.join(silent)}.")
        return tuple(notes)


def _value(number: str) -> float | str:
    try:
        return float(number)
    except ValueError:
        return number


def _squash(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
