"""`hearings` and `seminar` of a round: what the file says of a meeting, not yet tied to parties and dates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import time

from reminder.configuration import keys
from reminder.configuration import wording as say
from reminder.configuration.drafts import MeetingDraft, Placed, WishDraft
from reminder.configuration.nodes import Node
from reminder.configuration.sections import Section, open_section, read_line, read_named
from reminder.configuration.step_reader import StepReader
from reminder.configuration.values import read_date, read_host, read_time
from reminder.domain.hearings import DEFAULT_LENGTH, Break, MeetingKind

MOST_MINUTES = 480
DEFAULT_OPENS, DEFAULT_UNTIL = time(9), time(16)
ALL = "all"
KINDS: Mapping[str, MeetingKind] = {"hearings": MeetingKind.HEARING, "seminar": MeetingKind.SEMINAR}
_SPAN = re.compile(r"(.{4,5}?)\s*[-–—−]\s*(.{4,5})")
_WISH = re.compile(r"(?:(?P<day>\S+?)\s+)??(?:at\s+)?(?P<clock>\S+)")


def read_meetings(round_section: Section, steps: StepReader) -> Iterator[MeetingDraft]:
    """The meetings of a round; one whose days or hours cannot be read is reported and left out."""
    for key, kind in KINDS.items():
        node = round_section.find(key)
        if node is not None:
            known = keys.HEARINGS if kind is MeetingKind.HEARING else keys.SEMINAR
            section = open_section(node, known, f"`{key}`", round_section.report)
            if (draft := _read(section, kind, steps, node)) is not None:
                yield draft


def _read(section: Section, kind: MeetingKind, steps: StepReader, node: Node) -> MeetingDraft | None:
    days = section.need("on", "first meetings after due")
    is_whole = all([days, section.need("from", "13:00"), section.need("until", "16:00")])
    opens, until = section.clock("from", DEFAULT_OPENS), section.clock("until", DEFAULT_UNTIL)
    if is_whole and until <= opens:
        section.report.add(say.MEETING_ENDS_FIRST, section.place("until"))
    rules = tuple(steps.placed_rules(section.items("on"), "on"))
    invite = section.find("invite")
    draft = MeetingDraft(
        kind=kind,
        on=rules,
        opens=opens,
        until=until,
        length=section.number("length", default=DEFAULT_LENGTH, most=MOST_MINUTES) or DEFAULT_LENGTH,
        per_action=section.number("per_action", default=0, most=MOST_MINUTES),
        breaks=tuple(_read_breaks(section, opens, until)),
        place=section.localised("place"),
        link=_read_link(section),
        presenter=next(_placed(section, "presenter"), None),
        parties=tuple(_placed(section, "parties")),
        wishes=tuple(_read_wishes(section)),
        invite=None if invite is None else next((one.rule for one in steps.placed_rules((invite,), "invite")), None),
        places={"meeting": node, **{key: section.place(key) for key in keys.HEARINGS}},
    )
    return draft if is_whole and rules and until > opens else None


def _placed(section: Section, key: str) -> Iterator[Placed]:
    for item in section.items(key):
        if (text := read_line(item, f"`{key}`", section.report)) is not None:
            yield Placed(text=text, node=item)


def _read_link(section: Section) -> str:
    link = section.line("link")
    if link and not read_host(link):
        section.report.add(say.NOT_LINK, section.place("link"), value=link)
        return ""
    return link


def _read_breaks(section: Section, opens: time, until: time) -> Iterator[Break]:
    for one in _placed(section, "breaks"):
        match = _SPAN.fullmatch(one.text)
        begins, ends = (read_time(match[1]), read_time(match[2])) if match else (None, None)
        if begins is None or ends is None or ends <= begins:
            section.report.add(say.NOT_CLOCK_SPAN, one.node, value=one.text)
        elif opens < until and (begins < opens or ends > until):
            section.report.add(say.BREAK_OUTSIDE, one.node, value=one.text)
        else:
            yield Break(begins=begins, ends=ends)


def _read_wishes(section: Section) -> Iterator[WishDraft]:
    for key, value in read_named(section.find("wishes"), "`wishes`", section.report):
        text = read_line(value, "`wishes`", section.report)
        match = None if text is None else _WISH.fullmatch(text)
        clock = read_time(match["clock"]) if match else None
        day = read_date(match["day"]) if match and match["day"] else None
        if match is None or clock is None or (match["day"] and day is None):
            if text is not None:
                section.report.add(say.NOT_WISH, value, value=text)
            continue
        yield WishDraft(party=Placed(text=key.value, node=key), on=day, begins=clock, node=value)
