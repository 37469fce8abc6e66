"""The readable text of a mail, marked: what was taken, what we wrote, what was not read. For people who ask why.

It walks once more through what the reading walked through, so it tells what was done, not what might have been. Pure and
total, as the reading is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from reminder.domain.markings import Mark, MarkedBody, MarkedLine, Role, Stretch
from reminder.domain.readings import Place, Reading
from reminder.parse.blocks import Unread
from reminder.parse.body import Body, read_bodies
from reminder.parse.context import Context
from reminder.parse.html_page import BOLD_OFF, BOLD_ON
from reminder.parse.interpreting import gather_bodies
from reminder.parse.layers import read_layers
from reminder.parse.limits import READING_FAULTS
from reminder.parse.message import Mail
from reminder.parse.pieces import Piece, cut_pieces
from reminder.parse.trust import judge_sender

_ROLES = {
    Unread.CLIENT: Role.CLIENT,
    Unread.EARLIER: Role.EARLIER,
    Unread.QUOTED: Role.QUOTED,
    Unread.SIGNATURE: Role.SIGNATURE,
}
_BOLD = str.maketrans("", "", BOLD_ON + BOLD_OFF)
_Painted = tuple[Role, tuple[Mark, ...]]


def mark_mail(mail: Mail, context: Context, reading: Reading) -> tuple[MarkedBody, ...]:
    """Each readable body of the mail with the reading marked in it; none where the mail cannot be read."""
    try:
        return tuple(_mark_bodies(mail, context, reading))
    except READING_FAULTS:
        return ()


def pick_body(bodies: Sequence[MarkedBody]) -> MarkedBody | None:
    """The one to show: that from which most was taken, the text part where both say the same."""
    return max(bodies, key=lambda body: (_count_marks(body), body.source == "text"), default=None)


def _count_marks(body: MarkedBody) -> int:
    return sum(len(stretch.marks) for line in body.lines for stretch in line.stretches)


def _mark_bodies(mail: Mail, context: Context, reading: Reading) -> Iterator[MarkedBody]:
    marks = _list_marks(reading)
    found = list(gather_bodies(mail, judge_sender(mail, context), context))
    for body, pieces, gathered in found:
        roles = {row: _ROLES[why] for row, why in gathered.unread.items()}
        yield _mark_body(body, pieces, roles, marks)
    for body in () if found else read_bodies(mail):
        layers = read_layers(body.lines, own=mail.sender)
        strange = {row: Role.CLIENT if layer.is_furniture else Role.QUOTED for row, layer in enumerate(layers) if layer.number}
        yield _mark_body(body, cut_pieces(body, context.sent), strange, marks)


def _list_marks(reading: Reading) -> dict[Place, tuple[Role, tuple[Mark, ...]]]:
    """What each place was taken for; a place may speak of several actions."""
    found: dict[Place, tuple[Role, tuple[Mark, ...]]] = {}
    said = [(Role.TAKEN, one.places, Mark(number=one.item.number, light=one.light, phase=one.phase)) for one in reading.answers]
    asked = [(Role.ASKED, one.places, Mark(number=one.number)) for one in reading.ask_back]
    for role, places, mark in (*said, *asked):
        for place in places:
            before, marks = found.get(place, (role, ()))
            known = any(one.number == mark.number for one in marks)
            found[place] = (before, marks if known else (*marks, mark))
    return found


def _mark_body(body: Body, pieces: Sequence[Piece], roles: Mapping[int, Role], marks: Mapping[Place, _Painted]) -> MarkedBody:
    by_row = {row: list(group) for row, group in groupby(pieces, key=lambda piece: piece.row)}
    places: dict[int, list[Place]] = {}
    for place in marks:
        if place.source == body.source:
            places.setdefault(place.line - 1, []).append(place)
    lines = []
    for row, line in enumerate(body.lines):
        beside = [piece for piece in by_row.get(row, ()) if not piece.is_ours]
        # What stands between two pieces of ours and says nothing, such as a mark of quotation, came with them.
        is_ours = len(beside) < len(by_row.get(row, ()))
        painted: list[_Painted] = [(Role.OURS if is_ours else roles.get(row, Role.OWN), ())] * len(line.text)
        for piece in beside if is_ours else ():
            _paint(painted, piece.column, piece.text, (roles.get(row, Role.OWN), ()))
        for place in places.get(row, ()):
            _paint(painted, place.column - 1, place.text, marks[place])
        lines.append(MarkedLine(number=row + 1, depth=line.depth, stretches=_stretches(line.text, painted)))
    return MarkedBody(source=body.source, lines=tuple(lines))


def _paint(painted: list[_Painted], column: int, text: str, colour: _Painted) -> None:
    for index in range(column, min(column + len(text), len(painted))):
        painted[index] = colour


def _stretches(text: str, painted: Sequence[_Painted]) -> tuple[Stretch, ...]:
    found = []
    position = 0
    for (role, marks), group in groupby(painted):
        end = position + len(list(group))
        if said := text[position:end].translate(_BOLD):
            found.append(Stretch(text=said, role=role, marks=marks))
        position = end
    return tuple(found)
