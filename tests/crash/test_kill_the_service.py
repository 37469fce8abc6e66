"""`kill -9` of the real service at random moments of a whole round, started again each time."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from reminder.configuration.loading import load_or_raise
from reminder.domain.assessments import latest
from reminder.domain.messages import OutboxState
from reminder.domain.rounds import StepKind
from reminder.edges.clock import FileClock, SystemClock, write_clock
from reminder.parse.message import read_mail
from reminder.plan.timeline import plan_timeline
from reminder.resources import find_example
from reminder.sandbox.cast import Cast, DueReply
from reminder.sandbox.demo import ADDRESS, environment
from reminder.sandbox.servers import MailWorld
from reminder.store import control, inbox, outbox, reports
from reminder.store.engine import Store
from tests.unasked import copy_unasked

KILLS = 10
REAL = SystemClock()
STEP = timedelta(minutes=31)
"""How far the clock moves while the service has something left to do: past a lease and past the grace of `unknown`."""
PATIENCE = 120.0
STUCK = 1.5
"""Real seconds after which something that stays leased, unknown or deferred is waiting for the clock."""


@dataclass(slots=True)
class Town:
    """A running service with its servers, its clock and its parties."""

    world: MailWorld
    store: Store
    clock: FileClock
    clock_path: Path
    command: list[str]
    env: Mapping[str, str]
    log: Path
    cast: Cast = field(default_factory=Cast)
    arriving: list[DueReply] = field(default_factory=list)
    told: int = 0
    kills: int = 0
    service: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the service."""
        with self.log.open("ab") as log:
            self.service = subprocess.Popen(self.command, env=dict(self.env), stderr=log, stdout=log)

    def kill(self) -> None:
        """SIGKILL, and at once again."""
        assert self.service is not None
        self.service.send_signal(signal.SIGKILL)
        self.service.wait()
        self.kills += 1
        self.start()

    def hear(self) -> None:
        """The parties read what was sent and answer in their time."""
        new = self.world.sent[self.told :]
        self.told += len(new)
        seen: set[bytes] = set()
        for mail in new:
            if mail.raw not in seen:  # a byte-identical copy is read once, as people do
                seen.add(mail.raw)
                self.arriving += self.cast.answer(mail.raw, envelope_sender=mail.sender, recipient=mail.recipient, at=self.clock.now())

    def deliver_until(self, now: datetime) -> None:
        """Puts the answers whose time has come into the inbox."""
        for reply in sorted((one for one in self.arriving if one.at <= now), key=lambda one: one.at):
            self.arriving.remove(reply)
            self.world.deliver(reply.raw, when=reply.at, recipient=reply.to, sender=reply.sender)

    def is_idle(self) -> bool:
        """Whether everything that is known has been dealt with at this moment of the clock."""
        now = self.clock.now()
        with self.store.read() as conn:
            out, unread = outbox.count_by_state(conn), inbox.find_unfinished(conn)
            polled = control.get_state(conn, "last_poll_at")
            # Delivering notes the clock, and it comes after announcing: before that a step of this moment may still be unplanned.
            delivered = control.judge_clock(conn, now - timedelta(seconds=1)).high_water
        waits = (OutboxState.QUEUED, OutboxState.LEASED, OutboxState.DEFERRED, OutboxState.UNKNOWN)
        return not unread and not any(out.get(state) for state in waits) and (polled, delivered) == (now.isoformat(), now)

    def settle(self, rng: random.Random | None) -> None:
        """Lets the service work until it is idle, killing it in between where `rng` says so."""
        deadline = time.monotonic() + PATIENCE
        quiet, stuck_since = 0, time.monotonic()
        while quiet < 2:
            assert time.monotonic() < deadline, self.log.read_text()[-3000:]
            REAL.sleep(rng.uniform(0.02, 0.4) if rng else 0.1)
            if rng and self.kills < KILLS and rng.random() < 0.12:
                self.kill()
            quiet = quiet + 1 if self.is_idle() else 0
            if not self._has_leftovers():
                stuck_since = time.monotonic()
            elif time.monotonic() - stuck_since > STUCK:  # nobody works on it: a lease, a grace or a back-off must end
                write_clock(self.clock_path, self.clock.now() + STEP, 0.0)
                stuck_since = time.monotonic()

    def _has_leftovers(self) -> bool:
        with self.store.read() as conn:
            out = outbox.count_by_state(conn)
        return any(out.get(state) for state in (OutboxState.LEASED, OutboxState.UNKNOWN, OutboxState.DEFERRED))


@contextmanager
def open_town(folder: Path) -> Iterator[Town]:
    """The example city on servers of its own; the service is a process."""
    folder.mkdir()
    config = copy_unasked(folder / "config")
    clock_path = folder / "clock.json"
    start = plan_timeline(load_or_raise(config))[0].not_before - timedelta(hours=12)
    write_clock(clock_path, start, 0.0)
    clock = FileClock(clock_path)
    with MailWorld(own_address=ADDRESS, clock=clock) as world:
        env = {**os.environ, **environment(world, folder), "REMINDER_CLOCK": str(clock_path), "REMINDER_LOG": "json"}
        store = Store.open(env["REMINDER_DATABASE_URL"])
        store.migrate()
        with store.begin() as conn:
            control.arm(conn, clock.now())
        command = [sys.executable, "-m", "reminder", "--config", str(config), "run"]
        town = Town(world=world, store=store, clock=clock, clock_path=clock_path, command=command, env=env, log=folder / "log.txt")
        town.start()
        try:
            yield town
        finally:
            assert town.service is not None
            town.service.kill()
            town.service.wait()
            store.close()


def live_through(town: Town, rng: random.Random | None) -> None:
    """The round, from the notice to its close."""
    steps = [step for step in plan_timeline(load_or_raise(find_example())) if step.key.step is not StepKind.CONTACTS]
    instants = sorted({step.not_before for step in steps} | {max(step.expires_at for step in steps)})
    while instants or town.arriving:
        pending = [*instants[:1], *sorted(reply.at for reply in town.arriving)[:1]]
        now = max(min(pending), town.clock.now() + timedelta(minutes=1))
        instants = [instant for instant in instants if instant > now]
        write_clock(town.clock_path, now, 0.0)
        town.deliver_until(now)
        town.settle(rng)
        town.hear()


def read_facts(store: Store) -> dict[tuple[str, str], tuple[str, ...]]:
    """What the database holds of each action."""
    with store.read() as conn:
        facts = latest(reports.load_assessments(conn))
    return {
        key: (str(fact.light), str(fact.phase), fact.text, fact.next_step, str(fact.next_on), str(fact.is_late))
        for key, fact in facts.items()
    }


def read_inbox(store: Store) -> Counter[str]:
    """How many mails ended in which state."""
    with store.read() as conn:
        return Counter(row.state.value for row in inbox.list_inbound(conn, limit=10_000))


@pytest.mark.slow
def test_a_round_whose_service_is_killed_ten_times_ends_with_the_same_facts(tmp_path: Path) -> None:
    """No mail is lost, each answer counts once, and a copy is sent only where the answer to the final dot was lost."""
    with open_town(tmp_path / "calm") as calm:
        live_through(calm, None)
        expected, calm_inbox = read_facts(calm.store), read_inbox(calm.store)
        calm_mails = Counter((mail.recipient, _kind(mail.raw)) for mail in calm.world.sent)
    seed = int(os.environ.get("REMINDER_KILL_SEED", "20260224"))
    with open_town(tmp_path / "killed") as killed:
        live_through(killed, random.Random(seed))
        copies = Counter((mail.recipient, mail.raw) for mail in killed.world.sent)
        distinct = Counter((recipient, _kind(raw)) for recipient, raw in copies)
        with killed.store.read() as conn:
            resends = sum(row.ambiguous_resends for row in outbox.list_messages(conn, limit=10_000))
        report = {"kills": killed.kills, "mails": len(copies), "copies": copies.total() - len(copies), "resends": resends}
        killed.log.with_name("report.json").write_text(json.dumps(report))

        assert killed.kills == KILLS
        assert read_facts(killed.store) == expected
        assert read_inbox(killed.store) == calm_inbox
        assert distinct == calm_mails
        assert copies.total() - len(copies) <= resends


def _kind(raw: bytes) -> str:
    return read_mail(raw).headers.text("x-reminder-kind").strip()
