"""The same round against a real Dovecot and Postfix's smtp-sink: the same facts as on the embedded servers."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from reminder.configuration.loading import load_or_raise
from reminder.domain.assessments import latest
from reminder.edges.clock import ManualClock
from reminder.plan.timeline import plan_timeline
from reminder.resources import find_example
from reminder.sandbox.demo import find_differences, open_stage, open_stage_on, play
from reminder.sandbox.servers import SentMail
from reminder.store import inbox, reports
from reminder.store.engine import Store
from tests.real_parts import HOST, Dovecot, SmtpSink, dovecot, smtp_sink

_SINK_FIELDS = re.compile(rb"\A(?:X-(?:Client|Helo|Mail|Rcpt)-[A-Za-z]+:[^\n]*\n|Received:[^\n]*\n(?:[ \t][^\n]*\n)*)*")
_RECIPIENT = re.compile(rb"^X-Rcpt-Args: <([^>]*)>", re.MULTILINE)
_SENDER = re.compile(rb"^X-Mail-Args: <([^>]*)>", re.MULTILINE)


class RealWorld:
    """smtp-sink takes what we send, Dovecot holds what we read."""

    host = HOST

    def __init__(self, sink: SmtpSink, server: Dovecot) -> None:
        self.smtp_port, self.imap_port = sink.port, server.imap_port
        self.user, self.password = server.user, server.password
        self._sink, self._server = sink, server
        self._taken: dict[Path, SentMail] = {}

    @property
    def sent(self) -> tuple[SentMail, ...]:
        """Every mail that was taken, in the order in which it was first seen here."""
        for path in sorted(self._sink.dump.iterdir(), key=lambda path: path.stat().st_mtime_ns):
            if path not in self._taken:
                self._taken[path] = self._read(path.read_bytes(), len(self._taken) + 1)
        return tuple(self._taken.values())

    def deliver(self, raw: bytes, *, when: datetime, recipient: str = "", sender: str = "") -> None:
        """By APPEND with this INTERNALDATE, with the trace headers that an MTA adds."""
        self._server.append(f"Return-Path: <{sender}>\r\nDelivered-To: {recipient}\r\n".encode() + raw, when=when)

    def _read(self, dumped: bytes, order: int) -> SentMail:
        recipient, sender = _RECIPIENT.search(dumped), _SENDER.search(dumped)
        raw = _SINK_FIELDS.sub(b"", dumped, count=1).replace(b"\n", b"\r\n")
        at = datetime.fromtimestamp(0).astimezone()
        return SentMail(
            order=order,
            sender=sender[1].decode() if sender else "",
            recipient=recipient[1].decode() if recipient else "",
            raw=raw,
            at=at,
        )


def read_facts(store: Store) -> dict[tuple[str, str], tuple[object, ...]]:
    """What is recorded of each action, and when it was received."""
    with store.read() as conn:
        facts = latest(reports.load_assessments(conn))
    return {key: (one.light, one.phase, one.text, one.next_step, one.next_on, one.received_at) for key, one in facts.items()}


@pytest.mark.real
@pytest.mark.slow
def test_the_round_gives_the_same_facts_on_dovecot_and_smtp_sink(tmp_path: Path) -> None:
    """Lights, phases, words, dates and the state of each mail are the same on both."""
    config = find_example()
    (tmp_path / "embedded").mkdir()
    (tmp_path / "real").mkdir()
    with open_stage(config, tmp_path / "embedded") as stage:
        play(stage)
        expected = read_facts(stage.house.store)
        with stage.house.store.read() as conn:
            expected_states = inbox.count_by_state(conn)
    clock = ManualClock(plan_timeline(load_or_raise(config))[0].not_before - timedelta(days=1))
    with smtp_sink() as sink, dovecot() as server, open_stage_on(RealWorld(sink, server), config, tmp_path / "real", clock) as stage:
        play(stage)
        with stage.house.store.read() as conn:
            states = inbox.count_by_state(conn)

        assert find_differences(stage.house) == []
        assert read_facts(stage.house.store) == expected
        assert states == expected_states
