"""Invitations: each person is told once what holds, and anew when something else holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from itertools import pairwise
from random import Random

import pytest

from reminder.domain.assessments import TrafficLight
from reminder.domain.hearings import InviteMethod, Meeting
from reminder.domain.messages import MailKind
from reminder.domain.programme import PartyContacts
from reminder.flows.inviting import invite
from reminder.flows.tick import tick
from reminder.store.invitations import load_invitations, newest
from tests.flows.meetings import HEARD, HEARING_DAY, INVITE_DAY, events_of, hearings, hold, invite_on, seminar, told, wish
from tests.flows.town import CULTURE, DIRECTOR, OFFICE, PRINCIPAL, Town, templates, text_of


def test_each_person_is_invited_once(town: Town) -> None:
    """Who stands for two parties gets one invitation; a second pass, and a third the day after, tell nothing."""
    hold(town, hearings())
    town.arm()
    for day in (INVITE_DAY, INVITE_DAY, date(2025, 3, 5)):
        invite_on(town, day)

    assert told(town, PRINCIPAL) == ["REQUEST 0 18. 13:00-13:20"]
    assert told(town, CULTURE) == ["REQUEST 0 18. 13:20-13:40"]
    assert told(town, DIRECTOR) == ["REQUEST 0 18. 13:40-14:00"]
    assert len(town.sent(kind=MailKind.INVITATION)) == 3


def test_what_the_mail_says(town: Town) -> None:
    """When, where, how long, what is talked of with the light that was given, and how to answer."""
    hold(town, hearings())
    town.ask()
    town.reply(CULTURE, "1.1 vihreä: ikkunoita on kymmenen")
    town.read()
    invite_on(town)
    said = text_of(town.sent(CULTURE, MailKind.INVITATION)[0].raw)

    assert "tiistai 18.3.2025 klo 13.20–13.40" in said
    assert "Aikaa on varattu 20 minuuttia." in said
    assert "Paikka: Kaupungintalo" in said
    assert "https://video.suvikoski.example/1" in said
    assert "[1.1] Tyhjät näyteikkunat taiteilijoiden käyttöön Kirjattu: ● vihreä ”ikkunoita on kymmenen”" in said
    assert "[1.10] Kesätorin tapahtumaviikot Arvio ei ole vielä tullut." in said
    assert town.facts()[0].light is TrafficLight.GREEN
    assert OFFICE not in said.replace(f"+{said}", "")


def test_nothing_before_its_day_outside_the_window_unarmed_or_paused(town: Town) -> None:
    """The same conditions as for every mail of the schedule."""
    hold(town, hearings())
    invite_on(town)
    assert told(town) == []
    town.arm()
    invite_on(town, date(2025, 3, 3))
    invite_on(town, INVITE_DAY, time(7))
    town.pause()
    invite_on(town)
    assert told(town) == []


def test_a_moved_meeting_is_an_update_and_a_cancelled_one_cancels(town: Town) -> None:
    """The same UID each time, the next SEQUENCE, and nothing where nothing changed for that person."""
    hold(town, hearings())
    town.arm()
    invite_on(town)
    hold(town, hearings(wishes=wish("kulttuuripaallikko", time(15))))
    invite_on(town, date(2025, 3, 5))
    hold(town, hearings(wishes=wish("kulttuuripaallikko", time(15)), parties=HEARD[1:]))
    invite_on(town, date(2025, 3, 6))
    hold(town)
    invite_on(town, date(2025, 3, 7))
    hold(town, hearings())
    invite_on(town, date(2025, 3, 10))

    assert told(town, CULTURE) == [
        "REQUEST 0 18. 13:20-13:40",
        "REQUEST 1 18. 15:00-15:20",
        "CANCEL 2 18. 15:00-15:20",
        "REQUEST 3 18. 13:20-13:40",
    ]
    assert told(town, PRINCIPAL) == ["REQUEST 0 18. 13:00-13:20", "CANCEL 1 18. 13:00-13:20", "REQUEST 2 18. 13:00-13:20"]
    assert told(town, DIRECTOR) == ["REQUEST 0 18. 13:40-14:00", "CANCEL 1 18. 13:40-14:00", "REQUEST 2 18. 13:40-14:00"]
    assert len({str(event["UID"]) for _, event in events_of(town, CULTURE)}) == 1
    assert "aiempi oli ti 18.3.2025 klo 13.20–13.40" in text_of(town.sent(CULTURE, MailKind.INVITATION)[1].raw)
    assert "on peruttu" in text_of(town.sent(CULTURE, MailKind.INVITATION)[2].raw)


def test_a_replaced_contact(town: Town) -> None:
    """Who is a contact no more hears that it is cancelled, the new one is invited to the same slot, and nobody else hears anything."""
    hold(town, hearings())
    town.arm()
    invite_on(town)
    known = town.setup.directory
    entry = known.of_party("lukion-rehtori")
    other = PartyContacts(contacts=(replace(entry.contacts[0], address="uusi.rehtori@suvikoski.example"),))
    directory = replace(known, parties={**known.parties, "lukion-rehtori": other})
    town.house = replace(town.house, setup=replace(town.setup, directory=directory))
    invite_on(town, date(2025, 3, 5))

    assert told(town, PRINCIPAL) == ["REQUEST 0 18. 13:00-13:20", "CANCEL 1 18. 13:00-13:20"]
    assert told(town, "uusi.rehtori@suvikoski.example") == ["REQUEST 0 18. 13:00-13:20"]
    assert len(told(town)) == 5


def test_what_has_begun_is_left_alone(town: Town) -> None:
    """After the meeting nobody is told that it is cancelled or moved."""
    hold(town, hearings())
    town.arm()
    invite_on(town)
    hold(town)
    invite_on(town, HEARING_DAY, time(15))

    assert all(row.startswith("REQUEST") for row in told(town))


def test_the_seminar_is_for_all_at_once(town: Town) -> None:
    """Each person has an event of their own at the same time, beside that of the hearing."""
    hold(town, hearings(), seminar())
    town.arm()
    invite_on(town)
    invite_on(town, date(2025, 4, 1))

    assert told(town, CULTURE) == ["REQUEST 0 18. 13:20-13:40", "REQUEST 0 8. 09:00-12:00"]
    assert len({str(event["UID"]) for _, event in events_of(town)}) == len(events_of(town)) == 5


def test_a_pass_of_the_service_invites(town: Town) -> None:
    """`tick` does what `invite` does, between planning and sending."""
    hold(town, hearings())
    town.arm()
    town.move_to_day(INVITE_DAY, time(9))
    ticked = tick(town.house, templates())

    assert len(ticked.invited.messages) == 3
    assert not ticked.is_quiet
    assert len(told(town)) == 3


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_killed_pass_does_the_rest_later(town: Town, *, dry_run: bool) -> None:
    """What was told stands, what was not is told by the next pass; a dry run writes nothing."""
    hold(town, hearings())
    town.arm()
    town.move_to_day(INVITE_DAY, time(9))
    assert len(invite(town.house, dry_run=dry_run).messages) == 3
    with town.house.store.read() as conn:
        assert len(load_invitations(conn)) == (0 if dry_run else 3)


CONTACT_OF = dict(zip(HEARD, (PRINCIPAL, CULTURE, DIRECTOR, DIRECTOR), strict=True))
EDITS: list[tuple[Meeting, ...]] = [
    (),
    (hearings(),),
    (hearings(days=(date(2025, 3, 19),)),),
    (hearings(parties=HEARD[:1]),),
    (hearings(parties=HEARD[1:], wishes=wish("kulttuuripaallikko", time(15))),),
    (hearings(link=""), seminar(invite_on=INVITE_DAY)),
]


@pytest.mark.parametrize("seed", [1, 2])
def test_sequences_count_up_by_one_whatever_is_edited(town: Town, seed: int) -> None:
    """Of each UID: from 0 on without a gap, one person, first a REQUEST, no CANCEL after a CANCEL, and at last what the files say."""
    chance = Random(seed)
    town.arm()
    for number in range(8):
        meetings = chance.choice(EDITS) if number < 7 else ()
        hold(town, *meetings)
        for minute in (0, 20):
            town.move_to_day(INVITE_DAY, time(8 + number, minute) if number < 7 else time(15, 30 + minute))
            invite(town.house)
        with town.house.store.read() as conn:
            rows = load_invitations(conn)
        holding = {row.uid for row in newest(rows).values() if row.method is InviteMethod.REQUEST}
        assert len(holding) == sum(len({CONTACT_OF[party] for party in meeting.parties}) for meeting in meetings)
    for uid in {row.uid for row in rows}:
        own = [row for row in rows if row.uid == uid]
        assert [row.sequence for row in own] == list(range(len(own)))
        assert len({row.person for row in own}) == 1
        assert [row.method.value for row in own[:1] + own[-1:]] == ["REQUEST", "CANCEL"]
        assert not any(one.method is other.method is InviteMethod.CANCEL for one, other in pairwise(own))
        assert all(
            (one.starts_at, one.place) != (other.starts_at, other.place) for one, other in pairwise(own) if one.method is other.method
        )
