"""Member surveys: who is asked and reminded, what counts, and what is left of an anonymous reply."""

from __future__ import annotations

import html
from dataclasses import replace
from datetime import date, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from typing import Literal

import pytest
import structlog
from sqlalchemy import text

from reminder.domain.messages import MailKind
from reminder.domain.programme import LANGUAGES, Language
from reminder.domain.readings import InboundState
from reminder.domain.surveys import SHOWN_FROM
from reminder.flows.counting import write_receipt
from reminder.flows.deliver import deliver
from reminder.flows.interpret import interpret_pending
from reminder.flows.shredding import shred
from reminder.flows.survey_results import tell_surveys
from reminder.flows.surveying import survey
from reminder.parse.message import read_mail
from reminder.service.logs import configure_logs
from reminder.store.events import load_events
from reminder.store.surveys import load_answered, load_tally
from reminder.wire.mailto import read_mailto
from tests.flows.surveys import CLOSES, MEMBERS, REQUEST, ROUND, answer, ask, result, survey_round, with_survey
from tests.flows.town import Town, text_of

CANARY = "kanarialintu-kertoo-kaiken"


@pytest.fixture
def asked(town: Town) -> Town:
    """The anonymous survey has gone out."""
    with_survey(town)
    ask(town)
    return town


def test_everybody_is_asked_once_and_in_the_same_words(asked: Town) -> None:
    """Nine mails, alike but for what names the one mail; the second pass sends nothing."""
    mails = asked.sent(kind=MailKind.SURVEY)
    assert sorted(mail.recipient for mail in mails) == [member.address for member in MEMBERS]
    words = {text_of(mail.raw).rpartition("Viite:")[0] for mail in mails}
    assert len(words) == 1
    assert "Kysely on nimetön." in words.pop()
    assert not ask(asked).messages


def test_only_who_has_not_answered_is_reminded(asked: Town) -> None:
    """Two answer; the reminder goes to the seven others, and the later one to those who are left."""
    answer(asked, 1, "1: 4\n2: kyllä\n3: vihreä")
    answer(asked, 2, "1: 3")
    before = len(asked.sent(kind=MailKind.SURVEY))
    ask(asked, date(2025, 3, 10))
    reminded = asked.sent(kind=MailKind.SURVEY)[before:]
    assert {mail.recipient for mail in reminded} == {member.address for member in MEMBERS[2:]}
    assert "emme ole vielä saaneet vastaustasi" in text_of(reminded[0].raw)


def test_who_answers_while_the_reminder_waits_is_not_reminded(asked: Town) -> None:
    """The last look before a mail leaves sees the answer."""
    asked.move_to_day(date(2025, 3, 10))
    survey(asked.house)
    answer(asked, 1, "1: 4")
    before = len(asked.sent(kind=MailKind.SURVEY))
    deliver(asked.house)
    assert MEMBERS[0].address not in {mail.recipient for mail in asked.sent(kind=MailKind.SURVEY)[before:]}


def test_results_are_shown_from_five_answers_on(asked: Town) -> None:
    """Four answers show nothing but their number, five all but a question that four have answered."""
    for number in range(1, SHOWN_FROM):
        answer(asked, number, f"1: {number}\n2: kyllä\n3: keltainen\n4: Enemmän kentälle {number}.")
    assert (result(asked).answered, result(asked).asked, result(asked).questions) == (4, 9, ())
    answer(asked, SHOWN_FROM, "1: 5\n2: ei\n3: vihreä")
    five, yes_no, light, words = result(asked).questions
    assert dict(five.counts) == {"1": 1, "2": 1, "3": 1, "4": 1, "5": 1}
    assert five.mean == 3
    assert dict(yes_no.counts) == {"yes": 4, "no": 1}
    assert dict(light.counts) == {"green": 1, "yellow": 4, "red": 0}
    assert (words.answered, words.is_shown, words.texts) == (4, False, ())


def test_an_anonymous_reply_leaves_only_that_somebody_has_answered(asked: Town) -> None:
    """No row of any table holds its words but the tally; the mail is off the server, and its row gone."""
    answer(asked, 1, f"1: 4\n4: {CANARY}\n\nTerveisin\nJäsen1 Koetinen1")
    deliver(asked.house)
    shred(asked.house)
    with asked.house.store.read() as conn:
        assert load_tally(conn, "elinvoima", ROUND).texts == {"sana": (CANARY,)}
        assert len(load_answered(conn, "elinvoima", ROUND)) == 1
        for table in ("inbound", "inbound_body", "reading", "sign", "shredding"):
            assert conn.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0, table
        assert not load_events(conn)
    assert not asked.source.scan()[0].uids
    assert not asked.source.processed
    raws = asked.rows(MailKind.SURVEY_RECEIPT)
    assert len(raws) == 1
    with asked.house.store.read() as conn:
        left = conn.execute(text("SELECT raw, spans, envelope_recipient FROM message_body WHERE message = :m"), {"m": raws[0].id}).one()
    assert tuple(left) == (b"", "[]", "")


def test_the_receipt_quotes_nothing(asked: Town) -> None:
    """Neither an answer nor their subject; it says that nothing can be corrected."""
    answer(asked, 1, f"1: 4\n4: {CANARY}")
    asked.deliver()
    (receipt,) = asked.sent(kind=MailKind.SURVEY_RECEIPT)
    said = text_of(receipt.raw)
    assert receipt.recipient == MEMBERS[0].address
    assert "eikä vastausta voi enää muuttaa" in said
    assert CANARY.encode() not in receipt.raw
    assert b"VS:" not in receipt.raw
    assert b".tests@" not in receipt.raw  # the Message-ID of their mail


def test_a_second_answer_changes_nothing_and_is_told_so(asked: Town) -> None:
    """Also where it replies to the receipt."""
    answer(asked, 1, "1: 4")
    asked.deliver()
    answer(asked, 1, "1: 1", kind=MailKind.SURVEY_RECEIPT)
    asked.deliver()
    with asked.house.store.read() as conn:
        assert load_tally(conn, "elinvoima", ROUND).counts == {"seuranta": {"4": 1}}
    assert "olet jo vastannut" in text_of(asked.sent(kind=MailKind.SURVEY_RECEIPT)[-1].raw)
    assert not asked.source.processed


def test_an_unclear_answer_counts_nothing_and_is_asked_again(asked: Town) -> None:
    """The receipt names the question by its number, and the form stands in it; the second try counts."""
    answer(asked, 1, "1: 4\n2: kyllä ja ei\n4: " + CANARY)
    asked.deliver()
    said = text_of(asked.sent(kind=MailKind.SURVEY_RECEIPT)[-1].raw)
    assert "Vastausta kysymykseen 2 emme ymmärtäneet" in said
    assert CANARY not in said
    assert result(asked).answered == 0
    answer(asked, 1, "1: 4\n2: ei", kind=MailKind.SURVEY_RECEIPT)
    assert result(asked).answered == 1


def test_a_stranger_is_not_counted_and_who_was_asked_is_told(asked: Town) -> None:
    """The mail goes all the same, since it may well be the member's own."""
    answer(asked, 1, f"1: 4\n4: {CANARY}", sender="koti@posti.example")
    asked.deliver()
    (receipt,) = asked.sent(kind=MailKind.SURVEY_RECEIPT)
    assert receipt.recipient == MEMBERS[0].address
    assert "Sitä ei laskettu mukaan" in text_of(receipt.raw)
    assert result(asked).answered == 0
    shred(asked.house)
    assert not asked.source.scan()[0].uids


def test_what_comes_after_the_last_day_is_destroyed_uncounted(asked: Town) -> None:
    """And told."""
    asked.move_to_day(CLOSES + timedelta(days=1))
    answer(asked, 1, "1: 4")
    asked.deliver()
    assert "on jo päättynyt" in text_of(asked.sent(kind=MailKind.SURVEY_RECEIPT)[-1].raw)
    assert result(asked).answered == 0


def test_a_promise_outlives_an_edit_of_the_files(asked: Town) -> None:
    """The files say meanwhile that the survey is not anonymous; those who were promised it are destroyed all the same."""
    with_survey(asked, anonymous=False)
    answer(asked, 1, f"4: {CANARY}")
    shred(asked.house)
    assert not asked.source.scan()[0].uids
    with asked.house.store.read() as conn:
        assert conn.execute(text("SELECT count(*) FROM survey_answer")).scalar() == 0
        assert conn.execute(text("SELECT count(*) FROM inbound")).scalar() == 0


def test_a_copy_under_another_number_goes_too(asked: Town) -> None:
    """The same mail twice in the mailbox: counted once, and both copies are deleted, whenever the second one was seen."""
    raw = asked.reply(MEMBERS[0].address, f"1: 4\n4: {CANARY}", kind=MailKind.SURVEY)
    asked.source.deliver(raw, when=asked.clock.now())
    asked.read()
    asked.source.deliver(raw, when=asked.clock.now())
    asked.read()
    shred(asked.house)
    assert result(asked).answered == 1
    assert not asked.source.scan()[0].uids
    assert not asked.source.processed


def test_new_numbers_on_the_server_leave_no_copy(asked: Town) -> None:
    """UIDVALIDITY changes between counting and deleting: the mail is read anew, counts nothing, and is deleted by its new number."""
    asked.reply(MEMBERS[0].address, "1: 4", kind=MailKind.SURVEY)
    asked.read()
    asked.source.renumber()
    asked.read()
    shred(asked.house)
    assert result(asked).answered == 1
    assert not asked.source.scan()[0].uids
    with asked.house.store.read() as conn:
        assert conn.execute(text("SELECT count(*) FROM inbound")).scalar() == 0


def test_killed_while_it_counts_it_is_counted_once(asked: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The transaction breaks after the tally was written: nothing of it stays, and the next pass counts it."""
    asked.reply(MEMBERS[0].address, "1: 4", kind=MailKind.SURVEY)

    def die(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("reminder.flows.counting.write_receipt", die)
    with pytest.raises(KeyboardInterrupt):
        asked.read()
    assert result(asked).answered == 0
    monkeypatch.setattr("reminder.flows.counting.write_receipt", write_receipt)
    interpret_pending(asked.house)
    interpret_pending(asked.house)
    assert result(asked).answered == 1


def test_killed_between_the_server_and_the_row_it_is_done_again(asked: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Deleted on the server and not noted: the next pass finds nothing there, and the row goes."""
    answer(asked, 1, "1: 4")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("reminder.flows.shredding.forget_inbound", die)
        with pytest.raises(KeyboardInterrupt):
            shred(asked.house)
    assert not asked.source.scan()[0].uids
    shred(asked.house)
    with asked.house.store.read() as conn:
        assert conn.execute(text("SELECT count(*) FROM inbound")).scalar() == 0
    assert result(asked).answered == 1


def test_an_absence_note_is_no_answer_and_stays(asked: Town) -> None:
    """What a machine answers is read as ever, and nobody is told that they have answered."""
    original = asked.original(MEMBERS[0].address, MailKind.SURVEY)
    raw = asked.write_reply(original, "Olen lomalla 14.3. asti.").replace(b"Subject: VS:", b"Auto-Submitted: auto-replied\r\nSubject: VS:")
    asked.source.deliver(raw, when=asked.clock.now())
    asked.read()
    assert asked.inbox_states() == [InboundState.IGNORED]
    assert result(asked).answered == 0


def test_a_named_survey_is_recorded_and_corrected(town: Town) -> None:
    """The mail is kept, the receipt repeats the answers, and what was said last of each question counts."""
    with_survey(town, anonymous=False)
    ask(town)
    answer(town, 1, "1: 4\n2: kyllä\n4: Hyvä näin.")
    answer(town, 1, "Korjaan:\n1: 2", kind=MailKind.SURVEY_RECEIPT) if town.deliver() else None
    town.deliver()
    said = text_of(town.sent(kind=MailKind.SURVEY_RECEIPT)[0].raw)
    assert "kyllä" in said
    assert "Hyvä näin." in said
    five, yes_no, *_ = result(town).questions
    assert dict(five.counts)["2"] == 1
    assert five.answered == 1
    assert dict(yes_no.counts)["yes"] == 1
    assert town.inbox_states() == [InboundState.APPLIED, InboundState.APPLIED]


def test_a_strangers_answer_to_a_named_survey_waits(town: Town) -> None:
    """For a person, as any other mail of a stranger."""
    with_survey(town, anonymous=False)
    ask(town)
    answer(town, 1, "1: 4", sender="koti@posti.example")
    assert town.inbox_states() == [InboundState.HELD]
    assert result(town).answered == 0


def test_a_member_who_has_left_is_neither_reminded_nor_counted(asked: Town) -> None:
    """The files name eight of the nine."""
    one = asked.setup.surveys[0]
    assert one.survey is not None
    fewer = replace(one, survey=replace(one.survey, people=MEMBERS[1:]))
    asked.house = replace(asked.house, setup=replace(asked.setup, surveys=(fewer,)))
    answer(asked, 1, "1: 4")
    assert (result(asked).asked, result(asked).answered) == (8, 0)


def test_nothing_goes_out_before_its_day_or_at_night(town: Town) -> None:
    """The sending window holds for surveys too."""
    with_survey(town)
    assert not ask(town, REQUEST - timedelta(days=3)).messages
    town.clock.set(town.setup.calendar.at(REQUEST, town.setup.surveys[0].window.closes) + timedelta(hours=3))
    assert not survey(town.house).messages


def test_the_digest_says_how_many_and_never_who(asked: Town) -> None:
    """In each language, while the survey is open."""
    answer(asked, 3, "1: 4")
    answer(asked, 7, "1: 2")
    (round_,) = asked.setup.surveys
    with asked.house.store.read() as conn:
        told = {language: list(tell_surveys(conn, asked.setup, round_, language, asked.clock.now())) for language in LANGUAGES}
        late = list(tell_surveys(conn, asked.setup, round_, "fi", asked.clock.now() + timedelta(days=90)))
    assert told["fi"] == ["Kysely Jaoston itsearviointi 2024: 2/9 on vastannut."]
    assert [len(lines) for lines in told.values()] == [1, 1, 1]
    assert late == []


def test_the_log_is_emptied_after_the_counting(asked: Town) -> None:
    """While the service goes on, with its connections open: the write-ahead log holds nothing of the reply, nor does the file."""
    path = asked.house.store.path
    assert path is not None
    answer(asked, 1, f"1: 4\n2: {CANARY}x\n4: {CANARY}")
    assert CANARY.encode() in path.with_name(f"{path.name}-wal").read_bytes()
    shred(asked.house)
    log = path.with_name(f"{path.name}-wal")
    assert CANARY.encode() not in (log.read_bytes() if log.exists() else b"")
    shred(asked.house)
    assert path.read_bytes().count(CANARY.encode()) == 0  # the answer to 2 was unclear, so nothing was counted


@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_of_a_reply_is_in_the_log_of_the_program(
    form: Literal["text", "json"], asked: Town, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not even where the database refuses what was to be written, and the refusal is logged with its traceback."""
    answer(asked, 1, f"1: 4\n4: {CANARY}")
    with asked.house.store.begin() as conn:
        conn.execute(text("CREATE TRIGGER refuse BEFORE UPDATE ON survey_tally BEGIN SELECT RAISE(ABORT, 'refused'); END"))
    configure_logs(form)
    try:
        answer(asked, 2, f"1: 4\n4: {CANARY}")
    finally:
        structlog.reset_defaults()
    out, err = capfd.readouterr()
    assert "refused" in out + err
    assert CANARY not in out + err
    with asked.house.store.read() as conn:
        (error,) = conn.execute(text("SELECT error FROM inbound WHERE attempts > 0 AND state = 'captured'")).scalars()
    assert "refused" in error
    assert CANARY not in error


@pytest.mark.parametrize(
    ("language", "typed"),
    [("fi", ("4", "kyllä", "keltainen")), ("sv", ("4", "ja", "gul")), ("en", ("4", "yes", "yellow"))],
)
def test_the_button_opens_a_form_that_is_read(language: Language, typed: tuple[str, ...], town: Town) -> None:
    """What the link in the page holds, filled in on a phone and sent as a mail of its own, without any quotation or thread."""
    with_survey(town)
    one = survey_round()
    assert one.survey is not None
    people = tuple(replace(member, language=language) for member in MEMBERS)
    town.house = replace(town.house, setup=replace(town.setup, surveys=(replace(one, survey=replace(one.survey, people=people)),)))
    ask(town)
    page = read_mail(town.sent(MEMBERS[0].address, MailKind.SURVEY)[-1].raw).html[0]
    to, subject, body = read_mailto("mailto:" + html.unescape(page.partition('href="mailto:')[2].partition('"')[0]))
    lines = body.split("\n")
    labels = [place for place, line in enumerate(lines) if line.endswith((": ", ":"))]
    assert len(labels) == 4
    for place, words in zip(labels, (*typed, "Enemmän kentälle."), strict=True):
        lines[place] = f"{lines[place].rstrip()} {words}"
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = MEMBERS[0].address, to, subject
    mail.set_content("\n".join(lines) + "\n\nLähetetty iPhonesta\n")
    town.source.deliver(bytes(mail), when=town.clock.now())
    town.read()
    with town.house.store.read() as conn:
        tally = load_tally(conn, "elinvoima", ROUND)
    assert tally.counts == {"seuranta": {"4": 1}, "aika": {"yes": 1}, "suunta": {"yellow": 1}}
    assert tally.texts == {"sana": ("Enemmän kentälle.",)}
