"""Reads `decisions.md`, the table of decisions: in this world, at this time, with this behind us, these mails.

A row is a sentence for people; what its cells may say is explained at the head of that file, and read here word by word. A
cell that is not understood is an error, so that nothing in the table is decoration.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from pathlib import Path

from reminder.domain.absences import Absence
from reminder.domain.intents import Intent, PartyStanding, PlanState, SkipIntent
from reminder.domain.programme import PartyContacts
from reminder.domain.rounds import EscalationRule, Extension, Repeat, SendingWindow, StepKey, StepKind
from reminder.domain.setup import Setup
from reminder.domain.workdays import Unit
from reminder.plan.deciding import decide
from reminder.plan.timeline import plan_timeline
from tests.plan.cast import DIRECTORY, SCHEDULE, STATEMENTS, contact, extension, local, round_of, rule, setup_of

FILE = Path(__file__).with_name("decisions.md")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
PERSONS = {"matkailu": ("sihteeri",), "markkinointi": ("sihteeri",), "museo": ("museo", "museo.varalla"), "": ("koordinaattori",)}
ACTIONS = {"rehtori": "t1 t2", "museo": "t3", "matkailu": "t4", "markkinointi": "t5", "yhtio": "t6"}
LADDER = "notice, request, reminder 1, reminder 2, last_call, overdue 1, overdue 2, overdue 3, overdue 4, overdue 5"
RUNS = {
    "until the request": "notice, request",
    "until the deadline": "notice, request, reminder 1, reminder 2, last_call",
    "all": LADDER,
}

LATER_ROUND = round_of(statements=date(2025, 2, 13), round_id="2025", years=frozenset({2025}))
FOUR_REMINDERS = replace(SCHEDULE, request=rule(STATEMENTS, -10), reminders=tuple(rule("due", -days) for days in (11, 10, 9, 4)))
OVERDUE_DAILY = replace(SCHEDULE, overdue=tuple(rule("due", days, Unit.WORKING_DAYS) for days in range(1, 9)), overdue_repeat=None)
ESCALATING = replace(SCHEDULE, escalation=EscalationRule(at=rule("due", 10, Unit.WORKING_DAYS)))


def _with_managers() -> Setup:
    """Rehtori has a manager, museo only a deputy, the manager also answers for yhtio; the others have nobody above them."""
    people: Mapping[str, PartyContacts] = DIRECTORY.parties
    parties = {
        **people,
        "rehtori": replace(people["rehtori"], manager=contact("johtaja")),
        "museo": replace(people["museo"], deputies=(contact("sijainen"),)),
        "matkailu": replace(people["matkailu"], manager=contact("johtaja")),
    }
    return setup_of(round_of(ESCALATING), directory=replace(DIRECTORY, parties=parties))


WORLDS: Mapping[str, Setup] = {
    "": setup_of(),
    "two rounds": setup_of(round_of(), LATER_ROUND),
    "a round a month later": setup_of(round_of(), round_of(statements=date(2025, 3, 28), round_id="2025", years=frozenset({2025}))),
    "two programmes": setup_of(round_of(), round_of(programme="hyvinvointi", statements=date(2025, 2, 13))),
    "four reminders": setup_of(round_of(FOUR_REMINDERS)),
    "four reminders, no last call": setup_of(round_of(replace(FOUR_REMINDERS, last_call=None))),
    "overdue daily": setup_of(round_of(OVERDUE_DAILY)),
    "no overdue mails": setup_of(round_of(replace(SCHEDULE, overdue=(), overdue_repeat=None))),
    "window from 03:00": setup_of(replace(round_of(), window=SendingWindow(opens=time(3), closes=time(16)))),
    "overdue weekly": setup_of(round_of(replace(SCHEDULE, overdue=(rule("due", 1),), overdue_repeat=Repeat(amount=1, unit=Unit.WEEKS)))),
    "managers": _with_managers(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One row: its rule, and what is to be decided."""

    rule: str
    setup: Setup
    now: str
    parties: frozenset[str]
    state: PlanState
    extensions: tuple[Extension, ...]
    then: str
    line: int

    def decide(self) -> str:
        """What is decided, in the words of the table."""
        timeline = [step for step in plan_timeline(self.setup, extensions=self.extensions) if step.key.party in self.parties]
        found = decide(self.setup, timeline, self.state, local(self.now))
        return "; ".join(tell(intent) for intent in found) or "nothing"


def read_table(text: str) -> list[Case]:
    """The cases of the file. Raises ValueError, with the line, for what is not understood."""
    cases = []
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 6 and cells[0] != "rule" and not set(cells[0]) <= set("-: "):
            try:
                cases.append(_read_row(cells, number))
            except (KeyError, ValueError) as fault:
                raise ValueError(f"{FILE.name}:{number}: {fault!r} in {line}") from fault
    return cases


def tell(intent: Intent) -> str:
    """`rehtori gets reminder`, `sihteeri gets request (matkailu)`, `reminder 1 to rehtori ends: complete`."""
    person = intent.recipient.person
    if isinstance(intent, SkipIntent):
        return f"{_name(intent.step.key)} to {person} ends: {intent.reason.value.replace('_', ' ')}"
    return f"{person} gets " + " and ".join(_name(step.key, person=person) for step in intent.steps)


def _name(key: StepKey, *, person: str | None = None) -> str:
    many = {StepKind.REMINDER, StepKind.OVERDUE, StepKind.ESCALATION, StepKind.DIGEST}
    name = f"{key.step.value} {key.ordinal + 1}" if key.step in many else key.step.value
    notes = [key.party] if person is not None and key.party not in {person, ""} else []
    notes += [key.round] if key.round != "2024" else []
    notes += [key.programme] if key.programme != "elinvoima" else []
    return f"{name} ({', '.join(notes)})" if notes else name


def keys(party: str, steps: str, *, version: int = 0, programme: str = "elinvoima", round_id: str = "2024") -> frozenset[str]:
    """The settled keys of `request, reminder 2`, for every person who stands for the party."""
    found = []
    for step in RUNS.get(steps, steps).split(", "):
        kind, _, ordinal = step.partition(" ")
        asks = kind in {"notice", "request"}
        found.append(
            StepKey(
                programme=programme,
                round=round_id,
                party=party,
                step=StepKind(kind),
                ordinal=int(ordinal or 1) - 1,
                deadline_version=0 if asks else version,
            )
        )
    return frozenset(key.for_recipient(person) for key in found for person in PERSONS.get(party, (party,)))


def _read_row(cells: Sequence[str], line: int) -> Case:
    named, world, when, settled, also, then = cells
    case = Case(
        rule=named,
        setup=WORLDS[world],
        now=_instant(when),
        parties=frozenset(),
        state=PlanState(),
        extensions=(),
        then=then,
        line=line,
    )
    notes = _Notes()
    for note in filter(None, map(str.strip, also.split(";"))):
        notes.read(note)
    done = frozenset[str]()
    for part in filter(None, map(str.strip, settled.split(";"))):
        done |= _settled(part, next(iter(notes.parties), "rehtori"))
    return replace(case, parties=frozenset(notes.parties or ["rehtori"]), extensions=tuple(notes.extensions), state=notes.state(done))


def _settled(part: str, party: str) -> frozenset[str]:
    """`request`, `matkailu: notice, request`, `reminder 1 in 2025`, `notice of hyvinvointi`, `to museo alone`, `… to johtaja too`."""
    match = re.fullmatch(
        r"(?:(?P<party>\w+): )?(?P<steps>.+?)(?: in (?P<round>\d{4}))?(?: of (?P<programme>\w+))?"
        r"(?: to (?P<alone>[\w.]+) alone)?(?: to (?P<other>[\w.]+) too)?",
        part,
    )
    if match is None:
        raise ValueError(part)
    of = match["party"] or party
    found = keys(of, match["steps"], round_id=match["round"] or "2024", programme=match["programme"] or "elinvoima")
    alone, other = match["alone"], match["other"]
    if other is not None:
        return frozenset(f"{key.rpartition('/')[0]}/{other}" for key in found)
    return frozenset(key for key in found if alone is None or key.endswith(f"/{alone}"))


@dataclass(slots=True)
class _Notes:
    """What the column `also` says, one note after another."""

    parties: list[str] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    standings: dict[tuple[str, str, str], PartyStanding] = field(default_factory=dict)
    mailed: dict[str, date] = field(default_factory=dict)
    waived: set[tuple[str, str, str]] = field(default_factory=set)
    away: dict[str, Absence] = field(default_factory=dict)
    late: set[tuple[str, str, str]] = field(default_factory=set)
    warned: dict[tuple[str, str, str, int], date] = field(default_factory=dict)
    told: set[tuple[str, str, str, int, str]] = field(default_factory=set)
    closed: set[tuple[str, str]] = field(default_factory=set)

    def state(self, settled: frozenset[str]) -> PlanState:
        """All that the planner knows."""
        return PlanState(
            settled=settled,
            standings=self.standings,
            waived=frozenset(self.waived),
            mailed_on=self.mailed,
            away=self.away,
            late_before=frozenset(self.late),
            warned_on=self.warned,
            told_above=frozenset(self.told),
            closed=frozenset(self.closed),
        )

    def read(self, note: str) -> None:
        """One note. Raises ValueError where it means nothing."""
        for pattern, act in _NOTES.items():
            if (match := re.fullmatch(pattern, note)) is not None:
                act(self, *match.groups())
                return
        raise ValueError(note)

    def stand(self, party: str, missing: str = "") -> None:
        """What a party was asked and what it still owes."""
        asked = ACTIONS[party]
        self.standings["elinvoima", "2024", party] = PartyStanding(
            asked=tuple(asked.split()), missing=tuple(missing.split()), has_replied=True
        )

    def extend(self, party: str, until: str, decided: str) -> None:
        """More time for a party."""
        self.extensions.append(extension(party, _day(until), decided_at=local(_instant(decided))))


def _about(notes: _Notes, parties: str) -> None:
    notes.parties += ["" if party == "the digest" else party for party in parties.split(", ")]


def _all_answered(notes: _Notes, *_: str) -> None:
    for party in ACTIONS:
        notes.stand(party)


_NOTES: Mapping[str, Callable[..., object]] = {
    r"about (.+)": _about,
    r"everybody has answered()": _all_answered,
    r"(\w+) has answered": lambda notes, party: notes.stand(party),
    r"(\w+) lacks ((?:t\d ?)+)": lambda notes, party, missing: notes.stand(party, missing),
    r"(\w+) is known to be asked nothing": lambda notes, party: notes.standings.update(
        {("elinvoima", "2024", party): PartyStanding(has_replied=True)}
    ),
    r"([\w.]+) had a mail on (\w+ [\d.]+)": lambda notes, person, day: notes.mailed.update({person: _day(day)}),
    r"(t\d) is waived": lambda notes, action: notes.waived.add(("elinvoima", "2024", action)),
    r"(\w+) has until (\w+ [\d.]+), decided (.+)": _Notes.extend,
    r"([\w.]+) is back on (\w+ [\d.]+)": lambda notes, person, day: notes.away.update(
        {person: Absence(person=person, back_on=_day(day), inbound_id=1)}
    ),
    r"(\w+) was late last year": lambda notes, party: notes.late.add(("elinvoima", "2024", party)),
    r"(\w+) was warned on (\w+ [\d.]+)": lambda notes, party, day: notes.warned.update({("elinvoima", "2024", party, 0): _day(day)}),
    r"([\w.]+) was told of (\w+)": lambda notes, person, party: notes.told.add(("elinvoima", "2024", party, 0, person)),
    r"round (\d+) is closed": lambda notes, round_id: notes.closed.add(("elinvoima", round_id)),
}


def _day(written: str) -> date:
    """`Fri 3.1.` of 2025; the weekday must be right, since it is what a reader goes by."""
    weekday, _, rest = written.partition(" ")
    day, month = (int(part) for part in rest.strip(".").split("."))
    found = date(2025, month, day)
    if WEEKDAYS[found.weekday()] != weekday:
        raise ValueError(f"{rest} is a {WEEKDAYS[found.weekday()]}")
    return found


def _instant(written: str) -> str:
    """`Fri 3.1. 07:59` as `local` takes it."""
    day, _, clock = written.rpartition(" ")
    return f"{_day(day).isoformat()} {clock}"


def shown_day(day: date) -> str:
    """The day as the table writes it."""
    return f"{WEEKDAYS[day.weekday()]} {day.day}.{day.month}."
