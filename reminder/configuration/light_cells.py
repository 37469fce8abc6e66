"""What a cell under `Liikennevalo` or `Vaihe` says, by the words and the caution by which replies are read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reminder.domain.assessments import Phase, TrafficLight
from reminder.parse.grammar import read_value
from reminder.parse.words import LETTERS, phase_of, split_words


@dataclass(frozen=True, slots=True, kw_only=True)
class LightCell:
    """What a cell gives; `text` are the words beside it."""

    light: TrafficLight | None = None
    phase: Phase | None = None
    text: str = ""


def find_letters(cells: Iterable[str]) -> str:
    """The language of the single letters of a column; empty where there are none, or where they could be of two.

    `g` alone is green or gul, so that it counts as English only where a `y` or an `a` stands in the column too.
    """
    used = {cell.strip(" .").casefold() for cell in cells}
    used = {letter for letter in used if len(letter) == 1 and letter.isalpha()}
    if used and used <= LETTERS["fi"].keys():
        return "fi"
    if used & {"y", "a"} and used <= LETTERS["en"].keys():
        return "en"
    return "sv" if used and used <= LETTERS["sv"].keys() else ""


def read_light_cell(cell: str, letters: str) -> LightCell | None:
    """The one light or phase of a cell; an empty one for an empty cell, None where it is doubtful or none that we know."""
    cell = cell.strip(" .;,")
    if not cell:
        return LightCell()
    if len(cell) == 1 and cell.isalpha():
        light = LETTERS.get(letters, {}).get(cell.casefold())
        return LightCell(light=light) if light is not None else None
    value = read_value(cell, letters or "fi", is_light_field=True)
    if value.reason is not None or (value.light is None and value.phase is None):
        return None
    return LightCell(light=value.light, phase=value.phase, text=value.text)


def read_phase_cell(cell: str) -> Phase | None:
    """The phase, by our own word or by those that replies are read by."""
    plain = "_".join(cell.casefold().replace("-", " ").replace("_", " ").split())
    return Phase(plain) if plain in set(Phase) else phase_of(split_words(cell))
