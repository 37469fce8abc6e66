"""Rows of `reminder status`: per party and action, what is known and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from reminder.domain.assessments import Phase, ReportState, TrafficLight
from reminder.domain.programme import Localised
from reminder.report.lights import find_light
from reminder.report.progress import ActionProgress, DatedMail, PartyProgress, RoundProgress


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRow:
    """One action of one party."""

    programme: str
    round: str
    party_id: str
    party: Localised
    number: str
    title: str
    light: TrafficLight | None
    phase: Phase | None
    report: ReportState
    is_provisional: bool
    due_on: date
    last_mail: DatedMail | None = None
    next_mail: DatedMail | None = None
    """None where nothing more will go out about this action, as when it is answered."""


def list_status(
    progress: RoundProgress, *, last_mails: Mapping[str, DatedMail], next_mails: Mapping[str, DatedMail]
) -> tuple[StatusRow, ...]:
    """Every action of the round, party by party in the order of the programme. The mails are by party."""
    return tuple(
        _write_row(progress, party, action, last_mails.get(party.party.id), next_mails.get(party.party.id))
        for party in progress.parties
        for action in party.actions
    )


def _write_row(
    progress: RoundProgress, party: PartyProgress, action: ActionProgress, last_mail: DatedMail | None, next_mail: DatedMail | None
) -> StatusRow:
    is_settled = action.is_answered or action.is_waived
    return StatusRow(
        programme=progress.programme.id,
        round=progress.round.id,
        party_id=party.party.id,
        party=party.party.name,
        number=action.action.number,
        title=action.action.title,
        light=find_light(action),
        phase=action.fact.phase if action.fact else None,
        report=action.report,
        is_provisional=action.fact is not None and action.fact.is_provisional,
        due_on=party.deadline.due_on,
        last_mail=last_mail,
        next_mail=None if is_settled else next_mail,
    )
