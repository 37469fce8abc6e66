"""U4: the first mail is sent a second time by command. S11, S12: the connection is lost right after the dot, over a real socket."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.city import CULTURE, City
from tests.cli.conftest import city as city
from tests.edges.scripted import CLOSE, RESET, ScriptedSmtp, Talk

PARTY = "kulttuuripaallikko"
REQUESTS = 16


@pytest.fixture
def relay() -> Iterator[ScriptedSmtp]:
    """A relay that takes everything."""
    with ScriptedSmtp() as server:
        yield server


def ask(city: City, relay: ScriptedSmtp) -> None:
    """The requests are written and handed over on their day."""
    city.set(SMTP_PORT=relay.port, SMTP_RATE=0)
    city.at("2025-02-03 12:00")
    assert city.run("--quiet", "arm", "--without-test").code == 0
    city.at("2025-02-14 09:00")
    assert city.run("--json", "announce").document["announced"] == REQUESTS
    assert city.run("--json", "deliver").code == 0


@pytest.mark.slow
@pytest.mark.fault("U4")
def test_the_requests_go_once_however_often_the_commands_are_given(city: City, relay: ScriptedSmtp) -> None:
    """Each command says that nothing was left to do; not a byte of the outbox changes and the relay hears of no mail."""
    ask(city, relay)
    assert len(relay.mails) == REQUESTS
    before = city.run("--json", "outbox", "list").out

    again = [city.run("--json", *command.split()).document for command in ("announce", "deliver", "announce", "deliver")]
    told = city.run("tick").out

    assert [one["announced"] for one in again[::2]] == [0, 0]
    assert "0 written, 0 sent" in told
    assert len(relay.mails) == REQUESTS
    assert city.run("--json", "outbox", "list").out == before


@pytest.mark.slow
@pytest.mark.fault("U4")
def test_what_was_sent_is_not_sent_again_by_name(city: City, relay: ScriptedSmtp) -> None:
    """`outbox retry` refuses a mail that the relay has taken; `remind` makes one more, of its own kind and place in the schedule, once."""
    ask(city, relay)
    (request,) = [row for row in city.run("--json", "outbox", "list").lines if row["to"] == CULTURE]
    refused = city.run("outbox", "retry", request["id"])
    first, second = city.run("remind", "2024", PARTY), city.run("remind", "2024", PARTY)
    city.at("2025-02-17 09:00")
    assert city.run("tick").code == 0
    assert city.run("tick").code == 0
    rows = [row for row in city.run("--json", "outbox", "list").lines if row["to"] == CULTURE]

    assert refused.code == 2
    assert "It was sent already, on 2025-02-14." in " ".join(refused.err.split())
    assert (first.code, second.code) == (0, 2)
    assert "waits already" in second.err
    assert sum(b"<%b>" % CULTURE.encode() in mail.partition(b"\r\n\r\n")[0] for mail in relay.mails) == 2
    assert sorted(row["kind"] for row in rows) == ["reminder", "request"]


class Forgetful(ScriptedSmtp):
    """Takes the mail of one recipient with its dot and is gone, so many times; `heard` is all that it was given for that one."""

    def __init__(self, ending: str, times: int) -> None:
        super().__init__()
        self._ending, self._times = ending, times
        self.heard: list[bytes] = []

    def take(self, talk: Talk) -> None:
        """The dot has come. Whether the mail is kept is nobody's knowledge but ours."""
        body = []
        while (line := talk.hear()) != b".":
            body.append(line)
        mail = b"\r\n".join(body)
        if b"<%b>" % CULTURE.encode() in mail.partition(b"\r\n\r\n")[0]:
            self.heard.append(mail)
            if len(self.heard) <= self._times:
                talk.say(self._ending)
        talk.say("250 taken\r\n")


@pytest.mark.slow
@pytest.mark.fault("S11", "S12", "S21", "K6")
@pytest.mark.parametrize("ending", [CLOSE, pytest.param(RESET, marks=pytest.mark.slow)])
def test_a_connection_that_is_lost_right_after_the_dot(city: City, ending: str) -> None:
    """Unknown, and nobody is asked again within the grace; then the same bytes once more, which settles it; the others went at once."""
    with Forgetful(ending, times=1) as relay:
        ask(city, relay)
        states = [state_of(city)]
        for minute in ("09:01", "09:20", "09:29"):
            city.at(f"2025-02-14 {minute}")
            city.run("tick")
        heard = [len(relay.heard)]
        states.append(state_of(city))
        city.at("2025-02-14 09:45")
        city.run("tick")
        heard.append(len(relay.heard))
        states.append(state_of(city))
        city.at("2025-02-14 12:00")
        city.run("tick")

    assert states == ["unknown", "unknown", "accepted"]
    assert heard == [1, 2]
    assert len(relay.heard) == 2
    assert len(set(relay.heard)) == 1
    rows = [row for row in city.run("--json", "outbox", "list").lines if row["kind"] == "request"]
    assert {(row["state"], row["attempts"]) for row in rows if row["to"] != CULTURE} == {("accepted", 1)}


@pytest.mark.slow
@pytest.mark.fault("S12")
def test_one_that_is_lost_each_time_waits_for_a_person_after_three(city: City) -> None:
    """At most two identical copies more, and never another."""
    with Forgetful(CLOSE, times=99) as relay:
        ask(city, relay)
        for hour in range(10, 16):
            city.at(f"2025-02-14 {hour}:00")
            city.run("tick")

    assert len(relay.heard) == 3
    assert len(set(relay.heard)) == 1
    assert state_of(city) == "needs_review"


def state_of(city: City) -> str:
    """Of the request to the culture manager."""
    (state,) = [row["state"] for row in city.run("--json", "outbox", "list").lines if (row["to"], row["kind"]) == (CULTURE, "request")]
    return str(state)
