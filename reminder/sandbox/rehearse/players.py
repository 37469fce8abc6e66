"""The simulated parties and coordinator: told each mail that was sent, they tell which replies follow, and keep what they said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from reminder.compose.rehearsal.views import Character, SignKind
from reminder.domain.messages import Item, MailKind
from reminder.domain.rounds import ReportingRound
from reminder.domain.setup import Setup
from reminder.plan.timeline import closes_on, party_deadline
from reminder.sandbox.machines import out_of_office
from reminder.sandbox.originals import Original, Writer, read_original
from reminder.sandbox.rehearse.hours import pick_hour
from reminder.sandbox.rehearse.replies import PlayedReply, Received, Written
from reminder.sandbox.rehearse.writing import Said, make_up, write_answer, write_approval, write_unclear
from reminder.sandbox.servers import SentMail

Place = tuple[str, str, str]
"""(programme, round, party)."""
Duty = tuple[str, str, str, str]
"""(programme, round, party, action)."""
EARLY_DAYS, LATE_DAYS, AWAY_DAYS = 3, 21, (7, 16)
MACHINES_TAKE = timedelta(minutes=2)
ASKING = frozenset({MailKind.REQUEST, MailKind.REMINDER, MailKind.LAST_CALL, MailKind.OVERDUE, MailKind.ESCALATION})


@dataclass(slots=True, kw_only=True)
class Player:
    """One party in one round."""

    place: Place
    character: Character
    address: str
    rng: Random
    newest: Received | None = None
    left: list[str] = field(default_factory=list)
    """Actions that it was asked about and has not answered."""
    has_begun: bool = False
    is_coming: bool = False
    """A reply is under way, so that nothing more follows from other mails."""
    awaits_question: bool = False
    """It has written something unclear and is to be asked back."""

    @property
    def party(self) -> tuple[str, str]:
        """(programme, party)."""
        return (self.place[0], self.place[2])


@dataclass(slots=True, kw_only=True)
class Players:
    """Everybody whom the service writes to. `find_items` tells what a mail of ours asks about."""

    setup: Setup
    characters: Mapping[tuple[str, str], Character]
    seed: int
    find_items: Callable[[SentMail], Sequence[Item]]
    said: dict[Duty, Said] = field(default_factory=dict)
    """What was said last of each action."""
    _players: dict[Place, Player] = field(default_factory=dict)

    def answer(self, mail: SentMail, at: datetime) -> Iterator[PlayedReply]:
        """The replies that a mail calls forth. Tell each mail once."""
        original = read_original(mail.raw)
        if original.kind in {kind.value for kind in MailKind if kind.takes_a_decision}:
            yield from self._approve(mail, original, at)
        elif original.kind in {MailKind.QUESTION.value, MailKind.ACKNOWLEDGEMENT.value}:
            yield from self._put_right(mail, original, at)
        elif original.kind in {kind.value for kind in ASKING}:
            for player in self._take(mail, original):
                yield from self._react(player, mail, original, at)

    def _take(self, mail: SentMail, original: Original) -> Iterator[Player]:
        """The parties whose own contact got this mail and that owe an answer to it; each keeps the mail as its newest."""
        found: dict[Place, dict[str, str]] = {}
        for item in self.find_items(mail):
            if not item.is_contribution:
                found.setdefault((item.programme, item.round, item.party), {})[item.action] = item.number
        for place, numbers in found.items():
            player = self._player(place)
            if player is None or player.address != mail.recipient.lower():
                continue
            player.newest = Received(original=original, numbers=numbers)
            player.left = [action for action in numbers if (*place, action) not in self.said]
            yield player

    def _player(self, place: Place) -> Player | None:
        programme, _, party = place
        character = self.characters.get((programme, party))
        contacts = self.setup.directory.of_party(party).contacts
        if character is None or not contacts:
            return None
        if place not in self._players:
            rng = Random(f"{self.seed}/{'/'.join(place)}")
            self._players[place] = Player(place=place, character=character, address=contacts[0].address.lower(), rng=rng)
        return self._players[place]

    def _react(self, player: Player, mail: SentMail, original: Original, at: datetime) -> Iterator[PlayedReply]:
        if not player.left or player.is_coming or player.character is Character.NEVER:
            return
        if not player.has_begun:
            player.has_begun = True
            yield from self._begin(player, mail, original, at)
        elif player.character in {Character.PART, Character.WRONG} and original.kind != MailKind.REQUEST:
            yield self._answer_later(player, self._hours_after(player, at))

    def _begin(self, player: Player, mail: SentMail, original: Original, at: datetime) -> Iterator[PlayedReply]:
        """What follows from the first mail that asks."""
        today = self.setup.calendar.local_day(at)
        due, closes = self._dates(player.place)
        last = max(today, due)
        if player.character is Character.EARLY:
            yield self._answer_later(player, self._hour(player, at, today, min(last, today + timedelta(days=EARLY_DAYS))))
        elif player.character is Character.TIMELY:
            yield self._answer_later(player, self._hour(player, at, min(last, today + timedelta(days=EARLY_DAYS + 1)), last))
        elif player.character is Character.LATE:
            first = max(last, today) + timedelta(days=1)
            yield self._answer_later(player, self._hour(player, at, first, max(first, min(closes, first + timedelta(days=LATE_DAYS)))))
        elif player.character is Character.PART and len(player.left) > 1:
            player.is_coming = True
            yield self._answer_half(player, self._hour(player, at, today, min(last, today + timedelta(days=EARLY_DAYS))))
        elif player.character is Character.WRONG:
            player.is_coming = True
            yield self._unclear_later(player, self._hour(player, at, today, min(last, today + timedelta(days=EARLY_DAYS))))
        elif player.character is Character.AWAY:
            back = today + timedelta(days=player.rng.randint(*AWAY_DAYS))
            yield self._note(player, original, at, back)
            yield self._answer_later(player, self._hour(player, at, back + timedelta(days=1), back + timedelta(days=3)))

    def _answer_later(self, player: Player, when: datetime) -> PlayedReply:
        player.is_coming = True
        return self._reply(player, when, lambda at: self._write(player, player.left, at))

    def _answer_half(self, player: Player, when: datetime) -> PlayedReply:
        half = player.left[: len(player.left) // 2]
        return self._reply(player, when, lambda at: self._write(player, half, at))

    def _unclear_later(self, player: Player, when: datetime) -> PlayedReply:
        def write(at: datetime) -> Written:
            received, writer = _mailbox(player)
            numbers = [received.numbers[action] for action in player.left]
            raw = write_unclear(received.original, writer, numbers, player.rng, at)
            player.awaits_question, player.is_coming = True, False
            return Written(raw=raw, to=received.original.reply_to, kind=SignKind.UNCLEAR)

        return self._reply(player, when, write)

    def _note(self, player: Player, original: Original, at: datetime, back: date) -> PlayedReply:
        def write(when: datetime) -> Written:
            raw = out_of_office(original, _writer(original), back, when)
            return Written(raw=raw, to=original.reply_to, kind=SignKind.AUTOMATIC)

        return self._reply(player, (at + MACHINES_TAKE).astimezone(self.setup.calendar.zone), write)

    def _put_right(self, mail: SentMail, original: Original, at: datetime) -> Iterator[PlayedReply]:
        """Who has written something unclear answers the question that came back."""
        for player in self._players.values():
            if player.address == mail.recipient.lower() and player.awaits_question and not player.is_coming and player.newest:
                player.awaits_question = False
                player.newest = Received(original=original, numbers=player.newest.numbers)
                yield self._answer_later(player, self._hours_after(player, at))

    def _approve(self, mail: SentMail, original: Original, at: datetime) -> Iterator[PlayedReply]:
        """The first coordinator says yes to what is shown."""
        coordinators = self.setup.directory.coordinators
        if not coordinators or coordinators[0].address.lower() != mail.recipient.lower():
            return

        def write(when: datetime) -> Written:
            raw = write_approval(original, _writer(original), when)
            return Written(raw=raw, to=original.reply_to, kind=SignKind.APPROVAL)

        minutes = Random(f"{self.seed}/{original.kind}/{at.isoformat()}").randrange(15, 60)
        when = (at + timedelta(minutes=minutes)).astimezone(self.setup.calendar.zone)
        yield PlayedReply(at=when, sender=mail.recipient, parties=(), write=write)

    def _reply(self, player: Player, when: datetime, write: Callable[[datetime], Written]) -> PlayedReply:
        return PlayedReply(at=when, sender=player.address, parties=(player.party,), write=write)

    def _write(self, player: Player, actions: Sequence[str], at: datetime) -> Written:
        """A reply to the newest mail that answers these actions; from now on they count as said."""
        received, writer = _mailbox(player)
        said = {action: make_up(player.rng, writer.language) for action in actions}
        numbered = {received.numbers[action]: one for action, one in said.items()}
        raw = write_answer(received.original, writer, numbered, player.rng, at)
        self.said.update({(*player.place, action): one for action, one in said.items()})
        player.left = [action for action in player.left if action not in said]
        player.is_coming = False
        return Written(raw=raw, to=received.original.reply_to, kind=SignKind.PART if player.left else SignKind.ANSWER)

    def _dates(self, place: Place) -> tuple[date, date]:
        """The deadline of a party, and the last day on which its answers count."""
        one = self._round(place)
        due = party_deadline(self.setup, one, place[2]).due_on
        return due, closes_on(one.for_party(place[2]), self.setup.calendar)

    def _round(self, place: Place) -> ReportingRound:
        return next(one for one in self.setup.rounds if (one.programme, one.id) == place[:2])

    def _hour(self, player: Player, after: datetime, first: date, last: date) -> datetime:
        return pick_hour(player.rng, self.setup.calendar, after=after, first=first, last=max(first, last))

    def _hours_after(self, player: Player, at: datetime) -> datetime:
        today = self.setup.calendar.local_day(at)
        return self._hour(player, at, today, today + timedelta(days=1))


def _mailbox(player: Player) -> tuple[Received, Writer]:
    """The newest mail of a player, and the player as its writer. Raises ValueError where nothing was received yet."""
    if player.newest is None:
        raise ValueError(f"{player.address} has received nothing that it could answer")
    return player.newest, _writer(player.newest.original)


def _writer(original: Original) -> Writer:
    return Writer(address=original.recipient, name=original.recipient_name, language=original.language)
