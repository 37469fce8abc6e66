"""An edit in plain words: one sentence, what to be careful of, and each change with its old and new date and its reason."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from reminder.compose.edit_words import WORDS, EditWords
from reminder.compose.kinds import KIND_NAMES, MAIL_NAMES, kind_name
from reminder.compose.reasons import explain_date
from reminder.compose.words import capital, count, format_date, format_day, format_moment
from reminder.domain.foreseen import CauseKind, ChangeKind, EffectKind, ForeseenMail, MailChange, PlanDifference, SentEffect
from reminder.domain.programme import Language, Localised

Thing = TypeVar("Thing")
_KEEP_DAY = frozenset({ChangeKind.REDIRECTED, ChangeKind.REWORDED})
"""Changes that usually leave the day as it was, so that the mails of several days make one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditLine:
    """Mails that change alike, or what was told alike. `details` are whole lines, such as the reason and the new date."""

    headline: str
    details: tuple[str, ...] = ()

    def lines(self) -> tuple[str, ...]:
        """As lines of text, the details set in."""
        return (self.headline, *(f"  {detail}" for detail in self.details))


@dataclass(frozen=True, slots=True, kw_only=True)
class EditText:
    """What is said of an edit."""

    summary: str
    warnings: tuple[str, ...] = ()
    changes: tuple[EditLine, ...] = ()
    sent: tuple[EditLine, ...] = ()


def describe_edit(difference: PlanDifference, zone: ZoneInfo, language: Language, *, with_addresses: bool = True) -> EditText:
    """The whole of what is said; mails with the same kind, dates and reason stand together, with the parties named.

    Without addresses an address is told as `…`, for what is kept for long.
    """
    teller = _Teller(difference, zone, language, with_addresses=with_addresses)
    return EditText(
        summary=summarise_edit(difference, language),
        warnings=teller.warnings(),
        changes=tuple(teller.changes(group) for group in _group(difference.changes, teller.likeness)),
        sent=tuple(teller.effect(group) for group in _group(difference.effects, _effect_likeness)),
    )


def summarise_edit(difference: PlanDifference, language: Language) -> str:
    """`12 reminders move, 3 are cancelled, 1 new; nothing already sent is affected.`"""
    words = WORDS[language]
    kinds = {change.mail.kind for change in difference.changes}
    noun = KIND_NAMES[language][kinds.pop()] if len(kinds) == 1 else MAIL_NAMES[language]
    parts: list[str] = []
    for kind in ChangeKind:
        if number := difference.count(kind):
            verbs = words.new_later if parts and kind is ChangeKind.ADDED else words.verbs[kind]
            verb = verbs[number != 1]
            parts.append(f"{number} {verb}" if parts else f"{count(number, *noun)} {verb}")
    return f"{', '.join(parts) or words.nothing}; {_say_sent(difference, words)}."


def _say_sent(difference: PlanDifference, words: EditWords) -> str:
    if not difference.sent:
        return words.nothing_sent
    touched = {(effect.programme, effect.round, effect.party) for effect in difference.effects}
    return words.touched.format(count=len(touched)) if touched else words.untouched


def _group(things: Iterable[Thing], likeness: Callable[[Thing], Hashable]) -> list[list[Thing]]:
    """The things that are alike together, in the order of the first of each."""
    groups: dict[Hashable, list[Thing]] = {}
    for thing in things:
        groups.setdefault(likeness(thing), []).append(thing)
    return list(groups.values())


def _effect_likeness(effect: SentEffect) -> Hashable:
    own = effect.party if effect.kind in {EffectKind.ASKS_MORE, EffectKind.ASKS_LESS} else ""
    is_date = effect.kind in {EffectKind.DATE, EffectKind.GONE}
    told = (effect.step, effect.sent_on) if is_date else ()
    return (effect.kind, told, effect.programme, effect.round, effect.was, effect.now, effect.actions, own)


class _Teller:
    """Puts changes into words; dates in the city's local time."""

    def __init__(self, difference: PlanDifference, zone: ZoneInfo, language: Language, *, with_addresses: bool = True) -> None:
        self._difference = difference
        self._zone = zone
        self._language: Language = language
        self._words: EditWords = WORDS[language]
        self._with_addresses = with_addresses

    def warnings(self) -> tuple[str, ...]:
        """What to be careful of: mails that would leave at once."""
        at_once = [change.after for change in self._difference.at_once if change.after is not None]
        if not at_once:
            return ()
        when = self._moment(min(mail.leaves_at for mail in at_once))
        return (self._words.at_once[len(at_once) != 1].format(count=len(at_once), when=when),)

    def likeness(self, change: MailChange) -> Hashable:
        """What makes two changes one line; one that keeps its day is like those of other days."""
        own = change.mail.parties if change.kind in _KEEP_DAY else (self._headline_of(change), self._new_date_of(change))
        return (change.kind, change.mail.place, self._reason_of(change), own)

    def changes(self, group: Sequence[MailChange]) -> EditLine:
        """One line for changes that are alike."""
        first = group[0]
        number = count(len(group), *MAIL_NAMES[self._language])
        headline = self._span_of(group, number) if first.kind in _KEEP_DAY else f"{self._headline_of(first)} ({number})"
        details = [f"{self._words.reason}: {self._reason_of(first)}"]
        if new_date := self._new_date_of(first):
            details.append(f"{self._words.new_date}: {new_date}")
        if names := self._names(party for change in group for party in change.mail.parties):
            details.append(f"{self._words.to}: {names}")
        return EditLine(headline=headline, details=tuple(details))

    def effect(self, group: Sequence[SentEffect]) -> EditLine:
        """One line for what was told alike."""
        first = group[0]
        said = self._words.effects[first.kind].format(
            kind=kind_name(first.step, self._language),
            sent=self._day(first.sent_on),
            was=self._day(first.was) if first.was else "",
            now=self._day(first.now) if first.now else "",
            actions=", ".join(first.actions),
        )
        names = self._names(effect.party for effect in group)
        return EditLine(headline=capital(said) + self._round_of(first.programme, first.round), details=(f"{self._words.to}: {names}",))

    def _span_of(self, group: Sequence[MailChange], number: str) -> str:
        """`Asks for something else: 7 mails, Wed 26 Feb 2025 – Tue 22 Apr 2025`."""
        days = [local.date() for change in group if (local := self._local(change.mail)) is not None]
        first, last = min(days), max(days)
        span = self._day(first) if first == last else f"{self._day(first)} – {self._day(last)}"
        return f"{self._words.headings[group[0].kind]}: {number}{self._round_of(*group[0].mail.place)}, {span}"

    def _headline_of(self, change: MailChange) -> str:
        heading = self._words.headings[change.kind]
        kind = kind_name(change.mail.kind, self._language) + self._round_of(*change.mail.place)
        return f"{heading}: {kind}, {self._dates_of(change)}"

    def _dates_of(self, change: MailChange) -> str:
        was, now = (self._local(mail) for mail in (change.before, change.after))
        if was is None or now is None or was == now:
            day = now or was
            assert day is not None
            return self._day(day.date())
        if was.date() == now.date():
            return f"{self._say_moment(was)} → {self._say_moment(now)}"
        return f"{self._day(was.date())} → {self._day(now.date())}"

    def _reason_of(self, change: MailChange) -> str:
        cause, words = change.cause, self._words
        is_gone = change.kind is ChangeKind.CANCELLED
        form = words.causes_gone.get(cause.kind, words.causes_now[cause.kind]) if is_gone else words.causes_now[cause.kind]
        if change.kind is ChangeKind.REDIRECTED:
            form = "{was_address} → {now_address}"
        days = ", ".join(self._named_day(day, name) for day, name in cause.days)
        return form.format(
            name=cause.name.in_language(self._language) if cause.name else "",
            was=self._day(cause.was) if cause.was else "",
            now=self._day(cause.now) if cause.now else "",
            days=days,
            was_address=self._address(change.before),
            now_address=self._address(change.after),
            was_asks=_asks(change.before),
            now_asks=_asks(change.after),
        )

    def _named_day(self, day: date, name: Localised | None) -> str:
        return f"{format_day(day, self._language)} {name.in_language(self._language) if name else ''}".rstrip()

    def _new_date_of(self, change: MailChange) -> str:
        is_dated = change.after is not None and change.cause.kind not in {CauseKind.ACTIONS, CauseKind.CONTACT}
        return explain_date(change.after.head.why, self._language) if is_dated and change.after is not None else ""

    def _address(self, mail: ForeseenMail | None) -> str:
        return "" if mail is None else mail.recipient.address if self._with_addresses else "…"

    def _names(self, parties: Iterable[str]) -> str:
        names = self._difference.names
        return ", ".join(names[party].in_language(self._language) if party in names else party for party in dict.fromkeys(parties))

    def _round_of(self, programme: str, round_id: str) -> str:
        return f" ({programme}/{round_id})" if self._difference.has_several_rounds else ""

    def _local(self, mail: ForeseenMail | None) -> datetime | None:
        return None if mail is None else mail.leaves_at.astimezone(self._zone)

    def _moment(self, instant: datetime) -> str:
        return self._say_moment(instant.astimezone(self._zone))

    def _say_moment(self, local: datetime) -> str:
        return format_moment(local, self._language)

    def _day(self, day: date) -> str:
        return format_date(day, self._language)


def _asks(mail: ForeseenMail | None) -> str:
    """The printed numbers in their order: 1.9 before 1.10."""
    return ", ".join(sorted({number for _, number in mail.asks}, key=_natural)) if mail else ""


def _natural(number: str) -> tuple[tuple[int, str], ...]:
    return tuple((int(part), "") if part.isdigit() else (0, part) for part in number.split("."))
