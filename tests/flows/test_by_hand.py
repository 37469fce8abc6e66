"""What the coordinator decides by hand: more time, waivers, one more mail, rounds closed and opened again; and what ends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from reminder.domain.messages import MailKind, OutboxState
from reminder.domain.programme import Language
from reminder.domain.rounds import DateRule, StepKind
from reminder.errors import UsageFailure
from reminder.flows.by_hand import By, close_round, extend, remind, reopen_round, take_back, waive
from reminder.flows.decision_words import tell_overlays
from reminder.flows.need import Need
from reminder.flows.overtaken import OVERTAKEN, end_overtaken
from reminder.store import overlays
from reminder.store.events import load_events
from reminder.store.overlays import OverlayKind
from tests.flows.town import CULTURE, DIRECTOR, Town, numbers_in, text_of

PARTY = "kulttuuripaallikko"
ALL = ["1.1", "1.10", "3.8"]
WHY = "asked by phone"


def grant(town: Town, until: date, *, dry_run: bool = False) -> str:
    """More time for the culture manager."""
    return extend(town.house, town.round, PARTY, until=until, because=WHY, by=By(actor="tests"), dry_run=dry_run).said


def test_more_time_brings_a_ladder_of_its_own(town: Town) -> None:
    """Nothing goes out at the old deadline; the new one has its reminder, last call and overdue mail, whatever was sent before."""
    town.ask()
    town.go(date(2025, 2, 21))
    grant(town, date(2025, 3, 14))
    town.go(date(2025, 2, 26))
    town.go(date(2025, 2, 28))
    town.go(date(2025, 3, 3))
    before = [mail.raw for mail in town.sent(CULTURE) if b"X-Reminder-Kind: request" not in mail.raw]
    town.go(date(2025, 3, 7))
    town.go(date(2025, 3, 14))
    town.go(date(2025, 3, 17))

    assert len(before) == 1
    assert len(town.sent(CULTURE, MailKind.REMINDER)) == 2
    assert len(town.sent(CULTURE, MailKind.LAST_CALL)) == 1
    assert len(town.sent(CULTURE, MailKind.OVERDUE)) == 1
    assert "14.3.2025" in text_of(town.sent(CULTURE, MailKind.LAST_CALL)[0].raw)
    assert town.sent(DIRECTOR, MailKind.LAST_CALL), "the others keep their deadline"


def test_a_mail_about_the_old_deadline_never_leaves(town: Town) -> None:
    """It waited in the outbox when more time was given: cancelled, with its reason."""
    town.ask()
    town.move_to(StepKind.LAST_CALL)
    town.announce()
    grant(town, date(2025, 3, 14))
    town.clock.advance(timedelta(minutes=1))

    town.deliver()

    assert town.sent(CULTURE, MailKind.LAST_CALL) == []
    (row,) = town.rows(MailKind.LAST_CALL, recipient=CULTURE)
    assert (row.state, row.reason) == (OutboxState.CANCELLED, Need.OUTDATED.value)


def test_more_time_must_be_more(town: Town) -> None:
    """A day that is not later, a party that is asked for nothing: said, and nothing is changed."""
    town.ask()
    for until in (date(2025, 2, 28), date(2025, 2, 1)):
        with pytest.raises(UsageFailure, match="no more time"):
            grant(town, until)
    with pytest.raises(UsageFailure, match="asks koskelantalot-x for nothing"):
        extend(town.house, town.round, "koskelantalot-x", until=date(2025, 4, 1), because=WHY, by=By(actor="tests"))


def test_a_dry_run_changes_nothing_and_undo_takes_back(town: Town) -> None:
    """The same words, and no row; taken back, the old deadline is in force again."""
    town.ask()
    said = grant(town, date(2025, 3, 14), dry_run=True)
    assert town.progress(PARTY).deadline.due_on == date(2025, 2, 28)
    assert grant(town, date(2025, 3, 14)) == said
    assert town.progress(PARTY).deadline.due_on == date(2025, 3, 14)
    take_back(town.house, OverlayKind.EXTENSION, town.round, PARTY, by=By(actor="tests"))

    assert town.progress(PARTY).deadline.due_on == date(2025, 2, 28)
    with pytest.raises(UsageFailure, match="no such decision"):
        take_back(town.house, OverlayKind.EXTENSION, town.round, PARTY, by=By(actor="tests"))


def test_taking_back_is_about_that_party_and_that_action_alone(town: Town) -> None:
    """What was decided since for another party, or of another action, stays; where there is nothing of one's own, it is said so."""
    town.ask()
    other = "lukion-rehtori"
    grant(town, date(2025, 3, 14))
    extend(town.house, town.round, other, until=date(2025, 3, 21), because=WHY, by=By(actor="tests"))
    for number in ("1.10", "3.8"):
        waive(town.house, town.round, PARTY, number, because=WHY, by=By(actor="tests"))
    take_back(town.house, OverlayKind.EXTENSION, town.round, PARTY, by=By(actor="tests"))
    take_back(town.house, OverlayKind.WAIVER, town.round, PARTY, "1.10", by=By(actor="tests"))

    assert [town.progress(party).deadline.due_on for party in (PARTY, other)] == [date(2025, 2, 28), date(2025, 3, 21)]
    assert [action.number for action in town.progress(PARTY).missing] == ["1.1", "1.10"]
    with pytest.raises(UsageFailure, match="no such decision"):
        take_back(town.house, OverlayKind.EXTENSION, town.round, PARTY, by=By(actor="tests"))


def test_a_later_edit_of_the_file_ends_the_extension(town: Town) -> None:
    """The file moves the deadline: the extension ends, with what was said and is said now, and the file's day is in force (DESIGN 5)."""
    town.ask()
    grant(town, date(2025, 3, 14))
    assert end_overtaken(town.house) == ()
    moved = replace(town.round, schedule=replace(town.round.schedule, due=DateRule(base="2025-04-04")))
    town.house = replace(town.house, setup=replace(town.setup, rounds=(moved, *town.setup.rounds[1:])))
    with town.house.store.read() as conn:
        (told,) = tell_overlays(conn, town.setup, "en")

    (ended,) = end_overtaken(town.house)

    assert "this ends" in told
    assert (ended.was, ended.now) == ("2025-02-28", "2025-04-04")
    assert town.progress(PARTY).deadline.due_on == date(2025, 4, 4)
    with town.house.store.read() as conn:
        (event,) = load_events(conn, kinds=[OVERTAKEN])
        assert "2025-04-04" in event.document["because"]
        assert overlays.load_overlays(conn) == ()
    assert end_overtaken(town.house) == ()


def test_a_waived_action_is_not_asked_for(town: Town) -> None:
    """The reminder asks for the others; with all waived nothing goes out any more; a moved action ends its waiver."""
    town.ask()
    waive(town.house, town.round, PARTY, "1.10", because=WHY, by=By(actor="tests"))
    town.go(date(2025, 2, 21))
    (reminder,) = town.sent(CULTURE, MailKind.REMINDER)
    for number in ("1.1", "3.8"):
        waive(town.house, town.round, PARTY, number, because=WHY, by=By(actor="tests"))
    town.go(date(2025, 2, 28))

    assert numbers_in(reminder.raw, ALL) == {"1.1", "3.8"}
    assert town.sent(CULTURE, MailKind.LAST_CALL) == []
    with pytest.raises(UsageFailure, match="not asked for"):
        waive(town.house, town.round, PARTY, "1.10", because=WHY, by=By(actor="tests"))
    take_back(town.house, OverlayKind.WAIVER, town.round, PARTY, "3.8", by=By(actor="tests"))
    assert [action.number for action in town.progress(PARTY).missing] == ["3.8"]


@pytest.mark.fault("U4")
def test_a_reminder_by_hand_goes_once_and_takes_in_what_was_due(town: Town) -> None:
    """On a day without a step; a second one waits for nothing, since one is on its way; the next reminder of the schedule goes as usual."""
    town.ask()
    town.go(date(2025, 2, 19))
    assert town.sent(CULTURE, MailKind.REMINDER) == []
    remind(town.house, town.round, PARTY, because=WHY, by=By(actor="tests"))
    with pytest.raises(UsageFailure, match="waits already"):
        remind(town.house, town.round, PARTY, because=WHY, by=By(actor="tests"))
    town.announce()
    town.deliver()
    with pytest.raises(UsageFailure, match="written already"):
        take_back(town.house, OverlayKind.ADDED_STEP, town.round, PARTY, by=By(actor="tests"))
    town.announce()
    town.go(date(2025, 2, 21))

    assert len(town.sent(CULTURE, MailKind.REMINDER)) == 2
    assert len(town.sent(DIRECTOR, MailKind.REMINDER)) == 1


def test_a_reminder_by_hand_keeps_to_one_mail_a_day(town: Town) -> None:
    """On the day of the request it waits for the next working day; at night for the morning."""
    town.ask()
    remind(town.house, town.round, PARTY, because=WHY, by=By(actor="tests"))
    town.announce()
    assert town.rows(MailKind.REMINDER, recipient=CULTURE) == []
    town.go(date(2025, 2, 17))

    assert len(town.sent(CULTURE, MailKind.REMINDER)) == 1


def test_nobody_is_reminded_of_nothing(town: Town) -> None:
    """Not asked yet, or all reported: refused."""
    town.arm()
    with pytest.raises(UsageFailure, match="not been asked"):
        remind(town.house, town.round, PARTY, because=WHY, by=By(actor="tests"))
    town.ask()
    town.reply(CULTURE, "1.1: vihreä\n1.10: keltainen\n3.8: punainen")
    town.read()
    with pytest.raises(UsageFailure, match="reported everything"):
        remind(town.house, town.round, PARTY, because=WHY, by=By(actor="tests"))


def test_in_a_closed_round_nothing_goes_out_and_todays_answers_count(town: Town) -> None:
    """What waits is cancelled, what falls due is skipped; an answer of today counts, one of tomorrow is kept as late (I9)."""
    town.ask()
    town.move_to(StepKind.REMINDER)
    town.announce()
    close_round(town.house, town.round, because=WHY, by=By(actor="tests"))
    town.clock.advance(timedelta(minutes=1))
    town.deliver()
    town.reply(CULTURE, "1.1: vihreä")
    town.read()
    town.go(date(2025, 2, 24))
    town.reply(CULTURE, "1.10: vihreä")
    town.read()
    town.go(date(2025, 3, 3))

    assert town.sent(CULTURE, MailKind.REMINDER) == []
    (row,) = town.rows(MailKind.REMINDER, recipient=CULTURE)
    assert (row.state, row.reason) == (OutboxState.CANCELLED, Need.CLOSED.value)
    assert [fact.is_late for fact in town.facts()] == [False, True]
    assert town.sent("", MailKind.OVERDUE) == []
    with pytest.raises(UsageFailure, match="closed"):
        remind(town.house, town.round, PARTY, because=WHY, by=By(actor="tests"))


@pytest.mark.fault("U3")
def test_a_round_that_is_opened_again_goes_on_without_a_burst(town: Town) -> None:
    """What fell due while it was closed stays skipped; what comes next goes; undo closes it again as it was."""
    town.ask()
    close_round(town.house, town.round, because=WHY, by=By(actor="tests"))
    town.go(date(2025, 2, 21))
    town.go(date(2025, 2, 26))
    reopen_round(town.house, town.round, until=date(2025, 3, 31), because=WHY, by=By(actor="tests"))
    town.announce()
    town.deliver()
    assert town.sent(CULTURE, MailKind.REMINDER) == []
    town.go(date(2025, 2, 28))

    assert len(town.sent(CULTURE, MailKind.LAST_CALL)) == 1
    assert town.progress(PARTY).deadline.closes_on == date(2025, 3, 31)
    with pytest.raises(UsageFailure, match="is open until"):
        reopen_round(town.house, town.round, until=date(2025, 3, 31), because=WHY, by=By(actor="tests"))
    take_back(town.house, OverlayKind.CLOSING, town.round, by=By(actor="tests"))
    town.go(date(2025, 3, 3))
    assert town.sent(CULTURE, MailKind.OVERDUE) == []


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_decision_is_shown_in_a_line(town: Town, language: Language) -> None:
    """Kind, party, day, when and why; in the language of who asks."""
    town.ask()
    grant(town, date(2025, 3, 14))
    waive(town.house, town.round, PARTY, "1.10", because=WHY, by=By(actor="tests"))
    remind(town.house, town.round, PARTY, because=WHY, by=By(actor="tests"))
    close_round(town.house, town.round, because=WHY, by=By(actor="tests"))
    reopen_round(town.house, town.round, until=date(2025, 5, 30), because=WHY, by=By(actor="tests"))
    with town.house.store.read() as conn:
        lines = tell_overlays(conn, town.setup, language)

    assert len(set(lines)) == 5
    assert all(line.startswith("elinvoima/2024, ") and WHY in line for line in lines)
    assert "1.10" in lines[1]
