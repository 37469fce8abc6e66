"""Signs of life from a real Postfix: it offers delivery reports, writes them, and delivers our own copies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from reminder.domain.messages import DeliveryReports, Envelope, OutboxState
from reminder.domain.readings import InboundState, SignKind
from reminder.domain.rounds import StepKind
from reminder.edges.clock import SystemClock
from reminder.edges.maildir import MaildirSource
from reminder.edges.ports import SendOutcome, SendResult
from reminder.edges.smtp import SmtpRelay
from reminder.service.health import measure_health
from reminder.store.bounces import load_bounces
from reminder.store.outbox import MessageRow
from reminder.store.signs import Sign, load_signs
from tests.flows.town import CULTURE, DIRECTOR, OFFICE, PRINCIPAL, Town
from tests.real_parts import HOST
from tests.real_postfix import Postfix, postfix

pytestmark = [pytest.mark.real, pytest.mark.slow]


class Forgetful:
    """A relay that loses the answer to the final dot of every mail."""

    def __init__(self, relay: SmtpRelay) -> None:
        self._relay = relay

    def send(self, envelope: Envelope, raw: bytes, *, before_dot: Callable[[], None]) -> SendOutcome:
        """The mail has gone, and nobody knows."""
        outcome = self._relay.send(envelope, raw, before_dot=before_dot)
        lost = SendOutcome(result=SendResult.UNKNOWN, text="the answer was lost", copy_refused=outcome.copy_refused)
        return lost if outcome.result is SendResult.ACCEPTED else outcome

    def close(self) -> None:
        """Ends the connection."""
        self._relay.close()


@pytest.fixture
def server() -> Iterator[Postfix]:
    """The office, the culture manager and the director have mailboxes; the principal has left."""
    with postfix({OFFICE: "office", CULTURE: "culture", DIRECTOR: "director"}) as server:
        yield server


def request(town: Town, server: Postfix, *, loses: bool, copies: bool, reports: DeliveryReports) -> None:
    """The requests go out over the real server."""
    relay = SmtpRelay(host=HOST, port=server.port, security="none")
    addressing = replace(town.house.addressing, confirms_by_copy=copies, delivery_reports=reports)
    source = MaildirSource(server.maildir("office"))
    town.house = replace(town.house, relay=Forgetful(relay) if loses else relay, addressing=addressing, source=source)
    town.arm()
    town.move_to(StepKind.REQUEST)
    town.announce()
    town.deliver()
    relay.close()


def row_of(town: Town, recipient: str) -> MessageRow:
    """The one mail to this address."""
    (row,) = town.rows(recipient=recipient)
    return row


def signs_of(town: Town, recipient: str) -> tuple[Sign, ...]:
    """What is known of it."""
    with town.house.store.read() as conn:
        return load_signs(conn, row_of(town, recipient).id)


def read_until(town: Town, is_there: Callable[[], bool]) -> None:
    """Reads the mailbox until it holds what is waited for."""
    for _ in range(300):
        town.read()
        if is_there():
            return
        SystemClock().sleep(0.1)
    raise AssertionError("it did not come within half a minute")


@pytest.mark.fault("S16", "U2")
def test_a_report_of_a_dead_address_comes_back_and_is_bound(town: Town, server: Postfix) -> None:
    """Taken at first, reported later with 5.1.1: a bounce of that mail, while the mail stays accepted and others are not touched."""
    request(town, server, loses=False, copies=False, reports=DeliveryReports.FAILURES)
    assert row_of(town, PRINCIPAL).state is OutboxState.ACCEPTED
    read_until(town, lambda: bool(signs_of(town, PRINCIPAL)))

    assert [sign.kind for sign in signs_of(town, PRINCIPAL)] == [SignKind.RETURNED]
    with town.house.store.read() as conn:
        (bounce,) = load_bounces(conn, message=row_of(town, PRINCIPAL).id)
    assert (bounce.is_permanent, bounce.status) == (True, "5.1.1")
    assert signs_of(town, CULTURE) == ()
    assert row_of(town, PRINCIPAL).state is OutboxState.ACCEPTED


@pytest.mark.fault("S11", "K6", "K7")
def test_reports_settle_what_nobody_knew(town: Town, server: Postfix) -> None:
    """Every answer was lost; reports of success and of failure say that the relay had taken the mails."""
    request(town, server, loses=True, copies=False, reports=DeliveryReports.ALL)
    assert {row_of(town, one).state for one in (CULTURE, PRINCIPAL)} == {OutboxState.UNKNOWN}
    read_until(town, lambda: bool(signs_of(town, CULTURE)) and bool(signs_of(town, PRINCIPAL)))

    assert [sign.kind for sign in signs_of(town, CULTURE)] == [SignKind.DELIVERED]
    assert [sign.kind for sign in signs_of(town, PRINCIPAL)] == [SignKind.RETURNED]
    assert {row_of(town, one).state for one in (CULTURE, PRINCIPAL)} == {OutboxState.ACCEPTED}


@pytest.mark.fault("S11", "K6", "K7")
def test_our_own_copy_settles_what_nobody_knew(town: Town, server: Postfix) -> None:
    """One transaction, two mailboxes; the copy is filed and answered by nobody, and the party's mail is the only one in its box."""
    before = len(server.mails("culture"))
    request(town, server, loses=True, copies=True, reports=DeliveryReports.NO)
    read_until(town, lambda: all(row.state is OutboxState.ACCEPTED for row in town.rows()))

    assert [sign.kind for sign in signs_of(town, CULTURE)] == [SignKind.COPY]
    assert InboundState.IGNORED in town.inbox_states()
    assert len(server.mails("culture")) == before + 1
    assert {row.kind.value for row in town.rows()} == {"request"}


@pytest.mark.fault("S15")
def test_a_real_refusal_of_the_copy_costs_the_copy_alone(town: Town) -> None:
    """Postfix refuses our own address at RCPT; the parties' mails are in their boxes, and health says why there is no copy."""
    with postfix({OFFICE: "office", CULTURE: "culture"}, refused={OFFICE: "554 5.7.1 not to yourself"}) as server:
        request(town, server, loses=False, copies=True, reports=DeliveryReports.FAILURES)
        assert {row.state for row in town.rows()} == {OutboxState.ACCEPTED}
        for _ in range(200):
            if server.mails("culture"):
                break
            SystemClock().sleep(0.1)
        assert len(server.mails("culture")) == 1
        assert "not to yourself" in str(measure_health(town.house).figures["own_copy"])
        assert all(b"multipart/report" in mail for mail in server.mails("office"))
