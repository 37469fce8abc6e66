"""The demo's calendars answer as Exchange does, and we read them right."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reminder.configuration.loading import load_setup
from reminder.domain.hearings import Attendance, InviteMethod, MeetingKind
from reminder.domain.messages import CalendarPart
from reminder.parse.message import read_mail
from reminder.resources import find_example
from reminder.sandbox.calendars import calendar_answer
from reminder.sandbox.demo import add_hearings
from reminder.sandbox.originals import Writer
from reminder.wire.invitations import write_event
from reminder.wire.itip import read_answers
from tests.wire.test_invitations import SAMPLE, finish

WRITER = Writer(address=SAMPLE.attendee.address, name=SAMPLE.attendee.name)
WHEN = datetime(2025, 3, 4, 10, 15, tzinfo=UTC)


@pytest.mark.parametrize("partstat", ["ACCEPTED", "DECLINED", "TENTATIVE"])
def test_the_answer_is_about_the_invitation(partstat: str) -> None:
    """UID, SEQUENCE, time and comment come back as they were sent."""
    event = replace(SAMPLE, sequence=3)
    sent = finish(CalendarPart(method=InviteMethod.REQUEST.value, content=write_event(event)))
    raw = calendar_answer(sent.raw, WRITER, partstat, WHEN, to="seuranta@kunta.example", comment="kiitos")
    (answer,) = (one for text in read_mail(raw).calendars for one in read_answers(text))

    assert (answer.uid, answer.sequence, answer.attendance) == (event.uid, 3, Attendance(partstat.lower()))
    assert (answer.starts_at, answer.ends_at) == (event.starts_at, event.ends_at)
    assert (answer.attendee, answer.comment, answer.stamped_at) == (SAMPLE.attendee.address, "kiitos", WHEN)


def test_a_mail_without_an_invitation_cannot_be_answered() -> None:
    """Then the script of the demo is wrong."""
    with pytest.raises(ValueError, match="no invitation"):
        calendar_answer(b"Subject: x\r\n\r\ntext", WRITER, "ACCEPTED", WHEN, to="seuranta@kunta.example")


def test_the_demo_has_hearings_and_the_example_stays_as_it_is(tmp_path: Path) -> None:
    """The copy is sound and everybody finds room; files of somebody's own are left alone."""
    config = add_hearings(find_example(), tmp_path)
    loaded = load_setup(config)

    assert loaded.setup is not None, loaded.faults
    assert [meeting.kind for meeting in loaded.setup.rounds[-1].meetings] == [MeetingKind.HEARING]
    assert len(loaded.setup.rounds[-1].meetings[0].parties) == 17
    assert add_hearings(tmp_path, tmp_path / "other") == tmp_path
