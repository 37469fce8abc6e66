"""One simulation: a process that is started, killed and started again over some weeks, on a clock that is moved by hand."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from reminder.errors import ReminderError, TemporaryFailure
from reminder.flows.deliver import AMBIGUOUS_GRACE, deliver
from reminder.flows.house import House
from reminder.flows.taking_up import take_up
from reminder.flows.tick import tick
from reminder.simulation import town
from reminder.simulation.checking import Violation, check_end, check_step
from reminder.simulation.edges import SimulatedReader, SimulatedSite
from reminder.simulation.fates import Fates
from reminder.simulation.fragile_store import FragileStore
from reminder.simulation.looking import Looker, Seen, find_waits
from reminder.simulation.mailbox import ServerMailbox, SimulatedSource
from reminder.simulation.outcome import Outcome, Saved
from reminder.simulation.parts import (
    NothingInForce,
    load_templates,
    make_addressing,
    make_composer,
    make_pattern,
    next_beat,
    open_base,
    place_database,
    setup_in_force,
)
from reminder.simulation.people import ChanceScript, People, Script
from reminder.simulation.relay import SimulatedRelay
from reminder.simulation.world import Crash, World
from reminder.store import control
from reminder.store.engine import Store

PASS = timedelta(seconds=30)
MENDED_AFTER = timedelta(minutes=20)
DRAIN = timedelta(days=7)
"""How long after the last fault everything must have come to an end."""


class Simulation:
    """One world with one process in it. `script` says how people answer; without one, chance does."""

    def __init__(
        self,
        folder: Path,
        fates: Fates,
        *,
        seed: int = 0,
        script: Script | None = None,
        crash_at: frozenset[int] = frozenset(),
        is_checked: bool = True,
    ) -> None:
        self.seed = seed
        self.world = World(fates, town.BEGIN, crash_at=crash_at)
        self.server = ServerMailbox(self.world)
        self.people = People(self.world, self.server, script or ChanceScript(self.world))
        self.files: Mapping[str, bytes] = town.FILES
        self.path = place_database(folder, make_pattern(folder))
        self._looker = Looker(self.path)
        self._ids = random.Random(f"ids of {seed}")
        self._house: House | None = None
        self._taken: Mapping[str, bytes] | None = None
        self.steps = 0
        self._seen: Seen | None = None
        self._is_checked = is_checked
        self.quota_bytes = 0
        self.violations: list[Violation] = []

    def run(self) -> Outcome:
        """From the first morning until all is at rest. Ends at the first step that breaks an invariant."""
        self.arm()
        self.go_on(town.END)
        return self.come_to_rest()

    def come_to_rest(self) -> Outcome:
        """No faults any more; a week later everything must be final."""
        if not self.violations:
            self.end_faults()
            self.go_on(self.world.now() + DRAIN)
        seen = self.look()
        if not self.violations:
            self.violations += check_end(seen, self.world.journal, self.world.now())
        if not self._looker.is_whole():
            self.violations.append(Violation(invariant="R1", detail="SQLite finds the database damaged."))
        self.close()
        return Outcome(
            seed=self.seed,
            violations=tuple(self.violations),
            journal=self.world.journal,
            seen=seen,
            passed=self.world.passed,
            steps=self.steps,
            span=self.world.now() - town.BEGIN,
        )

    def end_faults(self) -> None:
        """From now on the world is in order."""
        self.world.fates.end()
        self.world.crash_at = frozenset()
        self.world.note("faults end")

    def save(self, path: Path) -> Saved:
        """The whole world as it is now, the database in a file at `path`; `Simulation.resume` goes on from it."""
        self._looker.save(path)
        kept = (self.world, self.server, self.people, self._ids)
        meanwhile, self.world.meanwhile = self.world.meanwhile, None
        saved = Saved(database=path, kept=copy.deepcopy(kept), files=self.files, steps=self.steps)
        self.world.meanwhile = meanwhile
        return saved

    @classmethod
    def resume(cls, folder: Path, saved: Saved, *, crash_at: frozenset[int]) -> Simulation:
        """A simulation that goes on from what was saved, with crashes still to come. The process in it is started anew, silently."""
        self = cls.__new__(cls)
        self.seed, self.violations, self._is_checked = 0, [], True
        self.world, self.server, self.people, self._ids = copy.deepcopy(saved.kept)
        self.world.crash_at = crash_at
        self.files, self._taken, self.steps, self.quota_bytes = saved.files, saved.files, saved.steps, 0
        self.path = place_database(folder, saved.database)
        self._looker = Looker(self.path)
        self._seen = self.look()
        self._house = None
        if self.world.incarnation:
            self._house = self._open(self.world.incarnation, f"worker-{self.world.incarnation}")
            self._taken = saved.files
        return self

    def close(self) -> None:
        """Closes what is open."""
        self.stop()
        self._looker.close()

    def arm(self) -> None:
        """Sending is switched on, as the coordinator does once."""
        store = Store.open(f"sqlite:///{self.path}")
        with store.begin() as conn:
            control.arm(conn, self.world.now())
        store.close()
        self.world.journal.versions.add(self._version(self.files))

    def go_on(self, until: datetime, *, is_over: Callable[[datetime], bool] = lambda _: False) -> None:
        """Step by step until an instant, a violation, or until `is_over` says so, asked with the instant at which a step began."""
        while self.world.now() < until and not self.violations:
            began = self.world.now()
            self.world.let_happen()
            self._break_the_world()
            self._step()
            if is_over(began):
                return
            self.wait(until)

    def _step(self) -> None:
        """One pass of the service, started anew where it was killed."""
        self.steps += 1
        try:
            house = self._take_up(self._house or self._start())
            self._house = house
            done = tick(house, load_templates())
            if done.trouble:
                self.world.note("trouble: " + " | ".join(done.trouble))
            if not done.is_quiet:
                self.world.note(f"pass: captured {done.collected.captured}, announced {len(done.announced.messages)}, {done.delivered}")
        except Crash:
            self.stop()
        except TemporaryFailure as failure:
            self.world.note(f"pass failed: {failure.message}")
        except NothingInForce as failure:
            self.world.note(f"does not start: {failure.message}")
            self.stop()
            self._bring_somebody()
        except ReminderError as failure:
            self.violations.append(Violation(invariant="R1", detail=f"the service stopped: {failure.message}"))
            self.stop()
        if self._is_checked:
            self._check()

    def _bring_somebody(self) -> None:
        """A service that never had sound files says so and ends; whoever installs it sees that, and mends them (invariant R1)."""
        self.world.clock.advance(MENDED_AFTER)
        self.files = town.FILES

    def _check(self) -> None:
        seen = self.look()
        if seen is not self._seen:
            self.world.journal.states.update(f"out {row['state']}" for row in seen.messages)
            self.world.journal.states.update(f"in {row['state']}" for row in seen.inbound)
        self.violations += check_step(self._seen, seen, self.world.journal)
        self._seen = seen

    def open_house(self) -> House:
        """The house of the process that runs, or of one that is started now."""
        self._house = self._house or self._start()
        return self._house

    def _start(self) -> House:
        incarnation = self.world.start()
        return self._open(incarnation, f"worker-{incarnation}")

    def _open(self, incarnation: int, worker: str) -> House:
        base = open_base(self.path)
        store = FragileStore(base.writer, base.reader, self.world, incarnation)
        loaded = town.load_files(self.files)
        with base.read() as conn:
            setup = loaded.setup or setup_in_force(conn)
        self._taken = None
        self.world.meanwhile = self._other_worker
        return House(
            setup=setup,
            addressing=make_addressing(),
            store=store,
            clock=self.world.clock,
            composer=make_composer(),
            random_bytes=self._ids.randbytes,
            owner=worker,
            relay=SimulatedRelay(self.world, incarnation, worker, self.people.receive),
            source=SimulatedSource(self.world, incarnation, self.server),
            site=SimulatedSite(self.world, incarnation),
            reader=SimulatedReader(),
            quota_bytes=self.quota_bytes,
        )

    def _take_up(self, house: House) -> House:
        if self._taken is self.files:
            return house
        house = take_up(house, town.load_files(self.files), town.FOLDER)
        self._taken = self.files
        return house

    def _other_worker(self) -> None:
        """A second worker on the same database has its turn while the first is frozen."""
        if self._house is None:
            return
        worker = f"other-{self.world.incarnation}"
        relay = SimulatedRelay(self.world, self.world.incarnation, worker, self.people.receive)
        self.world.note(f"{worker} has its turn")
        self.world.pending_talk, pending = None, self.world.pending_talk
        try:
            deliver(replace(self._house, owner=worker, relay=relay))
        except TemporaryFailure as failure:
            self.world.note(f"{worker} failed: {failure.message}")
        finally:
            self.world.pending_talk = pending

    def stop(self) -> None:
        """The process is gone; what the kernel would close is closed."""
        if self._house is not None:
            self._house.store.close()
        self._house = None
        self.world.is_dead = True

    def look(self) -> Seen:
        """What stands in the database now."""
        return self._looker.look()

    def fingerprint(self) -> str:
        """What the future depends on, without the names and instants that a crash may change: equal ones go on alike."""
        seen, world = self.look(), self.world
        mails = sorted(
            (
                row["kind"],
                row["envelope_recipient"],
                row["state"],
                row["items"],
                row["state"] != "accepted" and row["ambiguous_resends"] > 0,
            )
            for row in seen.messages
        )
        steps = [(row["dedupe_key"], row["outcome"], row["reason"]) for row in seen.steps]
        numbers = {letter.raw: letter.number for letter in world.journal.letters}
        letters = [(numbers.get(row["raw"]), row["state"], row["is_moved"]) for row in seen.inbound]
        received = sorted(seen.assessments, key=lambda row: (row["received_at"], row["inbound"], row["id"]))
        facts = [(row["action"], row["light"], row["is_late"]) for row in received]
        inbox = [(letter.number, uid) for uid, letter in self.server.inbox.items()]
        relay = seen.remembered("relay_trouble")
        return repr((mails, steps, letters, facts, inbox, relay, world.next_event(), self._house is None))

    def wait(self, until: datetime) -> None:
        """Moves the clock to the next moment at which anything can change."""
        now = self.world.now()
        if self._house is None:
            self.world.clock.advance(timedelta(minutes=self.world.fates.random.choice((1, 1, 5, 40))) if self.seed else PASS)
            return
        comes = [
            instant
            for instant in (self.world.next_event(), *find_waits(self.look(), AMBIGUOUS_GRACE), next_beat(now))
            if instant is not None
        ]
        self.world.clock.set(min(max(now + PASS, min(instant for instant in comes if instant > now)), until))

    def _break_the_world(self) -> None:
        """What befalls the whole machine: its clock, its files, its being switched off."""
        world = self.world
        if world.strikes("off for days"):
            self.stop()
            world.clock.advance(timedelta(hours=world.fates.random.choice((7, 30, 75, 130))))
            world.let_happen()
        if world.strikes("clock ahead"):
            world.clock.advance(timedelta(days=1))
        if world.strikes("clock back"):
            world.clock.advance(-timedelta(hours=2))
            world.journal.set_backs.append((len(world.journal.talks), world.clock.now()))
        if world.strikes("files edited"):
            self.files = town.edit_phone(world.fates.random.randrange(10_000))
            world.journal.versions.add(self._version(self.files))
        if world.strikes("files broken"):
            self.files = town.break_files(world.fates.random.randrange(10_000))
            world.journal.broken_edits += 1

    def _version(self, files: Mapping[str, bytes]) -> str:
        setup = town.load_files(files).setup
        assert setup is not None
        return setup.version
