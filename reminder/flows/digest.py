"""The overdue digest: one look at the round for the coordinator, from what is known at this moment (invariant R4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from reminder.compose.views import DigestProblem, DigestRow, DigestView, LightCount, ReportStanding, UpcomingMail
from reminder.domain.intents import SendIntent
from reminder.domain.messages import MailKind, OutboxState, OutgoingMessage
from reminder.domain.readings import InboundState
from reminder.domain.rounds import ReportingRound, StepKind
from reminder.flows import relay_health
from reminder.flows.house import House
from reminder.flows.knowledge import Knowledge
from reminder.flows.posting import finish_posting, open_posting, write_heading
from reminder.plan.summary import count_upcoming
from reminder.report.lights import count_lights
from reminder.report.overdue import OverdueRow, list_overdue
from reminder.store import inbox, outbox

LOOK_AHEAD = timedelta(days=7)
EARLIER_ROUNDS = 2


def compose_digest(house: House, knowledge: Knowledge, one: ReportingRound, intent: SendIntent, now: datetime) -> OutgoingMessage:
    """The finished digest of one round."""
    programme = house.setup.programmes[one.programme]
    posting = open_posting(house, programme.tag)
    heading = write_heading(house, posting, programme, one.name, intent.recipient.language, knowledge.today)
    with house.store.read() as conn:
        problems = list_problems(conn, house, one)
        rows = [write_row(row) for row in list_rows(conn, knowledge, one)]
        warnings = list_warnings(conn, heading.language)
    late = [row.due_on for row in rows if row.working_days_late and row.standing is not ReportStanding.COMPLETE]
    view = DigestView(
        heading=heading,
        as_of=now,
        rows=tuple(rows),
        problems=problems,
        upcoming=list_upcoming(knowledge, one, now),
        lights=write_lights(knowledge, one),
        oldest_due_on=min(late, default=None),
        warnings=warnings,
    )
    draft = house.composer.digest(view)
    return finish_posting(
        house,
        posting,
        draft,
        intent.recipient,
        now,
        expires_at=intent.head.expires_at,
        steps=intent.keys,
        programme_round=f"{one.programme}/{one.id}",
    )


def list_rows(conn: Connection, knowledge: Knowledge, one: ReportingRound) -> Sequence[OverdueRow]:
    """Every party of the round, worst first."""
    last_mails = {
        party: (kind, knowledge.setup.calendar.local_day(at))
        for (programme, round_id, party), (kind, at, _) in outbox.last_mails(conn).items()
        if (programme, round_id) == (one.programme, one.id)
    }
    bounced = outbox.bounced_parties(conn, programme=one.programme, round_id=one.id)
    puzzled = outbox.asked_back_parties(conn, programme=one.programme, round_id=one.id)
    return list_overdue(knowledge.progress(one), last_mails=last_mails, bounced=bounced, not_understood=puzzled)


def write_row(row: OverdueRow) -> DigestRow:
    """A row of the report as the mail shows it."""
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
    )


def list_problems(conn: Connection, house: House, one: ReportingRound) -> tuple[DigestProblem, ...]:
    """What needs a person: held and quarantined mails, bounces, what failed or may have gone."""
    return (*_inbound_problems(conn, house), *_outbound_problems(conn, house, one))


def _inbound_problems(conn: Connection, house: House) -> tuple[DigestProblem, ...]:
    waiting = frozenset({InboundState.HELD, InboundState.QUARANTINED})
    return tuple(
        DigestProblem(
            kind=row.state.value,
            what=row.sender_address or row.subject or f"inbox {row.id}",
            on=house.setup.calendar.local_day(row.internal_date),
            detail=row.reason,
            reference=f"inbox {row.id}",
        )
        for row in inbox.list_inbound(conn, states=waiting)
    )


def _outbound_problems(conn: Connection, house: House, one: ReportingRound) -> tuple[DigestProblem, ...]:
    parties = house.setup.programmes[one.programme].parties
    names = {party: entry.name.in_language("fi") for party, entry in parties.items()}
    troubled = frozenset({OutboxState.FAILED, OutboxState.UNKNOWN, OutboxState.NEEDS_REVIEW})
    failed = tuple(
        DigestProblem(
            kind=row.state.value,
            what=", ".join(names.get(party, party) for party in row.parties),
            on=house.setup.calendar.local_day(row.created_at),
            detail=row.reason,
            reference=f"outbox {row.id}",
        )
        for row in outbox.list_messages(conn, states=troubled)
    )
    bounced = tuple(
        DigestProblem(
            kind="bounced",
            what=", ".join(names.get(party, party) for party in row.parties),
            on=house.setup.calendar.local_day(row.at),
            detail=f"{row.status} {row.diagnostic}".strip(),
            reference=f"outbox {row.message}",
        )
        for row in outbox.list_bounces(conn)
        if row.is_permanent
    )
    return failed + bounced


def list_warnings(conn: Connection, language: str) -> tuple[str, ...]:
    """What is red, in one plain sentence each."""
    trouble = relay_health.load_trouble(conn)
    if trouble is None:
        return ()
    since = datetime.fromisoformat(trouble["since"])
    words = {
        "fi": "Postipalvelin ei ota viestejämme vastaan ({since} UTC alkaen): {text}",
        "sv": "E-postservern tar inte emot våra meddelanden (sedan {since} UTC): {text}",
        "en": "The mail relay does not take our mails (since {since} UTC): {text}",
    }
    return (words[language].format(since=f"{since:%d.%m.%Y %H:%M}", text=trouble["text"]),)


def list_upcoming(knowledge: Knowledge, one: ReportingRound, now: datetime) -> tuple[UpcomingMail, ...]:
    """What will go out in the next seven days, if nobody answers."""
    counted = count_upcoming(knowledge.timeline(), knowledge.setup, knowledge.plan_state(), now, now + LOOK_AHEAD)
    return tuple(
        UpcomingMail(on=entry.on, kind=MailKind(entry.step.value), count=entry.count)
        for entry in counted
        if (entry.programme, entry.round) == (one.programme, one.id) and entry.step is not StepKind.DIGEST
    )


def write_lights(knowledge: Knowledge, one: ReportingRound) -> tuple[LightCount, ...]:
    """How many lights of each colour, this round first, then up to two earlier ones that have any."""
    rounds = [other for other in knowledge.setup.rounds if other.programme == one.programme]
    this = rounds.index(one)
    counted = [count_lights(knowledge.progress(other)) for other in [one, *reversed(rounds[:this])][: 1 + EARLIER_ROUNDS]]
    return tuple(
        LightCount(
            round_name=count.round_name,
            green=count.green,
            yellow=count.yellow,
            red=count.red,
            other=count.other,
            awaited=count.awaited,
        )
        for count in counted
    )
