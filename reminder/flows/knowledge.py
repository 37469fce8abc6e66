"""What is known at one moment, read in one transaction: facts, overlays, what was sent. The pure rooms work on this."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import Connection

from reminder.domain.absences import Absence
from reminder.domain.assessments import Assessment, latest
from reminder.domain.intents import PlannedStep, PlanState
from reminder.domain.programme import Contact
from reminder.domain.rounds import Extension, ReportingRound
from reminder.domain.setup import Setup
from reminder.flows.house import House
from reminder.flows.lateness import Lateness, sum_lateness
from reminder.flows.meetings import with_slots
from reminder.flows.renaming import current_facts, current_of_party, current_settled, current_waived, with_former
from reminder.flows.standing_in import with_deputies
from reminder.flows.troubles import Troubles, load_troubles
from reminder.flows.with_people import with_people
from reminder.plan.added import find_closed, with_closings
from reminder.plan.dates import asked_at
from reminder.plan.timeline import party_deadline, plan_timeline
from reminder.report.progress import RoundProgress, measure_round, plan_standings
from reminder.store import outbox, overlays, people, reports
from reminder.store.absences import load_absences
from reminder.store.agenda import Place


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
    places: frozenset[Place] | None = None
    """Of what this is known; None: of everything. A place without a party is the digest of a round."""
    _year: list[tuple[PlannedStep, ...]] = field(default_factory=list, init=False, repr=False, compare=False)
    _progress: dict[tuple[str, str], RoundProgress] = field(default_factory=dict, init=False, repr=False, compare=False)
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
        """The year as planned steps, of the places that this is about; planned once."""
        if not self._year:
            self._year.append(plan_timeline(self.setup, extensions=self.extensions, places=self.places))
        return self._year[0]

    def plan_state(self) -> PlanState:
        """What the planner reads."""
        return PlanState(
            settled=self.settled,
            standings=plan_standings(self.setup, self.assessments, self.waived, self.places),
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
        """Where a round stands; measured once, since a digest asks again and again."""
        place = (one.programme, one.id)
        if place not in self._progress or self._progress[place].round != one:
            self._progress[place] = self._measure(one)
        return self._progress[place]

    def _measure(self, one: ReportingRound) -> RoundProgress:
        programme = self.setup.programmes[one.programme]
        deadlines = {party: party_deadline(self.setup, one, party, extensions=self.extensions) for party in programme.parties}
        begins = asked_at(one, self.setup.calendar)
        return measure_round(self.setup, one, self.assessments, deadlines=deadlines, waived=self.waived, now=self.now, request_at=begins)


def decided_setup(conn: Connection, setup: Setup) -> Setup:
    """The files with what was decided by hand, people, last days of rounds and steps beside the schedule, and with who stands in for
    coordinators whose mails come back. Safe to repeat."""
    added = current_of_party(setup, overlays.load_added_steps(conn))
    setup = with_deputies(conn, with_people(conn, setup))
    setup = with_slots(setup, overlays.load_overlays(conn, kind=overlays.OverlayKind.SLOT))
    return with_closings(replace(setup, added=added), overlays.load_closings(conn))


def decided_house(house: House) -> House:
    """The house as what was decided by hand makes it."""
    with house.store.read() as conn:
        return replace(house, setup=decided_setup(conn, house.setup))


def load_knowledge(
    conn: Connection, setup: Setup, now: datetime, places: frozenset[Place] | None = None, *, with_troubles: bool = True
) -> Knowledge:
    """Reads what deciding and composing need: of everything, or of these places, at the cost of these.

    `with_troubles` also what decides the words of mails to parties, of every round there is.
    """
    closed = find_closed(overlays.load_closings(conn))
    setup = decided_setup(conn, setup)
    if places is not None:
        return _load_of_places(conn, setup, now, places, closed)
    persons = people.load_persons(conn)
    return Knowledge(
        setup=setup,
        now=now,
        assessments=current_facts(setup, reports.load_assessments(conn)),
        extensions=current_of_party(setup, overlays.load_extensions(conn)),
        waived=current_waived(setup, overlays.load_waived(conn)),
        settled=current_settled(setup, outbox.load_settled(conn)),
        mailed_on=outbox.last_schedule_days(conn, setup.calendar.zone),
        persons=persons,
        closed=closed,
        lateness=sum_lateness(setup, current_of_party(setup, outbox.load_late_mails(conn)), persons),
        away={one.absence.person: one.absence for one in load_absences(conn)},
        troubles=load_troubles(conn, setup, [(one.programme, one.id) for one in setup.rounds] if with_troubles else ()),
    )


def _load_of_places(
    conn: Connection, setup: Setup, now: datetime, places: frozenset[Place], closed: frozenset[tuple[str, str]]
) -> Knowledge:
    contacts = [contact for party in {place[2] for place in places} for contact in _people_of(setup, party)]
    persons = people.find_persons(conn, (contact.address for contact in contacts))
    late = outbox.load_late_mails(conn, with_former(setup, _late_places(setup, places)))
    return Knowledge(
        setup=setup,
        now=now,
        assessments=current_facts(setup, _load_facts(conn, setup, places)),
        extensions=current_of_party(setup, overlays.load_extensions(conn)),
        waived=current_waived(setup, overlays.load_waived(conn)),
        settled=current_settled(setup, outbox.load_settled(conn, with_former(setup, places))),
        mailed_on=outbox.last_schedule_days(conn, setup.calendar.zone, {persons.get(one.address.lower(), one.id) for one in contacts}),
        persons=persons,
        closed=closed,
        lateness=sum_lateness(setup, current_of_party(setup, late), persons),
        away={one.absence.person: one.absence for one in load_absences(conn)},
        places=places,
    )


def load_standing(conn: Connection, setup: Setup, now: datetime, places: frozenset[Place]) -> Knowledge:
    """What these parties have said, of what they owe in every round, and what was decided, at the cost of these: for an answer to them.

    What only the planner reads is not in it: nothing is settled, mailed or late here.
    """
    setup = decided_setup(conn, setup)
    parties = {party for _, _, party in places}
    contacts = [*setup.directory.coordinators, *(one for party in parties for one in _people_of(setup, party))]
    own = reports.load_assessments(conn, places=with_former(setup, places))
    return Knowledge(
        setup=setup,
        now=now,
        assessments=current_facts(setup, dict.fromkeys((*own, *_load_facts(conn, setup, places)))),
        extensions=current_of_party(setup, overlays.load_extensions(conn)),
        waived=current_waived(setup, overlays.load_waived(conn)),
        settled=frozenset(),
        mailed_on={},
        persons=people.find_persons(conn, (contact.address for contact in contacts)),
        places=places,
    )


def load_round(conn: Connection, setup: Setup, now: datetime, one: ReportingRound) -> Knowledge:
    """Where one round stands and which of its steps have ended, at the cost of that round: for a decision about it."""
    closed, setup = find_closed(overlays.load_closings(conn)), decided_setup(conn, setup)
    places = frozenset((one.programme, one.id, party) for party in ("", *setup.programmes[one.programme].parties))
    return Knowledge(
        setup=setup,
        now=now,
        assessments=current_facts(setup, reports.load_assessments(conn, programme=one.programme, round_id=one.id)),
        extensions=current_of_party(setup, overlays.load_extensions(conn)),
        waived=current_waived(setup, overlays.load_waived(conn)),
        settled=current_settled(setup, outbox.load_settled(conn, with_former(setup, places))),
        mailed_on={},
        persons={},
        closed=closed,
        places=places,
    )


def _people_of(setup: Setup, party: str) -> Iterator[Contact]:
    if not party:
        yield from setup.directory.coordinators
        return
    entry = setup.directory.of_party(party)
    yield from (*entry.contacts, *entry.deputies)
    if entry.manager is not None:
        yield entry.manager


def _late_places(setup: Setup, places: Collection[Place]) -> set[Place]:
    """Where an escalation looks back: the same party in every round of the programme."""
    escalating = {(one.programme, one.id) for one in setup.rounds if one.schedule.escalation or one.overrides}
    rounds: dict[str, list[str]] = {}
    for one in setup.rounds:
        rounds.setdefault(one.programme, []).append(one.id)
    own = {(programme, party) for programme, round_id, party in places if party and (programme, round_id) in escalating}
    return {(programme, round_id, party) for programme, party in own for round_id in rounds[programme]}


def _load_facts(conn: Connection, setup: Setup, places: Collection[Place]) -> tuple[Assessment, ...]:
    """What was said of the actions of these parties, in every round, since mails show what was said last; whole rounds for a digest."""
    actions: dict[str, set[str]] = {}
    whole = {place[:2] for place in places if not place[2]}
    for programme, _, party in places:
        known = setup.programmes.get(programme)
        if known is not None and party:
            actions.setdefault(programme, set()).update(name for action in known.led_by(party) for name in (action.id, *action.was))
    facts = [
        fact for programme, round_id in sorted(whole) for fact in reports.load_assessments(conn, programme=programme, round_id=round_id)
    ]
    for programme, ids in sorted(actions.items()):
        found = reports.load_assessments(conn, programme=programme, actions=ids)
        facts += [fact for fact in found if (fact.programme, fact.round) not in whole]
    return tuple(facts)
