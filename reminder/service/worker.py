"""The worker: waits for the bell, does one pass, waits again; ends cleanly on SIGTERM.

One thread does all the work, so a pass never meets itself. On SQLite one service process holds the database; a second
refuses with exit code 75. What an earlier process left behind is settled by the flows themselves.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial

import structlog
from jinja2 import BaseLoader
from sqlalchemy.exc import SQLAlchemyError

from reminder.configuration.watching import QUIET_FOR, FileWatch
from reminder.edges.ports import MailSource
from reminder.errors import EXIT_DONE, ReminderError, TemporaryFailure
from reminder.flows.crash_loop import PASSES_OF_TRUST, end_crashes, find_delay, note_crash
from reminder.flows.house import House
from reminder.flows.mailbox_health import is_reachable
from reminder.flows.results import write_what_was_kept
from reminder.flows.taking_up import take_up
from reminder.flows.tick import Ticked, tick
from reminder.service.ending import Ending
from reminder.service.presence import BEAT_EVERY, Presence
from reminder.service.schedule import Bell, listen_for_mail, repeat, start_bell

log = structlog.get_logger(__name__)

PASS_EVERY = 30.0
REHEARSAL_PASS_EVERY = 0.2
"""In a rehearsal a day may take a second."""


def run_service(
    opening: AbstractContextManager[House],
    templates: BaseLoader,
    *,
    stop: threading.Event,
    is_rehearsal: bool = False,
    open_listener: Callable[[], MailSource] | None = None,
    watch: FileWatch | None = None,
    after_pass: Callable[[House], None] = lambda house: None,
) -> int:
    """Runs until `stop` is set, by SIGTERM or SIGINT. Returns the exit code. Raises AlreadyRunning where another service runs,
    StoreFailure where the database is damaged, gone, not to be written, or was migrated by a newer program meanwhile, and whatever an
    error of the program raises: the next start then waits longer each time.

    `after_pass` is called after each, and must not fail. With `watch` changed files are taken up between two passes.
    """
    bell = Bell()
    ending = Ending(stop, bell.ring)
    with ending.heard(), opening as house, house.store.lock_service():
        ending.cut = partial(_cut, house)
        house.store.check_sound()
        scheduler = start_bell(bell, every_seconds=REHEARSAL_PASS_EVERY if is_rehearsal else PASS_EVERY)
        presence = Presence(house, partial(_stop, stop, bell))
        presence.beat()
        repeat(scheduler, presence.beat, every_seconds=BEAT_EVERY)
        if open_listener is not None:
            listen_for_mail(bell, open_listener, stop, may_connect=partial(is_reachable, house))
        log.info("service started", instance=house.addressing.instance)
        passes = 0
        try:
            stop.wait(find_delay(house).total_seconds())
            while not stop.is_set():
                presence.house = house = _take_up_changes(house, watch)
                done = _one_pass(house, templates)
                if done is not None and done.interpreted.is_cut:
                    bell.ring()
                resume_at = done.delivered.resume_at if done is not None else None
                after_pass(house)
                passes = _earn_trust(house, passes) if done is not None else passes
                rest = (resume_at - house.clock.now()).total_seconds() if resume_at is not None else PASS_EVERY
                bell.wait(QUIET_FOR if watch is not None and watch.is_settling else min(PASS_EVERY, max(1.0, rest)))
            _write_last_results(house)
            presence.leave()
        except ReminderError:
            raise
        except Exception as fault:
            note_crash(house, fault)
            raise
        finally:
            scheduler.shutdown(wait=False)
            log.info("service ended")
    return EXIT_DONE


def _take_up_changes(house: House, watch: FileWatch | None) -> House:
    """The house with what is in force from now on. Where the database is busy the files are looked at again by the next pass."""
    loaded = watch.look() if watch is not None else None
    if watch is None or loaded is None:
        return house
    try:
        return take_up(house, loaded, watch.directory)
    except TemporaryFailure as failure:
        watch.forget()
        log.warning("changed files could not be taken up, will be tried again", reason=failure.message)
        return house


def _earn_trust(house: House, passes: int) -> int:
    """The number of passes that came about, this one included. At the twentieth the errors of earlier starts are forgotten; where the
    database is away just then, by a later one."""
    if passes + 1 == PASSES_OF_TRUST:
        try:
            end_crashes(house)
        except TemporaryFailure:
            return passes
    return passes + 1


def _write_last_results(house: House) -> None:
    """What the relay has said and could not be written: this is the last chance."""
    try:
        write_what_was_kept(house)
    except TemporaryFailure as failure:
        log.warning("results are lost with this process, their mails are unknown", reason=failure.message)


def _stop(stop: threading.Event, bell: Bell) -> None:
    stop.set()
    bell.ring()


def _cut(house: House) -> None:
    """Ends what outlives its grace: a talk with the relay, and the reading of a mail, which is read by the next service then."""
    for relay in house.relays:
        relay.close()
    house.reader.close()


def _one_pass(house: House, templates: BaseLoader) -> Ticked | None:
    """One pass and what it did; None where it failed and is tried again.

    Raises StoreFailure where the database has become that of a newer program: then nothing more is claimed (fault G7).
    """
    try:
        house.store.check_schema()
        done = tick(house, templates)
    except TemporaryFailure as failure:
        log.warning("pass failed, will be tried again", reason=failure.message)
        return None
    except SQLAlchemyError:
        house.store.check_schema()  # rather than what an older program stumbles over in the middle of its pass
        raise
    if not done.is_quiet:
        log.info("pass", captured=done.collected.captured, announced=len(done.announced.messages), sent=done.delivered.accepted)
    return done
