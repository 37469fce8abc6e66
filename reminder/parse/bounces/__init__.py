"""Delivery reports: small judges, one a dialect, asked in order; the first that is sure wins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reminder.parse.bounces.delivery_status import judge_delivery_status
from reminder.parse.bounces.other_dialects import judge_other_dialects
from reminder.parse.bounces.verdict import Verdict
from reminder.parse.message import Mail


@dataclass(frozen=True, slots=True)
class Judge:
    """One judge with the name that stands in the rules."""

    name: str
    judge: Callable[[Mail], Verdict | None]


JUDGES = (Judge("delivery_status", judge_delivery_status), Judge("other_dialects", judge_other_dialects))


def find_bounce(mail: Mail) -> tuple[str, Verdict] | None:
    """The first judge that is sure that this is a delivery report, and what it says."""
    for one in JUDGES:
        if (verdict := one.judge(mail)) is not None:
            return one.name, verdict
    return None
