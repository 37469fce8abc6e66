"""The coordinator's word about previews, given in the answer to a digest instead of to the preview itself."""

from __future__ import annotations

from datetime import datetime

from reminder.compose.words import format_date
from reminder.domain.commands import Verb
from reminder.errors import UsageFailure
from reminder.flows.approving import approve, reject
from reminder.flows.desk_lines import show_undo
from reminder.flows.desk_words import tell
from reminder.flows.ordering import Doing, Told
from reminder.store import approvals, inbox
from reminder.store.approvals import Approval, ApprovalState


def decide_previews(doing: Doing) -> Told:
    """Lets the mails go that wait, or stops them, of the kind that is named or of all. Only what was shown before the line was written."""
    language, verb = doing.by.language, doing.command.verb
    is_yes = verb is Verb.APPROVE
    words = [
        (approve if is_yes else reject)(doing.conn, doing.house, one.id, doing.ordered.actor, doing.house.clock.now())
        for one in _list_shown(doing)
    ]
    done = [word for word in words if word is not None]
    if not done:
        raise UsageFailure(tell("no_previews", language))
    count = sum(word.count for word in done)
    leaves = min((word.leaves_at for word in done if word.leaves_at is not None), default=None)
    when = _tell_leaving(doing, leaves) if leaves is not None else ()
    said = tell("approved" if is_yes else "stopped", language, count=count)
    return Told(said=said, follows=when, undo=show_undo(verb, language))


def _list_shown(doing: Doing) -> list[Approval]:
    """Of each kind the newest that stands otherwise: a yes is for what waits or was stopped, a no also for what was let go."""
    stored = inbox.load_inbound(doing.conn, doing.ordered.inbound)
    if stored is None:
        return []
    newest = {
        one.kind: one
        for one in approvals.load_approvals(doing.conn)
        if (one.programme, one.round) == (doing.one.programme, doing.one.id)
        and doing.command.kind in {None, one.kind}
        and one.state is not ApprovalState.EXPIRED
        and one.previewed_at is not None
        and one.previewed_at <= stored.mail.internal_date
    }
    other = ApprovalState.APPROVED if doing.command.verb is Verb.APPROVE else ApprovalState.REJECTED
    return [one for one in newest.values() if one.state is not other]


def _tell_leaving(doing: Doing, at: datetime) -> tuple[str, ...]:
    local = at.astimezone(doing.house.setup.calendar.zone)
    return (tell("leaves", doing.by.language, day=format_date(local.date(), doing.by.language), at=f"{local:%H.%M}"),)
