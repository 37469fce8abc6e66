"""The answer of a calendar program to an invitation of ours: which one, who gives it, and what that is worth (decision 0032).

It is never an answer about an action, and nothing is ever sent back for it alone.
"""

from __future__ import annotations

from dataclasses import replace

from reminder.domain.hearings import Attendance, CalendarAnswer, Invitation, InviteMethod
from reminder.domain.readings import SENDERS_RULE, Reading, ReadingKind, Sender, Trust, Verdict
from reminder.domain.senders import Handling
from reminder.parse.authentication import read_dmarc
from reminder.parse.classify import list_marks, plain_address
from reminder.parse.context import Context, InvitedTo, SenderEntry
from reminder.parse.message import Mail
from reminder.parse.trust import handle
from reminder.wire.itip import read_answers

OLD = "old"
COUNTER = "counter"
NOT_OURS = "It is an answer to a calendar invitation."
_SAID = {
    Attendance.ACCEPTED: "The invitation is accepted.",
    Attendance.TENTATIVE: "The invitation is accepted with reservation.",
    Attendance.DECLINED: "The invitation is declined.",
}


def read_calendar_answer(mail: Mail, context: Context, base: Reading) -> Reading:
    """The reading of a calendar's answer; `base` is what it is where it answers no invitation of ours."""
    found = find_answer(mail, context)
    if found is None:
        return base
    answer, invited = found
    marks, sender = list_marks(mail), _judge(mail, context, invited, answer)
    told = replace(base, sender=sender, marks=marks, message=base.message or invited.invitation.message, calendar=answer)
    told = replace(told, kind=ReadingKind.CALENDAR, verdict=Verdict.HELD, invited=invited.invitation)
    if (refusal := _find_refusal(mail, context, invited, answer, sender, marks)) is not None:
        return replace(told, reason=refusal[0], rules=("calendar", refusal[1]))
    if _is_old(answer, invited.invitation):
        why = "It answers an earlier invitation, which has been replaced since."
        return replace(told, verdict=Verdict.IGNORED, reason=why, rules=("calendar", OLD))
    if answer.attendance is Attendance.COUNTER:
        return replace(told, reason="It proposes another time for the hearing.", rules=("calendar", COUNTER))
    return replace(told, verdict=Verdict.APPLIED, reason=_SAID[answer.attendance], rules=("calendar", answer.attendance.value))


def find_answer(mail: Mail, context: Context) -> tuple[CalendarAnswer, InvitedTo] | None:
    """The first answer of the mail to an invitation of ours."""
    answers = (answer for text in mail.calendars for answer in read_answers(text))
    return next(((answer, context.invitations[answer.uid]) for answer in answers if answer.uid in context.invitations), None)


def _judge(mail: Mail, context: Context, invited: InvitedTo, answer: CalendarAnswer) -> Sender:
    """Who answers: the invited person, somebody listed for the party, somebody of the same organisation in their name, or nobody known."""
    entry = context.senders.get(mail.sender) or context.senders.get(plain_address(mail.sender)) or SenderEntry(person="")
    verdict, parties = read_dmarc(mail, context.trusted_authserv), set(invited.invitation.parties)
    if verdict == "fail":
        trust = Trust.REFUSED
    elif invited.address in {mail.sender, plain_address(mail.sender)} or entry.as_contact & parties:
        trust = Trust.LISTED
    elif entry.as_deputy & parties:
        trust = Trust.DEPUTY
    elif mail.sender.rpartition("@")[2] == invited.address.rpartition("@")[2] and answer.attendee == invited.address:
        trust = Trust.DOMAIN  # a secretary answers for them, as Exchange lets a delegate do
    else:
        trust = Trust.STRANGER
    return Sender(address=mail.sender, trust=trust, person=entry.person, is_authenticated=verdict == "pass")


def _find_refusal(
    mail: Mail, context: Context, invited: InvitedTo, answer: CalendarAnswer, sender: Sender, marks: tuple[str, ...]
) -> tuple[str, str] | None:
    """Why a person must look, with its rule; None where it counts."""
    if mail.from_fault:
        return f"It does not say plainly who wrote it ({mail.from_fault}).", "from"
    if sender.trust is Trust.REFUSED:
        return "Our mail server says that the sender's address is forged (dmarc=fail).", "dmarc"
    if "spam" in marks:
        return "Our mail server marks it as spam.", "spam"
    if sender.trust is Trust.STRANGER:
        who = answer.attendee if answer.attendee not in {"", invited.address} else mail.sender
        return f"Somebody who was not invited answers this invitation: {who}.", "stranger"
    if handle(context, sender.trust, is_authenticated=sender.is_authenticated) is Handling.HOLD:
        return "Such answers wait for the coordinator here.", SENDERS_RULE
    return None


def _is_old(answer: CalendarAnswer, holding: Invitation) -> bool:
    """Whether it is about something that holds no more (RFC 5546, 2.1.5). Without a SEQUENCE the time that it names tells."""
    if holding.method is InviteMethod.CANCEL:
        return True
    if answer.sequence is not None:
        return answer.sequence < holding.sequence
    return answer.attendance is not Attendance.COUNTER and answer.starts_at is not None and answer.starts_at != holding.starts_at
