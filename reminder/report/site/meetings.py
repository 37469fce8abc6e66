"""The meetings of the rounds as everybody may see them: when, where, and which roles are heard; never a person, never a link to a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from reminder.domain.hearings import HearingSlot, MeetingKind
from reminder.domain.programme import Localised

NameParty = Callable[[str], Localised]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicMeeting:
    """A meeting that may be shown. Local times throughout."""

    programme: str
    round: str
    kind: MeetingKind
    days: tuple[date, ...]
    opens: time
    until: time
    place: Localised | None = None
    slots: tuple[HearingSlot, ...] = ()
    without_time: tuple[str, ...] = ()
    """Parties that are heard and have no time yet."""
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotView:
    """Who is heard when. A party is its id and its name."""

    on: date
    begins: time
    ends: time
    parties: tuple[tuple[str, Localised], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingView:
    """A meeting as the pages and the open data show it."""

    kind: MeetingKind
    round_id: str
    round_name: Localised
    days: tuple[date, ...]
    opens: time
    until: time
    place: Localised | None
    slots: tuple[SlotView, ...]
    """Of a seminar none: it is for all at once."""
    parties: tuple[tuple[str, Localised], ...]
    """Of a seminar all who are invited, of a hearing those without a time yet."""
    is_cancelled: bool

    @property
    def key(self) -> str:
        """Names it within its programme, and stays."""
        return f"{self.round_id}-{self.kind.value}"

    def is_over(self, today: date) -> bool:
        """Whether its last day has gone."""
        return self.days[-1] < today


def view_meetings(
    meetings: Sequence[PublicMeeting], names: Mapping[str, Localised], name_party: NameParty, make_plain: Callable[[Localised], Localised]
) -> tuple[MeetingView, ...]:
    """The meetings of the rounds in `names`, the latest first."""
    found = [_view(one, names[one.round], name_party, make_plain) for one in meetings if one.round in names]
    return tuple(sorted(found, key=lambda one: (one.days[-1], one.opens, one.kind), reverse=True))


def _view(one: PublicMeeting, name: Localised, name_party: NameParty, make_plain: Callable[[Localised], Localised]) -> MeetingView:
    is_for_all = one.kind is MeetingKind.SEMINAR
    together = [party for slot in one.slots for party in slot.parties] if is_for_all else []
    slots = () if is_for_all else one.slots
    return MeetingView(
        kind=one.kind,
        round_id=one.round,
        round_name=name,
        days=one.days,
        opens=one.opens,
        until=one.until,
        place=make_plain(one.place) if one.place is not None else None,
        slots=tuple(
            SlotView(on=slot.on, begins=slot.begins, ends=slot.ends, parties=tuple((party, name_party(party)) for party in slot.parties))
            for slot in slots
        ),
        parties=tuple((party, name_party(party)) for party in dict.fromkeys((*together, *one.without_time))),
        is_cancelled=one.is_cancelled,
    )
