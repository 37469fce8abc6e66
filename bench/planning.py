"""The planner on many parties: the time of one pass when little is due, and how it grows with what exists and with what is due.

The city is made up: one programme, three rounds, one action a party and round. Every step of the past is settled, as after a
year of service; the database is the real one, with the production durability.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from jinja2 import FileSystemLoader

from reminder.configuration.loading import load_or_raise
from reminder.configuration.settings import load_settings
from reminder.domain.intents import PlannedStep
from reminder.domain.programme import Action, Contact, Directory, PartyContacts, Programme, ResponsibleParty
from reminder.domain.rounds import Anchor, ReportingRound
from reminder.domain.setup import Setup
from reminder.edges.clock import ManualClock
from reminder.flows import agenda as flow
from reminder.flows.announce import announce
from reminder.flows.house import House
from reminder.flows.opening import make_house
from reminder.plan.timeline import plan_timeline
from reminder.resources import find_example, find_templates
from reminder.store import agenda, control, people
from reminder.store.engine import Store
from reminder.store.schema import step as step_table

SIZES = (1_000, 10_000, 100_000)
DUE = (1, 10, 100, 1_000)
ROUNDS = 3
QUIET_PASSES = 5


def make_setup(parties: int) -> Setup:
    """A city of so many parties in three rounds, a year apart; one contact a party."""
    example = load_or_raise(find_example())
    names = [f"taho{number}" for number in range(parties)]
    contacts = {name: Contact(id=name, name=name, address=f"{name}@suvikoski.example") for name in names}
    pattern = example.programmes["elinvoima"]
    programme = replace(
        pattern,
        parties={name: ResponsibleParty(id=name, name=pattern.name) for name in names},
        actions=tuple(_action(name, number) for number, name in enumerate(names)),
    )
    rounds = tuple(_round(example.rounds[0], programme, year) for year in range(ROUNDS))
    people = {name: PartyContacts(contacts=(contacts[name],)) for name in names}
    directory = Directory(parties=people, coordinators=example.directory.coordinators)
    return replace(example, programmes={"elinvoima": programme}, rounds=rounds, directory=directory, version=f"bench {parties}")


def _action(name: str, number: int) -> Action:
    return Action(id=f"a{number}", number=str(number), title=f"Toimenpide {number}", lead=name, years=frozenset({2024}))


def _round(pattern: ReportingRound, programme: Programme, year: int) -> ReportingRound:
    anchors = {name: Anchor(id=name, name=one.name, on=date(2025 + year, 2, 14)) for name, one in pattern.anchors.items()}
    return replace(pattern, id=str(2024 + year), programme=programme.id, anchors=anchors, years=frozenset({2024}))


@contextmanager
def open_city(parties: int, now: datetime) -> Iterator[House]:
    """An armed house in which all that was due before `now` is settled, and whose agenda is written."""
    setup = make_setup(parties)
    with TemporaryDirectory(prefix="reminder-bench-") as name:
        folder = Path(name)
        settings = load_settings(
            folder,
            {
                "REMINDER_DATABASE_URL": f"sqlite:///{folder / 'reminder.db'}",
                "REMINDER_FROM": "Seuranta <seuranta@suvikoski.example>",
                "REMINDER_SECRET_KEY": "a:only-for-the-benchmark-0123456789",
            },
            complete=False,
        )
        store = Store.open(settings.database_url)
        store.migrate()
        house = make_house(settings, setup, store, FileSystemLoader(find_templates()), clock=ManualClock(now))
        with store.begin() as conn:
            control.arm(conn, now)
        flow.follow_files(house, now)
        settle_the_past(house, now)
        try:
            yield house
        finally:
            store.close()


def settle_the_past(house: House, now: datetime) -> None:
    """Every step until now has ended as a skip, and each place is to be looked at when its next step comes."""
    with house.store.read() as conn:
        persons = people.load_persons(conn)
    names = ["", *house.setup.programmes["elinvoima"].parties]
    for start in range(0, len(names), 2_000):
        places = {("elinvoima", one.id, name) for one in house.setup.rounds for name in names[start : start + 2_000]}
        timeline = plan_timeline(house.setup, places=places)
        rows = [row for step in timeline if step.not_before <= now for row in _settled(house, step, persons, now)]
        comes: dict[agenda.Place, datetime | None] = dict.fromkeys(places)
        for step in reversed(timeline):
            if step.not_before > now:
                comes[step.key.programme, step.key.round, step.key.party] = step.not_before
        with house.store.begin() as conn:
            conn.execute(step_table.insert(), rows)
            agenda.record_looks(conn, comes, now)


def _settled(house: House, step: PlannedStep, persons: dict[str, str], now: datetime) -> Iterator[dict[str, object]]:
    directory, key = house.setup.directory, step.key
    for contact in directory.of_party(key.party).contacts if key.party else directory.coordinators:
        person = persons[contact.address.lower()]
        yield {
            "dedupe_key": key.for_recipient(person),
            "programme": key.programme,
            "round": key.round,
            "party": key.party,
            "step": key.step.value,
            "ordinal": key.ordinal,
            "deadline_version": key.deadline_version,
            "person": person,
            "outcome": "skipped",
            "message": None,
            "reason": "bench",
            "decided_at": now,
        }


def measure_quiet(house: House) -> float:
    """Seconds of a pass in which nothing is due: the median of some."""
    return statistics.median(_seconds(house) for _ in range(QUIET_PASSES))


def measure_due(house: House, count: int, first: int) -> tuple[float, int]:
    """Seconds of a pass that looks at so many parties, and how many mails it made of them."""
    now = house.clock.now()
    places = [("elinvoima", str(2024 + ROUNDS - 1), f"taho{number}") for number in range(first, first + count)]
    with house.store.begin() as conn:
        agenda.record_looks(conn, dict.fromkeys(places, now), now)
    start = time.perf_counter()
    made = announce(house)
    return time.perf_counter() - start, len(made.messages)


def _seconds(house: House) -> float:
    start = time.perf_counter()
    announce(house)
    return time.perf_counter() - start


def whole_planner(house: House) -> float:
    """Seconds of planning the whole year for everybody, as a pass without an agenda would: the bare loop of this table."""
    start = time.perf_counter()
    timeline = plan_timeline(house.setup)
    del timeline
    return time.perf_counter() - start


def print_planning(sizes: Sequence[int] = SIZES) -> None:
    """The tables."""
    now = datetime.fromisoformat("2027-02-20T09:00:00+00:00")
    looked = ", ".join(str(count) for count in DUE)
    print(f"\n{'parties x rounds':<20} {'quiet pass':>12} {'whole year':>12}   pass that looks at {looked}")
    for size in sizes:
        with open_city(size, now) as house:
            measure_quiet(house)
            quiet, whole, first, passes = measure_quiet(house), whole_planner(house), 0, []
            for count in (count for count in DUE if count <= size):
                seconds, _ = measure_due(house, count, first)
                passes.append(f"{seconds * 1000:.0f} ms")
                first += count
            print(f"{size:>7} x {ROUNDS:<10} {quiet * 1000:>9.1f} ms {whole * 1000:>9.0f} ms   {', '.join(passes)}")


if __name__ == "__main__":
    print_planning()
