"""One pass of everything that the service does, each part safe to repeat; trouble in one does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

import structlog
from jinja2 import BaseLoader

from reminder.errors import ReminderError, StoreFailure, StoreUnavailable
from reminder.flows.announce import Announced
from reminder.flows.carry_out import carry_out
from reminder.flows.collect import Collected
from reminder.flows.deliver import deliver
from reminder.flows.feedback import warn_of_feedback
from reminder.flows.house import House
from reminder.flows.interpret import Interpreted, interpret_pending
from reminder.flows.inviting import Invited
from reminder.flows.judging import Consulted
from reminder.flows.lanes import Delivered
from reminder.flows.lasting_troubles import Lasting, end_lasting, note_lasting
from reminder.flows.publish import Published
from reminder.flows.relay_health import find_trouble
from reminder.flows.retention import purge_old_mails
from reminder.flows.room import watch_room
from reminder.flows.several import (
    announce_in_turn,
    collect_in_turn,
    consult_in_turn,
    end_overtaken_in_turn,
    invite_in_turn,
    publish_in_turn,
    survey_in_turn,
)
from reminder.flows.shredding import shred
from reminder.flows.store_watch import count_store_trouble, end_store_trouble
from reminder.flows.surveying import Surveyed
from reminder.flows.trouble_words import MAILS, words_of
from reminder.store.retention import Purged

log = structlog.get_logger(__name__)

MAILS_ALARM = timedelta(hours=1)
Done = TypeVar("Done")

READ_AT_MOST = timedelta(minutes=2)
"""How long a pass reads before it sends what is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked:
    """What one pass did."""

    collected: Collected
    interpreted: Interpreted
    announced: Announced
    delivered: Delivered
    published: Published
    invited: Invited = field(default_factory=Invited)
    surveyed: Surveyed = field(default_factory=Surveyed)
    consulted: Consulted = field(default_factory=Consulted)
    trouble: tuple[str, ...] = ()

    @property
    def is_quiet(self) -> bool:
        """Whether nothing happened."""
        happened = (
            self.collected.captured,
            self.interpreted.states,
            self.announced.messages,
            self.announced.skipped,
            self.invited.messages,
            self.surveyed.messages,
            self.consulted.messages,
        )
        return not any(happened) and not self.delivered.count and not self.published.is_changed


def tick(house: House, templates: BaseLoader) -> Ticked:
    """Reads before it writes: what has been answered is known before anybody is reminded.

    Raises StoreFailure, since without a sound database nothing may go on, and StoreUnavailable where it cannot be written now: then
    nothing was begun. Any other trouble is told in the result.
    """
    try:
        house.store.check_writable()
    except StoreUnavailable as failure:
        count_store_trouble(house, failure.message)
        raise
    work = _Attempts()
    work.attempt("look at the disk", lambda: watch_room(house), None)
    work.attempt("end what the files have overtaken", lambda: end_overtaken_in_turn(house), 0)
    collected = work.attempt("collect", lambda: collect_in_turn(house), Collected())
    interpreted = work.attempt("interpret", lambda: interpret_pending(house, at_most=_at_most(house)), Interpreted())
    work.attempt("carry out what was ordered", lambda: carry_out(house), 0)
    announced = work.attempt("announce", lambda: announce_in_turn(house), Announced())
    invited = work.attempt("invite", lambda: invite_in_turn(house), Invited())
    surveyed = work.attempt("ask the surveys", lambda: survey_in_turn(house), Surveyed())
    consulted = work.attempt("ask the sub-committee", lambda: consult_in_turn(house), Consulted())
    unwritten = (*announced.trouble, *invited.trouble, *surveyed.trouble, *consulted.trouble)
    work.attempt("tell of mails that cannot be written", lambda: _watch_mails(house, unwritten), None)
    work.attempt("warn of feedback that waits", lambda: warn_of_feedback(house), 0)
    delivered = work.attempt("deliver", lambda: deliver(house), Delivered())
    work.attempt("destroy what was counted", lambda: shred(house), 0)
    published = work.attempt("publish", lambda: publish_in_turn(house, templates), Published(is_changed=False))
    work.attempt("purge what is too old", lambda: purge_old_mails(house), Purged())
    if work.store_trouble:
        count_store_trouble(house, work.store_trouble)
    else:
        work.attempt("tell of the database", lambda: end_store_trouble(house), None)
    return Ticked(
        collected=collected,
        interpreted=interpreted,
        announced=announced,
        delivered=delivered,
        published=published,
        invited=invited,
        surveyed=surveyed,
        consulted=consulted,
        trouble=(*work.trouble, *announced.trouble, *find_trouble(house)),
    )


def _at_most(house: House) -> timedelta | None:
    """A rehearsal's clock runs too fast for this to mean anything."""
    return None if house.addressing.is_rehearsal else READ_AT_MOST


def _watch_mails(house: House, trouble: Sequence[str]) -> None:
    """Mails that cannot be written stay due; the coordinators are told once that has lasted an hour."""
    if trouble:
        note_lasting(house, Lasting.MAILS, trouble[0], lambda one: words_of(MAILS, one), after=MAILS_ALARM)
    else:
        end_lasting(house, Lasting.MAILS)


class _Attempts:
    """The parts of a pass, each tried whatever became of the others; remembers what went wrong."""

    def __init__(self) -> None:
        self.trouble: list[str] = []
        self.store_trouble = ""

    def attempt(self, name: str, work: Callable[[], Done], otherwise: Done) -> Done:
        """What came of it, or `otherwise` where it met trouble. Raises StoreFailure."""
        try:
            return work()
        except StoreFailure:
            raise
        except ReminderError as failure:
            self.trouble.append(failure.message)
            self.store_trouble = failure.message if isinstance(failure, StoreUnavailable) else self.store_trouble
            log.warning(f"{name} failed", reason=failure.message)
            return otherwise
