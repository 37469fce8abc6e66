"""Changed files in a service: what is in force, what the admin is told, and what stands in the history."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from reminder.configuration.loading import load_setup
from reminder.domain.messages import MailKind
from reminder.edges.clock import ManualClock
from reminder.errors import EXIT_DONE, EXIT_USAGE, EXIT_WAITING
from reminder.flows.announce import announce
from reminder.flows.deliver import deliver
from reminder.flows.house import House
from reminder.flows.taking_up import BROKEN, TAKEN_UP, load_condition, restore_setup, take_up
from reminder.parse.message import read_mail
from reminder.store import people
from reminder.store.configurations import load_configuration
from reminder.store.events import load_events
from tests.cli.city import City, build_city
from tests.fakes import RecordingRelay
from tests.seeing.edits import EDITS, make_edit
from tests.seeing.midround import local, open_house, play_until_now


@dataclass(slots=True)
class Desk:
    """The city with an open house, whose files are edited."""

    city: City
    house: House
    clock: ManualClock
    relay: RecordingRelay

    def edit(self, file: str, old: str, new: str) -> None:
        """Edits a file in place and lets the service see it."""
        path = self.city.config / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        self.look()

    def look(self) -> None:
        """What the service does when it sees a change, and a minute later its pass."""
        self.clock.advance(timedelta(minutes=1))
        self.house = take_up(self.house, load_setup(self.city.config), self.city.config)
        deliver(self.house)

    def alerts(self) -> list[str]:
        """The text of each alert that was sent."""
        mails = [read_mail(mail.raw) for mail in self.relay.taken]
        alerts = [mail for mail in mails if mail.headers.text("x-reminder-kind").strip() == MailKind.ALERT]
        return ["\n".join(part.text for part in mail.texts) for mail in alerts]

    def history(self, kind: str) -> list[dict[str, Any]]:
        """What the history says, oldest first."""
        with self.house.store.read() as conn:
            return [dict(event.document) for event in load_events(conn, kinds=(kind,))]


@pytest.fixture
def desk(tmp_path: Path, database: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:
    """The city in mid-round; its files were taken up."""
    city = build_city(tmp_path, database, capsys)
    play_until_now(tmp_path)
    clock, relay = ManualClock(local("2025-02-24 12:00")), RecordingRelay()
    desk = Desk(city=city, house=open_house(city.config, clock, relay), clock=clock, relay=relay)
    desk.look()
    yield desk
    desk.house.store.close()


MOVED = "15 reminders move; nothing already sent is affected."
NOTHING_MOVES = "No mail to come changes; nothing already sent is affected."


def test_a_sound_edit_holds_at_once_and_is_told(desk: Desk) -> None:
    """The new files are in force, `status` and the history say what that means in words, and nobody is mailed."""
    desk.edit("schedule.yaml", "due - 2 working days", "due - 1 working day")

    (told,) = desk.history(TAKEN_UP)
    status = desk.city.run("--lang", "en", "status")
    assert told["summary"] == {
        "fi": "15 muistutusta siirtyy; mitään jo lähetettyä muutos ei koske.",
        "sv": "15 påminnelser flyttas; inget som redan har skickats berörs.",
        "en": MOVED,
    }
    assert "ke 26.2.2025 → to 27.2.2025" in str(told["lines"])
    assert f"Files in force since Mon 24 Feb 2025 at 12:02: {MOVED}" in status.out
    assert "due - 1 working day" in {rule.written for rule in desk.house.setup.rounds[0].schedule.reminders}
    assert desk.alerts() == []


@pytest.mark.fault("G1")
def test_broken_files_leave_in_force_what_was(desk: Desk) -> None:
    """Not one word of the edit holds; the coordinator gets one alert that says what is wrong, what it means and what to do."""
    before = desk.house.setup
    desk.edit("schedule.yaml", "    reminders:", "    remainders:")

    (alert,) = desk.alerts()
    assert desk.house.setup is before
    assert "asetustiedostoissa on virhe" in alert
    assert "schedule.yaml:" in alert
    assert "`remainders`" in alert
    assert "Muutosta ei ole otettu käyttöön." in alert
    assert "ma 24.2.2025 klo 12.01" in alert
    assert "reminder check" in alert


@pytest.mark.fault("G1")
def test_one_alert_for_each_fault_and_not_for_each_pass(desk: Desk) -> None:
    """The same fault is told once, also when it moves to another line; another fault is told too; going back to the first is not."""
    desk.edit("schedule.yaml", "    reminders:", "    remainders:")
    desk.look()
    desk.edit("schedule.yaml", "rounds:\n", "# one line more\nrounds:\n")
    assert len(desk.alerts()) == 1

    desk.edit("contacts.yaml", "address: kulttuuripaallikko@suvikoski.example", "address: kulttuuripaallikko")
    assert len(desk.alerts()) == 2
    desk.edit("contacts.yaml", "address: kulttuuripaallikko\n", "address: kulttuuripaallikko@suvikoski.example\n")
    desk.look()

    assert len(desk.alerts()) == 2
    assert [entry["count"] for entry in desk.history(BROKEN)] == [1, 2]


@pytest.mark.fault("G1")
def test_a_fault_shows_in_status_and_in_the_digest_until_it_is_mended(desk: Desk) -> None:
    """Status ends with 3 and goes on to tell where everybody stands; the digest has a sentence; both are quiet afterwards."""
    desk.edit("schedule.yaml", "    reminders:", "    remainders:")

    status = desk.city.run("--lang", "fi", "status")
    digest = desk.city.run("preview", "digest", "--round", "2024")
    assert status.code == EXIT_WAITING
    assert "kulttuuripaallikko" in status.out
    assert "Asetustiedostoissa on ollut virhe ma 24.2.2025 klo 12.02 alkaen; entiset asetukset ovat voimassa. schedule.yaml:" in status.err
    assert digest.code == EXIT_USAGE  # a preview is asked of the files as they are
    desk.clock.set(local("2025-03-03 09:00"))
    announce(desk.house)
    deliver(desk.house)
    mails = [read_mail(mail.raw) for mail in desk.relay.taken]
    digests = [mail for mail in mails if mail.headers.text("x-reminder-kind").strip() == "digest"]
    assert "Asetustiedostoissa on ollut virhe" in "".join(part.text for part in digests[-1].texts)

    desk.edit("schedule.yaml", "    remainders:", "    reminders:")

    assert desk.city.run("status").code == EXIT_DONE
    with desk.house.store.read() as conn:
        assert load_condition(conn).fault is None
    assert desk.history(TAKEN_UP)[-1]["was_broken"] is True


def test_mended_with_another_edit_is_told_with_the_difference(desk: Desk) -> None:
    """The difference is to what was in force, not to the broken files."""
    desk.edit("schedule.yaml", "    reminders:", "    remainders:")
    desk.edit("schedule.yaml", "    remainders: [due - 5 working days, due - 2", "    reminders: [due - 5 working days, due - 1")

    assert desk.history(TAKEN_UP)[-1]["summary"]["en"] == MOVED


def test_a_service_that_starts_with_broken_files_goes_on_with_those_in_force(desk: Desk) -> None:
    """A restart in the night does not stop the mails; where nothing was ever in force nothing is sent."""
    desk.edit("schedule.yaml", "    reminders:", "    remainders:")
    desk.city.at("2025-02-26 09:00")

    told = desk.city.run("announce")
    with sqlite3.connect(desk.city.folder / "reminder.db") as conn:
        conn.execute("DELETE FROM configuration")

    assert told.code == EXIT_DONE
    assert "15 mails were written" in told.out
    assert "those in force since 2025-02-24 12:01 are used" in told.err
    assert desk.city.run("announce").code == EXIT_USAGE


def test_what_a_person_asks_is_asked_of_sound_files(desk: Desk) -> None:
    """`arm` and `preview` refuse broken files."""
    desk.edit("schedule.yaml", "    reminders:", "    remainders:")

    assert desk.city.run("arm").code == EXIT_USAGE
    assert desk.city.run("preview", "reminder", "--round", "2024", "--party", "kulttuuripaallikko").code == EXIT_USAGE


def test_the_history_names_nobody(desk: Desk) -> None:
    """A new address is told without the address, since people in history are pseudonymous."""
    desk.edit("contacts.yaml", "address: kulttuuripaallikko@", "address: kulttuurijohtaja@")

    (told,) = desk.history(TAKEN_UP)
    assert "toiseen osoitteeseen" in str(told["summary"])
    assert "@" not in str(told)


def test_an_erased_person_is_not_kept_in_the_files_in_force(desk: Desk) -> None:
    """Erasing forgets the stored files; the next pass takes up those on the disk, in which the admin has removed the person."""
    with desk.house.store.begin() as conn:
        person = people.load_persons(conn)["kulttuuripaallikko@suvikoski.example"]
        people.erase_person(conn, person, desk.clock.now())
        assert load_configuration(conn) is None
    desk.edit("contacts.yaml", "address: kulttuuripaallikko@", "address: kulttuurijohtaja@")

    with desk.house.store.read() as conn:
        stored = load_configuration(conn)
    assert stored is not None
    assert b"kulttuuripaallikko@" not in stored.files["contacts.yaml"]


def test_a_decision_that_the_edit_overtakes_is_foreseen_as_ended(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> None:
    """An extension ends where the file names another deadline: the mails are foreseen on the day of the file. Asking ends nothing."""
    city = desk.city
    assert city.run("extend", "2024", "suvikodit", "--until", "2025-03-20", "--because", "board meeting").code == EXIT_DONE
    folder = tmp_path_factory.mktemp("edit") / "config"
    edited = make_edit(city.config, folder, next(edit for edit in EDITS if edit.name == "due-later"))
    before = city.dump()

    changes = city.run("--json", "plan", "--against", str(edited)).document["changes"]

    calls = [change for change in changes if change["mail"] == "last_call" and change["parties"] == ["suvikodit"]]
    assert [(change["before"]["at"][:10], change["after"]["at"][:10]) for change in calls] == [("2025-03-20", "2025-03-07")]
    assert city.dump() == before


def test_lights_of_before_are_taken_up_with_the_other_files_or_not_at_all(desk: Desk) -> None:
    """The file appears in mid-round: it holds and is kept for a restart, no mail moves. Broken, it leaves in force what it said."""
    path = desk.city.config / "lights.yaml"
    path.write_text('programmes: {elinvoima: {on: 2024-02-20, lights: {"1.1": yellow}}}\n', encoding="utf-8")
    desk.look()
    told = desk.house.setup.earlier

    assert [light.light for light in told["elinvoima"].values()] == ["yellow"]
    assert desk.history(TAKEN_UP)[-1]["summary"]["en"] == NOTHING_MOVES
    desk.edit("lights.yaml", "yellow", "yelow")
    assert desk.house.setup.earlier == told
    (alert,) = desk.alerts()
    assert "lights.yaml:1:" in alert
    with desk.house.store.read() as conn:
        stored = load_configuration(conn)
    assert stored is not None
    restored = restore_setup(stored, desk.city.config)
    assert restored is not None
    assert restored.earlier == told
    path.unlink()
    desk.look()
    assert desk.house.setup.earlier == {}
