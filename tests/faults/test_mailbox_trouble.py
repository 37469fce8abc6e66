"""Login, back-off, odd servers, sizes and limits: what the mailbox can do to us, on scripted servers and in memory."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from reminder.domain.messages import MailKind
from reminder.domain.readings import InboundState
from reminder.domain.rounds import StepKind
from reminder.edges.imap import WHOLE_LIMIT, ImapSource
from reminder.errors import TemporaryFailure
from reminder.flows.acknowledge import IN_ALL_PER_HOUR
from reminder.flows.collect import collect
from reminder.flows.digest import list_problems
from reminder.flows.interpret import interpret_pending
from reminder.flows.mailbox_health import refuse_too_early
from reminder.flows.red_words import tell_red
from reminder.flows.tick import tick
from reminder.service.health import measure_health
from reminder.store import inbox
from reminder.store.size import used_bytes
from tests.edges.scripted import CLOSE, Responder, ScriptedImap, Talk, body_of
from tests.flows.town import CULTURE, PRINCIPAL, Town, templates
from tests.real_parts import HOST


@contextmanager
def scripted(town: Town, responder: Responder, *, uids: str = "12") -> Iterator[ScriptedImap]:
    """The town reads from a scripted server."""
    with ScriptedImap(responder, uids=uids) as server:
        source = ImapSource(host=HOST, port=server.port, security="none", user="seuranta", password="wrong", timeout=5)
        town.house = replace(town.house, source=source)
        yield server
        source.close()


def as_usual(talk: Talk, tag: bytes, command: bytes) -> bool:
    """The script answers."""
    return False


def poll(town: Town) -> str:
    """One poll; what went wrong."""
    try:
        collect(town.house)
    except TemporaryFailure as failure:
        return failure.message
    return ""


@pytest.mark.slow
@pytest.mark.fault("M11")
def test_a_refused_login_is_repeated_seldom_and_nothing_else_stops(town: Town) -> None:
    """In two hours of passes every half minute five logins, 5 minutes apart and more; red at once, one alert; mails go out; when the
    password is right again, all is well."""
    logins: list[object] = []
    is_right = False

    def respond(talk: Talk, tag: bytes, command: bytes) -> bool:
        if not command.startswith(b"LOGIN") or is_right:
            return False
        logins.append(town.clock.now())
        talk.say(tag + b" NO [AUTHENTICATIONFAILED] no\r\n")
        return True

    town.arm()
    town.move_to(StepKind.REQUEST)
    started = town.clock.now()
    with scripted(town, respond):
        for _ in range(240):
            tick(town.house, templates())
            town.clock.advance(timedelta(seconds=30))
        waits = [round((at - started).total_seconds() / 60) for at in logins if hasattr(at, "tzinfo")]  # type: ignore[operator]
        with town.house.store.read() as conn:
            told = {language: tell_red(conn, language, town.clock.now(), is_rehearsal=False) for language in ("fi", "sv", "en")}

        assert waits == [0, 5, 15, 35, 75]
        assert any(line.startswith("login since") for line in measure_health(town.house).red)
        assert len(town.rows(MailKind.ALERT)) == len(town.setup.directory.coordinators)
        assert town.sent(kind=MailKind.REQUEST)
        assert all(
            any(words in line for line in told[language])
            for language, words in (("fi", "ei päästä"), ("sv", "inte in"), ("en", "not let us"))
        )
        is_right = True
        town.clock.advance(timedelta(hours=1))
        collect(town.house)
    assert not any("login" in line for line in measure_health(town.house).red)


@pytest.mark.fault("M11")
def test_a_restart_does_not_try_a_refused_login_at_once(town: Town) -> None:
    """A service that is started again and again would lock the account; after five minutes it may try, whatever the back-off says."""

    def respond(talk: Talk, tag: bytes, command: bytes) -> bool:
        if command.startswith(b"LOGIN"):
            talk.say(tag + b" NO no\r\n")
            return True
        return False

    with scripted(town, respond) as server:
        for _ in range(3):
            assert "refused" in poll(town)
            town.clock.advance(timedelta(minutes=21))
        poll(town)
        before = server.connections
        for _ in range(5):
            town.house = replace(town.house, memory={})
            town.clock.advance(timedelta(seconds=50))
            assert "left alone" in poll(town)
        assert server.connections == before
        town.house = replace(town.house, memory={})
        town.clock.advance(timedelta(minutes=1))
        assert "refused" in poll(town)
        collect_at_once = "refused"
        with pytest.raises(TemporaryFailure, match=collect_at_once):
            collect(town.house, at_once=True)


@pytest.mark.fault("M2")
def test_a_mailbox_that_stays_away_is_tried_ever_more_seldom(town: Town) -> None:
    """At once, then after 1, 2, 5 and 15 minutes; told after half an hour; a clock that was put back does not lengthen it."""

    def respond(talk: Talk, tag: bytes, command: bytes) -> bool:
        talk.say(CLOSE)
        return True

    tried = []
    with scripted(town, respond) as server:
        for minute in range(60):
            before = server.connections
            poll(town)
            tried += [minute] * (server.connections - before)
            town.clock.advance(timedelta(minutes=1))
    assert tried[:5] == [0, 1, 2, 4, 9]
    assert all(later - earlier == 15 for earlier, later in itertools.pairwise(tried[4:]))
    assert len(town.rows(MailKind.ALERT)) == len(town.setup.directory.coordinators)
    refuse_too_early(town.house, town.clock.now() - timedelta(days=3))


@pytest.mark.fault("M6")
def test_a_server_that_cannot_move_is_told_once_and_everything_is_read(town: Town) -> None:
    """Neither MOVE nor UIDPLUS: mails stay, are not fetched again, and one alert says so."""
    with ScriptedImap(as_usual, uids="12 13", after_login="IMAP4rev1 IDLE") as server:
        source = ImapSource(host=HOST, port=server.port, security="none", user="seuranta", password="x", timeout=5)
        town.house = replace(town.house, source=source)
        for _ in range(6):
            town.read()
            town.clock.advance(timedelta(minutes=30))
        source.close()
        fetched = [line for line in server.lines if b"BODY.PEEK" in line]

    assert len(town.inbox_states()) == 2
    assert InboundState.CAPTURED not in town.inbox_states()
    assert len(fetched) == 1
    assert len(town.rows(MailKind.ALERT)) == len(town.setup.directory.coordinators)
    assert not any(line.startswith((b"UID COPY", b"EXPUNGE", b"UID STORE")) for line in server.lines)


@pytest.mark.fault("M9")
def test_a_mail_that_shows_itself_late_under_an_old_number_is_found(town: Town) -> None:
    """There is no mark above which numbers are new."""
    with scripted(town, as_usual, uids="12 13") as server:
        town.read()
        server.uids = "5 12 13"
        town.read()

    with town.house.store.read() as conn:
        assert sorted(row.uid for row in inbox.list_inbound(conn)) == ["12", "13", "5"]


@pytest.mark.fault("M12")
@pytest.mark.parametrize(
    "lie", [b"* 1 FETCH (UID 12 BODY[] {99999999999}\r\n", b"* 1 FETCH (UID 12 BODY[] {3}\r\n" + b"x" * 1_200_000], ids=["size", "line"]
)
def test_a_mail_that_breaks_every_connection_holds_up_no_other_and_is_quarantined(town: Town, lie: bytes) -> None:
    """The others come at the next poll; after three lost connections only its headers are fetched, and a person is told."""

    def respond(talk: Talk, tag: bytes, command: bytes) -> bool:
        if not command.startswith(b"UID FETCH 12") or b"BODY.PEEK" not in command:
            return False
        if b"HEADER" in command:
            talk.say(b"* 1 FETCH (UID 12 BODY[HEADER] {15}\r\nSubject: 12\r\n\r\n)\r\n" + tag + b" OK done\r\n")
            return True
        talk.say(lie)
        talk.say(CLOSE)
        return True

    kept = []
    with scripted(town, respond, uids="12 13 14"):
        for _ in range(6):
            poll(town)
            interpret_pending(town.house)
            kept.append(len(town.inbox_states()))
            town.clock.advance(timedelta(minutes=30))

    assert kept[1] == 2
    assert kept[-1] == 3
    with town.house.store.read() as conn:
        (broken,) = (row for row in inbox.list_inbound(conn) if row.uid == "12")
        problems = list_problems(conn, town.house, town.round, "en")
    assert (broken.state, broken.attempts) == (InboundState.QUARANTINED, 1)
    assert "breaks off" in broken.reason
    assert any(problem.kind == "quarantined" for problem in problems)


@pytest.mark.fault("M13")
def test_a_mail_without_a_date_counts_from_when_it_was_seen(town: Town) -> None:
    """Its mark says so."""

    def respond(talk: Talk, tag: bytes, command: bytes) -> bool:
        if not (command.startswith(b"UID FETCH") and b"RFC822" in command):
            return False
        talk.say(b"* 1 FETCH (UID 12 RFC822.SIZE %d)\r\n" % len(body_of("12")) + tag + b" OK done\r\n")
        return True

    with scripted(town, respond):
        town.read()

    mail = town.stored(1).mail
    assert (mail.internal_date, "undated" in mail.marks, "date_clamped" in mail.marks) == (town.clock.now(), True, True)


@pytest.mark.fault("M14")
def test_what_lay_there_before_our_first_mail_is_left_alone(town: Town) -> None:
    """Neither fetched nor moved; what comes later is taken in whatever its date says, also after a restart and a new UIDVALIDITY."""
    town.ask()
    for days in (400, 30, 2):
        town.source.deliver(f"Subject: {days}\r\n\r\nold\r\n".encode(), when=town.clock.now() - timedelta(days=days))
    town.reply(CULTURE, "1.1: vihreä")
    town.read()
    town.source.deliver(b"Subject: late\r\n\r\nof old date\r\n", when=town.clock.now() - timedelta(days=300))
    town.house = replace(town.house, memory={})
    town.read()
    town.house = replace(town.house, memory={})
    town.source.renumber()
    town.read()

    assert sorted(state.value for state in town.inbox_states()) == ["applied", "held"]
    assert len(town.source.scan()[0].uids) == 3 + 1
    assert len(town.rows(MailKind.ACKNOWLEDGEMENT)) == 1


@pytest.mark.fault("M14")
def test_an_earlier_day_can_be_set(town: Town) -> None:
    """Who begins again with an empty database reads what came since the day that they say."""
    for days in (400, 30, 2):
        town.source.deliver(f"Subject: {days}\r\n\r\nold\r\n".encode(), when=town.clock.now() - timedelta(days=days))
    town.house = replace(town.house, ingest_since=(town.clock.now() - timedelta(days=31)).date())

    town.read()

    assert len(town.inbox_states()) == 2
    assert town.rows(MailKind.ACKNOWLEDGEMENT) == []


@pytest.mark.fault("P2")
def test_a_reply_that_is_too_large_waits_for_a_person_and_its_sender_is_told_once_a_day(town: Town) -> None:
    """Of 60 MB only the beginning is fetched: nothing of it is recorded; a stranger is told nothing."""
    town.ask()
    raw = town.write_reply(town.original(CULTURE), "1.1: vihreä") + b"x" * 60_000_000

    def respond(talk: Talk, tag: bytes, command: bytes) -> bool:
        if not command.startswith(b"UID FETCH"):
            return False
        uids = talk.server.lines[-1].split(b" ")[3].replace(b":", b",").split(b",")
        for uid in dict.fromkeys(uids):
            body = raw if uid in {b"12", b"13"} else raw.replace(CULTURE.encode(), b"x@elsewhere.example")
            if b"RFC822" in command:
                talk.say(
                    b'* 1 FETCH (UID %s RFC822.SIZE %d INTERNALDATE "%s")\r\n'
                    % (uid, len(body), town.clock.now().strftime("%d-%b-%Y %H:%M:%S +0000").encode())
                )
            else:
                start = (
                    b"X-Number: "
                    + uid
                    + b"\r\n"
                    + body[:524_000].replace(b"@suvikoski.example>\r\nIn-", uid + b"@suvikoski.example>\r\nIn-")
                )
                talk.say(b"* 1 FETCH (UID %s BODY[]<0> {%d}\r\n" % (uid, len(start)) + start + b")\r\n")
        talk.say(tag + b" OK done\r\n")
        return True

    with scripted(town, respond, uids="12") as server:
        for uids in ("12", "12 13", "12 13 14"):
            server.uids = uids
            town.read()
            town.clock.advance(timedelta(minutes=10))
        town.deliver()

    assert len(raw) > WHOLE_LIMIT
    assert [state.value for state in town.inbox_states()] == ["held"] * 3
    assert town.facts() == ()
    (told,) = town.sent(kind=MailKind.ACKNOWLEDGEMENT)
    assert CULTURE in told.recipient
    assert b"25 Mt" in told.raw.replace(b"=C2=A0", b" ")
    with town.house.store.read() as conn:
        assert "oversize" in {problem.reason for problem in list_problems(conn, town.house, town.round, "fi")}


PADDING = b"X-Padding: " + b"bomb " * 5_000 + b"\r\n"


@pytest.mark.slow
@pytest.mark.fault("A8")
def test_a_mail_bomb_fills_the_quota_and_stops_no_reminder(town: Town) -> None:
    """20,000 mails in an hour, each from another sender of the city who answers for one party: at the quota the rest stay on the server,
    no more is answered than the limit, the reminder leaves on its minute, and people are told (invariant R6)."""
    town.ask()
    reminder = town.move_to(StepKind.REMINDER)
    town.clock.set(reminder - timedelta(minutes=30))
    with town.house.store.read() as conn:
        quota = used_bytes(conn) + 15_000_000
    town.house = replace(town.house, quota_bytes=quota)
    original, number = town.original(CULTURE), 0
    template = town.write_reply(original, "1.1: punainen")
    before, reminded_at = len(town.relay.taken), None
    for _ in range(60):
        for _ in range(334):
            number += 1
            raw = template.replace(f"From: {CULTURE}".encode(), f"From: pommi{number}@suvikoski.example".encode())
            town.source.deliver(raw.replace(b"Message-ID: <", PADDING + b"Message-ID: <%d." % number), when=town.clock.now())
        tick(town.house, templates())
        if reminded_at is None and town.sent(PRINCIPAL, MailKind.REMINDER):
            reminded_at = town.clock.now()
        town.clock.advance(timedelta(minutes=1))

    with town.house.store.read() as conn:
        stored, used = sum(inbox.count_by_state(conn).values()), used_bytes(conn)
        told = [tell_red(conn, language, town.clock.now(), is_rehearsal=False) for language in ("fi", "sv", "en")]
    answers = [mail for mail in town.relay.taken[before:] if b"X-Reminder-Kind: acknowledgement" in mail.raw]
    assert number == 20_040
    assert 100 < stored < 2_000
    assert used <= quota
    assert len(town.source.scan()[0].uids) + len(town.source.processed) == number
    assert reminded_at is not None
    assert reminded_at - reminder <= timedelta(minutes=1)
    assert len(answers) <= IN_ALL_PER_HOUR
    assert any(line.startswith("full since") for line in measure_health(town.house).red)
    assert all(any("REMINDER" in line or "täynnä" in line or "full" in line for line in lines) for lines in told)
    assert len(town.rows(MailKind.ALERT)) == len(town.setup.directory.coordinators)
    town.house = replace(town.house, quota_bytes=quota * 2)
    assert collect(town.house).captured > 0
    town.house = replace(town.house, quota_bytes=quota * 100)
    collect(town.house)
    assert not any("full since" in line for line in measure_health(town.house).red)
