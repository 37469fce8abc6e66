"""The coordinator's commands: `hyväksy 12`, `lisäaikaa kulttuuripäällikölle 15.4. asti: lomat`, `kirjaa 3.10 vihreä: avattiin`.

Forgiving in form and strict in doubt (decision 0029): each word of a line must have its place, else the line is no command
and is kept as a note. Total: any text gives orders, never an exception. Which mail, party or action is meant is looked up later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from reminder.domain.assessments import Phase, TrafficLight
from reminder.domain.commands import Command, NearMiss, NotCommand, Orders, Verb
from reminder.domain.rounds import StepKind
from reminder.domain.workdays import Unit
from reminder.parse import command_words as words
from reminder.parse.addressed import Addressed, take_addressed
from reminder.parse.closing import SIGN_OFF, THANKS
from reminder.parse.dates import find_date
from reminder.parse.words import assessed_light_of, change_of, light_of, phase_of

MOST = 60
"""Lines of a mail that are looked at."""
LONGEST = 600
"""Characters of a line that may be a command."""
CODE = re.compile(r"[A-Z2-7]{4}-?[A-Z2-7]{4}", re.IGNORECASE)
_BULLETS = " \t\u00a0>*•–-"
_MESSAGE = re.compile(r"\b[a-z2-7]{12}\b")
_ACTION = re.compile(r"(?<![\d.])\d{1,4}(?:\.\d{1,3}){0,4}[a-z]?(?![\d])")
_NAMES_PARTY = frozenset({Verb.EXTEND, Verb.REMIND, Verb.REFUSE, Verb.CONTACT, Verb.DEPUTY})
_MAY_NAME_PARTY = frozenset({Verb.ACCEPT, Verb.RECORD, Verb.WAIVE, Verb.TAKE_BACK}) | _NAMES_PARTY
_OF_MAIL = frozenset({Verb.ACCEPT, Verb.REJECT, Verb.DISCARD, Verb.ANSWERED})
_OF_ACTION = frozenset({Verb.RECORD, Verb.WAIVE, Verb.PUBLISH, Verb.CORRECT})
_OF_MESSAGE = frozenset({Verb.RELEASE, Verb.CANCEL, Verb.SETTLE})
_VERB_WORDS = frozenset(phrase for phrases in words.PHRASES.values() for phrase in phrases if " " not in phrase)
_PATTERNS = {
    verb: tuple((phrase, re.compile(rf"(?<![\w.]){re.escape(phrase)}(?!\w)")) for phrase in phrases)
    for verb, phrases in words.PHRASES.items()
}
_HAS_DAY = frozenset({Verb.EXTEND, Verb.PAUSE, Verb.REOPEN})


def read_orders(text: str, today: date) -> Orders:
    """What a coordinator orders. `text` holds their own words alone, without quotations."""
    commands: list[Command] = []
    misses: list[NearMiss] = []
    note: list[str] = []
    codes: list[str] = []
    for line in _lines(text):
        if CODE.fullmatch(line):
            codes.append(line)
            continue
        found = read_line(line, today)
        if isinstance(found, Command):
            commands.append(found)
        else:
            note.append(line)
            misses += [found] if found is not None else []
    return Orders(commands=tuple(commands), near_misses=tuple(misses), note="\n".join(note), codes=tuple(codes))


def _lines(text: str) -> list[str]:
    lines: list[str] = []
    for written in text.splitlines():
        line = " ".join(written.strip(_BULLETS).split())
        if lines and SIGN_OFF.match(line) and not THANKS.match(line):
            break
        if line and not _is_courtesy(line):
            lines.append(line)
    return lines[:MOST]


def _is_courtesy(line: str) -> bool:
    said = re.findall(r"[^\W\d_]+", line.casefold())
    return bool(said) and all(word in words.COURTESY for word in said)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Objects:
    """What a line is about, taken out of it; `rest` are the words that are left."""

    rest: str
    mails: tuple[int, ...] = ()
    messages: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    until: date | None = None
    count: int = 0
    unit: Unit | None = None
    lights: tuple[TrafficLight, ...] = ()
    phase: Phase | None = None


def read_line(line: str, today: date) -> Command | NearMiss | None:
    """A line as a command, as something that only sounds like one, or as neither."""
    if len(line) > LONGEST:
        return None
    addressed = take_addressed(line)
    if addressed is not None:
        return _read_addressed(addressed, line, today)
    head, text = _split_reason(line)
    head = re.sub(r"(\d\.\d{1,2})$", r"\1.", head.rstrip())  # `till 15.4: semester`
    found = [read for verb, rest in _find_verbs(head) if (read := _read(verb, rest, line, text, today)) is not None]
    commands = [read for read in found if isinstance(read, Command)]
    if len(commands) == 1:
        return commands[0]
    if commands:
        return NearMiss(line=line, verb=commands[0].verb, why=NotCommand.TWO_VERBS)
    return next((read for read in found if isinstance(read, NearMiss)), None)


def _read_addressed(said: Addressed, line: str, today: date) -> Command | NearMiss | None:
    """A line that names somebody by their address; where no such command is in it, it is read as any other line."""
    found = [one for one in _find_verbs(said.head) if one[0].names_address]
    if not found:
        head, text = _split_reason(line)
        others = [read for verb, rest in _find_verbs(head) if (read := _read(verb, rest, line, text, today)) is not None]
        return others[0] if len(others) == 1 else None
    verb, rest = found[0]
    if len(found) > 1:
        return NearMiss(line=line, verb=verb, why=NotCommand.TWO_VERBS)
    why = _find_doubt(said.head, f"{rest} {said.name}") or (None if said.is_plain else NotCommand.UNPLACED)
    if why is not None:
        return NearMiss(line=line, verb=verb, why=why)
    left = _name_words(_ACTION.sub(" ", rest) if verb is Verb.HAND_OVER else rest)
    if any(word.casefold() in _VERB_WORDS for word in left):
        return NearMiss(line=line, verb=verb, why=NotCommand.TWO_VERBS)
    if bool(left) is (verb is Verb.HAND_OVER):
        return NearMiss(line=line, verb=verb, why=NotCommand.UNPLACED if left else NotCommand.OBJECT)
    if len(said.addresses) > 1 and verb is not Verb.CONTACT:
        return NearMiss(line=line, verb=verb, why=NotCommand.UNPLACED)
    return Command(verb=verb, line=line, party=" ".join(left), addresses=said.addresses, name=said.name, text=said.text)


def _split_reason(line: str) -> tuple[str, str]:
    """The command and what stands behind its colon; `12: hyväksyn` has no reason."""
    for match in words.REASON.finditer(line):
        head, text = line[: match.start()], line[match.end() :].strip()
        if re.search(r"[^\W\d_]", _ACTION.sub("", head)):
            return head, text
    return line.replace(":", " "), ""


def _find_verbs(head: str) -> list[tuple[Verb, str]]:
    """The verbs that stand in a line, each with the line without its longest phrase."""
    said, found = head.casefold(), list[tuple[Verb, re.Match[str]]]()
    for verb, phrases in _PATTERNS.items():
        standing = [match for phrase, pattern in phrases if phrase in said and (match := pattern.search(said))]
        if standing:
            found.append((verb, max(standing, key=lambda one: one.end() - one.start())))
    # `älä lähetä` holds `lähetä`, `sulje kierros` holds `sulje`: the longer phrase is meant.
    meant = [(verb, one) for verb, one in found if not any(one[0] != other[0] and one[0] in other[0] for _, other in found)]
    return [(verb, f"{said[: one.start()]} | {said[one.end() :]}") for verb, one in meant]


def _read(verb: Verb, rest: str, line: str, text: str, today: date) -> Command | NearMiss | None:
    objects = _take_objects(verb, rest, today)
    of = next((thing for thing, noun in words.THINGS.items() if noun.search(objects.rest)), None) if verb is Verb.TAKE_BACK else None
    if of is not None:
        objects = replace(objects, rest=words.THINGS[of].sub(" ", objects.rest))
    if verb is Verb.TAKE_BACK and of is None:
        return None
    if verb is Verb.PUBLISH:
        objects = replace(objects, rest=words.ALL_TEXTS.sub(" ", objects.rest))
    if verb is Verb.STATUS and words.IS.search(rest):
        return None  # `tilanne on hyvä` tells of it
    if why := _find_doubt(line, rest):
        return NearMiss(line=line, verb=verb, why=why)
    left = _name_words(objects.rest)
    if any(word.casefold() in _VERB_WORDS for word in left):
        return NearMiss(line=line, verb=verb, why=NotCommand.TWO_VERBS)
    if left and verb not in _MAY_NAME_PARTY:
        return NearMiss(line=line, verb=verb, why=NotCommand.UNPLACED) if _is_about_something(verb, objects) else None
    command = Command(
        verb=verb,
        line=line,
        mails=objects.mails,
        messages=objects.messages,
        actions=objects.actions,
        party=" ".join(left),
        until=objects.until,
        count=objects.count,
        unit=objects.unit,
        light=objects.lights[0] if len(objects.lights) == 1 else None,
        phase=objects.phase,
        text=text,
        of=of,
        kind=_find_kind(line) if verb in {Verb.APPROVE, Verb.STOP} else None,
    )
    return command if _is_whole(command) else NearMiss(line=line, verb=verb, why=NotCommand.OBJECT)


def _find_kind(line: str) -> StepKind | None:
    """The mails that are approved, by the kind that the line names."""
    return next((kind for kind, noun in words.MAILS if noun.search(line.casefold())), None)


def _find_doubt(line: str, rest: str) -> NotCommand | None:
    head = rest.casefold()
    if words.QUESTION.search(line.casefold()):
        return NotCommand.QUESTION
    if "[" in head:
        return NotCommand.OBJECT  # an example of ours, sent as it stands
    if words.CONDITION.search(head):
        return NotCommand.CONDITION
    return NotCommand.NEGATED if words.NEGATION.search(head) else None


def _take_objects(verb: Verb, rest: str, today: date) -> _Objects:
    until, count, unit = None, 0, None
    if verb in _HAS_DAY:
        rest, count, unit = _take_duration(rest)
        if (found := find_date(rest, today)) is not None:
            until, start, end = found
            rest = f"{rest[:start]} {rest[end:]}"
    messages = tuple(_MESSAGE.findall(rest)) if verb in _OF_MESSAGE else ()
    rest = _MESSAGE.sub(" ", rest) if messages else rest
    lights, rest = _take_lights(rest) if verb is Verb.RECORD else ((), rest)
    phase, rest = _take_phase(rest) if verb is Verb.RECORD else (None, rest)
    numbers = _ACTION.findall(rest) if verb in _OF_MAIL | _OF_ACTION | {Verb.TAKE_BACK} else []
    rest = _ACTION.sub(" ", rest) if numbers else rest
    mails = tuple(dict.fromkeys(int(number) for number in numbers if number.isdecimal())) if verb in _OF_MAIL else ()
    actions = () if verb in _OF_MAIL else tuple(dict.fromkeys(numbers))
    whole = len(mails) == len(dict.fromkeys(numbers)) or verb not in _OF_MAIL
    return _Objects(
        rest=rest if whole else f"{rest} ?",
        mails=mails if whole else (),
        messages=messages,
        actions=actions,
        until=until,
        count=count,
        unit=unit,
        lights=lights,
        phase=phase,
    )


def _take_phase(rest: str) -> tuple[Phase | None, str]:
    """A phase in one word: `valmis`, `pågår`, `postponed`."""
    kept = rest.split()
    found = next((word for word in kept if phase_of([word.strip(".,;()")]) is not None), None)
    return (None, rest) if found is None else (phase_of([found.strip(".,;()")]), " ".join(word for word in kept if word != found))


def _take_duration(rest: str) -> tuple[str, int, Unit | None]:
    counted = "|".join(words.COUNTS)
    for unit, names in words.UNITS:
        match = re.search(rf"(?:\b(?P<count>\d{{1,3}}|{counted})\s+|\b)(?P<unit>{names.pattern})(?!\w)", rest)
        if match is not None:
            said = match["count"] or "1"
            return f"{rest[: match.start()]} {rest[match.end() :]}", words.COUNTS.get(said) or int(said), unit
    return rest, 0, None


def _take_lights(rest: str) -> tuple[tuple[TrafficLight, ...], str]:
    said = [(word, _light(word.strip(".,;()"))) for word in rest.split()]
    lights = tuple(dict.fromkeys(light for _, light in said if light is not None))
    return lights, " ".join(word for word, light in said if light is None)


def _light(word: str) -> TrafficLight | None:
    return light_of(word) or change_of(word) or assessed_light_of(word)


def _name_words(rest: str) -> list[str]:
    """The words that are left when everything with a place has been taken out: the name of a party, or what has no place."""
    said = re.findall(r"[^\W_][\w\-.:/’']*|\?", rest)
    return [word for word in said if word.casefold().strip(".,;:") not in words.COURTESY | words.LITTLE]


def _is_about_something(verb: Verb, objects: _Objects) -> bool:
    return bool(objects.mails or objects.messages or objects.actions or verb in {Verb.CLOSE, Verb.REOPEN, Verb.APPROVE, Verb.STOP})


def _is_whole(command: Command) -> bool:
    """Whether the command has what it is about."""
    verb = command.verb
    if verb in _OF_MAIL:
        return bool(command.mails)
    if verb in _OF_MESSAGE:
        return bool(command.messages)
    if verb is Verb.RECORD:
        return len(command.actions) == 1 and (command.light or command.phase) is not None
    if verb is Verb.WAIVE:
        return bool(command.actions)
    if verb is Verb.PUBLISH:
        return bool(command.actions) or words.ALL_TEXTS.search(command.line.casefold()) is not None
    if verb is Verb.CORRECT:
        return len(command.actions) == 1 and bool(command.text)
    if verb.names_address:
        return False  # no address
    if verb is Verb.EXTEND:
        return bool(command.party) and (command.until is not None or command.count > 0)
    if verb in {Verb.REMIND, Verb.REFUSE} or command.of in _NAMES_PARTY:
        return bool(command.party)
    if command.of in {Verb.WAIVE, Verb.CORRECT}:
        return bool(command.actions)
    return verb is not Verb.REOPEN or command.until is not None or command.count > 0
