"""Retention: after its time the bytes of a mail are cleared; what was recorded of it stays, and it is known if it comes again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from reminder.domain.messages import MailKind
from reminder.domain.readings import InboundState
from reminder.flows.retention import PURGED, purge_old_mails
from reminder.store import control, events, inbox
from reminder.store.retention import Purged
from reminder.store.schema import inbound_body, message_body
from tests.flows.town import CULTURE, Town

YEARS = timedelta(days=3 * 366)


def go_on(town: Town, span: timedelta) -> None:
    """Time passes, and somebody has looked at the clock: a jump of years would otherwise stop everything."""
    town.clock.advance(span)
    with town.house.store.begin() as conn:
        control.accept_clock(conn, town.clock.now())


def count_bodies(town: Town) -> tuple[int, int]:
    """Mails with bytes: theirs, ours."""
    with town.house.store.read() as conn:
        theirs = conn.execute(select(func.count()).select_from(inbound_body)).scalar_one()
        ours = conn.execute(select(func.count()).select_from(message_body).where(message_body.c.raw != b"")).scalar_one()
    return theirs, ours


@pytest.fixture
def answered(town: Town) -> bytes:
    """A party was asked, has answered and was thanked."""
    town.ask()
    raw = town.reply(CULTURE, "1.1: vihreä")
    town.read()
    town.deliver()
    return raw


def test_bytes_are_cleared_after_their_time_and_facts_stay(town: Town, answered: bytes) -> None:
    """Both ways; the history counts them, and names nobody."""
    said = town.facts()
    sent = len(town.relay.taken)
    assert purge_old_mails(town.house) == Purged()
    assert count_bodies(town) == (1, sent)
    go_on(town, YEARS)

    assert purge_old_mails(town.house) == Purged(inbound=1, sent=sent)

    assert count_bodies(town) == (0, 0)
    assert town.facts() == said != ()
    assert town.inbox_states() == [InboundState.APPLIED]
    with town.house.store.read() as conn:
        told = events.load_events(conn, kinds=(PURGED,))
        assert inbox.load_inbound(conn, 1) is None
    assert [one.document for one in told] == [{"inbound": 1, "sent": sent, "years": 3}]


def test_a_purged_mail_that_comes_again_is_known(town: Town, answered: bytes) -> None:
    """Its hash stays: no second effect and no second acknowledgement (invariant I2)."""
    go_on(town, YEARS)
    purge_old_mails(town.house)
    town.source.deliver(answered, when=town.clock.now())

    town.read()
    town.deliver()

    assert sorted(town.inbox_states()) == [InboundState.APPLIED, InboundState.DUPLICATE]
    assert len(town.facts()) == 1
    assert len(town.sent(kind=MailKind.ACKNOWLEDGEMENT)) == 1


def test_what_waits_for_a_person_is_kept(town: Town) -> None:
    """A held mail can still be accepted, however old it is."""
    town.ask()
    town.reply(CULTURE, "1.1: vihreä", sender="joku@muualla.example")
    town.read()
    assert town.inbox_states() == [InboundState.HELD]
    go_on(town, YEARS)

    assert purge_old_mails(town.house).inbound == 0
    assert count_bodies(town)[0] == 1


def test_the_setting_decides_and_it_is_done_once_a_day(town: Town, answered: bytes) -> None:
    """`forever` keeps everything; a second pass of the day looks at nothing; an unbelievable clock clears nothing."""
    town.clock.advance(YEARS)
    assert purge_old_mails(town.house) == Purged(), "a jump of three years is no time that has passed"
    go_on(town, timedelta())
    keeping = replace(town.house, setup=replace(town.setup, keep_mails=0))
    assert purge_old_mails(keeping) == Purged()
    assert purge_old_mails(town.house) != Purged()
    assert purge_old_mails(replace(town.house, setup=replace(town.setup, keep_mails=1))) == Purged()
    town.clock.advance(timedelta(days=1))
    assert count_bodies(town) == (0, 0)
