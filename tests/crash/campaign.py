"""Proof 3: thousands of reminders by real service processes that are killed all the time.

python -m tests.crash.campaign --mails 10000 --backend sqlite|postgresql [--workers N] [--seed S]: prints after each day what was
counted until then, and ends with 1 where a mail was lost, doubled without a kill, or altered. An SMTP server in a process of its own
is the witness.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, create_engine, func, select, text

from reminder.configuration.loading import load_or_raise
from reminder.domain.messages import OutboxState
from reminder.edges.clock import SystemClock, write_clock
from reminder.plan.timeline import plan_timeline
from reminder.store import control, schema
from reminder.store.engine import Store
from tests.crash.many import MAILS_A_PARTY, write_city
from tests.store.cluster import find_binaries, run_cluster

STUCK = 2.5
"""Real seconds without any progress after which what is left over waits for the clock: a lease or a grace must end."""
STEP = timedelta(minutes=31)
EVERY = 40.0
"""Mails that are written and sent between two kills, on average. Work, not time: a fast machine is killed as often as a slow one."""
ANSWER_AFTER = 0.01
"""Seconds between the final dot and its answer: long enough for kills to fall between them."""
PARTIES = 100
"""At most so many mails a day: who starts again every two seconds should not read a city of thousands each time."""
LOOK_EVERY = 0.05
"""Real seconds between two looks at the database."""
PROGRESS_A_MAIL = 2
"""What `look` counts of a mail: its step is settled, its attempt has ended."""
PATIENCE = 900.0
"""Real seconds in which one day's mails must be done with."""
REAL = SystemClock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a campaign found."""

    mails: int
    kills: int
    kills_between_dot_and_result: int
    kills_under_lease_before_the_dot: int
    taken: int
    lost: int
    duplicates: int
    altered: int
    strangers: int
    wrong_state: int
    for_a_person: int
    """Their fate stayed unknown after as many identical copies as are allowed, or past their time: `needs_review`, as promised."""
    unsettled_steps: int
    resends: int
    seconds: float

    @property
    def is_proof(self) -> bool:
        """Nothing lost, nothing altered, and no copy without a kill."""
        wrong = self.lost, self.altered, self.strangers, self.wrong_state, self.unsettled_steps
        return not any(wrong) and self.duplicates <= min(self.kills, self.resends)


OnDay = Callable[[Counted], None]
"""Called when the mails of one day have come to their end, with what was counted until then."""


def silent(counted: Counted) -> None:
    """Nobody looks on."""


@dataclass(slots=True)
class Workers:
    """Service processes, any of which may be killed; each has its own log."""

    command: list[str]
    env: dict[str, str]
    folder: Path
    rng: random.Random
    every: float
    kills: int = 0
    kill_at: float = 0.0
    """At how much progress the next is killed."""
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    logs: list[Path] = field(default_factory=list)
    started: int = 0

    def start(self) -> None:
        """One more process."""
        log = self.folder / f"log{self.started}.txt"
        self.started += 1
        with log.open("ab") as handle:
            self.running.append(subprocess.Popen(self.command, env=self.env, stderr=handle, stdout=handle))
        self.logs.append(log)

    def kill_in_turn(self, progress: int) -> None:
        """`kill -9` of one that works, when its time has come, and at once another. A process that ended by itself is a failure."""
        for process, log in zip(self.running, self.logs, strict=True):
            if process.poll() is not None:
                raise AssertionError(f"a service ended by itself with {process.returncode}: {log.read_text()[-3000:]}")
        alive = self.find_alive()
        if progress < self.kill_at or not alive:
            return
        if self.kill_at:
            REAL.sleep(self.rng.uniform(0, 2 * LOOK_EVERY))
            self._kill(self.rng.choice(alive))
            self.start()
        self.kill_at = progress + self.rng.uniform(0.1, 2 * self.every * PROGRESS_A_MAIL)

    def find_alive(self) -> list[int]:
        """Those that have started their work."""
        return [index for index, log in enumerate(self.logs) if b"service started" in log.read_bytes()]

    def _kill(self, index: int) -> None:
        process, log = self.running.pop(index), self.logs.pop(index)
        process.send_signal(signal.SIGKILL)
        process.wait()
        log.unlink()
        self.kills += 1

    def end(self) -> None:
        """The end of all, which is not counted."""
        for process in self.running:
            process.kill()
            process.wait()


@contextmanager
def open_sink(file: Path, seconds: float) -> Iterator[int]:
    """The witness; gives its port."""
    command = [sys.executable, "-m", "tests.crash.sink", str(file), str(seconds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


@contextmanager
def open_database(backend: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database: a file, or a private PostgreSQL server."""
    if backend == "sqlite":
        yield f"sqlite:///{folder / 'reminder.db'}"
        return
    binaries = find_binaries()
    if binaries is None:
        raise SystemExit("PostgreSQL is not installed.")
    with run_cluster(binaries) as url:
        engine = create_engine(url.format("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("CREATE DATABASE campaign"))
        engine.dispose()
        yield url.format("campaign")


def environment(folder: Path, url: str, port: int, clock: Path) -> dict[str, str]:
    """The settings of the services: an empty Maildir as the way in, the witness as the way out."""
    for part in ("cur", "new", "tmp"):
        (folder / "mail" / part).mkdir(parents=True)
    return os.environ | {
        "REMINDER_REHEARSAL": "1",
        "REMINDER_CLOCK": str(clock),
        "REMINDER_DATABASE_URL": url,
        "REMINDER_INSTANCE": "campaign",
        "REMINDER_SMTP_HOST": "127.0.0.1",
        "REMINDER_SMTP_PORT": str(port),
        "REMINDER_SMTP_SECURITY": "none",
        "REMINDER_MAILDIR": str(folder / "mail"),
        "REMINDER_FROM": "Many <seuranta@suvikoski.example>",
        "REMINDER_SECRET_KEY": f"a:{secrets.token_hex(32)}",
        "REMINDER_LOG": "json",
    }


def run_campaign(
    folder: Path, *, mails: int, backend: str, workers: int, seed: int, every: float = EVERY, on_day: OnDay = silent
) -> Counted:
    """Sends that many reminders while the services are killed, one each `every` mails on average."""
    rounds = max(1, mails // (PARTIES * MAILS_A_PARTY))
    config, clock, record = folder / "config", folder / "clock.json", folder / "taken.jsonl"
    total = write_city(config, parties=mails // rounds // MAILS_A_PARTY, rounds=rounds)
    days = Counter(step.not_before for step in plan_timeline(load_or_raise(config)))
    write_clock(clock, min(days) - timedelta(hours=12), 0.0)
    begun = time.monotonic()
    with ExitStack() as stack:
        url = stack.enter_context(open_database(backend, folder))
        env = environment(folder, url, stack.enter_context(open_sink(record, ANSWER_AFTER)), clock)
        store = Store.open(url)
        stack.callback(store.close)
        store.migrate()
        with store.begin() as conn:
            control.arm(conn, min(days) - timedelta(hours=12))
        command = [sys.executable, "-m", "reminder", "--config", str(config), "run"]
        service = Workers(command=command, env=env, folder=folder, rng=random.Random(seed), every=every)
        stack.callback(service.end)
        for _ in range(workers):
            service.start()
        due = 0
        for day in sorted(days):
            due += days[day]
            live_through(service, store, clock, day, due)
            with store.read() as conn:
                counted = count(conn, record, due, service.kills, time.monotonic() - begun)
            on_day(counted)
        assert counted.mails == total
        return counted


def live_through(service: Workers, store: Store, clock: Path, day: datetime, due: int) -> None:
    """One day: its mails are written and sent; where only leases are left over, the clock moves on."""
    now, deadline = day, time.monotonic() + PATIENCE
    write_clock(clock, now, 0.0)
    seen, seen_at = -1, time.monotonic()
    while True:
        with store.read() as conn:
            settled, open_rows, progress = look(conn)
        if settled >= due and not open_rows:
            return
        if progress != seen or not service.find_alive():
            seen, seen_at = progress, time.monotonic()
        elif time.monotonic() - seen_at > STUCK:
            now, seen_at = now + STEP, time.monotonic()
            write_clock(clock, now, 0.0)
        if time.monotonic() > deadline:
            raise AssertionError(f"stuck with {settled} of {due} steps and {open_rows} mails open: {service.logs[0].read_text()[-3000:]}")
        service.kill_in_turn(progress)
        REAL.sleep(LOOK_EVERY)


def look(conn: Connection) -> tuple[int, int, int]:
    """How many steps are settled, how many mails are not final, and a number that grows whenever anything is done."""
    settled = conn.execute(select(func.count()).select_from(schema.step)).scalar_one()
    final = [state.value for state in OutboxState if state.is_final]
    rows = conn.execute(select(func.count()).select_from(schema.message).where(schema.message.c.state.not_in(final))).scalar_one()
    ended = conn.execute(select(func.count()).select_from(schema.attempt).where(schema.attempt.c.ended_at.is_not(None))).scalar_one()
    return settled, rows, settled + ended


def count(conn: Connection, record: Path, total: int, kills: int, seconds: float) -> Counted:
    """Holds what the witness took against what the database says."""
    taken = [json.loads(line) for line in record.read_text().splitlines()]
    copies: dict[str, Counter[str]] = {}
    for one in taken:
        copies.setdefault(one["id"], Counter())[one["hash"]] += 1
    rows = conn.execute(
        select(
            schema.message.c.id,
            schema.message.c.message_id,
            schema.message.c.state,
            schema.message.c.ambiguous_resends,
            schema.message_body.c.raw,
        ).join(schema.message_body, schema.message_body.c.message == schema.message.c.id)
    ).all()
    sent = {row.message_id: sha256(row.raw).hexdigest() for row in rows}
    doubtful = set(conn.execute(select(schema.attempt.c.message).where(schema.attempt.c.state == "unknown")).scalars())
    for_a_person = {row.message_id for row in rows if row.state == OutboxState.NEEDS_REVIEW.value and row.id in doubtful}
    ended = Counter(conn.execute(select(schema.attempt.c.state).where(schema.attempt.c.text == "lease ended")).scalars())
    settled = conn.execute(select(func.count()).select_from(schema.step).where(schema.step.c.outcome == "message")).scalar_one()
    return Counted(
        mails=len(rows),
        kills=kills,
        kills_between_dot_and_result=ended["unknown"],
        kills_under_lease_before_the_dot=ended["deferred"],
        taken=len(taken),
        lost=len(sent.keys() - copies.keys() - for_a_person) + total - len(rows),
        duplicates=len(taken) - len(copies),
        altered=sum(set(hashes) != {sent.get(identity)} for identity, hashes in copies.items()),
        strangers=len(copies.keys() - sent.keys()),
        wrong_state=sum(row.state != OutboxState.ACCEPTED.value for row in rows) - len(for_a_person),
        for_a_person=len(for_a_person),
        unsettled_steps=total - settled,
        resends=sum(row.ambiguous_resends for row in rows),
        seconds=round(seconds, 1),
    )


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="Reminders through services that are killed all the time.")
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--backend", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--workers", type=int, default=0, help="default: 1 on sqlite, 4 on postgresql")
    parser.add_argument("--seed", type=int, default=20260224)
    parser.add_argument("--every", type=float, default=EVERY, help="mails between two kills, on average")
    args = parser.parse_args()
    workers = args.workers or (1 if args.backend == "sqlite" else 4)

    def tell(counted: Counted) -> None:
        told = {"backend": args.backend, "workers": workers, **asdict(counted)}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()

    with tempfile.TemporaryDirectory(prefix="reminder-campaign-") as folder:
        counted = run_campaign(
            Path(folder), mails=args.mails, backend=args.backend, workers=workers, seed=args.seed, every=args.every, on_day=tell
        )
    return 0 if counted.is_proof else 1


if __name__ == "__main__":
    sys.exit(main())
