"""The overdue digest: one look at the round for the coordinator, from what is known at this moment (invariant R4)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from reminder.compose.views import (
    DigestProblem,
    DigestView,
    Disagreement,
    JudgedOtherwise,
    LightCount,
    ReportStanding,
    UnpublishedText,
    UpcomingMail,
)
from reminder.compose.words import format_moment
from reminder.domain.assessments import TrafficLight
from reminder.domain.intents import Recipient, SendIntent
from reminder.domain.messages import MailKind, OutboxState, OutgoingMessage
from reminder.domain.programme import Language
from reminder.domain.readings import FEEDBACK_RULE
from reminder.domain.rounds import ReportingRound
from reminder.domain.setup import QuietDigest
from reminder.flows import relay_health
from reminder.flows.absences import list_absent
from reminder.flows.approval_views import list_approvals, list_unapproved
from reminder.flows.contact_words import tell_contacts
from reminder.flows.desk import INBOX_WAITING, OUTBOX_WAITING, list_inbox, list_outbox
from reminder.flows.digest_notes import list_handed_over, list_plan_warnings, tell_two_answers
from reminder.flows.digest_rows import write_rows
from reminder.flows.earlier_lights import count_earlier
from reminder.flows.fault_words import warn_of_fault
from reminder.flows.feedback import due_on
from reminder.flows.flood import find_flood, find_loop
from reminder.flows.house import House
from reminder.flows.ingest import PER_SENDER_AND_HOUR, find_flooding
from reminder.flows.judging_answers import load_judged
from reminder.flows.knowledge import Knowledge
from reminder.flows.meeting_words import tell_meetings
from reminder.flows.no_sign import tell_silent
from reminder.flows.party_requests import load_open_requests
from reminder.flows.posting import finish_posting, open_posting, write_heading
from reminder.flows.private_texts import tell_private
from reminder.flows.red_words import tell_red
from reminder.flows.restored_words import tell_restored
from reminder.flows.schedule_views import write_action
from reminder.flows.standing_in import tell_standing_in
from reminder.flows.survey_results import tell_surveys
from reminder.flows.taking_up import load_fault
from reminder.flows.trial_words import tell_trial
from reminder.flows.troubles import newest_replies, open_bounces
from reminder.flows.unacknowledged import find_unacknowledged
from reminder.plan.summary import count_upcoming
from reminder.report.lights import count_lights, find_light
from reminder.store.publications import PublicWords, load_public_words

DESK_OF = "desk_of"
"""Key of a mail's details: the round that commands in its answers are about."""
ALL_CLEAR = "all_clear"
"""Key of a digest's details: it has nothing to say."""
LOOK_AHEAD = LOOK_BACK = timedelta(days=7)
EARLIER_ROUNDS = 2
TEXTS_SHOWN = 6
_BAD_ADDRESS = re.compile(r"\b5\.1\.(?:0|1|2|3|6|10)\b")
"""The status codes of an address that does not exist (RFC 3463, 3.2): somebody has to look for another."""


def compose_digest(house: House, knowledge: Knowledge, one: ReportingRound, intent: SendIntent, now: datetime) -> OutgoingMessage:
    """The finished digest of one round. Where there is nothing to say, it is as short as the settings want, and its details say so."""
    is_short = knowledge.setup.quiet_digest is not QuietDigest.WHOLE
    end = intent.head.expires_at
    with house.store.read() as conn:
        return write_digest(conn, house, knowledge, one, intent.recipient, now, expires_at=end, steps=intent.keys, may_be_short=is_short)


def write_digest(
    conn: Connection,
    house: House,
    knowledge: Knowledge,
    one: ReportingRound,
    recipient: Recipient,
    now: datetime,
    *,
    expires_at: datetime | None = None,
    steps: Sequence[str] = (),
    note: str = "",
    kind: MailKind = MailKind.DIGEST,
    may_be_short: bool = False,
) -> OutgoingMessage:
    """The digest to one person; `note` stands below the first sentence. One that somebody asked for is a mail of the desk, which no pause
    and no sending window holds."""
    programme = house.setup.programmes[one.programme]
    posting = open_posting(house, programme.tag)
    heading = write_heading(house, posting, programme, one.name, recipient.language, knowledge.today)
    problems = (
        *list_asked(conn, knowledge, one, heading.language),
        *list_problems(conn, house, one, heading.language),
        *list_handed_over(knowledge, one, heading.language),
    )
    rows = write_rows(conn, knowledge, one)
    warnings = _list_every_warning(conn, house, knowledge, one, heading.language, now)
    two = tell_two_answers(conn, knowledge, one, heading.language, now - LOOK_BACK)
    told = tell_trial(conn, house.setup.calendar.zone, heading.language, since=now - LOOK_BACK)
    about_contacts = tell_contacts(conn, knowledge.setup, one, heading.language, now, since=now - LOOK_BACK)
    meetings = tell_meetings(conn, knowledge.setup, one, heading.language, now)
    waiting, expired = list_approvals(conn, house, one, now), list_unapproved(conn, one, now - LOOK_BACK)
    unpublished = list_unpublished(knowledge, one, load_public_words(conn)) if house.site is not None else ()
    late = [row.due_on for row in rows if row.working_days_late and row.standing is not ReportStanding.COMPLETE]
    view = DigestView(
        heading=heading,
        as_of=now.astimezone(knowledge.setup.calendar.zone),
        rows=rows,
        problems=problems,
        upcoming=list_upcoming(knowledge, one, now),
        lights=write_lights(knowledge, one),
        oldest_due_on=min(late, default=None),
        warnings=(*warnings, *told.warnings, *about_contacts.warnings, *meetings.warnings),
        opening=note,
        notes=(*two, *told.notes, *about_contacts.notes, *meetings.notes, *tell_surveys(conn, knowledge.setup, one, heading.language, now)),
        approvals=waiting,
        expired=expired,
        absent=list_absent(house, knowledge, one),
        disagreements=list_disagreements(knowledge, one),
        judged=list_judged_otherwise(conn, knowledge, one),
        unpublished=unpublished[:TEXTS_SHOWN],
        unpublished_more=max(0, len(unpublished) - TEXTS_SHOWN),
    )
    is_short = may_be_short and view.is_clear
    draft = replace(house.composer.digest(replace(view, is_short=is_short)), kind=kind)
    message = finish_posting(
        house,
        posting,
        draft,
        recipient,
        now,
        expires_at=expires_at,
        steps=steps,
        programme_round=f"{one.programme}/{one.id}",
    )
    details = {**message.details, DESK_OF: f"{one.programme}/{one.id}"}
    return replace(message, details={**details, ALL_CLEAR: "yes"} if is_short else details)


def _list_every_warning(
    conn: Connection, house: House, knowledge: Knowledge, one: ReportingRound, language: Language, now: datetime
) -> tuple[str, ...]:
    """What is red or wants to be known before all else, the files first."""
    since = now - LOOK_BACK
    return (
        *list_file_warnings(conn, house, language),
        *list_warnings(conn, language, now),
        *list_plan_warnings(conn, knowledge, one, language, since),
        *tell_red(conn, language, now, is_rehearsal=house.addressing.is_rehearsal, login_ends=house.login_ends()),
        *tell_silent(conn, knowledge, one, language),
        *tell_private(knowledge, one, language),
        *tell_standing_in(conn, knowledge.setup, language),
        *tell_restored(conn, house.setup.calendar.zone, language, since),
    )


def list_asked(conn: Connection, knowledge: Knowledge, one: ReportingRound, language: Language) -> tuple[DigestProblem, ...]:
    """What parties ask for and nobody has settled."""
    parties = knowledge.setup.programmes[one.programme].parties
    return tuple(
        DigestProblem(
            kind=f"asks_{asked.what.value}",
            what=parties[asked.party].name.in_language(language),
            on=knowledge.setup.calendar.local_day(asked.at),
            excerpt=asked.words,
            until=asked.until,
            address=asked.address,
        )
        for asked in load_open_requests(conn, knowledge, one)
    )


def list_problems(conn: Connection, house: House, one: ReportingRound, language: Language) -> tuple[DigestProblem, ...]:
    """What needs a person: held and quarantined mails, bounces, what failed or may have gone."""
    names = {party: entry.name.in_language(language) for party, entry in house.setup.programmes[one.programme].parties.items()}
    calendar, replies = house.setup.calendar, newest_replies(conn, one.programme, one.id)
    incoming = tuple(
        DigestProblem(
            kind=FEEDBACK_RULE if entry.rule == FEEDBACK_RULE else entry.state.value,
            what=entry.sender or entry.subject or f"inbox {entry.id}",
            on=calendar.local_day(entry.received_at),
            detail=entry.reason,
            reason=entry.rule,
            excerpt=format_moment(entry.proposed.astimezone(calendar.zone), language) if entry.proposed else entry.excerpt,
            reference=f"inbox {entry.id}",
            until=due_on(house.setup, entry.received_at) if entry.rule == FEEDBACK_RULE else None,
            address=entry.sender,
        )
        for entry in list_inbox(conn, house.reader, INBOX_WAITING)
    )
    outgoing = tuple(
        DigestProblem(
            kind=entry.state.value,
            what=", ".join(names.get(party, party) for party in entry.parties) or entry.recipient,
            on=calendar.local_day(entry.created_at),
            detail=entry.reason,
            reason="bounced" if entry.state is OutboxState.FAILED and _BAD_ADDRESS.search(entry.reason) else "",
            reference=f"outbox {entry.id}",
        )
        for entry in list_outbox(conn, OUTBOX_WAITING - {OutboxState.WAITING_APPROVAL})
    )
    bounced = tuple(
        DigestProblem(kind="bounced", what=names.get(party, party), on=calendar.local_day(at), reason="bounced")
        for party, at in open_bounces(conn, one.programme, one.id, replies).items()
    )
    return incoming + outgoing + bounced


RELAY_WARNING = {
    "fi": "Postipalvelin ei ota viestejämme vastaan ({since} UTC alkaen): {text}",
    "sv": "E-postservern tar inte emot våra meddelanden (sedan {since} UTC): {text}",
    "en": "The mail relay does not take our mails (since {since} UTC): {text}",
}
FLOOD_WARNING = {
    "fi": "Vastauksia tuli niin paljon, että kaikkiin ei lähetetty kuittausta (viimeksi {at} UTC). Vastaukset on kirjattu.",
    "sv": "Det kom så många svar att alla inte fick en kvittering (senast {at} UTC). Svaren har antecknats.",
    "en": "So many replies came that not all were acknowledged (last {at} UTC). What they said is recorded.",
}

LOOP_WARNING = {
    "fi": "Yhteen osoitteeseen lähti kymmenen automaattista vastausta vuorokaudessa, ei enempää ({at} UTC). Ehkä kone vastaa koneelle.",
    "sv": "Till en adress gick tio automatiska svar på ett dygn, sedan inga fler ({at} UTC). Kanske svarar en maskin en annan.",
    "en": "One address got ten automatic answers in a day, and no more were sent (last {at} UTC). A machine may be answering a machine.",
}

SILENCE_WARNING = {
    "fi": "Vastaus kirjattiin, mutta kuittausta ei voitu kirjoittaa (saapuneet: {mails}). Kerro lähettäjälle, mitä kirjattiin.",
    "sv": "Ett svar antecknades, men kvitteringen kunde inte skrivas (inkommet: {mails}). Berätta för avsändaren vad som antecknades.",
    "en": "An answer was recorded, but its acknowledgement could not be written (inbox: {mails}). Tell the sender what was recorded.",
}


INGEST_WARNING = {
    "fi": "Samasta osoitteesta ({who}) tuli yli {limit} viestiä tunnissa. Loput ovat tallessa ja luetaan vuorollaan.",
    "sv": "Från en och samma adress ({who}) kom över {limit} meddelanden på en timme. Resten är sparade och läses i tur och ordning.",
    "en": "More than {limit} mails an hour came from one address ({who}). The rest are kept and will be read in turn.",
}


def list_file_warnings(conn: Connection, house: House, language: Language) -> tuple[str, ...]:
    """That the configuration files are broken, while they are."""
    fault = load_fault(conn)
    if fault is None:
        return ()
    return (warn_of_fault(fault.findings[0] if fault.findings else "", fault.since, house.setup.calendar.zone, language),)


def list_warnings(conn: Connection, language: str, now: datetime) -> tuple[str, ...]:
    """What is red, or was red since the last digest, in one plain sentence each."""
    found = []
    if (trouble := relay_health.load_trouble(conn)) is not None and relay_health.is_alarming(trouble, now):
        since = datetime.fromisoformat(trouble["since"])
        found.append(RELAY_WARNING[language].format(since=f"{since:%d.%m.%Y %H:%M}", text=trouble["text"]))
    if (at := find_flood(conn, now, within=LOOK_BACK)) is not None:
        found.append(FLOOD_WARNING[language].format(at=f"{at:%d.%m.%Y %H:%M}"))
    if (at := find_loop(conn, now, within=LOOK_BACK)) is not None:
        found.append(LOOP_WARNING[language].format(at=f"{at:%d.%m.%Y %H:%M}"))
    found += [INGEST_WARNING[language].format(who=who, limit=PER_SENDER_AND_HOUR) for who in find_flooding(conn, now - LOOK_BACK)]
    if mails := find_unacknowledged(conn, now - LOOK_BACK):
        found.append(SILENCE_WARNING[language].format(mails=", ".join(map(str, mails))))
    return tuple(found)


def list_disagreements(knowledge: Knowledge, one: ReportingRound) -> tuple[Disagreement, ...]:
    """Where a contributor sees an action differently than its lead; gone as soon as they agree."""
    programme = knowledge.setup.programmes[one.programme]
    return tuple(
        Disagreement(
            item=write_action(programme, one, progress.action.lead, progress.action, {}).item,
            lead=programme.parties[progress.action.lead].name,
            light=light,
            other=programme.parties[fact.party].name,
            other_light=fact.light,
            text=fact.text,
        )
        for progress in knowledge.progress(one).actions
        for fact in progress.disagreeing
        if (light := find_light(progress)) is not None and fact.light is not None and fact.party in programme.parties
    )


def list_judged_otherwise(conn: Connection, knowledge: Knowledge, one: ReportingRound) -> tuple[JudgedOtherwise, ...]:
    """Where the sub-committee's own light is another than that of the lead, in the order of the programme."""
    judged = load_judged(conn, knowledge.setup, one) if one.own_view is not None else {}
    parties = knowledge.setup.programmes[one.programme].parties
    return tuple(
        JudgedOtherwise(
            number=progress.action.number,
            title=progress.action.title,
            party=parties[progress.action.lead].name,
            light=light,
            judged=own.light,
            text=own.text,
            spread=tuple((light, own.spread[light]) for light in TrafficLight if light in own.spread),
        )
        for progress in knowledge.progress(one).actions
        if (own := judged.get((one.programme, one.id, progress.action.id))) is not None
        and (light := find_light(progress)) is not None
        and light is not own.light
    )


def list_unpublished(knowledge: Knowledge, one: ReportingRound, public: PublicWords) -> tuple[UnpublishedText, ...]:
    """The words that wait to be published, where each text is approved by a person."""
    if knowledge.setup.publish_texts:
        return ()
    parties = knowledge.setup.programmes[one.programme].parties
    return tuple(
        UnpublishedText(number=progress.action.number, party=parties[progress.action.lead].name, words=fact.text)
        for progress in knowledge.progress(one).actions
        if (fact := progress.fact) is not None and fact.text and public.of(fact) is None
    )


def list_upcoming(knowledge: Knowledge, one: ReportingRound, now: datetime) -> tuple[UpcomingMail, ...]:
    """What will go out in the next seven days, if nobody answers."""
    steps = [step for step in knowledge.timeline() if (step.key.programme, step.key.round) == (one.programme, one.id)]
    counted = count_upcoming(steps, knowledge.setup, knowledge.plan_state(), now, now + LOOK_AHEAD)
    return tuple(
        UpcomingMail(on=day, kind=MailKind(kind.value), count=count) for day, kind, count in counted if not kind.is_for_coordinator
    )


def write_lights(knowledge: Knowledge, one: ReportingRound) -> tuple[LightCount, ...]:
    """How many lights of each colour, this round first, then up to two earlier ones; what was imported stands in for an earlier one."""
    rounds = [other for other in knowledge.setup.rounds if other.programme == one.programme]
    this = rounds.index(one)
    counted = [count_lights(knowledge.progress(other)) for other in [one, *reversed(rounds[:this])][: 1 + EARLIER_ROUNDS]]
    rows = [
        LightCount(
            round_name=count.round_name,
            green=count.green,
            yellow=count.yellow,
            red=count.red,
            other=count.other,
            awaited=count.awaited,
        )
        for count in counted
    ]
    return (*rows, *count_earlier(knowledge, one)) if len(rows) <= EARLIER_ROUNDS else tuple(rows)
