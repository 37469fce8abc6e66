"""Pure checks of what went out: the outbox against what the relay really took (invariants O1 to O12)."""

from __future__ import annotations

import email
import email.policy
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache

from reminder.domain.messages import MailKind
from reminder.simulation import town
from reminder.simulation.journal import Journal, Talk
from reminder.simulation.looking import Row, Seen, read_instant

LEASE = timedelta(minutes=15)
GRACE = timedelta(minutes=30)
SLACK = timedelta(minutes=1)
MAX_COPIES = 3
GIVE_UP = timedelta(days=5)
FINAL = frozenset({"accepted", "failed", "expired", "cancelled", "needs_review"})
SCHEDULE = frozenset(kind.value for kind in MailKind if kind.is_schedule_mail)
TO_PARTIES = SCHEDULE - {"digest"}
CHASING = frozenset(kind.value for kind in MailKind if kind.is_chasing)
ONCE = ("From", "To", "Date", "Message-ID", "Subject", "Auto-Submitted")


def _talks_of(journal: Journal) -> Mapping[str, list[Talk]]:
    found: dict[str, list[Talk]] = defaultdict(list)
    for talk in journal.talks:
        found[talk.message_id].append(talk)
    return found


def _named(row: Row) -> str:
    return f"{row['kind']} {row['id']}"


def find_phantoms(seen: Seen, journal: Journal) -> Iterator[str]:
    """O1."""
    stored = {row["raw"] for row in seen.messages}
    return (
        f"{talk.message_id} to {talk.recipient} is not in the outbox as it was sent." for talk in journal.taken if talk.raw not in stored
    )


def find_unsettled(seen: Seen, journal: Journal) -> Iterator[str]:
    """O2, at rest."""
    taken = {talk.message_id for talk in journal.taken}
    doubtful = {talk.message_id for talk in journal.talks if talk.is_ambiguous}
    for row in seen.messages:
        if row["state"] not in FINAL:
            yield f"{_named(row)} is still {row['state']}."
        elif row["state"] == "accepted" and row["message_id"] not in taken:
            yield f"{_named(row)} is accepted, and the relay never took it."
        elif row["state"] in {"failed", "expired"} and row["message_id"] in taken:
            yield f"{_named(row)} is {row['state']}, and the relay took it."
        elif row["state"] == "cancelled" and row["message_id"] in taken and row["message_id"] not in doubtful:
            yield f"{_named(row)} is cancelled, and the relay took it and said so."


def find_doubled_steps(seen: Seen, journal: Journal) -> Iterator[str]:
    """O3: at most once."""
    names = ("programme", "round", "party", "step", "ordinal", "deadline_version", "person")
    counted = Counter(tuple(row[name] for name in names) for row in seen.steps)
    yield from (f"{'/'.join(map(str, key))} has ended {count} times." for key, count in counted.items() if count > 1)
    carried = {row["message"] for row in seen.steps}
    for row in seen.messages:
        if row["kind"] in SCHEDULE and row["id"] not in carried and row["state"] != "cancelled":
            yield f"{_named(row)} carries no step."


def find_missing_steps(seen: Seen, journal: Journal) -> Iterator[str]:
    """O3, at rest: exactly once."""
    settled = {(row["party"], row["step"], row["ordinal"]) for row in seen.steps}
    yield from (f"{'/'.join(map(str, key))} never ended." for key in town.all_steps() if key not in settled)


def find_unexplained_copies(seen: Seen, journal: Journal) -> Iterator[str]:
    """O4."""
    for message_id, talks in _talks_of(journal).items():
        taken = sum(talk.was_taken for talk in talks)
        allowed = min(1 + sum(talk.is_ambiguous for talk in talks), MAX_COPIES)
        if taken > allowed:
            yield f"{message_id} was taken {taken} times; {allowed} can be explained."


def find_different_copies(seen: Seen, journal: Journal) -> Iterator[str]:
    """O5."""
    for message_id, talks in _talks_of(journal).items():
        if len({talk.raw for talk in talks if talk.was_taken}) > 1:
            yield f"{message_id} was sent with different bytes."


def find_early(seen: Seen, journal: Journal) -> Iterator[str]:
    """O6."""
    rows = {row["message_id"]: row for row in seen.messages}
    for talk in journal.taken:
        row, at = rows.get(talk.message_id), talk.taken_at
        if row is None or at is None:
            continue
        not_before = read_instant(row["not_before"])
        if not_before is not None and talk.at < not_before:
            yield f"{_named(row)} left at {at:%Y-%m-%d %H:%M} UTC, before its time."
        if row["kind"] in TO_PARTIES and not town.is_sending_time(talk.at):
            yield f"{_named(row)} left at {at.astimezone(town.zone()):%A %Y-%m-%d %H:%M}, outside of the sending window."


def find_stale(seen: Seen, journal: Journal) -> Iterator[str]:
    """O7."""
    rows = {row["message_id"]: row for row in seen.messages}
    recorded: dict[str, list[str]] = defaultdict(list)
    for fact in (one for one in seen.assessments if one["is_lead"] and not one["is_late"]):
        recorded[fact["action"]].append(fact["recorded_at"])
    for talk in journal.taken:
        row, at = rows.get(talk.message_id), talk.taken_at
        if row is None or at is None:
            continue
        expires = read_instant(row["expires_at"])
        if expires is not None and at > expires + LEASE:
            yield f"{_named(row)} was taken at {at:%Y-%m-%d %H:%M} UTC, after its time had passed."
        asked = town.actions_asked(row["items"])
        if row["kind"] in CHASING and asked and all(_is_known(recorded[action], talk, journal) for action in asked):
            yield f"{_named(row)} was taken at {at:%Y-%m-%d %H:%M} UTC, though all that it asks for had been recorded."


def _is_known(recorded: list[str], talk: Talk, journal: Journal) -> bool:
    """Whether one of these was recorded before the relay took the mail, by more than a lease."""
    instants = [instant for one in recorded if (instant := read_instant(one)) is not None]
    taken = talk.taken_at
    return taken is not None and any(taken > instant + LEASE and not journal.may_follow(talk, instant) for instant in instants)


def find_floods(seen: Seen, journal: Journal) -> Iterator[str]:
    """O8: one schedule mail a person and day, ten automatic answers."""
    kinds = {row["message_id"]: row["kind"] for row in seen.messages}
    days: dict[tuple[str, date, str], set[str]] = defaultdict(set)
    for talk in journal.taken:
        kind = kinds.get(talk.message_id, "")
        group = "schedule" if kind in TO_PARTIES else "answer" if kind in {"acknowledgement", "question"} else ""
        if group:
            days[talk.recipient, talk.at.astimezone(town.zone()).date(), group].add(talk.message_id)
    for (recipient, day, group), ids in days.items():
        if len(ids) > (1 if group == "schedule" else 10):
            yield f"{recipient} got {len(ids)} mails of the kind {group} on {day}."


def find_hasty(seen: Seen, journal: Journal) -> Iterator[str]:
    """O9: talks of one mail keep the distance that their results ask for."""
    if journal.faults["clock back"]:
        return
    for message_id, talks in _talks_of(journal).items():
        for earlier, later in itertools.pairwise(talks):
            wanted = GRACE if earlier.is_ambiguous else {"cut": LEASE, "deferred": SLACK * 0.8}.get(earlier.result, timedelta())
            if later.at - earlier.at < wanted - SLACK * 0.5:
                yield f"{message_id} was tried again after {later.at - earlier.at}; {wanted} is the least."


def find_open_attempts(seen: Seen, journal: Journal) -> Iterator[str]:
    """O9: no two attempts of a mail are open at once."""
    counted = Counter(row["message"] for row in seen.attempts if row["ended_at"] is None)
    yield from (f"{message} is held {count} times at once." for message, count in counted.items() if count > 1)


def find_insistent(seen: Seen, journal: Journal) -> Iterator[str]:
    """O10."""
    for message_id, talks in _talks_of(journal).items():
        refused = [index for index, talk in enumerate(talks) if talk.result == "failed" and talk.was_recorded]
        if refused and refused[0] < len(talks) - 1:
            yield f"{message_id} was refused for good and tried again."


def find_burnt(seen: Seen, journal: Journal) -> Iterator[str]:
    """O11."""
    talks = _talks_of(journal)
    for row in seen.messages:
        if row["state"] == "failed":
            results = {talk.result for talk in talks.get(row["message_id"], [])}
            if "failed" not in results and "deferred" not in results:
                yield f"{_named(row)} failed, and no relay refused it: {sorted(results)}."


@lru_cache(maxsize=4096)
def _read_back(raw: bytes) -> tuple[str, tuple[str, ...]]:
    """The subject as it reads, and what is wrong with the bytes."""
    wrong = [] if raw.replace(b"\r\n", b"").translate(None, b"\r\n") == raw.replace(b"\r\n", b"") else ["a bare line end"]
    wrong += ["a line of more than 998 octets"] if any(len(line) > 998 for line in raw.split(b"\r\n")) else []
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    wrong += [f"{len(mail.get_all(name, []))} headers {name}" for name in ONCE if len(mail.get_all(name, [])) != 1]
    return str(mail["Subject"]), tuple(wrong)


def find_unsound(seen: Seen, journal: Journal) -> Iterator[str]:
    """O12."""
    rows = {row["message_id"]: row for row in seen.messages}
    for talk in journal.taken:
        subject, wrong = _read_back(talk.raw)
        yield from (f"{talk.message_id} has {one}." for one in wrong)
        row = rows.get(talk.message_id)
        if row is not None and subject != row["subject"]:
            yield f"The subject of {talk.message_id} reads back as {subject!r}."


ALWAYS = (
    ("O1", find_phantoms),
    ("O3", find_doubled_steps),
    ("O4", find_unexplained_copies),
    ("O5", find_different_copies),
    ("O6", find_early),
    ("O7", find_stale),
    ("O8", find_floods),
    ("O9", find_hasty),
    ("O9", find_open_attempts),
    ("O10", find_insistent),
    ("O11", find_burnt),
    ("O12", find_unsound),
)
AT_REST = (("O2", find_unsettled), ("O3", find_missing_steps))
