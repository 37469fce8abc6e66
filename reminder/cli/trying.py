"""The test mail of `arm`: its options, what is said of it, and when it stands in the way of arming (decision 0016)."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from reminder.cli.output import complaints, say
from reminder.compose.views import UpcomingMail
from reminder.domain.intents import SendIntent
from reminder.domain.messages import MailKind, OutboxState
from reminder.domain.rounds import StepKind
from reminder.errors import ReminderError, TemporaryFailure
from reminder.flows import relay_health
from reminder.flows.house import House
from reminder.flows.knowledge import Knowledge
from reminder.flows.trying import Tried, give_up_trial, try_mail
from reminder.plan.summary import count_upcoming

WAIT, REHEARSAL_WAIT = 20.0, 1.0
"""Seconds that `arm` waits for the copy. On the loopback of a rehearsal it is there at once, or never."""
LONGEST_WAIT = 3600.0
NEVERTHELESS = "`reminder arm --without-test` arms nevertheless."


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What came of the test mail, for the output and the history."""

    tried: Tried | None = None
    """None: there was none."""
    trouble: str = ""
    """What went wrong with it, in a sentence."""

    @property
    def word(self) -> str:
        """How it stands, in one word."""
        if self.tried is None:
            return "none"
        if not self.tried.has_left:
            return "not_sent"
        return "arrived" if self.tried.trial.is_proven else "not_back"

    def document(self) -> dict[str, object]:
        """The facts, for --json."""
        tried = self.tried
        return {
            "standing": self.word,
            "to": [mail.address for mail in tried.mails] if tried else [],
            "seconds": round(tried.seconds, 2) if tried and tried.seconds is not None else None,
            "folder": tried.trial.folder if tried else "",
            "junk": bool(tried and tried.trial.is_in_junk),
            "trouble": self.trouble,
        }


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `arm` that are about the test mail."""
    parser.add_argument(
        "--wait", type=_read_seconds, metavar="S", help="wait at most S seconds for the copy of the test mail (default: 20)"
    )
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--require-test", action="store_true", help="do not arm where the copy of the test mail does not come back")
    choice.add_argument("--without-test", action="store_true", help="arm without a test mail")


def _read_seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= LONGEST_WAIT:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0 to {LONGEST_WAIT:.0f}")
    return seconds


def try_before_arming(args: argparse.Namespace, house: House, knowledge: Knowledge, due: Sequence[SendIntent]) -> Arrival:
    """Sends the test mail and says what came of it. Raises where it must not be armed like this."""
    if args.without_test:
        _give_up(house)
        say(args, "No test mail was sent. Nobody has tried whether mails leave and replies come back.")
        return Arrival()
    first, is_shown_first = _find_first(knowledge, due, will_send=args.send_due is not None)
    with _show_waiting(args, house) as watch:
        tried = try_mail(
            house, first=first, wait=_wait_of(args, house), is_shown_first=is_shown_first, watch=watch, must_see=args.require_test
        )
    _tell_sent(args, tried)
    failure = _find_failure(house, tried)
    if failure is None and args.require_test and not tried.trial.is_proven:
        failure = TemporaryFailure(_not_back(tried), advice=f"{_WHERE_TO_LOOK} Then arm again; {NEVERTHELESS}")
    # What is proven wrong stands in the way: requests would go out, and no reply could come. What is only not proven does not.
    if failure is not None and (args.require_test or not (failure.temporary or house.addressing.is_rehearsal)):
        raise failure
    _tell_arrival(args, tried, failure)
    if not tried.has_left:
        _give_up(house)
    return Arrival(tried=tried, trouble=failure.message if failure else "")


def _give_up(house: House) -> None:
    with house.store.begin() as conn:
        give_up_trial(conn, house.clock.now())


def _wait_of(args: argparse.Namespace, house: House) -> float:
    if args.wait is not None:
        return float(args.wait)
    return REHEARSAL_WAIT if house.addressing.is_rehearsal else WAIT


def _find_first(knowledge: Knowledge, due: Sequence[SendIntent], *, will_send: bool) -> tuple[UpcomingMail | None, bool]:
    """The first mails to parties after this, and whether the coordinator approves them first."""
    if will_send and due:
        key = due[0].head.key
        found = UpcomingMail(on=knowledge.today, kind=MailKind(key.step.value), count=len(due))
    else:
        coming = (step for step in knowledge.timeline() if step.not_before > knowledge.now and not step.key.step.is_for_coordinator)
        first = next(coming, None)
        if first is None:
            return None, False
        key, end = first.key, first.not_before + timedelta(seconds=1)
        counted = count_upcoming(knowledge.timeline(), knowledge.setup, knowledge.plan_state(), knowledge.now, end)
        kinds = [(day, kind, count) for day, kind, count in counted if not kind.is_for_coordinator]
        if not kinds:
            return None, False
        day, kind, count = kinds[0]
        found = UpcomingMail(on=day, kind=MailKind(kind.value), count=count)
    one = knowledge.setup.round(key.programme, key.round)
    return found, one is not None and one.approve.asks_for(StepKind(found.kind.value))


@contextmanager
def _show_waiting(args: argparse.Namespace, house: House) -> Iterator[Callable[[float], None]]:
    """A line on a terminal that says how long it has waited; a pipe gets none."""
    if not complaints.is_terminal or args.quiet or args.json:
        yield lambda _: None
        return
    limit = _wait_of(args, house)
    with complaints.status("Sending the test mail …") as status:
        yield lambda passed: status.update(f"Waiting for the copy of the test mail: {passed:.0f} of {limit:.0f} s …")


def _tell_sent(args: argparse.Namespace, tried: Tried) -> None:
    for mail in tried.mails:
        if mail.has_left:
            doubt = "may have been taken by the relay" if mail.state is OutboxState.UNKNOWN else "was accepted by the relay"
            before = ", sent before and not again" if tried.is_again else ""
            say(args, f"The test mail to {mail.address} {doubt}{before}.")


def _tell_arrival(args: argparse.Namespace, tried: Tried, failure: ReminderError | None) -> None:
    trial = tried.trial
    if failure is not None:
        _warn(f"{failure.message} It is armed nevertheless. To try once more: `reminder disarm`, then `reminder arm`.")
    elif not trial.is_proven:
        _warn(f"{_not_back(tried)} It is armed nevertheless; `reminder status` says when it comes back. {_WHERE_TO_LOOK}")
    elif trial.is_in_junk:
        where = f"the junk folder {trial.folder}"
        _warn(f"The test mail has arrived{_after(tried)}, but in {where}. Replies may end there too: mark the sender as trusted.")
    else:
        say(args, f"The test mail has arrived: its copy to {tried.copy.address} came back to our own mailbox{_after(tried)}.")
    if trial.answered_at is not None:
        say(args, "The coordinator has answered it.")


_WHERE_TO_LOOK = (
    "Look whether the mailbox gets mail to its address with a plus part (else REMINDER_PLUS_ADDRESS=no), "
    "whether it is in another folder or in the junk, and whether the relay delivers."
)


def _not_back(tried: Tried) -> str:
    return (
        f"The relay has taken the test mail, but its copy to {tried.copy.address} has not come back to our own mailbox "
        f"within {round(tried.waited, 1):g} s."
    )


def _after(tried: Tried) -> str:
    return f" after {tried.seconds:.1f} s" if tried.seconds is not None else ""


def _warn(text: str) -> None:
    complaints.print(text, style="bold yellow", markup=False)


def _find_failure(house: House, tried: Tried) -> ReminderError | None:
    """What says that mails do not leave or do not come back; None where nothing does."""
    if tried.blind:
        return TemporaryFailure(
            f"Our own mailbox cannot be read: {tried.blind}", advice=f"`reminder check --connect` says more. {NEVERTHELESS}"
        )
    for mail in (*tried.mails, tried.copy):
        if mail.state is OutboxState.FAILED:
            why = "our own address, so that no reply would reach us" if mail is tried.copy else f"{mail.address}, the coordinator"
            advice = "Correct the address, or where the server knows no plus addresses set REMINDER_PLUS_ADDRESS=no."
            return ReminderError(f"The relay refuses mail to {why}: {mail.text}", advice=f"{advice} {NEVERTHELESS}")
        if not mail.has_left:
            return _relay_failure(house, mail.text)
    if tried.trial.returned:
        why = "The test mail could not be delivered; a delivery report says"
        return ReminderError(f"{why}: {tried.trial.returned}", advice=f"Correct the address. {NEVERTHELESS}")
    return None


def _relay_failure(house: House, text: str) -> ReminderError:
    with house.store.read() as conn:
        trouble = relay_health.load_trouble(conn)
    why = trouble["text"] if trouble else text
    return TemporaryFailure(f"The relay does not take the test mail: {why}", advice=f"`reminder check --connect` says more. {NEVERTHELESS}")
