"""Which parties a cell of a contact list names: those of the programme, by id or name, or what the cell itself says where there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reminder.configuration.findings import near_miss
from reminder.configuration.party_names import SEPARATORS, PartyNames, ids_of, name_key
from reminder.domain.programme import Programme


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundParties:
    """Ids of the parties, and a reason for each name that is none, with what to do."""

    ids: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(slots=True)
class KnownParties:
    """The parties of a programme that stands beside the list. A cell names one, or several if each of its pieces is one."""

    programmes: Sequence[Programme]
    aliases: Mapping[str, Sequence[str]] = field(default_factory=dict)
    _by_key: dict[str, str] = field(default_factory=dict)
    _shown: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for programme in self.programmes:
            for party in programme.parties.values():
                for name in (party.id, *party.was, *party.name.texts.values()):
                    self._by_key.setdefault(name_key(name), party.id)
                    self._shown.setdefault(name, party.id)

    def find(self, cell: str) -> FoundParties:
        """The parties that a cell names."""
        pieces = [cell] if self._known(cell) else [piece for piece in SEPARATORS.split(cell) if piece.strip(" .")]
        found = dict.fromkeys(party for piece in pieces for party in self._known(piece))
        return FoundParties(ids=tuple(found), unknown=tuple(self._explain(piece) for piece in pieces if not self._known(piece)))

    def shown(self, party: str) -> str:
        """What a party is called."""
        return next((one.parties[party].name.in_language("fi") for one in self.programmes if party in one.parties), party)

    def _known(self, name: str) -> tuple[str, ...]:
        own = self._by_key.get(name_key(name))
        if own is not None:
            return (own,)
        meant = next((names for spelling, names in self.aliases.items() if name_key(spelling) == name_key(name)), ())
        return tuple(party for one in meant if (party := self._by_key.get(name_key(one))) is not None)

    def _explain(self, name: str) -> str:
        guess = near_miss(name, self._shown)
        hint = f"did you mean {guess}?" if guess else "add it there, or name its party with --aliases"
        return f"{name.strip(' .')!r} is no party of programme.yaml; {hint}"


@dataclass(slots=True)
class FreeParties:
    """No programme is known: the names of the list make the parties, as `import programme` would make them."""

    names: PartyNames
    _ids: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, cells: Sequence[str], aliases: Mapping[str, Sequence[str]]) -> FreeParties:
        """Learns the names of a column."""
        names = PartyNames(aliases=aliases)
        names.learn(list(cells))
        return cls(names, ids_of([name for cell in cells for name in names.split(cell)]))

    def find(self, cell: str) -> FoundParties:
        """The parties that a cell names."""
        return FoundParties(ids=tuple(self._ids[name] for name in self.names.split(cell) if name in self._ids))

    def shown(self, party: str) -> str:
        """What a party is called."""
        return next((name for name, one in self._ids.items() if one == party), party)
