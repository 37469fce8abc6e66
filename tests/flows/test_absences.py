"""Out of office: never answered; the writer's next reminder waits, with its reason in sight; a substitute is shown, not written to.

The round of 2024: request 14.2., reminders 21.2. and 26.2., last call and deadline Friday 28.2.2025.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from reminder.domain.messages import MailKind
from reminder.domain.readings import InboundState
from reminder.flows.status import list_status
from reminder.store.absences import load_absences
from reminder.store.overlays import OverlayKind, load_overlays
from tests.flows.town import COORDINATOR, CULTURE, Town, text_of

DEPUTY = "kulttuurituottaja@suvikoski.example"
PARTY = "kulttuuripaallikko"


def be_away(town: Town, words: str, *, sender: str = CULTURE, headers: bytes = b"Auto-Submitted: auto-replied\r\n") -> None:
    """An out-of-office note of the culture manager's mail program arrives, in answer to the request."""
    raw = town.write_reply(town.original(CULTURE), words, sender=sender)
    town.source.deliver(headers + raw, when=town.clock.now())
    town.read()
    town.deliver()


def pass_day(town: Town, day: date) -> list[str]:
    """One working day of the service; which kinds of schedule mails go to the culture manager."""
    town.move_to_day(day, time(9, 0))
    town.announce()
    before = len(town.sent(CULTURE))
    town.deliver()
    kinds = (MailKind.REMINDER, MailKind.LAST_CALL, MailKind.OVERDUE)
    sent = {id(mail) for mail in town.sent(CULTURE)[before:]}
    return [kind.value for kind in kinds for mail in town.sent(CULTURE, kind) if id(mail) in sent]


def status_of(town: Town) -> dict[str, object]:
    """The first line of the culture manager's part of `status`."""
    return next(row for row in list_status(town.house, town.round, "en") if row["party"] == PARTY)


def test_the_next_reminder_waits_until_they_are_back(town: Town) -> None:
    """Nothing on 21.2., the reminder on Monday 24.2.; the note itself is ignored and not answered."""
    town.ask()
    be_away(town, "Olen lomalla 17.2.–23.2., palaan ma 24.2.")

    assert [pass_day(town, date(2025, 2, day)) for day in (21, 24, 26, 28)] == [[], ["reminder"], ["reminder"], ["last_call"]]
    assert town.inbox_states() == [InboundState.IGNORED]
    assert town.sent(kind=MailKind.ACKNOWLEDGEMENT) == []


def test_the_last_call_waits_for_nobody(town: Town) -> None:
    """Away beyond the deadline: the two reminders give way to the last call, which goes out on its day."""
    town.ask()
    be_away(town, "Palaan 10.3.")

    assert [pass_day(town, date(2025, 2, day)) for day in (21, 24, 26, 28)] == [[], [], [], ["last_call"]]


def test_the_move_is_shown_with_its_reason(town: Town) -> None:
    """`status` names the new day and why; the overlay names the mail that said so."""
    town.ask()
    be_away(town, "Olen poissa 23.2. saakka.")

    row = status_of(town)
    assert row["next_mail"] == "reminder Mon 24 Feb 2025"
    assert row["moved"] == ["moved because Kulttuuripäällikkö is away until 23 Feb 2025"]
    with town.house.store.read() as conn:
        (overlay,) = load_overlays(conn, kind=OverlayKind.ABSENCE)
    assert overlay.because == "Automatic reply, inbox 1."
    assert overlay.actor == overlay.subject
    assert "@" not in str(overlay)


def test_a_mail_of_their_own_ends_it(town: Town) -> None:
    """Who writes is not away: the reminder goes out as planned."""
    town.ask()
    be_away(town, "Palaan 10.3.")
    town.clock.advance(timedelta(days=1))
    town.reply(CULTURE, "1.1: vihreä")
    town.read()

    assert status_of(town)["moved"] == []
    assert pass_day(town, date(2025, 2, 21)) == ["reminder"]


def test_a_newer_note_replaces_the_older_whatever_order_they_are_read_in(town: Town) -> None:
    """By INTERNALDATE: the note that was received last is right."""
    town.ask()
    older = b"Auto-Submitted: auto-replied\r\n" + town.write_reply(town.original(CULTURE), "Palaan 10.3.")
    arrived = town.clock.now()
    town.clock.advance(timedelta(hours=3))
    be_away(town, "Palaan 24.2.")
    town.source.deliver(older, when=arrived)
    town.read()

    with town.house.store.read() as conn:
        assert [one.absence.back_on for one in load_absences(conn)] == [date(2025, 2, 24)]


@pytest.mark.parametrize("sender", ["somebody@elsewhere.example", "toimistosihteeri@suvikoski.example"])
def test_the_note_of_somebody_else_moves_nothing(town: Town, sender: str) -> None:
    """A stranger, or a colleague who reads along: it is not they who are reminded."""
    town.ask()
    be_away(town, "Palaan 10.3.", sender=sender)

    assert pass_day(town, date(2025, 2, 21)) == ["reminder"]


def test_the_coordinator_sees_who_is_away_and_who_stands_in(town: Town) -> None:
    """Party, last day, what moves, the substitute with address and how to add them. The substitute gets nothing."""
    town.ask()
    be_away(town, "Olen lomalla 23.2. asti. Sijaiseni on Meri Malli, meri.malli@suvikoski.example.")
    town.move_to_day(date(2025, 2, 17), time(8, 30))
    town.announce()
    town.deliver()

    text = text_of(town.sent(COORDINATOR, MailKind.DIGEST)[-1].raw)
    assert "Kulttuuripäällikkö: Kulttuuripäällikkö on poissa su 23.2.2025 asti" in text
    assert "Muistutus pe 21.2.2025 siirtyy: lähtee ma 24.2.2025." in text
    assert "Sijaiseksi mainitaan Meri Malli, meri.malli@suvikoski.example" in text
    assert "contacts.yaml vastuutahon kohtaan deputies" in text
    assert [mail for mail in town.relay.taken if "meri.malli" in mail.recipient] == []


def test_a_substitute_who_is_a_deputy_already_is_not_offered_again(town: Town) -> None:
    """The coordinator has decided that."""
    town.ask()
    be_away(town, f"Palaan 24.2. Sijaiseni on tuottaja, {DEPUTY}.")
    town.move_to_day(date(2025, 2, 17), time(8, 30))
    town.announce()
    town.deliver()

    text = text_of(town.sent(COORDINATOR, MailKind.DIGEST)[-1].raw)
    assert "on poissa" in text
    assert "Sijaiseksi" not in text


def test_no_address_of_a_substitute_is_kept_beside_the_mail(town: Town) -> None:
    """Only the kept bytes hold it, and they go with the retention time (DESIGN, decision 6)."""
    town.ask()
    be_away(town, "Palaan 24.2. Sijaiseni on Meri Malli, meri.malli@suvikoski.example.")

    with town.house.store.read() as conn:
        tables = [row[0] for row in conn.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")]
        holding = [
            table for table in tables if any(b"meri.malli" in str(row).encode() for row in conn.exec_driver_sql(f"SELECT * FROM {table}"))
        ]
    assert holding == ["inbound_body"]


def test_a_note_without_a_day_moves_nothing_and_is_shown(town: Town) -> None:
    """Nobody knows how long to wait; the substitute is shown all the same."""
    town.ask()
    be_away(town, "Olen virkavapaalla. Kiireellisissä asioissa: meri.malli@suvikoski.example")
    town.move_to_day(date(2025, 2, 17), time(8, 30))
    town.announce()
    town.deliver()

    assert "paluupäivää ei kerrottu" in text_of(town.sent(COORDINATOR, MailKind.DIGEST)[-1].raw)
    assert pass_day(town, date(2025, 2, 21)) == ["reminder"]


def test_a_forged_note_moves_nothing(town: Town) -> None:
    """Our own mail server says that the address is forged (dmarc=fail)."""
    town.ask()
    town.house = replace(town.house, addressing=replace(town.house.addressing, trusted_authserv="mx.suvikoski.example"))
    forged = b"Authentication-Results: mx.suvikoski.example; dmarc=fail header.from=suvikoski.example\r\nAuto-Submitted: auto-replied\r\n"
    be_away(town, "Palaan 10.3.", headers=forged)

    assert pass_day(town, date(2025, 2, 21)) == ["reminder"]
