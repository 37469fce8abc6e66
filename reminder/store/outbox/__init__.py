"""The outbox: finished mails on their way out, each under a lease while it is being sent (docs/states.md).

A worker claims in one transaction, talks SMTP outside any, commits `dot` just before the final dot, and records the result
in a last transaction. Killed before the dot: sent again when the lease has ended. Killed after it: `unknown`.
"""

from reminder.store.outbox.attempts import (
    Attempt,
    Taken,
    count_ambiguous_resends,
    first_taken,
    list_step_mails,
    list_undeliverable,
    load_attempts,
)
from reminder.store.outbox.enqueueing import count_skipped, enqueue, load_settled, skip_step
from reminder.store.outbox.finding import (
    LastMail,
    MessageRow,
    count_automatic,
    count_by_state,
    find_sent,
    find_sent_by_message_ids,
    find_sent_by_tag,
    find_sent_to,
    first_written_at,
    has_notice,
    last_mails,
    last_schedule_days,
    list_messages,
    load_message,
    load_raw,
    load_steps,
    next_due_at,
    oldest_due_at,
)
from reminder.store.outbox.lateness import LateMail, load_late_mails
from reminder.store.outbox.leasing import REFUSED_NOW, Claimed, claim, has_dot, load_claimed, mark_dot, record_result, release
from reminder.store.outbox.one_a_day import keep_one_a_day
from reminder.store.outbox.renewing import replace_stale
from reminder.store.outbox.reviewing import HELD_AS, Waiting, hold_all_unsent, hold_for_review, list_review, release_reviewed, retry_failed
from reminder.store.outbox.settling import (
    UNAPPROVED,
    Recovered,
    cancel,
    expire_stale,
    put_off,
    recover_leases,
    requeue_unknown,
    settle_unknown_by_evidence,
)
from reminder.store.outbox.steps import list_settled_steps

__all__ = [
    "HELD_AS",
    "REFUSED_NOW",
    "UNAPPROVED",
    "Attempt",
    "Claimed",
    "LastMail",
    "LateMail",
    "MessageRow",
    "Recovered",
    "Taken",
    "Waiting",
    "cancel",
    "claim",
    "count_ambiguous_resends",
    "count_automatic",
    "count_by_state",
    "count_skipped",
    "enqueue",
    "expire_stale",
    "find_sent",
    "find_sent_by_message_ids",
    "find_sent_by_tag",
    "find_sent_to",
    "first_taken",
    "first_written_at",
    "has_dot",
    "has_notice",
    "hold_all_unsent",
    "hold_for_review",
    "keep_one_a_day",
    "last_mails",
    "last_schedule_days",
    "list_messages",
    "list_review",
    "list_settled_steps",
    "list_step_mails",
    "list_undeliverable",
    "load_attempts",
    "load_claimed",
    "load_late_mails",
    "load_message",
    "load_raw",
    "load_settled",
    "load_steps",
    "mark_dot",
    "next_due_at",
    "oldest_due_at",
    "put_off",
    "record_result",
    "recover_leases",
    "release",
    "release_reviewed",
    "replace_stale",
    "requeue_unknown",
    "retry_failed",
    "settle_unknown_by_evidence",
    "skip_step",
]
