"""Who wrote it, which mail of ours it answers, what kind of mail it is, and what it is worth (DESIGN, decisions 18 and 19)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import pytest

from reminder.domain.messages import Item, MailKind, SentMessage
from reminder.domain.readings import SENDERS_RULE, ReadingKind, Trust, Verdict
from reminder.domain.senders import Handling, SenderRules
from reminder.parse.authentication import EXCHANGE, read_dmarc
from reminder.parse.bounces import find_bounce
from reminder.parse.classify import classify, list_marks, may_be_answered
from reminder.parse.context import Context, OpenRound, SenderEntry
from reminder.parse.correlate import find_references
from reminder.parse.interpreting import interpret
from reminder.parse.message import read_mail
from reminder.parse.sent import read_sent
from reminder.parse.trust import do_agree, judge_sender
from reminder.sandbox.machines import bounce
from reminder.wire.reply_token import Key, Keyring, mint_token
from tests.corpus.world import EVERYBODY, PLANNING, REMINDER, REQUEST, all_sent, moment_of, read, to_sent
from tests.sandbox.mails import KEYRING, OFFICE, example, write_mail

MAIL = write_mail(PLANNING, REQUEST)
SENT = to_sent(MAIL)
TOKEN = mint_token(KEYRING, MAIL.id)
HEAD = f"From: {PLANNING}\r\nTo: {OFFICE.address}\r\n"
PLACES = {
    "address": f"To: seuranta+{TOKEN}@suvikoski.example\r\n\r\n",
    "upper case": f"To: SEURANTA+{TOKEN.upper()}@SUVIKOSKI.EXAMPLE\r\n\r\n",
    "delivered-to": f"Delivered-To: seuranta+{TOKEN}@suvikoski.example\r\n\r\n",
    "in-reply-to": f"In-Reply-To: <{TOKEN}@suvikoski.example>\r\n\r\n",
    "references": f"References: <a@b.example>\r\n <{TOKEN}@suvikoski.example>\r\n\r\n",
    "encoded id": f"In-Reply-To: =?utf-8?q?=3C{TOKEN}=40suvikoski=2Eexample=3E?=\r\n\r\n",
    "subject": f"Subject: Re: x [{TOKEN}]\r\n\r\n",
    "body": f"\r\nViite: ELVO-X / {TOKEN}\r\n",
    "body folded": f"\r\n> Viite: ELVO-X / {TOKEN[:20]}\r\n> {TOKEN[20:]}\r\n",
    "link": f'Content-Type: text/html\r\n\r\n<a href="mailto:x%2B{TOKEN}%40y.example">x</a>',
}


@pytest.mark.parametrize("place", sorted(PLACES))
def test_one_valid_token_anywhere_suffices(place: str) -> None:
    """Plus address, ids, subject, text, folded or not, and links."""
    assert find_references(read_mail((f"From: {PLANNING}\r\n" + PLACES[place]).encode()), KEYRING, ["ELVO"]).proven == (MAIL.id,)


@pytest.mark.fault("A4")
def test_a_forged_token_proves_nothing() -> None:
    """Another secret, another instance, a changed character."""
    others = (
        Keyring(keys=(Key(id="a", secret="another secret of sixteen"),), instance="suvikoski"),
        Keyring(keys=KEYRING.keys, instance="muu"),
    )
    tokens = [*(mint_token(keyring, MAIL.id) for keyring in others), TOKEN[:-1] + ("a" if TOKEN[-1] != "a" else "b")]
    for token in tokens:
        assert find_references(read_mail(f"{HEAD}\r\n{token}".encode()), KEYRING, ["ELVO"]).proven == ()


def test_the_short_tag_only_narrows() -> None:
    """`[ELVO-7K3Q]` is found and proves nothing."""
    found = find_references(read_mail(f"{HEAD}Subject: x [elvo-abcd]\r\n\r\n".encode()), KEYRING, ["ELVO"])
    assert (found.proven, found.short_tags) == ((), ("ELVO-ABCD",))


CITY = "kunta.example"
RESULTS = "Authentication-Results: mx.kunta.example; "
ITEM = Item(programme="p", round="r", party="kulttuuri", action="a", number="12", title="Näyttelyt")
REQUESTED = SentMessage(
    id="aaaaaaaaaaaa",
    kind=MailKind.REQUEST,
    language="fi",
    person="p1",
    recipient=f"kulttuuri@{CITY}",
    message_id="<t@kunta.example>",
    subject="x",
    created_at=MAIL.not_before,
    spans=(),
    items=(ITEM,),
)
CONTEXT = Context(
    own_addresses=frozenset({f"seuranta@{CITY}"}),
    instance="kunta",
    sent=(REQUESTED,),
    senders={
        f"kulttuuri@{CITY}": SenderEntry(person="p1", as_contact=frozenset({"kulttuuri"})),
        f"sijainen@{CITY}": SenderEntry(person="p2", as_deputy=frozenset({"kulttuuri"})),
        f"kaava@{CITY}": SenderEntry(person="p3", as_contact=frozenset({"kaava"})),
    },
    party_domains={"kulttuuri": frozenset({CITY})},
    open_rounds=(OpenRound(programme="p", round="r", programme_tag="P"),),
    today=date(2025, 2, 20),
)
MATRIX = [
    # sender, token, trusted server, its verdict -> trust, applied, provisional
    (f"kulttuuri@{CITY}", True, "", "", Trust.LISTED, True, False),
    (f"kulttuuri@{CITY}", True, "mx", "", Trust.LISTED, True, True),
    (f"kulttuuri@{CITY}", True, "mx", "pass", Trust.LISTED, True, False),
    (f"kulttuuri@{CITY}", True, "mx", "fail", Trust.REFUSED, False, False),
    (f"kulttuuri+x@{CITY}", True, "", "", Trust.LISTED, True, False),
    (f"KULTTUURI@{CITY.upper()}", True, "", "", Trust.LISTED, True, False),
    (f"sijainen@{CITY}", True, "", "", Trust.DEPUTY, True, False),
    (f"kaava@{CITY}", True, "", "", Trust.DOMAIN, True, False),
    (f"kuka.tahansa@{CITY}", True, "mx", "pass", Trust.DOMAIN, True, False),
    ("joku@muualla.example", True, "mx", "pass", Trust.STRANGER, False, False),
    (f"kulttuuri@{CITY}", False, "", "", Trust.LISTED, True, True),
    (f"kulttuuri@{CITY}", False, "mx", "pass", Trust.LISTED, True, True),
    (f"sijainen@{CITY}", False, "", "", Trust.LISTED, False, False),
    (f"kuka.tahansa@{CITY}", False, "", "", Trust.STRANGER, False, False),
    ("joku@muualla.example", False, "mx", "pass", Trust.STRANGER, False, False),
]  # fmt: skip


@pytest.mark.fault("A1")
@pytest.mark.parametrize(("sender", "has_token", "server", "verdict", "trust", "is_applied", "is_provisional"), MATRIX)
def test_the_trust_matrix(
    sender: str, has_token: bool, server: str, verdict: str, trust: Trust, is_applied: bool, is_provisional: bool
) -> None:
    """Decision 19, row by row. A known sender without a token is held where no mail of ours to them is known."""
    results = f"Authentication-Results: {server}; dmarc={verdict}\r\n" if verdict else ""
    mail = read_mail(f"{results}From: {sender}\r\n\r\n12: vihreä\r\n".encode())
    proven = frozenset({REQUESTED.id}) if has_token else frozenset()
    sent = (REQUESTED,) if has_token or sender.lower() == f"kulttuuri@{CITY}" else ()
    standing = judge_sender(mail, replace(CONTEXT, proven=proven, sent=sent, trusted_authserv=server))
    assert standing.sender.trust is trust
    assert (standing.refusal == "", standing.is_provisional) == (is_applied, is_provisional)


HOLD, MARK, APPLY = Handling.HOLD, Handling.PROVISIONAL, Handling.APPLY
SETTINGS = [
    # setting, sender, token, trusted server -> applied, provisional
    (SenderRules(contact=HOLD), f"kulttuuri@{CITY}", True, "", False, False),
    (SenderRules(contact=MARK), f"kulttuuri@{CITY}", True, "", True, True),
    (SenderRules(deputy=HOLD), f"sijainen@{CITY}", True, "", False, False),
    (SenderRules(deputy=HOLD), f"kulttuuri@{CITY}", True, "", True, False),
    (SenderRules(deputy=HOLD), f"sijainen@{CITY}", False, "", False, False),
    (SenderRules(same_domain=MARK), f"kuka.tahansa@{CITY}", True, "", True, True),
    (SenderRules(same_domain=HOLD), f"kuka.tahansa@{CITY}", True, "", False, False),
    (SenderRules(no_token=HOLD), f"kulttuuri@{CITY}", False, "", False, False),
    (SenderRules(no_token=HOLD), f"kulttuuri@{CITY}", True, "", True, False),
    (SenderRules(contact=HOLD), f"kulttuuri@{CITY}", False, "", False, False),
    (SenderRules(stranger=MARK), "joku@muualla.example", True, "", True, True),
    (SenderRules(stranger=MARK), "joku@muualla.example", False, "", False, False),
    (SenderRules(unauthenticated=APPLY), f"kulttuuri@{CITY}", True, "mx", True, False),
    (SenderRules(unauthenticated=HOLD), f"kulttuuri@{CITY}", True, "mx", False, False),
    (SenderRules(unauthenticated=HOLD), f"kulttuuri@{CITY}", False, "mx", False, False),
    (SenderRules(unauthenticated=HOLD), f"kulttuuri@{CITY}", True, "", True, False),
    (SenderRules(stranger=MARK, unauthenticated=HOLD), "joku@muualla.example", True, "mx", False, False),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "sender", "has_token", "server", "is_applied", "is_provisional"), SETTINGS)
def test_the_matrix_is_a_setting(
    rules: SenderRules, sender: str, has_token: bool, server: str, is_applied: bool, is_provisional: bool
) -> None:
    """`answers_from` of service.yaml: the strictest rule that fits decides, and what only it holds says so."""
    mail = read_mail(f"From: {sender}\r\n\r\n12: vihreä\r\n".encode())
    context = replace(CONTEXT, proven=frozenset({REQUESTED.id}) if has_token else frozenset(), trusted_authserv=server, rules=rules)
    standing = judge_sender(mail, context)
    assert (standing.refusal == "", standing.is_provisional) == (is_applied, is_provisional)
    is_held_anyway = sender.startswith("joku@") and (not has_token or rules.stranger is HOLD)
    assert (SENDERS_RULE in standing.rule.split(",")) == (not is_applied and not is_held_anyway)


@pytest.mark.fault("A1")
@pytest.mark.parametrize("rules", [SenderRules(), SenderRules(stranger=MARK, unauthenticated=APPLY, no_token=MARK)])
def test_no_setting_lets_a_forged_sender_in(rules: SenderRules) -> None:
    """dmarc=fail of our own server refuses, whatever stands in the file."""
    mail = read_mail(f"Authentication-Results: mx; dmarc=fail\r\nFrom: kulttuuri@{CITY}\r\n\r\n12: vihreä\r\n".encode())
    standing = judge_sender(mail, replace(CONTEXT, proven=frozenset({REQUESTED.id}), trusted_authserv="mx", rules=rules))
    assert (standing.sender.trust, standing.rule) == (Trust.REFUSED, "dmarc")


def test_two_open_rounds_without_a_token_are_held() -> None:
    """Nobody knows which round a bare mail is about."""
    other = replace(REQUESTED, id="bbbbbbbbbbbb", items=(replace(ITEM, round="s"),))
    rounds = (*CONTEXT.open_rounds, OpenRound(programme="p", round="s", programme_tag="P"))
    mail = read_mail(f"From: kulttuuri@{CITY}\r\n\r\n12: vihreä\r\n".encode())
    assert judge_sender(mail, replace(CONTEXT, sent=(REQUESTED, other), open_rounds=rounds)).refusal


def test_tokens_of_one_duty_agree_and_of_two_do_not() -> None:
    """A reminder and its request agree; the requests of two parties do not."""
    elsewhere = replace(REQUESTED, person="p9", items=(replace(ITEM, party="kaava"),))
    assert do_agree((REQUESTED, replace(REQUESTED, id="bbbbbbbbbbbb")))
    assert not do_agree((REQUESTED, elsewhere))


ENTRY = "Received: from evil.example (evil.example [192.0.2.1])\r\n\tby mx.kunta.example (Postfix) with ESMTPS id x; now"
PASS, FAIL = (f"Authentication-Results: mx.kunta.example; dmarc={verdict}" for verdict in ("pass", "fail"))


@pytest.mark.fault("A2")
@pytest.mark.parametrize(
    ("headers", "trusted", "verdict"),
    [
        ("Authentication-Results: mx.kunta.example; dmarc=pass", "mx.kunta.example", "pass"),
        ("Authentication-Results: mx.kunta.example 1; spf=pass; dmarc=fail (p=none)", "mx.kunta.example", "fail"),
        ("Authentication-Results: evil.example; dmarc=pass", "mx.kunta.example", ""),
        ("Authentication-Results: mx.kunta.example; dmarc=pass", "", ""),
        (
            "Authentication-Results: evil.example; dmarc=pass\r\nAuthentication-Results: mx.kunta.example; dmarc=fail",
            "mx.kunta.example",
            "fail",
        ),
        (
            "Authentication-Results: mx.kunta.example; dmarc=fail\r\nAuthentication-Results: mx.kunta.example; dmarc=pass",
            "mx.kunta.example",
            "fail",
        ),
        ("Authentication-Results: spf=pass smtp.mailfrom=x.example; dmarc=pass action=none; compauth=pass reason=100", EXCHANGE, "pass"),
        ("Authentication-Results: evil.example; dmarc=pass\r\nAuthentication-Results: spf=pass; dmarc=pass", EXCHANGE, ""),
        (f"{ENTRY}\r\n{PASS}", "mx.kunta.example", ""),
        (f"Received: from mx by store.kunta.example with ESMTP; now\r\n{ENTRY}\r\n{PASS}", "mx.kunta.example", ""),
        (f"{ENTRY}\r\n{FAIL}", "mx.kunta.example", "fail"),
        (f"{PASS}\r\n{ENTRY}", "mx.kunta.example", "pass"),
        (f"Received: from mx by store.kunta.example with ESMTP; now\r\n{PASS}\r\n{ENTRY}", "mx.kunta.example", "pass"),
        (f"Received: from mx.kunta.example by mx.kunta.example with LMTP id x; now\r\n{PASS}\r\n{ENTRY}", "mx.kunta.example", "pass"),
        (f"Received: from a (localhost [127.0.0.1]) by mx.kunta.example (Postfix); now\r\n{PASS}\r\n{ENTRY}", "mx.kunta.example", "pass"),
        (f"Received: from ([127.0.0.1]) (evil [192.0.2.1]) by mx.kunta.example; now\r\n{PASS}", "mx.kunta.example", ""),
    ],
)
def test_only_our_own_border_is_believed(headers: str, trusted: str, verdict: str) -> None:
    """RFC 8601: the topmost result of our server, a pass only above its own Received; and Exchange Online's form without an id."""
    assert read_dmarc(read_mail(f"{headers}\r\n\r\n".encode()), trusted) == verdict


KINDS = [
    ("From: a@b.example\r\n\r\nx", ReadingKind.REPLY),
    ("From: a@b.example\r\nAuto-Submitted: no\r\n\r\nx", ReadingKind.REPLY),
    ("From: a@b.example\r\nX-Auto-Response-Suppress: All\r\n\r\nx", ReadingKind.REPLY),
    ("From: a@b.example\r\nReturn-Path: <>\r\n\r\nx", ReadingKind.REPLY),
    ("From: a@b.example\r\nList-Id: <l.example>\r\n\r\nx", ReadingKind.REPLY),
    ("From: a@b.example\r\nAuto-Submitted: auto-replied; owner-email=x\r\n\r\nx", ReadingKind.AUTO_REPLY),
    ("From: a@b.example\r\nAuto-Submitted: AUTO-GENERATED\r\n\r\nx", ReadingKind.AUTO_REPLY),
    ("From: a@b.example\r\nX-Autoreply: yes\r\n\r\nx", ReadingKind.AUTO_REPLY),
    ("From: a@b.example\r\nPrecedence: auto_reply\r\n\r\nx", ReadingKind.AUTO_REPLY),
    (f"From: seuranta+x@{CITY}\r\n\r\nx", ReadingKind.OWN),
    ("From: a@b.example\r\nX-Reminder-Instance: kunta\r\n\r\nx", ReadingKind.OWN),
    ("From: a@b.example\r\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\nx", ReadingKind.ENCRYPTED),
    ("From: a@b.example\r\nContent-Type: text/calendar\r\n\r\nMETHOD:REPLY\r\n", ReadingKind.CALENDAR),
    ("From: a@b.example\r\n" + "Received: x\r\n" * 51 + "\r\nx", ReadingKind.OTHER),
    ("From: mailer-daemon@b.example\r\nSubject: Undelivered Mail Returned to Sender\r\n\r\nx", ReadingKind.BOUNCE),
]


@pytest.mark.fault("P7")
@pytest.mark.parametrize(("raw", "kind"), KINDS)
def test_kinds_of_mail(raw: str, kind: ReadingKind) -> None:
    """Each kind by what the mail says of itself; a null return path or a suppression alone says nothing."""
    assert classify(read_mail(raw.encode()), CONTEXT)[0] is kind


@pytest.mark.fault("P7")
def test_whom_an_automatic_answer_may_reach() -> None:
    """RFC 3834: no answer to lists, bulk, a null path or those who forbid it."""
    for header in ("List-Id: <x>", "Precedence: bulk", "Return-Path: <>", "X-Auto-Response-Suppress: All"):
        mail = read_mail(f"From: a@b.example\r\n{header}\r\n\r\nx".encode())
        assert not may_be_answered(mail, list_marks(mail))
    person = read_mail(b"From: a@b.example\r\n\r\nx")
    assert may_be_answered(person, list_marks(person))


@pytest.mark.parametrize(
    ("action", "status", "is_failure", "is_permanent"),
    [
        ("failed", "5.1.1", True, True),
        ("failed", "4.4.7", True, False),
        ("delayed", "4.4.1", True, False),
        ("relayed", "2.0.0", False, False),
        ("delivered", "2.1.5", False, False),
        ("failed", "", True, True),
    ],
)
def test_delivery_reports_by_action_and_status(action: str, status: str, is_failure: bool, is_permanent: bool) -> None:
    """RFC 3464: delayed is not failed, 4.x.x is for now, relayed is good news."""
    raw = bounce(MAIL.raw, envelope_sender=OFFICE.address, recipient=PLANNING, when=moment_of(MAIL), status=status or "x")
    raw = raw.replace(b"Action: failed", f"Action: {action}".encode()).replace(b"550 5.1.1", b"550")
    found = find_bounce(read_mail(raw))
    assert found is not None
    assert (found[1].is_failure, found[1].is_permanent) == (is_failure, is_permanent)


QMAIL = (
    "From: MAILER-DAEMON@mx.kunta.example\r\nTo: seuranta@suvikoski.example\r\nSubject: failure notice\r\n\r\n"
    "Hi. This is the qmail-send program at mx.kunta.example.\r\nI'm afraid I wasn't able to deliver your message.\r\n\r\n"
    f"<{PLANNING}>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n--- Below this line is a copy of the message.\r\n\r\n"
)


def test_a_report_without_a_form_counts_where_it_returns_our_mail() -> None:
    """qmail writes no RFC 3464; flufl.bounce knows it, and our token in the returned mail ties it to us."""
    raw = QMAIL.encode() + MAIL.raw
    reading = read(raw, moment_of(MAIL), all_sent())
    assert (reading.kind, reading.verdict) == (ReadingKind.BOUNCE, Verdict.APPLIED)
    assert reading.bounce is not None
    assert reading.bounce.is_permanent


@pytest.mark.fault("S18")
def test_forged_reports_change_nothing() -> None:
    """Without a valid token, or about another recipient, a report is but noted."""
    for raw in (QMAIL.encode(), (QMAIL.replace(PLANNING, "muu@suvikoski.example")).encode() + MAIL.raw):
        assert read(raw, moment_of(MAIL), all_sent()).verdict is Verdict.IGNORED


@pytest.mark.parametrize("address", EVERYBODY)
@pytest.mark.parametrize("kind", [REQUEST, REMINDER])
def test_our_own_mails_are_read_back_from_their_text(address: str, kind: object) -> None:
    """`explain --sent` knows the same items as the service."""
    mail = write_mail(address, REQUEST if kind is REQUEST else REMINDER)
    sent = read_sent(b"X-Reminder-Round: elinvoima/2024\r\n" + mail.raw, example(), KEYRING)
    assert sent is not None
    assert (sent.id, sent.message_id, sent.language) == (mail.id, mail.message_id, mail.language)
    assert _owed(sent.items) == _owed(mail.items)


def _owed(items: Sequence[Item]) -> list[tuple[str, str, str]]:
    return [(item.action, item.number, item.party) for item in items]


class Unreadable(tuple[SentMessage, ...]):
    """Sent mails that cannot be gone through."""

    __slots__ = ()

    def __iter__(self) -> Iterator[SentMessage]:
        raise ValueError("unreadable")


def test_a_fault_in_reading_is_held_and_said() -> None:
    """`interpret` is total: what cannot be read waits for a person."""
    mail = read_mail(b"From: a@b.example\r\n\r\nx")
    reading = interpret(mail, replace(CONTEXT, sent=Unreadable()))
    assert (reading.verdict, reading.rules) == (Verdict.HELD, ("fault:ValueError",))
