"""A programme as it was at one moment: what a later version is compared with. Roles and texts, never people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from reminder.domain.programme import Localised


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionThen:
    """An action as a version had it."""

    id: str
    number: str
    title: str
    text: str
    lead: str
    contributors: tuple[str, ...]
    focus_area: str
    goal: str
    years: tuple[int, ...]
    was: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineThen:
    """When the reports of a round were due: the day of most parties, and the others' own."""

    name: Localised
    due_on: date
    own: Mapping[str, date] = field(default_factory=dict)

    def of_party(self, party: str) -> date:
        """The day of a party."""
        return self.own.get(party, self.due_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeThen:
    """What of a programme its versions tell apart."""

    name: Localised
    actions: tuple[ActionThen, ...]
    parties: Mapping[str, Localised]
    """The names of the roles, so that one that has gone is still named."""
    deadlines: Mapping[str, DeadlineThen] = field(default_factory=dict)
    """By round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeVersion:
    """A version, numbered from 1 in each programme."""

    programme: str
    number: int
    at: datetime
    content: ProgrammeThen
