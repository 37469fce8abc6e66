"""`arm`: first one test mail to the coordinator, then mails may go out."""

from __future__ import annotations

import argparse

from reminder.cli.opening import Needs, Opened
from reminder.cli.output import print_document, print_table, say
from reminder.cli.trying import Arrival, add_options, try_before_arming
from reminder.domain.intents import SendIntent
from reminder.errors import EXIT_DONE, TemporaryFailure, UsageFailure
from reminder.flows.announce import find_due_at_any_hour, skip_due
from reminder.flows.house import House
from reminder.flows.taking_up import take_up
from reminder.store import control, events, inbox
from reminder.store.restoring import RESTORED, load_restored

ARMED = "armed"
"""The kind of the line of history."""


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Adds the command of this module."""
    help_text = "send a test mail, then let mails go out; lists what is already due and skips it"
    arm = commands.add_parser("arm", parents=[common], help=help_text)
    arm.add_argument("--send-due", type=int, metavar="N", help="send the N mails that are already due instead of skipping them")
    arm.add_argument("--dry-run", action="store_true", help="only show what would happen")
    add_options(arm)
    arm.set_defaults(run=run_arm)


def run_arm(args: argparse.Namespace) -> int:
    """Nothing goes out before this, but for the test mail. What is already due is skipped, unless its exact number is confirmed.

    Armed already, it changes nothing: what is due then waits for its hour and is not to be lost.
    """
    needs_mail = not (args.dry_run or args.without_test)
    opened = Opened(args, Needs(sound_files=True, relay=needs_mail, source=needs_mail))
    with opened as house:
        if _is_armed(house):
            return _tell_armed(args, armed=True, due=0, text="It was armed already; nothing was changed.")
        _refuse_unread(house)
        # What is due is listed as of now. What comes due while the test mail is on its way is not skipped: it is in time.
        found = find_due_at_any_hour(house, house.clock.now())
        due = tuple(intent for intent in found.intents if isinstance(intent, SendIntent))
        _print_due(args, due)
        _check_number(args, due)
        if args.dry_run:
            return _tell_dry(args, house, due)
        arrival = try_before_arming(args, house, found.knowledge, due)
        if args.send_due is None:
            skip_due(house, found)
        _arm(house, arrival, due=len(due), is_sent=args.send_due is not None)
        take_up(house, opened.loaded, args.config)
    word = "will be sent" if args.send_due is not None else "were skipped and will not be sent"
    text = f"Armed. {len(due)} mails that were already due {word}." if due else "Armed. Nothing was due yet."
    return _tell_armed(args, armed=True, due=len(due), text=text, arrival=arrival)


def _is_armed(house: House) -> bool:
    with house.store.read() as conn:
        return control.load_control(conn).is_armed


def _refuse_unread(house: House) -> None:
    """After a restore the answers since the copy come first: who has given one must not be reminded."""
    with house.store.read() as conn:
        restored, unread = load_restored(conn), inbox.find_unfinished(conn)
    if restored is not None and (restored.read_again is None or any(RESTORED in row.marks for row in unread)):
        advice = "Run `reminder collect` and `reminder interpret`, or let `reminder run` do it; then arm."
        raise TemporaryFailure(
            "What came in since the restored copy was made has not been read again yet; nothing was changed.", advice=advice
        )


def _check_number(args: argparse.Namespace, due: tuple[SendIntent, ...]) -> None:
    if args.send_due is not None and args.send_due != len(due):
        raise UsageFailure(
            f"{len(due)} mails are due, not {args.send_due}; nothing was changed.",
            advice="Look at the list above and confirm its number, or leave --send-due out to skip them.",
        )


def _arm(house: House, arrival: Arrival, *, due: int, is_sent: bool) -> None:
    now = house.clock.now()
    with house.store.begin() as conn:
        control.arm(conn, now)
        events.append_event(conn, ARMED, now, document={"due": due, "sent_due": due > 0 and is_sent, "test_mail": arrival.word})


def _tell_dry(args: argparse.Namespace, house: House, due: tuple[SendIntent, ...]) -> int:
    text = f"{len(due)} mails are already due; `arm` would skip them."
    if not args.without_test:
        people = ", ".join(contact.address for contact in house.setup.directory.coordinators)
        text += f" First it would send a test mail to {people}."
    return _tell_armed(args, armed=False, due=len(due), text=text)


def _tell_armed(args: argparse.Namespace, *, armed: bool, due: int, text: str, arrival: Arrival | None = None) -> int:
    if args.json:
        document: dict[str, object] = {"armed": armed, "due": due, "sent_due": armed and due > 0 and args.send_due is not None}
        print_document({**document, **({"test_mail": arrival.document()} if arrival else {})})
    say(args, text)
    return EXIT_DONE


def _print_due(args: argparse.Namespace, due: tuple[SendIntent, ...]) -> None:
    if args.json or not due:
        return
    rows = [
        {
            "kind": intent.head.key.step.value,
            "round": intent.head.key.round,
            "party": ", ".join(step.key.party for step in intent.steps),
            "to": intent.recipient.address,
        }
        for intent in due
    ]
    print_table(args, "Already due", rows, columns={"kind": "kind", "round": "round", "party": "party", "to": "to"})
