"""`make bench`: each step of the house beside its bare loop."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from bench import bare
from bench.measuring import Row, measure, print_rows, rate, write_row
from bench.planning import print_planning
from bench.town import compose_request, enqueue_requests, know, open_house, request_intent
from reminder.domain.readings import InboundMail
from reminder.edges.clock import ManualClock
from reminder.edges.imap import ImapSource
from reminder.edges.reading_process import ReadingProcess
from reminder.edges.smtp import SmtpRelay
from reminder.flows import acknowledge
from reminder.flows.collect import collect
from reminder.flows.deliver import deliver
from reminder.flows.house import House
from reminder.flows.interpret import interpret_pending
from reminder.flows.schedule_views import write_section
from reminder.flows.understanding import understand
from reminder.sandbox.clients import gmail_web, outlook_desktop, thunderbird
from reminder.sandbox.originals import Filled, Typed, Writer, read_original
from reminder.store import inbox, outbox
from tests.flows.history import multiply_reply
from tests.real_parts import HOST, Dovecot, dovecot, smtp_sink

MAILS = 300
ROUNDS = 3
REPLIES = 150
"""Of one sender no more than 200 are read in an hour."""
AMONG = 100
"""So many replies are read among those that are stored."""
CONNECTIONS = 4
SLOW, SLOW_MAILS = ("-w", "1"), 12
"""A relay that answers after a second, and how many mails it gets."""
FILLED = {
    "1.1": Filled(light="vihreä", done="Avattu syyskuussa."),
    "1.10": Filled(light="keltainen", done="Kesken.", next="Syksyllä 30.9.2025"),
}
_names = itertools.count()


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for the bare loops' databases."""
    with TemporaryDirectory(prefix="reminder-bare-") as name:
        yield Path(name)


def fresh(folder: Path) -> Path:
    """A database file of its own for each pass."""
    return folder / f"{next(_names)}.db"


def measure_composing(folder: Path) -> Row:
    """Requests with three actions, composed and enqueued."""
    with open_house() as house:
        knowledge = know(house)
        intent = request_intent(house, knowledge)
        one = house.setup.rounds[-1]
        section = write_section(knowledge, house.setup.programmes[one.programme], one, intent.steps[0])
        size = len(compose_request(house, knowledge, intent).raw)

        def ours() -> int:
            enqueue_requests(house, MAILS)
            return MAILS

        return measure(
            "compose and enqueue",
            "two Jinja templates, email.mime, one commit",
            ours,
            lambda: bare.compose_and_store(fresh(folder), section.actions, size, MAILS),
        )


def measure_delivering(folder: Path, connections: int = 1, *switches: str) -> Row:
    """Finished mails to smtp-sink over so many connections; the need of each is looked at again, the dot is journalled.

    `switches` go to smtp-sink: `-w 1` is a relay that takes a second over each mail.
    """
    count = MAILS if not switches else SLOW_MAILS
    with open_house() as house, smtp_sink(*switches) as sink:
        relays = [SmtpRelay(host=HOST, port=sink.port, security="none", user="", password="") for _ in range(connections)]
        knowledge = know(house)
        raw = compose_request(house, knowledge, request_intent(house, knowledge)).raw
        sending = replace(house, relay=relays[0], further_relays=tuple(relays[1:]), mails_a_minute=0)

        pairs = []
        for _ in range(ROUNDS):
            enqueue_requests(house, count)
            bare_rate = rate(lambda: bare.send(fresh(folder), HOST, sink.port, [raw] * count))
            pairs.append((bare_rate, rate(lambda: deliver_all(sending, count))))
        for relay in relays:
            relay.close()
        slow = ", slow relay" if switches else ""
        return write_row(f"deliver, {connections} conn.{slow}", "smtplib on one connection, two commits a mail", pairs)


def deliver_all(house: House, count: int) -> int:
    """One pass. Raises where not all went, for then the figure is worthless."""
    if (accepted := deliver(house).accepted) != count:
        raise RuntimeError(f"only {accepted} of {count} mails of the benchmark were sent")
    return accepted


def write_replies(house: House, count: int) -> list[bytes]:
    """Replies of three mail programs to requests that are in the outbox."""
    enqueue_requests(house, count)
    with house.store.read() as conn:
        rows = outbox.list_messages(conn, limit=count)
        sent = [outbox.load_raw(conn, row.id) or b"" for row in rows]
    typed, when = Typed(filled=FILLED), house.clock.now() + timedelta(hours=1)
    clients = itertools.cycle((outlook_desktop, gmail_web, thunderbird))
    originals = [read_original(raw) for raw in sent]
    return [
        client(original, Writer(address=original.recipient, name=original.recipient_name), typed, when)
        for original, client in zip(originals, clients, strict=False)
    ]


def measure_collecting(folder: Path) -> Row:
    """Mails out of a real Dovecot into the raw message store, then out of the way."""
    with open_house() as house:
        replies = write_replies(house, MAILS)
    pairs = []
    for _ in range(ROUNDS):
        with filled_dovecot(replies) as server:
            bare_rate = rate(partial(bare.collect, fresh(folder), HOST, server.imap_port, server.user, server.password))
        with filled_dovecot(replies) as server, open_house() as house:
            source = ImapSource(host=HOST, port=server.imap_port, security="none", user=server.user, password=server.password)
            pairs.append((bare_rate, rate(partial(collect_all, replace(house, source=source)))))
            source.close()
    return write_row("collect", "windows of 50, a commit each, one MOVE", pairs)


def collect_all(house: House) -> int:
    """One poll: how many mails were captured."""
    return collect(house).captured


@contextmanager
def filled_dovecot(mails: list[bytes]) -> Iterator[Dovecot]:
    """A Dovecot whose INBOX holds these mails."""
    with dovecot() as server:
        with server.client() as client:
            for raw in mails:
                client.append("INBOX", "", "", raw)
        yield server


def measure_interpreting() -> list[Row]:
    """Replies read, here and in the process that reads, and read there and applied with their acknowledgement; the bare loop
    only parses the same bytes."""
    here, there, applying = [], [], []
    for _ in range(ROUNDS):
        with open_house() as house:
            replies = write_replies(house, REPLIES)
            house = replace(house, clock=ManualClock(house.clock.now() + timedelta(hours=2)))
            bare_rate = rate(partial(bare.parse, replies))
            here.append((bare_rate, rate(partial(read_all, house, replies))))
            with closing(ReadingProcess()) as reader:
                house = replace(house, reader=reader)
                read_all(house, replies[:1])  # it is started once, not for each mail
                there.append((bare_rate, rate(partial(read_all, house, replies))))
                capture_all(house, replies)
                applying.append((bare_rate, rate(partial(interpret_all, house))))
    return [
        write_row("read a reply", "email.message_from_bytes, text decoded", here),
        write_row("read a reply in the process", "email.message_from_bytes, text decoded", there),
        write_row("interpret and acknowledge", "email.message_from_bytes, text decoded", applying),
    ]


def measure_among(replies: int) -> Row:
    """Replies applied and acknowledged where so many of other parties are stored already."""
    pairs = []
    for _ in range(ROUNDS):
        with open_house() as house, closing(ReadingProcess()) as reader:
            mails = write_replies(house, AMONG + 1)
            house = replace(house, clock=ManualClock(house.clock.now() + timedelta(hours=2)), reader=reader)
            capture_all(house, mails[:1])
            interpret_all(house)
            multiply_reply(house.store, 1, replies - 1, lambda name, number: f"{name}{number % 1000}")
            capture_all(house, mails[1:])
            pairs.append((rate(partial(bare.parse, mails[1:])), rate(partial(interpret_all, house))))
    return write_row(f"the same among {replies} stored", "email.message_from_bytes, text decoded", pairs)


def read_all(house: House, replies: list[bytes]) -> int:
    """Reads each mail against what was sent; changes nothing. Raises where one is not understood, for then the figure is worthless."""
    for raw in replies:
        if len(understand(house, raw, house.clock.now()).reading.answers) != len(FILLED):
            raise RuntimeError("a reply of the benchmark was not understood")
    return len(replies)


def interpret_all(house: House) -> int:
    """Reads, applies and acknowledges what was captured: how many mails. Raises where one was not acknowledged."""
    done = interpret_pending(house)
    if done.acknowledged != len(done.states):
        raise RuntimeError("a reply of the benchmark was not acknowledged")
    return len(done.states)


def capture_all(house: House, replies: list[bytes]) -> None:
    """The replies as captured mails."""
    mails = [
        InboundMail(
            account="bench",
            folder="INBOX",
            uidvalidity=len(replies),
            uid=str(number),
            raw=raw,
            internal_date=house.clock.now(),
            size=len(raw),
        )
        for number, raw in enumerate(replies)
    ]
    with house.store.begin() as conn:
        inbox.capture(conn, mails, instance=house.addressing.instance, now=house.clock.now())


def main() -> None:
    """Prints the table."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    acknowledge.PER_HOUR = acknowledge.PER_DAY = acknowledge.IN_ALL_PER_HOUR = 1_000_000  # all replies are one person's
    with scratch() as folder:
        sending = [measure_delivering(folder), measure_delivering(folder, CONNECTIONS)]
        sending += [measure_delivering(folder, connections, *SLOW) for connections in (1, CONNECTIONS)]
        reading = [*measure_interpreting(), *(measure_among(replies) for replies in (100, 5_000))]
        rows = [measure_composing(folder), *sending, measure_collecting(folder), *reading]
    print_rows(rows)
    print_planning()


if __name__ == "__main__":
    main()
