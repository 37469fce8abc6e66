"""The example city in the middle of its round: Monday 24.2.2025, notice, request, first reminder and two digests sent, one answered."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from jinja2 import FileSystemLoader

from reminder.configuration.loading import load_or_raise
from reminder.configuration.settings import load_settings
from reminder.domain.assessments import Assessment, TrafficLight
from reminder.edges.clock import ManualClock
from reminder.flows.announce import announce
from reminder.flows.deliver import deliver
from reminder.flows.house import House
from reminder.flows.opening import make_house
from reminder.resources import find_templates
from reminder.store import control, reports
from reminder.store.engine import Store
from tests.cli.city import ZONE, set_clock
from tests.fakes import RecordingRelay

MOMENTS = ("2025-01-03 09:00", "2025-02-14 09:00", "2025-02-17 09:00", "2025-02-21 09:00", "2025-02-24 09:00")
NOW = "2025-02-24 12:00"


def local(written: str) -> datetime:
    """A local time of the city."""
    return datetime.fromisoformat(written).replace(tzinfo=ZONE)


def open_house(config: Path, clock: ManualClock, relay: RecordingRelay) -> House:
    """The flows on the city's own database, with a relay that takes everything. The caller closes the store."""
    settings = load_settings(config, {}, complete=False)
    templates = FileSystemLoader(find_templates())
    return make_house(settings, load_or_raise(config), Store.open(settings.database_url), templates, relay=relay, clock=clock)


def play_until_now(folder: Path) -> None:
    """Arms, sends what is due at each moment, and records the full answer of the rector on 20.2."""
    clock = ManualClock(local("2025-01-02 12:00"))
    house = open_house(folder / "config", clock, RecordingRelay())
    with house.store.begin() as conn:
        control.arm(conn, clock.now())
    for moment in MOMENTS:
        clock.set(local(moment))
        if moment == "2025-02-21 09:00":
            answer(house, "lukion-rehtori", "yrittajyyskurssi", local("2025-02-20 10:00"))
        announce(house)
        deliver(house)
    house.store.close()
    set_clock(folder, NOW)


def answer(house: House, party: str, action: str, at: datetime) -> None:
    """A green light, as if it had come by mail."""
    fact = Assessment(
        programme="elinvoima", round="2024", party=party, action=action, light=TrafficLight.GREEN, received_at=at, is_lead=True
    )
    with house.store.begin() as conn:
        reports.record_assessments(conn, [fact], source=f"test:{party}:{action}", now=at)
