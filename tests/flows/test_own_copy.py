"""What is asked for when a mail is handed over, and the copy to ourselves that comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from reminder.domain.messages import DeliveryReports, Envelope, MailKind, OutboxState
from reminder.domain.readings import InboundState
from reminder.domain.rounds import StepKind
from reminder.edges.ports import SendOutcome, SendResult
from reminder.flows.deliver import AMBIGUOUS_GRACE
from reminder.service.health import measure_health
from reminder.wire.reply_token import read_token
from tests.fakes import RecordingRelay
from tests.flows.town import CULTURE, OFFICE, Town

LOST = SendOutcome(result=SendResult.UNKNOWN, text="the answer to the final dot was lost")


class CopyingRelay(RecordingRelay):
    """A relay that keeps what was asked of it, and delivers our own copies to our mailbox unless it refuses them."""

    def __init__(self, town: Town) -> None:
        super().__init__()
        self.asked: list[Envelope] = []
        self.refuses_copies = ""
        self.returns = True
        self._town = town

    def send(self, envelope: Envelope, raw: bytes, *, before_dot: Callable[[], None]) -> SendOutcome:
        """As the recording relay."""
        self.asked.append(envelope)
        outcome, taken = super().send(envelope, raw, before_dot=before_dot), len(self.taken)
        if self.refuses_copies and envelope.copy_to:
            return replace(outcome, copy_refused=self.refuses_copies)
        if envelope.copy_to and taken and self.returns:
            traces = f"Return-Path: <{envelope.sender}>\r\nDelivered-To: {envelope.copy_to}\r\n".encode()
            self._town.source.deliver(traces + raw, when=self._town.clock.now())
        return outcome


@pytest.fixture
def relay(town: Town) -> CopyingRelay:
    """The relay of the town."""
    relay = CopyingRelay(town)
    town.relay = relay
    town.house = replace(town.house, relay=relay)
    return relay


def set_signs(town: Town, *, copies: bool = False, reports: DeliveryReports = DeliveryReports.FAILURES) -> None:
    """Somebody edits `.env`."""
    town.house = replace(town.house, addressing=replace(town.house.addressing, confirms_by_copy=copies, delivery_reports=reports))


def request(town: Town, relay: CopyingRelay) -> Envelope:
    """The requests go out; gives back what was asked for with the culture manager's."""
    town.arm()
    town.move_to(StepKind.REQUEST)
    town.announce()
    town.deliver()
    return next(envelope for envelope in relay.asked if envelope.recipient == CULTURE)


@pytest.mark.parametrize(
    ("reports", "notify"),
    [
        (DeliveryReports.FAILURES, ("FAILURE", "DELAY")),
        (DeliveryReports.ALL, ("SUCCESS", "FAILURE", "DELAY")),
        (DeliveryReports.NO, ()),
    ],
)
def test_the_envelope_id_names_the_mail(town: Town, relay: CopyingRelay, reports: DeliveryReports, notify: tuple[str, ...]) -> None:
    """It is a valid token, so that nobody makes one up; without reports there is none. No copy unless it is wanted."""
    set_signs(town, reports=reports)
    envelope = request(town, relay)

    (row,) = town.rows(recipient=CULTURE)
    token = read_token(town.house.addressing.keyring, envelope.envelope_id)
    assert (token.message if token else "") == (row.id if notify else "")
    assert (envelope.notify, envelope.copy_to) == (notify, "")


def test_of_a_mail_that_may_have_gone_success_is_reported_too(town: Town, relay: CopyingRelay) -> None:
    """One more report for the few mails of which nobody knows."""
    relay.answers[CULTURE] = LOST
    request(town, relay)
    town.clock.advance(AMBIGUOUS_GRACE + timedelta(minutes=1))
    town.deliver()

    asked = [envelope.notify for envelope in relay.asked if envelope.recipient == CULTURE]
    assert asked == [("FAILURE", "DELAY"), ("SUCCESS", "FAILURE", "DELAY")]


@pytest.mark.parametrize("uses_plus", [True, False], ids=["plus address", "without"])
@pytest.mark.fault("K6", "K7", "S11")
def test_the_copy_settles_a_mail_of_unknown_fate(town: Town, relay: CopyingRelay, *, uses_plus: bool) -> None:
    """The relay took both, its answer was lost; the copy comes in the grace, so one mail is sent, and the copy is answered by nobody."""
    set_signs(town, copies=True)
    town.house = replace(town.house, addressing=replace(town.house.addressing, uses_plus_addresses=uses_plus))
    relay.answers[CULTURE] = LOST
    envelope = request(town, relay)
    assert ("+" in envelope.copy_to) is uses_plus
    town.clock.advance(AMBIGUOUS_GRACE - timedelta(minutes=1))
    town.read()

    (row,) = town.rows(recipient=CULTURE)
    assert (row.state, row.reason.partition(",")[0]) == (OutboxState.ACCEPTED, "our own copy came back")
    assert set(town.inbox_states()) == {InboundState.IGNORED}
    assert "our own copy" in town.stored(1).reason
    town.clock.advance(timedelta(days=1))
    town.deliver()
    assert len(town.sent(CULTURE)) == 1
    assert town.rows(MailKind.ACKNOWLEDGEMENT) == town.rows(MailKind.QUESTION) == []


@pytest.mark.fault("S15")
def test_a_refused_copy_is_told_and_costs_nothing(town: Town, relay: CopyingRelay) -> None:
    """The mails are accepted; health says since when and in whose words, and is not red for it; it ends with the first that is taken."""
    set_signs(town, copies=True)
    relay.refuses_copies = "550 5.7.1 not to yourself"
    request(town, relay)

    assert {row.state for row in town.rows()} == {OutboxState.ACCEPTED}
    health = measure_health(town.house)
    assert "550 5.7.1 not to yourself" in str(health.figures["own_copy"])
    assert not [one for one in health.red if "copy" in one]
    relay.refuses_copies = ""
    town.move_to(StepKind.REMINDER)
    town.announce()
    town.deliver()
    assert measure_health(town.house).figures["own_copy"] is None


def test_no_copy_of_what_goes_to_ourselves(town: Town, relay: CopyingRelay) -> None:
    """A coordinator whose address is our own gets one mail, not two."""
    set_signs(town, copies=True)
    coordinators = tuple(replace(one, address=OFFICE) for one in town.setup.directory.coordinators)
    directory = replace(town.setup.directory, coordinators=coordinators)
    town.house = replace(town.house, setup=replace(town.setup, directory=directory))
    town.arm()
    town.move_to(StepKind.REQUEST)
    town.announce()
    town.deliver()
    town.move_to(StepKind.DIGEST)
    town.announce()
    town.deliver()

    assert {envelope.copy_to for envelope in relay.asked if envelope.recipient == OFFICE} == {""}
