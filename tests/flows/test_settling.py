"""The inbox desk: a person accepts, rejects or discards; a decision can be taken back, and no replay overrules it."""

from __future__ import annotations

import pytest

from reminder.domain.assessments import TrafficLight
from reminder.domain.messages import MailKind
from reminder.domain.readings import InboundState
from reminder.errors import NoAnswerRead, UsageFailure
from reminder.flows.replay import ReplayOutcome, replay
from reminder.flows.settling import accept, discard, reject
from reminder.store import inbox
from reminder.store.events import load_events
from tests.flows.town import CULTURE, Town, text_of

STRANGER = "konsultti@toimisto.test"


def hold_a_strangers_reply(town: Town, body: str = "1.1: vihreä, valmis\nIkkunoita oli yhdeksän.") -> None:
    """A consultant answers the request to the culture manager; nobody knows them."""
    town.ask()
    town.reply(CULTURE, body, sender=STRANGER)
    town.read()
    assert town.inbox_states() == [InboundState.HELD]
    assert town.facts() == ()


def test_an_accepted_mail_of_a_stranger_counts_for_the_party_and_is_acknowledged(town: Town) -> None:
    """Recorded as the party's, not provisional, with who decided in the history; the sender and the party are told what was recorded."""
    hold_a_strangers_reply(town)

    settled = accept(town.house, 1, because="soitin ja kysyin")

    (fact,) = town.facts()
    assert (fact.party, fact.light, fact.is_provisional, fact.text) == (
        "kulttuuripaallikko",
        TrafficLight.GREEN,
        False,
        "Ikkunoita oli yhdeksän.",
    )
    assert (settled.parties, settled.acknowledged, town.inbox_states()) == (("kulttuuripaallikko",), 2, [InboundState.APPLIED])
    town.deliver()
    for reader in (STRANGER, CULTURE):
        (told,) = town.sent(reader, MailKind.ACKNOWLEDGEMENT)
        assert "1.1" in text_of(told.raw)
    with town.house.store.read() as conn:
        (event,) = load_events(conn, kinds=["mail_accepted"])
    assert event.document["because"] == "soitin ja kysyin"


def test_accepting_twice_is_accepting_once(town: Town) -> None:
    """The second time nothing is written."""
    hold_a_strangers_reply(town)
    accept(town.house, 1)

    again = accept(town.house, 1)

    assert not again.is_changed
    assert (len(town.facts()), len(town.rows(MailKind.ACKNOWLEDGEMENT))) == (1, 2)


def test_a_dry_run_writes_nothing(town: Town) -> None:
    """It tells what would be recorded, and the mail still waits."""
    hold_a_strangers_reply(town)

    assert [fact.light for fact in accept(town.house, 1, dry_run=True).facts] == [TrafficLight.GREEN]
    assert reject(town.house, 1, because="ei", dry_run=True).is_changed
    assert discard(town.house, 1, because="ei", dry_run=True).is_changed
    assert (town.facts(), town.inbox_states()) == ((), [InboundState.HELD])


def test_a_rejected_mail_counts_no_more_until_it_is_accepted_again(town: Town) -> None:
    """Rejecting withdraws what was recorded, keeps the mail and tells nobody; accepting again brings it back."""
    hold_a_strangers_reply(town)
    accept(town.house, 1)
    written = len(town.rows())

    withdrawn = reject(town.house, 1, because="väärä henkilö")

    assert len(withdrawn.facts) == 1
    assert (town.facts(), town.inbox_states(), len(town.rows())) == ((), [InboundState.DISCARDED], written)
    with town.house.store.read() as conn:
        stored = inbox.load_inbound(conn, 1)
    assert stored is not None
    assert stored.reason == "Rejected: väärä henkilö"
    accept(town.house, 1)
    assert [fact.light for fact in town.facts()] == [TrafficLight.GREEN]


def test_a_decision_is_not_overruled_by_a_replay(town: Town) -> None:
    """Accepted, rejected or discarded: it is kept, and the replay says so."""
    hold_a_strangers_reply(town)
    for cause in ("accepted", "rejected"):
        _ = accept(town.house, 1) if cause == "accepted" else reject(town.house, 1, because="ei")
        state = town.inbox_states()
        (change,) = replay(town.house, [1])
        assert (change.outcome, change.why, town.inbox_states()) == (ReplayOutcome.KEPT, "Decided by a person.", state)


def test_a_mail_without_a_token_needs_a_party(town: Town) -> None:
    """Nobody can tell for whom it speaks; named, it is read against what the party was asked."""
    town.ask()
    raw = town.write_reply(town.original(CULTURE), "1.1: punainen", sender=STRANGER)
    head, _, body = raw.partition(b"\r\n\r\n")
    kept = [line for line in head.split(b"\r\n") if line.startswith((b"From", b"Subject: ", b"Date", b"Content", b"MIME", b"Message-ID"))]
    kept = [b"Subject: 1.1" if line.startswith(b"Subject") else line for line in kept]
    town.source.deliver(b"\r\n".join(kept) + b"\r\n\r\n" + body, when=town.clock.now())
    town.read()
    assert town.inbox_states() == [InboundState.HELD]

    with pytest.raises(UsageFailure, match="for whom") as caught:
        accept(town.house, 1)
    assert "--as PARTY" in caught.value.advice
    accept(town.house, 1, party="kulttuuripaallikko")

    assert [(fact.party, fact.light) for fact in town.facts()] == [("kulttuuripaallikko", TrafficLight.RED)]


def test_where_no_answer_can_be_read_nothing_is_accepted(town: Town) -> None:
    """The failure says how it was read, and the mail waits as before."""
    hold_a_strangers_reply(town, "Palaan asiaan ensi viikolla.")

    with pytest.raises(NoAnswerRead, match="nothing to accept"):
        accept(town.house, 1)

    assert town.inbox_states() == [InboundState.HELD]


def test_what_counts_is_not_discarded_but_rejected(town: Town) -> None:
    """Discarding says that a mail needs nothing; one whose answers count is refused with what to do."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    town.read()

    with pytest.raises(UsageFailure, match="1 answers") as caught:
        discard(town.house, 1, because="roskaa")
    assert "inbox reject 1" in caught.value.advice
    with pytest.raises(UsageFailure, match="reason"):
        reject(town.house, 1, because="  ")
    assert len(town.facts()) == 1
