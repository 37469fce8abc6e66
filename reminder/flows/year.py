"""The view of the year: the steps of the files, what has become of them, and what was decided on top; changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from reminder.compose.year.views import MailState, MarkKind, SpellKind, YearMail, YearMark, YearParty, YearSpell, YearView, span_of
from reminder.domain.foreseen import SettledStep
from reminder.domain.intents import PlannedStep, PlanState, Recipient
from reminder.domain.messages import OutboxState
from reminder.domain.programme import Localised
from reminder.domain.rounds import ApprovalPolicy, Extension, ReportingRound
from reminder.domain.setup import Setup
from reminder.domain.workdays import DatedReason
from reminder.errors import UsageFailure
from reminder.flows.knowledge import load_knowledge
from reminder.flows.meetings import HeldMeeting, list_meetings
from reminder.plan.deciding import why_skip
from reminder.plan.known import Due, Known
from reminder.plan.timeline import closes_on, party_deadline, plan_timeline
from reminder.store import control, outbox, overlays
from reminder.store.approvals import Gate, load_approved
from reminder.store.control import Control
from reminder.store.engine import Store
from reminder.store.overlays import Overlay, OverlayKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What the database knows; empty where there is none."""

    has_store: bool = False
    state: PlanState = field(default_factory=PlanState)
    settled: Mapping[str, SettledStep] | None = None
    approved: frozenset[Gate] = frozenset()
    """The kinds of a round that the coordinator has approved."""
    overlays: tuple[Overlay, ...] = ()
    decided: Setup | None = None
    """The files with what was decided by hand; None where there is no database."""
    switches: Control = field(default_factory=Control)
    meetings: tuple[HeldMeeting, ...] = ()
    """With who was invited to which slot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which part of the year is asked for."""

    start: date | None = None
    until: date | None = None
    party: str | None = None

    def has(self, day: date, party: str) -> bool:
        """Whether a mail on that day for that party is asked for."""
        return (self.start is None or day >= self.start) and (self.until is None or day <= self.until) and self.party in {None, party}


def load_past(store: Store | None, setup: Setup, now: datetime) -> Past:
    """Reads what has happened, in one transaction. Closes the store."""
    if store is None:
        return Past()
    try:
        with store.read() as conn:
            knowledge = load_knowledge(conn, setup, now)
            return Past(
                has_store=True,
                state=knowledge.plan_state(),
                settled={step.dedupe_key: step for step in outbox.list_settled_steps(conn)},
                approved=load_approved(conn),
                overlays=overlays.load_overlays(conn),
                decided=knowledge.setup,
                switches=control.load_control(conn),
                meetings=tuple(list_meetings(knowledge.setup, conn)),
            )
    finally:
        store.close()


def build_year(setup: Setup, past: Past, now: datetime, wanted: Wanted, *, instance: str = "") -> YearView:
    """The view. Raises UsageFailure where nothing falls into the time that is asked for."""
    mails = tuple(list_year_mails(setup, past, now, wanted))
    marks = tuple(_marks(setup, past.state.extensions, wanted, [mail.on for mail in mails]))
    days = [mail.on for mail in mails] + [mark.on for mark in marks]
    if not days:
        raise UsageFailure("Nothing falls into this time.", advice="Leave out --from, --until and --party, or name other ones.")
    first, last = span_of(days, at_least=1 if wanted.start or wanted.until else 12)
    calendar = setup.calendar
    return YearView(
        title=_title(setup),
        office=Localised({language: _office(setup, language) for language in ("fi", "sv", "en")}),
        instance=instance,
        as_of=now.astimezone(calendar.zone),
        closed={day: name for day, name in calendar.holidays.items() if first <= day <= last},
        quiet={day: name for day, name in calendar.quiet.items() if first <= day <= last},
        mails=mails,
        marks=marks,
        spells=tuple(_spells(setup, past, now)),
        first=first,
        last=last,
        has_store=past.has_store,
        is_armed=past.switches.is_armed,
        has_several_rounds=len(setup.rounds) > 1,
    )


def list_year_mails(setup: Setup, past: Past, now: datetime, wanted: Wanted) -> Iterator[YearMail]:
    """The steps in order of time; parties with the same step, time, reason and standing together."""
    known = Known.of(setup, past.state)
    groups: dict[tuple[object, ...], tuple[Standing, list[tuple[PlannedStep, tuple[Recipient, ...]]]]] = {}
    for step in plan_timeline(setup, extensions=past.state.extensions):
        if not wanted.has(setup.calendar.local_day(step.not_before), step.key.party):
            continue
        recipients = known.recipients(step)
        standing = stand(known, past, step, recipients, now)
        key = step.key
        place = (step.not_before, key.programme, key.round, key.step, key.ordinal, key.deadline_version, _chain_key(step.why), standing)
        groups.setdefault(place, (standing, []))[1].append((step, recipients))
    for standing, steps in groups.values():
        yield _write_mail(setup, steps, standing)


def _chain_key(why: DatedReason) -> tuple[object, ...]:
    """What makes two reasons the same; names are held in mappings and have no hash."""
    return tuple((link.kind, link.on, link.amount, link.unit, link.name.in_language("fi") if link.name else "") for link in why.chain)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one step stands."""

    state: MailState
    reason: str = ""
    on: date | None = None


def stand(known: Known, past: Past, step: PlannedStep, recipients: Sequence[Recipient], now: datetime) -> Standing:
    """Where a step stands; with several recipients it is as open as the most open of them."""
    if past.settled is None:
        return Standing(state=MailState.UNKNOWN)
    open_to = [one for one in recipients if step.key.for_recipient(one.person) not in past.settled]
    if open_to or not recipients:
        due = Due(step=step, recipient=open_to[0]) if open_to else None
        reason = why_skip(known, due, max(now, step.not_before)) if due else None
        if reason is not None:
            return Standing(state=MailState.NOT_NEEDED, reason=reason.value)
        return Standing(state=MailState.DUE if step.not_before <= now else MailState.PLANNED, reason=_asks_first(known.setup, past, step))
    ended = [past.settled[step.key.for_recipient(one.person)] for one in recipients]
    if any(one.state == OutboxState.WAITING_APPROVAL for one in ended):
        return Standing(state=MailState.WAITING_APPROVAL)
    sent = [one for one in ended if one.is_mail]
    if sent:
        return Standing(state=MailState.SENT, on=known.setup.calendar.local_day(min(one.at for one in sent)))
    return Standing(state=MailState.SKIPPED, reason=ended[0].reason)


def _asks_first(setup: Setup, past: Past, step: PlannedStep) -> str:
    """`approval` where the coordinator is asked before the mail leaves."""
    gate = (step.key.programme, step.key.round, step.key.step)
    one = setup.round(gate[0], gate[1])
    if one is None or not one.approve.asks_for(gate[2]):
        return ""
    return "approval" if one.approve is ApprovalPolicy.ALL or gate not in past.approved else ""


def _write_mail(setup: Setup, steps: Sequence[tuple[PlannedStep, tuple[Recipient, ...]]], standing: Standing) -> YearMail:
    step = steps[0][0]
    key = step.key
    one, programme = setup.round(key.programme, key.round), setup.programmes[key.programme]
    return YearMail(
        programme=key.programme,
        round=key.round,
        round_name=one.name if one else Localised.everywhere(key.round),
        kind=key.step,
        ordinal=key.ordinal,
        version=key.deadline_version,
        at=step.not_before.astimezone(setup.calendar.zone),
        why=step.why,
        state=standing.state,
        state_reason=standing.reason,
        state_on=standing.on,
        parties=tuple(
            YearParty(
                id=each.key.party,
                name=programme.parties[each.key.party].name,
                addresses=tuple(recipient.address for recipient in recipients),
            )
            for each, recipients in steps
            if each.key.party
        ),
        recipients=tuple(dict.fromkeys(recipient.address for _, recipients in steps for recipient in recipients)),
    )


def _marks(setup: Setup, extensions: Sequence[Extension], wanted: Wanted, days: Sequence[date]) -> Iterator[YearMark]:
    """Anchors once, deadlines once a round and day, the close of each round.

    Of an anchor's dates that of the round's year, and others, such as meetings, where mails go out around them.
    """
    anchors: dict[tuple[date, str], YearMark] = {}
    for one in setup.rounds:
        for anchor in one.anchors.values():
            for on in {anchor.on, *(on for on in anchor.dates if days and min(days) <= on <= max(days))}:
                anchors[on, anchor.id] = YearMark(kind=MarkKind.ANCHOR, on=on, name=anchor.name, is_planned=anchor.is_planned)
    marks = [*anchors.values(), *(mark for one in setup.rounds for mark in _round_marks(setup, one, extensions))]
    first, last = wanted.start or date.min, wanted.until or date.max
    yield from sorted((mark for mark in marks if first <= mark.on <= last), key=lambda mark: (mark.on, mark.kind.value, mark.round))


def _round_marks(setup: Setup, one: ReportingRound, extensions: Sequence[Extension]) -> Iterator[YearMark]:
    """The deadline of the round, those that some parties have to themselves, and the close."""
    parties = setup.programmes[one.programme].parties
    own: dict[date, list[Localised]] = {}
    for party in {action.lead for action in setup.programmes[one.programme].actions if one.asks_for(action)}:
        own.setdefault(party_deadline(setup, one, party, extensions=extensions).due_on, []).append(parties[party].name)
    common = max(own, key=lambda day: (len(own[day]), day), default=None)
    for day, names in own.items():
        alone = tuple(sorted(names, key=lambda name: name.in_language("fi"))) if day != common else ()
        yield YearMark(kind=MarkKind.DEADLINE, on=day, programme=one.programme, round=one.id, round_name=one.name, parties=alone)
    if own:
        closes = closes_on(one, setup.calendar)
        yield YearMark(kind=MarkKind.CLOSES, on=closes, programme=one.programme, round=one.id, round_name=one.name)


def _spells(setup: Setup, past: Past, now: datetime) -> Iterator[YearSpell]:
    """What was decided by mail or command and is in force; a waiver or a new address takes no time and is left out."""
    day = setup.calendar.local_day
    if past.switches.is_paused(now) and past.switches.paused_at is not None:
        until = past.switches.paused_until
        yield YearSpell(
            kind=SpellKind.PAUSE,
            start=day(past.switches.paused_at),
            until=day(until) if until else None,
            because=past.switches.paused_because,
        )
    for one in past.overlays:
        until_written = one.value.get("due_on") or one.value.get("until")
        if one.kind is not OverlayKind.EXTENSION and not until_written:
            continue
        kind = next((kind for kind in SpellKind if kind.value == one.kind.value), SpellKind.OTHER)
        yield YearSpell(
            kind=kind,
            start=day(one.decided_at),
            until=date.fromisoformat(str(until_written)[:10]) if until_written else None,
            who=_name_absent(setup, past.state, one) if kind is SpellKind.AWAY else _name_party(setup, one),
            because=one.because,
            what=one.kind.value if kind is SpellKind.OTHER else "",
        )


def _name_party(setup: Setup, one: Overlay) -> Localised | None:
    programme = setup.programmes.get(one.programme)
    party = programme.parties.get(one.party) if programme else None
    return party.name if party else Localised.everywhere(one.party) if one.party else None


def _name_absent(setup: Setup, state: PlanState, one: Overlay) -> Localised | None:
    """The parties that somebody who is away reads for; a calendar names roles."""
    entries = setup.directory.parties.items()
    mine = {party for party, entry in entries for contact in entry.contacts if state.persons.get(contact.address.lower()) == one.subject}
    names = [party.name for programme in setup.programmes.values() for party in programme.parties.values() if party.id in mine]
    if not names:
        return None
    return Localised({language: ", ".join(name.in_language(language) for name in names) for language in ("fi", "sv", "en")})


def _title(setup: Setup) -> Localised:
    names = [programme.name for programme in setup.programmes.values()]
    return Localised({language: ", ".join(name.in_language(language) for name in names) for language in ("fi", "sv", "en")})


def _office(setup: Setup, language: str) -> str:
    return f"{setup.office.city.in_language(language)} · {setup.office.name.in_language(language)}"
