"""What a rehearsal came to, on the terminal and as facts."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from reminder.cli.output import complaints, console, print_table, say
from reminder.cli.selecting import language_of
from reminder.compose.rehearsal.rendering import tell_outcome
from reminder.compose.rehearsal.views import RehearsalView, RehearsedParty, SignKind
from reminder.compose.rehearsal.words import WORDS, name_sign
from reminder.compose.words import capital, format_date


def describe(view: RehearsalView) -> dict[str, object]:
    """The facts for a program; days in ISO form."""
    return {
        "from": view.first.isoformat(),
        "until": view.last.isoformat(),
        "reached": view.reached.isoformat(),
        "interrupted": view.is_cut_short,
        "mails": {kind.value: number for kind, number in _count(view).items()},
        "to_coordinator": {kind.value: number for kind, number in _count_to_coordinator(view).items()},
        "parties": [_describe_party(view, party) for party in view.parties],
        "differences": list(view.differences),
        "troubles": list(view.troubles),
    }


def print_summary(args: argparse.Namespace, view: RehearsalView, index: Path) -> None:
    """Mails by kind, who answered when and who never, what the coordinator got, and where to look."""
    language, words = language_of(args), WORDS[language_of(args)]
    counts = _count(view)
    for way, is_incoming in ((words.sent, False), (words.received, True)):
        told = [f"{number} × {name_sign(kind, language)}" for kind, number in counts.items() if kind.is_incoming is is_incoming]
        say(args, f"{capital(way)}: {', '.join(told) or words.nothing}.")
    told = [f"{number} × {name_sign(kind, language)}" for kind, number in _count_to_coordinator(view).items()]
    say(args, f"{capital(words.coordinator)}: {', '.join(told) or words.nothing}.")
    say(args)
    rows = [
        {
            "party": capital(party.name.in_language(language)),
            "character": words.characters[party.character] if party.character else words.contributor,
            "outcome": "; ".join(tell_outcome(party, language)),
            "got": sum(not mail.kind.is_incoming for mail in view.mails_of(party.key)),
        }
        for party in view.parties
    ]
    columns = dict(zip(("party", "character", "outcome", "got"), words.columns, strict=True))
    print_table(args, "", rows, columns=columns, wide_only={"character"})
    say(args)
    if view.is_cut_short:
        complaints.print(words.cut_short.format(day=format_date(view.reached, language)), style="yellow", markup=False)
    for line in view.troubles:
        complaints.print(f"{words.troubled} {line}", style="bold red", markup=False)
    for line in view.differences:
        complaints.print(f"{words.unsound} {line}", style="bold red", markup=False)
    if not view.differences:
        say(args, words.sound)
    console.print(f"{index}", markup=False)


def _describe_party(view: RehearsalView, party: RehearsedParty) -> dict[str, object]:
    return {
        "programme": party.programme,
        "party": party.id,
        "character": party.character.value if party.character else None,
        "rounds": [
            {
                "due": one.due_on.isoformat(),
                "asked": one.asked,
                "answered": one.answered,
                "first": one.first_on.isoformat() if one.first_on else None,
                "complete": one.complete_on.isoformat() if one.complete_on else None,
                "late": one.is_late,
            }
            for one in party.deadlines
        ],
        "mails": {kind.value: number for kind, number in Counter(mail.kind for mail in view.mails_of(party.key)).items()},
    }


def _count(view: RehearsalView) -> dict[SignKind, int]:
    """How many of each kind, in the order of the kinds."""
    counts = Counter(mail.kind for mail in view.mails)
    return {kind: counts[kind] for kind in SignKind if counts[kind]}


def _count_to_coordinator(view: RehearsalView) -> dict[SignKind, int]:
    addresses = {address.lower() for address in view.coordinators}
    counts = Counter(mail.kind for mail in view.mails_of(None) if mail.recipient.lower() in addresses)
    return {kind: counts[kind] for kind in SignKind if counts[kind]}
