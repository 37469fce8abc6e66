"""What is known at one moment, read in one transaction: facts, overlays, what was sent. The pure rooms work on this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import Connection

from reminder.domain.absences import Absence
from reminder.domain.assessments import Assessment, latest
from reminder.domain.intents import PlannedStep, PlanState
from reminder.domain.rounds import Extension, ReportingRound
from reminder.domain.setup import Setup
from reminder.flows.house import House
from reminder.flows.lateness import Lateness, sum_lateness
from reminder.flows.troubles import Troubles, load_troubles
from reminder.plan.added import find_closed, with_closings
from reminder.plan.dates import request_date
from reminder.plan.timeline import party_deadline, plan_timeline
from reminder.report.progress import RoundProgress, measure_round, plan_standings
from reminder.store import outbox, overlays, people, reports
from reminder.store.absences import load_absences


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """The state of everything that deciding and reporting read."""

    setup: Setup
    """The files, with what was decided by hand."""
    now: datetime
    assessments: tuple[Assessment, ...]
    extensions: tuple[Extension, ...]
    waived: frozenset[tuple[str, str, str]]
    settled: frozenset[str]
    mailed_on: Mapping[str, date]
    persons: Mapping[str, str]
    closed: frozenset[tuple[str, str]] = frozenset()
    lateness: Lateness = field(default_factory=Lateness)
    troubles: Troubles = field(default_factory=Troubles)
    """Decides the words of a mail; nothing is decided by it."""
    away: Mapping[str, Absence] = field(default_factory=dict)

    _said: dict[tuple[str, str], Mapping[str, tuple[Assessment, ...]]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def said(self, one: ReportingRound) -> Mapping[str, tuple[Assessment, ...]]:
        """What counts of what was said in a round, by action; sorted out once, since many mails ask."""
        place = (one.programme, one.id)
        if place not in self._said:
            found: dict[str, list[Assessment]] = {}
            for fact in latest(fact for fact in self.assessments if (fact.programme, fact.round) == place).values():
                found.setdefault(fact.action, []).append(fact)
            self._said[place] = {action: tuple(facts) for action, facts in found.items()}
        return self._said[place]

    @property
    def today(self) -> date:
        """The local day."""
        return self.setup.calendar.local_day(self.now)

    def timeline(self) -> tuple[PlannedStep, ...]:
        """The whole year as planned steps."""
        return plan_timeline(self.setup, extensions=self.extensions)

    def plan_state(self) -> PlanState:
        """What the planner reads."""
        return PlanState(
            settled=self.settled,
            standings=plan_standings(self.setup, self.assessments, self.waived),
            extensions=self.extensions,
            waived=self.waived,
            mailed_on=self.mailed_on,
            persons=self.persons,
            closed=self.closed,
            late_before=self.lateness.late_before,
            warned_on=self.lateness.warned_on,
            told_above=self.lateness.told_above,
            away=self.away,
        )

    def progress(self, one: ReportingRound) -> RoundProgress:
        """Where a round stands."""
        programme = self.setup.programmes[one.programme]
        deadlines = {party: party_deadline(self.setup, one, party, extensions=self.extensions) for party in programme.parties}
        calendar = self.setup.calendar
        asked_at = calendar.at(request_date(one, calendar).on, one.window.opens)
        return measure_round(self.setup, one, self.assessments, deadlines=deadlines, waived=self.waived, now=self.now, request_at=asked_at)


def decided_setup(conn: Connection, setup: Setup) -> Setup:
    """The files with what was decided by hand: last days of rounds, steps beside the schedule. Safe to repeat."""
    return with_closings(replace(setup, added=overlays.load_added_steps(conn)), overlays.load_closings(conn))


def decided_house(house: House) -> House:
    """The house as what was decided by hand makes it."""
    with house.store.read() as conn:
        return replace(house, setup=decided_setup(conn, house.setup))


def load_knowledge(conn: Connection, setup: Setup, now: datetime) -> Knowledge:
    """Reads everything that deciding and composing need."""
    persons = people.load_persons(conn)
    closed = find_closed(overlays.load_closings(conn))
    setup = decided_setup(conn, setup)
    return Knowledge(
        setup=setup,
        now=now,
        assessments=reports.load_assessments(conn),
        extensions=overlays.load_extensions(conn),
        waived=overlays.load_waived(conn),
        settled=outbox.load_settled(conn),
        mailed_on=outbox.last_schedule_days(conn, setup.calendar.zone),
        persons=persons,
        closed=closed,
        lateness=sum_lateness(setup, outbox.load_late_mails(conn), persons),
        away={one.absence.person: one.absence for one in load_absences(conn)},
        troubles=load_troubles(conn, [(one.programme, one.id) for one in setup.rounds]),
    )
