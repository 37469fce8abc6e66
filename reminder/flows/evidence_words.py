"""What is known of one mail of ours, in words: how it stands, and what proves it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from reminder.domain.messages import OutboxState
from reminder.domain.programme import Language
from reminder.domain.readings import SignKind
from reminder.store import outbox
from reminder.store.bounces import load_bounces
from reminder.store.signs import load_signs

STATES: Mapping[Language, Mapping[OutboxState, str]] = {
    "fi": {
        OutboxState.WAITING_APPROVAL: "odottaa hyväksyntää",
        OutboxState.QUEUED: "odottaa lähtöä",
        OutboxState.LEASED: "on lähdössä",
        OutboxState.UNKNOWN: "ei varmuutta, lähtikö",
        OutboxState.DEFERRED: "postipalvelin pyysi yrittämään myöhemmin",
        OutboxState.ACCEPTED: "postipalvelin otti vastaan",
        OutboxState.FAILED: "ei mennyt perille",
        OutboxState.EXPIRED: "vanheni lähettämättä",
        OutboxState.CANCELLED: "peruttiin",
        OutboxState.NEEDS_REVIEW: "odottaa päätöstä",
    },
    "sv": {
        OutboxState.WAITING_APPROVAL: "väntar på godkännande",
        OutboxState.QUEUED: "väntar på att skickas",
        OutboxState.LEASED: "skickas just nu",
        OutboxState.UNKNOWN: "oklart om det har skickats",
        OutboxState.DEFERRED: "e-postservern bad oss försöka senare",
        OutboxState.ACCEPTED: "e-postservern tog emot det",
        OutboxState.FAILED: "kom inte fram",
        OutboxState.EXPIRED: "blev för gammalt och skickades inte",
        OutboxState.CANCELLED: "ställdes in",
        OutboxState.NEEDS_REVIEW: "väntar på ett beslut",
    },
    "en": {
        OutboxState.WAITING_APPROVAL: "waits for approval",
        OutboxState.QUEUED: "waits to be sent",
        OutboxState.LEASED: "is being sent",
        OutboxState.UNKNOWN: "it is unknown whether it has gone",
        OutboxState.DEFERRED: "the relay asked to be tried later",
        OutboxState.ACCEPTED: "the relay has taken it",
        OutboxState.FAILED: "could not be delivered",
        OutboxState.EXPIRED: "was too old to be sent",
        OutboxState.CANCELLED: "was cancelled",
        OutboxState.NEEDS_REVIEW: "waits for a decision",
    },
}
SIGNS: Mapping[Language, Mapping[SignKind, str]] = {
    "fi": {
        SignKind.COPY: "oma kopio palasi",
        SignKind.RELAYED: "välitetty eteenpäin",
        SignKind.DELAYED: "viivästyy matkalla",
        SignKind.RETURNED: "palautui lähettäjälle",
        SignKind.DELIVERED: "perillä postilaatikossa",
        SignKind.AUTOMATIC: "automaattinen vastaus",
        SignKind.REPLY: "vastaus",
    },
    "sv": {
        SignKind.COPY: "vår egen kopia kom tillbaka",
        SignKind.RELAYED: "skickat vidare",
        SignKind.DELAYED: "försenat på vägen",
        SignKind.RETURNED: "kom i retur",
        SignKind.DELIVERED: "framme i brevlådan",
        SignKind.AUTOMATIC: "automatiskt svar",
        SignKind.REPLY: "svar",
    },
    "en": {
        SignKind.COPY: "our own copy came back",
        SignKind.RELAYED: "handed on",
        SignKind.DELAYED: "delayed on its way",
        SignKind.RETURNED: "returned",
        SignKind.DELIVERED: "delivered to the mailbox",
        SignKind.AUTOMATIC: "automatic reply",
        SignKind.REPLY: "reply",
    },
}
_LINE: Mapping[Language, str] = {
    "fi": "viesti {mail}: {state}. Merkkejä: {signs}.",
    "sv": "mejlet {mail}: {state}. Livstecken: {signs}.",
    "en": "mail {mail}: {state}. Signs: {signs}.",
}
_NONE: Mapping[Language, str] = {"fi": "ei mitään", "sv": "inga", "en": "none"}


def tell_mails(
    conn: Connection, programme: str, round_id: str, party: str, kind: str, language: Language
) -> tuple[tuple[datetime, str], ...]:
    """The mails of one kind to a party in a round, each with its instant and what is known of it."""
    told = []
    for mail in outbox.list_step_mails(conn, programme, round_id, party, kind):
        row = outbox.load_message(conn, mail)
        if row is None:
            continue
        signs = ", ".join(f"{SIGNS[language][one.kind]} (inbox {one.inbound})" for one in load_signs(conn, mail))
        state = STATES[language][row.state]
        told.append((row.finished_at or row.created_at, _LINE[language].format(mail=mail, state=state, signs=signs or _NONE[language])))
    return tuple(told)


def describe_fate(conn: Connection, mail_id: str) -> dict[str, object]:
    """All that is known of how a mail fared: its attempts, the signs of it, and the reports of what could not be delivered."""
    return {
        "attempts": [
            {
                "started": one.started_at.isoformat(timespec="seconds"),
                "dot": one.dot_at.isoformat(timespec="seconds") if one.dot_at else None,
                "ended": one.ended_at.isoformat(timespec="seconds") if one.ended_at else None,
                "result": one.result,
                "code": one.code,
                "text": one.text,
            }
            for one in outbox.load_attempts(conn, mail_id)
        ],
        "signs": [
            {"sign": one.kind.value, "at": one.at.isoformat(timespec="seconds"), "inbox": one.inbound} for one in load_signs(conn, mail_id)
        ],
        "returned": [
            {"at": one.at.isoformat(timespec="seconds"), "permanent": one.is_permanent, "status": one.status, "text": one.diagnostic}
            for one in load_bounces(conn, message=mail_id)
        ],
    }
