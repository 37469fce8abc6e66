"""Troubles of the service itself that last: told once, red as long as they last, and no harm to the mails."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from reminder.domain.messages import MailKind
from reminder.edges.site import DirectorySite
from reminder.errors import StoreUnavailable
from reminder.flows import tick as tick_module
from reminder.flows.crash_loop import LONGEST_DELAY, PASSES_OF_TRUST, delay_after, end_crashes
from reminder.flows.house import House
from reminder.flows.tick import tick
from reminder.parse.message import read_mail
from reminder.service import worker
from reminder.service.health import measure_health
from tests.flows.town import CULTURE, Town, templates


class Watched(threading.Event):
    """A stop that is set after some passes, and that knows how long it was waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        """Notes it and does not wait."""
        self.waits.append(timeout or 0.0)
        return self.is_set()


@contextmanager
def opened(house: House) -> Iterator[House]:
    """The house for one start of the service; the database stays open."""
    yield house


def start(town: Town, *, passes: int = 1) -> float:
    """One start of the service, ended after so many passes; how long it waited before the first."""
    stop, done = Watched(), [0]

    def after_pass(_: House) -> None:
        done[0] += 1
        if done[0] == passes:
            stop.set()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker, "PASS_EVERY", 0.001)
        worker.run_service(opened(town.house), templates(), stop=stop, after_pass=after_pass)
    return stop.waits[0]


def plant(monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    """An error of the program in one part of a pass."""

    def broken(*_: object, **__: object) -> None:
        raise KeyError("an error of the program")

    monkeypatch.setattr(tick_module, part, broken)


@pytest.mark.fault("K18")
@pytest.mark.parametrize("part", ["collect_in_turn", "interpret_pending", "announce_in_turn", "deliver"])
def test_twenty_starts_that_crash_wait_longer_each_time_and_send_one_alert(town: Town, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    """1, 2, 4, … seconds, at most a quarter of an hour; no mail a start; mended, the service does all that was due."""
    town.ask()
    before = len(town.relay.taken)
    waits: list[float] = []
    with monkeypatch.context() as patch:
        plant(patch, part)
        for _ in range(20):
            with pytest.raises(KeyError):
                crash(town, waits)
        red = measure_health(town.house).red
    alerts, sent = len(town.sent(kind=MailKind.ALERT)), len(town.relay.taken) - before

    town.reply(CULTURE, "1.1: punainen")
    last = start(town, passes=PASSES_OF_TRUST)

    assert waits[:7] == [0, 1, 2, 4, 8, 16, 32]
    assert waits[-1] == last == LONGEST_DELAY.total_seconds()
    assert (alerts, sent) == (1, 1)
    assert any("has ended by an error 20 times" in line for line in red)
    assert not any("ended by an error" in line for line in measure_health(town.house).red)
    assert len(town.facts()) == 1
    assert "kaatunut 3 kertaa" in read_mail(town.sent(kind=MailKind.ALERT)[0].raw).subject


def crash(town: Town, waits: list[float]) -> None:
    """As `start`, for one that crashes: the wait is noted all the same."""
    stop = Watched()
    try:
        worker.run_service(opened(town.house), templates(), stop=stop)
    finally:
        waits.append(stop.waits[0])


@pytest.mark.fault("K18")
def test_one_crash_is_no_loop(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next start waits a second; nobody is told; ten minutes without an error end it."""
    town.arm()
    with monkeypatch.context() as patch:
        plant(patch, "announce_in_turn")
        with pytest.raises(KeyError):
            start(town)
    first, second = start(town), start(town, passes=PASSES_OF_TRUST)

    assert (first, second, start(town)) == (1, 1, 0)
    assert town.sent(kind=MailKind.ALERT) == []
    assert not any("ended by an error" in line for line in measure_health(town.house).red)


@pytest.mark.fault("D11")
def test_a_database_that_is_away_when_trust_is_earned_does_not_end_the_service(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is written down a pass later; the service had ended with 75 here when PostgreSQL restarted at its twentieth pass."""
    town.arm()
    with monkeypatch.context() as patch:
        plant(patch, "announce_in_turn")
        with pytest.raises(KeyError):
            start(town)
    calls = [0]

    def away_at_first(house: House) -> None:
        calls[0] += 1
        if calls[0] == 1:
            raise StoreUnavailable("The database cannot be used just now.")
        end_crashes(house)

    monkeypatch.setattr(worker, "end_crashes", away_at_first)
    start(town, passes=PASSES_OF_TRUST + 2)

    assert calls == [2]
    assert start(town) == 0


def test_the_delay_grows_to_its_bound_and_no_further() -> None:
    """Also after a thousand crashes."""
    delays = [delay_after(count) for count in range(1001)]
    assert delays[:4] == [timedelta(seconds=seconds) for seconds in (0, 1, 2, 4)]
    assert delays == sorted(delays)
    assert delays[-1] == LONGEST_DELAY


@dataclass(slots=True)
class BrokenSite:
    """A page that can be out of order."""

    path: Path
    is_broken: bool = True
    states: int = field(default=0)

    def publish(self, files: Mapping[str, bytes]) -> None:
        """As `ports.Site`: the real one, in a place that is a file while it is broken."""
        DirectorySite(self.path / "file" / "site" if self.is_broken else self.path / "site").publish(files)
        self.states += 1


@pytest.mark.slow
@pytest.mark.fault("G10")
def test_a_page_that_cannot_be_written_leaves_the_mails_alone_and_is_told_once(town: Town, tmp_path: Path) -> None:
    """Red at once; a mail to the coordinator after an hour; mended, the page stands and nothing is red."""
    (tmp_path / "file").write_text("in the way")
    site = BrokenSite(tmp_path)
    town.house = replace(town.house, site=site)
    town.ask()
    town.reply(CULTURE, "1.1: punainen")

    done = tick(town.house, templates())
    told_at_once, red = len(town.sent(kind=MailKind.ALERT)), measure_health(town.house).red
    for _ in range(8):
        town.clock.advance(timedelta(minutes=20))
        tick(town.house, templates())
    alerts = town.sent(kind=MailKind.ALERT)
    site.is_broken = False
    tick(town.house, templates())

    assert (done.collected.captured, done.delivered.accepted, told_at_once) == (1, 1, 0)
    assert any("the public page cannot be written" in line for line in red)
    assert len(alerts) == 1
    assert "julkista sivua ei voi kirjoittaa" in read_mail(alerts[0].raw).subject
    assert site.states == 1
    assert not any("page" in line for line in measure_health(town.house).red)
