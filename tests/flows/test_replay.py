"""Replay: today's parser reads again what an older one read; what changes is shown first, and then done mail by mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete

from reminder.domain.assessments import Assessment, TrafficLight, latest
from reminder.domain.messages import MailKind
from reminder.domain.readings import Answer, AskBack, AskReason, InboundState, Reading, ReadingCause, ReadingKind, Verdict
from reminder.domain.senders import Handling, SenderRules
from reminder.errors import UsageFailure
from reminder.flows import replay as replaying
from reminder.flows.replay import MailChange, ReplayOutcome, count_older, find_mails, foresee, replay
from reminder.parse import PARSER_VERSION
from reminder.store import inbox, people, reports
from reminder.store.overlays import OverlayKind, load_overlays
from reminder.store.schema import inbound_body
from tests.flows.misreading import read_as_older_parser
from tests.flows.town import CULTURE, PRINCIPAL, Town


def as_red(reading: Reading) -> Reading:
    """Every light is misread as red."""
    return replace(reading, answers=tuple(replace(answer, light=TrafficLight.RED) for answer in reading.answers))


def as_nothing(reading: Reading) -> Reading:
    """No answer is understood, and the first is asked back."""
    asks = tuple(AskBack(number=one.item.number, reason=AskReason.NO_LIGHT, item=one.item) for one in reading.answers[:1])
    return replace(reading, answers=(), ask_back=asks, verdict=Verdict.ASKED_BACK)


def as_seen(change: MailChange) -> list[tuple[str, TrafficLight | None, TrafficLight | None, str]]:
    """Per action the light before and after."""
    return [
        (one.number, one.before.light if one.before else None, one.after.light if one.after else None, one.note) for one in change.actions
    ]


def replay_all(town: Town, *, acknowledge: bool = False) -> list[MailChange]:
    """What the command does without ids."""
    return list(replay(town.house, find_mails(town.house), acknowledge=acknowledge))


def light_of(town: Town) -> TrafficLight | None:
    """The one light that counts."""
    (fact,) = latest(town.facts()).values()
    return fact.light


def test_what_would_change_is_told_and_nothing_is_done(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Old and new, side by side; the facts, the state and the parser stay as they are."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä, valmis")
    read_as_older_parser(town, monkeypatch, as_red)

    (change,) = foresee(town.house, find_mails(town.house))

    assert (change.outcome, as_seen(change)) == (ReplayOutcome.CHANGED, [("1.1", TrafficLight.RED, TrafficLight.GREEN, "")])
    assert light_of(town) is TrafficLight.RED
    with town.house.store.read() as conn:
        assert count_older(conn) == 1


def test_a_replay_puts_the_new_reading_in_the_place_of_the_old_and_writes_to_nobody(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new light counts at the time of the mail, the old one stays in the history, and repeated nothing is left to do."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä, valmis")
    received = town.clock.now()
    read_as_older_parser(town, monkeypatch, as_red)
    written = len(town.rows(MailKind.ACKNOWLEDGEMENT))
    town.clock.advance(timedelta(days=2))

    replay_all(town)

    (fact,) = town.facts()
    assert (fact.light, fact.received_at, fact.actor[:1]) == (TrafficLight.GREEN, received, "p")
    with town.house.store.read() as conn:
        history = reports.load_assessments(conn, with_superseded=True)
        newest = inbox.load_readings(conn, 1)[0]
        assert count_older(conn) == 0
    assert [(one.light, one.is_superseded) for one in history] == [(TrafficLight.RED, True), (TrafficLight.GREEN, False)]
    assert (newest.generation, newest.cause, newest.parser_version) == (1, ReadingCause.REPLAY, PARSER_VERSION)
    assert len(town.rows(MailKind.ACKNOWLEDGEMENT)) == written
    assert replay_all(town) == []


def test_a_mail_that_reads_the_same_gets_the_new_version_and_no_new_facts(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is superseded by itself."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä, valmis")
    read_as_older_parser(town, monkeypatch)

    (change,) = replay_all(town)

    assert change.outcome is ReplayOutcome.SAME
    with town.house.store.read() as conn:
        assert len(reports.load_assessments(conn, with_superseded=True)) == 1
        assert [(one.generation, one.parser_version) for one in inbox.load_readings(conn, 1)] == [(0, PARSER_VERSION)]


def test_an_old_mail_that_is_read_again_does_not_overrule_a_later_one(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of a fact is that of its mail (I4): the later yellow still counts, and the change says so."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    read_as_older_parser(town, monkeypatch, as_red)
    town.clock.advance(timedelta(hours=1))
    town.reply(CULTURE, "1.1: keltainen")
    town.read()

    (change,) = replay_all(town)

    assert as_seen(change) == [("1.1", TrafficLight.RED, TrafficLight.GREEN, "later")]
    assert light_of(town) is TrafficLight.YELLOW


def test_what_a_person_recorded_by_hand_stands(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The coordinator recorded yellow before the mail came; the light that the mail turns out to hold is told and not taken."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    read_as_older_parser(town, monkeypatch, as_nothing)
    by_hand = Assessment(
        programme="elinvoima",
        round=town.round.id,
        party="kulttuuripaallikko",
        action="nayteikkunat",
        light=TrafficLight.YELLOW,
        received_at=town.clock.now() - timedelta(hours=2),
    )
    with town.house.store.begin() as conn:
        reports.record_assessments(conn, [by_hand], source="command:1", now=town.clock.now())

    (change,) = replay_all(town)

    assert as_seen(change) == [("1.1", None, TrafficLight.GREEN, "by_hand")]
    assert light_of(town) is TrafficLight.YELLOW


def test_the_sender_is_told_where_that_is_asked_for(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The question that went out for the old reading does not keep the acknowledgement of the new one back."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä, valmis")
    read_as_older_parser(town, monkeypatch, as_nothing)
    town.deliver()

    (change,) = replay_all(town, acknowledge=True)

    assert (change.was, change.becomes, change.acknowledged) == ("asked_back", "applied", 1)
    assert len(town.rows(MailKind.ACKNOWLEDGEMENT, recipient=CULTURE)) == 2


def test_a_question_that_nobody_is_sent_waits_for_a_person(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old parser took a light that was not there: it is withdrawn, and a person sees the mail."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä tai keltainen")

    def as_green(reading: Reading) -> Reading:
        asked = reading.ask_back[0].item
        assert asked is not None
        return replace(reading, ask_back=(), verdict=Verdict.APPLIED, answers=(Answer(item=asked, light=TrafficLight.GREEN),))

    read_as_older_parser(town, monkeypatch, as_green)

    (change,) = replay_all(town)

    assert as_seen(change) == [("1.1", TrafficLight.GREEN, None, "")]
    assert change.new_questions == (("1.1", "two_lights"),)
    assert town.inbox_states() == [InboundState.HELD]
    assert town.facts() == ()


def test_a_contact_who_has_left_has_still_said_what_they_said(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may speak was judged when the mail came: today's contacts do not turn an answer of then into a stranger's."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä", sender="kulttuuri@example.test")
    town.reply(CULTURE, "1.1: vihreä")
    read_as_older_parser(town, monkeypatch, as_red)
    town.remove_contact("kulttuuripaallikko")

    changes = replay_all(town)

    assert [as_seen(change) for change in changes if change.actions] == [[("1.1", TrafficLight.RED, TrafficLight.GREEN, "")]]
    assert light_of(town) is TrafficLight.GREEN
    assert [change.becomes for change in changes] == ["held", "applied"]


def test_a_stricter_setting_takes_nothing_back(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """What counted when it came counts, though `answers_from` would hold it today."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    read_as_older_parser(town, monkeypatch, as_red)
    town.set_senders(SenderRules(contact=Handling.HOLD))

    (change,) = replay_all(town)

    assert as_seen(change) == [("1.1", TrafficLight.RED, TrafficLight.GREEN, "")]
    assert light_of(town) is TrafficLight.GREEN


def test_what_is_gone_is_told(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """An erased sender is read as one of theirs, a mail without its bytes is passed over; neither stops the others."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    town.clock.advance(timedelta(seconds=1))
    town.reply(PRINCIPAL, "2.1: keltainen")
    read_as_older_parser(town, monkeypatch, as_red)
    with town.house.store.begin() as conn:
        people.erase_person(conn, people.load_persons(conn)[PRINCIPAL], town.clock.now())
        conn.execute(delete(inbound_body).where(inbound_body.c.inbound == 1))

    gone, erased = replay_all(town)

    assert (gone.outcome, "no longer kept" in gone.why) == (ReplayOutcome.SKIPPED, True)
    assert (erased.outcome, erased.notes) == (ReplayOutcome.CHANGED, ("The sender was erased; the mail is read as one of theirs.",))
    assert {fact.actor for fact in town.facts() if fact.light is TrafficLight.YELLOW} == {
        fact.actor for fact in town.facts() if fact.party != "kulttuuripaallikko"
    }


def test_a_reading_that_changed_meanwhile_is_left_alone(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two replays at once: the second finds the first one's reading and does nothing."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä")
    read_as_older_parser(town, monkeypatch, as_red)
    plan = replaying._plan(town.house, 1, acknowledge=False)
    replay_all(town)

    assert replaying._apply(town.house, plan, acknowledge=False).outcome is ReplayOutcome.SKIPPED
    assert len(town.facts()) == 1


def test_an_unknown_number_is_wrong_use(town: Town) -> None:
    """Nothing is read where one of the named mails is not there."""
    with pytest.raises(UsageFailure, match="no mail 7"):
        find_mails(town.house, ids=[7])


def test_an_absence_that_is_understood_now_is_noted(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The older parser ignored the automatic reply without its date; read again, the writer is away until then."""
    town.ask()
    raw = town.write_reply(town.original(CULTURE), "Olen poissa 31.3.2025 asti.")
    town.source.deliver(b"Auto-Submitted: auto-replied\r\n" + raw, when=town.clock.now())
    read_as_older_parser(town, monkeypatch, lambda reading: replace(reading, kind=ReadingKind.OTHER, away_until=None))

    replay_all(town)

    with town.house.store.read() as conn:
        (absence,) = load_overlays(conn, kind=OverlayKind.ABSENCE)
    assert (absence.value["until"], absence.value["inbound"]) == ("2025-03-31", 1)
