"""The example city on real parts of the store, with a relay and a mailbox in memory and a clock that is moved by hand."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache
from itertools import count
from pathlib import Path

import jinja2

from reminder.compose.composing import Composer
from reminder.configuration.loading import load_or_raise
from reminder.domain.assessments import Assessment
from reminder.domain.messages import MailKind, OutboxState
from reminder.domain.programme import PartyContacts
from reminder.domain.readings import InboundState, StoredMail
from reminder.domain.rounds import ApprovalPolicy, ReportingRound, StepKind
from reminder.domain.senders import SenderRules
from reminder.domain.setup import Setup
from reminder.edges.clock import ManualClock
from reminder.edges.ports import SendOutcome, SendResult
from reminder.flows.announce import Announced, announce
from reminder.flows.collect import collect
from reminder.flows.deliver import deliver
from reminder.flows.house import Addressing, House
from reminder.flows.interpret import Interpreted, interpret_pending
from reminder.flows.knowledge import load_knowledge
from reminder.flows.lanes import Delivered
from reminder.parse.message import Mail, read_mail
from reminder.plan.timeline import plan_timeline
from reminder.report.progress import PartyProgress
from reminder.resources import find_example, find_templates
from reminder.sandbox.originals import Original, read_original
from reminder.store import control, inbox, outbox, reports
from reminder.store.engine import Store
from reminder.store.outbox import MessageRow
from reminder.wire.headers import Mailbox
from reminder.wire.reply_token import Key, Keyring
from tests.fakes import MemorySource, RecordingRelay, TakenMail

OFFICE = "seuranta@suvikoski.example"
CULTURE = "kulttuuripaallikko@suvikoski.example"
PRINCIPAL = "lukion.rehtori@suvikoski.example"
DIRECTOR = "kaupunkikehitysjohtaja@suvikoski.example"
COORDINATOR = "elinvoimakoordinaattori@suvikoski.example"


@lru_cache(maxsize=1)
def example() -> Setup:
    """The example city's files; where a test is not about them, the coordinator is asked for nothing."""
    setup = load_or_raise(find_example())
    return replace(setup, rounds=tuple(without_asking(one) for one in setup.rounds))


def without_asking(one: ReportingRound) -> ReportingRound:
    """The round without what the coordinator answers: no approvals, no list of contacts."""
    return replace(one, approve=ApprovalPolicy.NONE, schedule=replace(one.schedule, contacts=None))


@lru_cache(maxsize=1)
def templates() -> jinja2.BaseLoader:
    """The real templates."""
    return jinja2.FileSystemLoader(find_templates())


@lru_cache(maxsize=1)
def composer() -> Composer:
    """Mails from the real templates."""
    return Composer(templates())


def make_house(store: Store, clock: ManualClock, relay: RecordingRelay, source: MemorySource) -> House:
    """A house of the example city on these parts."""
    addressing = Addressing(
        sender=Mailbox(name="Elinvoimaohjelman seuranta", address=OFFICE),
        reply_to=Mailbox(name="Elinvoimaohjelman seuranta", address=OFFICE),
        envelope_sender=OFFICE,
        keyring=Keyring(keys=(Key(id="a", secret="only for the tests of the flows"),), instance="tests"),
        instance="tests",
    )
    return House(
        setup=example(),
        addressing=addressing,
        store=store,
        clock=clock,
        composer=composer(),
        random_bytes=random.Random(2024).randbytes,
        owner="tests",
        relay=relay,
        source=source,
    )


@dataclass(slots=True)
class Town:
    """What a test works with: it moves the clock, lets parties answer, and looks at what became of it."""

    house: House
    clock: ManualClock
    relay: RecordingRelay
    source: MemorySource
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def setup(self) -> Setup:
        """The files as they are now."""
        return self.house.setup

    @property
    def round(self) -> ReportingRound:
        """The round of 2024."""
        return self.setup.rounds[0]

    def arm(self) -> None:
        """Lets mails go out."""
        with self.house.store.begin() as conn:
            control.arm(conn, self.clock.now())

    def pause(self, *, everything: bool = False) -> None:
        """Holds schedule mails, or everything."""
        with self.house.store.begin() as conn:
            control.pause(conn, self.clock.now(), everything=everything)

    def move_to(self, kind: StepKind, nth: int = 1) -> datetime:
        """Puts the clock to the instant at which the `nth` step of this kind becomes due, whatever party it is for."""
        instants = sorted({step.not_before for step in plan_timeline(self.setup) if step.key.step is kind})
        self.clock.set(instants[nth - 1])
        return self.clock.now()

    def move_to_day(self, day: date, clock: time = time(12, 0)) -> None:
        """Puts the clock to a local day and hour."""
        self.clock.set(self.setup.calendar.at(day, clock))

    def ask(self) -> None:
        """The requests have gone out, and an hour has passed."""
        self.arm()
        self.move_to(StepKind.REQUEST)
        announce(self.house)
        deliver(self.house)
        self.clock.advance(timedelta(hours=1))

    def go(self, day: date) -> None:
        """A morning: what is due goes out."""
        self.move_to_day(day, time(9, 0))
        self.announce()
        self.deliver()

    def progress(self, party: str) -> PartyProgress:
        """Where a party stands in the round, by the files and by what was decided over them."""
        with self.house.store.read() as conn:
            knowledge = load_knowledge(conn, self.setup, self.clock.now())
        found = knowledge.progress(knowledge.setup.round("elinvoima", self.round.id) or self.round).of_party(party)
        assert found is not None
        return found

    def announce(self) -> Announced:
        """One pass of the planner."""
        return announce(self.house)

    def deliver(self) -> Delivered:
        """One pass of the sender."""
        return deliver(self.house)

    def read(self) -> Interpreted:
        """What has arrived is fetched and read."""
        collect(self.house)
        return interpret_pending(self.house)

    def remove_contact(self, party: str) -> None:
        """Somebody edits contacts.yaml: the party has no contact any more."""
        parties: Mapping[str, PartyContacts] = {**self.setup.directory.parties, party: PartyContacts()}
        self.house = replace(self.house, setup=replace(self.setup, directory=replace(self.setup.directory, parties=parties)))

    def set_senders(self, senders: SenderRules) -> None:
        """Somebody edits `answers_from` in service.yaml."""
        self.house = replace(self.house, setup=replace(self.setup, senders=senders))

    def answer_all(self, outcome: SendOutcome | None) -> None:
        """How the relay answers every mail from now on; None: it takes them."""
        people = [*self.setup.directory.coordinators]
        for entry in self.setup.directory.parties.values():
            people += entry.contacts
        self.relay.answers = {} if outcome is None else {person.address: outcome for person in people}

    def sent(self, recipient: str = "", kind: MailKind | None = None) -> list[TakenMail]:
        """What the relay has taken, of a kind and to an address where given."""
        wanted = f"X-Reminder-Kind: {kind.value}\r\n".encode() if kind else b""
        return [mail for mail in self.relay.taken if recipient in mail.recipient and wanted in mail.raw]

    def original(self, recipient: str, kind: MailKind = MailKind.REQUEST) -> Original:
        """The newest mail of a kind that an address got."""
        return read_original(self.sent(recipient, kind)[-1].raw)

    def write_reply(self, original: Original, body: str, *, sender: str = "") -> bytes:
        """A plain reply to one of our mails, as a mail program writes it; each has a Message-ID of its own."""
        mail = EmailMessage(policy=SMTP)
        mail["From"] = sender or original.recipient
        mail["To"] = original.reply_to
        mail["Subject"] = f"VS: {original.subject}"
        mail["Date"] = format_datetime(self.clock.now())
        mail["Message-ID"] = f"<{next(self._numbers)}.tests@{mail['From'].addresses[0].domain}>"
        mail["In-Reply-To"] = original.message_id
        mail["References"] = original.message_id
        mail.set_content(body + "\n")
        return bytes(mail)

    def reply(self, recipient: str, body: str, *, sender: str = "", kind: MailKind = MailKind.REQUEST) -> bytes:
        """Puts a reply to the newest mail of a kind into our mailbox, as of now. Read it with `read`."""
        raw = self.write_reply(self.original(recipient, kind), body, sender=sender)
        self.source.deliver(raw, when=self.clock.now())
        return raw

    def facts(self) -> tuple[Assessment, ...]:
        """The history of what was said."""
        with self.house.store.read() as conn:
            return reports.load_assessments(conn)

    def rows(self, kind: MailKind | None = None, state: OutboxState | None = None, recipient: str = "") -> list[MessageRow]:
        """Rows of the outbox, oldest first."""
        with self.house.store.read() as conn:
            found = outbox.list_messages(conn, state=state, limit=1000)
            sent = {one.id: one.recipient for one in outbox.find_sent(conn, [row.id for row in found])}
        return [row for row in reversed(found) if kind in {None, row.kind} and recipient in sent[row.id]]

    def settled(self) -> frozenset[str]:
        """The keys of all steps that have ended."""
        with self.house.store.read() as conn:
            return outbox.load_settled(conn)

    def inbox_states(self) -> list[InboundState]:
        """The states of what came in, oldest first."""
        with self.house.store.read() as conn:
            return [row.state for row in reversed(inbox.list_inbound(conn, limit=1000))]

    def stored(self, number: int) -> StoredMail:
        """One mail of the inbox."""
        with self.house.store.read() as conn:
            found = inbox.load_inbound(conn, number)
        assert found is not None
        return found


def text_of(raw: bytes) -> str:
    """The text part of a mail, its lines joined to one."""
    return " ".join("\n".join(part.text for part in read_mail(raw).texts).split())


def lines_of(raw: bytes) -> list[str]:
    """The text part of a mail, line by line."""
    mail: Mail = read_mail(raw)
    return [line for part in mail.texts for line in part.text.splitlines()]


def numbers_in(raw: bytes, candidates: Iterable[str]) -> set[str]:
    """Which of these printed numbers head a block of the mail."""
    lines = lines_of(raw)
    return {number for number in candidates if any(line.startswith(f"[{number}] ") for line in lines)}


DOWN = SendOutcome(result=SendResult.RELAY_DOWN, text="no connection")
REFUSED = SendOutcome(result=SendResult.RELAY_REFUSED, code=535, text="5.7.8 the password is wrong")
LATER = SendOutcome(result=SendResult.DEFERRED, code=451, text="4.7.1 greylisted")


def new_database(database: Path, folder: Path) -> Store:
    """A copy of a migrated database; migrating anew would take most of a test's time."""
    path = folder / "reminder.db"
    path.write_bytes(database.read_bytes())
    return Store.open(f"sqlite:///{path}")


def open_town(store: Store) -> Town:
    """The example city on a database a day before its first mail, not yet armed."""
    first = min(step.not_before for step in plan_timeline(example()) if step.key.step is StepKind.NOTICE)
    clock, relay, source = ManualClock(first - timedelta(days=1)), RecordingRelay(), MemorySource()
    return Town(house=make_house(store, clock, relay, source), clock=clock, relay=relay, source=source)
