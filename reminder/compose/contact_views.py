"""The list of contacts that the coordinator confirms before a round: what its mail needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reminder.compose.views import Heading
from reminder.domain.messages import MailKind
from reminder.domain.programme import Language, Localised


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPerson:
    """One person, or a shared mailbox, of a party."""

    name: str
    address: str
    language: Language
    is_new: bool = False
    """Was not listed for the party when the list was sent last."""
    bounced_on: date | None = None
    """The day on which the newest mail to the address came back for good."""
    also_for: tuple[Localised, ...] = ()
    """The other parties that the same address is a contact of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedParty:
    """One party of the round. `number` is what a correction may name it by."""

    number: int
    party: Localised
    contacts: tuple[ListedPerson, ...]
    deputies: tuple[ListedPerson, ...] = ()
    manager: ListedPerson | None = None
    gone: tuple[str, ...] = ()
    """Addresses that were listed for it last time and are not now."""
    never_answered: bool = False
    """It has been asked in an earlier round, and nothing of it was ever recorded."""

    @property
    def people(self) -> tuple[ListedPerson, ...]:
        """All that are listed for it."""
        return (*self.contacts, *self.deputies, *((self.manager,) if self.manager else ()))

    @property
    def needs_a_look(self) -> bool:
        """Whether something about it is likely to be wrong or new."""
        is_odd = any(one.is_new or one.bounced_on is not None for one in self.people)
        return not self.contacts or bool(self.gone) or self.never_answered or is_odd


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsView:
    """To the coordinator: who will be written to in a round."""

    heading: Heading
    first_kind: MailKind
    first_on: date
    """What the parties get first, and when."""
    parties: tuple[ListedParty, ...]
    compared_with: date | None = None
    """The day of the list that this one is compared with; None: there was none."""

    @property
    def odd(self) -> tuple[ListedParty, ...]:
        """The parties that need a look."""
        return tuple(one for one in self.parties if one.needs_a_look)

    @property
    def plain(self) -> tuple[ListedParty, ...]:
        """The other parties."""
        return tuple(one for one in self.parties if not one.needs_a_look)
