"""Rows of the overdue digest, worst first, and the figures of its first sentence."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from reminder.domain.programme import Localised
from reminder.report.progress import PartyProgress, RoundProgress


class Standing(StrEnum):
    """How a party's report stands, in one word. Each gets its own text in mails."""

    SILENT = "silent"
    PARTIAL = "partial"
    NOT_UNDERSTOOD = "not_understood"
    BOUNCED = "bounced"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueRow:
    """One party in the table of the digest."""

    party_id: str
    party: Localised
    standing: Standing
    missing_numbers: tuple[str, ...]
    asked_count: int
    due_on: date
    working_days_late: int
    is_overdue: bool
    is_extended: bool
    last_mail_kind: str = ""
    """As `MailKind` has it; empty where nothing was sent yet."""
    last_mail_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFigures:
    """The numbers of "9 of 17 have answered; 4 are late, the oldest since 5.2."."""

    parties: int
    complete: int
    partial: int
    silent: int
    """Those of whom nothing has been recorded, whatever the reason."""
    late: int
    oldest_due_on: date | None


def find_standing(progress: PartyProgress, *, is_bounced: bool = False, is_unclear: bool = False) -> Standing:
    """How a party stands. What is complete is complete, whatever bounced on the way."""
    if progress.is_complete:
        return Standing.COMPLETE
    if is_bounced:
        return Standing.BOUNCED
    if progress.answered:
        return Standing.PARTIAL
    return Standing.NOT_UNDERSTOOD if is_unclear or progress.has_replied else Standing.SILENT


def list_overdue(
    progress: RoundProgress,
    *,
    last_mails: Mapping[str, tuple[str, date]] | None = None,
    bounced: Collection[str] = (),
    not_understood: Collection[str] = (),
) -> tuple[OverdueRow, ...]:
    """Every party that is asked for something, worst first: late and silent, unreachable, unclear, late in part, not yet due, complete.

    Mails (kind and local day) and troubles are by party id.
    """
    mails = last_mails or {}
    rows = []
    for party in progress.parties:
        name = party.party.id
        if party.asked:
            standing = find_standing(party, is_bounced=name in bounced, is_unclear=name in not_understood)
            rows.append(_write_row(party, standing, *mails.get(name, ("", None))))
    return tuple(sorted(rows, key=_badness))


def count_round(progress: RoundProgress) -> RoundFigures:
    """The figures of a round."""
    parties = [party for party in progress.parties if party.asked]
    complete = sum(party.is_complete for party in parties)
    partial = sum(bool(party.answered) for party in parties if not party.is_complete)
    late = [party.deadline.due_on for party in parties if party.is_overdue]
    return RoundFigures(
        parties=len(parties),
        complete=complete,
        partial=partial,
        silent=len(parties) - complete - partial,
        late=len(late),
        oldest_due_on=min(late, default=None),
    )


def _write_row(party: PartyProgress, standing: Standing, mail_kind: str, mail_on: date | None) -> OverdueRow:
    return OverdueRow(
        party_id=party.party.id,
        party=party.party.name,
        standing=standing,
        missing_numbers=tuple(action.number for action in party.missing),
        asked_count=len(party.asked),
        due_on=party.deadline.due_on,
        working_days_late=party.working_days_late,
        is_overdue=party.is_overdue,
        is_extended=party.deadline.extension is not None,
        last_mail_kind=str(mail_kind),
        last_mail_on=mail_on,
    )


def _badness(row: OverdueRow) -> tuple[int, int, date, int]:
    if row.standing is Standing.COMPLETE:
        rank = 5
    elif row.standing is Standing.BOUNCED:
        rank = 1
    elif not row.is_overdue:
        rank = 4
    else:
        rank = {Standing.SILENT: 0, Standing.NOT_UNDERSTOOD: 2}.get(row.standing, 3)
    return rank, -row.working_days_late, row.due_on, -len(row.missing_numbers)
