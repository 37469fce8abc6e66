"""Those who look from outside get true figures without personal data, and never disturb the service."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path

import pytest

from reminder.domain.rounds import StepKind
from reminder.edges.clock import ManualClock
from reminder.edges.pinging import Pinger
from reminder.flows.collect import collect
from reminder.plan.timeline import plan_timeline
from reminder.service.health import measure_health
from reminder.service.lookout import Lookout, write_figures
from reminder.store.engine import Store
from tests.fakes import MemorySource, RecordingRelay
from tests.flows.town import DOWN, Town, example, make_house
from tests.real_parts import HOST, free_port


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """The example city a day before its first mail."""
    first = min(step.not_before for step in plan_timeline(example()) if step.key.step is StepKind.NOTICE)
    clock, relay, source = ManualClock(first - timedelta(days=1)), RecordingRelay(), MemorySource()
    store = Store.open(f"sqlite:///{tmp_path / 'reminder.db'}")
    store.migrate()
    yield Town(house=make_house(store, clock, relay, source), clock=clock, relay=relay, source=source)
    store.close()


class Switch:
    """A dead man's switch on loopback: counts the calls, and answers as it is told."""

    def __init__(self, answer: bytes) -> None:
        self.calls: list[bytes] = []
        self.called = threading.Event()
        self._answer = answer
        self._socket = socket.create_server((HOST, 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.calls.append(connection.recv(4096))
            if self._answer:
                connection.sendall(self._answer)
                connection.close()
            self.called.set()

    def close(self) -> None:
        """Ends it."""
        self._socket.close()


def get(port: int, path: str) -> tuple[int, str]:
    """Status and body."""
    connection = HTTPConnection(HOST, port, timeout=5)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


def test_the_figures_follow_the_format_and_the_state(town: Town) -> None:
    """Every sample has its HELP and TYPE; names begin with `reminder_`; the numbers are those of the database."""
    town.ask()
    collect(town.house)

    text = write_figures(measure_health(town.house))

    samples = dict(re.findall(r"^(reminder_[a-z_]+(?:\{state=\"[a-z_]+\"\})?) ([0-9.]+)$", text, re.MULTILINE))
    assert len(samples) == sum(not line.startswith("#") for line in text.splitlines())
    assert {name.partition("{")[0] for name in samples} == set(re.findall(r"^# TYPE (\S+) (?:gauge|counter)$", text, re.MULTILINE))
    assert samples['reminder_outbox_messages{state="accepted"}'] == str(len(town.relay.taken))
    assert samples["reminder_last_poll_timestamp_seconds"] == f"{town.clock.now().timestamp():.3f}"
    assert samples["reminder_armed"] == samples["reminder_healthy"] == samples["reminder_clock_sane"] == "1.000"
    assert "@" not in text


def test_the_page_is_served_and_says_red(town: Town) -> None:
    """`/metrics` and `/healthz` on loopback; red is 503; anything else is not found; a second one on the same port disturbs nothing."""
    port = free_port()
    lookout, second = Lookout(place=(HOST, port)), Lookout(place=(HOST, port))
    lookout.look(town.house)
    try:
        status, body = get(port, "/metrics")
        assert (status, "reminder_healthy 0.000" in body) == (200, True)
        assert get(port, "/healthz") == (503, "red\n")
        collect(town.house)
        assert get(port, "/healthz") == (200, "ok\n")
        assert get(port, "/etc/passwd")[0] == 404
        second.look(town.house)
        assert second.server is None
    finally:
        lookout.close()


def test_the_switch_is_called_when_healthy_and_not_too_often(town: Town) -> None:
    """Red: no call, so that the switch raises the alarm. Healthy: one call in the time set."""
    switch = Switch(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    pinger = Pinger(f"http://{HOST}:{switch.port}/ping/secret?x=1", every_seconds=3600)
    lookout = Lookout(pinger=pinger)

    lookout.look(town.house)
    assert switch.calls == []
    collect(town.house)
    for _ in range(3):
        lookout.look(town.house)
        pinger.wait(5)

    assert len(switch.calls) == 1
    assert switch.calls[0].startswith(b"GET /ping/secret?x=1 HTTP/1.1\r\n")
    switch.close()


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 500 no\r\n\r\n", b"nonsense\r\n\r\n", b"HTTP/1.1 302 no\r\nLocation: file:///etc/passwd\r\n\r\n"]
)
def test_a_switch_that_fails_disturbs_nothing_and_is_not_named(answer: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    """Silence, a refusal, nonsense and a redirect end the call within its limit, with a warning that does not hold the URL."""
    switch = Switch(answer)
    pinger = Pinger(f"http://{HOST}:{switch.port}/secret", every_seconds=0, limit_seconds=0.2)

    assert pinger.ping()
    assert switch.called.wait(5)
    pinger.wait(5)

    told = "".join(capsys.readouterr())
    assert "dead man's switch" in told
    assert "secret" not in told
    assert pinger.ping()
    pinger.wait(5)
    switch.close()


def test_a_mail_that_is_due_for_a_day_is_red(town: Town) -> None:
    """Armed and not paused, with a relay that is not in trouble, a mail that does not leave is noticed; so is a clock that goes back."""
    town.ask()
    town.reply("kulttuuripaallikko@suvikoski.example", "kaikki vihreällä")
    town.read()
    assert measure_health(town.house).is_ok
    town.clock.advance(timedelta(hours=25))
    collect(town.house)

    health = measure_health(town.house)
    assert [one for one in health.red if one.startswith("a mail has been due since")]
    assert health.oldest_open_seconds == pytest.approx(25 * 3600)
    town.pause(everything=True)
    assert measure_health(town.house).is_ok


def test_a_relay_that_is_down_is_told_once(town: Town) -> None:
    """The trouble of the relay is the cause; that mails wait for it is not told as a second one."""
    town.arm()
    town.move_to(StepKind.NOTICE)
    town.announce()
    town.answer_all(DOWN)
    town.deliver()
    town.clock.advance(timedelta(days=2))
    collect(town.house)

    (red,) = measure_health(town.house).red
    assert red.startswith("the relay does not take mails")
