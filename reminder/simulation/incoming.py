"""Pure checks of what came in: the store against what really was in the mailbox (invariants I1 to I9, X1, X2, T3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime

from reminder.simulation import town
from reminder.simulation.journal import Journal, Letter
from reminder.simulation.looking import Row, Seen, read_instant
from reminder.simulation.people import COPY_MARK

FINAL = frozenset({"applied", "asked_back", "held", "duplicate", "ignored", "quarantined", "discarded"})
ANSWERS = frozenset({"acknowledgement", "question"})
UNANSWERED = frozenset({"absence", "stranger", "poison"})


def _content(raw: bytes) -> bytes:
    return raw.removeprefix(COPY_MARK)


def _letters(journal: Journal) -> Mapping[bytes, Letter]:
    """What each content truly says: the first letter of it, copies being of the same content."""
    found: dict[bytes, Letter] = {}
    for letter in journal.letters:
        found.setdefault(_content(letter.raw), letter)
    return found


def _originals(seen: Seen) -> Mapping[bytes, list[Row]]:
    found: dict[bytes, list[Row]] = {}
    for row in seen.inbound:
        if row["duplicate_of"] is None and row["raw"] is not None:
            found.setdefault(_content(row["raw"]), []).append(row)
    return found


def find_letters(seen: Seen, journal: Journal) -> Mapping[int, Letter]:
    """The letter behind each inbound row that holds bytes."""
    letters = _letters(journal)
    return {row["id"]: letters[content] for content, rows in _originals(seen).items() for row in rows if content in letters}


def find_lost(seen: Seen, journal: Journal) -> Iterator[str]:
    """I1, at rest."""
    originals = _originals(seen)
    for letter in journal.letters:
        if not letter.has_vanished and _content(letter.raw) not in originals:
            yield f"Letter {letter.number} ({letter.kind}) was never stored."
    yield from (f"Inbound {row['id']} is still {row['state']}." for row in seen.inbound if row["state"] not in FINAL)


def find_stored_twice(seen: Seen, journal: Journal) -> Iterator[str]:
    """I1: once for each content."""
    for rows in _originals(seen).values():
        if len(rows) > 1:
            yield f"Inbound {', '.join(str(row['id']) for row in rows)} are the same mail."


def find_doubled_effects(seen: Seen, journal: Journal) -> Iterator[str]:
    """I2: by mail and action in the store, and by what each writer got for one letter."""
    counted = Counter(
        (row["inbound"], row["programme"], row["round"], row["party"], row["action"], row["generation"]) for row in seen.assessments
    )
    yield from (f"Inbound {key[0]} counts {count} times for {key[4]}." for key, count in counted.items() if count > 1)
    letters = find_letters(seen, journal)
    answered: Counter[tuple[int, str]] = Counter()
    for row in seen.messages:
        if row["kind"] in ANSWERS and row["answers_inbound"] in letters and row["state"] != "cancelled":
            answered[letters[row["answers_inbound"]].number, row["envelope_recipient"]] += 1
    yield from (f"Letter {number} was answered {count} times to {to}." for (number, to), count in answered.items() if count > 1)


def find_destroyed(seen: Seen, journal: Journal) -> Iterator[str]:
    """I3."""
    originals = _originals(seen)
    for letter in journal.letters:
        if letter.was_moved and _content(letter.raw) not in originals:
            yield f"Letter {letter.number} was moved and is not stored."


def expect_lights(seen: Seen, journal: Journal) -> Mapping[str, str]:
    """The light of each action that follows from the letters which could be read: the latest received first, none after the close."""
    said: dict[str, tuple[datetime, int, str]] = {}
    for number, letter in sorted(find_letters(seen, journal).items()):
        row = next(one for one in seen.inbound if one["id"] == number)
        received = read_instant(row["internal_date"]) if "date_clamped" in row["marks"] else letter.at
        if received is None or row["state"] == "quarantined" or received >= town.CLOSES_AT:
            continue
        for printed, light in letter.said.items():
            action, known = town.ACTION_OF[printed], said.get(town.ACTION_OF[printed])
            if known is None or (received, number) >= known[:2]:
                said[action] = (received, number, light)
    return {action: light for action, (_, _, light) in said.items()}


def recorded_lights(seen: Seen) -> Mapping[str, str]:
    """The light of each action that the store has in force, as its lead says."""
    rows = sorted(
        (row for row in seen.assessments if row["is_lead"] and not row["is_late"]),
        key=lambda row: (row["received_at"], row["inbound"], row["id"]),
    )
    return {row["action"]: row["light"] for row in rows if row["light"]}


def find_wrong_results(seen: Seen, journal: Journal) -> Iterator[str]:
    """I4 and I9, at rest."""
    expected, recorded = expect_lights(seen, journal), recorded_lights(seen)
    for action in sorted({*expected, *recorded}):
        if expected.get(action) != recorded.get(action):
            yield f"{action} is {recorded.get(action)}, and should be {expected.get(action)}."


def find_invented(seen: Seen, journal: Journal) -> Iterator[str]:
    """I5: every light stands in its letter."""
    letters = find_letters(seen, journal)
    for row in seen.assessments:
        letter = letters.get(row["inbound"])
        written = {town.ACTION_OF[number]: light for number, light in letter.said.items()} if letter else {}
        if row["light"] and letter is not None and letter.said and written.get(row["action"], row["light"]) != row["light"]:
            yield f"Inbound {row['inbound']} says {written[row['action']]} of {row['action']}, and {row['light']} was recorded."


def find_unpermitted(seen: Seen, journal: Journal) -> Iterator[str]:
    """X1: a letter that may say nothing has no effect."""
    letters = find_letters(seen, journal)
    for row in seen.assessments:
        letter = letters.get(row["inbound"])
        if letter is None or not letter.said:
            yield f"Inbound {row['inbound']} ({letter.kind if letter else 'unknown'}) has changed {row['action']}."


def find_meddling(seen: Seen, journal: Journal) -> Iterator[str]:
    """X2: nobody speaks for another party."""
    letters = find_letters(seen, journal)
    for row in seen.assessments:
        letter = letters.get(row["inbound"])
        own = {town.ACTION_OF[number]: party for number, party in town.LED_BY.get(letter.sender, ())} if letter else {}
        if letter is not None and letter.said and row["is_lead"] and own.get(row["action"]) != row["party"]:
            yield f"{letter.sender} has changed {row['action']} of {row['party']}."


def find_poisoned(seen: Seen, journal: Journal) -> Iterator[str]:
    """I6: who is quarantined is poison, or was read by three processes that died of something else."""
    letters = find_letters(seen, journal)
    deaths = sum("interpret" in name for name in journal.crashes)
    for row in seen.inbound:
        letter = letters.get(row["id"])
        if row["state"] == "quarantined" and letter is not None and not letter.is_poison and deaths < 3:
            yield f"Letter {letter.number} ({letter.kind}) is quarantined, and is no poison."


def find_unattributed(seen: Seen, journal: Journal) -> Iterator[str]:
    """I7."""
    for row in seen.assessments:
        if row["inbound"] is None or not row["rule"] or not row["actor"]:
            yield f"Assessment {row['id']} does not say where it comes from."


def find_automatic_answers(seen: Seen, journal: Journal) -> Iterator[str]:
    """I8."""
    letters = find_letters(seen, journal)
    for row in seen.messages:
        letter = letters.get(row["answers_inbound"])
        if row["kind"] in ANSWERS and letter is not None and letter.kind in UNANSWERED:
            yield f"Letter {letter.number} ({letter.kind}) was answered by {row['kind']} {row['id']}."
    yield from (f"{talk.message_id} was sent to ourselves." for talk in journal.talks if town.OFFICE.partition("@")[0] in talk.recipient)


def find_misjudged_dates(seen: Seen, journal: Journal) -> Iterator[str]:
    """T3."""
    for row in seen.assessments:
        received = read_instant(row["received_at"])
        if received is not None and bool(row["is_late"]) != (received >= town.CLOSES_AT):
            yield f"What was received at {received:%Y-%m-%d %H:%M} UTC counts as {'late' if row['is_late'] else 'in time'}."


ALWAYS = (
    ("I1", find_stored_twice),
    ("I2", find_doubled_effects),
    ("I3", find_destroyed),
    ("I5", find_invented),
    ("I6", find_poisoned),
    ("I7", find_unattributed),
    ("I8", find_automatic_answers),
    ("X1", find_unpermitted),
    ("X2", find_meddling),
    ("T3", find_misjudged_dates),
)
AT_REST = (("I1", find_lost), ("I4", find_wrong_results))
