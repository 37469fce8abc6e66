"""What coordinators order by mail: each line once, from `waiting` to its end (decision 0029)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, exists, func, select, update

from reminder.domain.assessments import Phase, TrafficLight
from reminder.domain.commands import Command, NotCommand, Verb
from reminder.domain.rounds import StepKind
from reminder.domain.workdays import Unit
from reminder.store.dialects import insert_new
from reminder.store.schema import command, desk_mail


class CommandState(StrEnum):
    """Where a line stands. `code` waits for a code from the coordinator, and expires after a day."""

    WAITING = "waiting"
    CODE = "code"
    DONE = "done"
    REFUSED = "refused"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskMail:
    """A mail with commands, as far as its answer needs it. `actor` is who wrote it, a pseudonym."""

    subject: str
    message_id: str
    references: tuple[str, ...]
    note: str
    misses: tuple[tuple[str, Verb, NotCommand], ...]
    actor: str
    programme: str
    round: str
    may_answer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """One line with its place, and what has come of it."""

    id: int
    inbound: int
    place: int
    state: CommandState
    actor: str
    programme: str
    round: str
    command: Command
    result: Mapping[str, Any]
    is_confirmed: bool
    code_until: datetime | None


def add_mail(conn: Connection, inbound: int, mail: DeskMail, ordered: Sequence[Command], now: datetime) -> None:
    """Keeps what is answered, and the lines, to be carried out. Safe to repeat: what is there already stays as it is."""
    insert_new(conn, desk_mail, [{"inbound": inbound, "document": _write_mail(mail)}])
    insert_new(conn, command, [_row(inbound, place, mail, one, now) for place, one in enumerate(ordered)])


def add_confirmed(conn: Connection, inbound: int, mail: DeskMail, given: Ordered, now: datetime) -> None:
    """A line of an earlier mail that a code of this one has confirmed: it waits here to be carried out."""
    row = _row(inbound, _next_place(conn, inbound), mail, given.command, now)
    insert_new(conn, command, [{**row, "programme": given.programme, "round": given.round, "is_confirmed": True}])


def add_refused(conn: Connection, inbound: int, mail: DeskMail, line: str, result: Mapping[str, Any], now: datetime) -> None:
    """A line that came to its end at once: a code that is not known, or that was used."""
    row = _row(inbound, _next_place(conn, inbound), mail, Command(verb=Verb.TAKE_BACK, line=line), now)
    insert_new(conn, command, [{**row, "state": CommandState.REFUSED.value, "result": dict(result), "ended_at": now}])


def _next_place(conn: Connection, inbound: int) -> int:
    return int(conn.execute(select(func.count()).select_from(command).where(command.c.inbound == inbound)).scalar_one())


def _row(inbound: int, place: int, mail: DeskMail, one: Command, now: datetime) -> dict[str, Any]:
    return {
        "inbound": inbound,
        "place": place,
        "state": CommandState.WAITING.value,
        "actor": mail.actor,
        "programme": mail.programme,
        "round": mail.round,
        "document": _write(one),
        "result": {},
        "code_hash": "",
        "is_confirmed": False,
        "ordered_at": now,
        "ended_at": None,
    }


def load_mail(conn: Connection, inbound: int) -> DeskMail:
    """What is answered by the answer to a mail. Raises LookupError where it held no commands."""
    document = conn.execute(select(desk_mail.c.document).where(desk_mail.c.inbound == inbound)).scalar_one_or_none()
    if document is None:
        raise LookupError(inbound)
    misses = tuple((line, Verb(verb), NotCommand(why)) for line, verb, why in document["misses"])
    return DeskMail(**{**document, "misses": misses, "references": tuple(document["references"])})


def _write_mail(mail: DeskMail) -> dict[str, Any]:
    return {**asdict(mail), "misses": [[line, verb.value, why.value] for line, verb, why in mail.misses]}


def has_ordered(conn: Connection, actor: str, since: datetime) -> bool:
    """Whether somebody has ordered anything since an instant."""
    return bool(conn.execute(select(exists().where(command.c.actor == actor, command.c.ordered_at >= since))).scalar())


def list_coded(conn: Connection, now: datetime) -> tuple[Ordered, ...]:
    """The lines that wait for a code that is still good, oldest first."""
    waits = (command.c.state == CommandState.CODE.value) & (command.c.code_until > now)
    return tuple(_read(row) for row in conn.execute(select(command).where(waits).order_by(command.c.id)))


def next_waiting(conn: Connection) -> Ordered | None:
    """The oldest line that waits to be carried out."""
    query = select(command).where(command.c.state == CommandState.WAITING.value).order_by(command.c.id).limit(1)
    row = conn.execute(query).first()
    return None if row is None else _read(row)


def end_command(conn: Connection, ordered: Ordered, state: CommandState, result: Mapping[str, Any], now: datetime) -> bool:
    """Ends a line that still waits. False where somebody else was first: then nothing of the caller's transaction may stand."""
    mine = (command.c.id == ordered.id) & (command.c.state == CommandState.WAITING.value)
    values = {"state": state.value, "result": dict(result), "ended_at": now}
    return conn.execute(update(command).where(mine).values(**values)).rowcount == 1


def ask_for_code(conn: Connection, ordered: Ordered, code_hash: str, until: datetime, result: Mapping[str, Any]) -> bool:
    """The line waits for its code. False where somebody else was first."""
    mine = (command.c.id == ordered.id) & (command.c.state == CommandState.WAITING.value)
    values = {"state": CommandState.CODE.value, "code_hash": code_hash, "code_until": until, "result": dict(result)}
    return conn.execute(update(command).where(mine).values(**values)).rowcount == 1


def find_coded(conn: Connection, actor: str, code_hash: str) -> Ordered | None:
    """The line of this person that this code was given for, whatever has become of it."""
    row = conn.execute(select(command).where(command.c.actor == actor, command.c.code_hash == code_hash)).first()
    return None if row is None else _read(row)


def expire_codes(conn: Connection, now: datetime) -> int:
    """Ends the lines whose code did not come in time. How many."""
    late = (command.c.state == CommandState.CODE.value) & (command.c.code_until <= now)
    return conn.execute(update(command).where(late).values(state=CommandState.EXPIRED.value, ended_at=now)).rowcount


def use_code(conn: Connection, given: Ordered, now: datetime) -> bool:
    """Ends a line by its code, which is used with that. False where it does not wait for one any more."""
    mine = (command.c.id == given.id) & (command.c.state == CommandState.CODE.value) & (command.c.code_until > now)
    return conn.execute(update(command).where(mine).values(state=CommandState.DONE.value, ended_at=now)).rowcount == 1


def load_commands(conn: Connection, inbound: int) -> tuple[Ordered, ...]:
    """The lines of a mail in their order."""
    rows = conn.execute(select(command).where(command.c.inbound == inbound).order_by(command.c.place))
    return tuple(_read(row) for row in rows)


def has_waiting(conn: Connection, inbound: int) -> bool:
    """Whether a line of a mail has yet to be carried out."""
    waits: ColumnElement[bool] = exists().where(command.c.inbound == inbound, command.c.state == CommandState.WAITING.value)
    return bool(conn.execute(select(waits)).scalar())


def _write(one: Command) -> dict[str, Any]:
    return {
        "verb": one.verb.value,
        "line": one.line,
        "mails": list(one.mails),
        "messages": list(one.messages),
        "actions": list(one.actions),
        "party": one.party,
        "until": one.until.isoformat() if one.until else None,
        "count": one.count,
        "unit": one.unit.value if one.unit else None,
        "light": one.light.value if one.light else None,
        "phase": one.phase.value if one.phase else None,
        "text": one.text,
        "of": one.of.value if one.of else None,
        "people": list(one.addresses),
        "kind": one.kind.value if one.kind else None,
    }


def _read(row: Row[Any]) -> Ordered:
    kept = row.document
    said = Command(
        verb=Verb(kept["verb"]),
        line=kept["line"],
        mails=tuple(kept["mails"]),
        messages=tuple(kept["messages"]),
        actions=tuple(kept["actions"]),
        party=kept["party"],
        until=date.fromisoformat(kept["until"]) if kept["until"] else None,
        count=kept["count"],
        unit=Unit(kept["unit"]) if kept["unit"] else None,
        light=TrafficLight(kept["light"]) if kept["light"] else None,
        phase=Phase(kept["phase"]) if kept["phase"] else None,
        text=kept["text"],
        of=Verb(kept["of"]) if kept["of"] else None,
        addresses=tuple(kept.get("people", ())),
        kind=StepKind(kept["kind"]) if kept.get("kind") else None,
    )
    return Ordered(
        id=row.id,
        inbound=row.inbound,
        place=row.place,
        state=CommandState(row.state),
        actor=row.actor,
        programme=row.programme,
        round=row.round,
        command=said,
        result=row.result,
        is_confirmed=row.is_confirmed,
        code_until=row.code_until,
    )
