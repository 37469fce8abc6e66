"""Proof 4: thousands of replies into a real Dovecot that is restarted, read by a real service that is killed.

python -m tests.crash.replies --replies 10000 [--waves 40] [--kills 20] [--restarts 10] [--seed S]: prints what was counted, and ends
with 1 where a reply was lost, doubled or acknowledged twice. Each party answers once in each wave, not in the order of the dates; one
mail in ten comes twice, with the same bytes or over another relay. What must stand at the end is computed from the replies alone.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from jinja2 import FileSystemLoader
from sqlalchemy import Connection, func, select

from reminder.configuration.loading import load_or_raise
from reminder.configuration.settings import load_settings
from reminder.domain.assessments import latest
from reminder.domain.messages import MailKind, OutboxState
from reminder.domain.readings import InboundState
from reminder.domain.rounds import StepKind
from reminder.edges.clock import FileClock, SystemClock, write_clock
from reminder.flows.announce import announce
from reminder.flows.deliver import deliver
from reminder.flows.opening import make_house
from reminder.plan.timeline import plan_timeline
from reminder.resources import find_templates
from reminder.sandbox.originals import Original, read_original
from reminder.store import control, inbox, outbox, reports, schema
from reminder.store.engine import Store
from tests.crash.campaign import open_sink
from tests.crash.many import write_city
from tests.fakes import RecordingRelay
from tests.real_parts import HOST, Dovecot, dovecot

LIGHTS = {"vihreä": "green", "keltainen": "yellow", "punainen": "red"}
AHEAD = 400
"""At most so many mails lie in the mailbox unread."""
STUCK, STEP = 4.0, timedelta(minutes=31)
PATIENCE = 3000.0
REAL = SystemClock()
FINAL = tuple(state.value for state in InboundState if state is not InboundState.CAPTURED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a run found."""

    replies: int
    delivered: int
    kills: int
    restarts: int
    lost: int
    open: int
    states: dict[str, int]
    doubled_effects: int
    wrong_facts: int
    acknowledgements: int
    doubled_acknowledgements: int
    unacknowledged: int
    copies_on_the_wire: int
    resends: int
    left_in_the_inbox: int
    seconds: float

    @property
    def is_proof(self) -> bool:
        """Nothing lost or open, nothing twice; a copy on the wire only where the answer to a final dot was lost."""
        wrong = self.lost, self.open, self.doubled_effects, self.wrong_facts, self.doubled_acknowledgements, self.unacknowledged
        return not any(wrong) and self.copies_on_the_wire <= self.resends and set(self.states) <= {"applied", "duplicate"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One file that is put into the mailbox."""

    raw: bytes
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """All letters in waves, and what must stand at the end."""

    waves: Sequence[Sequence[Letter]]
    expected: dict[str, tuple[str, str]]
    replies: int


def write_script(originals: Sequence[Original], first: datetime, waves_each: int, rng: random.Random) -> Script:
    """One reply a party and wave, dated one after another and delivered in any order; one in ten comes twice."""
    waves: list[list[Letter]] = [[] for _ in range(waves_each)]
    expected: dict[str, tuple[str, str]] = {}
    for number, original in enumerate(originals, start=1):
        for turn, wave in enumerate(rng.sample(range(waves_each), waves_each)):
            word, at = rng.choice(list(LIGHTS)), first + timedelta(minutes=5 * turn, seconds=number % 200)
            party = original.recipient.partition("@")[0]
            said = f"Sanottu kerran {party} {turn}."
            raw = write_reply(original, f"{int(party.removeprefix('party')) + 1}: {word}. {said}", at, f"{number}.{turn}")
            waves[wave].append(Letter(raw=raw, at=at))
            if rng.random() < 0.1:
                again = rng.choice([raw, b"Received: from elsewhere.example by mx.example; Mon, 13 Jan 2025 10:00:00 +0200\r\n" + raw])
                waves[rng.randrange(wave, waves_each)].append(Letter(raw=again, at=at))
            expected[party] = (LIGHTS[word], said)
    for letters in waves:
        rng.shuffle(letters)
    return Script(waves=waves, expected=expected, replies=len(originals) * waves_each)


def write_reply(original: Original, body: str, at: datetime, identity: str) -> bytes:
    """A plain reply."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = original.recipient, original.reply_to, f"VS: {original.subject}"
    mail["Date"], mail["Message-ID"] = format_datetime(at), f"<{identity}@suvikoski.example>"
    mail["In-Reply-To"] = mail["References"] = original.message_id
    mail.set_content(body + "\n")
    return bytes(mail)


@dataclass(slots=True)
class Postbox:
    """The Maildir under the Dovecot: mails come also while it is down, as from a local mail server."""

    server: Dovecot
    count: int = 0
    owner: tuple[int, int] = field(init=False)
    path: Path = field(init=False)

    def __post_init__(self) -> None:
        with self.server.client():
            pass
        self.path = self.server.maildir
        status = self.path.stat()
        self.owner = (status.st_uid, status.st_gid)

    def put(self, letter: Letter) -> None:
        """Written in tmp, then renamed into new; the time of the file is the INTERNALDATE."""
        self.count += 1
        name = f"{int(letter.at.timestamp())}.M{self.count:06}.proof"
        path = self.path / "tmp" / name
        path.write_bytes(letter.raw)
        os.utime(path, (letter.at.timestamp(), letter.at.timestamp()))
        if os.geteuid() == 0:
            shutil.chown(path, *self.owner)
        path.rename(self.path / "new" / name)

    def left(self) -> int:
        """How many lie in the inbox."""
        return sum(1 for part in ("new", "cur") for _ in (self.path / part).iterdir())


@dataclass(slots=True)
class Service:
    """The service as a process."""

    command: list[str]
    env: dict[str, str]
    log: Path
    kills: int = 0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, env=self.env, stderr=log, stdout=log)

    def check(self) -> None:
        """A process that ended by itself is a failure."""
        if self.process is not None and self.process.poll() is not None:
            raise AssertionError(f"the service ended by itself: {self.log.read_text()[-3000:]}")

    def kill(self) -> None:
        """`kill -9`."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()


@dataclass(slots=True)
class Trouble:
    """What is still to be killed and restarted, by the share of the replies that have come to an end."""

    service: Service
    server: Dovecot
    rng: random.Random
    marks: list[tuple[float, str]]
    restarts: int = 0

    def strike(self, share: float) -> None:
        """Does what is due, some moments later than that, so that it hits at any step."""
        while self.marks and self.marks[0][0] <= share:
            _, what = self.marks.pop(0)
            REAL.sleep(self.rng.uniform(0.0, 0.3))
            if what == "kill":
                self.service.kill()
                self.service.kills += 1
                self.service.start()
            else:
                self.server.kill() if self.rng.random() < 0.5 else self.server.stop()
                REAL.sleep(self.rng.uniform(0.0, 1.0))
                self.server.start()
                self.restarts += 1


def make_trouble(service: Service, server: Dovecot, rng: random.Random, kills: int, restarts: int) -> Trouble:
    """Kills and restarts spread over the whole run."""
    marks = [((number + 0.4) / kills, "kill") for number in range(kills)]
    marks += [((number + 0.55) / restarts, "restart") for number in range(restarts)]
    return Trouble(service=service, server=server, rng=rng, marks=sorted(marks))


def ask_all(config: Path, env: dict[str, str], clock: Path, store: Store) -> list[Original]:
    """Every party has been sent its request."""
    setup = load_or_raise(config)
    asked_at = min(step.not_before for step in plan_timeline(setup) if step.key.step is StepKind.REQUEST)
    write_clock(clock, asked_at, 0.0)
    settings = load_settings(config, env)
    relay = RecordingRelay()
    house = make_house(settings, setup, store, FileSystemLoader(find_templates()), relay=relay, clock=FileClock(clock))
    with store.begin() as conn:
        control.arm(conn, asked_at)
    announce(house)
    while deliver(house).accepted:
        pass
    mails = [read_original(mail.raw) for mail in relay.taken]
    write_clock(clock, asked_at + timedelta(hours=6), 0.0)
    return [mail for mail in mails if mail.kind == MailKind.REQUEST.value]


def environment(folder: Path, server: Dovecot, port: int, clock: Path) -> dict[str, str]:
    """The settings of the service: the Dovecot as the way in, the witness as the way out."""
    return os.environ | {
        "REMINDER_REHEARSAL": "1",
        "REMINDER_CLOCK": str(clock),
        "REMINDER_DATABASE_URL": f"sqlite:///{folder / 'reminder.db'}",
        "REMINDER_INSTANCE": "replies",
        "REMINDER_SMTP_HOST": HOST,
        "REMINDER_SMTP_PORT": str(port),
        "REMINDER_SMTP_SECURITY": "none",
        "REMINDER_IMAP_HOST": HOST,
        "REMINDER_IMAP_PORT": str(server.imap_port),
        "REMINDER_IMAP_SECURITY": "none",
        "REMINDER_IMAP_USER": server.user,
        "REMINDER_IMAP_PASSWORD": server.password,
        "REMINDER_FROM": "Many <seuranta@suvikoski.example>",
        "REMINDER_SECRET_KEY": f"a:{secrets.token_hex(32)}",
        "REMINDER_LOG": "json",
    }


def run_replies(folder: Path, *, replies: int, waves: int, kills: int, restarts: int, seed: int) -> Counted:
    """One run; the folder is empty."""
    rng = random.Random(seed)
    config, clock, record = folder / "config", folder / "clock.json", folder / "taken.jsonl"
    write_city(config, parties=replies // waves, rounds=1)
    with ExitStack() as stack:
        server = stack.enter_context(dovecot())
        env = environment(folder, server, stack.enter_context(open_sink(record, 0.0)), clock)
        store = Store.open(env["REMINDER_DATABASE_URL"])
        stack.callback(store.close)
        store.migrate()
        originals = ask_all(config, env, clock, store)
        script = write_script(originals, FileClock(clock).now() - timedelta(hours=5), waves, rng)
        command = [sys.executable, "-m", "tests.crash.uncapped", "--config", str(config), "run"]
        service = Service(command=command, env=env, log=folder / "log.txt")
        stack.callback(service.kill)
        trouble = make_trouble(service, server, rng, kills, restarts)
        postbox, begun = Postbox(server), time.monotonic()
        service.start()
        total = sum(map(len, script.waves))
        for number, letters in enumerate(script.waves, start=1):
            ended = live_through(letters, postbox, trouble, store, clock, total)
            told = f"wave {number} of {waves}: {ended} of {total} mails ended, {service.kills} kills, {trouble.restarts} restarts"
            sys.stderr.write(f"{told}, {time.monotonic() - begun:.0f} s\n")
            sys.stderr.flush()
            write_clock(clock, FileClock(clock).now() + timedelta(hours=3), 0.0)
        seconds = time.monotonic() - begun
        with store.read() as conn:
            return count(conn, script, postbox, trouble, record, seconds)


def live_through(letters: Sequence[Letter], postbox: Postbox, trouble: Trouble, store: Store, clock: Path, total: int) -> int:
    """One wave: its mails come, and all that follows from them is done; where nothing moves, the clock does. How many have ended by now."""
    waiting, deadline = list(letters), time.monotonic() + PATIENCE
    before, before_at = (-1, -1, -1), time.monotonic()
    while True:
        with store.read() as conn:
            progress = look(conn)
        ended, unsent, _ = progress
        if not waiting and ended >= postbox.count and not unsent:
            return ended
        while waiting and postbox.count - ended < AHEAD:
            postbox.put(waiting.pop())
        if progress != before:
            before, before_at = progress, time.monotonic()
        elif time.monotonic() - before_at > STUCK:
            write_clock(clock, FileClock(clock).now() + STEP, 0.0)
            before_at = time.monotonic()
        if time.monotonic() > deadline:
            raise AssertionError(f"stuck at {progress} of {postbox.count}: {trouble.service.log.read_text()[-3000:]}")
        trouble.service.check()
        trouble.strike(ended / total)
        REAL.sleep(0.1)


def look(conn: Connection) -> tuple[int, int, int]:
    """How many mails have ended, how many of ours wait to leave, and how many attempts there were."""
    ended = conn.execute(select(func.count()).select_from(schema.inbound).where(schema.inbound.c.state.in_(FINAL))).scalar_one()
    is_open = schema.message.c.state.not_in([state.value for state in OutboxState if state.is_final])
    unsent = conn.execute(select(func.count()).select_from(schema.message).where(is_open)).scalar_one()
    return ended, unsent, conn.execute(select(func.count()).select_from(schema.attempt)).scalar_one()


def count(conn: Connection, script: Script, postbox: Postbox, trouble: Trouble, record: Path, seconds: float) -> Counted:
    """Holds the database and the witness against the replies."""
    states = {state.value: number for state, number in inbox.count_by_state(conn).items()}
    facts = reports.load_assessments(conn)
    said = {party: (str(fact.light and fact.light.value), fact.text) for (party, _), fact in latest(facts).items()}
    by_mail = Counter(fact.inbound_id for fact in facts)
    acks = [row for row in outbox.list_messages(conn, limit=10_000_000) if row.kind is MailKind.ACKNOWLEDGEMENT]
    query = select(schema.message.c.answers_inbound).where(schema.message.c.kind == MailKind.ACKNOWLEDGEMENT.value)
    answered = Counter(conn.execute(query).scalars())
    taken = [json.loads(line)["id"] for line in record.read_text().splitlines()]
    return Counted(
        replies=script.replies,
        delivered=postbox.count,
        kills=trouble.service.kills,
        restarts=trouble.restarts,
        lost=postbox.count - sum(states.values()) + script.replies - states.get("applied", 0),
        open=states.get("captured", 0),
        states=states,
        doubled_effects=sum(number - 1 for number in by_mail.values()),
        wrong_facts=sum(said.get(party) != fact for party, fact in script.expected.items()) + len(said.keys() - script.expected.keys()),
        acknowledgements=len(acks),
        doubled_acknowledgements=sum(number - 1 for number in answered.values()),
        unacknowledged=script.replies - len(answered),
        copies_on_the_wire=len(taken) - len(set(taken)),
        resends=sum(row.ambiguous_resends for row in acks),
        left_in_the_inbox=postbox.left(),
        seconds=round(seconds, 1),
    )


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="Replies into a Dovecot that is restarted, read by a service that is killed.")
    parser.add_argument("--replies", type=int, default=10_000)
    parser.add_argument("--waves", type=int, default=40)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--restarts", type=int, default=10)
    parser.add_argument("--seed", type=int, default=20260224)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="reminder-replies-") as folder:
        counted = run_replies(
            Path(folder), replies=args.replies, waves=args.waves, kills=args.kills, restarts=args.restarts, seed=args.seed
        )
    sys.stdout.write(json.dumps(asdict(counted)) + "\n")
    return 0 if counted.is_proof else 1


if __name__ == "__main__":
    sys.exit(main())
