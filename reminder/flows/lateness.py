"""What an escalation looks back on: who was late in an earlier round, who was warned, and who above them was told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from reminder.domain.rounds import StepKind
from reminder.domain.setup import Setup
from reminder.plan.dates import request_date
from reminder.plan.known import people_above
from reminder.store.outbox import LateMail

Place = tuple[str, str, str]
"""Programme, round and party."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """The history of late reports as the planner reads it; keys as in `PlanState`."""

    late_before: frozenset[Place] = frozenset()
    warned_on: Mapping[tuple[str, str, str, int], date] = field(default_factory=dict)
    told_above: frozenset[tuple[str, str, str, int, str]] = frozenset()


def sum_lateness(setup: Setup, mails: Sequence[LateMail], persons: Mapping[str, str]) -> Lateness:
    """The history in the planner's words. An escalation went to the party itself unless its reader stands above the party."""
    late_rounds: dict[tuple[str, str], set[str]] = {}
    warned: dict[tuple[str, str, str, int], date] = {}
    told: set[tuple[str, str, str, int, str]] = set()
    for mail in mails:
        late_rounds.setdefault((mail.programme, mail.party), set()).add(mail.round)
        if mail.step is not StepKind.ESCALATION:
            continue
        key = (mail.programme, mail.round, mail.party, mail.deadline_version)
        if mail.ordinal or mail.person in _above(setup, mail, persons):
            told.add((*key, mail.person))
        else:
            warned.setdefault(key, setup.calendar.local_day(mail.decided_at))
    return Lateness(late_before=_late_before(setup, late_rounds), warned_on=warned, told_above=frozenset(told))


def _above(setup: Setup, mail: LateMail, persons: Mapping[str, str]) -> set[str]:
    people = setup.directory.of_party(mail.party)
    own = {persons.get(contact.address.lower(), contact.id) for contact in people.contacts}
    above = people_above(setup, mail.programme, mail.round, mail.party)
    return {persons.get(contact.address.lower(), contact.id) for contact in above} - own


def _late_before(setup: Setup, late_rounds: Mapping[tuple[str, str], set[str]]) -> frozenset[Place]:
    """The rounds of each party that come after one in which it was late."""
    starts = {(one.programme, one.id): request_date(one, setup.calendar).on for one in setup.rounds}
    found: set[Place] = set()
    for (programme, party), rounds in late_rounds.items():
        first = min((starts[programme, late] for late in rounds if (programme, late) in starts), default=None)
        if first is not None:
            found |= {(programme, one, party) for (of, one), start in starts.items() if of == programme and start > first}
    return frozenset(found)
