"""One pass of everything that the service does, each part safe to repeat; trouble in one does not stop the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import structlog
from jinja2 import BaseLoader

from reminder.errors import ReminderError, StoreFailure
from reminder.flows.announce import Announced, announce
from reminder.flows.collect import Collected, collect
from reminder.flows.deliver import Delivered, deliver
from reminder.flows.house import House
from reminder.flows.interpret import Interpreted, interpret_pending
from reminder.flows.overtaken import end_overtaken
from reminder.flows.publish import Published, publish
from reminder.flows.relay_health import find_trouble

log = structlog.get_logger(__name__)
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked:
    """What one pass did."""

    collected: Collected
    interpreted: Interpreted
    announced: Announced
    delivered: Delivered
    published: Published
    trouble: tuple[str, ...] = ()

    @property
    def is_quiet(self) -> bool:
        """Whether nothing happened."""
        happened = (self.collected.captured, self.interpreted.states, self.announced.messages, self.announced.skipped)
        return not any(happened) and self.delivered == Delivered() and not self.published.is_changed


def tick(house: House, templates: BaseLoader) -> Ticked:
    """Reads before it writes: what has been answered is known before anybody is reminded.

    Raises StoreFailure, since without a sound database nothing may go on; any other trouble is told in the result.
    """
    trouble: list[str] = []
    _attempt("end what the files have overtaken", lambda: len(end_overtaken(house)), 0, trouble)
    collected = _attempt("collect", lambda: collect(house), Collected(), trouble)
    interpreted = _attempt("interpret", lambda: interpret_pending(house), Interpreted(), trouble)
    announced = _attempt("announce", lambda: announce(house), Announced(), trouble)
    delivered = _attempt("deliver", lambda: deliver(house), Delivered(), trouble)
    published = _attempt("publish", lambda: publish(house, templates), Published(is_changed=False), trouble)
    return Ticked(
        collected=collected,
        interpreted=interpreted,
        announced=announced,
        delivered=delivered,
        published=published,
        trouble=(*trouble, *announced.trouble, *find_trouble(house)),
    )


def _attempt(name: str, work: Callable[[], Done], otherwise: Done, trouble: list[str]) -> Done:
    try:
        return work()
    except StoreFailure:
        raise
    except ReminderError as failure:
        trouble.append(failure.message)
        log.warning(f"{name} failed", reason=failure.message)
        return otherwise
