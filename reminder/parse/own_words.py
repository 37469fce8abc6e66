"""What the sender wrote themselves, as plain lines, where no answer is looked for in it: the mail minus all that we sent."""

from __future__ import annotations

from reminder.parse.body import read_bodies
from reminder.parse.context import Context
from reminder.parse.layers import read_layers
from reminder.parse.limits import WORDS_KEPT
from reminder.parse.message import Mail
from reminder.parse.pieces import cut_pieces


def own_words(mail: Mail, context: Context) -> str:
    """The sender's own lines, blank ones between them kept; quotations and the clients' own lines are left out."""
    bodies = read_bodies(mail)
    if not bodies:
        return ""
    pieces = cut_pieces(bodies[0], context.sent)
    layers = read_layers(bodies[0].lines, own=mail.sender)
    words = [piece.text for piece in pieces if not piece.is_ours and layers[piece.row].number == 0 and not layers[piece.row].is_furniture]
    return "\n".join(words).strip()[:WORDS_KEPT]


def own_subject(mail: Mail, context: Context) -> str:
    """The subject without ours: that of the request comes back behind `VS:` or `Automaattinen vastaus:`, and names a day too."""
    subject = mail.subject
    for ours in context.sent:
        subject = subject.replace(" ".join(ours.subject.split()), " ")
    return " ".join(subject.split())
