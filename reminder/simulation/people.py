"""Who answers, when and how: by a script in the golden scenario, by chance elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from reminder.simulation.journal import Talk
from reminder.simulation.mailbox import ServerMailbox
from reminder.simulation.parties import ASKING, Plan, Received, open_mail, write_mail
from reminder.simulation.town import COORDINATOR, LED_BY
from reminder.simulation.world import World

COPY_MARK = b"Received: from elsewhere\r\n"
"""What a second delivery of a mail has in front: a trace header, which is not content."""
LIGHTS = ("green", "yellow", "red")
Script = Callable[[Received], Sequence[Plan]]


GRID = timedelta(hours=4)


def golden_script(received: Received) -> Sequence[Plan]:
    """One answers at once, one in two parts, one late and never for the harbour; an absence and a stranger besides."""
    return tuple(replace(plan, grid=GRID) for plan in _golden_plans(received))


def _golden_plans(received: Received) -> Sequence[Plan]:
    if received.kind == "notice" and received.recipient.startswith("liikunta"):
        return (Plan(after=timedelta(minutes=3), kind="absence", said={}),)
    if received.recipient.startswith("kirjasto") and received.kind == "request":
        return (
            Plan(after=timedelta(hours=3), kind="reply", said={"1.1": "green"}),
            Plan(after=timedelta(hours=26), kind="reply", said={"1.2": "yellow", "1.1": "yellow"}),
            Plan(after=timedelta(hours=27), kind="stranger", said={}),
        )
    if received.recipient.startswith("liikunta") and received.kind == "last_call":
        return (Plan(after=timedelta(hours=2), kind="reply", said={"2.1": "red"}),)
    if received.recipient.startswith("johtaja") and received.kind == "overdue" and "3.1" in received.numbers:
        return (Plan(after=timedelta(days=1), kind="reply", said={"3.1": "green"}),)
    return ()


class ChanceScript:
    """Everybody answers as the seed has it: at once or late, in whole or in part, for themselves or for others, or not at all."""

    def __init__(self, world: World) -> None:
        self._world = world

    def __call__(self, received: Received) -> Sequence[Plan]:
        """What this person will do about this mail."""
        random = self._world.fates.random
        if received.kind not in ASKING or not received.numbers or random.random() < 0.35:
            return ()
        after = timedelta(minutes=random.choice((1, 20, 90, 600, 2000, 9000)))
        if random.random() < 0.1:
            return (Plan(after=after, kind=random.choice(("absence", "stranger", "empty")), said={}),)
        if self._world.strikes("poison"):
            return (Plan(after=after, kind="poison", said={}),)
        numbers = [number for number in received.numbers if random.random() < 0.75] or [received.numbers[0]]
        said = {number: random.choice(LIGHTS) for number in numbers}
        others = [number for address, led in LED_BY.items() for number, _ in led if address != received.recipient]
        also = (random.choice(others),) if random.random() < 0.1 else ()
        plans = [Plan(after=after, kind="reply", said=said, also_names=also)]
        if random.random() < 0.15:
            changed = {number: random.choice(LIGHTS) for number in said}
            plans.append(Plan(after=after + timedelta(minutes=random.choice((1, 300))), kind="reply", said=changed))
        return plans


class People:
    """Opens each mail that the relay hands on, once, and puts the answers into our mailbox when their time has come."""

    def __init__(self, world: World, server: ServerMailbox, script: Script) -> None:
        self._world = world
        self._server = server
        self._script = script
        self._opened: set[str] = set()
        self._written = 0

    def receive(self, talk: Talk) -> None:
        """A mail arrives. A second copy of the same one is seen as such, and not answered again."""
        if talk.message_id in self._opened:
            return
        self._opened.add(talk.message_id)
        received = open_mail(talk.raw)
        if received is None or received.recipient == COORDINATOR:
            return
        for plan in self._script(received):
            self._world.plan(plan.wait_from(self._world.now()), partial(self._write, received, plan))

    def _write(self, received: Received, plan: Plan, at: datetime) -> None:
        self._written += 1
        raw = write_mail(received, plan, at, self._written)
        said = plan.said if plan.kind == "reply" else {}
        self._server.put(raw, at, kind=plan.kind, sender=received.recipient, said=said, is_poison=plan.kind == "poison")
        if self._world.strikes("mail delivered twice"):
            copy = COPY_MARK + raw
            self._server.put(copy, at, kind="copy", sender=received.recipient, said=said, is_poison=plan.kind == "poison")
