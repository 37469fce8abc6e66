"""Several real services on one PostgreSQL database, with a witness that writes down each mail before it answers the final dot."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from reminder.configuration.loading import load_or_raise
from reminder.domain.messages import OutboxState
from reminder.domain.rounds import StepKind
from reminder.edges.clock import FileClock, SystemClock, write_clock
from reminder.plan.timeline import plan_timeline
from reminder.store import control, outbox, schema
from reminder.store.engine import Store
from tests.crash.campaign import environment, open_sink
from tests.crash.many import write_city

PATIENCE = 120.0
REAL = SystemClock()
OPEN = frozenset({OutboxState.QUEUED, OutboxState.LEASED, OutboxState.UNKNOWN, OutboxState.DEFERRED})


@dataclass(slots=True)
class Worker:
    """One service process and what it has said."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def said(self) -> str:
        """Its whole log."""
        return self.log.read_text(encoding="utf-8")

    @property
    def lives(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None


@dataclass(slots=True)
class Crew:
    """The services, their database, their clock and the witness."""

    store: Store
    clock: Path
    record: Path
    config: Path
    folder: Path
    env: dict[str, str]
    stack: ExitStack
    mails: int
    workers: list[Worker] = field(default_factory=list)

    def start(self, *, sink_seconds: float = 0.0, root: Path | None = None, **settings: str) -> Worker:
        """One more service, with a way out of its own to the same witness, which answers so long after the dot. `root`: the checkout
        that its program is taken from."""
        port = self.stack.enter_context(open_sink(self.record, sink_seconds))
        env = self.env | {"REMINDER_SMTP_PORT": str(port)} | settings
        log = self.folder / f"log{len(self.workers)}.txt"
        with log.open("ab") as output:
            command = [sys.executable, "-m", "reminder", "--config", str(self.config), "run"]
            process = subprocess.Popen(command, env=env, cwd=root, stdout=output, stderr=output)
        self.workers.append(Worker(process, log))
        return self.workers[-1]

    def run(self, *arguments: str, root: Path | None = None) -> subprocess.CompletedProcess[str]:
        """A command beside the services."""
        command = [sys.executable, "-m", "reminder", "--config", str(self.config), *arguments]
        return subprocess.run(command, env=self.env, cwd=root, capture_output=True, text=True, timeout=PATIENCE, check=False)

    def wait(self, is_so: Callable[[], bool]) -> None:
        """Returns when it is so; fails with the logs where patience is over."""
        deadline = time.monotonic() + PATIENCE
        while not is_so():
            assert time.monotonic() < deadline, "\n".join(worker.said[-2000:] for worker in self.workers)
            REAL.sleep(0.05)

    def advance(self, span: timedelta) -> None:
        """The clock of all moves on."""
        write_clock(self.clock, FileClock(self.clock).now() + span, 0.0)

    def settle(self) -> None:
        """Waits until each mail has ended; where a lease or a grace is all that is left, the clock moves on."""
        seen, since = self._progress(), time.monotonic()

        def has_ended() -> bool:
            nonlocal seen, since
            states = self.states()
            if not states.keys() & OPEN and states.total() >= self.mails:
                return True
            if (progress := self._progress()) != seen:
                seen, since = progress, time.monotonic()
            elif time.monotonic() - since > 4:
                self.advance(timedelta(minutes=16))
                since = time.monotonic()
            return False

        self.wait(has_ended)

    def states(self) -> Counter[OutboxState]:
        """How many mails are in which state."""
        with self.store.read() as conn:
            return Counter(outbox.count_by_state(conn))

    def at_the_dot(self) -> list[str]:
        """The mails whose final dot is written down and whose result is not."""
        with self.store.read() as conn:
            return list(conn.execute(select(schema.attempt.c.message).where(schema.attempt.c.state == "dot")).scalars())

    def copies(self) -> Counter[tuple[str, str]]:
        """How often each mail reached the witness, by Message-ID and hash."""
        lines = self.record.read_text().splitlines() if self.record.exists() else []
        return Counter((taken["id"], taken["hash"]) for taken in map(json.loads, lines))

    def _progress(self) -> tuple[int, int]:
        with self.store.read() as conn:
            ended = conn.execute(select(func.count()).select_from(schema.attempt).where(schema.attempt.c.ended_at.is_not(None)))
            return self.copies().total(), ended.scalar_one()


@contextmanager
def open_crew(folder: Path, url: str, *, parties: int) -> Iterator[Crew]:
    """A city of so many parties on the morning of their first mails, one each; no service runs yet. The database is migrated."""
    config, clock = folder / "config", folder / "clock.json"
    write_city(config, parties=parties, rounds=1)
    first = min(step.not_before for step in plan_timeline(load_or_raise(config)) if step.key.step is StepKind.NOTICE)
    write_clock(clock, first, 0.0)
    store = Store.open(url)
    with ExitStack() as stack:
        stack.callback(store.close)
        with store.begin() as conn:
            control.arm(conn, first - timedelta(hours=1))
        env = dict(os.environ) | environment(folder, url, 1, clock)
        crew = Crew(
            store=store, clock=clock, record=folder / "taken.jsonl", config=config, folder=folder, env=env, stack=stack, mails=parties
        )
        try:
            yield crew
        finally:
            for worker in crew.workers:
                worker.process.kill()
                worker.process.wait()
