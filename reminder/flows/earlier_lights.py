"""What lights.yaml tells of the time before the service, for who compares: a row of the digest, a field of the status."""

from __future__ import annotations

from reminder.compose.views import LastTime, LightCount
from reminder.domain.assessments import TrafficLight
from reminder.domain.programme import Localised
from reminder.domain.rounds import ReportingRound
from reminder.flows.knowledge import Knowledge
from reminder.flows.schedule_views import find_last_times

NAME = Localised({"fi": "Aiemmin (tuotu)", "sv": "Tidigare (importerat)", "en": "Before (imported)"})


def count_earlier(knowledge: Knowledge, one: ReportingRound) -> tuple[LightCount, ...]:
    """How many actions of this round had which light before, by the file; nothing where the file tells of none of them."""
    if not knowledge.setup.earlier.get(one.programme):
        return ()
    asked = [action.action.id for action in knowledge.progress(one).actions]
    found = find_last_times(knowledge, one)
    told = [last for action in asked if (last := found.get(action)) is not None and last.is_imported]
    lights = [last.light for last in told]
    if not told:
        return ()
    return (
        LightCount(
            round_name=NAME,
            green=lights.count(TrafficLight.GREEN),
            yellow=lights.count(TrafficLight.YELLOW),
            red=lights.count(TrafficLight.RED),
            other=lights.count(None),
            awaited=len(asked) - len(told),
        ),
    )


def tell_last_time(last: LastTime | None) -> dict[str, object] | None:
    """What was said of an action before this round, for JSON; `source` tells an answer from what was imported."""
    if last is None:
        return None
    return {
        "on": last.on.isoformat(),
        "light": last.light.value if last.light else None,
        "phase": last.phase.value if last.phase else None,
        "text": last.text,
        "source": "imported" if last.is_imported else "reply",
    }
