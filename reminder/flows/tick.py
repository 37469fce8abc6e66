"""One pass of everything that the service does, each part safe to repeat; trouble in one does not stop the others."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from jinja2 import BaseLoader

from reminder.errors import TemporaryFailure
from reminder.flows.announce import Announced, announce
from reminder.flows.collect import Collected, collect
from reminder.flows.deliver import Delivered, deliver
from reminder.flows.house import House
from reminder.flows.interpret import Interpreted, interpret_pending
from reminder.flows.publish import Published, publish

log = structlog.get_logger(__name__)


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
    """Reads before it writes: what has been answered is known before anybody is reminded."""
    trouble: list[str] = []
    collected = Collected()
    try:
        collected = collect(house)
    except TemporaryFailure as failure:
        trouble.append(failure.message)
        log.warning("collect failed", reason=failure.message)
    interpreted = interpret_pending(house)
    announced = announce(house)
    delivered = deliver(house)
    return Ticked(
        collected=collected,
        interpreted=interpreted,
        announced=announced,
        delivered=delivered,
        published=publish(house, templates),
        trouble=tuple(trouble),
    )
