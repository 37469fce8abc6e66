"""Where a round stands: who owes what, who has answered, who is late. Everything else in this room is made from it.

An action is answered by its lead and by nobody else; contributors' lights stand beside. Silence is never green and
lateness is never red (DESIGN, decision 3).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from reminder.domain.assessments import Assessment, ReportState, answer_of, latest
from reminder.domain.intents import PartyDeadline, PartyStanding
from reminder.domain.programme import Action, Programme, ResponsibleParty
from reminder.domain.rounds import ReportingRound
from reminder.domain.setup import Setup

Waived = Collection[tuple[str, str, str]]
"""(programme, round, action) that the coordinator has waived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionProgress:
    """One action of a round. `fact` is what counts of what the lead said; it may be words that are no answer."""

    action: Action
    report: ReportState
    fact: Assessment | None = None
    contributions: tuple[Assessment, ...] = ()
    """What other parties said of the same action, by party."""
    is_waived: bool = False

    @property
    def is_answered(self) -> bool:
        """Whether the lead has answered."""
        return self.report is ReportState.RECEIVED

    @property
    def disagreeing(self) -> tuple[Assessment, ...]:
        """What others said last, where their light is another than the lead's. The lead's counts; a silent lead disagrees with nobody."""
        own = self.fact.light if self.is_answered and self.fact is not None else None
        return tuple(fact for fact in self.contributions if own is not None and fact.light not in {None, own})


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyProgress:
    """One party's part of a round. `actions` are those that it leads, waived ones among them."""

    party: ResponsibleParty
    deadline: PartyDeadline
    actions: tuple[ActionProgress, ...]
    has_replied: bool
    is_overdue: bool
    """The local day of the deadline has ended and something is missing."""
    working_days_late: int
    """0 unless overdue."""

    @property
    def asked(self) -> tuple[Action, ...]:
        """What the party owes an answer for."""
        return tuple(one.action for one in self.actions if not one.is_waived)

    @property
    def answered(self) -> tuple[Action, ...]:
        """What it owed and has answered."""
        return tuple(one.action for one in self.actions if not one.is_waived and one.is_answered)

    @property
    def missing(self) -> tuple[Action, ...]:
        """What it still owes."""
        return tuple(one.action for one in self.actions if not one.is_waived and not one.is_answered)

    @property
    def is_complete(self) -> bool:
        """Nothing more is owed."""
        return not self.missing

    @property
    def standing(self) -> PartyStanding:
        """The same for the planner."""
        missing = tuple(action.id for action in self.missing)
        return PartyStanding(asked=tuple(action.id for action in self.asked), missing=missing, has_replied=self.has_replied)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundProgress:
    """A whole round, parties in the order of the programme. A party that is asked for nothing is left out."""

    round: ReportingRound
    programme: Programme
    as_of: datetime
    parties: tuple[PartyProgress, ...]
    by_action: Mapping[str, ActionProgress] = field(default_factory=dict)

    @property
    def actions(self) -> tuple[ActionProgress, ...]:
        """Every action of the round, in the order of the programme."""
        return tuple(self.by_action[action.id] for action in self.programme.actions if action.id in self.by_action)

    @property
    def is_complete(self) -> bool:
        """Nobody owes anything."""
        return all(party.is_complete for party in self.parties)

    def fingerprint(self) -> str:
        """Differs where anything differs that a reader could see; the same for the same facts, on every run."""
        actions = [(one.action, one.report, one.fact, one.contributions) for one in self.actions]
        deadlines = [(one.party, one.deadline.due_on) for one in self.parties]
        content = repr((self.programme.id, self.round.id, self.round.name, actions, deadlines))
        return hashlib.sha256(content.encode()).hexdigest()

    def of_party(self, party: str) -> PartyProgress | None:
        """One party's part, or None where it is asked for nothing."""
        return next((one for one in self.parties if one.party.id == party), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """The facts of one round, sorted for look-up."""

    by_action: Mapping[str, tuple[Assessment, ...]]
    repliers: frozenset[str]


def measure_round(
    setup: Setup,
    one: ReportingRound,
    assessments: Iterable[Assessment],
    *,
    deadlines: Mapping[str, PartyDeadline],
    waived: Waived,
    now: datetime,
    request_at: datetime | None = None,
) -> RoundProgress:
    """Where `one` stands at `now`. `deadlines` are by party; before `request_at`, where given, nothing is asked yet.

    An action whose lead has no deadline in `deadlines` is measured as awaited and never as overdue.
    """
    programme = setup.programmes[one.programme]
    facts = _sort_facts(one, assessments)
    is_asked = request_at is None or now >= request_at
    late = {party for party, deadline in deadlines.items() if now >= setup.calendar.end_of(deadline.due_on)}
    actions = {
        action.id: _measure_action(one, action, facts, waived=waived, is_asked=is_asked, is_late=action.lead in late)
        for action in programme.actions
        if one.asks_for(action)
    }
    today = setup.calendar.local_day(now)
    parties = []
    for party in programme.parties.values():
        own = tuple(actions[action.id] for action in one.actions_of(programme, party.id))
        if own and party.id in deadlines:
            is_overdue = any(action.report is ReportState.OVERDUE for action in own)
            days = setup.calendar.working_days_between(deadlines[party.id].due_on, today) if is_overdue else 0
            parties.append(
                PartyProgress(
                    party=party,
                    deadline=deadlines[party.id],
                    actions=own,
                    has_replied=party.id in facts.repliers,
                    is_overdue=is_overdue,
                    working_days_late=days,
                )
            )
    return RoundProgress(round=one, programme=programme, as_of=now, parties=tuple(parties), by_action=actions)


def plan_standings(
    setup: Setup, assessments: Sequence[Assessment], waived: Waived, places: Collection[tuple[str, str, str]] | None = None
) -> dict[tuple[str, str, str], PartyStanding]:
    """What every party of every round owes, for the planner, by (programme, round, party); or those at `places` alone.

    A place without a party is a round whose digest is due, and asks for all of its parties.
    """
    by_round: dict[tuple[str, str], list[Assessment]] = {}
    for fact in assessments:
        by_round.setdefault((fact.programme, fact.round), []).append(fact)
    standings: dict[tuple[str, str, str], PartyStanding] = {}
    wanted = None if places is None else _by_round(places)
    for one in setup.rounds:
        programme, chosen = setup.programmes[one.programme], None if wanted is None else wanted.get((one.programme, one.id), ())
        parties = programme.parties if chosen is None or "" in chosen else chosen
        facts = _sort_facts(one, by_round.get((one.programme, one.id), ()))
        for party in parties:
            asked = tuple(action.id for action in one.actions_of(programme, party) if (one.programme, one.id, action.id) not in waived)
            missing = tuple(action for action in asked if not _is_answered(facts, party, action))
            standing = PartyStanding(asked=asked, missing=missing, has_replied=party in facts.repliers)
            standings[one.programme, one.id, party] = standing
    return standings


def _by_round(places: Iterable[tuple[str, str, str]]) -> Mapping[tuple[str, str], Sequence[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for programme, round_id, party in places:
        found.setdefault((programme, round_id), []).append(party)
    return found


def _sort_facts(one: ReportingRound, assessments: Iterable[Assessment]) -> _Facts:
    own = [fact for fact in assessments if (fact.programme, fact.round) == (one.programme, one.id)]
    by_action: dict[str, list[Assessment]] = {}
    for fact in latest(own).values():
        by_action.setdefault(fact.action, []).append(fact)
    sorted_facts = {action: tuple(sorted(found, key=lambda fact: fact.party)) for action, found in by_action.items()}
    return _Facts(by_action=sorted_facts, repliers=frozenset(fact.party for fact in own))


def _is_answered(facts: _Facts, party: str, action: str) -> bool:
    fact = answer_of(facts.by_action.get(action, ()), party)
    return fact is not None and fact.is_answer


def _measure_action(one: ReportingRound, action: Action, facts: _Facts, *, waived: Waived, is_asked: bool, is_late: bool) -> ActionProgress:
    is_waived = (one.programme, one.id, action.id) in waived
    said = facts.by_action.get(action.id, ())
    fact = answer_of(said, action.lead)
    if fact is not None and fact.is_answer:
        report = ReportState.RECEIVED
    elif is_waived or not is_asked:
        report = ReportState.NOT_ASKED
    else:
        report = ReportState.OVERDUE if is_late else ReportState.AWAITED
    return ActionProgress(
        action=action,
        report=report,
        fact=fact,
        contributions=tuple(other for other in said if other.party != action.lead and other is not fact),
        is_waived=is_waived,
    )
