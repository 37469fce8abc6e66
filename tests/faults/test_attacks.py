"""A: forged senders, guessed and stolen tokens, replays, smuggled headers, loops: from the mailbox to what leaves."""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import compat32

import pytest

from reminder.domain.messages import MailKind
from reminder.domain.readings import InboundState
from reminder.flows.digest import list_problems, list_warnings
from reminder.flows.ingest import PER_SENDER_AND_HOUR
from reminder.service.health import measure_health
from reminder.wire.reply_token import TOKEN_LENGTH, mint_token, read_token
from tests.flows.town import CULTURE, PRINCIPAL, Town

BORDER = "mx.suvikoski.example"


def with_border(town: Town) -> None:
    """The city's mail server says in each mail what it thinks of the sender."""
    town.house = replace(town.house, addressing=replace(town.house.addressing, trusted_authserv=BORDER))


def put(town: Town, raw: bytes) -> None:
    """A mail arrives and is read."""
    town.source.deliver(raw, when=town.clock.now())
    town.read()
    town.deliver()


def results(verdict: str, server: str = BORDER) -> bytes:
    return f"Authentication-Results: {server}; dmarc={verdict}\r\n".encode()


@pytest.mark.fault("A1")
@pytest.mark.parametrize(
    ("said", "state", "is_provisional"),
    [
        (results("fail"), InboundState.HELD, None),
        (b"", InboundState.APPLIED, True),
        (results("pass"), InboundState.APPLIED, False),
    ],
)
def test_a_forged_sender_never_passes_for_a_proven_one(town: Town, said: bytes, state: InboundState, is_provisional: bool | None) -> None:
    """Refused where the proof failed, marked where there is none, and whoever it claims to be is told in each case that counts."""
    with_border(town)
    town.ask()
    put(town, said + town.write_reply(town.original(CULTURE), "1.1: vihreä"))

    assert town.inbox_states() == [state]
    assert [fact.is_provisional for fact in town.facts()] == ([] if is_provisional is None else [is_provisional])
    assert [mail.recipient for mail in town.sent(kind=MailKind.ACKNOWLEDGEMENT)] == ([] if is_provisional is None else [CULTURE])


@pytest.mark.fault("A2")
@pytest.mark.parametrize(
    ("head", "is_provisional"),
    [
        # Ours stands on top, since it was put there last; what the sender brought along lies below the line that our border received.
        (results("none") + b"Received: from x by mx.suvikoski.example; now\r\n" + results("pass"), True),
        (b"Received: from x by mx.suvikoski.example; now\r\n" + results("pass"), True),
        (results("pass", "evil.example"), True),
        (results("pass") + b"Received: from x by mx.suvikoski.example; now\r\n" + results("fail"), False),
    ],
)
def test_results_that_the_sender_brought_along_prove_nothing(town: Town, head: bytes, is_provisional: bool) -> None:
    with_border(town)
    town.ask()
    put(town, head + town.write_reply(town.original(CULTURE), "1.1: vihreä"))

    assert [fact.is_provisional for fact in town.facts()] == [is_provisional]


@pytest.mark.fault("A3")
def test_a_reply_that_is_sent_again_weeks_later_changes_nothing(town: Town) -> None:
    """The same bytes, and the same below other transport headers; a newer word of the party stands."""
    town.ask()
    old = town.reply(CULTURE, "1.1: vihreä")
    town.read()
    town.clock.advance(timedelta(days=1))
    town.reply(CULTURE, "1.1: punainen")
    town.read()
    town.clock.advance(timedelta(days=20))
    put(town, old)
    put(town, b"Return-Path: <x@evil.example>\r\nReceived: from evil.example by mx; later\r\nDelivered-To: seuranta\r\n" + old)

    assert town.inbox_states() == [InboundState.APPLIED, InboundState.APPLIED, InboundState.DUPLICATE, InboundState.DUPLICATE]
    assert [fact.light and fact.light.value for fact in town.facts()] == ["green", "red"]
    assert len(town.rows(MailKind.ACKNOWLEDGEMENT)) == 2


@pytest.mark.fault("A4")
def test_ten_thousand_guesses_hit_nothing_and_each_is_compared_in_constant_time(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each differs from the true token in some characters; every full-length comparison goes through `compare_digest`."""
    town.ask()
    keyring = town.house.addressing.keyring
    token = mint_token(keyring, "7k3qmnopqrst")
    compared: list[int] = []
    compare = hmac.compare_digest

    def counting(one: bytes, other: bytes) -> bool:
        compared.append(len(one) == len(other))
        return compare(one, other)

    monkeypatch.setattr(hmac, "compare_digest", counting)
    alphabet = "abcdefghijklmnopqrstuvwxyz234567"
    guesses = {token[:-3] + alphabet[number // 1024] + alphabet[number // 32 % 32] + alphabet[number % 32] for number in range(10_001)} - {
        token
    }

    assert all(read_token(keyring, guess) is None for guess in guesses)
    assert len(guesses) >= 10_000
    assert compared == [True] * len(guesses)
    assert len(token) == TOKEN_LENGTH
    assert read_token(keyring, token) is not None


@pytest.mark.fault("A4", "A8")
def test_mails_with_guessed_tokens_have_no_effect_and_bounded_work(town: Town) -> None:
    """One sender is read two hundred times an hour, nobody is answered, and the coordinator is told who it is."""
    town.ask()
    original = town.original(CULTURE)
    for number in range(PER_SENDER_AND_HOUR + 20):
        guess = original.reply_to.replace(original.reply_to[20:25], f"{number:05}"[:5].translate(str.maketrans("0189", "abcd")))
        forged = replace(original, reply_to=guess, message_id="<x@y.example>", subject="Vastaus", recipient="x@y.example")
        town.source.deliver(town.write_reply(forged, "1.1: punainen", sender="guess@evil.example"), when=town.clock.now())

    town.read()
    town.deliver()

    assert town.inbox_states().count(InboundState.CAPTURED) == 20
    assert set(town.inbox_states()) == {InboundState.HELD, InboundState.CAPTURED}
    assert town.facts() == ()
    assert [mail for mail in town.sent() if "evil" in mail.recipient] == []
    assert [line for line in warnings(town) if "guess@evil.example" in line and "200 mails an hour" in line]
    assert any("one sender sends more than is read in an hour: 20" in line for line in measure_health(town.house).red)


def warnings(town: Town) -> tuple[str, ...]:
    """What the next digest warns of."""
    with town.house.store.read() as conn:
        return list_warnings(conn, "en", town.clock.now())


def problems(town: Town) -> list[str]:
    """What the next digest asks the coordinator to settle: the senders."""
    with town.house.store.read() as conn:
        return [problem.what for problem in list_problems(conn, town.house, town.round, "en")]


@pytest.mark.fault("A5")
@pytest.mark.parametrize("sender", ["", PRINCIPAL, "x@evil.example"])
def test_the_token_of_one_party_never_reaches_the_actions_of_another(town: Town, sender: str) -> None:
    """Neither by the party itself, nor by the other one, nor by a stranger who has got hold of the mail (X2)."""
    town.ask()
    raw = town.write_reply(town.original(CULTURE), "2.1: punainen\n2.2: punainen", sender=sender)
    put(town, raw)

    if town.inbox_states() == [InboundState.HELD]:
        assert [what for what in problems(town) if (sender or CULTURE) in what]
    else:  # what was not asked for is told to whoever said it, where that is a person of the party
        assert town.inbox_states() == [InboundState.ASKED_BACK]
        # and, where a colleague said it, to the party's own person too
        assert {mail.recipient for mail in town.sent(kind=MailKind.ACKNOWLEDGEMENT)} == {sender or CULTURE, CULTURE}
    assert sender != "x@evil.example" or town.inbox_states() == [InboundState.HELD]
    assert [fact for fact in town.facts() if fact.party != "kulttuuripaallikko"] == []
    assert [
        fact for fact in town.facts() if fact.action not in {progress.action.id for progress in town.progress("kulttuuripaallikko").actions}
    ] == []


MEASURED = [
    "<a@b> =?utf-8?q?=0ABcc:_victim@x.example?=",
    "<=?utf-8?q?=0ABcc:_x@e.com?=@b>",
    "<a@b>\r\nBcc: victim@x.example",
    "<a\x0bBcc:victim@x.example@b>",
    "<ä=?utf-8?q?=0D=0ABcc:_victim@x.example?=@b.example>",
]
"""mail-protocol.md 5.1: measured to have put a Bcc line on the wire with this very stack."""


@pytest.mark.fault("A6")
@pytest.mark.parametrize("field", ["Message-ID", "References", "In-Reply-To", "Subject", "From"])
@pytest.mark.parametrize("value", MEASURED)
def test_nothing_is_smuggled_into_our_answer(town: Town, field: str, value: str) -> None:
    """From a mail with the string to the bytes of the acknowledgement as the relay got them: the headers are ours, each once."""
    town.ask()
    raw = town.write_reply(town.original(CULTURE), "1.1: vihreä")
    lines = raw.split(b"\r\n")
    named = f"{field}: ".encode()
    written = f'"{value}" <{CULTURE}>' if field == "From" else value
    at = next(number for number, line in enumerate(lines) if line.startswith(named))
    lines[at] = named + written.encode()
    while lines[at + 1][:1] in (b" ", b"\t"):
        del lines[at + 1]
    put(town, b"\r\n".join(lines))

    for mail in town.sent():
        head = message_from_bytes(mail.raw, policy=compat32)
        names = [name.lower() for name in head]
        assert len(names) == len(set(names))
        assert not {"bcc", "cc"} & set(names)
        assert b"\n" not in mail.raw.partition(b"\r\n\r\n")[0].replace(b"\r\n", b"")
        assert not [line for line in mail.raw.split(b"\r\n") if line.lower().lstrip().startswith(b"bcc")]
    assert {mail.recipient for mail in town.sent(kind=MailKind.ACKNOWLEDGEMENT)} <= {CULTURE}
    assert town.inbox_states()[-1] is not InboundState.CAPTURED


@pytest.mark.slow
@pytest.mark.fault("A7")
def test_two_machines_fall_silent(town: Town) -> None:
    """A program that answers each of our answers, and does not say that it is one: ten a day at most, one for one, then nothing."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    for _ in range(40):
        town.read()
        town.deliver()
        sent = len(town.sent(CULTURE, MailKind.ACKNOWLEDGEMENT))
        town.clock.advance(timedelta(minutes=20))
        town.reply(CULTURE, "1.1: vihreä", kind=MailKind.ACKNOWLEDGEMENT)

    assert 1 <= sent <= 10 * 2  # the forty answers span two days
    assert len(town.inbox_states()) == 40
    assert [line for line in warnings(town) if "A machine may be answering a machine" in line]
    before = len(town.sent(CULTURE, MailKind.ACKNOWLEDGEMENT))
    town.read()
    town.deliver()
    assert len(town.sent(CULTURE, MailKind.ACKNOWLEDGEMENT)) - before <= 1
