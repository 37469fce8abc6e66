"""Feedback on the accessibility of the public page: a kind of its own, kept until a person has answered it (issue 7).

It is never read for lights. A mail that answers a request of ours stays a reply, whatever its subject says.
"""

from __future__ import annotations

from reminder.domain.messages import SentMessage
from reminder.domain.readings import FEEDBACK_RULE, Reading, ReadingKind, Verdict
from reminder.parse.classify import has_automatic_subject, list_marks, may_be_answered
from reminder.parse.context import Context
from reminder.parse.message import Mail
from reminder.parse.own_words import own_words
from reminder.wire.feedback import find_feedback

REASON = "It is feedback on accessibility; it is to be answered within 14 days."


def read_feedback(mail: Mail, context: Context, answered: SentMessage | None) -> Reading | None:
    """The reading of such a mail, without its sender; None for any other. A forged or marked one is kept too, and not acknowledged."""
    if context.vouched or (answered is not None and answered.items) or has_automatic_subject(mail):
        return None
    language = find_feedback(mail.recipients, context.own_addresses, mail.subject)
    if language is None:
        return None
    marks = list_marks(mail)
    return Reading(
        kind=ReadingKind.FEEDBACK,
        verdict=Verdict.HELD,
        marks=marks,
        reason=REASON,
        rules=(FEEDBACK_RULE,),
        message=answered.id if answered else "",
        note=own_words(mail, context),
        may_answer=not mail.from_fault and bool(mail.sender) and may_be_answered(mail, marks),
    )
