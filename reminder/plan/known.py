"""What one pass of deciding asks again and again, worked out once: rounds, recipients, who is complete, who is open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from reminder.domain.decisions import ADDED_STEPS
from reminder.domain.intents import PlannedStep, PlanState, Recipient, SkipReason
from reminder.domain.programme import Contact
from reminder.domain.rounds import EscalationRule, EscalationTarget, ReportingRound, StepKey, StepKind
from reminder.domain.setup import Setup
from reminder.domain.workdays import Unit

BEFORE_DEADLINE_CAP = 3
AFTER_DEADLINE_CAP = 5

_ALONE = frozenset({StepKind.CONTACTS, StepKind.REPORT})
Duty = tuple[str, str, str, str]
"""Programme, round, party and person: what one ladder of steps is climbed for."""


def duty_of(key: StepKey, person: str) -> Duty:
    """The ladder that a step belongs to. The list of contacts and the report are each one of their own: no digest takes their place, and
    they take none's."""
    return (key.programme, key.round, f"/{key.step.value}" if key.step in _ALONE else key.party, person)


def recipients_of(setup: Setup, key: StepKey, persons: Mapping[str, str]) -> tuple[Recipient, ...]:
    """Whom a step is addressed to: the coordinators where it is for them, else the contacts of the party, each person once.

    An escalation is also addressed to those above the party; its second step to them alone.

    `persons` maps lower-case addresses to pseudonymous ids; a person without one goes by the contact's own id.
    """
    directory = setup.directory
    contacts = directory.coordinators if key.step.is_for_coordinator else directory.of_party(key.party).contacts
    found: dict[str, Recipient] = {}
    for contact in contacts:
        found.setdefault(person := persons.get(contact.address.lower(), contact.id), _recipient(person, contact))
    if key.step is not StepKind.ESCALATION:
        return tuple(found.values())
    above: dict[str, Recipient] = {}
    for contact in people_above(setup, key.programme, key.round, key.party):
        person = persons.get(contact.address.lower(), contact.id)
        if person not in found:
            above.setdefault(person, replace(_recipient(person, contact), is_above=True))
    return (*(found.values() if key.ordinal == 0 else ()), *above.values())


def people_above(setup: Setup, programme: str, round_id: str, party: str) -> tuple[Contact, ...]:
    """Whom an escalation names beside the party's own contacts; the deputies where a manager is to be told and none is known."""
    people, rule = setup.directory.of_party(party), escalation_of(setup, programme, round_id, party)
    if rule is None:
        return ()
    manager = (people.manager,) if people.manager is not None and EscalationTarget.MANAGER in rule.to else ()
    has_deputies = EscalationTarget.DEPUTIES in rule.to or not manager
    return (*manager, *(people.deputies if has_deputies else ()))


def escalation_of(setup: Setup, programme: str, round_id: str, party: str) -> EscalationRule | None:
    """The rule by which lateness of this party is told beyond it, or None."""
    one = setup.round(programme, round_id)
    return None if one is None else one.for_party(party).schedule.escalation


def _recipient(person: str, contact: Contact) -> Recipient:
    return Recipient(person=person, address=contact.address, name=contact.name, language=contact.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One step whose time has come, for one recipient."""

    step: PlannedStep
    recipient: Recipient

    @property
    def duty(self) -> Duty:
        """The ladder that it belongs to."""
        return duty_of(self.step.key, self.recipient.person)

    @property
    def age(self) -> tuple[datetime, int, int]:
        """Greater is newer: the later time, and at the same time the more urgent step."""
        return (self.step.not_before, self.step.key.step.urgency, self.step.key.ordinal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The configuration and the state as one pass sees them; answers are worked out once and kept."""

    setup: Setup
    state: PlanState
    rounds: Mapping[tuple[str, str], ReportingRound]
    _recipients: dict[tuple[str, ...], tuple[Recipient, ...]] = field(default_factory=dict)
    _complete: dict[tuple[str, str, str], bool] = field(default_factory=dict)

    @classmethod
    def of(cls, setup: Setup, state: PlanState) -> Known:
        """What is known at the beginning of a pass."""
        return cls(setup=setup, state=state, rounds={(one.programme, one.id): one for one in setup.rounds})

    def round_of(self, key: StepKey) -> ReportingRound:
        """The round of a step. Raises KeyError for a timeline that was planned with another configuration."""
        return self.rounds[key.programme, key.round]

    def recipients(self, step: PlannedStep) -> tuple[Recipient, ...]:
        """Whom a step is addressed to. Only what is for the coordinators has no party, so it tells them apart, but for escalations."""
        key = step.key
        of = (key.party, key.programme, key.round, str(key.ordinal)) if key.step is StepKind.ESCALATION else (key.party,)
        if of not in self._recipients:
            self._recipients[of] = recipients_of(self.setup, key, self.state.persons)
        return self._recipients[of]

    def open_dues(self, step: PlannedStep) -> list[Due]:
        """The step for each recipient for whom it has not ended, as a message or as a skip."""
        # Most steps of a year are settled, so that the look-up comes before anything is made.
        settled, named = self.state.settled, step.key.for_recipient
        return [Due(step=step, recipient=one) for one in self.recipients(step) if named(one.person) not in settled]

    def settled_dues(self, step: PlannedStep) -> list[Due]:
        """The step for each recipient for whom it has ended."""
        settled, named = self.state.settled, step.key.for_recipient
        return [Due(step=step, recipient=one) for one in self.recipients(step) if named(one.person) in settled]

    def is_complete(self, key: StepKey) -> bool:
        """Whether nothing more is owed: by the party of the step, or for the digest by any party of the round."""
        if key.step is StepKind.DIGEST:
            return all(self._party_is_complete(key.programme, key.round, party) for party in self._leads_of(key.programme, key.round))
        return self._party_is_complete(key.programme, key.round, key.party)

    def _party_is_complete(self, programme: str, round_id: str, party: str) -> bool:
        place = (programme, round_id, party)
        if place not in self._complete:
            self._complete[place] = self._judge(programme, round_id, party)
        return self._complete[place]

    def _judge(self, programme: str, round_id: str, party: str) -> bool:
        standing = self.state.standings.get((programme, round_id, party))
        if standing is not None and (standing.asked or standing.missing):
            return standing.is_complete
        # Nothing is known of the party, so it owes all that the round asks of it, save what was waived. A party that
        # leads nothing owes nothing, and is asked all the same.
        asked = self.rounds[programme, round_id].actions_of(self.setup.programmes[programme], party)
        return bool(asked) and all((programme, round_id, action.id) in self.state.waived for action in asked)

    def _leads_of(self, programme: str, round_id: str) -> Iterable[str]:
        one = self.rounds[programme, round_id]
        return dict.fromkeys(action.lead for action in self.setup.programmes[programme].actions if one.asks_for(action))

    def why_not_above(self, due: Due) -> SkipReason | None:
        """Why whoever stands above a party is not told of it by this step."""
        key = due.step.key
        is_first_time = (key.programme, key.round, key.party) not in self.state.late_before
        if key.ordinal == 0:
            return SkipReason.WARNED_ALONE if is_first_time else None
        told = (key.programme, key.round, key.party, key.deadline_version, due.recipient.person)
        return SkipReason.TOLD if told in self.state.told_above else None

    def is_warning_young(self, due: Due, today: date) -> bool:
        """Whether a party that is late for the first time still has time to answer before anybody above it hears of it.

        The grace runs from the day on which the warning went out; a party that nobody can be written to for is not waited for.
        """
        key = due.step.key
        place = (key.programme, key.round, key.party)
        rule = escalation_of(self.setup, *place)
        if rule is None or place in self.state.late_before or not self.setup.directory.of_party(key.party).contacts:
            return False
        warned_on = self.state.warned_on.get((*place, key.deadline_version))
        return warned_on is None or today < self.setup.calendar.add(warned_on, rule.grace, Unit.WORKING_DAYS).on

    def is_beyond_cap(self, key: StepKey) -> bool:
        """Whether the duty has had its mails: 3 before the deadline, the last call among them, and 5 after it.

        What was added by hand is not counted. The last call keeps its place, so that of many reminders the later ones give
        way and not the most useful one.
        """
        if key.ordinal >= ADDED_STEPS:
            return False
        if key.step is StepKind.REMINDER:
            has_last_call = self.round_of(key).for_party(key.party).schedule.last_call is not None
            return key.ordinal >= BEFORE_DEADLINE_CAP - has_last_call
        return key.step is StepKind.OVERDUE and key.ordinal >= AFTER_DEADLINE_CAP
