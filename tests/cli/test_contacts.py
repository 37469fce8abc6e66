"""The list of contacts as an admin meets it: in the plan, the picture and the calendar, and in `status` after the coordinator's answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from reminder.sandbox.clients import plain
from reminder.sandbox.originals import Typed, Writer, read_original
from reminder.sandbox.servers import MailWorld
from tests.cli.city import CULTURE, ZONE, City

COORDINATOR = Writer(address="elinvoimakoordinaattori@suvikoski.example", name="Elinvoimakoordinaattori")
NEW = "uusi.kulttuuri@suvikoski.example"


@pytest.fixture
def listed(city: City) -> City:
    """The city with the list of contacts that the example has."""
    schedule = city.config / "schedule.yaml"
    schedule.write_text(schedule.read_text().replace("contacts: none", "contacts: notice - 2 weeks"))
    return city


@pytest.fixture
def world(listed: City) -> Iterator[MailWorld]:
    """A relay that takes everything."""
    with MailWorld() as world:
        listed.set(SMTP_PORT=world.smtp_port)
        yield world


def test_it_is_in_every_view_of_the_year(listed: City) -> None:
    """Table, page, picture and calendar file; `why` goes by way of the notice, `preview` shows it whole."""
    listed.at("2024-12-16 12:00")
    rows = [row for row in listed.run("--json", "plan").lines if row["kind"] == "contacts"]
    views = {form: listed.run("--lang", "fi", "plan", "--as", form).out for form in ("html", "svg", "ics")}
    why = listed.run("why", "2024", "-", "contacts").out
    mail = listed.run("preview", "contacts", "--round", "2024").out

    assert [(row["party"], row["to"], row["at"][:16]) for row in rows] == [("-", [COORDINATOR.address], "2024-12-20T08:00")]
    assert all("hteystietojen tarkistus" in text for text in views.values())
    assert 'id="sign-contacts"' in views["svg"]
    assert "minus 6 weeks gives 3 Jan 2025; minus 2 weeks gives 20 Dec 2024" in why
    assert f"3. Kulttuuripäällikkö\n{CULTURE}, suomeksi" in mail


def test_an_answer_shows_in_status_as_a_ready_edit(listed: City, world: MailWorld) -> None:
    """Armed late, the list leaves all the same; the correction is shown as lines of contacts.yaml, and is done when they are there."""
    listed.at("2025-01-02 12:00")
    armed = listed.run("--json", "arm", "--without-test").document
    assert (armed["due"], listed.run("--json", "announce").document["announced"]) == (0, 1)
    assert listed.run("--json", "deliver").document["accepted"] == 1
    assert "is not answered yet" in listed.run("status").out
    (sent,) = world.sent
    words = Typed(top=f"Muuten kunnossa, mutta\n3: {NEW}")
    listed.receive(plain(read_original(sent.raw), COORDINATOR, words, datetime(2025, 1, 2, 12, 0, tzinfo=ZONE)))
    listed.run("--quiet", "collect")
    assert listed.run("--json", "interpret").document == {"applied": 1}
    told = listed.run("--lang", "fi", "status").out
    contacts = listed.config / "contacts.yaml"
    contacts.write_text(contacts.read_text().replace(CULTURE, NEW))

    assert f"elinvoima/2024: Korjaus odottaa tiedostoon contacts.yaml: kulttuuripäällikkö, {NEW}." in told
    assert f"    contacts:\n      kulttuuripaallikko:\n        address: {NEW}  # instead of {CULTURE}\n" in told
    assert "Korjaus odottaa" not in listed.run("--lang", "fi", "status").out
