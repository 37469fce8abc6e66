"""A template that breaks while the service runs: its mails wait, the others go, and none is half (fault G9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import jinja2
import pytest

from reminder.compose.composing import Composer
from reminder.domain.messages import MailKind, OutboxState
from reminder.domain.rounds import StepKind
from reminder.flows.tick import tick
from reminder.parse.message import read_mail
from reminder.service.health import measure_health
from reminder.store import outbox
from tests.flows.town import CULTURE, Town, composer, templates

BROKEN = ("{{ no_such_word }}", "{% if %}", "{{ 1 / 0 }}", "{{ strong(1, 2, 3, 4) }}", "half a line\n{{ today.no_such_thing.at_all }}")


def break_template(town: Town, name: str, text: str) -> None:
    """The house composes with this template in the place of ours."""
    loader = jinja2.ChoiceLoader([jinja2.DictLoader({name: text}), templates()])
    town.house = replace(town.house, composer=Composer(loader))


def mend(town: Town) -> None:
    """Our own templates again."""
    town.house = replace(town.house, composer=composer())


@pytest.mark.fault("G9")
@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_template_holds_up_its_own_mails_only(town: Town, text: str) -> None:
    """Reminders stay due, an acknowledgement goes; red at once, told by mail after an hour; mended, each goes once."""
    town.ask()
    asked = len(town.sent(kind=MailKind.REQUEST))
    break_template(town, "fi/reminder.j2", text)
    town.move_to(StepKind.REMINDER)
    town.reply(CULTURE, "1.1: punainen")

    done = tick(town.house, templates())
    red = measure_health(town.house).red
    for _ in range(4):
        town.clock.advance(timedelta(minutes=20))
        tick(town.house, templates())
    alerts, early = town.sent(kind=MailKind.ALERT), town.sent(kind=MailKind.REMINDER)
    mend(town)
    tick(town.house, templates())
    tick(town.house, templates())

    assert any("fi/reminder.j2 is broken" in line for line in done.trouble)
    assert len(town.sent(kind=MailKind.ACKNOWLEDGEMENT)) == 1
    assert any("some mails cannot be written" in line for line in red)
    assert len(alerts) == 1
    assert "osaa viesteistä ei voi kirjoittaa" in read_mail(alerts[0].raw).subject
    assert len(town.sent(kind=MailKind.REMINDER)) > len(early)
    recipients = [mail.recipient for mail in town.sent(kind=MailKind.REMINDER)]
    assert len(recipients) == len(set(recipients))
    assert len(town.sent(kind=MailKind.REQUEST)) == asked
    assert not any("cannot be written" in line for line in measure_health(town.house).red)


@pytest.mark.fault("G9")
def test_a_stale_mail_that_cannot_be_written_anew_waits_for_a_person(town: Town) -> None:
    """It is not sent with what is not true any more, and the mails behind it go."""
    town.ask()
    town.move_to(StepKind.REMINDER)
    town.announce()
    waiting = len(town.rows(MailKind.REMINDER, OutboxState.QUEUED))
    town.reply(CULTURE, "1.1: punainen")
    town.read()
    break_template(town, "fi/reminder.j2", BROKEN[0])
    town.deliver()

    (held,) = town.rows(state=OutboxState.NEEDS_REVIEW)
    assert "could not be written anew" in held.reason
    assert len(town.sent(kind=MailKind.REMINDER)) == waiting - 1
    with town.house.store.read() as conn:
        assert [one.id for one in outbox.list_review(conn)] == [held.id]


@pytest.mark.fault("G9")
def test_there_is_no_half_mail(town: Town) -> None:
    """What was written before the fault is thrown away with it."""
    break_template(town, "fi/request.j2", "{% do nothing %}")
    town.arm()
    town.move_to(StepKind.REQUEST)

    announced = town.announce()

    assert "fi" not in {message.language for message in announced.messages}
    assert len(town.rows(MailKind.REQUEST)) == len(announced.messages)
    assert len(announced.trouble) > 10
