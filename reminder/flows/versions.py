"""The programme is a living document: each edit of it that people would notice becomes a version (decision 0036).

Nothing is recorded before the service was armed for the first time: until then the files are a draft, and the first version is what
stood in them when it was. A process that has other files than those in force records nothing.

Crash story: a version and the mark of the files it was compared with are one transaction.
"""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Connection

from reminder.domain.programme import Programme
from reminder.domain.setup import Setup
from reminder.domain.versions import ActionThen, DeadlineThen, ProgrammeThen, ProgrammeVersion
from reminder.flows.house import House
from reminder.plan.timeline import asked_parties, party_deadline
from reminder.store import control
from reminder.store.configurations import load_version
from reminder.store.versions import newest_version, record_version

COMPARED = "versions_compared"
"""Key of the service's memory: the version of the files that was compared last."""


def record_versions(house: House) -> int:
    """Records a version of each programme whose content differs from its newest one. How many it were. Safe to repeat."""
    with house.store.read() as conn:
        if control.get_state(conn, COMPARED) == house.setup.version or load_version(conn) not in {"", house.setup.version}:
            return 0
    with house.store.begin() as conn:
        found = sum(_record(conn, house, programme) for programme in house.setup.programmes.values())
        if control.load_control(conn).is_armed:
            control.set_state(conn, COMPARED, house.setup.version)
    return found


def _record(conn: Connection, house: House, programme: Programme) -> bool:
    newest = newest_version(conn, programme.id)
    if newest is None and not control.load_control(conn).is_armed:
        return False
    content = take_version(house.setup, programme)
    if newest is not None and newest.content == content:
        return False
    number = 1 if newest is None else newest.number + 1
    return record_version(conn, ProgrammeVersion(programme=programme.id, number=number, at=house.clock.now(), content=content))


def take_version(setup: Setup, programme: Programme) -> ProgrammeThen:
    """What of a programme its versions tell apart, as the files have it now. Decisions by hand are no part of it."""
    return ProgrammeThen(
        name=programme.name,
        actions=tuple(
            ActionThen(
                id=one.id,
                number=one.number,
                title=one.title,
                text=one.text,
                lead=one.lead,
                contributors=one.contributors,
                focus_area=one.focus_area,
                goal=one.goal,
                years=tuple(sorted(one.years)),
                was=one.was,
            )
            for one in programme.actions
        ),
        parties={party: one.name for party, one in programme.parties.items()},
        deadlines=_deadlines(setup, programme),
    )


def _deadlines(setup: Setup, programme: Programme) -> dict[str, DeadlineThen]:
    found = {}
    for one in setup.rounds:
        if one.programme != programme.id:
            continue
        leads = [party for party, is_lead in asked_parties(one, programme).items() if is_lead]
        due = {party: party_deadline(setup, one, party, extensions=()).due_on for party in leads}
        if not due:
            continue
        main = Counter(due.values()).most_common(1)[0][0]
        own = {party: day for party, day in due.items() if day != main}
        found[one.id] = DeadlineThen(name=one.name, due_on=main, own=own)
    return found
