"""Where every round stands, for the page: a round that is over is measured again only when something it depends on has changed.

What a measure depends on is compared, never guessed: the files (the very value, since the same version may be read anew), the round with
what was decided by hand, its extensions and waived actions, how many facts it has and which is the newest, and how many mails of all
have been read again or decided by a person. The memory is the process's own; nothing is lost with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from reminder.domain.rounds import Extension, ReportingRound
from reminder.domain.setup import Setup
from reminder.flows.house import House
from reminder.flows.knowledge import Knowledge, decided_setup
from reminder.flows.renaming import current_facts, current_of_party, current_waived
from reminder.plan.dates import asked_at
from reminder.report.progress import RoundProgress
from reminder.store import overlays, reports

MEMORY = "measured_rounds"
"""Key of the process's memory."""

Waived = frozenset[tuple[str, str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Where a round stands, and the mark that differs where a reader could see a difference.

    `as_of` and the days of being late are those of the moment at which it was measured; all else is as of now.
    """

    progress: RoundProgress
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Basis:
    """What the measure of a round that is over depends on."""

    round: ReportingRound
    extensions: tuple[Extension, ...]
    waived: Waived
    facts: reports.Marks


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    basis: _Basis
    over_since: datetime
    measured: Measured


@dataclass(frozen=True, slots=True, kw_only=True)
class _Memory:
    """The rounds that are over, as they were measured with these files and so many mails that were read again."""

    files: Setup
    read_again: int
    rounds: dict[tuple[str, str], _Kept] = field(default_factory=dict)


def measure_rounds(conn: Connection, house: House, now: datetime) -> tuple[Measured, ...]:
    """Where each round of the files stands, with what was decided by hand. Only facts of rounds that are measured anew are read."""
    # Counted before anything else is read: what is committed meanwhile is counted by the next pass, and measured anew then.
    marks, read_again = reports.mark_rounds(conn), reports.count_read_again(conn)
    setup = decided_setup(conn, house.setup)
    extensions = current_of_party(setup, overlays.load_extensions(conn))
    waived = current_waived(setup, overlays.load_waived(conn))
    before, after = house.memory.get(MEMORY), _Memory(files=house.setup, read_again=read_again)
    is_sound = isinstance(before, _Memory) and before.files is house.setup and before.read_again == read_again
    kept = before.rounds if isinstance(before, _Memory) and is_sound else {}
    found = []
    for one in setup.rounds:
        place = (one.programme, one.id)
        basis = _Basis(
            round=one,
            extensions=tuple(extension for extension in extensions if (extension.programme, extension.round) == place),
            waived=frozenset(action for action in waived if action[:2] == place),
            facts=marks.get(place, reports.Marks()),
        )
        known = kept.get(place)
        if known is None or known.over_since > now or known.basis != basis:
            known = _measure(conn, setup, basis, now)
        if known.over_since <= now:
            after.rounds[place] = known
        found.append(known.measured)
    house.memory[MEMORY] = after
    return tuple(found)


def _measure(conn: Connection, setup: Setup, basis: _Basis, now: datetime) -> _Kept:
    one = basis.round
    knowledge = Knowledge(
        setup=setup,
        now=now,
        assessments=current_facts(setup, reports.load_assessments(conn, programme=one.programme, round_id=one.id)),
        extensions=basis.extensions,
        waived=basis.waived,
        settled=frozenset(),
        mailed_on={},
        persons={},
    )
    progress = knowledge.progress(one)
    calendar = setup.calendar
    return _Kept(
        basis=basis,
        # From then on nothing changes by the passing of time: everybody was asked, and whoever is late is late.
        over_since=max((asked_at(one, calendar), *(calendar.end_of(party.deadline.due_on) for party in progress.parties))),
        measured=Measured(progress=progress, fingerprint=progress.fingerprint()),
    )
