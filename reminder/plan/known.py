"""What one pass of deciding asks again and again, worked out once: rounds, recipients, who is complete, who is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from reminder.domain.intents import PlannedStep, PlanState, Recipient
from reminder.domain.rounds import ReportingRound, StepKey, StepKind
from reminder.domain.setup import Setup

BEFORE_DEADLINE_CAP = 3
AFTER_DEADLINE_CAP = 5

Duty = tuple[str, str, str, str]
"""Programme, round, party and person: what one ladder of steps is climbed for."""


def recipients_of(setup: Setup, key: StepKey, persons: Mapping[str, str]) -> tuple[Recipient, ...]:
    """Whom a step is addressed to: the coordinators for the digest, else the contacts of the party, each person once.

    `persons` maps lower-case addresses to pseudonymous ids; a person without one goes by the contact's own id.
    """
    directory = setup.directory
    contacts = directory.coordinators if key.step is StepKind.DIGEST else directory.of_party(key.party).contacts
    found: dict[str, Recipient] = {}
    for contact in contacts:
        person = persons.get(contact.address.lower(), contact.id)
        found.setdefault(person, Recipient(person=person, address=contact.address, name=contact.name, language=contact.language))
    return tuple(found.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One step whose time has come, for one recipient."""

    step: PlannedStep
    recipient: Recipient

    @property
    def duty(self) -> Duty:
        """The ladder that it belongs to."""
        key = self.step.key
        return (key.programme, key.round, key.party, self.recipient.person)

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
    _recipients: dict[str, tuple[Recipient, ...]] = field(default_factory=dict)
    _leads: dict[tuple[str, str], Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    _complete: dict[tuple[str, str, str], bool] = field(default_factory=dict)

    @classmethod
    def of(cls, setup: Setup, state: PlanState) -> Known:
        """What is known at the beginning of a pass."""
        return cls(setup=setup, state=state, rounds={(one.programme, one.id): one for one in setup.rounds})

    def round_of(self, key: StepKey) -> ReportingRound:
        """The round of a step. Raises KeyError for a timeline that was planned with another configuration."""
        return self.rounds[key.programme, key.round]

    def recipients(self, step: PlannedStep) -> tuple[Recipient, ...]:
        """Whom a step is addressed to. Only the digest has no party, so the party tells the recipients apart."""
        party = step.key.party
        if party not in self._recipients:
            self._recipients[party] = recipients_of(self.setup, step.key, self.state.persons)
        return self._recipients[party]

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
        asked = self._leads_of(programme, round_id).get(party, ())
        return bool(asked) and all((programme, round_id, action) in self.state.waived for action in asked)

    def _leads_of(self, programme: str, round_id: str) -> Mapping[str, tuple[str, ...]]:
        place = (programme, round_id)
        if place not in self._leads:
            leads: dict[str, tuple[str, ...]] = {}
            for action in self.setup.programmes[programme].actions:
                if self.rounds[place].asks_for(action):
                    leads[action.lead] = (*leads.get(action.lead, ()), action.id)
            self._leads[place] = leads
        return self._leads[place]

    def is_beyond_cap(self, key: StepKey) -> bool:
        """Whether the duty has had its mails: 3 before the deadline, the last call among them, and 5 after it.

        The last call keeps its place, so that of many reminders the later ones give way and not the most useful one.
        """
        if key.step is StepKind.REMINDER:
            has_last_call = self.round_of(key).schedule.last_call is not None
            return key.ordinal >= BEFORE_DEADLINE_CAP - has_last_call
        return key.step is StepKind.OVERDUE and key.ordinal >= AFTER_DEADLINE_CAP
