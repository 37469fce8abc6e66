"""What the sender wrote themselves, as plain lines, where no answer is looked for in it: the mail minus all that we sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reminder.parse.body import Body, read_bodies
from reminder.parse.context import Context
from reminder.parse.layers import read_layers
from reminder.parse.limits import WORDS_KEPT
from reminder.parse.message import Mail
from reminder.parse.pieces import Piece, cut_pieces


def own_words(mail: Mail, context: Context, is_typed: Callable[[str], bool] = lambda line: False) -> str:
    """The sender's own lines, blank ones between them kept; quotations and the clients' own lines are left out.

    A whole line of which `is_typed` says that somebody may well have typed it counts as theirs even where we wrote it too, as long
    as nothing else of ours stands before it: above the quotation people type what we have shown them.
    """
    bodies = read_bodies(mail)
    if not bodies:
        return ""
    pieces = cut_pieces(bodies[0], context.sent)
    lines = bodies[0].lines
    layers = read_layers(lines, own=mail.sender)
    ours = {piece.row for piece in pieces if piece.is_ours and piece.text.strip()}
    typed = {row for row in ours if layers[row].number == 0 and not lines[row].depth and is_typed(lines[row].text)}
    quoted_from = min(ours - typed, default=len(lines))
    typed = {row for row in typed if row < quoted_from}
    found: dict[int, list[str]] = {}
    for piece in pieces:
        if piece.row in typed:
            found[piece.row] = [lines[piece.row].text]
        elif not piece.is_ours and layers[piece.row].number == 0 and not layers[piece.row].is_furniture:
            found.setdefault(piece.row, []).append(piece.text)
    return "\n".join(text for row in sorted(found) for text in found[row]).strip()[:WORDS_KEPT]


def free_lines(body: Body, pieces: Sequence[Piece], *, own: str) -> tuple[str, ...]:
    """The own lines of the sender `own` that stand in no row of ours: what is typed behind a label of the form answers that label."""
    lines, layers = body.lines, read_layers(body.lines, own=own)
    ours = {piece.row for piece in pieces if piece.is_ours}
    rows = dict.fromkeys(piece.row for piece in pieces if piece.row not in ours)
    return tuple(lines[row].text for row in rows if layers[row].number == 0 and not layers[row].is_furniture and lines[row].text.strip())


def own_subject(mail: Mail, context: Context) -> str:
    """The subject without ours: that of the request comes back behind `VS:` or `Automaattinen vastaus:`, and names a day too."""
    subject = mail.subject
    for ours in context.sent:
        subject = subject.replace(" ".join(ours.subject.split()), " ")
    return " ".join(subject.split())
