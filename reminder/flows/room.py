"""Room on the disk of the database: what could not be kept is not begun (faults D2 and D3, invariant R6).

Fetching stops first, so that a flood of mails never takes the room that the results of sending need. Sending stops before the final
dot, where the fact that the relay has taken the mail might find no place any more.
"""

from __future__ import annotations

from reminder.errors import TemporaryFailure
from reminder.flows.house import House
from reminder.flows.lasting_troubles import Lasting, end_lasting, note_lasting
from reminder.flows.trouble_words import ROOM, words_of

SENDING_SHARE = 4
"""Mails are sent down to this part of what fetching leaves free."""
_MB = 1_000_000
_ADVICE = "Make room on the disk of the database; REMINDER_KEEP_FREE_MB says how much is kept free."


def require_room_to_fetch(house: House) -> None:
    """Raises TemporaryFailure where the disk has less left than is to be kept free."""
    _require(house, house.keep_free, "no mail is fetched")


def require_room_to_send(house: House) -> None:
    """The same for sending, which goes on for longer."""
    _require(house, house.keep_free // SENDING_SHARE, "nothing is sent")


def describe_lack(house: House) -> str:
    """What the lack of room stops, in a sentence; empty where there is enough."""
    free = house.store.free_bytes()
    if free is None or free >= house.keep_free:
        return ""
    is_silent = free < house.keep_free // SENDING_SHARE
    return f"the disk of the database has {free // _MB} MB left: no mail is fetched{' and none is sent' if is_silent else ''}"


def watch_room(house: House) -> None:
    """Tells the coordinators once when the room becomes small, while there is still some left to tell it in."""
    if lack := describe_lack(house):
        note_lasting(house, Lasting.ROOM, lack, lambda trouble: words_of(ROOM, trouble))
    else:
        end_lasting(house, Lasting.ROOM)


def _require(house: House, least: int, what: str) -> None:
    free = house.store.free_bytes()
    if free is not None and free < least:
        raise TemporaryFailure(f"The disk of the database has {free // _MB} MB left; {what} below {least // _MB} MB.", advice=_ADVICE)
