"""Approval: nothing of a kind leaves before the coordinator has seen the first mails of it and said yes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from reminder.domain.messages import MailKind, OutboxState
from reminder.domain.readings import InboundState
from reminder.domain.rounds import ApprovalPolicy, StepKind
from reminder.errors import UsageFailure
from reminder.flows import previewing
from reminder.flows.approval_views import list_waiting
from reminder.flows.approving import approve, choose_waiting, reject, write_anew
from reminder.flows.need import Need
from reminder.parse.message import read_mail
from reminder.store import approvals, events, outbox
from reminder.store.approvals import ApprovalState
from tests.flows.town import COORDINATOR, CULTURE, OFFICE, PRINCIPAL, Town, lines_of, numbers_in, text_of

DECISION_ANSWER = MailKind.ACKNOWLEDGEMENT
REQUESTS = 16


def ask_first(town: Town, policy: ApprovalPolicy = ApprovalPolicy.FIRST) -> None:
    """The town's rounds have this policy."""
    rounds = tuple(replace(one, approve=policy) for one in town.setup.rounds)
    town.house = replace(town.house, setup=replace(town.setup, rounds=rounds))


@pytest.fixture
def asked(town: Town) -> Town:
    """The requests have come due and wait; the coordinator has the preview."""
    ask_first(town)
    town.arm()
    town.move_to(StepKind.REQUEST)
    town.announce()
    town.deliver()
    return town


def answer(town: Town, words: str, *, sender: str = "", kind: MailKind = MailKind.PREVIEW) -> None:
    """Somebody replies to the newest preview, and all is read and sent."""
    town.clock.advance(timedelta(minutes=20))
    town.reply(COORDINATOR, words, sender=sender, kind=kind)
    town.read()
    town.deliver()


def test_nothing_of_a_kind_leaves_before_it_is_approved(asked: Town) -> None:
    """16 requests wait; what has left is one preview to the coordinator, and a pass a day later changes nothing."""
    asked.clock.advance(timedelta(days=3))
    asked.announce()
    asked.deliver()

    assert {row.state for row in asked.rows(MailKind.REQUEST)} == {OutboxState.WAITING_APPROVAL}
    assert len(asked.rows(MailKind.REQUEST)) == REQUESTS
    assert asked.sent(kind=MailKind.REQUEST) == []
    assert [mail.recipient for mail in asked.sent(kind=MailKind.PREVIEW)] == [COORDINATOR]


def test_the_preview_shows_one_mail_of_each_language_as_it_will_be_sent(asked: Town) -> None:
    """Its text and its HTML hold every line of the request in each language; how many follow, and for whom, stands above."""
    preview = asked.original(COORDINATOR, MailKind.PREVIEW)
    (shown,) = asked.sent(kind=MailKind.PREVIEW)
    mail = read_mail(shown.raw)
    text, html = "\n".join(part.text for part in mail.texts), "\n".join(mail.html)
    waiting = {row.language: row for row in reversed(asked.rows(MailKind.REQUEST))}

    assert preview.subject.startswith("Elinvoimaohjelma 2024–2027: 16 pyyntöä odottaa hyväksyntääsi")
    assert "Vastuutahot (17):" in text_of(shown.raw)
    assert set(waiting) == {"fi", "sv", "en"}
    with asked.house.store.read() as conn:
        from_outbox = {language: read_mail(outbox.load_raw(conn, row.id) or b"") for language, row in waiting.items()}
    for request in from_outbox.values():
        wanted = [line for part in request.texts for line in part.text.splitlines() if line.strip() and " / " not in line]
        assert [line for line in wanted if line not in text] == []
        assert request.subject in " ".join(text.split())
        assert all(line in html for line in wanted[-3:])


def test_nothing_in_the_preview_can_be_answered_in_a_partys_name(asked: Town) -> None:
    """The tokens of the shown requests, their addresses and their links are left out."""
    (shown,) = asked.sent(kind=MailKind.PREVIEW)
    mail = read_mail(shown.raw)
    everything = "\n".join([*(part.text for part in mail.texts), *mail.html])

    tokens = [row.message_id.strip("<>").partition("@")[0] for row in asked.rows(MailKind.REQUEST)]
    assert [token for token in tokens if token in everything] == []
    own = asked.original(COORDINATOR, MailKind.PREVIEW).reply_to.partition("@")[0].partition("+")[2]
    links = [part for part in everything.split('href="')[1:] if part.startswith("mailto:")]
    assert links
    assert all(own in link.partition('"')[0] for link in links)
    assert CULTURE not in everything


@pytest.mark.parametrize(
    "words", ["Hyväksyn.", "ok, lähetä", "godkänns", "Approved", "Hei!\n\nKiitos, hyväksyn.\n\nTerveisin\nkoordinaattori"]
)
def test_the_coordinators_yes_lets_the_very_same_bytes_go(asked: Town, words: str) -> None:
    """What was waiting when the preview was made is what the relay gets, byte for byte; the coordinator is told when."""
    with asked.house.store.read() as conn:
        waiting = {outbox.load_raw(conn, row.id) for row in asked.rows(MailKind.REQUEST)}

    answer(asked, words)

    assert {mail.raw for mail in asked.sent(kind=MailKind.REQUEST)} == waiting
    assert "Hyväksytty: 16 pyyntöä" in text_of(asked.sent(COORDINATOR, DECISION_ANSWER)[-1].raw)
    assert asked.inbox_states() == [InboundState.APPLIED]


def test_after_a_yes_later_mails_of_the_kind_leave_by_themselves(asked: Town) -> None:
    """One yes opens the reminders of the round; the second reminder is not asked about."""
    answer(asked, "hyväksyn")
    asked.move_to(StepKind.REMINDER)
    asked.announce()
    asked.deliver()
    assert asked.sent(kind=MailKind.REMINDER) == []
    answer(asked, "hyväksyn")
    first = len(asked.sent(kind=MailKind.REMINDER))

    asked.move_to(StepKind.REMINDER, 2)
    asked.announce()
    asked.deliver()

    assert first > 10
    assert len(asked.sent(kind=MailKind.REMINDER)) == 2 * first
    assert len(asked.sent(kind=MailKind.PREVIEW)) == 2


def test_with_all_every_mail_is_asked_about(town: Town) -> None:
    """`approve: all` asks again for the second reminder, and for the last call, which `first` lets go."""
    ask_first(town, ApprovalPolicy.ALL)
    town.arm()
    seen = []
    for kind, nth in ((StepKind.REQUEST, 1), (StepKind.REMINDER, 1), (StepKind.REMINDER, 2), (StepKind.LAST_CALL, 1)):
        town.move_to(kind, nth)
        town.announce()
        town.deliver()
        seen.append((kind.value, len(town.sent(kind=MailKind(kind.value)))))
        answer(town, "hyväksyn")

    assert [count for _, count in seen] == [0, 0, REQUESTS, 0]
    assert len(town.sent(kind=MailKind.PREVIEW)) == 4
    assert len(town.sent(kind=MailKind.LAST_CALL)) == REQUESTS


def test_a_no_stops_the_kind_and_says_how_to_go_on(asked: Town) -> None:
    """`älä lähetä`: nothing leaves, the answer names the command that writes the mails anew, and a later yes still counts."""
    answer(asked, "Älä lähetä, päivä on väärin.")
    told = text_of(asked.sent(COORDINATOR, DECISION_ANSWER)[-1].raw)
    stopped = asked.sent(kind=MailKind.REQUEST)

    answer(asked, "hyväksyn")

    assert stopped == []
    assert "Pysäytetty: 16 pyyntöä" in told
    assert "reminder approve elinvoima/2024 request --anew" in told
    assert len(asked.sent(kind=MailKind.REQUEST)) == REQUESTS


def test_a_no_after_a_yes_takes_back_what_has_not_left(asked: Town) -> None:
    """Approved at night, the mails leave in the morning; until then a no stops them."""
    asked.move_to_day(date(2025, 2, 14), time(22, 0))
    answer(asked, "hyväksyn")
    assert {row.state for row in asked.rows(MailKind.REQUEST)} == {OutboxState.QUEUED}

    answer(asked, "stoppa")
    asked.move_to_day(date(2025, 2, 17), time(9, 0))
    asked.announce()
    asked.deliver()

    assert asked.sent(kind=MailKind.REQUEST) == []
    assert {row.state for row in asked.rows(MailKind.REQUEST)} == {OutboxState.WAITING_APPROVAL}


def test_an_approval_at_night_waits_for_the_sending_window(asked: Town) -> None:
    """Friday evening's yes lets the mails go on Monday at eight, and the answer says so."""
    asked.move_to_day(date(2025, 2, 14), time(22, 0))

    answer(asked, "hyväksyn")
    told = text_of(asked.sent(COORDINATOR, DECISION_ANSWER)[-1].raw)
    at_night = asked.sent(kind=MailKind.REQUEST)
    asked.move_to_day(date(2025, 2, 17), time(8, 0))
    asked.deliver()

    assert at_night == []
    assert "ma 17.2.2025 klo 8.00" in told
    assert len(asked.sent(kind=MailKind.REQUEST)) == REQUESTS


@pytest.mark.parametrize("words", ["ok mutta korjaa päivä", "Hyväksyn huomenna.", "Mikä tämä on?", "send me the list"])
def test_doubt_sends_nothing_and_is_asked_back(asked: Town, words: str) -> None:
    """Neither a plain yes nor a plain no: nothing changes, and the coordinator is asked for one word."""
    answer(asked, words)

    assert asked.sent(kind=MailKind.REQUEST) == []
    assert asked.inbox_states() == [InboundState.ASKED_BACK]
    assert "Vastaa yhdellä sanalla" in text_of(asked.sent(COORDINATOR, DECISION_ANSWER)[-1].raw)


@pytest.mark.fault("A10")
@pytest.mark.parametrize("sender", [CULTURE, "joku@muualla.example"])
def test_only_a_listed_coordinator_can_approve(asked: Town, sender: str) -> None:
    """A forwarded preview with its token is worth nothing in other hands: it is held, and nobody is answered."""
    answer(asked, "hyväksyn", sender=sender)

    assert asked.sent(kind=MailKind.REQUEST) == []
    assert asked.inbox_states() == [InboundState.HELD]
    assert asked.sent(kind=DECISION_ANSWER) == []


@pytest.mark.fault("A10")
def test_words_of_the_preview_are_not_the_coordinators(asked: Town) -> None:
    """The preview says `hyväksyn` itself; quoted below a plain question it approves nothing."""
    quoted = "\n".join(f"> {line}" for line in lines_of(asked.sent(kind=MailKind.PREVIEW)[0].raw))
    answer(asked, f"Kuka näitä lukee?\n\n{quoted}")
    assert asked.sent(kind=MailKind.REQUEST) == []

    answer(asked, f"Hyväksyn.\n\n{quoted}")
    assert len(asked.sent(kind=MailKind.REQUEST)) == REQUESTS


@pytest.mark.fault("A10")
def test_a_coordinator_without_the_token_approves_nothing(asked: Town) -> None:
    """A new mail of the coordinator that says yes is no answer to a preview."""
    original = asked.original(COORDINATOR, MailKind.PREVIEW)
    bare = replace(original, reply_to=OFFICE, message_id="<other@suvikoski.example>", subject="hyväksyn")
    asked.source.deliver(asked.write_reply(bare, "hyväksyn"), when=asked.clock.now())
    asked.read()
    asked.deliver()

    assert asked.sent(kind=MailKind.REQUEST) == []
    assert asked.inbox_states() == [InboundState.HELD]


def test_a_second_yes_changes_nothing(asked: Town) -> None:
    """The decision is taken once; the second answer says that nothing waits any more."""
    answer(asked, "hyväksyn")
    answer(asked, "hyväksyn")

    assert len(asked.sent(kind=MailKind.REQUEST)) == REQUESTS
    assert "ei enää odota" in text_of(asked.sent(COORDINATOR, DECISION_ANSWER)[-1].raw)
    with asked.house.store.read() as conn:
        assert [event.kind for event in events.load_events(conn) if event.kind.startswith("preview")] == ["preview_approved"]


def test_who_answers_while_a_reminder_waits_is_not_reminded(asked: Town) -> None:
    """The lycée answers everything between preview and yes: its reminder is cancelled, the others leave."""
    answer(asked, "hyväksyn")
    asked.move_to(StepKind.REMINDER)
    asked.announce()
    asked.deliver()
    asked.reply(PRINCIPAL, "2.1: vihreä, valmis")
    asked.read()

    answer(asked, "hyväksyn")

    (row,) = asked.rows(MailKind.REMINDER, recipient=PRINCIPAL)
    assert (row.state, row.reason) == (OutboxState.CANCELLED, Need.ANSWERED.value)
    assert asked.sent(PRINCIPAL, MailKind.REMINDER) == []


def test_a_mail_that_has_changed_since_the_yes_is_asked_about_again(asked: Town) -> None:
    """Culture answers a part while its reminder waits: its renewed text does not leave on the yes that was given to the old one."""
    answer(asked, "hyväksyn")
    asked.move_to(StepKind.REMINDER)
    asked.announce()
    asked.deliver()
    asked.reply(CULTURE, "1.1: vihreä, valmis")
    asked.read()

    answer(asked, "hyväksyn")
    before = asked.sent(CULTURE, MailKind.REMINDER)
    asked.announce()
    asked.deliver()
    again = text_of(asked.sent(kind=MailKind.PREVIEW)[-1].raw)
    answer(asked, "hyväksyn")

    assert before == []
    assert "Olet hyväksynyt sen kerran, mutta sisältö on sen jälkeen muuttunut" in again
    (sent,) = asked.sent(CULTURE, MailKind.REMINDER)
    assert numbers_in(sent.raw, ["1.1", "1.10", "3.8"]) == {"1.10", "3.8"}


def test_what_waits_past_its_date_expires(asked: Town) -> None:
    """A reminder that nobody approves is out of date after its deadline; the kind is asked about anew the next time."""
    answer(asked, "hyväksyn")
    asked.move_to(StepKind.REMINDER)
    asked.announce()
    asked.move_to(StepKind.OVERDUE)
    asked.deliver()

    assert {row.state for row in asked.rows(MailKind.REMINDER)} == {OutboxState.EXPIRED}
    with asked.house.store.read() as conn:
        assert {one.state for one in approvals.load_approvals(conn)} == {ApprovalState.APPROVED, ApprovalState.EXPIRED}
        assert [count for _, count in approvals.load_expired(conn, asked.clock.now() - timedelta(days=7))] == [REQUESTS]


def test_an_older_mail_that_waits_gives_way_to_a_newer_one(asked: Town) -> None:
    """Requests that nobody approved are replaced by the reminders: one yes never brings a person two mails of one duty."""
    asked.move_to(StepKind.REMINDER)
    asked.announce()
    asked.deliver()

    answer(asked, "hyväksyn")

    assert {row.state for row in asked.rows(MailKind.REQUEST)} == {OutboxState.CANCELLED}
    assert len(asked.sent(CULTURE)) == 1


def test_written_anew_the_mails_are_shown_again(asked: Town) -> None:
    """After a no, `--anew` makes the mails from the files as they are now, and asks again under a new token."""
    answer(asked, "älä lähetä")
    office = replace(asked.setup.office, phone="044 000 0000")
    asked.house = replace(asked.house, setup=replace(asked.setup, office=office))
    now = asked.clock.now()
    with asked.house.store.read() as conn:
        (held,) = list_waiting(conn, asked.house, now)
    written = write_anew(asked.house, held, now)
    asked.announce()
    asked.deliver()
    answer(asked, "hyväksyn")

    assert written == REQUESTS
    assert "Olet hyväksynyt" not in text_of(asked.sent(kind=MailKind.PREVIEW)[-1].raw)
    assert all("044 000 0000" in text_of(mail.raw) for mail in asked.sent(kind=MailKind.REQUEST))
    assert len(asked.sent(kind=MailKind.REQUEST)) == REQUESTS


def test_an_edit_to_none_lets_what_waits_go(asked: Town) -> None:
    """Where the files no longer ask for an approval, nothing waits for one."""
    ask_first(asked, ApprovalPolicy.NONE)
    asked.announce()
    asked.deliver()

    assert len(asked.sent(kind=MailKind.REQUEST)) == REQUESTS


def test_a_crash_between_the_mails_and_the_preview_is_made_good(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after the mails were written and before the preview: the next pass shows it, once."""
    ask_first(town)
    town.arm()
    town.move_to(StepKind.REQUEST)

    def die(*args: Any, **rest: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(previewing, "compose_approval", die)
    with pytest.raises(KeyboardInterrupt):
        town.announce()
    monkeypatch.undo()
    assert (len(town.rows(MailKind.REQUEST)), town.rows(MailKind.PREVIEW)) == (REQUESTS, [])

    town.announce()
    town.announce()

    assert len(town.rows(MailKind.PREVIEW)) == 1


@pytest.mark.parametrize("decide", [approve, reject])
def test_a_decision_is_one_transaction(asked: Town, decide: Callable[..., object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed on the way, neither the word nor a single mail has changed."""

    def die(*args: Any, **rest: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(events, "append_event", die)
    with pytest.raises(KeyboardInterrupt), asked.house.store.begin() as conn:
        decide(conn, asked.house, 1, "tests", asked.clock.now())

    assert {row.state for row in asked.rows(MailKind.REQUEST)} == {OutboxState.WAITING_APPROVAL}
    with asked.house.store.read() as conn:
        assert [one.state for one in approvals.load_approvals(conn)] == [ApprovalState.WAITING]


def test_who_waits_for_approval_has_warned_nobody(town: Town) -> None:
    """Overdue mails that wait, or that waited too long, count neither as a warning nor as told (with `all` they are asked about)."""
    ask_first(town, ApprovalPolicy.ALL)
    town.arm()
    town.move_to(StepKind.OVERDUE)
    town.announce()

    with town.house.store.read() as conn:
        waiting = outbox.load_late_mails(conn)
    town.deliver()
    answer(town, "hyväksyn")
    with town.house.store.read() as conn:
        warned = outbox.load_late_mails(conn)

    assert waiting == ()
    assert len(warned) == 17
    assert {mail.decided_at for mail in warned} == {town.clock.now()}


def test_choosing_what_waits_names_what_does(asked: Town) -> None:
    """A kind of which nothing waits is a wrong use, and the advice says what does wait."""
    with asked.house.store.read() as conn:
        held = list_waiting(conn, asked.house, asked.clock.now())

    assert [one.approval.kind for one in choose_waiting(held, asked.round, None)] == [StepKind.REQUEST]
    with pytest.raises(UsageFailure) as refused:
        choose_waiting(held, asked.round, StepKind.NOTICE)
    assert "elinvoima/2024 request" in refused.value.advice
