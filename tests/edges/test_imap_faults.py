"""The traps of IMAP (inbound.md, section 5), each on a scripted server or on a real Dovecot."""

from __future__ import annotations

import ssl
import threading
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest

from reminder.edges.imap import BEGINNING, WHOLE_LIMIT, ImapSource
from reminder.errors import MoveFailure, TemporaryFailure
from reminder.sandbox.servers import MailWorld
from tests.edges.scripted import CLOSE, HANG, Responder, ScriptedImap, Talk, body_of, head_line
from tests.real_parts import HOST, Dovecot, free_port, make_certificate

MONDAY = datetime(2025, 1, 13, 8, 0, tzinfo=UTC)


def _source(port: int, *, timeout: float = 5.0, junk: str = "") -> ImapSource:
    return ImapSource(host=HOST, port=port, security="none", user="seuranta", password="secret", junk=junk, timeout=timeout)


def _dovecot_source(server: Dovecot, *, password: str = "") -> ImapSource:
    return ImapSource(
        host=HOST, port=server.imap_port, security="none", user=server.user, password=password or server.password, timeout=5.0
    )


def _nothing(talk: Talk, tag: bytes, command: bytes) -> bool:
    return False


def _answer(start: bytes, *said: str | bytes, times: int = 1000) -> Responder:
    """Answers a command that begins so with these words, `times` times."""
    left = [times]

    def respond(talk: Talk, tag: bytes, command: bytes) -> bool:
        if not command.upper().startswith(start) or left[0] == 0:
            return False
        left[0] -= 1
        for words in said:
            talk.say(words.replace("TAG", tag.decode()) if isinstance(words, str) else words)
        return True

    return respond


def _commands(server: ScriptedImap) -> list[bytes]:
    return [line.partition(b" ")[2] for line in server.lines]


def test_a_stray_answer_does_not_mispair_a_body() -> None:
    """UID after the literal and an unsolicited FLAGS answer with another UID in between: each body keeps its own UID."""
    first, second = body_of("12"), body_of("13")

    def respond(talk: Talk, tag: bytes, command: bytes) -> bool:
        if not (command.startswith(b"UID FETCH") and b"BODY" in command):
            return False
        talk.say(b"* 2 FETCH (FLAGS (\\Seen) UID 13)\r\n")
        talk.say(b"* 1 FETCH (BODY[] {%d}\r\n%b UID 12)\r\n" % (len(first), first))
        talk.say(b"* 9 FETCH (FLAGS (\\Seen) UID 99)\r\n")
        talk.say(b"* 2 FETCH (BODY[] {%d}\r\n%b UID 13)\r\n" % (len(second), second))
        talk.say(tag + b" OK done\r\n")
        return True

    with ScriptedImap(respond, uids="12 13") as server:
        source = _source(server.port)
        scan = source.scan()[0]
        mails = list(source.fetch(scan, scan.uids))
        source.close()

    assert [(mail.uid, mail.raw) for mail in mails] == [("12", first), ("13", second)]
    assert mails[0].internal_date == MONDAY


def test_a_body_without_uid_is_asked_for_alone() -> None:
    """A server that leaves the UID out in a window is asked for one mail at a time: then there is no doubt whose it is."""

    def respond(talk: Talk, tag: bytes, command: bytes) -> bool:
        if not (command.startswith(b"UID FETCH") and b"BODY" in command):
            return False
        for uid in ("12", "13"):
            if uid in command.decode() or ":" in command.decode():
                talk.say(b"* 1 FETCH (BODY[] {%d}\r\n%b)\r\n" % (len(body_of(uid)), body_of(uid)))
        talk.say(tag + b" OK done\r\n")
        return True

    with ScriptedImap(respond, uids="12 13") as server:
        source = _source(server.port)
        scan = source.scan()[0]
        mails = list(source.fetch(scan, scan.uids))
        source.close()

    assert [(mail.uid, mail.raw) for mail in mails] == [("12", body_of("12")), ("13", body_of("13"))]


def test_a_no_keeps_what_did_come() -> None:
    """Some servers answer NO where a mail of the set has been expunged (RFC 2180): the others are taken."""
    head = head_line(1, "12", len(body_of("12")))
    respond = _answer(b"UID FETCH 12:13 (UID RFC822", head, "TAG NO [EXPUNGEISSUED] gone\r\n")
    with ScriptedImap(respond, uids="12 13") as server:
        source = _source(server.port)
        scan = source.scan()[0]
        mails = list(source.fetch(scan, scan.uids))
        source.close()

    assert [mail.uid for mail in mails] == ["12"]


@pytest.mark.fault("M1")
def test_a_connection_lost_in_mid_fetch_is_made_anew() -> None:
    """Half a body is no mail: TemporaryFailure, and the next call connects again and gets it whole."""
    respond = _answer(b"UID FETCH 12 (UID BODY", b"* 1 FETCH (UID 12 BODY[] {30}\r\nhalf", CLOSE, times=1)
    with ScriptedImap(respond) as server:
        source = _source(server.port)
        scan = source.scan()[0]
        with pytest.raises(TemporaryFailure, match="cannot be used just now"):
            list(source.fetch(scan, scan.uids))
        mails = list(source.fetch(scan, scan.uids))
        source.close()

    assert [mail.raw for mail in mails] == [body_of("12")]
    assert server.connections == 2


def test_a_silent_server_does_not_hold_us() -> None:
    """Every wait on the server has an end."""
    for verb in (b"UID SEARCH", b"LOGIN", b"NOOP"):
        with ScriptedImap(_answer(verb, HANG)) as server:
            source = _source(server.port, timeout=0.3)
            started = monotonic()
            with pytest.raises(TemporaryFailure):
                source.scan()
            assert monotonic() - started < 4
            source.close()


@pytest.mark.fault("M12")
def test_a_lying_literal_is_not_believed() -> None:
    """A size beyond all limits ends the connection before the memory is asked for."""
    respond = _answer(b"UID FETCH 12 (UID BODY", b"* 1 FETCH (UID 12 BODY[] {99999999999}\r\n")
    with ScriptedImap(respond) as server:
        source = _source(server.port)
        scan = source.scan()[0]
        with pytest.raises(TemporaryFailure, match="99999999999"):
            list(source.fetch(scan, scan.uids))


def test_a_new_uidvalidity_makes_old_identities_void() -> None:
    """Between scan and fetch the folder was rebuilt: nothing is handed out, nothing is moved, under the old numbers."""
    with ScriptedImap(_nothing) as server:
        source = _source(server.port)
        scan = source.scan()[0]
        source.close()
        server.uidvalidity = 8

        assert list(source.fetch(scan, scan.uids)) == []
        source.move_processed(scan, scan.uids)
        assert source.scan()[0].uidvalidity == 8
        source.close()

    assert not [line for line in _commands(server) if line.startswith((b"UID MOVE", b"UID COPY"))]


def test_move_is_seen_although_it_is_announced_after_login() -> None:
    """Capabilities are asked for again after login; one UID MOVE takes all, with the name in modified UTF-7."""
    with ScriptedImap(_nothing, uids="12 13 14 20") as server:
        source = ImapSource(
            host=HOST, port=server.port, security="none", user="seuranta", password="secret", processed="Käsitelty", timeout=5.0
        )
        scan = source.scan()[0]
        source.move_processed(scan, scan.uids)
        source.close()

    assert [line for line in _commands(server) if line.startswith(b"UID MOVE")] == [b'UID MOVE 12:14,20 "K&AOQ-sitelty"']
    assert not [line for line in _commands(server) if line.startswith((b"EXPUNGE", b"UID STORE", b"UID COPY"))]


def test_without_move_only_these_are_expunged() -> None:
    """COPY, mark and UID EXPUNGE of exactly these; a bare EXPUNGE would take others' mails along."""
    with ScriptedImap(_nothing, uids="12 13", after_login="IMAP4rev1 UIDPLUS") as server:
        source = _source(server.port)
        scan = source.scan()[0]
        source.move_processed(scan, ("12",))
        source.close()

    acts = [line for line in _commands(server) if line.startswith((b"UID COPY", b"UID STORE", b"UID EXPUNGE", b"EXPUNGE", b"UID MOVE"))]
    assert acts == [b'UID COPY 12 "Processed"', rb"UID STORE 12 +FLAGS.SILENT (\Deleted)", b"UID EXPUNGE 12"]


def test_a_server_that_cannot_move_keeps_its_mails() -> None:
    """With neither MOVE nor UIDPLUS nothing is copied, which would be done again at every poll; `check` says so."""
    with ScriptedImap(_nothing, after_login="IMAP4rev1") as server:
        source = _source(server.port)
        scan = source.scan()[0]
        with pytest.raises(MoveFailure, match="neither MOVE nor UIDPLUS"):
            source.move_processed(scan, scan.uids)

        assert "mails stay in the inbox: the server cannot move them safely" in source.check()
        assert not [line for line in _commands(server) if line.startswith((b"UID COPY", b"UID STORE", b"EXPUNGE"))]
        source.close()


def test_a_missing_target_is_made() -> None:
    """TRYCREATE: the processed folder is created, and the move done again."""

    def respond(talk: Talk, tag: bytes, command: bytes) -> bool:
        made = any(line.endswith(b'CREATE "Processed"') for line in talk.server.lines)
        if command.startswith(b"UID MOVE") and not made:
            talk.say(tag + b" NO [TRYCREATE] no such folder\r\n")
            return True
        if command.startswith(b"LIST") and not made:
            talk.say(tag + b" OK done\r\n")
            return True
        return False

    with ScriptedImap(respond) as server:
        source = _source(server.port)
        scan = source.scan()[0]
        source.move_processed(scan, scan.uids)
        source.close()

    assert [line for line in _commands(server) if line.startswith((b"CREATE", b"UID MOVE"))] == [
        b'UID MOVE 12 "Processed"',
        b'CREATE "Processed"',
        b'UID MOVE 12 "Processed"',
    ]


@pytest.mark.fault("M6")
def test_a_refused_move_is_told() -> None:
    """Over quota: the mails are where they were, and the connection is kept."""
    with ScriptedImap(_answer(b"UID MOVE", "TAG NO [OVERQUOTA] full\r\n")) as server:
        source = _source(server.port)
        scan = source.scan()[0]
        with pytest.raises(MoveFailure, match="OVERQUOTA"):
            source.move_processed(scan, scan.uids)

        assert source.scan()[0] == scan
        assert server.connections == 1
        source.close()


@pytest.mark.parametrize(
    "said",
    [
        ("+ idling\r\n* 4 EXISTS\r\n",),
        ("* 4 EXISTS\r\n+ idling\r\n",),
        ("+ idling\r\n", "* 4 EX"),
    ],
    ids=["in one segment", "before the plus", "half a line"],
)
def test_news_at_the_beginning_of_idle_is_not_slept_through(said: tuple[str, ...]) -> None:
    """What comes together with the continuation, before it, or in pieces ends the wait and does not break the connection."""

    def respond(talk: Talk, tag: bytes, command: bytes) -> bool:
        if command != b"IDLE":
            return False
        for words in said:
            talk.say(words)
        talk.hear()
        talk.say("" if said[-1].endswith("\n") else "ISTS\r\n")
        talk.say(tag + b" OK idle is over\r\n")
        return True

    with ScriptedImap(respond) as server:
        source = _source(server.port)
        source.scan()
        started = monotonic()
        source.wait(30.0)
        assert monotonic() - started < 3
        assert source.scan()[0].uids == ("12",)
        source.close()

    assert server.connections == 1


def test_news_before_idle_needs_no_idle() -> None:
    """A mail that came between the search and the wait is shown by NOOP, and IDLE, in which it would not be announced, is left out."""
    seen = []

    def respond(talk: Talk, tag: bytes, command: bytes) -> bool:
        if command == b"NOOP":
            seen.append(1)
            if len(seen) == 2:
                talk.say("* 2 EXISTS\r\n")
        return False

    with ScriptedImap(respond) as server:
        source = _source(server.port)
        source.scan()
        source.wait(30.0)
        source.close()

    assert b"IDLE" not in _commands(server)


def test_a_wait_without_idle_just_waits() -> None:
    """Polling is the truth; a server without IDLE is no trouble, and `wake` ends the wait."""
    with ScriptedImap(_nothing, after_login="IMAP4rev1 MOVE") as server:
        source = _source(server.port)
        source.scan()
        started = monotonic()
        threading.Timer(0.2, source.wake).start()
        source.wait(30.0)
        assert monotonic() - started < 3
        source.close()

    assert b"IDLE" not in _commands(server)


@pytest.mark.fault("M2")
def test_a_connection_that_ends_in_idle_is_told() -> None:
    """BYE during IDLE: the wait ends with TemporaryFailure, the next scan connects anew."""
    with ScriptedImap(_answer(b"IDLE", "+ idling\r\n", "* BYE restarting\r\n", CLOSE, times=1)) as server:
        source = _source(server.port)
        source.scan()
        with pytest.raises(TemporaryFailure):
            source.wait(30.0)
        assert source.scan()[0].uids == ("12",)
        source.close()


@pytest.mark.fault("M5")
def test_a_missing_junk_folder_does_not_stop_the_inbox() -> None:
    """The junk folder is read where it is there; where it is not, the inbox is read all the same."""

    def respond(talk: Talk, tag: bytes, command: bytes) -> bool:
        if command != b'SELECT "Junk"':
            return False
        talk.say(tag + b" NO no such folder\r\n")
        return True

    with ScriptedImap(respond) as server:
        source = _source(server.port, junk="Junk")
        assert [(scan.folder, scan.is_missing) for scan in source.scan()] == [("INBOX", False), ("Junk", True)]
        source.close()

    with ScriptedImap(_nothing) as server:
        source = _source(server.port, junk="Junk")
        assert [scan.folder for scan in source.scan()] == ["INBOX", "Junk"]
        source.close()


def test_a_mail_without_a_date_is_marked() -> None:
    """What the server does not say is not made up: the mark tells the flow."""
    size = len(body_of("12"))
    respond = _answer(b"UID FETCH 12 (UID RFC822", f"* 1 FETCH (UID 12 RFC822.SIZE {size})\r\nTAG OK done\r\n")
    with ScriptedImap(respond) as server:
        source = _source(server.port)
        scan = source.scan()[0]
        (mail,) = source.fetch(scan, scan.uids)
        source.close()

    assert mail.marks == ("undated",)


def test_a_refused_login_has_its_own_words() -> None:
    """The admin is told which login was refused, and what to look at; the password is in no text."""
    refusing = ScriptedImap(_answer(b"LOGIN", "TAG NO [AUTHENTICATIONFAILED] no\r\n"))
    with refusing as server, pytest.raises(TemporaryFailure, match="refused the login of seuranta") as failure:
        _source(server.port).scan()

    assert "REMINDER_IMAP_PASSWORD" in failure.value.advice
    assert "secret" not in str(failure.value)


def test_an_ok_without_words_is_an_ok() -> None:
    """Some proxies leave the text of a tagged answer out, at which `imaplib` would give up."""
    with ScriptedImap(_answer(b"NOOP", "TAG OK\r\n")) as server:
        source = _source(server.port)
        assert source.scan()[0].uids == ("12",)
        source.close()


def test_nobody_listening_is_temporary() -> None:
    """A refused connection is told in plain words."""
    with pytest.raises(TemporaryFailure, match="cannot be used just now"):
        _source(free_port()).scan()


def test_starttls_is_never_stripped(tmp_path: Path) -> None:
    """A server that does not offer STARTTLS gets no password."""
    certificate, _ = make_certificate(tmp_path)
    with ScriptedImap(_nothing) as server:
        source = ImapSource(
            host="localhost", port=server.port, security="starttls", user="seuranta", password="secret", ca_file=certificate, timeout=5.0
        )
        with pytest.raises(TemporaryFailure):
            source.scan()

    assert not [line for line in _commands(server) if line.startswith((b"LOGIN", b"AUTHENTICATE"))]


def test_idle_works_under_tls(tmp_path: Path) -> None:
    """Under TLS the socket may be readable while nothing can be read yet, and the other way round."""
    certificate, key = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    class Hidden(ScriptedImap):
        def converse(self, talk: Talk) -> None:
            talk.hide(context)
            super().converse(talk)

    def respond(talk: Talk, tag: bytes, command: bytes) -> bool:
        if command != b"IDLE":
            return False
        talk.say(b"+ idling\r\n* 4 EXISTS\r\n")
        talk.hear()
        talk.say(tag + b" OK done\r\n")
        return True

    with Hidden(respond) as server:
        source = ImapSource(
            host="localhost", port=server.port, security="tls", user="seuranta", password="secret", ca_file=certificate, timeout=5.0
        )
        source.scan()
        started = monotonic()
        source.wait(30.0)
        assert monotonic() - started < 3
        source.close()


def _large_mail() -> bytes:
    head = b'Subject: large\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n12: vihrea\r\n'
    return head + b"--b\r\nContent-Type: application/zip\r\n\r\n" + b"A" * 70 * 380_000 + b"\r\n--b--\r\n"


def test_an_oversize_mail_is_fetched_in_its_beginning_on_pymap(world: MailWorld) -> None:
    """More than 25 MB: the headers and the first text part come, with the true size and a mark; the next mail is not held up."""
    large = _large_mail()
    world.deliver(large, when=MONDAY)
    world.deliver(b"Subject: small\r\n\r\nok\r\n", when=MONDAY)
    source = ImapSource(host=HOST, port=world.imap_port, security="none", user=world.user, password=world.password, timeout=20)
    scan = source.scan()[0]
    first, second = source.fetch(scan, scan.uids)
    source.close()

    assert first.raw == large[:BEGINNING]
    assert (first.size, first.marks) == (len(large), ("oversize",))
    assert first.size > WHOLE_LIMIT
    assert second.marks == ()


@pytest.mark.real
def test_an_oversize_mail_is_fetched_in_its_beginning_on_dovecot(mailbox: Dovecot) -> None:
    """The same on a real server."""
    large = _large_mail()
    mailbox.append(large, when=MONDAY)
    source = _dovecot_source(mailbox)
    scan = source.scan()[0]
    (mail,) = source.fetch(scan, scan.uids)
    source.close()

    assert (mail.raw, mail.size, mail.marks) == (large[:BEGINNING], len(large), ("oversize",))


@pytest.mark.real
def test_what_another_client_has_marked_as_deleted_survives_our_move(mailbox: Dovecot) -> None:
    """The famous trap: moving by COPY and EXPUNGE destroys the mail that somebody else has marked, and that we have not kept."""
    for number in range(3):
        mailbox.append(b"Subject: %d\r\n\r\nx\r\n" % number, when=MONDAY)
    source = _dovecot_source(mailbox)
    scan = source.scan()[0]
    with mailbox.client() as other:
        other.uid("STORE", scan.uids[1], "+FLAGS", r"(\Deleted)")
        source.move_processed(scan, (scan.uids[0],))

        assert source.scan()[0].uids == scan.uids[1:]
        assert len(source.scan_processed()[0].uids) == 1
        source.close()


@pytest.mark.real
def test_the_same_survives_without_move(mailbox: Dovecot) -> None:
    """And so with COPY, mark and UID EXPUNGE, on a real server that is told to be without MOVE."""
    for number in range(3):
        mailbox.append(b"Subject: %d\r\n\r\nx\r\n" % number, when=MONDAY)
    source = _dovecot_source(mailbox)
    scan = source.scan()[0]
    connection = source._connection
    assert connection is not None
    connection.capabilities -= {"MOVE"}
    with mailbox.client() as other:
        other.uid("STORE", scan.uids[1], "+FLAGS", r"(\Deleted)")
        source.move_processed(scan, (scan.uids[0],))

        assert source.scan()[0].uids == scan.uids[1:]
        assert len(source.scan_processed()[0].uids) == 1
        source.close()


@pytest.mark.real
def test_a_mail_between_search_and_idle_is_found(mailbox: Dovecot) -> None:
    """Dovecot does not announce it in IDLE; the wait ends at once all the same."""
    source = _dovecot_source(mailbox)
    source.scan()
    mailbox.append(b"Subject: x\r\n\r\nx\r\n", when=MONDAY)
    started = monotonic()

    source.wait(30.0)

    assert monotonic() - started < 5
    assert len(source.scan()[0].uids) == 1
    source.close()


@pytest.mark.real
@pytest.mark.fault("M3")
def test_dovecot_with_a_new_uidvalidity(mailbox: Dovecot) -> None:
    """The folder's validity is changed under an open session: the scan shows it, the old identities are void."""
    mailbox.append(b"Subject: x\r\n\r\nx\r\n", when=MONDAY)
    source = _dovecot_source(mailbox)
    before = source.scan()[0]
    mailbox.doveadm("mailbox", "update", "-u", mailbox.user, "--uid-validity", str(before.uidvalidity + 5), "INBOX")

    try:
        after = source.scan()[0]
    except TemporaryFailure:
        after = source.scan()[0]

    assert after.uidvalidity == before.uidvalidity + 5
    assert list(source.fetch(before, before.uids)) == []
    assert len(list(source.fetch(after, after.uids))) == 1
    source.close()


@pytest.mark.real
@pytest.mark.fault("M2")
def test_dovecot_killed_and_started_again(mailbox: Dovecot) -> None:
    """kill -9 of all of it: TemporaryFailure until it is back, then everything is there under the same identities."""
    mailbox.append(b"Subject: x\r\n\r\nx\r\n", when=MONDAY)
    source = _dovecot_source(mailbox)
    before = source.scan()[0]
    mailbox.kill()
    try:
        for _ in range(2):
            with pytest.raises(TemporaryFailure):
                source.scan()
    finally:
        mailbox.start()

    assert source.scan()[0] == before
    source.close()


@pytest.mark.real
@pytest.mark.fault("M11")
def test_dovecot_refuses_a_wrong_password(mailbox: Dovecot) -> None:
    """Its own words for a refused login."""
    with pytest.raises(TemporaryFailure, match="refused the login of seuranta"):
        _dovecot_source(mailbox, password="wrong").scan()


@pytest.mark.real
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_wrong_certificate_is_refused(mailbox: Dovecot, security: str) -> None:
    """A server whose certificate nobody we know has signed gets no password; with its authority known, both ways work."""
    port = mailbox.imaps_port if security == "tls" else mailbox.imap_port

    def source(ca_file: Path | None) -> ImapSource:
        return ImapSource(
            host="localhost",
            port=port,
            security="tls" if security == "tls" else "starttls",
            user=mailbox.user,
            password=mailbox.password,
            ca_file=ca_file,
            timeout=5.0,
        )

    with pytest.raises(TemporaryFailure, match="signed by nobody that this machine knows"):
        source(None).scan()
    known = source(mailbox.certificate)
    assert "encrypted, certificate verified" in known.check()[0]


@pytest.mark.real
def test_delivered_to_tells_the_token(mailbox: Dovecot) -> None:
    """A mail to the plus address lands in the INBOX and carries the address in Delivered-To."""
    mailbox.deliver(b"Subject: x\r\n\r\nx\r\n", recipient="seuranta+TOKEN@localhost")
    source = _dovecot_source(mailbox)
    scan = source.scan()[0]
    (mail,) = source.fetch(scan, scan.uids)
    source.close()

    assert b"Delivered-To: seuranta+TOKEN@localhost" in mail.raw
