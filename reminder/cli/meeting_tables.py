"""The running order of a meeting as a table."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from reminder.cli.output import print_table, say
from reminder.compose.meetings.words import WORDS
from reminder.compose.words import format_date
from reminder.domain.programme import Language
from reminder.domain.setup import Setup
from reminder.flows.meetings import HeldMeeting

_INVITED: Mapping[Language, str] = {
    "fi": "Kutsut lähtevät {day}.",
    "sv": "Kallelserna går ut {day}.",
    "en": "The invitations leave on {day}.",
}
_NO_ROOM: Mapping[Language, str] = {"fi": "Ei tilaa: {parties}.", "sv": "Inget rum för: {parties}.", "en": "No room for: {parties}."}


def print_order(args: argparse.Namespace, setup: Setup, held: HeldMeeting) -> None:
    """Who comes when, and when the invitations leave; nothing with --json."""
    if args.json:
        return
    language: Language = args.lang
    title = f"{WORDS[language].kinds[held.meeting.kind]}, {held.round.programme}/{held.round.id}"
    rows = [
        {"when": f"{format_date(slot.on, language)} {slot.begins:%H:%M}-{slot.ends:%H:%M}", "party": list(slot.parties)}
        for slot in held.order.slots
    ]
    say(args)
    print_table(args, title, rows, columns={"when": "when", "party": "party"})
    if held.order.unplaced:
        say(args, _NO_ROOM[language].format(parties=", ".join(party for visit in held.order.unplaced for party in visit.parties)))
    say(args, _INVITED[language].format(day=format_date(held.meeting.invite_on, language)))
