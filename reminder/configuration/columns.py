"""Which column of a table holds what, by its heading in Finnish, Swedish or English, or as the admin says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reminder.configuration.findings import near_miss
from reminder.errors import UsageFailure

HEADINGS: Mapping[str, tuple[str, ...]] = {
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where each field stands, and the headings that were not used."""

    places: Mapping[str, int]
    unused: tuple[str, ...]

    def cell(self, cells: Sequence[str], field: str) -> str:
        """The cell of a field, or an empty text."""
        index = self.places.get(field)
        return cells[index].strip() if index is not None and index < len(cells) else ""


def find_columns(heading: Sequence[str], chosen: Mapping[str, str]) -> Columns:
    """The columns of a heading row. `chosen` maps fields to headings and goes first. Raises UsageFailure where one is missing."""
    plain = [_plain(cell) for cell in heading]
    places = {field: _place_of(field, title, plain, heading) for field, title in chosen.items()}
    for field, names in HEADINGS.items():
        found = next((plain.index(name) for name in names if name in plain and plain.index(name) not in places.values()), None)
        if field not in places and found is not None:
            places[field] = found
    if "text" not in places and "title" not in places:
        raise _missing("the action", "text", heading)
    if "lead" not in places:
        raise _missing("the responsible party", "lead", heading)
    used = set(places.values())
    return Columns(places=places, unused=tuple(cell.strip() for index, cell in enumerate(heading) if index not in used and cell.strip()))


def _place_of(field: str, title: str, plain: Sequence[str], heading: Sequence[str]) -> int:
    if field not in HEADINGS:
        guess = near_miss(field, HEADINGS)
        raise UsageFailure(f"There is no field {field}.", advice=f"Did you mean {guess}?" if guess else f"Fields: {', '.join(HEADINGS)}.")
    if _plain(title) not in plain:
        raise UsageFailure(f"No column is headed {title!r}.", advice=_shown(heading))
    return plain.index(_plain(title))


def _missing(what: str, field: str, heading: Sequence[str]) -> UsageFailure:
    return UsageFailure(f"No column is known to hold {what}.", advice=f"Name it with --column {field}=HEADING. {_shown(heading)}")


def _shown(heading: Sequence[str]) -> str:
    return f"Columns of the table: {', '.join(cell.strip() for cell in heading if cell.strip())}."


def _plain(heading: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", heading.casefold()))
