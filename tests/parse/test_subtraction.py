"""What the sender wrote is the mail minus what we sent (DESIGN, decision 17)."""

from __future__ import annotations

import textwrap

import pytest

from reminder.domain.messages import SpanKind
from reminder.parse.body import Body, Line
from reminder.parse.layers import read_layers
from reminder.parse.pieces import cut_pieces
from reminder.parse.squash import squash, squash_lines
from reminder.sandbox.originals import read_original
from tests.corpus.world import CULTURE, PLANNING, REQUEST, to_sent
from tests.sandbox.mails import write_mail

MAIL = write_mail(PLANNING, REQUEST)
TEXT = read_original(MAIL.raw).text
SENT = (to_sent(MAIL),)


def typed(lines: list[str]) -> list[str]:
    """What is left of a body when our own text is taken away."""
    body = Body("text", tuple(Line(line) for line in lines))
    return [piece.text.strip() for piece in cut_pieces(body, SENT) if not piece.is_ours and piece.text.strip()]


@pytest.mark.parametrize("width", [20, 36, 48, 60, 76, 998])
def test_nothing_of_ours_is_left_however_it_is_wrapped(width: int) -> None:
    """Re-wrapping at any width changes nothing: the stream has no lines."""
    lines = [piece for line in TEXT.split("\n") for piece in textwrap.wrap(line, width) or [""]]
    assert typed(lines) == []


@pytest.mark.parametrize(("old", "new"), [("ä", "?"), ("ä", "Ã¤"), ("–", "-"), (" ", "\u00a0"), ("/", "|")])
def test_nothing_of_ours_is_left_when_letters_were_destroyed(old: str, new: str) -> None:
    """The stream keeps ASCII letters and digits only."""
    left = "".join(typed(TEXT.replace(old, new).split("\n")))
    assert len(squash(left)) <= 3


def test_words_in_the_form_are_found_behind_their_label() -> None:
    """The label is ours, what follows is the sender's."""
    label = "Tila (vihreä / keltainen / punainen):"
    assert typed(TEXT.replace(label, f"{label} keltainen", 1).split("\n")) == ["keltainen"]


def test_our_words_typed_on_top_are_not_subtracted() -> None:
    """`1.5: vihreä` above the quotation is the sender's though the form holds the same words."""
    assert typed(["1.5: vihreä", "", *TEXT.split("\n")]) == ["1.5: vihreä"]


def test_the_roles_and_actions_of_our_text_are_known() -> None:
    """Each label belongs to the action above it."""
    body = Body("text", tuple(Line(line) for line in TEXT.split("\n")))
    labels = [piece.item.number for piece in cut_pieces(body, SENT) if piece.kind is SpanKind.LIGHT_LABEL and piece.item]
    assert labels == ["1.5", "4.4"]


def test_another_mail_is_not_ours() -> None:
    """The request of another party shares the greeting and the legend, not the actions."""
    other = to_sent(write_mail(CULTURE, REQUEST))
    body = Body("text", tuple(Line(line) for line in TEXT.split("\n")))
    assert not any(piece.kind is SpanKind.HEAD for piece in cut_pieces(body, (other,)))


def test_squashing_keeps_the_place_of_each_character() -> None:
    """The stream knows where it came from, the dotted I included."""
    stream = squash_lines(["Ä [12] x", "İy"])
    assert (stream.text, list(stream.rows), list(stream.columns)) == ("12xiy", [0, 0, 0, 1, 1], [3, 4, 7, 0, 1])


BLOCKS = {
    "outlook fi": ["Lähettäjä: x <a@b.example>", "Lähetetty: perjantai 14. helmikuuta 2025 9.02", "Vastaanottaja: y", "Aihe: z"],
    "outlook sv": ["Från: x <a@b.example>", "Skickat: den 14 februari 2025 09:02", "Till: y", "Ämne: z"],
    "outlook en": ["From: x <a@b.example>", "Sent: Friday, February 14, 2025 9:02 AM", "To: y", "Subject: z"],
    "outlook mac fi": [
        "Lähettäjä: x <a@b.example>",
        "Päivämäärä: 14. helmikuuta 2025 klo 9.02",
        "Vastaanottaja: y",
        "Aihe: z",
    ],
    "named rule": ["-----Alkuperäinen viesti-----"],
    "forwarded": ["---------- Forwarded message ---------"],
}


@pytest.mark.parametrize("name", sorted(BLOCKS))
def test_a_header_block_begins_a_layer(name: str) -> None:
    """Clients that mark nothing put their block above the mail that is answered."""
    layers = read_layers([Line("vastaus"), Line(""), *map(Line, BLOCKS[name]), Line(""), Line("lainattu")])
    assert (layers[0].number, layers[2].number, layers[2].is_furniture, layers[-1].number) == (0, 1, True, 1)


@pytest.mark.parametrize(
    "line",
    [
        "ma 3. maalisk. 2025 klo 9.00 N <a@b.example> kirjoitti:",
        "N kirjoitti 3.3.2025 klo 9.00:",
        "Den 2025-03-03 kl. 09:00, skrev N:",
        "On Mon, Mar 3, 2025 at 9:00 AM N <a@b.example> wrote:",
    ],
)
def test_an_attribution_is_the_clients(line: str) -> None:
    """With a date or an address in it; a sentence of the sender with the same verb is the sender's."""
    assert read_layers([Line(line)])[0].is_furniture
    assert not read_layers([Line("Kollega kirjoitti siitä jutun.")])[0].is_furniture
