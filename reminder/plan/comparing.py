"""What an edit of the files changes: the forecast by the old files beside the forecast by the new ones.

Mails are told apart as a person would: who, of which round, of which kind, on which day. A reminder that is added before
the others does not "move" them, though it takes over their number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from reminder.domain.foreseen import (
    Cause,
    CauseKind,
    ChangeKind,
    ForeseenMail,
    MailChange,
    PlanDifference,
    SettledStep,
)
from reminder.domain.intents import PlannedStep, PlanState
from reminder.domain.setup import Setup
from reminder.plan.causes import Causes
from reminder.plan.effects import find_effects

Pair = tuple[ForeseenMail | None, ForeseenMail | None]
Key = Callable[[ForeseenMail], Hashable]


def compare_plans(
    old: Setup,
    new: Setup,
    before: Sequence[ForeseenMail],
    after: Sequence[ForeseenMail],
    *,
    timelines: tuple[Sequence[PlannedStep], Sequence[PlannedStep]],
    state: PlanState,
    settled: Sequence[SettledStep] = (),
    is_armed: bool = True,
) -> PlanDifference:
    """The difference between two forecasts made at the same instant and from the same state, each change with its cause."""
    causes = Causes(old, new)
    changes = [change for pair in pair_mails(before, after) if (change := _judge(pair, causes)) is not None]
    parties = {party: entry.name for setup in (old, new) for one in setup.programmes.values() for party, entry in one.parties.items()}
    return PlanDifference(
        changes=tuple(sorted(changes, key=_place)),
        effects=find_effects(old, new, timelines=timelines, state=state, settled=settled),
        is_armed=is_armed,
        sent=sum(step.is_mail for step in settled),
        names=parties,
        has_several_rounds=max(len(old.rounds), len(new.rounds)) > 1,
    )


def pair_mails(before: Sequence[ForeseenMail], after: Sequence[ForeseenMail]) -> Iterator[Pair]:
    """Each mail of the one forecast with the same mail of the other, the closest resemblance first; what is left has no partner."""
    olds, news = list(before), list(after)
    for key in (_same_instant, _same_step, _same_kind, _same_duty_and_instant, _same_duty):
        pairs, olds, news = _match(olds, news, key)
        yield from pairs
    yield from ((mail, None) for mail in olds)
    yield from ((None, mail) for mail in news)


def _match(
    olds: Iterable[ForeseenMail], news: Iterable[ForeseenMail], key: Key
) -> tuple[list[Pair], list[ForeseenMail], list[ForeseenMail]]:
    """Pairs those with the same key, in the order of time, and gives back those of each side that found no partner."""
    waiting: defaultdict[Hashable, list[ForeseenMail]] = defaultdict(list)
    for mail in olds:
        waiting[key(mail)].append(mail)
    pairs: list[Pair] = []
    left: list[ForeseenMail] = []
    for mail in news:
        if partners := waiting.get(key(mail)):
            pairs.append((partners.pop(0), mail))
        else:
            left.append(mail)
    return pairs, [mail for partners in waiting.values() for mail in partners], left


def _who(mail: ForeseenMail) -> Hashable:
    return (mail.recipient.person, mail.recipient.address.lower())


def _same_instant(mail: ForeseenMail) -> Hashable:
    return (_who(mail), mail.place, mail.kind, mail.leaves_at)


def _same_step(mail: ForeseenMail) -> Hashable:
    return (_who(mail), mail.head.key)


def _same_kind(mail: ForeseenMail) -> Hashable:
    return (_who(mail), mail.place, mail.kind)


def _same_duty_and_instant(mail: ForeseenMail) -> Hashable:
    return (mail.place, mail.kind, frozenset(mail.parties), mail.leaves_at)


def _same_duty(mail: ForeseenMail) -> Hashable:
    return (mail.place, mail.kind, frozenset(mail.parties), mail.head.key.ordinal)


def _judge(pair: Pair, causes: Causes) -> MailChange | None:
    """What happens to a mail; None where nothing does."""
    before, after = pair
    if before is None and after is not None:
        return MailChange(kind=ChangeKind.ADDED, cause=causes.of_added(after), after=after)
    if before is not None and after is None:
        return MailChange(kind=ChangeKind.CANCELLED, cause=causes.of_cancelled(before), before=before)
    assert before is not None
    assert after is not None
    if _who(before) != _who(after):
        return MailChange(kind=ChangeKind.REDIRECTED, cause=Cause(kind=CauseKind.CONTACT), before=before, after=after)
    if before.leaves_at != after.leaves_at:
        return MailChange(kind=ChangeKind.MOVED, cause=causes.of_moved(before, after), before=before, after=after)
    if before.asks != after.asks:
        return MailChange(kind=ChangeKind.REWORDED, cause=Cause(kind=CauseKind.ACTIONS), before=before, after=after)
    return None


def _place(change: MailChange) -> tuple[object, ...]:
    mail = change.mail
    return (tuple(ChangeKind).index(change.kind), mail.leaves_at, *mail.place, mail.kind.urgency, mail.parties, mail.recipient.person)
