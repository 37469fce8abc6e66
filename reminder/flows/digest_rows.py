"""The table of a digest: every party of the round, worst first, with how it has fared."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Connection

from reminder.compose.views import DigestRow, ReportStanding
from reminder.domain.messages import MailKind
from reminder.domain.rounds import ReportingRound
from reminder.flows.knowledge import Knowledge
from reminder.flows.renaming import current_party
from reminder.flows.troubles import REPLY_NOT_UNDERSTOOD, newest_replies, open_bounces
from reminder.report.overdue import OverdueRow, list_overdue
from reminder.store import outbox


def write_rows(conn: Connection, knowledge: Knowledge, one: ReportingRound) -> tuple[DigestRow, ...]:
    """The rows as the mail shows them."""
    late_before = _find_late_before(knowledge, one)
    return tuple(_write_row(row, late_before) for row in _list_overdue(conn, knowledge, one))


def _list_overdue(conn: Connection, knowledge: Knowledge, one: ReportingRound) -> Sequence[OverdueRow]:
    """Every party of the round, worst first."""
    last_mails = {
        current_party(knowledge.setup, programme, party): (mail.kind.value, knowledge.setup.calendar.local_day(mail.at))
        for (programme, _, party), mail in outbox.last_mails(conn, (one.programme, one.id)).items()
    }
    replies = newest_replies(conn, one.programme, one.id)
    bounced = open_bounces(conn, one.programme, one.id, replies)
    puzzled = {party for party, event in replies.items() if event.kind == REPLY_NOT_UNDERSTOOD}
    return list_overdue(knowledge.progress(one), last_mails=last_mails, bounced=bounced, not_understood=puzzled)


def _find_late_before(knowledge: Knowledge, one: ReportingRound) -> Collection[str] | None:
    """The parties that were late in an earlier round, as the escalation tells them; None where none was followed, so that nobody knows.

    A round that stood in the files before the service was armed has no answer here, and proves nobody punctual.
    """
    of = (one.programme, one.id)
    rounds = [other.id for other in knowledge.setup.rounds if other.programme == one.programme]
    earlier = set(rounds[: rounds.index(one.id)])
    if not any(fact.programme == one.programme and fact.round in earlier for fact in knowledge.assessments):
        return None
    return {party for *place, party in knowledge.lateness.late_before if tuple(place) == of}


def _write_row(row: OverdueRow, late_before: Collection[str] | None) -> DigestRow:
    """A row of the report as the mail shows it; `late_before` holds the ids of those that were late before."""
    return DigestRow(
        party=row.party,
        standing=ReportStanding(row.standing.value),
        missing_numbers=row.missing_numbers,
        asked_count=row.asked_count,
        due_on=row.due_on,
        working_days_late=row.working_days_late,
        last_mail_kind=MailKind(row.last_mail_kind) if row.last_mail_kind else None,
        last_mail_on=row.last_mail_on,
        is_extended=row.is_extended,
        was_late_before=None if late_before is None else row.party_id in late_before,
    )
