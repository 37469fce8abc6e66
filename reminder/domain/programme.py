"""Programme, action, responsible party, contact: what was decided, and who is to report on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal, cast

from reminder.domain.assessments import Phase

Language = Literal["fi", "sv", "en"]
LANGUAGES: tuple[Language, ...] = ("fi", "sv", "en")


@dataclass(frozen=True, slots=True)
class Localised:
    """A text in the languages that it was given in. The first given is the fallback."""

    texts: Mapping[Language, str]

    @classmethod
    def everywhere(cls, text: str) -> Localised:
        """The same text in every language."""
        return cls({"fi": text, "sv": text, "en": text})

    def in_language(self, language: str) -> str:
        """The text in `language`, else in the first language given."""
        return self.texts.get(cast(Language, language)) or next(iter(self.texts.values()))


class PartyKind(StrEnum):
    """What a responsible party is; decides only how it is addressed."""

    PERSON = "person"
    BODY = "body"
    TEAM = "team"
    COMPANY = "company"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponsibleParty:
    """Who answers for actions: a role, never a person. `id` never changes; `name` may."""

    id: str
    name: Localised
    kind: PartyKind = PartyKind.PERSON
    was: tuple[str, ...] = ()
    """Ids under which it, or the parties that were merged into it, were known before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person (or a shared mailbox) who reads the mail for parties. `id` is the admin's key in contacts.yaml."""

    id: str
    name: str
    address: str
    language: Language = "fi"
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyContacts:
    """Who is written to for a party, who may answer in their place, and who is above them."""

    contacts: tuple[Contact, ...] = ()
    deputies: tuple[Contact, ...] = ()
    manager: Contact | None = None


class LightOf(StrEnum):
    """Who gives the sub-committee's own light: `light_of` of contacts.yaml."""

    PRESENTER = "presenter"  # one person, who writes down what the meeting thought
    MEMBERS = "members"  # each member; the middle one of their lights counts


@dataclass(frozen=True, slots=True, kw_only=True)
class SubCommittee:
    """The people of the sub-committee: who presents its matters, and its members."""

    presenter: Contact | None = None
    members: tuple[Contact, ...] = ()
    light_of: LightOf = LightOf.PRESENTER

    @property
    def judges(self) -> tuple[Contact, ...]:
        """Who gives the sub-committee's own light, and nobody else does."""
        if self.light_of is LightOf.MEMBERS:
            return self.members
        return (self.presenter,) if self.presenter is not None else ()

    @property
    def readers(self) -> tuple[Contact, ...]:
        """Who gets the lights of the parties before the meeting; each address once."""
        people = (*((self.presenter,) if self.presenter is not None else ()), *self.members)
        return tuple(dict.fromkeys(people))


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """The people, kept apart from the programme since they are personal data (DESIGN, decision 5)."""

    parties: Mapping[str, PartyContacts]
    coordinators: tuple[Contact, ...] = ()
    coordinator_deputies: tuple[Contact, ...] = ()
    """Who stands in where the mails to all coordinators come back."""
    sub_committee: SubCommittee = field(default_factory=SubCommittee)

    def of_party(self, party: str) -> PartyContacts:
        """The contacts of a party; empty where none are known."""
        return self.parties.get(party, PartyContacts())


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action of the programme.

    `id` never changes; `number` is what is printed and may be renumbered; both are strings, since `3.10` is not 3.1.
    The lead owes the answer; contributors are asked once and never chased (DESIGN, decision 3).
    """

    id: str
    number: str
    title: str
    lead: str
    text: str = ""
    focus_area: str = ""
    goal: str = ""
    measure: str = ""
    years: frozenset[int] = frozenset()
    contributors: tuple[str, ...] = ()
    phase: Phase | None = None
    """The phase that the programme itself states, such as done in an earlier year; None: not stated."""
    was: tuple[str, ...] = ()
    """Ids under which it, the actions that were merged into it, or the action that it is a part of, were known before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Where the programme was decided: body, date, section, case number. Empty parts are left out of the mails."""

    body: str = ""
    on: date | None = None
    section: str = ""
    case_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A programme that a city has decided: its actions and its responsible parties, in the order of the file."""

    id: str
    name: Localised
    tag: str
    actions: tuple[Action, ...]
    parties: Mapping[str, ResponsibleParty]
    decision: Decision = field(default_factory=Decision)
    url: str = ""
    document: str = ""
    """Path of the programme document, attached to the notice; empty where it is only linked."""

    _index: dict[str, dict[str, tuple[Action, ...]]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Look-ups, worked out when they are first asked for; a programme may have any number of actions."""
    _renames: dict[str, dict[str, str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def action(self, action_id: str) -> Action | None:
        """The action with this id, or None."""
        found = self._find("id", lambda action: (action.id,)).get(action_id)
        return found[0] if found else None

    def led_by(self, party: str) -> tuple[Action, ...]:
        """The actions that a party leads, in the order of the programme."""
        return self._find("lead", lambda action: (action.lead,)).get(party, ())

    def contributed_by(self, party: str) -> tuple[Action, ...]:
        """The actions to which a party contributes without leading them, in the order of the programme."""
        return self._find("contributors", lambda action: action.contributors).get(party, ())

    @property
    def has_renames(self) -> bool:
        """Whether anything was known under another id before."""
        return bool(self._former("party") or self._former("action"))

    def current_party(self, party: str) -> str:
        """What a party is called now."""
        return self._former("party").get(party, party)

    def current_action(self, action: str) -> str:
        """What an action is called now; one that is still there, or that several name, keeps its own id."""
        return self._former("action").get(action, action)

    def former_parties(self, party: str) -> tuple[str, ...]:
        """The ids under which a party was known before."""
        return self.parties[party].was if party in self.parties else ()

    def _former(self, what: str) -> dict[str, str]:
        if what not in self._renames:
            named = self.parties.values() if what == "party" else self.actions
            there = {one.id for one in named}
            claims = Counter(was for one in named for was in one.was)
            self._renames[what] = {was: one.id for one in named for was in one.was if was not in there and claims[was] == 1}
        return self._renames[what]

    def _find(self, name: str, keys_of: Callable[[Action], Iterable[str]]) -> dict[str, tuple[Action, ...]]:
        if name not in self._index:
            found: dict[str, list[Action]] = {}
            for action in self.actions:
                for key in keys_of(action):
                    found.setdefault(key, []).append(action)
            self._index[name] = {key: tuple(actions) for key, actions in found.items()}
        return self._index[name]
