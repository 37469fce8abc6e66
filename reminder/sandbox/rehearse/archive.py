"""Every mail that went by, kept as a file and as a line of the page: what it is, whom it is about, why that day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from reminder.compose.rehearsal.views import Cause, RehearsedMail, SignKind
from reminder.domain.intents import PlannedStep
from reminder.domain.messages import Item, MailKind
from reminder.domain.setup import Setup
from reminder.parse.message import Mail, read_mail
from reminder.sandbox.demo_folder import DemoFolder
from reminder.sandbox.rehearsal import Moment
from reminder.sandbox.rehearse.replies import PlayedReply
from reminder.sandbox.servers import SentMail
from reminder.store import outbox
from reminder.store.engine import Store

Key = tuple[str, str]
PUNCTUAL = timedelta(minutes=10)
"""A mail that leaves later than this after its planned time has waited for something."""
_CAUSES: Mapping[SignKind, Cause] = {
    SignKind.PREVIEW: Cause.ASKS_FIRST,
    SignKind.ALERT: Cause.TROUBLE,
    SignKind.AUTOMATIC: Cause.RECEIVED,
    SignKind.ANSWER: Cause.CHARACTER,
    SignKind.PART: Cause.CHARACTER,
    SignKind.UNCLEAR: Cause.CHARACTER,
    SignKind.ACKNOWLEDGEMENT: Cause.REPLY,
    SignKind.QUESTION: Cause.REPLY,
    SignKind.APPROVAL: Cause.APPROVES,
}


@dataclass(slots=True, kw_only=True)
class Archive:
    """Keeps what each moment brought. `steps` are the planned steps by what their keys begin with."""

    setup: Setup
    store: Store
    folder: DemoFolder
    steps: Mapping[str, PlannedStep]
    mails: list[RehearsedMail] = field(default_factory=list)
    _received: dict[str, tuple[str, SignKind]] = field(default_factory=dict)
    """Subject and kind by Message-ID, of what came in."""

    def keep(self, moment: Moment) -> None:
        """What came in, then what went out, as files and in the list."""
        for mail in moment.arrived:
            if isinstance(mail, PlayedReply):
                self._keep_received(mail)
        if moment.sent:
            with self.store.read() as conn:
                for sent in moment.sent:
                    self._keep_sent(conn, sent, moment.at)

    def find_items(self, sent: SentMail) -> Sequence[Item]:
        """What a mail of ours asks about."""
        with self.store.read() as conn:
            found = outbox.find_sent(conn, [id_of(read_mail(sent.raw))])
        return found[0].items if found else ()

    def _keep_received(self, played: PlayedReply) -> None:
        mail = read_mail(played.raw)
        self._received[mail.message_id] = (mail.subject, played.kind)
        self._add(mail, played.raw, played.at, played.kind, sender=played.sender, recipient=_office(played.to), parties=played.parties)

    def _keep_sent(self, conn: Connection, sent: SentMail, at: datetime) -> None:
        mail = read_mail(sent.raw)
        steps = [self.steps[key] for key in map(_step_of, outbox.load_steps(conn, id_of(mail))) if key in self.steps]
        items = [item for one in outbox.find_sent(conn, [id_of(mail)]) for item in one.items]
        head = max(steps, key=lambda step: (step.key.step.urgency, step.not_before), default=None)
        self._add(
            mail,
            sent.raw,
            at,
            self._kind_of_sent(mail),
            sender=_office(mail.sender),
            recipient=sent.recipient,
            parties=self._parties(steps, items, sent.recipient),
            head=head,
        )

    def _kind_of_sent(self, mail: Mail) -> SignKind:
        """An acknowledgement of what could not be recorded is a question."""
        named = mail.headers.text("x-reminder-kind").strip()
        answered = self._answered(mail)
        if named == MailKind.ACKNOWLEDGEMENT and answered is not None and answered[1] is SignKind.UNCLEAR:
            return SignKind.QUESTION
        return SignKind(named) if named in {one.value for one in SignKind} else SignKind.ALERT

    def _answered(self, mail: Mail) -> tuple[str, SignKind] | None:
        """Subject and kind of the mail that came in and that this one answers."""
        return next((self._received[one] for one in (*mail.in_reply_to, *mail.references) if one in self._received), None)

    def _parties(self, steps: Sequence[PlannedStep], items: Sequence[Item], recipient: str) -> tuple[Key, ...]:
        """Whom a mail is about: the parties of its steps, else of its actions, else those that its reader answers for."""
        named = [(step.key.programme, step.key.party) for step in steps] or [(item.programme, item.party) for item in items]
        coordinators = {one.address.lower() for one in self.setup.directory.coordinators}
        if not named and recipient.lower() not in coordinators:
            entries = self.setup.directory.parties.items()
            own = {party for party, entry in entries for contact in entry.contacts if contact.address.lower() == recipient.lower()}
            named = [(programme.id, party) for programme in self.setup.programmes.values() for party in programme.parties if party in own]
        return tuple(dict.fromkeys(key for key in named if key[1]))

    def _add(
        self,
        mail: Mail,
        raw: bytes,
        at: datetime,
        kind: SignKind,
        *,
        sender: str,
        recipient: str,
        parties: tuple[Key, ...],
        head: PlannedStep | None = None,
    ) -> None:
        who = sender if kind.is_incoming else recipient
        entry = self.folder.keep(raw, at=at, is_outgoing=not kind.is_incoming, kind=kind.value, who=who)
        answered = self._answered(mail)
        cause = None if head else _CAUSES.get(kind)
        self.mails.append(
            RehearsedMail(
                number=len(self.mails) + 1,
                at=at.astimezone(self.setup.calendar.zone),
                kind=kind,
                sender=sender,
                recipient=recipient,
                subject=mail.subject,
                name=entry.name,
                text="\n".join(part.text for part in mail.texts),
                parties=parties,
                why=head.why if head else None,
                cause=cause,
                because=answered[0] if answered and cause is Cause.REPLY else "",
                step=head.key.step if head else None,
                ordinal=head.key.ordinal if head else 0,
                waited=head is not None and at - head.not_before > PUNCTUAL and self._asks_first(head),
            )
        )

    def _asks_first(self, step: PlannedStep) -> bool:
        one = self.setup.round(step.key.programme, step.key.round)
        return one is not None and one.approve.asks_for(step.key.step)


def index_steps(timeline: Sequence[PlannedStep]) -> dict[str, PlannedStep]:
    """The steps by their keys without the recipient."""
    return {_step_of(step.key.for_recipient("-")): step for step in timeline}


def id_of(mail: Mail) -> str:
    """Our own id of a mail that we sent."""
    return mail.headers.text("x-reminder-id").strip()


def _step_of(dedupe_key: str) -> str:
    return dedupe_key.rpartition("/")[0]


def _office(address: str) -> str:
    """Our address without the token, which tells a reader nothing."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
