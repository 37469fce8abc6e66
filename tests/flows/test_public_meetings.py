"""Which meetings the site shows, and how they stand in the calendar of its dates (issue 7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from icalendar import Calendar

from reminder.domain.hearings import MeetingKind
from reminder.flows.inviting import invite
from reminder.flows.measuring import measure_rounds
from reminder.flows.public_meetings import load_public_meetings
from reminder.flows.publish import publish
from reminder.report.site.building import Source
from reminder.report.site.meetings import PublicMeeting
from reminder.report.site.pages import render_site
from tests.flows.meetings import HEARD, HEARING_DAY, SEMINAR_DAY, hearings, hold, invite_on, seminar
from tests.flows.test_digest_and_page import RecordingSite
from tests.flows.town import Town, templates


def shown(town: Town) -> tuple[PublicMeeting, ...]:
    """The meetings that the site has now."""
    with town.house.store.read() as conn:
        return load_public_meetings(conn, town.setup, town.clock.now())


def site(town: Town) -> dict[str, bytes]:
    """The site with them."""
    with town.house.store.read() as conn:
        rounds = [one.progress for one in measure_rounds(conn, town.house, town.clock.now())]
    return render_site(town.setup, rounds, templates(), updated_at=town.clock.now(), source=Source(meetings=shown(town)))


def event_of(files: dict[str, bytes]) -> dict[str, str]:
    """The one meeting in the calendar of dates."""
    (event,) = [one for one in Calendar.from_ical(files["dates.ics"]).walk("VEVENT") if one.get("status")]
    return {str(name).lower(): value.to_ical().decode() for name, value in event.items()}


def test_a_meeting_is_shown_from_the_day_of_its_invitations(town: Town) -> None:
    """A party hears of its hearing from its invitation, not from the web."""
    hold(town, hearings(), seminar())
    town.arm()
    town.move_to_day(date(2025, 3, 3))
    assert not shown(town)

    invite_on(town)

    (hearing,) = shown(town)
    assert hearing.kind is MeetingKind.HEARING
    assert {party for slot in hearing.slots for party in slot.parties} == set(HEARD)
    page = site(town)["meetings.html"].decode()
    assert "klo 13.00–13.20" in page
    assert "kaupungintalo" in page
    assert "video.suvikoski.example" not in page


def test_the_calendar_of_dates_has_it_and_a_cancelled_one_says_so(town: Town) -> None:
    """In local time, with who is heard when; once it has gone from the files and people were told, it is cancelled."""
    hold(town, hearings())
    town.arm()
    invite_on(town)
    event = event_of(site(town))
    assert event["dtstart"] == "20250318T110000Z"
    assert event["status"] == "CONFIRMED"
    assert "klo 13.00–13.20" in event["description"]
    uid = event["uid"]

    hold(town)
    invite(town.house)

    (gone,) = shown(town)
    assert (gone.is_cancelled, gone.days, gone.opens) == (True, (HEARING_DAY,), time(13))
    files = site(town)
    assert "Peruttu" in files["meetings.html"].decode()
    assert "Inställt" in files["sv/meetings.html"].decode()
    event = event_of(files)
    assert (event["status"], event["uid"]) == ("CANCELLED", uid)


def test_a_seminar_names_all_who_are_invited(town: Town) -> None:
    """It has no slots; the overview says that it comes."""
    hold(town, seminar())
    town.arm()
    invite_on(town, date(2025, 4, 1))

    files = site(town)

    assert "Seuraava kokous" in files["index.html"].decode()
    assert f'datetime="{SEMINAR_DAY.isoformat()}"' in files["meetings.html"].decode()
    assert "party/lukion-rehtori.html" in files["meetings.html"].decode()


def test_the_site_is_written_anew_for_a_meeting_and_for_a_version(town: Town) -> None:
    """A meeting that is announced or called off, and an edit of the programme, are news for the page though nobody has said anything."""
    site = RecordingSite()
    town.house = replace(town.house, site=site)
    hold(town, hearings())
    town.arm()
    invite_on(town)
    publish(town.house, templates())
    assert "meetings.html" in site.versions[-1]
    hold(town)
    invite(town.house)

    publish(town.house, templates())

    assert "Peruttu" in site.versions[-1]["meetings.html"].decode()
    assert len(site.versions) == 2
