"""Who must be looked at in this pass, and when next: the planner follows what is due, not what exists (decision 0012).

Changed files are compared with what was last seen of them: every party is looked at once more, and a party that has
something new to answer in a round that has begun gets one more request.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from reminder.domain.assessments import Assessment, answer_of, latest
from reminder.domain.intents import PlannedStep
from reminder.domain.programme import Programme
from reminder.domain.rounds import ReportingRound, StepKind
from reminder.domain.setup import Setup
from reminder.flows.house import House
from reminder.flows.knowledge import Knowledge, decided_setup
from reminder.flows.renaming import current_action, current_facts, current_party
from reminder.plan.dates import closes_on, request_date
from reminder.plan.deciding import next_wakeup
from reminder.plan.timeline import asked_parties
from reminder.store import agenda, control, events, overlays, people, reports
from reminder.store.agenda import Place
from reminder.store.overlays import OverlayKind

log = structlog.get_logger(__name__)

PLANNED_VERSION = "planned_version"
"""Key of the service's memory: which files the agenda was made from."""
REPLANNED = "replanned"
LONGEST_UNSEEN = timedelta(hours=24)
OVER_UNSEEN = timedelta(days=30)
"""How much longer a place is left whose steps have all expired."""
UNSEEN_A_PASS = 200
"""Places that are looked at in a pass although nothing is said to be due for them: a few, so that all are within a day."""

RosterKey = tuple[str, str, str]


def find_places(house: House, now: datetime) -> frozenset[Place]:
    """The places to look at now; all of them where the files have changed since the last pass."""
    follow_files(house, now)
    with house.store.read() as conn:
        return agenda.find_places(conn, now, stale_before=now - LONGEST_UNSEEN, stale_limit=UNSEEN_A_PASS)


def follow_files(house: House, now: datetime) -> None:
    """Brings agenda, roster and pseudonyms to the files, where these are not those of the last pass. Safe to repeat."""
    seen = house.memory.get(PLANNED_VERSION)
    if seen is house.setup:
        return
    with house.store.read() as conn:
        is_known = control.get_state(conn, PLANNED_VERSION) == house.setup.version
    # Within one process another value of the same version is other files all the same.
    if seen is not None or not is_known:
        with house.store.begin() as conn:
            _follow(conn, house.setup, now)
    house.memory[PLANNED_VERSION] = house.setup


def _follow(conn: Connection, setup: Setup, now: datetime) -> None:
    directory = setup.directory
    contacts = {contact for party in directory.parties.values() for contact in (*party.contacts, *party.deputies)}
    above = {party.manager for party in directory.parties.values() if party.manager is not None}
    people.ensure_persons(conn, sorted({one.address for one in (*contacts, *above, *directory.coordinators)}), now)
    follow_roster(conn, decided_setup(conn, setup), now)
    places = [(one.programme, one.id, party) for one in setup.rounds for party in asked_parties(one, setup.programmes[one.programme])]
    agenda.replace_places(conn, [*places, *((one.programme, one.id, "") for one in setup.rounds)], now)
    control.set_state(conn, PLANNED_VERSION, setup.version)
    log.info("planned anew, since the files have changed", places=len(places))


def follow_roster(conn: Connection, setup: Setup, now: datetime) -> None:
    """Compares who leads what with what was seen last; what has come to a party in a round that has begun is asked of it."""
    before, leads = _load_roster(conn, setup), dict[RosterKey, str]()
    known_rounds = {key[:2] for key in before}
    for one in setup.rounds:
        programme = setup.programmes[one.programme]
        own = {(one.programme, one.id, action.id): action.lead for action in programme.actions if one.asks_for(action)}
        leads |= own
        if (one.programme, one.id) in known_rounds and any(before.get(key) != lead for key, lead in own.items()):
            _ask_for_what_came(conn, setup, one, before, own, now)
    agenda.replace_roster(conn, leads, now)


def _load_roster(conn: Connection, setup: Setup) -> dict[RosterKey, str]:
    """Who led what when it was seen last, under the names of now: who is only called otherwise has not moved."""
    return {
        (programme, round_id, current_action(setup, programme, action)): current_party(setup, programme, lead)
        for (programme, round_id, action), lead in agenda.load_roster(conn).items()
    }


def _ask_for_what_came(
    conn: Connection, setup: Setup, one: ReportingRound, before: Mapping[RosterKey, str], own: Mapping[RosterKey, str], now: datetime
) -> None:
    came = {key[2]: lead for key, lead in own.items() if before.get(key) != lead}
    facts = current_facts(setup, reports.load_assessments(conn, programme=one.programme, round_id=one.id))
    said: dict[str, list[Assessment]] = {}
    for fact in latest(facts).values():
        said.setdefault(fact.action, []).append(fact)
    for party in dict.fromkeys(came.values()):
        actions = [action for action, lead in came.items() if lead == party and not _is_answered(said.get(action, ()), lead)]
        if actions and _has_begun(setup, one, party, now):
            told = (_tell_move(setup.programmes[one.programme], before, (one.programme, one.id, action)) for action in actions)
            _add_request(conn, one, party, actions, "; ".join(told), now)


def _is_answered(said: Iterable[Assessment], lead: str) -> bool:
    fact = answer_of(said, lead)
    return fact is not None and fact.is_answer


def _tell_move(programme: Programme, before: Mapping[RosterKey, str], key: RosterKey) -> str:
    action, former = programme.action(key[2]), before.get(key)
    number = action.number if action else key[2]
    return f"{number} came from {former}" if former else f"{number} is new in the programme"


def _has_begun(setup: Setup, one: ReportingRound, party: str, now: datetime) -> bool:
    """Whether the party would have been asked by now, and may still answer."""
    seen = one.for_party(party)
    today = setup.calendar.local_day(now)
    return request_date(seen, setup.calendar).on < today <= closes_on(seen, setup.calendar)


def _add_request(conn: Connection, one: ReportingRound, party: str, actions: Collection[str], because: str, now: datetime) -> None:
    overlays.add_overlay(
        conn,
        kind=OverlayKind.ADDED_STEP,
        programme=one.programme,
        round_id=one.id,
        party=party,
        subject=StepKind.REQUEST.value,
        value={"actions": sorted(actions)},
        because=because,
        actor="files",
        now=now,
    )
    document = {"because": because, "actions": sorted(actions)}
    events.append_event(conn, REPLANNED, now, actor="files", programme=one.programme, round_id=one.id, party=party, document=document)


def record_looks(house: House, knowledge: Knowledge, places: Collection[Place], settled: Iterable[str], mailed: Iterable[str]) -> None:
    """Says when each place must be looked at next, after what this pass has done. Killed before it, they are looked at again."""
    now, today = knowledge.now, knowledge.today
    state = knowledge.plan_state()
    after = replace(
        state,
        settled=state.settled | frozenset(settled),
        mailed_on={**state.mailed_on, **dict.fromkeys(mailed, today)},
    )
    steps: dict[Place, list[PlannedStep]] = {place: [] for place in places}
    for step in knowledge.timeline():
        place = (step.key.programme, step.key.round, step.key.party)
        if place in steps:
            steps[place].append(step)
    looks = {place: next_wakeup(knowledge.setup, own, after, now) if own else None for place, own in steps.items()}
    # Where no step could be sent any more the look of every day would find nothing: it rests, and an edit or a decision wakes it.
    over = {place for place, own in steps.items() if own and looks[place] is None and all(step.expires_at <= now for step in own)}
    with house.store.begin() as conn:
        agenda.record_looks(conn, {place: at for place, at in looks.items() if place not in over}, now)
        agenda.record_looks(conn, dict.fromkeys(over), now, unseen_until=now + OVER_UNSEEN)
