"""A reading as JSON: what `explain --json` prints and what is stored beside the mail."""

from __future__ import annotations

import json
from collections.abc import Sequence

from reminder.domain.hearings import Attendance, CalendarAnswer, Invitation
from reminder.domain.readings import Answer, AttachedDocument, Place, Reading


def write_reading(reading: Reading) -> dict[str, object]:
    """The document of INTERFACE.md, without the file's name."""
    document: dict[str, object] = {
        "kind": reading.kind.value,
        "verdict": reading.verdict.value,
        "answers": [write_answer(answer) for answer in reading.answers],
        "ask_back": [
            {"action": ask.number, "reason": ask.reason.value, "quote": ask.quote, "places": write_places(ask.places)}
            for ask in reading.ask_back
        ],
        "missing": [item.number for item in reading.missing],
        "sender": {"address": reading.sender.address, "trust": reading.sender.trust.value} if reading.sender else None,
        "marks": list(reading.marks),
        "reason": reading.reason,
        "rules": list(reading.rules),
    }
    if reading.bounce is not None:
        bounce = reading.bounce
        document["bounce"] = {"recipient": bounce.recipient, "permanent": bounce.is_permanent, "status": bounce.status}
    if reading.away_until is not None:
        document["away_until"] = reading.away_until.isoformat()
    if reading.substitutes:
        document["substitutes"] = [{"address": one.address, "name": one.name, "quote": one.quote} for one in reading.substitutes]
    if reading.asks_status_of:
        document["asks_status_of"] = list(reading.asks_status_of)
    if reading.requests:
        document["requests"] = [{"what": one.what.value, "until": one.until.isoformat() if one.until else None} for one in reading.requests]
    if reading.decision is not None:
        document["decision"] = reading.decision.value
    if reading.orders is not None:
        document["orders"] = [{"verb": one.verb.value, "line": one.line} for one in reading.orders.commands]
    if reading.calendar is not None and reading.invited is not None:
        document["calendar"] = write_calendar(reading.calendar, reading.invited)
    if reading.attachments:
        document["attachments"] = [write_attachment(one) for one in reading.attachments]
    if reading.note:
        document["note"] = reading.note
    return document


def write_calendar(answer: CalendarAnswer, invited: Invitation) -> dict[str, object]:
    """What a calendar answers, and to which meeting."""
    is_proposal = answer.attendance is Attendance.COUNTER
    return {
        "answer": answer.attendance.value,
        "meeting": invited.meeting.value,
        "round": f"{invited.programme}/{invited.round}",
        "parties": list(invited.parties),
        "sequence": answer.sequence,
        "proposed": answer.starts_at.isoformat() if is_proposal and answer.starts_at else None,
        "comment": answer.comment,
    }


def write_attachment(one: AttachedDocument) -> dict[str, object]:
    """A file that a person must read, with its text or why there is none."""
    return {"name": one.name, "type": one.media_type, "size": one.size, **({"text": one.text} if one.text else {"trouble": one.trouble})}


def write_answer(answer: Answer) -> dict[str, object]:
    """One answer, its action by the printed number."""
    item = answer.item
    return {
        "programme": item.programme,
        "round": item.round,
        "party": item.party,
        "action": item.number,
        "light": answer.light.value if answer.light else None,
        "phase": answer.phase.value if answer.phase else None,
        "text": answer.text,
        "next": answer.next_step,
        "by": answer.next_on.isoformat() if answer.next_on else None,
        "provisional": answer.is_provisional,
        "marked": answer.marked,
        "rule": answer.rule,
        "places": write_places(answer.places),
    }


def write_places(places: Sequence[Place]) -> list[dict[str, object]]:
    """Where something was taken from: body (`text` or `html`), line and column of its readable text, and the words there."""
    return [{"source": one.source, "line": one.line, "column": one.column, "text": one.text} for one in places]


def write_document(reading: Reading) -> str:
    """The stored form. Addresses and names are left out: the raw mail has them, and they die with it (DESIGN, decision 6)."""
    document = write_reading(reading)
    document.pop("substitutes", None)
    if reading.sender is not None:
        document["sender"] = {"person": reading.sender.person, "trust": reading.sender.trust.value}
    if reading.bounce is not None:
        document["bounce"] = {"permanent": reading.bounce.is_permanent, "status": reading.bounce.status, "message": reading.bounce.message}
    return json.dumps(document, ensure_ascii=False)
