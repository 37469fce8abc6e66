"""Which column of a table holds what, by its heading in Finnish, Swedish or English, or as the admin says.

A heading need not stand in the first row: a title, a blank line or a heading over several columns may come before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from reminder.configuration.findings import near_miss
from reminder.configuration.sheet import Row
from reminder.errors import UsageFailure

_ACTION_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "number": (
        "id",
        "number",
        "no",
        "nr",
        "nro",
        "numero",
        "nummer",
        "tunniste",
        "tunnus",
        "identifier",
        "identifierare",
        "toimenpiteen tunniste",
    ),
    "title": ("title", "name", "otsikko", "nimi", "rubrik", "namn", "short title"),
    "text": (
        "measure",
        "action",
        "text",
        "description",
        "toimenpide",
        "toimenpiteet",
        "kuvaus",
        "sisältö",
        "åtgärd",
        "åtgärder",
        "beskrivning",
    ),
    "years": ("timetable", "years", "year", "schedule", "aikataulu", "vuodet", "vuosi", "ajankohta", "tidtabell", "tidsplan", "år"),
    "lead": (
        "responsible",
        "responsible party",
        "responsible parties",
        "lead",
        "vastuutaho",
        "vastuutahot",
        "vastuu",
        "vastuuhenkilö",
        "päävastuutaho",
        "ansvarig",
        "ansvariga",
        "ansvarig part",
        "ansvar",
    ),
    "contributors": (
        "contributors",
        "partners",
        "osallistujat",
        "muut osapuolet",
        "yhteistyötahot",
        "kumppanit",
        "medverkande",
        "samarbetsparter",
    ),
    "focus_area": ("focus area", "theme", "painopiste", "painopistealue", "teema", "kärki", "fokusområde", "insatsområde", "tema"),
    "goal": ("goal", "objective", "tavoite", "päämäärä", "mål", "målsättning"),
    "indicator": ("indicator", "metric", "mittari", "seurantamittari", "indikator", "mätare"),
}
"""Fields of an action, and the headings by which their column is known."""


HEADING_ROWS = 10
"""Rows with something in them among which the headings are looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableKind:
    """What a table is about. `needed` are groups of fields, of which one each must have its column, with how to call it."""

    headings: Mapping[str, tuple[str, ...]]
    needed: Mapping[tuple[str, ...], str]
    is_loose: bool = False
    """Whether more words may follow those that we know: `Sähköposti (työ)`."""


ACTIONS = TableKind(headings=_ACTION_HEADINGS, needed={("text", "title"): "the action", ("lead",): "the responsible party"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where each field stands, the headings that were not used, and lines in which something stands under no heading at all."""

    places: Mapping[str, int]
    unused: tuple[str, ...]
    stray: tuple[int, ...] = ()

    def cell(self, cells: Sequence[str], field: str) -> str:
        """The cell of a field, or an empty text."""
        index = self.places.get(field)
        return cells[index].strip() if index is not None and index < len(cells) else ""

    def notes(self) -> tuple[str, ...]:
        """What a person should know of them."""
        notes = {
            f"Columns not used: {', '.join(self.unused)}.": self.unused,
            f"Something stands under no heading, and was not read: line {', '.join(map(str, self.stray))}.": self.stray,
        }
        return tuple(note for note, holds in notes.items() if holds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Headed:
    """A table whose headings were found: its columns, and the rows under them."""

    columns: Columns
    rows: tuple[Row, ...]


def find_table(rows: Sequence[Row], chosen: Mapping[str, str], kind: TableKind, name: str) -> Headed:
    """The table under its headings: the row, or the two, by which most fields are known; the upper one where they are equal.

    `chosen` maps fields to headings and goes first. Raises UsageFailure where the table is empty or a column is missing.
    """
    if not rows:
        raise UsageFailure(f"{name} is empty.", advice="The first row must hold the headings.")
    for field in chosen:
        _check_field(field, kind)
    best: Headed | None = None
    for heading, below in _candidates(rows):
        places = _find_places(heading, chosen, kind)
        if all(any(field in places for field in group) for group in kind.needed) and chosen.keys() <= places.keys():
            found = Headed(columns=_columns(places, heading, rows[below:]), rows=tuple(rows[below:]))
            if best is None or len(places) > len(best.columns.places):
                best = found
    if best is None:
        raise _missing(rows[0].cells, chosen, kind)
    return best


def _candidates(rows: Sequence[Row]) -> Iterator[tuple[list[str], int]]:
    """Each row that may hold the headings, alone and under the one above it, with where the table goes on."""
    for index, row in enumerate(rows[:HEADING_ROWS]):
        yield [*row.cells], index + 1
        if index:
            yield _joined(rows[index - 1].cells, row.cells), index + 1


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Two rows of headings as one: the upper one reaches over the columns to its right until the next begins."""
    reaching, joined = "", list[str]()
    for above, below in zip_longest(upper, lower, fillvalue=""):
        reaching = above or reaching
        joined.append(f"{reaching} {below}".strip() if below else above)
    return joined


def _find_places(heading: Sequence[str], chosen: Mapping[str, str], kind: TableKind) -> dict[str, int]:
    plain = [_plain(cell) for cell in heading]
    places = {field: plain.index(_plain(title)) for field, title in chosen.items() if _plain(title) in plain}
    for field, names in kind.headings.items():
        found = next((plain.index(name) for name in names if name in plain and plain.index(name) not in places.values()), None)
        if field not in places and found is not None:
            places[field] = found
    if kind.is_loose:
        _find_loosely(plain, places, kind)
    return places


def _find_loosely(plain: Sequence[str], places: dict[str, int], kind: TableKind) -> None:
    """A column whose heading goes on behind words that we know, the longest first, so that `varahenkilön sähköposti` is not a name."""
    names = sorted(((name, field) for field, words in kind.headings.items() for name in words), key=lambda one: (-len(one[0]), one))
    for place, title in enumerate(plain):
        if title and place not in places.values():
            field = next((field for name, field in names if title.startswith(f"{name} ")), None)
            if field is not None and field not in places:
                places[field] = place


def _columns(places: Mapping[str, int], heading: Sequence[str], rows: Sequence[Row]) -> Columns:
    used = set(places.values())
    headed = used | {index for index, cell in enumerate(heading) if cell.strip()}
    stray = tuple(row.line for row in rows if any(cell.strip() for index, cell in enumerate(row.cells) if index not in headed))
    unused = tuple(cell.strip() for index, cell in enumerate(heading) if index not in used and cell.strip())
    return Columns(places=places, unused=unused, stray=stray)


def _check_field(field: str, kind: TableKind) -> None:
    if field not in kind.headings:
        guess = near_miss(field, kind.headings)
        raise UsageFailure(
            f"There is no field {field}.", advice=f"Did you mean {guess}?" if guess else f"Fields: {', '.join(kind.headings)}."
        )


def _missing(heading: Sequence[str], chosen: Mapping[str, str], kind: TableKind) -> UsageFailure:
    shown = f"Columns of the table: {', '.join(cell.strip() for cell in heading if cell.strip())}."
    plain = [_plain(cell) for cell in heading]
    for title in chosen.values():
        if _plain(title) not in plain:
            return UsageFailure(f"No column is headed {title!r}.", advice=shown)
    places = _find_places(heading, chosen, kind)
    fields, what = next(((fields, what) for fields, what in kind.needed.items() if not any(field in places for field in fields)))
    return UsageFailure(f"No column is known to hold {what}.", advice=f"Name it with --column {fields[0]}=HEADING. {shown}")


def _plain(heading: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", heading.casefold()))
