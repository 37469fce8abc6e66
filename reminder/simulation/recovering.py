"""Two stories beside the seeds: an older copy of the database is put back (R8), and the database has a limit (R6).

They stand apart, since a database that has lost some weeks keeps no other promise about its history, and one that is full leaves
mails on the server.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from structlog.testing import capture_logs

from reminder.flows.announce import find_due_at_any_hour, skip_due
from reminder.flows.mailbox_health import TroubleKind, load_troubles
from reminder.simulation import incoming, outgoing, town
from reminder.simulation.checking import Violation
from reminder.simulation.fates import Fates
from reminder.simulation.journal import Talk
from reminder.simulation.looking import Row, Seen
from reminder.simulation.running import DRAIN, Simulation
from reminder.store import control, inbox
from reminder.store.backup import back_up
from reminder.store.engine import Store
from reminder.store.restoring import RESTORED, load_restored, restore
from reminder.store.size import used_bytes

NO_CLOCK = frozenset({"clock back", "clock ahead", "off for days"})
"""A clock that is set back after a restore brings steps whose time had come before it; that is another story."""
NO_LOSS = frozenset({"another client deletes a mail", "another client moves a mail"})
"""What the lost weeks had read and another client has taken away since can be read no more."""
WAITS = timedelta(hours=1)
LIMIT = 8_000_000
"""Bytes that the database may use: its last tenth holds what a round sends."""
LARGE, EVERY = 80_000, timedelta(hours=6)
"""Strangers send so many bytes so often, which is more than the limit before the round is over."""


def run_restore(folder: Path, seed: int) -> Simulation:
    """A copy is made, the service works on, the copy is put back, what came in is read again, and somebody arms. The round ends.

    `violations` holds what was broken: R8, and of the mails that came in that each counts once and none is lost.
    """
    drawn = random.Random(f"restore of {seed}")
    with capture_logs():
        simulation = Simulation(folder, _fates(seed, NO_CLOCK | NO_LOSS), seed=seed, is_checked=False)
        simulation.arm()
        simulation.go_on(town.BEGIN + timedelta(hours=drawn.randint(30, 500)))
        copy = folder / "copy.db"
        with _open(simulation) as store:
            back_up(store, copy, simulation.world.now(), is_replacing=True)
        simulation.go_on(simulation.world.now() + timedelta(hours=drawn.randint(2, 240)))
        before, talks = simulation.look(), len(simulation.world.journal.talks)
        simulation.stop()
        with _open(simulation) as store:
            restore(store, copy, simulation.world.now())
        _arm_again(simulation)
        simulation.go_on(max(town.END, simulation.world.now()))
        simulation.end_faults()
        simulation.go_on(simulation.world.now() + DRAIN)
        after = simulation.look()
        simulation.violations += _find_repeated(before, simulation.world.journal.talks, talks, after)
        checks = (*incoming.ALWAYS, *incoming.AT_REST)
        simulation.violations += [
            Violation(invariant=name, detail=detail)
            for name, check in checks
            if name in {"I1", "I2", "I4"}
            for detail in check(after, simulation.world.journal)
        ]
        simulation.close()
    return simulation


def run_full(folder: Path, seed: int) -> tuple[Simulation, bool]:
    """A round in a database with a limit, and whether the limit was reached. `violations` holds what of R6 was broken."""
    with capture_logs():
        simulation = Simulation(folder, _fates(seed, NO_CLOCK), seed=seed, is_checked=False)
        simulation.quota_bytes = LIMIT
        simulation.arm()
        _send_large(simulation, simulation.world.now())
        was_full = False
        while simulation.world.now() < town.END and not simulation.violations:
            simulation.go_on(simulation.world.now() + EVERY)
            with _open(simulation) as store, store.read() as conn:
                used = used_bytes(conn)
                was_full = was_full or any(one.kind is TroubleKind.FULL for one in load_troubles(conn))
            if used > LIMIT:
                simulation.violations.append(Violation(invariant="R6", detail=f"{used} of {LIMIT} bytes are used."))
        simulation.end_faults()
        simulation.go_on(simulation.world.now() + DRAIN)
        seen, journal = simulation.look(), simulation.world.journal
        unsent = () if simulation.violations else (*outgoing.find_missing_steps(seen, journal), *outgoing.find_unsettled(seen, journal))
        simulation.violations += [Violation(invariant="R6", detail=f"Sending has stopped: {detail}") for detail in unsent]
        simulation.close()
    return simulation, was_full


def _send_large(simulation: Simulation, at: datetime) -> None:
    """One mail of a stranger, and the next one in time."""
    number = len(simulation.world.journal.letters) + 1
    headers = f"From: mainos@muualla.example\r\nTo: {town.OFFICE}\r\nSubject: Tarjous {number}\r\nMessage-ID: <{number}@muualla.example>"
    raw = f"{headers}\r\n\r\n".encode() + b"Ostakaa heti.\r\n" * (LARGE // 15)
    simulation.server.put(raw, at, kind="stranger", sender="mainos@muualla.example")
    simulation.world.plan(EVERY, partial(_send_large, simulation))


def _fates(seed: int, without: frozenset[str]) -> Fates:
    drawn = Fates.of_seed(seed)
    return Fates(seed, {kind: rate for kind, rate in drawn.rates.items() if kind not in without})


@contextmanager
def _open(simulation: Simulation) -> Iterator[Store]:
    """The database beside the process, as the commands of an admin open it."""
    store = Store.open(f"sqlite:///{simulation.path}")
    try:
        yield store
    finally:
        store.close()


def _arm_again(simulation: Simulation) -> None:
    """As `reminder arm` does it: when what has come in since was read, what is due by then is skipped."""
    while not simulation.violations:
        simulation.go_on(simulation.world.now() + WAITS)
        with _open(simulation) as store:
            with store.read() as conn:
                restored, unread = load_restored(conn), inbox.find_unfinished(conn)
            if restored is None or restored.read_again is None or any(RESTORED in row.marks for row in unread):
                continue
            house = replace(simulation.open_house(), store=store)
            skip_due(house, find_due_at_any_hour(house, house.clock.now()))
            with store.begin() as conn:
                control.arm(conn, house.clock.now())
            return


def _find_repeated(before: Seen, talks: list[Talk], known: int, after: Seen) -> Iterator[Violation]:
    """R8: nothing that the relay took before is handed to it again, neither the mail itself nor another one in its place."""
    told = {one.message_id for one in talks[:known] if one.was_taken}
    done = {place: talk for talk in talks[:known] if talk.was_taken for place in _places(before, talk)}
    for talk in talks[known:]:
        if talk.message_id in told:
            yield Violation(invariant="R8", detail=f"{talk.message_id} to {talk.recipient} was sent again.")
        for place in _places(after, talk):
            if place in done and talk.message_id not in told:
                yield Violation(invariant="R8", detail=f"{'/'.join(place)} was sent again, as {talk.message_id}.")


def _places(seen: Seen, talk: Talk) -> Iterator[tuple[str, ...]]:
    """What a mail settles, in words that are the same in both databases: its steps, or the mail that it answers."""
    row = next((row for row in seen.messages if row["message_id"] == talk.message_id), None)
    if row is None:
        return
    for step in seen.steps:
        if step["message"] == row["id"]:
            yield talk.recipient, *(str(step[name]) for name in ("programme", "round", "party", "step", "ordinal", "deadline_version"))
    if row["kind"] in incoming.ANSWERS:
        yield talk.recipient, "answer", _answered(seen, row)


def _answered(seen: Seen, row: Row) -> str:
    inbound: Mapping[int, Row] = {one["id"]: one for one in seen.inbound}
    return str(inbound[row["answers_inbound"]]["content_hash"])
